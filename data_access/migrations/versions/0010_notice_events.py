"""Steps of notices: replied, passed, returned, closed

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    def key() -> sa.types.TypeEngine[int]:
        return sa.BigInteger().with_variant(sa.Integer(), "sqlite")

    def code(length: int) -> sa.types.TypeEngine[str]:
        return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")

    op.create_table(
        "notice_event",
        sa.Column("id", key(), nullable=False),
        sa.Column("notice_id", key(), sa.ForeignKey("notice.id", name=op.f("fk_notice_event_notice_id_notice")), nullable=False),
        sa.Column("case_id", key(), sa.ForeignKey("case_file.id", name=op.f("fk_notice_event_case_id_case_file"))),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("kind", code(12), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_role", code(20), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", key(), sa.ForeignKey("import_batch.id", name=op.f("fk_notice_event_batch_id_import_batch"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_event")),
    )
    op.create_index(op.f("ix_notice_event_notice_id"), "notice_event", ["notice_id"])
    op.create_index(op.f("ix_notice_event_batch_id"), "notice_event", ["batch_id"])
