"""Catchments: which school serves a village

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _code(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "school_catchment",
        sa.Column("village_code", _code(12), nullable=False),
        sa.Column("stage", _code(10), nullable=False),
        sa.Column("school_code", _code(10), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["school_code"], ["school.code"], name=op.f("fk_school_catchment_school_code")),
        sa.PrimaryKeyConstraint("village_code", "stage", name=op.f("pk_school_catchment")),
    )
    op.create_index(op.f("ix_school_catchment_school_code"), "school_catchment", ["school_code"])


def downgrade() -> None:
    op.drop_index(op.f("ix_school_catchment_school_code"), table_name="school_catchment")
    op.drop_table("school_catchment")
