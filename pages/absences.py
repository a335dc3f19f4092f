"""每日缺勤: who is not at school, whose family is not reached in time, whose reason nobody verified, who is owed a call."""

from dataclasses import replace

import streamlit as st

from data_access.absences import AbsencePart, AbsenceRow
from data_access.narrowed_tables import absences_in
from domain.case_filter import CaseFilter
from domain.scope import Scope
from domain.view_state import choose
from pages.shared import cached, case_forms, case_panel
from pages.shared.absence_form import show_absence
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import open_file, show_empty, show_header
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table, tags_of
from pages.shared.view import change_view, read_lang, read_view, tell

scope = require_scope("absences")

TAG_WIDTH = 130  # pixels: the longest words of either language


def show_parts(counts: dict[AbsencePart, int], here: AbsencePart) -> None:
    """The parts of the list as buttons, each with what stands in it."""
    with st.container(horizontal=True, gap="xsmall"):
        for part in AbsencePart:
            words = tell("absences.count", name=tell(f"absencepart.{part}"), count=f"{counts[part]:,}")
            kind = "primary" if part is here else "secondary"
            told = {"layer": part.value, "page": None}
            st.button(words, key=f"absences.{part}", type=kind, on_click=change_view, kwargs=told)


def absence_row(row: AbsenceRow) -> dict[str, object]:
    """One row of the table."""
    return {
        "child_name": row.child_name,
        "absent_on": row.on,
        "absence_kind": tell(f"absence.{row.state}"),
        "contact_state": [tell(f"contact.{row.contact}")] if row.contact else [],
        "noticed_at": f"{row.noticed_at:%H:%M}" if row.noticed_at else None,
        "contacted_at": f"{row.contacted_at:%H:%M}" if row.contacted_at else None,
        "absence_reason": row.reason,
        "verified_on": row.verified_on,
        "call_state": tell(f"call.{row.call}") if row.call else None,
        "school_name": row.school_name,
        "class": case_panel.say_class(row.grade, row.class_no, read_lang()),
    }


def show_list(scope: Scope, chosen: CaseFilter, part: AbsencePart, total: int) -> None:
    """One page of the part, and what can be done with the row that was clicked."""
    rows = cached.read_absences(scope, chosen, part, offset=read_view().offset)
    columns = [
        *columns_of("child_name", "absent_on", "absence_kind", pinned="child_name"),
        replace(tags_of("contact_state", tell("contact.overdue"), tell("contact.late")), width=TAG_WIDTH),
        *columns_of("noticed_at", "contacted_at", "absence_reason", "verified_on", "call_state", "school_name"),
        Column("class", tell("cases.class"), help=tell("cases.class.what")),
    ]
    picked = show_table("absences", [absence_row(row) for row in rows], columns, total, selectable=True)
    if picked is None:
        st.caption(tell("absences.pick"))
        return
    with st.container(horizontal=True, gap="small"):
        if chosen.as_of == cached.moment().today:
            show_absence(scope, rows[picked].child_id, rows[picked].on)
        if st.button(tell("child_file.open"), key="absences.file", icon=":material/folder_open:"):
            open_file(rows[picked].child_id)


chosen = show_case_filter("absences")
show_header("absences", chosen)
case_forms.show_flash()
part = choose(read_view().layer, AbsencePart.DAY)
counts = dict(cached.count_absences(scope, chosen))
show_parts(counts, part)
ladder = cached.read_ladder(cached.first_county(scope), chosen.as_of or cached.moment().today)
st.caption(tell(f"absencepart.{part}.what", day=cached.last_school_day(scope, chosen) or "—", minutes=ladder.contact_minutes))
show_export("absences", absences_in(part), scope, chosen)
if counts[part]:
    show_list(scope, chosen, part, counts[part])
else:
    show_empty("absences", tell("absences.nothing"), well_done=True)
