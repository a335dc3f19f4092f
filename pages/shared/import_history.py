"""Beside the import: blank workbooks to fill in, and what was imported before, with the way back."""

from datetime import UTC

import streamlit as st

from data_access.batches import Batch, read_batches, undo_batch
from data_access.import_files import blank_workbook
from data_access.keys import cipher_of
from data_access.workbook_columns import china_time
from domain.errors import ProblemError
from domain.ledgers import ledger, read_ledgers
from domain.scope import Scope
from pages.shared import cached
from pages.shared.import_steps import XLSX, offer_file, say_ledger
from pages.shared.match_panel import show_matches
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell, tell_problem


def show_templates(scope: Scope) -> None:
    """A blank workbook for the ledger chosen, with lists to choose from."""
    st.caption(tell("imports.blank_what"))
    code = st.selectbox(tell("imports.ledger"), list(read_ledgers()), format_func=say_ledger, key="bring.blank_ledger", width=420)
    offer_file(scope, "template", f"{code}_{ledger(code).title}.xlsx", XLSX, blank_workbook(ledger(code), read_lang()))


def show_history(scope: Scope) -> None:
    """What waits for a decision, the latest imports, and the one picked with its way back."""
    show_matches(scope)
    with cached.engine().connect() as conn:
        batches = read_batches(conn, scope)
    if not batches:
        st.caption(tell("imports.no_history"))
        return
    names = ("number", "ledger", "file", "when", "by", "read", "accepted", "refused", "state")
    numbers = {"number", "read", "accepted", "refused"}
    columns = [Column(one, tell(f"imports.batch.{one}"), "number" if one in numbers else "text") for one in names]
    picked = show_rows("batches", [_row(one) for one in batches], columns, selectable=True)
    if picked is not None and batches[picked].undone_at is None:
        _offer_undo(scope, batches[picked])


def _row(one: Batch) -> dict[str, object]:
    return {
        "number": one.id,
        "ledger": say_ledger(one.ledger),
        "file": one.file_name,
        "when": f"{china_time(one.started_at.replace(tzinfo=UTC)):%Y-%m-%d %H:%M}",
        "by": one.imported_by,
        "read": one.rows_read,
        "accepted": one.rows_accepted,
        "refused": one.rows_refused,
        "state": tell("imports.undone") if one.undone_at else tell("imports.stands"),
    }


def _offer_undo(scope: Scope, batch: Batch) -> None:
    """The way back, asked for twice."""
    with st.popover(tell("imports.undo", number=batch.id), icon=":material/undo:"):
        st.text(tell("imports.undo_what", file=batch.file_name, rows=f"{batch.rows_accepted:,}"))
        if st.button(tell("imports.undo_now"), type="primary", key=f"bring.undo.{batch.id}"):
            try:
                count = undo_batch(cached.engine(), cipher_of(cached.engine()), scope, batch.id)
            except ProblemError as problem:
                st.error(tell_problem(problem), icon=":material/error:")
                return
            st.toast(tell("batch.taken_back", number=batch.id, count=count), icon=":material/check:")
            st.rerun()
