"""Exam lists, year groups summarised for retention, and the paper behind a setting

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def code(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("setting", sa.Column("document", sa.String(160), nullable=True))
    op.create_table(
        "exam_sitting",
        sa.Column("id", key(), nullable=False),
        sa.Column("child_id", key(), nullable=False),
        sa.Column("school_code", code(10), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("sat", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", key(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_exam_sitting_child_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_exam_sitting_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_sitting"),
    )
    op.create_index("ix_exam_sitting_child_id_school_year", "exam_sitting", ["child_id", "school_year"], unique=True)
    op.create_index("ix_exam_sitting_school_code_school_year", "exam_sitting", ["school_code", "school_year"])
    op.create_index("ix_exam_sitting_batch_id", "exam_sitting", ["batch_id"])
    op.create_table(
        "cohort_count",
        sa.Column("school_code", code(10), nullable=False),
        sa.Column("stage", code(10), nullable=False),
        sa.Column("entry_year", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("entrants", "kept", "moved_in", "moved_out")),
        sa.Column("sitters", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["school_code"], ["school.code"], name="fk_cohort_count_school_code"),
        sa.PrimaryKeyConstraint("school_code", "stage", "entry_year", "valid_from", name="pk_cohort_count"),
    )
    op.create_index("ix_cohort_count_entry_year_stage_valid_to", "cohort_count", ["entry_year", "stage", "valid_to"])


def downgrade() -> None:
    op.drop_table("cohort_count")
    op.drop_table("exam_sitting")
    op.drop_column("setting", "document")
