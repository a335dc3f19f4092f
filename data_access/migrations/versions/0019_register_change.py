"""What changes on the registers of schools, ready for headcounts; the command `migrate` fills it

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_change",
        sa.Column("school_code", sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql"), nullable=False),
        sa.Column("stage", sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("change", "intake", "graduated", "moved_in", "moved_out")),
        sa.PrimaryKeyConstraint("school_code", "stage", "on_date", name="pk_register_change"),
    )


def downgrade() -> None:
    op.drop_table("register_change")
