"""Peers who helped are counted, returned children have a plan for catching up, adults are found by name

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("home_visit", sa.Column("peers", sa.Integer(), nullable=True))
    op.add_column("persuasion", sa.Column("peers", sa.Integer(), nullable=True))
    op.add_column("follow_up", sa.Column("plan", sa.Text(), nullable=True))
    op.create_index("ix_person_name", "person", ["name"])


def downgrade() -> None:
    op.drop_index("ix_person_name", "person")
    op.drop_column("follow_up", "plan")
    op.drop_column("persuasion", "peers")
    op.drop_column("home_visit", "peers")
