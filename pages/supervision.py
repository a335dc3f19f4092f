"""督导: the March and September rounds: the schools by need with every reason, what changed since the last round, tables."""

import streamlit as st

from data_access.rounds import Need, SchoolNeed
from domain.case_filter import CaseFilter
from domain.scope import Scope
from domain.view_state import PAGE_ROWS
from pages.shared import cached
from pages.shared.case_forms import show_flash
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.letters_panel import show_letters
from pages.shared.monitoring_panel import show_monitoring
from pages.shared.panels import show_header, show_link, show_metrics
from pages.shared.report_panel import show_report
from pages.shared.round_panel import choose_round, last_round, list_tiles
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table
from pages.shared.unit_records_panel import show_unit_records
from pages.shared.view import read_view, tell

scope = require_scope("supervision")

PANEL_WIDTH = 360  # pixels of the school beside the table
TABLES = ("cases", "schools", "villages", "visits", "left-behind", "rounds")
GRAVE = (Need.TARGET_MISSED, Need.POOR_LOST, Need.OVERDUE_STEPS)


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
    red = {tell(f"need.{need}", count=number) for one in page for need, number in one.needs if need in GRAVE}
    needs = Column("needs", tell("supervision.needs"), "tags", tell("supervision.needs.what"), width="large", red=red)
    columns = [*columns_of("school_name", pinned="school_name"), needs, *columns_of("town_name")]
    rows = [{"school_name": one.school_name, "town_name": one.town_name, "needs": say_needs(one)} for one in page]
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_table("needs", rows, columns, len(needy), selectable=True)
        if len(every) > len(needy):
            st.caption(tell("supervision.quiet", count=len(every) - len(needy)))
        show_export("supervision", "schools-by-need", scope, chosen)
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
    for column, table in zip(st.columns(len(TABLES), gap="small", vertical_alignment="bottom"), TABLES, strict=True):
        with column:
            st.caption(tell(f"table.{table}"))
            show_export("supervision", table, scope, chosen)
    show_report(scope, chosen)


chosen = show_case_filter("supervision")
show_header("supervision", chosen)
show_flash()
current = choose_round()
show_metrics(list_tiles(scope, chosen, last_round(chosen, current)))
if scope.sees_children:
    show_needs(scope, chosen)
    show_letters(scope, chosen)
    show_monitoring(scope, chosen)
    show_unit_records(scope, chosen)
    show_tables(scope, chosen)
else:
    st.info(tell("supervision.totals_only"), icon=":material/visibility_off:")
