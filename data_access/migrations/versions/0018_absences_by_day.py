"""Absences: the call on the evening of a leave, and the way to all absences of a day

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("absence_day", sa.Column("called_at", sa.DateTime(), nullable=True))
    op.create_index("ix_absence_day_on_date_state", "absence_day", ["on_date", "state"])


def downgrade() -> None:
    op.drop_index("ix_absence_day_on_date_state", "absence_day")
    op.drop_column("absence_day", "called_at")
