"""One index that holds what lists of cases are chosen, counted and sorted by

Revision: 0014, after 0013
"""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

OLD = 'ix_case_interval_valid_to_valid_from_overdue_from_county_code'
NEW = 'ix_case_interval_list'
COLUMNS = [
    'valid_to', 'valid_from', 'status', 'county_code', 'overdue_from', 'home_code', 'registered_code', 'school_code',
    'stage', 'rung', 'reason', 'school_owner_id', 'government_owner_id', 'case_id',
]


def upgrade() -> None:
    op.drop_index(OLD, table_name='case_interval')
    op.create_index(NEW, 'case_interval', COLUMNS, unique=False)


def downgrade() -> None:
    op.drop_index(NEW, table_name='case_interval')
    op.create_index(OLD, 'case_interval', COLUMNS[:2] + ['overdue_from', 'county_code'], unique=False)
