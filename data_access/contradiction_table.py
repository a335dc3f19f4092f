"""The contradictions to take away: the list as a page or a command narrows it, both sides of each beside each other."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from data_access.contradictions import ContradictionRow, Which, iterate_contradictions
from data_access.tables import ExportTable, Row
from domain.case_filter import CaseFilter
from domain.checks import say_explained_by
from domain.scope import Scope

FIELDS: dict[str, Callable[[ContradictionRow, bool], object]] = {
    "contradiction_id": lambda row, _masked: str(row.number),
    "severity": lambda row, _masked: row.rule.severity.value,
    "check_rule": lambda row, _masked: row.rule.code,
    "school_code": lambda row, _masked: row.school_code,
    "school_name": lambda row, _masked: row.school_name,
    "town_name": lambda row, _masked: row.town_name,
    "child_id": lambda row, _masked: None if row.child_id is None else str(row.child_id),
    "child_name": lambda row, _masked: row.child_name,
    "left_side": lambda row, _masked: row.left.what,
    "left_value": lambda row, masked: row.left.say(masked=masked),
    "right_side": lambda row, _masked: row.right.what,
    "right_value": lambda row, masked: row.right.say(masked=masked),
    "check_owner": lambda row, _masked: row.rule.owner.value,
    "first_seen": lambda row, _masked: row.first_seen,
    "check_age": lambda row, _masked: row.age,
    "check_status": lambda row, _masked: row.status.value,
    "mended_on": lambda row, _masked: row.mended_on,
    "verified": lambda row, _masked: row.outcome,
    "explanation": lambda row, _masked: row.reason,
    "explained_by": lambda row, _masked: say_explained_by(row.explained_by),
    "explained_on": lambda row, _masked: row.explained_on,
}


def contradictions_in(which: Which) -> ExportTable:
    """The contradictions of a page's list: open ones where nothing else is said, errors first, then the oldest."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        for row in iterate_contradictions(conn, scope, chosen, which, limit=None, offset=0):
            yield tuple(read(row, not scope.sees_names) for read in FIELDS.values())

    note = "checks.by_school" if which.by_school else f"finished.{which.status}" if which.status else ""
    return ExportTable("contradictions", tuple(FIELDS), rows, note)
