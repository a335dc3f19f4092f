"""As what visitors came who are not among the people on duty

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("home_visit", sa.Column("roles", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("home_visit", "roles")
