"""The board of supervision notices: which are open, due, overdue, closed on a day, and the rows behind each number."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from data_access.notice_clauses import closed_day, joined_cases, notice_clause, searched, state_of
from data_access.schema import area, case_file, case_interval, child, notice, notice_event, school
from data_access.scoped import counted_at, day_of
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus, days_overdue
from domain.masking import PiiKind, mask
from domain.notices import NoticeState, NoticeStep, closing_day, notice_state
from domain.scope import Scope


class NoticePart(StrEnum):
    """What a list of notices holds: all of them, or those in one state."""

    ALL = "all"
    OPEN = NoticeState.OPEN.value
    DUE = NoticeState.DUE.value
    OVERDUE = NoticeState.OVERDUE.value
    CLOSED = NoticeState.CLOSED.value

    @property
    def state(self) -> NoticeState | None:
        """The state; None for all."""
        return None if self is NoticePart.ALL else NoticeState(self.value)


@dataclass(frozen=True)
class NoticeRow:
    """One notice as of a day; `child_name` masked for those who may not see it. `case_status`: of its case on that day."""

    notice_id: int
    number: str
    month: str | None
    state: NoticeState
    case_id: int
    child_id: int
    child_name: str
    case_status: CaseStatus
    village_name: str | None
    unit_code: str | None
    unit_name: str | None
    owner: str | None
    matter: str | None
    requirement: str | None
    issued_on: date
    due_on: date | None
    days_overdue: int
    replied_on: date | None
    checked: str | None
    closed_on: date | None


@dataclass(frozen=True)
class NoticeEvent:
    """One step of a notice: what, when, by whom; `note` as written, hidden from those who may not see names."""

    kind: str
    on: date
    actor: str
    note: str | None


def count_notices(conn: Connection, scope: Scope, chosen: CaseFilter, name: str = "") -> dict[NoticeState, int]:
    """How many notices stand in each state on the day; each is in exactly one."""
    counts = dict.fromkeys(NoticeState, 0)
    state = state_of(day_of(chosen)).label("state")
    query = searched(joined_cases(select(state, func.count().label("notices"))), name).where(notice_clause(scope, chosen))
    counts |= {NoticeState(row.state): row.notices for row in conn.execute(query.group_by(state))}
    return counts


def count_by_town(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[tuple[str, NoticeState], int]:
    """(town, state) -> notices, by where the child counts; town "" for children in no known village."""
    town = func.coalesce(func.substr(counted_at(case_interval, chosen.basis), 1, 9), "").label("town")
    state = state_of(day_of(chosen)).label("state")
    query = (
        joined_cases(select(town, state, func.count().label("notices"))).where(notice_clause(scope, chosen)).group_by(town, state)
    )
    return {(row.town, NoticeState(row.state)): row.notices for row in conn.execute(query)}


def iterate_notices(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    *,
    part: NoticePart = NoticePart.ALL,
    limit: int | None = 50,
    offset: int = 0,
    name: str = "",
) -> Iterator[NoticeRow]:
    """One page of a part of the notices, the longest overdue first, those without a due day last.

    Raises ScopeError for roles that may not list children.
    """
    scope.require_children()
    day = day_of(chosen)
    query = joined_cases(_columns()).join(child, child.c.id == case_interval.c.child_id).where(notice_clause(scope, chosen))
    if part.state is not None:
        query = query.where(state_of(day) == part.state.value)
    query = searched(query, name)
    at = counted_at(case_interval, chosen.basis)
    query = query.outerjoin(area, area.c.code == at).outerjoin(school, school.c.code == notice.c.unit_code)
    order = (closed_day <= day, notice.c.due_on.is_(None), notice.c.due_on, notice.c.id)
    for row in conn.execute(query.order_by(*order).limit(limit).offset(offset)):
        yield _row(row, scope, day)


_OWN = ("number", "month", "unit_code", "owner", "matter", "requirement", "issued_on", "due_on", "replied_on", "checked")
_SAME = (*_OWN[:-2], "notice_id", "case_id", "child_id", "village_name", "unit_name")


def _columns() -> Select[Any]:
    return select(
        notice.c.id.label("notice_id"),
        *(notice.c[name] for name in _OWN),
        notice.c.closed_on,
        case_file.c.closed_on.label("case_closed_on"),
        case_interval.c.case_id,
        case_interval.c.child_id,
        case_interval.c.status.label("case_status"),
        child.c.name.label("child_name"),
        area.c.name.label("village_name"),
        school.c.name.label("unit_name"),
    )


def _row(row: Row[Any], scope: Scope, day: date) -> NoticeRow:
    closed = closing_day(row.closed_on, row.case_closed_on)
    replied = row.replied_on if row.replied_on and row.replied_on <= day else None
    return NoticeRow(
        **{name: getattr(row, name) for name in _SAME},
        child_name=row.child_name if scope.sees_names else mask(row.child_name, PiiKind.NAME) or "",
        case_status=CaseStatus(row.case_status),
        state=notice_state(row.due_on, closed, day),
        days_overdue=0 if closed and closed <= day else days_overdue(row.due_on, day),
        replied_on=replied,
        checked=row.checked if replied else None,
        closed_on=closed if closed and closed <= day else None,
    )


def read_steps(conn: Connection, scope: Scope, chosen: CaseFilter, notice_id: int) -> list[NoticeEvent]:
    """What became of a notice, in order; empty for one outside the scope.

    A reply or closing that came with a ledger (L11) has no step of its own: it stands here by its day, without who.
    """
    day = day_of(chosen)
    seen = (notice_clause(scope, chosen), notice.c.id == notice_id)
    query = (
        select(notice_event)
        .join(notice, notice.c.id == notice_event.c.notice_id)
        .join(case_interval, case_interval.c.case_id == notice.c.case_id)
        .join(case_file, case_file.c.id == notice.c.case_id)
        .where(*seen, notice_event.c.on_date <= day)
        .order_by(notice_event.c.id)
    )
    steps = [NoticeEvent(row.kind, row.on_date, row.actor, row.note) for row in conn.execute(query)]
    itself = (
        select(notice.c.replied_on, notice.c.reply, notice.c.closed_on)
        .join(case_interval, case_interval.c.case_id == notice.c.case_id)
        .join(case_file, case_file.c.id == notice.c.case_id)
        .where(*seen)
    )
    for row in conn.execute(itself):
        known = {NoticeStep.REPLIED: (row.replied_on, row.reply), NoticeStep.CLOSED: (row.closed_on, None)}
        there = {step.kind for step in steps}
        steps += [NoticeEvent(kind, on, "", note) for kind, (on, note) in known.items() if on and on <= day and kind not in there]
    steps.sort(key=attrgetter("on"))
    return steps if scope.sees_names else [replace(step, note=mask(step.note, PiiKind.FREE_TEXT)) for step in steps]
