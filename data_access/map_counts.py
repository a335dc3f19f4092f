"""Everything the map counts, by village: the counts of the summary and those that only the map needs, counted live."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from data_access.areas import read_areas, read_successors
from data_access.left_behind_parts import LEFT_BEHIND, LeftBehindPart, first_fresh_day, left_behind_by_either, part_clause
from data_access.measures import Measure
from data_access.schema import case_interval, child, child_place, group_spell
from data_access.scoped import case_clause, child_clause, counted_at, day_of, on
from data_access.village_counts import read_summary, read_village_counts
from data_access.village_losses import count_lost, count_started
from domain.area_counts import AreaCounts, attach_counts
from domain.case_filter import CaseFilter
from domain.map_counts import MapCount
from domain.scope import Scope
from domain.suppress import SuppressRule, publish
from domain.visit_coverage import VISIT_STEPS, VillageVisits

ByVillage = dict[str, int]  # "" for the unlocated
COLUMNS = {MapCount.CASES: "at_risk", MapCount.VISITED: "visited", MapCount.CHECKED: "checked_fresh"}


def read_area_counts(conn: Connection, scope: Scope, chosen: CaseFilter, counted: MapCount) -> AreaCounts:
    """One count over villages, towns and counties, the unlocated included; for roles without children suppressed."""

    def count(which: MapCount) -> AreaCounts:
        return place_counts(conn, scope, count_by_village(conn, scope, chosen, which))

    return shown_to(scope, count, counted)


def shown_to(scope: Scope, count: Callable[[MapCount], AreaCounts], counted: MapCount) -> AreaCounts:
    """A count as this scope may see it: exact, or for roles without children as it may be shared."""
    return count(counted) if scope.sees_children else publish(count, counted, SuppressRule())


def place_counts(conn: Connection, scope: Scope, found: ByVillage) -> AreaCounts:
    """Counts by village over all areas of the scope, exact."""
    return attach_counts(found, [row.code for row in read_areas(conn, scope)], read_successors(conn))


def count_by_village(conn: Connection, scope: Scope, chosen: CaseFilter, counted: MapCount) -> ByVillage:
    """Village code -> the count; "" holds the unlocated. Villages without any are left out."""
    if chosen.from_summary and counted not in (MapCount.STARTED, MapCount.LOST):
        return pick_count(read_summary(conn, scope, chosen), counted)
    if counted.value in set(Measure):
        return {row.village_code or "": getattr(row, counted.value) for row in read_village_counts(conn, scope, chosen)}
    if counted in (MapCount.CASES, MapCount.VISITED, MapCount.MISSED_VISITS):
        visits = read_village_visits(conn, scope, chosen)
        parts = {MapCount.CASES: "at_risk", MapCount.VISITED: "visited", MapCount.MISSED_VISITS: "missed"}
        return {code: getattr(one, parts[counted]) for code, one in visits.items()}
    if counted is MapCount.STARTED:
        return count_started(conn, scope, chosen)
    if counted is MapCount.LOST:
        return count_lost(conn, scope, chosen)
    query = _checked(scope, chosen, only_fresh=counted is MapCount.CHECKED)
    return {code or "": count for code, count in conn.execute(query)}


def pick_count(summary: Mapping[str | None, Mapping[str, int]], counted: MapCount) -> ByVillage:
    """One count of data_access.village_counts.read_summary; started and lost are not among them."""
    return {code or "": _pick(counts, counted) for code, counts in summary.items()}


def _pick(counts: Mapping[str, int], counted: MapCount) -> int:
    if counted is MapCount.MISSED_VISITS:
        return VillageVisits(counts["at_risk"], counts["visited"], counts["visit_owed"]).missed
    if counted is MapCount.LEFT_BEHIND_ALL:
        return left_behind_by_either(counts)
    return counts[COLUMNS.get(counted, counted.value)]


def read_village_visits(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[str, VillageVisits]:
    """Village ("" for the unlocated) -> its children at risk, those visited, those owed a visit; of the filter's open cases."""
    spans, day = case_interval.c, day_of(chosen)
    steps = [step.value for step in VISIT_STEPS]
    owed = and_(spans.overdue_from <= day, spans.next_step.in_(steps))
    at = counted_at(case_interval, chosen.basis).label("at")
    counts = (func.count(), func.count(case((spans.visits_done > 0, 1))), func.count(case((owed, 1))))
    query = select(at, *counts).where(case_clause(scope, chosen), spans.status != "closed").group_by(at)
    return {code or "": VillageVisits(*numbers) for code, *numbers in conn.execute(query)}


def _checked(scope: Scope, chosen: CaseFilter, only_fresh: bool) -> Select[Any]:
    """Children left behind by either definition, or those of them checked within a quarter, by village."""
    day, place = day_of(chosen), child_place.c
    at = counted_at(child_place, chosen.basis).label("at")
    query = (
        select(at, func.count(func.distinct(place.child_id)))
        .join_from(child_place, child, child.c.id == place.child_id)
        .where(child_clause(scope, chosen, child_place), part_clause(LeftBehindPart.ALL, day))
        .group_by(at)
    )
    if not only_fresh:
        return query
    names = [group.value for group in LEFT_BEHIND]
    fresh = select(group_spell.c.child_id).where(group_spell.c.group_name.in_(names), on(group_spell, day))
    return query.where(place.child_id.in_(fresh.where(group_spell.c.checked_on >= first_fresh_day(day))))
