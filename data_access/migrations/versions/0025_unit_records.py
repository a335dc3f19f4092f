"""A register of what was done about units

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

    def code(length: int) -> sa.String:
        return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")

    op.create_table(
        "unit_record",
        sa.Column("id", big, nullable=False),
        sa.Column("county_code", code(6), nullable=False),
        sa.Column("unit_code", code(12), nullable=False),
        sa.Column("kind", code(20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("number", sa.String(60), nullable=True),
        sa.Column("sent_to", sa.String(200), nullable=True),
        sa.Column("result", sa.String(200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.String(60), nullable=False),
        sa.Column("corrects", big, nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", big, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_unit_record_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["corrects"], ["unit_record.id"], name=op.f("fk_unit_record_corrects_unit_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_record")),
    )
    op.create_index(op.f("ix_unit_record_unit_code_on_date"), "unit_record", ["unit_code", "on_date"])
    for column in ("batch_id", "corrects"):
        op.create_index(op.f(f"ix_unit_record_{column}"), "unit_record", [column])


def downgrade() -> None:
    op.drop_table("unit_record")
