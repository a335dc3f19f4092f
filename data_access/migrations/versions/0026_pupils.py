"""Counts by village know the pupils on a register, and pupils of one grade are found by their year; the command `migrate` fills both

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, INDEX = "village_count", "ix_village_count_year"
STEP = ("school_year", "home_code", "valid_from", "valid_to", "county_code", "registered_code", "school_code", "stage")
COUNTS = ("children", "at_risk", "left_behind", "left_behind_civil", "overdue", "left_behind_both")
MORE = ("checked_fresh", "checked_ever", "unpaired", "visited", "visit_owed")


def upgrade() -> None:
    op.execute(sa.delete(sa.table(TABLE)))  # to be counted anew
    op.drop_index(INDEX, TABLE)
    op.add_column(TABLE, sa.Column("pupils", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(INDEX, TABLE, [*STEP, *COUNTS, *MORE, "pupils"])
    op.create_index("ix_child_place_entry_year_valid_to", "child_place", ["entry_year", "valid_to"])


def downgrade() -> None:
    op.drop_index("ix_child_place_entry_year_valid_to", "child_place")
    op.drop_index(INDEX, TABLE)
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_column("pupils")
    op.create_index(INDEX, TABLE, [*STEP, *COUNTS, *MORE])
