"""总览: the headline numbers, what is overdue, rates against targets, and what the coming weeks bring."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from data_access.cases import CaseRow
from data_access.measures import Measure
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.scope import Scope
from geo.layers import Circles
from geo.map_values import MapValues
from pages.shared import cached
from pages.shared.agenda import show_agenda
from pages.shared.filter_bar import show_case_filter
from pages.shared.map_panel import read_map_view, show_map, show_no_map
from pages.shared.panels import Tile, open_file, show_bullets, show_empty, show_header, show_link, show_metrics, show_no_data
from pages.shared.rate_bullets import count_missed, rates_by_place
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import read_lang, tell

scope = require_scope("overview")

URGENT = 10
MAP_HEIGHT = 380


def list_tiles(scope: Scope, chosen: CaseFilter, week_ago: CaseFilter) -> list[Tile]:
    """The five numbers of the morning; where they can be compared, with those of a week ago."""
    late, was_late = (cached.count_cases(scope, replace(then, overdue=True)) for then in (chosen, week_ago))
    cases, were = (cached.count_cases(scope, then) for then in (chosen, week_ago))
    missed, was_missed = (count_missed(scope, then) for then in (chosen, week_ago))
    since = tell("overview.since")
    return [
        Tile("open_cases", cases, "cases", before=were, since=since),
        Tile("overdue", late, "cases", (("overdue", True),), before=was_late, since=since, bad_up=True),
        Tile("missed", missed, "schools", measure="missed", before=was_missed, since=since, bad_up=True),
        Tile("stale", cached.count_stale(scope, chosen), "left_behind", measure="stale"),
        Tile("unreported", sum(cached.read_silent_schools(scope, chosen).values()), "data_checks", measure="reports"),
    ]


def show_small_map(scope: Scope, chosen: CaseFilter) -> None:
    """Children at risk by village; the whole map is a page of its own."""
    view = read_map_view(scope)
    if view is None:
        show_no_map()
        return
    layer = Circles(tell("measure.at_risk"), cached.read_area_counts(scope, chosen, Measure.AT_RISK))
    show_map("overview", view, [MapValues(view.shapes, (layer,), read_lang(), focus=chosen.area)], height=MAP_HEIGHT)
    show_link("village_map", tell("overview.whole_map"))


def show_today(scope: Scope, chosen: CaseFilter) -> None:
    """The most overdue steps with who owes them; a click opens the child's file."""
    st.markdown(f"**{tell('overview.today')}**")
    urgent = cached.read_cases(scope, replace(chosen, overdue=True), limit=URGENT)
    if not urgent:
        show_empty("overview", tell("overview.nothing_overdue"), well_done=True)
        return
    columns = [
        *columns_of("days_overdue", pinned="days_overdue"),
        *columns_of("next_step"),
        Column("owners", tell("overview.owners"), help=tell("overview.owners.what")),
        *columns_of("child_name", "village_name", "school_name"),
    ]
    picked = show_rows("urgent", [urgent_row(row) for row in urgent], columns, selectable=True)
    show_link("cases", tell("overview.all_overdue"), overdue=True)
    if picked is not None:
        open_file(urgent[picked].child_id)


def urgent_row(row: CaseRow) -> dict[str, object]:
    """What stands in the list of today: since when, what, by whom on both lines, for whom, where."""
    owners = (row.school.name or tell("overview.nobody"), row.government.name or tell("overview.nobody"))
    return {
        "days_overdue": row.days_overdue,
        "next_step": tell(f"nextstep.{row.next_step}") if row.next_step else None,
        "owners": " / ".join(owners),
        "child_name": row.child_name,
        "village_name": row.village_name or tell("filter.unlocated"),
        "school_name": row.school_name,
    }


chosen = show_case_filter("overview")
day = chosen.as_of or cached.moment().today
show_header("overview", chosen)
show_no_data("overview")
show_metrics(list_tiles(scope, chosen, replace(chosen, round_code=None, as_of=day - timedelta(weeks=1))))
if scope.sees_children:
    left, right = st.columns(2, gap="medium")
    with left:
        show_small_map(scope, chosen)
    with right:
        show_today(scope, chosen)
else:
    show_small_map(scope, chosen)
rates = {stage: rates_by_place(scope, chosen, stage) for stage in (Stage.JUNIOR, Stage.PRIMARY)}
for column, stage in zip(st.columns(2, gap="medium"), filter(rates.get, rates), strict=False):
    with column:
        show_bullets(tell("overview.rates", stage=tell(f"stage.{stage}")), rates[stage])
show_agenda(scope, day)
