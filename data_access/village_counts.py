"""The counts behind the map and the headline: children, at risk, left behind (both definitions), overdue, by village."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from data_access.measures import Measure, counts_in
from data_access.schema import COUNTS, child, child_place, village_count
from data_access.scoped import child_clause, counted_at, day_of, in_scope, on, place_filter
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


def read_village_counts(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[VillageCounts]:
    """The counts of every village with at least one, ordered by code, the unlocated last.

    From the summary where the filter asks for area, school and stage only, else counted live: both agree (tested).
    """
    chosen_rows = _from_summary(scope, chosen) if chosen.from_summary else _live(scope, chosen)
    return _read(conn, chosen_rows)


def count_children_live(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[VillageCounts]:
    """The same counts straight from the dated rows, whatever the filter: what the summary is held against."""
    return _read(conn, _live(scope, chosen))


def _read(conn: Connection, chosen: Select[Any]) -> list[VillageCounts]:
    rows = [VillageCounts(code, *map(int, numbers)) for code, *numbers in conn.execute(chosen) if any(numbers)]
    return sorted(rows, key=lambda row: (row.village_code is None, row.village_code or ""))


def _from_summary(scope: Scope, chosen: CaseFilter) -> Select[Any]:
    day = day_of(chosen)
    at = counted_at(village_count, chosen.basis).label("at")
    return (
        select(at, *(func.sum(village_count.c[name]) for name in COUNTS))
        .where(
            in_scope(scope, village_count), village_count.c.school_year == school_year_of(day), on(village_count, day),
            place_filter(chosen, village_count),
        )
        .group_by(at)
    )  # fmt: skip


def _live(scope: Scope, chosen: CaseFilter) -> Select[Any]:
    day, place = day_of(chosen), child_place.c
    at = counted_at(child_place, chosen.basis).label("at")
    counted = [func.count(func.distinct(case((counts_in(Measure(name), day), place.child_id)))) for name in COUNTS]
    return (
        select(at, *counted)
        .join_from(child_place, child, child.c.id == place.child_id)
        .where(child_clause(scope, chosen, child_place))
        .group_by(at)
    )
