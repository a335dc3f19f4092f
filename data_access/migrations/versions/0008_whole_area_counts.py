"""The counts of a whole area from one index

Revision: 0008, after 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STEP = ("school_year", "home_code", "valid_from", "valid_to", "county_code", "registered_code", "school_code", "stage")
COUNTS = ("children", "at_risk", "left_behind", "left_behind_civil", "overdue")


def upgrade() -> None:
    op.drop_index("ix_village_count_school_year_county_code", "village_count")
    op.create_index("ix_village_count_year", "village_count", [*STEP, *COUNTS])


def downgrade() -> None:
    op.drop_index("ix_village_count_year", "village_count")
    op.create_index("ix_village_count_school_year_county_code", "village_count", ["school_year", "county_code"])
