"""The index of the case list names the child: inside the wall of PostgreSQL it answers alone too

Revision: 0017, after 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "ix_case_interval_list"
COLUMNS = [
    *("valid_to", "valid_from", "status", "county_code", "overdue_from", "home_code", "registered_code", "school_code"),
    *("stage", "rung", "reason", "school_owner_id", "government_owner_id", "case_id"),
]


def upgrade() -> None:
    op.drop_index(NAME, table_name="case_interval")
    op.create_index(NAME, "case_interval", [*COLUMNS, "child_id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="case_interval")
    op.create_index(NAME, "case_interval", COLUMNS)
