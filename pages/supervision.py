"""督导: the March and September rounds: the schools by need with every reason, what changed since the last round, tables."""

from dataclasses import replace

import streamlit as st

from data_access.rounds import Need, SchoolNeed
from domain.case_filter import CaseFilter, Round, resolve
from domain.scope import Scope
from domain.targets import Verdict
from domain.view_state import PAGE_ROWS
from pages.shared import cached
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import Tile, show_header, show_link, show_metrics
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table
from pages.shared.view import change_filter, read_asked, read_view, tell

scope = require_scope("supervision")

ROUNDS_SHOWN = 5
PANEL_WIDTH = 360  # pixels of the school beside the table
TABLES = ("cases", "schools", "villages", "visits", "left-behind")
GRAVE = (Need.TARGET_MISSED, Need.POOR_LOST, Need.OVERDUE_STEPS)


def choose_round() -> Round | None:
    """The rounds as buttons, the latest first, and the dates of the one chosen, which holds on every page."""
    rounds, chosen = cached.read_rounds(), read_asked().round_code
    if not rounds:
        st.info(tell("supervision.no_rounds"), icon=":material/event_busy:")
        return None
    with st.container(horizontal=True, gap="xsmall"):
        for one in list(rounds.values())[:ROUNDS_SHOWN]:
            kind = "primary" if one.code == chosen else "secondary"
            change = {"round_code": None if one.code == chosen else one.code, "period": None, "as_of": None}
            st.button(one.name, key=f"round.{one.code}", type=kind, on_click=change_filter, kwargs=change)
    found = rounds.get(chosen or "")
    st.caption(say_dates(found) if found else tell("supervision.choose"))
    return found


def say_dates(one: Round) -> str:
    """When a round is held, and whether it is over."""
    today = cached.moment().today
    state = "ahead" if today < one.starts else "running" if today <= one.ends else "over"
    told = {"name": one.name, "starts": one.starts, "ends": one.ends, "as_of": one.as_of}
    return tell("supervision.dates", state=tell(f"supervision.{state}"), **told)


def last_round(chosen: CaseFilter, current: Round | None) -> Round | None:
    """The round before the one chosen, or before the as-of day."""
    day = current.starts if current else chosen.as_of or cached.moment().today
    return next((one for one in cached.read_rounds().values() if one.ends < day), None)


def list_tiles(scope: Scope, chosen: CaseFilter, last: Round | None) -> list[Tile]:
    """What the round finds, beside what the one before it found."""
    before = resolve(replace(chosen, round_code=last.code), cached.moment().today, cached.read_rounds()) if last else None
    since = tell("supervision.since", name=last.name) if last else ""

    def tile(name: str, page: str, measure: str = "", **changes: bool) -> Tile:
        now, then = (None if one is None else count(name, scope, replace(one, **changes)) for one in (chosen, before))
        return Tile(name, now, page, tuple(changes.items()), measure, then, since, bad_up=name != "open_cases")

    return [
        tile("open_cases", "cases"),
        tile("overdue", "cases", overdue=True),
        tile("missed", "schools", "missed"),
        tile("stale", "left_behind", "stale"),
    ]


def count(name: str, scope: Scope, chosen: CaseFilter) -> int:
    """The number of a tile."""
    if name == "missed":
        return sum(row.verdict is Verdict.MISSED for row in cached.read_schools(scope, chosen))
    return cached.count_stale(scope, chosen) if name == "stale" else cached.count_cases(scope, chosen)


def show_needs(scope: Scope, chosen: CaseFilter) -> None:
    """The schools by need, the gravest first, and beside them the reasons of the one that was clicked."""
    every = cached.read_needs(scope, chosen)
    needy = [one for one in every if one.needs]
    st.markdown(f"**{tell('supervision.schools')}**")
    if not needy:
        st.success(tell("supervision.all_quiet"), icon=":material/check:")
        return
    first = read_view().offset
    page = needy[first : first + PAGE_ROWS]
    columns = [
        *columns_of("school_name", pinned="school_name"),
        Column("needs", tell("supervision.needs"), "tags", tell("supervision.needs.what")),
    ]
    rows = [{"school_name": one.school_name, "town_name": one.town_name, "needs": say_needs(one)} for one in page]
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_table("needs", rows, [*columns, *columns_of("town_name")], len(needy), selectable=True)
        st.caption(tell("supervision.quiet", count=len(every) - len(needy)))
    if picked is not None:
        with beside.container(width=PANEL_WIDTH):
            show_reasons(page[picked])


def say_needs(one: SchoolNeed) -> list[str]:
    """The reasons as short tags."""
    return [tell(f"need.{need}", count=number) for need, number in one.needs]


def show_reasons(one: SchoolNeed) -> None:
    """Every reason to visit a school, spelled out, and the way to its rows."""
    st.text(one.school_name)
    st.markdown(f"**{tell('supervision.why')}**")
    for need, number in one.needs:
        st.markdown(f"- {tell(f'need.{need}.what', count=number)}")
    show_link("cases", tell("supervision.to_cases"), school=one.school_code)
    show_link("schools", tell("supervision.to_school"), school=one.school_code)


def show_tables(scope: Scope, chosen: CaseFilter) -> None:
    """The tables of this filter to take along."""
    st.markdown(f"**{tell('supervision.take')}**")
    for column, table in zip(st.columns(len(TABLES), gap="small"), TABLES, strict=True):
        with column:
            st.caption(tell(f"table.{table}"))
            show_export("supervision", table, scope, chosen)


chosen = show_case_filter("supervision")
show_header("supervision", chosen)
current = choose_round()
show_metrics(list_tiles(scope, chosen, last_round(chosen, current)))
if scope.sees_children:
    show_needs(scope, chosen)
    show_tables(scope, chosen)
else:
    st.info(tell("supervision.totals_only"), icon=":material/visibility_off:")
