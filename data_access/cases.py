"""The cases with their home-visit assignment: who must do what next by when, on both lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from data_access.case_facts import CaseFacts, read_case_facts
from data_access.case_rows import AS_OF, ROWS, Told, spans
from data_access.line_owners import LineOwner, owner_of
from data_access.schema import OPEN_END, case_file, case_interval, child
from data_access.scoped import case_clause, day_of
from data_access.settings import CaseRules, read_case_rules
from domain.calendar import SchoolCalendar
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus, days_overdue
from domain.grades import Stage, grade_of
from domain.masking import PiiKind, mask
from domain.plain_text import drop_invisible
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.severity import SevereSign, severe_signs
from domain.visits import DutyLine, LadderSettings

FETCHED = 1_000  # rows a time; the rules of their counties are read together
file = case_file.alias("file")
OPENED = select(file.c.opened_on).where(file.c.id == spans.case_id).scalar_subquery()


class CaseOrder(StrEnum):
    """How a list of cases is sorted; each ends with the case number, so that pages never overlap."""

    DUE = "due"
    OPENED = "opened"
    RUNG = "rung"
    VILLAGE = "village"
    SCHOOL = "school"


@dataclass(frozen=True)
class CaseRow:
    """One case as of a day. `child_name` is masked for those who may not see it.

    `days_absent`: school days from the first day missed to the as-of day or the return. `days_overdue`: calendar days past
    `due_on`. `visits_done`: at the door; `visits_missed`: rungs of the ladder that went by without theirs. `severe`: which
    lines of a severe case it has reached (R121).
    """

    case_id: int
    child_id: int
    child_name: str
    village_code: str | None
    village_name: str | None
    school_code: str | None
    school_name: str | None
    grade: int | None
    class_no: int | None
    status: CaseStatus
    reason: str | None
    opened_on: date
    days_absent: int | None
    rung: int | None
    school: LineOwner
    government: LineOwner
    next_step: str | None
    due_on: date | None
    days_overdue: int
    visits_done: int
    visits_missed: int
    last_visit_on: date | None
    last_result: str | None
    relapse_count: int
    outcome: str | None
    severe: tuple[SevereSign, ...] = ()


def read_cases(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    *,
    order: CaseOrder = CaseOrder.DUE,
    limit: int | None = 50,
    offset: int = 0,
    name: str = "",
) -> list[CaseRow]:
    """One page of the cases the filter chooses (`limit` None: all of them), the most overdue first unless sorted otherwise.

    `name` searches the children's names; it comes from the session and never stands in a URL or a log.
    Raises ScopeError for roles that may not list children.
    """
    return list(iterate_cases(conn, scope, chosen, order=order, limit=limit, offset=offset, name=name))


def count_cases(conn: Connection, scope: Scope, chosen: CaseFilter, name: str = "") -> int:
    """How many cases the filter chooses: the total of the filter, not of a page."""
    return int(conn.execute(_narrowed(select(func.count()).select_from(case_interval), scope, chosen, name)).scalar_one())


def _narrowed(query: Select[Any], scope: Scope, chosen: CaseFilter, name: str) -> Select[Any]:
    query = query.where(case_clause(scope, chosen))
    if name:
        scope.require_children()
        named = select(child.c.id).where(child.c.name.contains(drop_invisible(name), autoescape=True))
        query = query.where(case_interval.c.child_id.in_(named))
    return query


def _order(order: CaseOrder) -> tuple[ColumnElement[Any], ...]:
    """What a list is sorted by."""
    due = func.coalesce(spans.overdue_from, OPEN_END)
    first: dict[CaseOrder, tuple[ColumnElement[Any], ...]] = {
        CaseOrder.DUE: (due,),
        CaseOrder.OPENED: (OPENED.desc(),),
        CaseOrder.RUNG: (func.coalesce(spans.rung, 0).desc(), due),
        CaseOrder.VILLAGE: (func.coalesce(spans.home_code, "~"), due),
        CaseOrder.SCHOOL: (func.coalesce(spans.school_code, "~"), due),
    }
    return (*first[order], spans.case_id)


def iterate_cases(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    *,
    order: CaseOrder,
    limit: int | None,
    offset: int,
    name: str,
    also: ColumnElement[bool] | None = None,
) -> Iterator[CaseRow]:
    """The rows of read_cases one by one, for exports of any length; `also`: what else must hold, on case_interval."""
    scope.require_children()
    day = day_of(chosen)
    keys = _narrowed(select(*case_interval.primary_key), scope, chosen, name).order_by(*_order(order))
    keys = keys if also is None else keys.where(also)
    named = keys.limit(limit).offset(offset).subquery("keys")  # found in the index; only the rows of the page are read
    same = and_(*(column == named.c[column.name] for column in case_interval.primary_key))
    query = ROWS[chosen.basis].join(named, same).order_by(*_order(order))
    rules: dict[str, CaseRules] = {}
    for part in conn.execute(query, {AS_OF.key: day}).partitions(FETCHED):
        unread = {row.county_code for row in part} - rules.keys()
        rules |= read_case_rules(conn, unread, day) if unread else {}
        facts = read_case_facts(conn, {row.case_id for row in part}, day)
        for row in map(Told._make, part):
            yield _case_row(row, facts.get(row.case_id, CaseFacts()), scope, day, *rules[row.county_code])


def _case_row(row: Any, facts: CaseFacts, scope: Scope, day: date, calendar: SchoolCalendar, ladder: LadderSettings) -> CaseRow:
    status, absent = CaseStatus(row.status), _days_absent(row.first_absent_on, facts.returned_on, day, calendar)
    return CaseRow(
        **dict(zip(_SAME, _same(row), strict=True)),
        child_name=row.child_name if scope.sees_names else mask(row.child_name, PiiKind.NAME) or "",
        village_code=row.at,
        grade=grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.stage and row.entry_year else None,
        status=status,
        days_absent=absent,
        severe=severe_signs(ladder, status, absent, row.rung, row.relapse_count),
        days_overdue=days_overdue(row.due_on, day),
        last_visit_on=facts.last_visit_on,
        last_result=facts.last_result,
        school=owner_of(row, DutyLine.SCHOOL, ladder),
        government=owner_of(row, DutyLine.GOVERNMENT, ladder),
    )


_SAME = (
    *(
        "case_id",
        "child_id",
        "village_name",
        "school_code",
        "school_name",
        "class_no",
        "reason",
        "opened_on",
        "rung",
        "next_step",
    ),
    *("due_on", "visits_done", "visits_missed", "relapse_count", "outcome"),
)
_same = attrgetter(*_SAME)


def _days_absent(first: date | None, returned_on: date | None, day: date, calendar: SchoolCalendar) -> int | None:
    if first is None:
        return None
    last = min(day, returned_on - timedelta(days=1)) if returned_on else day
    return calendar.absence_days(first, last) if last >= first else 0
