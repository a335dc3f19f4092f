"""village_count: the counts by village as step functions over time, computed by the database from the derived tables."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
)

from data_access.schema import COUNTS, OPEN_END, case_interval, child, child_place, group_spell, village_count
from domain.cases import CaseStatus
from domain.groups import Group

KEYS = ("county_code", "home_code", "registered_code", "school_code", "stage")
SPAN = range(2018, 2040)  # school years in which steps are cut; a day outside them is not asked for


def rebuild_counts(conn: Connection, homes: Collection[str | None] | None = None) -> None:
    """Write village_count anew, for all homes or for some (None among them: the unlocated).

    Each row holds the counts of one county x home x registered area x school x stage over [valid_from, valid_to), inside one
    school year. children: places whose child is of school age. at_risk: places with an open case. overdue: with a step past
    its due date. left_behind: with the education-definition spell; left_behind_civil: with the civil one, until 16.
    """
    conn.execute(delete(village_count) if homes is None else delete(village_count).where(_at(village_count.c.home_code, homes)))
    steps = _steps(_deltas(homes))
    conn.execute(insert(village_count).from_select([column.name for column in steps.selected_columns], steps))


def _at(column: ColumnElement[str], homes: Collection[str | None]) -> ColumnElement[bool]:
    known = column.in_([home for home in homes if home is not None])
    return or_(known, column.is_(None)) if None in homes else known


def later(one: ColumnElement[date], other: ColumnElement[date]) -> Case[date]:
    """The later of two days, on every engine."""
    return case((one > other, one), else_=other)


def earlier(one: ColumnElement[date], other: ColumnElement[date]) -> Case[date]:
    """The earlier of two days, on every engine."""
    return case((one < other, one), else_=other)


def _deltas(homes: Collection[str | None] | None) -> Subquery:
    counted = union_all(*(_changes(name, interval.subquery(), homes) for name, interval in _intervals())).cte("counted")
    years = union_all(*(select(literal(day, Date).label("day")) for day in year_starts())).subquery("years")
    stood = select(*(counted.c[key] for key in KEYS)).distinct().subquery("stood")
    cuts = select(*(stood.c[key] for key in KEYS), years.c.day, *(literal(0, Integer).label(name) for name in COUNTS)).join_from(
        stood, years, true()
    )
    return union_all(select(counted), cuts).subquery("deltas")


def year_starts() -> list[date]:
    """Every 1 September of the span that counts are kept for."""
    return [date(year, 9, 1) for year in SPAN]


def _changes(name: str, interval: Subquery, homes: Collection[str | None] | None) -> Select[Any]:
    """+1 where an interval begins and -1 where it ends, summed by place and day, in the column of its measure."""
    keys = [interval.c[key] for key in KEYS]
    chosen = interval.c.begins < interval.c.ends
    if homes is not None:
        chosen = chosen & _at(interval.c.home_code, homes)
    both = union_all(
        select(*keys, interval.c.begins.label("day"), literal(1, Integer).label("n")).where(chosen),
        select(*keys, interval.c.ends.label("day"), literal(-1, Integer).label("n")).where(chosen, interval.c.ends < OPEN_END),
    ).subquery()
    measures = [(func.sum(both.c.n) if measure == name else literal(0, Integer)).label(measure) for measure in COUNTS]
    keys = [both.c[key] for key in KEYS]
    return select(*keys, both.c.day, *measures).group_by(*keys, both.c.day)


def _intervals() -> list[tuple[str, Select[Any]]]:
    return [
        ("children", _of_school_age()),
        ("at_risk", _open_cases()),
        ("left_behind", _in_group(Group.LEFT_BEHIND_EDUCATION, child.c.school_age_to)),
        ("left_behind_civil", _in_group(Group.LEFT_BEHIND_CIVIL, child.c.sixteen_on)),
        ("overdue", _overdue()),
    ]


def _place_interval(begins: ColumnElement[date], ends: ColumnElement[date]) -> Select[Any]:
    chosen = select(*(child_place.c[key] for key in KEYS), begins.label("begins"), ends.label("ends"))
    return chosen.join_from(child_place, child, child.c.id == child_place.c.child_id)


def _of_school_age() -> Select[Any]:
    place = child_place.c
    begins = later(place.valid_from, func.coalesce(child.c.school_age_from, place.valid_from))
    return _place_interval(begins, earlier(place.valid_to, func.coalesce(child.c.school_age_to, OPEN_END)))


def _in_group(group: Group, until: ColumnElement[Any]) -> Select[Any]:
    ends = earlier(earlier(child_place.c.valid_to, group_spell.c.valid_to), func.coalesce(until, OPEN_END))
    chosen = _place_interval(later(child_place.c.valid_from, group_spell.c.valid_from), ends)
    return chosen.join(group_spell, group_spell.c.child_id == child.c.id).where(group_spell.c.group_name == group.value)


def _case_interval(begins: ColumnElement[date]) -> Select[Any]:
    chosen = select(*(case_interval.c[key] for key in KEYS), begins.label("begins"), case_interval.c.valid_to.label("ends"))
    return chosen.where(case_interval.c.status != CaseStatus.CLOSED.value)


def _open_cases() -> Select[Any]:
    return _case_interval(case_interval.c.valid_from)


def _overdue() -> Select[Any]:
    return _case_interval(later(case_interval.c.valid_from, case_interval.c.overdue_from)).where(
        case_interval.c.overdue_from.is_not(None)
    )


def _steps(deltas: Subquery) -> Select[Any]:
    """Running sums of the deltas between each change and the next, without the stretches in which nothing is counted."""
    keys = [deltas.c[key] for key in KEYS]
    totals = [func.sum(deltas.c[name]).label(name) for name in COUNTS]
    by_day = select(*keys, deltas.c.day, *totals).group_by(*keys, deltas.c.day).subquery("by_day")
    keys = [by_day.c[key] for key in KEYS]
    day = by_day.c.day
    so_far = [
        cast(func.sum(by_day.c[name]).over(partition_by=keys, order_by=day, rows=(None, 0)), Integer).label(name)
        for name in COUNTS
    ]
    following = func.lead(day).over(partition_by=keys, order_by=day)
    until = func.coalesce(following, literal(OPEN_END, Date)).label("valid_to")
    running = select(*keys, _school_year(by_day.c.day), by_day.c.day.label("valid_from"), until, *so_far).subquery("running")
    return select(running).where(or_(*(running.c[name] != 0 for name in COUNTS)))


def _school_year(day: ColumnElement[date]) -> ColumnElement[int]:
    before_september = case((extract("month", day) < 9, 1), else_=0)
    return cast(extract("year", day) - before_september, Integer).label("school_year")
