"""The employer of a child at work, and its referral to the labour office

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "employment",
        sa.Column("id", big, nullable=False),
        sa.Column("case_id", big, nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("place", sa.String(120), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(60), nullable=True),
        sa.Column("recorded_by", sa.String(60), nullable=True),
        sa.Column("corrects", big, nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", big, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_employment_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_employment_case_id_case_file")),
        sa.ForeignKeyConstraint(["corrects"], ["employment.id"], name=op.f("fk_employment_corrects_employment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    for column in ("batch_id", "case_id", "corrects"):
        op.create_index(op.f(f"ix_employment_{column}"), "employment", [column])


def downgrade() -> None:
    op.drop_table("employment")
