"""From where each child is seen, ready for the wall

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FILL = """INSERT INTO child_scope (child_id, code, has_case)
SELECT child_id, code, EXISTS (SELECT 1 FROM case_file WHERE case_file.child_id = codes.child_id) FROM (
SELECT id AS child_id, county_code AS code FROM child WHERE NOT EXISTS (
SELECT 1 FROM child_place AS place WHERE place.child_id = child.id AND substr(place.home_code, 1, 6) = child.county_code)
UNION SELECT child_id, home_code FROM child_place WHERE home_code IS NOT NULL
UNION SELECT child_id, registered_code FROM child_place WHERE registered_code IS NOT NULL
UNION SELECT child_id, 's' || school_code FROM child_place WHERE school_code IS NOT NULL) AS codes"""


def upgrade() -> None:
    op.create_table(
        "child_scope",
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.ForeignKey("child.id", name="fk_child_scope_child_id_child"), nullable=False),
        sa.Column("code", sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql"), nullable=False),
        sa.Column("has_case", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("child_id", "code", name="pk_child_scope"),
    )
    op.execute(FILL)
    op.create_index(op.f("ix_child_scope_code_child_id"), "child_scope", ["code", "child_id"])
    with_case = sa.text("has_case")
    op.create_index(
        "ix_child_scope_with_case", "child_scope", ["code", "child_id"], postgresql_where=with_case, sqlite_where=with_case
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP VIEW IF EXISTS kongchuo_seen_children, kongchuo_seen_cases CASCADE")
        op.execute("DROP VIEW IF EXISTS kongchuo_seen, kongchuo_of_areas, kongchuo_of_schools CASCADE")
    op.drop_table("child_scope")
