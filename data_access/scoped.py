"""The WHERE clauses of scope and filter: written once, used by every read, the scope always first.

They apply to any table that has the place columns county_code, home_code, registered_code, school_code, stage:
child_place, case_interval and village_count.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, false, or_, select, true

from data_access.chunks import one_of
from data_access.schema import case_file, case_interval, child_place, group_spell, school
from domain.assignment import NOBODY, OwnerState
from domain.case_filter import OFF_LADDER, Basis, CaseFilter
from domain.cases import OUT_OF_SCHOOL, CaseStatus
from domain.grades import entry_year_of, stage_of
from domain.groups import Group
from domain.school_year import school_year_of
from domain.scope import Scope, code_range
from domain.severity import SevereLines
from domain.visits import DutyLine

COUNTY, TOWN = 6, 9  # digits of their codes
Clause = ColumnElement[bool]


def begins_with(column: ColumnElement[Any], prefix: str) -> Clause:
    """Codes that begin with `prefix`, as a range that an index serves."""
    low, high = code_range(prefix)
    return and_(column >= low, column < high)


def on(table: FromClause, day: date | BindParameter[date]) -> Clause:
    """Rows valid on a day, or on the one that a parameter will name."""
    return and_(table.c.valid_from <= day, table.c.valid_to > day)


@lru_cache(maxsize=512)
def in_scope(scope: Scope, table: FromClause) -> Clause:
    """Rows of children that live, are registered or go to school inside the scope."""
    counties = [area for area in scope.areas if len(area) == COUNTY]
    parts = [begins_with(table.c.county_code, area) for area in scope.areas if len(area) < COUNTY]
    if counties:
        parts.insert(0, table.c.county_code.in_(counties))  # first: it nearly always holds
    for area in scope.areas:
        parts += [begins_with(table.c.home_code, area), begins_with(table.c.registered_code, area)]
    schools = select(school.c.code).where(school_in_scope(scope))
    # The other tables are read from one index that holds all that is asked; PostgreSQL would leave it for several.
    return or_(*parts, one_of(table.c.school_code, schools) if table is child_place else table.c.school_code.in_(schools))


def school_in_scope(scope: Scope) -> Clause:
    """Schools that stand in the scope's towns and counties, or are named by it. A village has none: it sees its own children."""
    parts = [begins_with(school.c.town_code, area) for area in scope.areas if len(area) <= TOWN]
    if scope.schools:
        parts.append(school.c.code.in_(scope.schools))
    return or_(false(), *parts)


def counted_at(table: FromClause, basis: Basis) -> ColumnElement[Any]:
    """The column of the area at which a child counts; NULL: unlocated."""
    column: ColumnElement[Any] = table.c.registered_code if basis is Basis.REGISTERED else table.c.home_code
    return column


def place_filter(chosen: CaseFilter, table: FromClause) -> Clause:
    """Area, school, stage: what the summaries know too. A county's children include its unlocated ones."""
    at = counted_at(table, chosen.basis)
    parts: list[Clause] = []
    if chosen.unlocated:
        parts.append(at.is_(None))
    if chosen.area:
        inside = begins_with(at, chosen.area)
        whole = len(chosen.area) <= COUNTY
        parts.append(or_(inside, and_(at.is_(None), begins_with(table.c.county_code, chosen.area))) if whole else inside)
    if chosen.school:
        parts.append(table.c.school_code == chosen.school)
    if chosen.stage:
        parts.append(table.c.stage == chosen.stage.value)
    return and_(true(), *parts)


def child_filter(chosen: CaseFilter, table: FromClause) -> Clause:
    """Grade and groups, on a table that has child_id and entry_year. Groups are alternatives: any of them matches."""
    day = day_of(chosen)
    parts: list[Clause] = []
    if chosen.grade:
        stage = stage_of(chosen.grade)
        parts += [table.c.stage == stage.value, table.c.entry_year == entry_year_of(chosen.grade, stage, school_year_of(day))]
    return and_(true(), *parts, in_groups(chosen, table.c.child_id))


def in_groups(chosen: CaseFilter, child_id: ColumnElement[Any]) -> Clause:
    """Children of any of the filter's groups on its day; all of them when it names none."""
    return of_groups(child_id, chosen.groups, day_of(chosen)) if chosen.groups else true()


def of_groups(child_id: ColumnElement[Any], groups: Iterable[Group], day: date) -> Clause:
    """Children of any of the groups on a day, read from the groups: they are few, and the children are many."""
    names = [group.value for group in groups]
    return child_id.in_(select(group_spell.c.child_id).where(group_spell.c.group_name.in_(names), on(group_spell, day)))


def case_filter(chosen: CaseFilter) -> Clause:
    """Status, reason, rung, overdue and owners, on case_interval; without a status asked for, the open cases."""
    spans = case_interval.c
    parts: list[Clause] = [spans.status != CaseStatus.CLOSED.value]
    if chosen.statuses:
        parts = [spans.status.in_([status.value for status in chosen.statuses])]
    if chosen.reasons:
        parts.append(spans.reason.in_([reason.value for reason in chosen.reasons]))
    if chosen.rung is not None:
        parts.append(spans.rung.is_(None) if chosen.rung == OFF_LADDER else spans.rung == chosen.rung)
    if chosen.overdue:
        parts.append(spans.overdue_from <= day_of(chosen))
    if chosen.nobody:
        parts.append(without_owner(chosen.nobody_line))
    if chosen.orphaned:
        parts.append(orphaned())
    if chosen.severe:
        parts.append(severe(chosen))
    if chosen.owner:
        parts.append(or_(*(spans[f"{line}_owner_id"] == chosen.owner for line in lines_of(chosen.owner_line))))
    return and_(true(), *parts)


def without_owner(line: DutyLine | None = None) -> Clause:
    """Open cases that nobody answers for on one of the two lines, or on the one named: the red list (R210)."""
    states = [state.value for state in NOBODY]
    return or_(*(case_interval.c[f"{one}_owner_state"].in_(states) for one in lines_of(line)))


def lines_of(line: DutyLine | None) -> tuple[DutyLine, ...]:
    """The line asked about; both when none is."""
    return (line,) if line else tuple(DutyLine)


def orphaned() -> Clause:
    """Open cases of which somebody who answered for them has left."""
    spans, state = case_interval.c, OwnerState.ORPHANED.value
    return or_(spans.school_owner_state == state, spans.government_owner_state == state)


def severe(chosen: CaseFilter) -> Clause:
    """Open cases of children not back that have reached a line from which they are severe (R121)."""
    if chosen.severe_lines is None:
        raise ValueError("read what severe means before reading: with_severe_lines")
    return and_(
        case_interval.c.status.in_([status.value for status in OUT_OF_SCHOOL]),
        or_(false(), *(and_(case_interval.c.county_code.in_(one.counties), _reached(one)) for one in chosen.severe_lines)),
    )


def _reached(lines: SevereLines) -> Clause:
    file = case_file.c
    of_file = [
        *([file.first_absent_on <= lines.absent_since] if lines.absent_since is not None else []),
        *([file.relapse_count >= lines.from_relapses] if lines.from_relapses is not None else []),
    ]
    parts: list[Clause] = [case_interval.c.case_id.in_(select(file.id).where(or_(*of_file)))] if of_file else []
    if lines.from_rung is not None:
        parts.append(case_interval.c.rung >= lines.from_rung)
    return or_(false(), *parts)


def case_clause(scope: Scope, chosen: CaseFilter) -> Clause:
    """The cases that the filter chooses, on case_interval: the open ones unless it asks for closed.

    SQLite tests in the order written: the day and the status, which leave one row in five, come before the dearer scope.
    """
    return and_(
        on(case_interval, day_of(chosen)),
        case_filter(chosen),
        in_scope(scope, case_interval),
        place_filter(chosen, case_interval),
        child_filter(chosen, case_interval),
    )


def with_case(chosen: CaseFilter, table: FromClause) -> Clause:
    """Children whose open case the filter's status, reason, rung and overdue choose; all of them when it sets none."""
    if not chosen.needs_case:
        return true()
    cases = select(case_interval.c.child_id).where(on(case_interval, day_of(chosen)), case_filter(chosen))
    return table.c.child_id.in_(cases)


def child_clause(scope: Scope, chosen: CaseFilter, table: FromClause) -> Clause:
    """The children that the filter chooses, on child_place."""
    return and_(
        in_scope(scope, table),
        on(table, day_of(chosen)),
        place_filter(chosen, table),
        child_filter(chosen, table),
        with_case(chosen, table),
    )


def open_on(day: date) -> Clause:
    """The cases open on a day, on case_interval."""
    return and_(on(case_interval, day), case_interval.c.status != CaseStatus.CLOSED.value)


def day_of(chosen: CaseFilter) -> date:
    """The as-of day of a resolved filter. Raises ValueError for one that is not: what "today" is must be settled before."""
    if chosen.as_of is None:
        raise ValueError("resolve the filter before reading: it has no as-of date")
    return chosen.as_of
