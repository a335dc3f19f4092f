"""Numbers of documents and notices: year and serial, each serial once

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")
    op.add_column("notice", sa.Column("issuer_code", code))
    for table in ("notice", "document"):
        op.add_column(table, sa.Column("year", sa.Integer()))
        op.add_column(table, sa.Column("serial", sa.Integer()))
    numbered = ["kind", "year", "serial"]
    op.create_index("ix_notice_issuer_code_kind_year_serial", "notice", ["issuer_code", *numbered], unique=True)
    op.create_index("ix_notice_month", "notice", ["month"])
    op.create_index("ix_document_unit_code_kind_year_serial", "document", ["unit_code", *numbered], unique=True)
