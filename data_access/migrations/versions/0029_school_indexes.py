"""The table of schools is read from two indexes that hold all it says, not by looking up each row

Revision: 0029, after 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

LOSSES = (
    *("dropped_out", "unproven_transfer", "hosted_missing_papers", "suspended_unapproved", "suspended_approved"),
    *("transfer_out_proven", "transfer_in", "death", "abroad", "expelled", "other_loss", "returned", "transition_loss", "resumed"),
)
OLD = {
    "school_count": ("ix_school_count_school_year_valid_to", ["school_year", "valid_to"]),
    "cohort_count": ("ix_cohort_count_entry_year_stage_valid_to", ["entry_year", "stage", "valid_to"]),
}
NEW = {
    "school_count": (
        "ix_school_count_list",
        ["school_year", "valid_to", "valid_from", "school_code", "stage", "start_count", *LOSSES, "poor_lost"],
    ),
    "cohort_count": (
        "ix_cohort_count_list",
        [
            *("entry_year", "stage", "valid_to", "valid_from", "school_code"),
            *("entrants", "kept", "moved_in", "moved_out", "sitters"),
        ],
    ),
}


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(gone: dict[str, tuple[str, list[str]]], new: dict[str, tuple[str, list[str]]]) -> None:
    for table, (name, _) in gone.items():
        op.drop_index(name, table)
    for table, (name, columns) in new.items():
        op.create_index(name, table, columns)
