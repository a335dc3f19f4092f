"""The register of what was done about units: rows are only added; a wrong one is corrected by another (domain.unit_records)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, false, or_, select
from sqlalchemy.orm import aliased

from data_access import audit
from data_access.case_work import find_sent, note_sent
from data_access.engine import business_date
from data_access.schema import area, school, unit_record
from data_access.scoped import begins_with, day_of, school_in_scope
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_filter import CaseFilter
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope, Write
from domain.unit_records import MAY_LIE_AHEAD, UnitEntry, UnitRecordKind

ACT = "unit.record"
WRITERS = frozenset({Role.COUNTY, Role.TOWNSHIP})  # a school does not judge itself


@dataclass(frozen=True)
class UnitRecord:
    """One entry that stands; `recorded_by`: the account that wrote it."""

    record_id: int
    kind: UnitRecordKind
    on: date
    unit_code: str
    unit_name: str
    number: str | None
    to: str | None
    result: str | None
    note: str | None
    recorded_by: str


def may_record(scope: Scope) -> bool:
    """Whether this role keeps the register: the bureau and the townships, each of the own area."""
    return scope.role in WRITERS and scope.may(Write.CASE)


def record_unit_act(engine: Engine, scope: Scope, entry: UnitEntry, token: str, *, corrects: int | None = None) -> bool:
    """Add an entry; sent twice with one token it is written once, which answers True. `corrects`: the wrong one it stands for.

    Raises ScopeError for other roles, ProblemError record.no_unit outside the own area, record.no_record for an entry to
    correct that is none, was corrected before or is another area's, and what `UnitEntry.check` raises.
    """
    if not may_record(scope):
        raise ScopeError("scope.no_write")
    with open_scoped(engine, scope) as conn:
        county = _county_of(conn, scope, entry.unit_code)
        wrong = _standing().where(unit_record.c.id == corrects, _inside(scope))
        if corrects is not None and conn.execute(wrong).first() is None:
            raise ProblemError("record.no_record")
    with write(engine, county) as conn:
        if find_sent(conn, scope, ACT, token) is not None:
            return True
        entry.check(business_date(conn))
        told: dict[str, Any] = {
            "kind": entry.kind.value,
            "on_date": entry.on,
            "unit_code": entry.unit_code,
            "county_code": county,
        }
        texts = {"number": entry.number, "sent_to": entry.to, "result": entry.result, "note": entry.note}
        told |= {name: text.strip() or None for name, text in texts.items()}
        number = insert_row(conn, unit_record, recorded_by=scope.user, corrects=corrects, **told)
        note_sent(conn, scope, ACT, token, number)
        audit.record(engine, scope, ACT, county=county, row_count=1, row_ids=[number])
    return False


def read_unit_records(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[UnitRecord]:
    """The entries of scope and filter that stand, of the period up to the as-of day, plans for days to come too; latest first."""
    day, one = day_of(chosen), unit_record.c
    ahead = one.kind.in_([kind.value for kind in MAY_LIE_AHEAD])
    query = _standing().where(_inside(scope), or_(one.on_date <= day, ahead))
    if chosen.period:
        query = query.where(one.on_date >= chosen.period.starts)
    if chosen.school:
        query = query.where(one.unit_code == chosen.school)
    elif chosen.area:
        there = select(school.c.code).where(begins_with(school.c.town_code, chosen.area))
        query = query.where(or_(one.unit_code.in_(there), begins_with(one.unit_code, chosen.area)))
    names = _unit_names(conn)
    return [
        UnitRecord(
            row.id,
            UnitRecordKind(row.kind),
            row.on_date,
            row.unit_code,
            names.get(row.unit_code, row.unit_code),
            row.number,
            row.sent_to,
            row.result,
            row.note,
            row.recorded_by,
        )
        for row in conn.execute(query.order_by(one.on_date.desc(), one.id.desc()))
    ]


def read_units(conn: Connection, scope: Scope) -> dict[str, str]:
    """The units that an entry of this scope may be about: its county and towns, then its schools; code -> name."""
    places = select(area.c.code, area.c.name).where(or_(false(), *(begins_with(area.c.code, code) for code in scope.areas)))
    places = places.where(area.c.level.in_(["county", "town"])).order_by(area.c.code)
    schools = select(school.c.code, school.c.name).where(school_in_scope(scope)).order_by(school.c.code)
    found = {row.code: row.name for row in conn.execute(places)}
    return found | {row.code: row.name for row in conn.execute(schools)}


def _standing() -> Select[Any]:
    later = aliased(unit_record).c
    return select(unit_record).where(unit_record.c.id.not_in(select(later.corrects).where(later.corrects.is_not(None))))


def _inside(scope: Scope) -> ColumnElement[bool]:
    one, schools = unit_record.c, select(school.c.code).where(school_in_scope(scope))
    return or_(one.unit_code.in_(schools), *(begins_with(one.unit_code, code) for code in scope.areas))


def _county_of(conn: Connection, scope: Scope, unit_code: str) -> str:
    mine = select(school.c.county_code).where(school.c.code == unit_code, school_in_scope(scope))
    county = conn.execute(mine).scalar()
    if county is None and unit_code.startswith(scope.areas) and unit_code in read_units(conn, scope):
        county = unit_code[:6]
    if county is None:
        raise ProblemError("record.no_unit")
    return str(county)


def _unit_names(conn: Connection) -> dict[str, str]:
    names = {row.code: row.name for row in conn.execute(select(area.c.code, area.c.name).where(area.c.level != "village"))}
    return names | {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}
