"""Corrected entries are found by index

Revision: 0012, after 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("case_event", "follow_up")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_corrects"), table, ["corrects"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_corrects"), table_name=table)
