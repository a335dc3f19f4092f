"""The register of what was done about units, on the supervision page, with the form that adds to it."""

from collections.abc import Mapping
from datetime import date
from secrets import token_urlsafe

import streamlit as st

from data_access.unit_records import UnitRecord, may_record, read_units, record_unit_act
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope
from domain.unit_records import LONGEST_NUMBER, LONGEST_RESULT, UnitEntry, UnitRecordKind
from pages.shared import cached
from pages.shared.case_forms import TOKEN, leave
from pages.shared.export import show_export
from pages.shared.table import columns_of, show_rows
from pages.shared.view import tell, tell_problem

SHOWN = ("acted_on", "unit_act", "unit_name", "document_no", "sent_to", "act_result", "act_note", "recorded_by")
RESULT_WIDTH = 140  # pixels


def show_unit_records(scope: Scope, chosen: CaseFilter) -> None:
    """The entries of the period, the form for those who keep the register, and the way out as a file."""
    found = cached.read_unit_records(scope, chosen)
    st.markdown(f"**{tell('unit_records.title')}**", help=tell("unit_records.what"))
    with st.container(horizontal=True, gap="small"):
        if may_record(scope) and st.button(tell("unit_records.add"), key="unit_records.add", icon=":material/edit_document:"):
            st.session_state[TOKEN] = token_urlsafe(24)
            st.dialog(tell("unit_records.title"))(_show_form)(scope, found)
        if found:
            show_export("supervision", "unit-records", scope, chosen)
    if found:
        at = SHOWN.index("act_result")
        result = columns_of("act_result", width=RESULT_WIDTH)
        columns = [*columns_of(*SHOWN[:at]), *result, *columns_of(*SHOWN[at + 1 :])]
        show_rows("unit_records", [_row(one) for one in found], columns)
    else:
        st.caption(tell("unit_records.none"))


def _row(one: UnitRecord) -> dict[str, object]:
    return {
        "acted_on": one.on,
        "unit_act": tell(f"unitrecordkind.{one.kind}"),
        "unit_name": one.unit_name,
        "document_no": one.number,
        "sent_to": one.to,
        "act_result": one.result,
        "act_note": one.note,
        "recorded_by": one.recorded_by,
    }


def _show_form(scope: Scope, found: tuple[UnitRecord, ...]) -> None:
    today = cached.moment().today
    with open_scoped(cached.engine(), scope) as conn:
        units = read_units(conn, scope)
    kinds = {one: tell(f"unitrecordkind.{one}") for one in UnitRecordKind}
    earlier = {one.record_id: f"{one.on} · {kinds[one.kind]} · {one.unit_name}" for one in found}
    with st.form("unit_records.form", border=False):
        kind = st.selectbox(tell("column.unit_act"), list(kinds), format_func=lambda one: kinds.get(one, one))
        unit = st.selectbox(tell("unit_records.unit"), list(units), format_func=lambda one: units.get(one, one))
        day = st.date_input(tell("work.day"), value=today, format="YYYY-MM-DD")
        told = _ask_texts()
        wrong = st.selectbox(
            tell("unit_records.corrects"), list(earlier), index=None, format_func=lambda one: earlier.get(one, ""), placeholder=""
        )
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return
    entry = UnitEntry(UnitRecordKind(kind), day if isinstance(day, date) else today, unit or "", **told)
    try:
        repeated = record_unit_act(cached.engine(), scope, entry, st.session_state[TOKEN], corrects=wrong)
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        leave(tell("work.again" if repeated else "unit_records.saved"))


def _ask_texts() -> Mapping[str, str]:
    return {
        "number": st.text_input(tell("column.document_no"), max_chars=LONGEST_NUMBER),
        "to": st.text_input(tell("column.sent_to"), max_chars=LONGEST_RESULT),
        "result": st.text_input(tell("column.act_result"), max_chars=LONGEST_RESULT),
        "note": st.text_area(tell("column.act_note"), max_chars=2000),
    }
