"""Children back after being out since an earlier school year are counted, as the two-basics formula takes them off

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("school_count", sa.Column("resumed", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("school_count") as batch:
        batch.drop_column("resumed")
