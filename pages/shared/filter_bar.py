"""The filter bar in the sidebar, the same on every page, and what it says above the content.

The URL is the only truth: a widget shows what the URL says and, when it is changed, writes the URL before the page runs
again. So Back, reload and a shared link always agree with what is on screen.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from domain.case_filter import OFF_LADDER, RUNGS, Basis, CaseFilter, resolve
from domain.cases import CaseStatus
from domain.grades import GRADES, Stage, grade_label, grades_of
from domain.groups import RESTRICTED, Group
from domain.reasons import Reason
from domain.school_year import AUTUMN, SPRING, Period, school_year_of
from domain.scope import Scope
from pages.shared import cached
from pages.shared.fields import show_area, show_day, show_pick, show_several, show_switch
from pages.shared.plain import plain
from pages.shared.view import change_filter, read_asked, read_lang, read_view, tell, write_address

LONGEST_LIST = 300  # schools offered at once: more would be sent with every run, so an area is asked for first
YEARS_BACK = 4
SEARCHED = "searched_name"
NAME_WIDTH = 165  # pixels: the buttons beside it stay on one line at 1366


def show_case_filter(here: str) -> CaseFilter:
    """Draw the bar of the page `here` in the sidebar; the filter the URL asks for, its dates settled.

    Groups that this role may not filter by are left out. show_header draws the chosen parts above the content.
    """
    scope = cached.moment().scope
    with st.sidebar:
        _show_place(here, scope)
        if scope.sees_children:
            _show_schools(here, scope, read_asked())
            show_switch(here, "unlocated", tell("filter.unlocated"))
            _show_pupils(here, scope)
            with st.expander(tell("bar.case")):
                _show_case(here)
        with st.expander(tell("bar.time")):
            _show_time(here)
    return read_chosen(scope)


def read_chosen(scope: Scope) -> CaseFilter:
    """The filter of the URL as this scope may use it, dates settled: what pages read with."""
    return cached.with_severe_lines(resolve(read_allowed(scope), cached.moment().today, cached.read_rounds()))


def read_allowed(scope: Scope) -> CaseFilter:
    """The filter of the URL without what this scope may not filter by, dates not settled."""
    asked = read_asked()
    if not scope.sees_children:
        return asked.for_totals()
    return replace(asked, groups=tuple(group for group in asked.groups if group in _groups_for(scope)))


def _groups_for(scope: Scope) -> tuple[Group, ...]:
    """All but the restricted ones, which are for those who see names (R083)."""
    return tuple(group for group in Group if scope.sees_names or group not in RESTRICTED)


# --- above the content ----------------------------------------------------------------------------------------------------------


def show_chosen(here: str, sentence: str) -> None:
    """The sentence with the link to this very view, then the changed parts of the filter as buttons that take them away."""
    asked = read_allowed(cached.moment().scope)
    with st.container(key="said", horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(plain(sentence), width="content")
        with st.popover(tell("bar.link"), type="tertiary", icon=":material/link:"):
            st.caption(tell("bar.link_help"))
            st.code(_write_link(), language=None, wrap_lines=True)
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center"
    ):  # always there: what follows keeps its place, and the map its view
        if asked.changed():
            _show_parts(here, asked)


def _show_parts(here: str, asked: CaseFilter) -> None:
    names, lang = cached.name_codes(cached.moment().scope, asked), read_lang()
    for part in asked.changed():
        name, value = tell(f"filter.{part}"), asked.say_part(part, lang, names)
        label = plain(name if value == name else f"{name} · {value}")  # a flag is its own name
        back = {part: getattr(CaseFilter(), part)}
        st.button(
            label,
            key=f"{here}.drop.{part}",
            icon=":material/close:",
            icon_position="right",
            on_click=change_filter,
            kwargs=back,
        )
    st.button(tell("bar.reset"), key=f"{here}.reset", type="tertiary", icon=":material/restart_alt:", on_click=reset_filter)


def reset_filter() -> None:
    """Back to the whole scope as of today; for callbacks."""
    write_address(CaseFilter(), replace(read_view(), page=1, child=None))


def _write_link() -> str:
    """The address with its dates settled: tomorrow it still shows what it shows today."""
    query = read_chosen(cached.moment().scope).to_query() | read_view().to_query()
    return f"{st.context.url or ''}?{urlencode(query)}"


def show_name_search() -> str:
    """A search field for children's names. What is typed stays in this session: no URL, no cache, no log holds it."""
    st.session_state.setdefault(f"{SEARCHED}.typed", st.session_state.get(SEARCHED, ""))
    key, hint = f"{SEARCHED}.typed", tell("bar.name_help")
    typed = st.text_input(tell("bar.name"), key=key, placeholder=hint, max_chars=40, width=NAME_WIDTH)
    st.session_state[SEARCHED] = typed.strip()
    return searched_name()


def searched_name() -> str:
    """The name searched for in this session, also on pages that do not draw the field."""
    found: str = st.session_state.get(SEARCHED, "")
    return found


# --- the fields -----------------------------------------------------------------------------------------------------------------


def _show_place(here: str, scope: Scope) -> None:
    """County, town and village one after the other, as far as there is something to choose; of totals the county alone."""
    asked = read_asked()
    names = {row.code: row.name for row in cached.read_areas(scope) if not scope.areas or row.code.startswith(scope.areas)}
    inside = picked = ""
    for digits in (6, 9, 12) if scope.sees_children else (6,):
        options = {code: name for code, name in names.items() if len(code) == digits and code.startswith(inside)}
        if len(options) > 1 or (digits == 12 and options):
            show_area(here, digits, options, picked)
            inside = picked = (asked.area or "")[:digits]
            if picked not in options:
                break
        elif options:
            inside = min(options)


def _show_schools(here: str, scope: Scope, asked: CaseFilter) -> None:
    place = resolve(CaseFilter(area=asked.area), cached.moment().today, {})
    found = {row.school_code: row.school_name for row in cached.read_schools(scope, place)}
    if len(found) > LONGEST_LIST:
        show_pick(here, "school", tell("filter.school"), {}, tell("bar.area_first"))
    else:
        known = cached.read_names(scope)
        named = {asked.school: known[asked.school]} if asked.school and asked.school in known else {}
        show_pick(here, "school", tell("filter.school"), dict(sorted((found | named).items())))


def _show_pupils(here: str, scope: Scope) -> None:
    stage, lang = read_asked().stage, read_lang()
    left, right = st.columns(2, gap="small")
    with left:
        show_pick(here, "stage", tell("filter.stage"), _named(Stage))
    with right:
        grades = grades_of(stage) if stage else GRADES
        show_pick(here, "grade", tell("filter.grade"), {str(grade): grade_label(grade, lang) for grade in grades})
    show_several(here, "group", tell("filter.groups"), _named(_groups_for(scope)))


def _show_case(here: str) -> None:
    for flag in ("overdue", "severe", "nobody", "orphaned"):
        show_switch(here, flag, tell(f"filter.{flag}"))
    show_several(here, "status", tell("filter.statuses"), _named(CaseStatus))
    show_several(here, "reason", tell("filter.reasons"), _named(Reason))
    rungs = {str(rung): tell("filter.rung_is", value=rung) for rung in RUNGS}
    show_pick(here, "rung", tell("filter.rung"), rungs | {str(OFF_LADDER): tell("filter.off_ladder")})


def _show_time(here: str) -> None:
    show_pick(here, "round", tell("filter.round_code"), {one.code: one.name for one in cached.read_rounds().values()})
    show_pick(here, "period", tell("filter.period"), {one.code: one.label(read_lang()) for one in _periods()})
    show_day(here, "asof", tell("filter.as_of"), tell("bar.as_of_help"))
    show_pick(here, "basis", tell("filter.basis"), _named(Basis), tell(f"basis.{Basis.RESIDENCE}"))


def _periods() -> list[Period]:
    """The school years that people look back on with their terms, the latest first; none that has not begun."""
    today = cached.moment().today
    years = range(school_year_of(today), school_year_of(today) - YEARS_BACK, -1)
    return [one for year in years for one in (Period(year), Period(year, SPRING), Period(year, AUTUMN)) if one.starts <= today]


def _named(members: Iterable[StrEnum]) -> dict[str, str]:
    """Value -> words of the members of an enum."""
    return {member.value: tell(f"{type(member).__name__.lower()}.{member.value}") for member in members}
