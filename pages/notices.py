"""督办: the supervision notices of the monthly check: open, due, overdue, closed, the rows behind each, reply to closing."""

from collections.abc import Mapping

import streamlit as st

from data_access.narrowed_tables import notices_in
from data_access.notices import NoticePart, NoticeRow
from domain.case_filter import CaseFilter
from domain.forms import FormKind
from domain.notices import NoticeState
from domain.scope import Scope
from pages.shared import cached
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter, show_name_search
from pages.shared.notice_panel import show_notice, show_run, show_said, show_towns
from pages.shared.panels import Tile, show_empty, show_header, show_metrics
from pages.shared.papers import show_print
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table, tags_of
from pages.shared.view import read_view, show_choice, tell

scope = require_scope("notices")

NOTICE_WIDTH = 400  # pixels of the notice beside the table


def notice_row(row: NoticeRow) -> dict[str, object]:
    """One notice: whom it is about, who must act by when, and how it stands."""
    return {
        "notice_no": row.number,
        "notice_state": [tell(f"noticestate.{row.state}")],
        "child_name": row.child_name,
        "days_overdue": row.days_overdue or None,
        "due": row.due_on.isoformat() if row.due_on else tell("duty.unset"),
        "notice_unit": row.unit_name or row.unit_code,
        "notice_owner": row.owner,
        "status": tell(f"casestatus.{row.case_status}"),
        "village_name": row.village_name or tell("filter.unlocated"),
        "notice_issued_on": row.issued_on,
        "notice_replied_on": row.replied_on,
        "notice_checked": row.checked,
        "notice_closed_on": row.closed_on,
    }


def sum_of(found: Mapping[NoticeState, int], part: NoticePart) -> int:
    """How many notices a part has."""
    return sum(count for state, count in found.items() if part.state in (None, state))


def show_list(scope: Scope, chosen: CaseFilter, found: Mapping[NoticeState, int]) -> None:
    """The notices of the part chosen, and beside them the one that was clicked."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        parts = list(NoticePart)
        words = {one: tell("notices.all" if one is NoticePart.ALL else f"noticestate.{one}") for one in parts}
        part = show_choice("notices", "measure", tell("notices.state"), parts, lambda one: words[one])
        name = show_name_search()
        with st.container(width="content"):
            show_export("notices", notices_in(part), scope, chosen, name)
        with st.container(width="content"):
            show_print("notices", [FormKind.SUPERVISION_NOTICE], scope, chosen, name)
    rows = cached.read_notices(scope, chosen, part, offset=read_view().offset, name=name)
    if not rows and not name:
        show_empty("notices", tell("notices.empty"), well_done=part in (NoticePart.OVERDUE, NoticePart.DUE))
        return
    columns = [
        *columns_of("notice_no", pinned="notice_no"),
        tags_of("notice_state", tell("noticestate.overdue")),
        *columns_of("child_name", "days_overdue"),
        Column("due", tell("column.notice_due_on"), help=tell("column.notice_due_on.what")),
        *columns_of(
            "notice_unit",
            "notice_owner",
            "status",
            "village_name",
            "notice_issued_on",
            "notice_replied_on",
            "notice_checked",
            "notice_closed_on",
        ),
    ]
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        total = sum_of(cached.count_notices(scope, chosen, name) if name else found, part)
        picked = show_table("notices", [notice_row(row) for row in rows], columns, total, selectable=True)
        st.caption(tell("notices.pick"))
    if picked is not None:
        with beside.container(width=NOTICE_WIDTH):
            show_notice(scope, chosen, rows[picked])


chosen = show_case_filter("notices")
show_header("notices", chosen)
found = cached.count_notices(scope, chosen)
show_said()
show_metrics([Tile(f"notice_{state}", found[state], "notices", measure=state.value) for state in NoticeState])
show_run(scope)
show_list(scope, chosen, found)
show_towns(cached.count_notices_by_town(scope, chosen), cached.read_names(scope))
