"""The ledgers whose rows are about units: L11 notices, L12 inspections, L13 returns, L15 villages, L16 retention."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from data_access.ledger_lines import read_line_rows, read_lines
from data_access.ledger_out_children import Values
from data_access.ledger_says import says_inspection, says_notice, says_report, says_retention, says_village
from data_access.schema import area, inspection_item, notice, retention_return, school, unit_report, village_return
from data_access.scoped import begins_with, day_of, school_in_scope
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.written_periods import DAILY, MONTHLY, WEEKLY


def _of_units(scope: Scope, chosen: CaseFilter, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows of the schools and areas in the scope, narrowed by the filter's area and school."""
    areas = or_(*(begins_with(column, code) for code in scope.areas)) if scope.areas else None
    schools = select(school.c.code).where(school_in_scope(scope))
    if chosen.area:
        schools = schools.where(begins_with(school.c.town_code, chosen.area[:9]))
    inside = column.in_(schools) if areas is None else or_(column.in_(schools), areas)
    if chosen.school:
        return and_(inside, column == chosen.school)
    if chosen.area:
        return and_(inside, or_(column.in_(schools), begins_with(column, chosen.area)))
    return inside


def _unit_names(conn: Connection) -> dict[str, str]:
    """Names of schools and areas by code."""
    names = {row.code: row.name for row in conn.execute(select(area.c.code, area.c.name).where(area.c.level != "village"))}
    return names | {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}


def iterate_notices(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L11: the notices of supervision issued in the period up to the as-of day."""
    names, lines, one = _unit_names(conn), read_lines(conn, cipher, "L11"), notice.c
    query = select(notice).where(
        _of_units(scope, chosen, one.unit_code), one.kind == "supervision", one.issued_on <= day_of(chosen)
    )
    if chosen.period:
        query = query.where(one.issued_on >= chosen.period.starts)
    for row in conn.execute(query.order_by(one.issued_on, one.id)):
        yield {**says_notice(row._mapping, names.get(row.unit_code)), **lines.get(f"notice:{row.id}", {})}


def iterate_inspections(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L12: what was looked at in the period up to the as-of day."""
    names, lines, one = _unit_names(conn), read_lines(conn, cipher, "L12"), inspection_item.c
    inside = _of_units(scope, chosen, one.unit_code)
    if any(len(code) <= 6 for code in scope.areas) and not chosen.area and not chosen.school:
        inside = or_(inside, and_(one.unit_code.is_(None), one.county_code.in_([code[:6] for code in scope.areas])))
    query = select(inspection_item).where(inside, one.inspected_on <= day_of(chosen))
    if chosen.period:
        query = query.where(one.inspected_on >= chosen.period.starts)
    for row in conn.execute(query.order_by(one.inspected_on, one.id)):
        yield {**says_inspection(row._mapping, names.get(row.unit_code)), **lines.get(f"inspection:{row.id}", {})}


def iterate_reports(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L13: the daily, weekly and monthly returns of the period up to the as-of day, zero returns among them."""
    names, lines, one = _unit_names(conn), read_lines(conn, cipher, "L13"), unit_report.c
    query = select(unit_report).where(
        _of_units(scope, chosen, one.unit_code),
        one.duty.in_([DAILY, WEEKLY, MONTHLY]),
        one.period_from <= day_of(chosen),
        one.submitted_at.is_not(None),
    )
    if chosen.period:
        query = query.where(one.period_from >= chosen.period.starts)
    for row in conn.execute(query.order_by(one.period_from, one.duty, one.unit_code)):
        yield {**says_report(row._mapping, names.get(row.unit_code)), **lines.get(f"report:{row.id}", {})}


def iterate_villages(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L15: the villages' counts of the school year, then the children who should learn and do not, by name."""
    lines, one, day = read_lines(conn, cipher, "L15"), village_return.c, day_of(chosen)
    wide = tuple(code for code in scope.areas if len(code) <= 6)
    inside = or_(*(begins_with(one.area_code, code) for code in scope.areas), one.county_code.in_([c[:6] for c in wide]))
    query = select(village_return).where(inside, one.as_of <= day, one.as_of >= date(school_year_of(day), 9, 1))
    for row in conn.execute(query.order_by(one.id)):
        yield {**says_village(row._mapping), **lines.get(f"village:{row.id}", {})}
    for line in read_line_rows(conn, "L15"):
        placed = line.unit_code or line.county_code
        if line.line_key.startswith("unlearned:") and any(placed.startswith(code) for code in scope.areas):
            yield dict(lines[line.line_key])


def iterate_retention(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L16: the schools' own arithmetic of retention, cohort by cohort."""
    names, lines, one = _unit_names(conn), read_lines(conn, cipher, "L16"), retention_return.c
    query = select(retention_return).where(_of_units(scope, chosen, one.school_code))
    for row in conn.execute(query.order_by(one.school_code, one.cohort)):
        yield {**says_retention(row._mapping, names.get(row.school_code)), **lines.get(f"retention:{row.id}", {})}
