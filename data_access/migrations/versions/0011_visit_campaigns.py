"""Visit campaigns

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    def key() -> sa.types.TypeEngine[int]:
        return sa.BigInteger().with_variant(sa.Integer(), "sqlite")

    def code(length: int) -> sa.types.TypeEngine[str]:
        return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")

    op.create_table(
        "visit_campaign",
        sa.Column("id", key(), nullable=False),
        sa.Column("county_code", code(6), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("group_name", code(30), nullable=False),
        sa.Column("set_by", sa.String(length=60)),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", key(), sa.ForeignKey("import_batch.id", name=op.f("fk_visit_campaign_batch_id_import_batch"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_campaign")),
    )
    op.create_index(op.f("ix_visit_campaign_county_code"), "visit_campaign", ["county_code"])
    op.create_index(op.f("ix_visit_campaign_batch_id"), "visit_campaign", ["batch_id"])
