"""The counts behind the map and the headline: children, at risk, left behind (both definitions), overdue, by village."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from data_access.measures import Measure, counts_in, recounts_in
from data_access.schema import SUMMED, child, child_place, village_count
from data_access.scoped import Clause, child_clause, counted_at, day_of, in_scope, on, place_filter
from domain.case_filter import CaseFilter
from domain.school_year import school_year_of
from domain.scope import Scope


@dataclass(frozen=True)
class VillageCounts:
    """The children counted at one village (None: the unlocated) on the as-of date; every field counts distinct children.

    children: of school age. at_risk: with an open case. left_behind: by the education definition; left_behind_civil: by the
    civil one, under 16. overdue: with a step past its due date.
    """

    village_code: str | None
    children: int
    at_risk: int
    left_behind: int
    left_behind_civil: int
    overdue: int


Summary = dict[str | None, dict[str, int]]  # village (None: the unlocated) -> each of SUMMED


def read_village_counts(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[VillageCounts]:
    """The counts of every village with at least one, ordered by code, the unlocated last.

    From the summary where the filter asks for area, school and stage only, else counted live: both agree (tested).
    """
    return list_counts(read_summary(conn, scope, chosen)) if chosen.from_summary else count_villages(conn, scope, chosen)


def list_counts(summary: Mapping[str | None, Mapping[str, int]]) -> list[VillageCounts]:
    """The villages of a summary with at least one of the five, ordered by code, the unlocated last."""
    return _sorted(VillageCounts(code, *(counts[one] for one in Measure)) for code, counts in summary.items())


def count_villages(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[VillageCounts]:
    """The same counts child by child, whatever the filter."""
    return _counted(conn, scope, chosen, counts_in)


def count_children_live(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[VillageCounts]:
    """The same straight from the dated rows: what the summary is held against."""
    return _counted(conn, scope, chosen, recounts_in)


def _sorted(rows: Iterable[VillageCounts]) -> list[VillageCounts]:
    told = (row for row in rows if any((row.children, row.at_risk, row.left_behind, row.left_behind_civil, row.overdue)))
    return sorted(told, key=lambda row: (row.village_code is None, row.village_code or ""))


def read_summary(conn: Connection, scope: Scope, chosen: CaseFilter) -> Summary:
    """Every count of the summary by village, in one pass. Raises ValueError for a filter that it cannot answer."""
    at = counted_at(village_count, chosen.basis).label("at")
    query = select(at, *(func.sum(village_count.c[name]) for name in SUMMED)).where(summary_clause(scope, chosen)).group_by(at)
    return {code: dict(zip(SUMMED, map(int, numbers), strict=True)) for code, *numbers in conn.execute(query)}


def summary_clause(scope: Scope, chosen: CaseFilter) -> ColumnElement[bool]:
    """The rows of village_count that hold on the filter's day. Raises ValueError for a filter that they cannot answer."""
    if not chosen.from_summary:
        raise ValueError("the summary knows area, school and stage only")
    day = day_of(chosen)
    of_day = village_count.c.school_year == school_year_of(day), on(village_count, day)
    return and_(*of_day, in_scope(scope, village_count), place_filter(chosen, village_count))  # SQLite tests in this order


def _counted(
    conn: Connection, scope: Scope, chosen: CaseFilter, counts: Callable[[Measure, date], Clause]
) -> list[VillageCounts]:
    day, place = day_of(chosen), child_place.c
    at = counted_at(child_place, chosen.basis).label("at")
    counted = [func.count(func.distinct(case((counts(one, day), place.child_id)))) for one in Measure]
    query = (
        select(at, *counted)
        .join_from(child_place, child, child.c.id == place.child_id)
        .where(child_clause(scope, chosen, child_place))
        .group_by(at)
    )
    return _sorted(VillageCounts(code, *map(int, numbers)) for code, *numbers in conn.execute(query))
