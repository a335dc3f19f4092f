"""Which file, sheet and row the records of a child come from, when they were imported, and by whom."""

from datetime import UTC

import streamlit as st

from data_access.batches import Origin
from data_access.child_origins import read_child_origins
from data_access.workbook_columns import china_time
from domain.scope import Scope
from pages.shared import cached
from pages.shared.import_steps import say_ledger
from pages.shared.table import Column, show_rows
from pages.shared.view import tell

COLUMNS = ("ledger", "file", "sheet", "row", "when", "by")


def show_origins(scope: Scope, child_id: int) -> None:
    """The imports behind a child's records, looked up when they are asked for."""
    if not st.toggle(tell("origins.show"), key=f"origins.{child_id}", help=tell("origins.what")):
        return
    origins = read_child_origins(cached.engine(), scope, child_id)
    if not origins:
        st.caption(tell("origins.none"))
        return
    columns = [Column(one, tell(f"origins.{one}"), "number" if one == "row" else "text") for one in COLUMNS]
    show_rows("origins", [_row(one) for one in origins], columns)


def _row(one: Origin) -> dict[str, object]:
    when = f"{china_time(one.started_at.replace(tzinfo=UTC)):%Y-%m-%d %H:%M}"
    told = (say_ledger(one.ledger), one.file_name, one.sheet, one.row_no, when, one.imported_by)
    return dict(zip(COLUMNS, told, strict=True))
