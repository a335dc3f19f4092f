"""What helps to work through many cases: kept views, counts by group, handing many over at once."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

import streamlit as st

from data_access.case_groups import OWNERS, CaseGrouping
from data_access.cases import CaseRow
from data_access.people import PersonRow, read_assignable, read_people
from data_access.reassign import MOST, reassign
from data_access.saved_views import drop_view, list_views, save_view
from data_access.walls import open_scoped
from domain.case_filter import OFF_LADDER, CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.view_state import ViewState
from domain.visits import DutyLine
from pages.shared import cached
from pages.shared.case_forms import TOKEN, leave
from pages.shared.table import Column, show_rows
from pages.shared.view import change_filter, read_asked, read_lang, read_view, tell, tell_problem, write_address

GROUPINGS = (
    CaseGrouping.SCHOOL_OWNER,
    CaseGrouping.GOVERNMENT_OWNER,
    CaseGrouping.VILLAGE,
    CaseGrouping.SCHOOL,
    CaseGrouping.RUNG,
)
LONGEST_LIST = 200  # groups shown; more are found by a narrower filter


def show_chip(key: str, words: str, counts: tuple[int, int], chosen: bool, about: str = "", **change: object) -> None:
    """A count that narrows the list to its rows, or, once chosen, widens it again."""
    told = tell("cases.late", late=counts[1])
    late = f" · {told if chosen else f':red[{told}]'}" if counts[1] else ""  # red would not stand out from a chosen button
    kind = "primary" if chosen else "secondary"
    st.button(f"{words} **{counts[0]:,}**{late}", key=key, type=kind, help=about or None, on_click=change_filter, kwargs=change)


def show_views(scope: Scope, page: str) -> None:
    """A button to the filters that the one who looks keeps for this page."""
    if st.button(tell("views.title"), key="views.open", icon=":material/bookmark:"):
        st.dialog(tell("views.title"))(_show_views)(scope, page)


def _show_views(scope: Scope, page: str) -> None:
    """The kept filters to take up or to forget, and a field to keep the present one."""
    with open_scoped(cached.engine(), scope) as conn:
        kept = list_views(conn, scope, page)
    if not kept:
        st.caption(tell("views.none"))
    for number, one in enumerate(kept):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.text(one.name, width="stretch")
            if st.button(tell("cases.show"), key=f"view.use.{number}"):
                write_address(CaseFilter.from_query(one.query), ViewState.from_query({**one.query, "lang": read_lang()}))
                st.rerun()
            if st.button(tell("views.drop"), key=f"view.drop.{number}", type="tertiary"):
                drop_view(cached.engine(), scope, page, one.name)
                st.rerun(scope="fragment")
    with st.form("view.save", border=False):
        name = st.text_input(tell("views.name"), max_chars=40)
        if st.form_submit_button(tell("views.save"), type="primary"):
            _keep(scope, page, name)


def _keep(scope: Scope, page: str, name: str) -> None:
    try:
        replaced = save_view(cached.engine(), scope, page, name, read_asked(), read_view())
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        leave(tell("views.replaced" if replaced else "views.saved"))


# --- groups ---------------------------------------------------------------------------------------------------------------------


def show_groups(scope: Scope, chosen: CaseFilter) -> None:
    """A button to the cases of the filter counted by owner, village, school or rung."""
    if st.button(tell("groups.title"), key="groups.open", icon=":material/bar_chart:"):
        st.dialog(tell("groups.title"))(_show_groups)(scope, chosen)


def _show_groups(scope: Scope, chosen: CaseFilter) -> None:
    """The groups, those with the most overdue first; a click narrows the list to one."""
    words = {one: tell(f"casegrouping.{one}") for one in GROUPINGS}
    picked = st.selectbox(tell("groups.by"), GROUPINGS, format_func=lambda one: words.get(one, one), key="groups.by")
    grouping = CaseGrouping(picked)
    counted = chosen.without("owner") if grouping in OWNERS else chosen  # a click asks for another owner in its place
    counts = cached.count_cases_by(scope, counted, grouping)
    ordered = sorted(counts.items(), key=lambda item: (-item[1][1], -item[1][0], str(item[0])))[:LONGEST_LIST]
    names = _name_groups(scope, grouping, [value for value, _ in ordered])
    rows = [{"value": names.get(value) or tell("groups.none"), "cases": cases, "late": late} for value, (cases, late) in ordered]
    st.caption(tell("groups.help"))
    kinds: dict[str, Any] = {"cases": "number", "late": "number"}
    columns = [Column(name, tell(f"groups.{name}"), kinds.get(name, "text")) for name in ("value", "cases", "late")]
    place = show_rows(f"groups.{grouping}", rows, columns, selectable=True)
    if place is None:
        return
    if part := narrow_to(grouping, ordered[place][0]):
        change_filter(**part)
        st.rerun()
    st.info(tell("groups.no_part"), icon=":material/info:")


def narrow_to(grouping: CaseGrouping, value: Any) -> dict[str, Any]:
    """The parts of the filter that a group is; empty for cases of no school, for which the filter has none."""
    if line := OWNERS.get(grouping):
        owner = {"owner": value, "owner_line": line if value else None}
        return owner if value else owner | {"nobody": True, "nobody_line": line}
    if value is None:
        return {CaseGrouping.VILLAGE: {"unlocated": True}, CaseGrouping.RUNG: {"rung": OFF_LADDER}}.get(grouping, {})
    return {{CaseGrouping.VILLAGE: "area", CaseGrouping.SCHOOL: "school", CaseGrouping.RUNG: "rung"}[grouping]: value}


def _name_groups(scope: Scope, grouping: CaseGrouping, values: Sequence[Any]) -> dict[Any, str]:
    known = [value for value in values if value is not None]
    if grouping is CaseGrouping.RUNG:
        return {None: tell("filter.off_ladder")} | {value: tell("cases.rung", rung=value) for value in known}
    if grouping in (CaseGrouping.SCHOOL, CaseGrouping.VILLAGE):
        names = cached.read_unit_names()
        return {value: names.get(value, value) for value in known}
    with open_scoped(cached.engine(), scope) as conn:
        return {number: _say_person(one) for number, one in read_people(conn, scope, known).items()}


def _say_person(one: PersonRow) -> str:
    return tell("cases.owner", name=one.name, role=tell(f"dutyrole.{one.role}"))


# --- handing over ---------------------------------------------------------------------------------------------------------------


def show_hand_over(scope: Scope, chosen: CaseFilter, picked: Sequence[CaseRow], total: int, name: str) -> None:
    """Give the chosen cases, or all that the filter has, to somebody; for roles that may."""
    if not scope.may(Write.ASSIGN) or chosen.as_of != cached.moment().today:
        return
    with st.container(horizontal=True, gap="small"):
        if picked and st.button(tell("work.hand_over", count=len(picked)), key="hand_over", icon=":material/swap_horiz:"):
            _open(scope, picked)
        narrowed = bool(chosen.nobody or chosen.orphaned or chosen.owner or chosen.school) and 1 < total <= MOST
        if narrowed and st.button(tell("work.hand_over_all", count=total), key="hand_over.all", icon=":material/swap_horiz:"):
            _open(scope, cached.read_cases(scope, chosen, limit=MOST, name=name))


def _open(scope: Scope, cases: Sequence[CaseRow]) -> None:
    st.session_state[TOKEN] = token_urlsafe(24)
    st.dialog(tell("work.assign"))(_show_hand_over)(scope, cases)


def _show_hand_over(scope: Scope, cases: Sequence[CaseRow]) -> None:
    st.caption(tell("work.hand_over_what", count=len(cases)))
    words = {line: tell(f"dutyline.{line}") for line in DutyLine}
    line = DutyLine(st.selectbox(tell("work.line"), list(DutyLine), format_func=lambda one: words.get(one, one)))
    with open_scoped(cached.engine(), scope) as conn:
        people = read_assignable(conn, scope, [one.case_id for one in cases], line, cached.moment().today)
    names = {one.person_id: _say_person(one) for one in people}
    with st.form("hand_over.form", border=False):
        who = st.selectbox(
            tell("work.person"), list(names), index=None, format_func=lambda one: names.get(one, "?"), placeholder=""
        )
        reason = st.text_input(tell("work.reason"), max_chars=200)
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return
    seen = {one.case_id: getattr(one, line.value).person_id for one in cases}
    try:
        done = reassign(cached.engine(), scope, seen, line, who or 0, reason, st.session_state[TOKEN])
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        leave(tell("work.again") if done.repeated else tell("work.saved.assign", cases=done.cases, name=done.name))
