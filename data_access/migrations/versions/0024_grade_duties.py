"""Somebody may answer for a grade of a school

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("responsibility", sa.Column("stage", sa.String(10).with_variant(sa.String(10, "C"), "postgresql"), nullable=True))
    op.add_column("responsibility", sa.Column("entry_year", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("responsibility", "entry_year")
    op.drop_column("responsibility", "stage")
