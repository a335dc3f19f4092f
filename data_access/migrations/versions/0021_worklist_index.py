"""The index of an area's cases knows the next step and its due day: a county official's list does not read every case of the county

Revision: 0021, after 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "case_interval"
OLD, NEW = "ix_case_interval_home_code_valid_to", "ix_case_interval_home"


def upgrade() -> None:
    op.create_index(NEW, TABLE, ["home_code", "valid_to", "valid_from", "next_step", "due_on"])
    op.drop_index(OLD, table_name=TABLE)


def downgrade() -> None:
    op.create_index(OLD, TABLE, ["home_code", "valid_to"])
    op.drop_index(NEW, table_name=TABLE)
