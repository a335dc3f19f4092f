"""An index on the county of a place: the wall of a county finds its rows by it

Revision: 0009, after 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_child_place_county_code"), "child_place", ["county_code"])


def downgrade() -> None:
    op.drop_index(op.f("ix_child_place_county_code"), table_name="child_place")
