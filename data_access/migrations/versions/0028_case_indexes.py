"""A person's cases and those of a step in an area are found by the day too: in the index, not by looking up every stretch

Revision: 0028, after 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE, DAYS = "case_interval", ("valid_to", "valid_from")
OLD = {
    "ix_case_interval_home": ["home_code", *DAYS, "next_step", "due_on"],
    "ix_case_interval_school_owner_id": ["school_owner_id"],
    "ix_case_interval_government_owner_id": ["government_owner_id"],
}
NEW = {
    "ix_case_interval_home_code_valid_to_valid_from": ["home_code", *DAYS],
    "ix_case_interval_step": ["next_step", "home_code", *DAYS, "due_on"],
    "ix_case_interval_school_owner_id_valid_to_valid_from": ["school_owner_id", *DAYS],
    "ix_case_interval_government_owner_id_valid_to_valid_from": ["government_owner_id", *DAYS],
}


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(gone: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in gone:
        op.drop_index(name, TABLE)
    for name, columns in new.items():
        op.create_index(name, TABLE, columns)
