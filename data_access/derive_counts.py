"""village_count: the counts by village as step functions over time."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from operator import add
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    case,
    delete,
    func,
    not_,
    or_,
    select,
    true,
)

from data_access.bulk import copy_rows, streamed
from data_access.schema import OPEN_END, SUMMED, care_interval, case_interval, child, child_place, village_count
from domain.cases import CaseStatus
from domain.school_year import school_year_of
from domain.visit_coverage import VISIT_STEPS

KEYS = ("county_code", "home_code", "registered_code", "school_code", "stage")
PLACES = {name: place for place, name in enumerate(SUMMED)}
LAST_YEAR = 2060  # a child born today leaves school before it
Key = tuple[str | None, ...]


def rebuild_counts(conn: Connection, homes: Collection[str | None] | None = None) -> None:
    """Write village_count anew, for all homes or for some (None among them: the unlocated).

    Each row holds the counts of one county x home x registered area x school x stage over [valid_from, valid_to), inside one
    school year. children: places whose child is of school age. at_risk: places with an open case. overdue: with a step past
    its due date. visited: with an open case and a visit at the door since it was opened. visit_owed: with a visit past its due
    date. pupils: places on a register. The others are those of care_interval: left_behind: by the education definition;
    left_behind_civil: by the civil one; left_behind_both; checked_fresh, checked_ever, unpaired: of those left behind by either.
    """
    conn.execute(delete(village_count) if homes is None else delete(village_count).where(_at(village_count.c.home_code, homes)))
    changes: defaultdict[Key, dict[date, list[int]]] = defaultdict(dict)
    for interval in (_of_school_age(), _on_register(), _left_behind(), _open_cases(), _overdue()):
        counted = [name for name in SUMMED if name in interval.selected_columns]
        at = [PLACES[name] for name in counted]
        for row in streamed(conn.execute(_spans(interval.subquery(), counted, homes))):
            begins, ends, *counts = row[len(KEYS) :]
            days = changes[row[: len(KEYS)]]
            _add(days, begins, at, counts)
            if ends < OPEN_END:
                _add(days, ends, at, [-count for count in counts])
    columns = (*KEYS, "school_year", "valid_from", "valid_to", *SUMMED)
    copy_rows(conn, village_count, columns, ((*key, *step) for key, days in changes.items() for step in steps(days)))


def _add(days: dict[date, list[int]], day: date, at: Sequence[int], counts: Sequence[int]) -> None:
    change = days.get(day)
    if change is None:
        change = days[day] = [0] * len(SUMMED)
    for place, count in zip(at, counts, strict=True):
        change[place] += count


def steps(changes: Mapping[date, Sequence[int]]) -> Iterator[tuple[Any, ...]]:
    """Running sums between one change and the next, cut at each 1 September: school year, from, to, counts.

    Stretches in which nothing is counted are left out. `changes`: day -> what is added to each count that day.
    """
    running = [0] * len(SUMMED)
    days = sorted(day for day, change in changes.items() if any(change))
    for day, until in zip(days, [*days[1:], OPEN_END], strict=True):
        running = list(map(add, running, changes[day]))
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


def _spans(interval: Subquery, counted: Sequence[str], homes: Collection[str | None] | None) -> Select[Any]:
    """How many intervals there are of each place and span of days, for each count."""
    columns = (*(interval.c[key] for key in KEYS), interval.c.begins, interval.c.ends)
    counts = (func.sum(interval.c[name]) for name in counted)
    chosen = select(*columns, *counts).where(interval.c.begins < interval.c.ends).group_by(*columns)
    return chosen if homes is None else chosen.where(_at(interval.c.home_code, homes))


def _interval(table: Table, begins: ColumnElement[date], ends: ColumnElement[date], **holds: ColumnElement[bool]) -> Select[Any]:
    """When each child stands where, and 1 or 0 for each count by whether it `holds` then."""
    counts = (case((held, 1), else_=0).label(name) for name, held in holds.items())
    return select(*(table.c[key] for key in KEYS), begins.label("begins"), ends.label("ends"), *counts)


def _of_school_age() -> Select[Any]:
    place = child_place.c
    begins = later(place.valid_from, func.coalesce(child.c.school_age_from, place.valid_from))
    ends = earlier(place.valid_to, func.coalesce(child.c.school_age_to, OPEN_END))
    return _interval(child_place, begins, ends, children=true()).join_from(child_place, child, child.c.id == place.child_id)


def _on_register() -> Select[Any]:
    place = child_place.c
    return _interval(child_place, place.valid_from, place.valid_to, pupils=true()).where(place.school_code.is_not(None))


def _left_behind() -> Select[Any]:
    care = care_interval.c
    return _interval(
        care_interval,
        care.valid_from,
        care.valid_to,
        left_behind=care.education,
        left_behind_civil=care.civil,
        left_behind_both=and_(care.education, care.civil),
        checked_fresh=care.fresh,
        checked_ever=care.checked,
        unpaired=not_(care.paired),
    )


def _open_cases() -> Select[Any]:
    span = case_interval.c
    open_cases = _interval(case_interval, span.valid_from, span.valid_to, at_risk=true(), visited=span.visits_done > 0)
    return open_cases.where(span.status != CaseStatus.CLOSED.value)


def _overdue() -> Select[Any]:
    span = case_interval.c
    owed = span.next_step.in_([step.value for step in VISIT_STEPS])
    late = _interval(case_interval, later(span.valid_from, span.overdue_from), span.valid_to, overdue=true(), visit_owed=owed)
    return late.where(span.status != CaseStatus.CLOSED.value, span.overdue_from.is_not(None))
