"""How left-behind children stand on a day, and more counts by village; the command `migrate` fills both

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CARE = ("education", "civil", "fresh", "checked", "paired")
STEP = ("school_year", "home_code", "valid_from", "valid_to", "county_code", "registered_code", "school_code", "stage")
COUNTS = ("children", "at_risk", "left_behind", "left_behind_civil", "overdue")
MORE = ("left_behind_both", "checked_fresh", "checked_ever", "unpaired", "visited", "visit_owed")


def code(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "care_interval",
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.ForeignKey("child.id", name="fk_care_interval_child_id_child"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("county_code", code(6), nullable=False),
        sa.Column("home_code", code(12)),
        sa.Column("registered_code", code(12)),
        sa.Column("school_code", code(10)),
        sa.Column("stage", code(10)),
        sa.Column("entry_year", sa.Integer()),
        sa.Column("class_no", sa.Integer()),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in CARE),
        sa.PrimaryKeyConstraint("child_id", "valid_from", name="pk_care_interval"),
    )
    for place in ("home_code", "registered_code", "school_code"):
        op.create_index(f"ix_care_interval_{place}_valid_to", "care_interval", [place, "valid_to"])
    places = ("county_code", "home_code", "registered_code", "school_code", "stage")
    named = ["valid_to", "valid_from", *places, "entry_year", "class_no", "child_id", *CARE]
    op.create_index("ix_care_interval_list", "care_interval", named)
    op.execute("DELETE FROM village_count")  # to be counted anew: the counts that are new cannot be told from the old
    op.drop_index("ix_village_count_year", "village_count")
    for name in MORE:
        op.add_column("village_count", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_village_count_year", "village_count", [*STEP, *COUNTS, *MORE])


def downgrade() -> None:
    op.drop_index("ix_village_count_year", "village_count")
    with op.batch_alter_table("village_count") as batch:
        for name in MORE:
            batch.drop_column(name)
    op.create_index("ix_village_count_year", "village_count", [*STEP, *COUNTS])
    op.drop_table("care_interval")
