"""The filter bar in the sidebar, the same on every page, and what it says above the content.

The URL is the only truth: a widget shows what the URL says and, when it is changed, writes the URL before the page runs
again. So Back, reload and a shared link always agree with what is on screen. Widgets work on the texts of the URL; what
they send is read by CaseFilter.from_query like any other URL, and bad values are dropped.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from domain.case_filter import RUNGS, Basis, CaseFilter, resolve
from domain.cases import CaseStatus
from domain.grades import GRADES, Stage, grade_label, grades_of
from domain.groups import OPEN, RESTRICTED, Group
from domain.reasons import Reason
from domain.school_year import AUTUMN, SPRING, Period, school_year_of
from domain.scope import Scope
from pages.shared import cached
from pages.shared.view import change_filter, read_asked, read_lang, read_view, seed, tell, write_address

LONGEST_LIST = 300  # schools offered at once: more would be sent with every run, so an area is asked for first
YEARS_BACK = 4
SEARCHED = "searched_name"


def show_case_filter(here: str) -> CaseFilter:
    """Draw the bar of the page `here` in the sidebar; the filter the URL asks for, its dates settled.

    Groups that this role may not filter by are left out. show_header draws the chosen parts above the content.
    """
    scope = cached.moment().scope
    with st.sidebar:
        _show_place(here, scope)
        _show_pupils(here, scope)
        if scope.sees_children:
            with st.expander(tell("bar.case")):
                _show_case(here)
        with st.expander(tell("bar.time")):
            _show_time(here)
    return read_chosen(scope)


def read_chosen(scope: Scope) -> CaseFilter:
    """The filter of the URL as this scope may use it, dates settled: what pages read with."""
    asked = read_asked()
    allowed = tuple(group for group in asked.groups if group in _groups_for(scope))
    return resolve(replace(asked, groups=allowed), cached.moment().today, cached.read_rounds())


def _groups_for(scope: Scope) -> tuple[Group, ...]:
    """Open flags for all, sensitive ones for those who list children, restricted ones for those who see names (R083)."""
    if scope.sees_names:
        return tuple(Group)
    return tuple(group for group in Group if group in OPEN or (scope.sees_children and group not in RESTRICTED))


def show_chosen(here: str, sentence: str) -> None:
    """The sentence with the link to this very view, then the changed parts of the filter as buttons that take them away."""
    asked = read_asked()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(sentence, width="content")
        _show_link()
    if not asked.changed():
        return
    names, lang = cached.read_names(cached.moment().scope), read_lang()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for part in asked.changed():
            label = f"{tell(f'filter.{part}')} · {asked.say_part(part, lang, names)}"
            plain = {part: getattr(CaseFilter(), part)}
            st.button(
                label,
                key=f"{here}.drop.{part}",
                icon=":material/close:",
                icon_position="right",
                on_click=change_filter,
                kwargs=plain,
            )
        st.button(tell("bar.reset"), key=f"{here}.reset", type="tertiary", icon=":material/restart_alt:", on_click=reset_filter)


def _show_link() -> None:
    with st.popover(tell("bar.link"), type="tertiary", icon=":material/link:"):
        st.caption(tell("bar.link_help"))
        st.code(_link(), language=None, wrap_lines=True)


def reset_filter() -> None:
    """Back to the whole scope as of today."""
    write_address(CaseFilter(), replace(read_view(), page=1, child=None))


def _link() -> str:
    """The address with its dates settled: tomorrow it still shows what it shows today."""
    query = read_chosen(cached.moment().scope).to_query() | read_view().to_query()
    return f"{st.context.url or ''}?{urlencode(query)}"


def show_name_search() -> str:
    """A search field for children's names. What is typed stays in this session: no URL, no cache, no log holds it."""
    st.session_state.setdefault(f"{SEARCHED}.typed", st.session_state.get(SEARCHED, ""))
    typed = st.text_input(tell("bar.name"), key=f"{SEARCHED}.typed", placeholder=tell("bar.name_help"), max_chars=40)
    st.session_state[SEARCHED] = typed.strip()
    return searched_name()


def searched_name() -> str:
    """The name searched for in this session, also on pages that do not draw the field."""
    found: str = st.session_state.get(SEARCHED, "")
    return found


# --- the fields -----------------------------------------------------------------------------------------------------------------


def _show_place(here: str, scope: Scope) -> None:
    asked = read_asked()
    codes = [row.code for row in cached.read_areas(scope) if not scope.areas or row.code.startswith(scope.areas)]
    counties = [code for code in codes if len(code) == 6]
    county = (asked.area or "")[:6] if len(counties) > 1 else "".join(counties)
    if len(counties) > 1:
        _show_area(here, 6, counties, "")
    towns = [code for code in codes if len(code) == 9 and code.startswith(county)] if county or not counties else []
    town = (asked.area or "")[:9] if len(towns) > 1 else "".join(towns)
    if len(towns) > 1:
        _show_area(here, 9, towns, county if len(counties) > 1 else "")
    if len(town) == 9:
        _show_area(
            here, 12, [code for code in codes if len(code) == 12 and code.startswith(town)], town if len(towns) > 1 else ""
        )
    _show_schools(here, scope, asked)
    _show_switch(here, "unlocated", "unlocated")


def _show_area(here: str, digits: int, codes: Sequence[str], above: str) -> None:
    """One level of the area tree; cleared, the area above is meant."""
    area, names = read_asked().area or "", cached.read_names(cached.moment().scope)
    state = seed(here, f"area{digits}", area[:digits] if area[:digits] in codes else None)
    st.selectbox(
        tell(f"bar.area{digits}"),
        codes,
        key=state,
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=tell("bar.all"),
        on_change=_change,
        args=(state, "area", above),
    )


def _show_schools(here: str, scope: Scope, asked: CaseFilter) -> None:
    place = resolve(CaseFilter(area=asked.area), cached.moment().today, {})
    names = cached.read_names(scope)
    codes = sorted({row.school_code for row in cached.read_schools(scope, place)})
    too_many = len(codes) > LONGEST_LIST
    _show_pick(
        here,
        "school",
        "school",
        [] if too_many else codes,
        lambda code: names.get(code, code),
        tell("bar.area_first") if too_many else "",
    )


def _show_pupils(here: str, scope: Scope) -> None:
    asked, lang = read_asked(), read_lang()
    grades = [grade for grade in GRADES if asked.stage is None or grade in grades_of(asked.stage)]
    left, right = st.columns(2, gap="small")
    with left:
        _show_pick(here, "stage", "stage", list(Stage), lambda value: tell(f"stage.{value}"))
    with right:
        _show_pick(here, "grade", "grade", [str(grade) for grade in grades], lambda value: grade_label(int(value), lang))
    _show_several(here, "group", "groups", _groups_for(scope))


def _show_case(here: str) -> None:
    _show_switch(here, "overdue", "overdue")
    _show_several(here, "status", "statuses", list(CaseStatus))
    _show_several(here, "reason", "reasons", list(Reason))
    _show_pick(here, "rung", "rung", [str(rung) for rung in RUNGS], lambda value: tell("filter.rung_is", value=value))


def _show_time(here: str) -> None:
    lang, rounds, today = read_lang(), cached.read_rounds(), cached.moment().today
    _show_pick(here, "round", "round_code", list(rounds), lambda code: rounds[code].name)
    year = school_year_of(today)
    periods = {
        one.code: one
        for start in range(year, year - YEARS_BACK, -1)
        for one in (Period(start, SPRING), Period(start, AUTUMN), Period(start))
    }
    _show_pick(
        here,
        "period",
        "period",
        [code for code, one in periods.items() if one.starts <= today],
        lambda code: periods[code].label(lang),
    )
    asked = read_asked().as_of
    state = seed(here, "asof", asked)
    st.date_input(
        tell("filter.as_of"),
        key=state,
        value=None,
        format="YYYY-MM-DD",
        on_change=_change,
        args=(state, "asof"),
        help=tell("bar.as_of_help"),
    )
    _show_pick(here, "basis", "basis", list(Basis), lambda value: tell(f"basis.{value}"), tell(f"basis.{Basis.RESIDENCE}"))


def _show_pick(here: str, part: str, name: str, options: Sequence[str], label: Callable[[str], str], nothing: str = "") -> None:
    """One of several; what the URL names beyond the options is offered too, by its code, so that it can be seen and cleared."""
    asked = read_asked().to_query().get(part)
    shown = [str(option) for option in options]
    unknown = {asked} - {*shown, None}
    state = seed(here, part, asked)
    st.selectbox(
        tell(f"filter.{name}"),
        [*shown, *unknown],
        key=state,
        index=None,
        format_func=lambda value: value if value in unknown else label(value),
        placeholder=nothing or tell("bar.all"),
        on_change=_change,
        args=(state, part),
    )


def _show_several(here: str, part: str, name: str, options: Sequence[Any]) -> None:
    shown = [str(option) for option in options]
    kind = type(options[0]).__name__.lower()
    asked = read_asked().to_query().get(part, "").split(",")
    state = seed(here, part, [text for text in asked if text in shown])
    st.multiselect(
        tell(f"filter.{name}"),
        shown,
        key=state,
        format_func=lambda value: tell(f"{kind}.{value}"),
        placeholder=tell("bar.all"),
        on_change=_change,
        args=(state, part),
    )


def _show_switch(here: str, part: str, name: str) -> None:
    state = seed(here, part, part in read_asked().to_query())
    st.toggle(tell(f"filter.{name}"), key=state, on_change=_change, args=(state, part))


def _change(state: str, part: str, otherwise: str = "") -> None:
    """Write what a widget was set to into the URL; `otherwise` when it was cleared."""
    text = _as_text(st.session_state[state]) or otherwise
    query = {key: old for key, old in read_asked().to_query().items() if key != part} | ({part: text} if text else {})
    write_address(CaseFilter.from_query(query), replace(read_view(), page=1, child=None))


def _as_text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return ("1" if value else "") if isinstance(value, bool) else str(value or "")
