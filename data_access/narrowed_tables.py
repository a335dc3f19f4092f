"""The tables to take away as a page narrows or sorts them beyond the filter: the same rows in the same order."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from data_access.absences import AbsencePart
from data_access.cases import CaseOrder, iterate_cases
from data_access.children import iterate_left_behind
from data_access.coverage import iterate_coverage
from data_access.left_behind_parts import LeftBehindPart
from data_access.notices import NoticePart, iterate_notices
from data_access.schools import read_schools
from data_access.tables import (
    CASE_FIELDS,
    LEFT_BEHIND_FIELDS,
    NOTICE_FIELDS,
    SCHOOL_FIELDS,
    TABLES,
    UNVISITED_FIELDS,
    ExportTable,
    Row,
    absence_rows,
    plain,
    queue_rows,
)
from domain.case_filter import CaseFilter
from domain.coverage import CoveragePart, TargetGroup, VisitSpan
from domain.queues import Queue
from domain.scope import Scope
from domain.targets import Verdict


def cases_in(order: CaseOrder) -> ExportTable:
    """The cases sorted as on screen."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
        for row in iterate_cases(conn, scope, chosen, order=order, limit=None, offset=0, name=name):
            yield tuple(read(row) for read in CASE_FIELDS.values())

    return replace(TABLES["cases"], rows=rows, note="" if order is CaseOrder.DUE else f"caseorder.{order}")


def schools_judged(verdict: Verdict | None) -> ExportTable:
    """The schools with one verdict; all of them for None."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        for row in read_schools(conn, scope, chosen):
            if verdict in (None, row.verdict):
                yield tuple(read(row) for read in SCHOOL_FIELDS.values())

    return replace(TABLES["schools"], rows=rows, note=f"verdict.{verdict}" if verdict else "")


def notices_in(part: NoticePart) -> ExportTable:
    """The notices of one part."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
        for row in iterate_notices(conn, scope, chosen, part=part, limit=None, name=name):
            yield tuple(read(row) for read in NOTICE_FIELDS.values())

    return replace(TABLES["notices"], rows=rows, note="" if part is NoticePart.ALL else f"noticestate.{part}")


def coverage_in(span: VisitSpan, group: TargetGroup, part: CoveragePart) -> ExportTable:
    """The pupils of a group to whom a visit is owed in a span: those without one, those with one, or both."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        for row in iterate_coverage(conn, scope, chosen, span, group, part, limit=None):
            yield plain(row, UNVISITED_FIELDS)

    return replace(TABLES["unvisited"], name=part.value, rows=rows, note=f"spankind.{span.kind}")


def left_behind_in(part: LeftBehindPart) -> ExportTable:
    """The left-behind children of one part."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
        for row in iterate_left_behind(conn, scope, chosen, part=part, limit=None, offset=0, name=name):
            yield tuple(str(row.child_id) if field == "child_id" else getattr(row, field) for field in LEFT_BEHIND_FIELDS)

    return replace(TABLES["left-behind"], rows=rows, note="" if part is LeftBehindPart.ALL else f"leftbehindpart.{part}")


def absences_in(part: AbsencePart) -> ExportTable:
    """One part of the absences."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        yield from absence_rows(conn, scope, chosen, part)

    return replace(TABLES["absences"], rows=rows, note=f"absencepart.{part}")


def queue_in(queue: Queue) -> ExportTable:
    """One work queue."""

    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        yield from queue_rows(conn, scope, chosen, queue)

    return replace(TABLES["queues"], rows=rows, note=f"queue.{queue}")
