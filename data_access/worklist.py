"""What is on one person up to a day: the cases he or she answers for, and the visits he or she must come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, or_, select, true

from data_access.cases import CaseOrder, CaseRow, iterate_cases
from data_access.schema import case_interval, child_place, person, responsibility, school_class
from data_access.scoped import begins_with, day_of, lines_of, on
from data_access.settings import read_ladder
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope
from domain.visits import DutyLine, DutyRole, LadderSettings

CLOSED_PART = "comes_along"


@dataclass(frozen=True)
class Task:
    """One case on a person's list. `part`: `school` or `government` for the line he or she answers for, else `comes_along`."""

    part: str
    case: CaseRow


def end_of_week(day: date) -> date:
    """The Sunday that ends the week of a day."""
    return day + timedelta(days=6 - day.weekday())


def read_worklist(conn: Connection, scope: Scope, chosen: CaseFilter, until: date | None = None) -> list[Task]:
    """What is on `chosen.owner` on the filter's day and falls due by `until` (its week's end), the most overdue first.

    Whoever answers for a case has it, and whoever holds a role that the step brings to the door: a class teacher whom the
    principal takes along (R024); with `owner_line` only what he or she answers for on that line. Raises ProblemError
    worklist.no_person when the filter names nobody.
    """
    return list(iterate_worklist(conn, scope, chosen, until))


def iterate_worklist(conn: Connection, scope: Scope, chosen: CaseFilter, until: date | None = None) -> Iterator[Task]:
    """The rows of read_worklist one by one."""
    if chosen.owner is None:
        raise ProblemError("worklist.no_person")
    day, who = day_of(chosen), chosen.owner
    spans, last = case_interval.c, until or end_of_week(day)
    answers = [spans[f"{line}_owner_id"] == who for line in lines_of(chosen.owner_line)]
    mine = or_(*answers, *([] if chosen.owner_line else _comes(conn, who, day)))
    also = and_(spans.due_on <= last, mine)
    rows = iterate_cases(conn, scope, _without_owner(chosen), order=CaseOrder.DUE, limit=None, offset=0, name="", also=also)
    yield from (Task(_part(row, who), row) for row in rows)


def _without_owner(chosen: CaseFilter) -> CaseFilter:
    return chosen.without("owner")


def _part(row: CaseRow, who: int) -> str:
    for line in DutyLine:
        if getattr(row, line.value).person_id == who:
            return line.value
    return CLOSED_PART


def _comes(conn: Connection, who: int, day: date) -> Iterator[ColumnElement[bool]]:
    """For each role the person holds: the cases of that place whose step brings that role to the door."""
    held = responsibility.c
    query = (
        select(responsibility, *(school_class.c[name].label(f"class_{name}") for name in CLASS), person.c.county_code)
        .join(person, person.c.id == held.person_id)
        .outerjoin(school_class, school_class.c.id == held.class_id)
        .where(held.person_id == who, on(responsibility, day), on(person, day))
    )
    for row in conn.execute(query).all():
        ladder: LadderSettings = read_ladder(conn, row.county_code, day)
        steps = [rung.step.value for rung in ladder.rungs if DutyRole(row.role) in rung.must_visit]
        if steps:
            yield and_(case_interval.c.next_step.in_(steps), _place(row, day))


CLASS = ("school_code", "stage", "entry_year", "class_no")


def _place(row: Row[Any], day: date) -> ColumnElement[bool]:
    spans, place = case_interval.c, child_place.c
    if row.class_id:
        same = [spans[name] == getattr(row, f"class_{name}") for name in CLASS[:3]]
        in_class = exists().where(place.child_id == spans.child_id, on(child_place, day), place.class_no == row.class_class_no)
        return and_(true(), *same, in_class)
    if row.school_code:
        there: ColumnElement[bool] = spans.school_code == row.school_code
        return there
    return begins_with(spans.home_code, row.area_code)
