"""How many cases, and how many of them overdue: by status, rung, reason, school, village, owner."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from data_access.bulk import by_scan
from data_access.schema import case_interval
from data_access.scoped import case_clause, counted_at, day_of
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus
from domain.scope import Scope
from domain.visits import DutyLine


class CaseGrouping(StrEnum):
    """By what open cases are counted."""

    STATUS = "status"
    RUNG = "rung"
    REASON = "reason"
    SCHOOL = "school"
    VILLAGE = "village"
    SCHOOL_OWNER = "school_owner"
    GOVERNMENT_OWNER = "government_owner"


OWNERS = {CaseGrouping.SCHOOL_OWNER: DutyLine.SCHOOL, CaseGrouping.GOVERNMENT_OWNER: DutyLine.GOVERNMENT}


def count_cases_by(
    conn: Connection, scope: Scope, chosen: CaseFilter, grouping: CaseGrouping
) -> dict[str | int | None, tuple[int, int]]:
    """Cases and overdue cases by status, rung, reason, school, village or owner: value -> (cases, overdue).

    By owner only the open cases are counted: nobody answers for a closed one, which is no case without an owner.
    """
    spans = case_interval.c
    columns: dict[CaseGrouping, ColumnElement[Any]] = {
        CaseGrouping.STATUS: spans.status,
        CaseGrouping.RUNG: spans.rung,
        CaseGrouping.REASON: spans.reason,
        CaseGrouping.SCHOOL: spans.school_code,
        CaseGrouping.VILLAGE: counted_at(case_interval, chosen.basis),
        CaseGrouping.SCHOOL_OWNER: spans.school_owner_id,
        CaseGrouping.GOVERNMENT_OWNER: spans.government_owner_id,
    }
    column = columns[grouping]
    overdue = func.count(case((spans.overdue_from <= day_of(chosen), 1)))
    value = by_scan(column)  # else SQLite walks the column's own index through cases of all times
    query = select(value, func.count(), overdue).where(case_clause(scope, chosen)).group_by(value)
    if grouping in OWNERS:
        query = query.where(spans.status != CaseStatus.CLOSED.value)
    return {value: (cases, late) for value, cases, late in conn.execute(query)}
