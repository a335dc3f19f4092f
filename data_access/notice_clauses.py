"""Which notices a filter chooses and how each stands, as SQL over notice, its case and the case's interval of the day."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from data_access.schema import case_file, case_interval, child, notice
from data_access.scoped import child_filter, day_of, in_scope, on, place_filter
from domain.case_filter import CaseFilter
from domain.notices import SOON, SUPERVISION, NoticeState
from domain.scope import Scope

NEVER = date(9999, 12, 30)
_own, _of_case = func.coalesce(notice.c.closed_on, NEVER), func.coalesce(case_file.c.closed_on, NEVER)
closed_day: ColumnElement[Any] = case((_own <= _of_case, _own), else_=_of_case)  # domain.notices.closing_day in SQL


def notice_clause(scope: Scope, chosen: CaseFilter) -> ColumnElement[bool]:
    """The notices of the filter: issued up to the day and, of the closed ones, those closed in its period."""
    day = day_of(chosen)
    spans = (on(case_interval, day), place_filter(chosen, case_interval), child_filter(chosen, case_interval))
    parts = [in_scope(scope, case_interval), *spans, notice.c.kind == SUPERVISION, notice.c.issued_on <= day]
    if chosen.statuses:
        parts.append(case_interval.c.status.in_([status.value for status in chosen.statuses]))
    if chosen.period:
        parts.append(or_(closed_day > day, closed_day >= chosen.period.starts))
    return and_(*parts)


def state_of(day: date) -> ColumnElement[str]:
    """domain.notices.notice_state in SQL; a test holds them against each other."""
    due = notice.c.due_on
    return case(
        (closed_day <= day, NoticeState.CLOSED.value),
        (due < day, NoticeState.OVERDUE.value),
        (due <= day + SOON, NoticeState.DUE.value),
        else_=NoticeState.OPEN.value,
    )


def joined_cases(query: Any) -> Select[Any]:
    """The query over the notices, each with its case and what that is on some day."""
    joined: Select[Any] = query.select_from(notice).join(case_interval, case_interval.c.case_id == notice.c.case_id)
    return joined.join(case_file, case_file.c.id == notice.c.case_id)


def searched(query: Select[Any], name: str) -> Select[Any]:
    """The query narrowed to children of that name; unchanged for none."""
    if not name:
        return query
    named = select(child.c.id).where(child.c.name.contains(name, autoescape=True))
    return query.where(case_interval.c.child_id.in_(named))
