"""What the coverage page shows: whom and when, the rate by place, who was not visited, and new campaigns."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.campaigns import Campaign, open_campaign
from data_access.coverage import CoverageBy, CoverageKey
from domain.case_filter import CaseFilter
from domain.coverage import Coverage, CoveragePart, SpanKind, TargetGroup, VisitSpan
from domain.errors import ProblemError
from domain.grades import Stage, grade_of
from domain.rates import show_percent
from domain.school_year import school_year_of
from domain.scope import Role, Scope
from pages.shared import cached
from pages.shared.case_panel import say_class
from pages.shared.charts import is_dark
from pages.shared.page_list import find_page
from pages.shared.panels import lay_tiles
from pages.shared.stacks import Stack, draw_stacks
from pages.shared.table import Column, show_rows
from pages.shared.view import read_asked, read_lang, read_view, tell, tell_problem

SHOWN = 14  # bars of the chart; the table has all
LISTED = 200  # rows of the table of places


def choose_span(scope: Scope, chosen: CaseFilter, kind: SpanKind) -> tuple[VisitSpan, Campaign | None] | None:
    """The span of the kind; of several campaigns the one picked. None, said in words, where there is no campaign yet."""
    if kind is not SpanKind.CAMPAIGN:
        return cached.read_visit_spans(scope, chosen)[kind], None
    campaigns = cached.read_campaigns(scope, chosen)
    if not campaigns:
        st.info(tell("coverage.no_campaign"), icon=":material/campaign:")
        return None
    names = {one.campaign_id: one.name for one in campaigns}
    picked = st.selectbox(
        tell("spankind.campaign"), list(names), format_func=lambda one: names.get(one, ""), key="coverage.campaign"
    )
    found = next((one for one in campaigns if one.campaign_id == picked), campaigns[0])
    return found.span, found


def show_tiles(found: Coverage) -> None:
    """Owed, visited and not visited, each with the way to its list, and the rate as a fraction."""
    rate = found.rate
    with lay_tiles():
        for part in (CoveragePart.OWED, CoveragePart.VISITED, CoveragePart.UNVISITED):
            with _tile(part, f"{found.count(part):,}"):
                _link_list(part)
        with _tile("rate", show_percent(rate.fraction) if rate.fraction is not None else "—"):
            st.caption(f"{found.visited:,}/{found.owed:,}")


def _tile(name: str, value: str) -> DeltaGenerator:
    """A tile with its number; what comes below it goes into what is returned."""
    tile = st.container(border=True, gap="xxsmall", height="stretch")
    tile.metric(tell(f"coverage.tile_{name}"), value, help=tell(f"coverage.tile_{name}.what"))
    return tile


def _link_list(part: CoveragePart) -> None:
    """The list of a number, below on this page, with everything else as it is."""
    view = replace(read_view(), level=part.value, page=1, child=None)
    st.page_link(find_page("coverage").file, label=tell("panel.rows"), query_params=read_asked().to_query() | view.to_query())


def show_places(counts: Mapping[CoverageKey, Coverage], by: CoverageBy, day: date) -> None:
    """A bar for each town, school, class, teacher or village, the lowest coverage first, and all of them as a table."""
    names = cached.read_unit_names()  # children of a village may go to school elsewhere
    ordered = sorted(counts.items(), key=lambda pair: (pair[1].rate.fraction or 0, -pair[1].owed, str(pair[0])))
    st.markdown(f"**{tell('coverage.places')}**")
    stacks = []
    for key, one in ordered[:SHOWN]:
        words = f"{say_key(key, by, names, day)}  {show_percent(one.rate.fraction)} · {one.visited:,}/{one.owed:,}"
        stacks.append(Stack(words, (("blue", one.visited), ("pale", one.uncovered))))
    st.vega_lite_chart(draw_stacks(stacks, is_dark(), share=True), width="stretch", alt=tell("coverage.places"))
    if len(ordered) <= SHOWN:
        return
    rows = [
        {
            "place": say_key(key, by, names, day),
            "rate": float(one.rate.fraction or 0),
            "fraction": f"{one.visited}/{one.owed}",
            "unvisited": one.uncovered,
        }
        for key, one in ordered[:LISTED]
    ]
    show_rows(
        "coverage.places",
        rows,
        [
            Column("place", tell("coverage.place"), width="medium"),
            Column("rate", tell("coverage.rate"), "percent"),
            Column("fraction", tell("coverage.fraction")),
            Column("unvisited", tell("coverage.tile_unvisited"), "number"),
        ],
    )


def say_key(key: CoverageKey, by: CoverageBy, names: Mapping[str, str], day: date) -> str:
    """The words of a place, class or teacher."""
    place = names.get(key.code or "", key.code) or tell("filter.unlocated")
    if by is CoverageBy.TEACHER:
        return f"{key.teacher or tell('coverage.no_teacher')} · {place}"
    one = key.class_key
    if one is None:
        return place
    grade = grade_of(one.entry_year, Stage(one.stage), school_year_of(day)) if one.entry_year else None
    return f"{place} · {say_class(grade, one.class_no, read_lang()) or tell('coverage.no_class')}"


def show_new_campaign(scope: Scope) -> None:
    """The form of a new campaign, for the county's officials."""
    if scope.role is not Role.COUNTY:
        return
    groups = {group: tell(f"targetgroup.{group}") for group in TargetGroup}
    today = cached.moment().today
    with st.popover(tell("coverage.new_campaign"), icon=":material/campaign:"), st.form("coverage.new", border=False):
        name = st.text_input(tell("coverage.campaign_name"), max_chars=80)
        days = st.date_input(tell("coverage.campaign_days"), (today, today), format="YYYY-MM-DD")
        group = st.selectbox(tell("coverage.group"), list(groups), format_func=lambda one: groups.get(one, one))
        if st.form_submit_button(tell("coverage.campaign_save"), type="primary"):
            _save(scope, name, days, TargetGroup(group))


def _save(scope: Scope, name: str, days: object, group: TargetGroup) -> None:
    starts, ends = days if isinstance(days, tuple) and len(days) == 2 else (date.max, date.min)
    try:
        open_campaign(cached.engine(), scope, cached.first_county(scope), name, starts, ends, group)
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        st.toast(tell("coverage.campaign_saved"), icon=":material/check:")
        st.rerun()
