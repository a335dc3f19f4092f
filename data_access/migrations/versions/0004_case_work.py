"""Who answers for a case and why, second persons, queue findings, submissions, saved views

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from data_access.schema import code, key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWNERS = [(f"{line}_{name}", kind) for line in ("school", "government") for name, kind in
          (("owner_role", code(30)), ("owner_state", code(12)), ("gone_id", key()))]
EVENTS = [("actor_role", code(20)), ("actor_unit", code()), ("outcome", code(30))]


def upgrade() -> None:
    for table, columns in (("case_interval", OWNERS), ("case_event", EVENTS)):
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.add_column("case_interval", sa.Column("visits_missed", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("follow_up") as batch:
        batch.add_column(sa.Column("corrects", key(), nullable=True))
        batch.create_foreign_key(op.f("fk_follow_up_corrects"), "follow_up", ["corrects"], ["id"])
    op.create_table(
        "verification",
        sa.Column("id", key(), nullable=False),
        sa.Column("child_id", key(), nullable=False),
        sa.Column("queue", code(30), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("outcome", code(30), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(80), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", key(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_verification_batch_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_verification_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index(op.f("ix_verification_batch_id"), "verification", ["batch_id"])
    op.create_index(op.f("ix_verification_child_id"), "verification", ["child_id"])
    op.create_index(op.f("ix_verification_queue_child_id"), "verification", ["queue", "child_id"])
    op.create_table(
        "submission",
        sa.Column("token", code(40), nullable=False),
        sa.Column("act", code(40), nullable=False),
        sa.Column("record_id", key(), nullable=False),
        sa.Column("user", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_submission")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", key(), nullable=False),
        sa.Column("user", sa.String(60), nullable=False),
        sa.Column("page", code(20), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_user_page_name"), "saved_view", ["user", "page", "name"], unique=True)


def downgrade() -> None:
    for table in ("saved_view", "submission", "verification"):
        op.drop_table(table)
    with op.batch_alter_table("follow_up") as batch:
        batch.drop_constraint(op.f("fk_follow_up_corrects"), type_="foreignkey")
        batch.drop_column("corrects")
    op.drop_column("case_interval", "visits_missed")
    for table, columns in (("case_interval", OWNERS), ("case_event", EVENTS)):
        for name, _ in columns:
            op.drop_column(table, name)
