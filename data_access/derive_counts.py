"""village_count: the counts by village as step functions over time."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    delete,
    func,
    not_,
    or_,
    select,
)

from data_access.bulk import copy_rows
from data_access.schema import OPEN_END, SUMMED, care_interval, case_interval, child, child_place, village_count
from domain.cases import CaseStatus
from domain.school_year import school_year_of
from domain.visit_coverage import VISIT_STEPS

KEYS = ("county_code", "home_code", "registered_code", "school_code", "stage")
LAST_YEAR = 2060  # a child born today leaves school before it
Key = tuple[str | None, ...]


def rebuild_counts(conn: Connection, homes: Collection[str | None] | None = None) -> None:
    """Write village_count anew, for all homes or for some (None among them: the unlocated).

    Each row holds the counts of one county x home x registered area x school x stage over [valid_from, valid_to), inside one
    school year. children: places whose child is of school age. at_risk: places with an open case. overdue: with a step past
    its due date. visited: with an open case and a visit at the door since it was opened. visit_owed: with a visit past its due
    date. The others are those of care_interval: left_behind: by the education definition; left_behind_civil: by the civil one;
    left_behind_both; checked_fresh, checked_ever, unpaired: of those left behind by either.
    """
    conn.execute(delete(village_count) if homes is None else delete(village_count).where(_at(village_count.c.home_code, homes)))
    changes: defaultdict[Key, dict[date, list[int]]] = defaultdict(dict)
    for at, interval in enumerate(_intervals()):
        for *key, begins, ends, children in conn.execute(_spans(interval.subquery(), homes)):
            days = changes[tuple(key)]
            days.setdefault(begins, [0] * len(SUMMED))[at] += children
            if ends < OPEN_END:
                days.setdefault(ends, [0] * len(SUMMED))[at] -= children
    columns = (*KEYS, "school_year", "valid_from", "valid_to", *SUMMED)
    copy_rows(conn, village_count, columns, ((*key, *step) for key, days in changes.items() for step in steps(days)))


def steps(changes: Mapping[date, Sequence[int]]) -> Iterator[tuple[Any, ...]]:
    """Running sums between one change and the next, cut at each 1 September: school year, from, to, counts.

    Stretches in which nothing is counted are left out. `changes`: day -> what is added to each count that day.
    """
    running = [0] * len(SUMMED)
    days = sorted(day for day, change in changes.items() if any(change))
    for day, until in zip(days, [*days[1:], OPEN_END], strict=True):
        running = [count + change for count, change in zip(running, changes[day], strict=True)]
        if any(running):
            yield from ((school_year_of(begins), begins, ends, *running) for begins, ends in _by_year(day, until))


def _by_year(day: date, until: date) -> Iterator[tuple[date, date]]:
    """[day, until) in parts that each lie in one school year; LAST_YEAR keeps whatever comes after it."""
    while (year := school_year_of(day)) < LAST_YEAR and (turn := date(year + 1, 9, 1)) < until:
        yield day, turn
        day = turn
    yield day, until


def _at(column: ColumnElement[str], homes: Collection[str | None]) -> ColumnElement[bool]:
    known = column.in_([home for home in homes if home is not None])
    return or_(known, column.is_(None)) if None in homes else known


def later(one: ColumnElement[date], other: ColumnElement[date]) -> Case[date]:
    """The later of two days, on every engine."""
    return case((one > other, one), else_=other)


def earlier(one: ColumnElement[date], other: ColumnElement[date]) -> Case[date]:
    """The earlier of two days, on every engine."""
    return case((one < other, one), else_=other)


def _spans(interval: Subquery, homes: Collection[str | None] | None) -> Select[Any]:
    """How many intervals there are of each place and span of days."""
    columns = (*(interval.c[key] for key in KEYS), interval.c.begins, interval.c.ends)
    chosen = select(*columns, func.count()).where(interval.c.begins < interval.c.ends).group_by(*columns)
    return chosen if homes is None else chosen.where(_at(interval.c.home_code, homes))


def _intervals() -> tuple[Select[Any], ...]:
    """For each of SUMMED, when each child counts in it."""
    return (
        _of_school_age(),
        _open_cases(),
        _care(care_interval.c.education),
        _care(care_interval.c.civil),
        _overdue(),
        _care(and_(care_interval.c.education, care_interval.c.civil)),
        _care(care_interval.c.fresh),
        _care(care_interval.c.checked),
        _care(not_(care_interval.c.paired)),
        _open_cases().where(case_interval.c.visits_done > 0),
        _overdue().where(case_interval.c.next_step.in_([step.value for step in VISIT_STEPS])),
    )


def _place_interval(begins: ColumnElement[date], ends: ColumnElement[date]) -> Select[Any]:
    chosen = select(*(child_place.c[key] for key in KEYS), begins.label("begins"), ends.label("ends"))
    return chosen.join_from(child_place, child, child.c.id == child_place.c.child_id)


def _of_school_age() -> Select[Any]:
    place = child_place.c
    begins = later(place.valid_from, func.coalesce(child.c.school_age_from, place.valid_from))
    return _place_interval(begins, earlier(place.valid_to, func.coalesce(child.c.school_age_to, OPEN_END)))


def _care(holds: ColumnElement[bool]) -> Select[Any]:
    spans = care_interval.c
    return select(*(spans[key] for key in KEYS), spans.valid_from.label("begins"), spans.valid_to.label("ends")).where(holds)


def _case_interval(begins: ColumnElement[date]) -> Select[Any]:
    chosen = select(*(case_interval.c[key] for key in KEYS), begins.label("begins"), case_interval.c.valid_to.label("ends"))
    return chosen.where(case_interval.c.status != CaseStatus.CLOSED.value)


def _open_cases() -> Select[Any]:
    return _case_interval(case_interval.c.valid_from)


def _overdue() -> Select[Any]:
    return _case_interval(later(case_interval.c.valid_from, case_interval.c.overdue_from)).where(
        case_interval.c.overdue_from.is_not(None)
    )
