"""Duties for a unit as such: who heads a grade, who keeps a school's data, who leads a monitoring point (R214, R219, R232)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from data_access.schema import area, person, responsibility, school
from data_access.scoped import begins_with, day_of, on, school_in_scope
from domain.case_filter import CaseFilter
from domain.grades import Stage, grade_of
from domain.rates import Rate
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.visits import DutyRole

BETWEEN = "、"


@dataclass(frozen=True)
class MonitoringPoint:
    """A village, town or school that is watched (监测点), with those who lead it and since when the first of them does."""

    unit_code: str
    unit_name: str
    leaders: tuple[str, ...]
    since: date


def read_officers(conn: Connection, day: date) -> dict[str, str]:
    """School -> who keeps its data on a day. Duty holders are never masked."""
    held = _holders(DutyRole.DATA_OFFICER, day, responsibility.c.school_code)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for unit, name, _ in conn.execute(held.where(responsibility.c.school_code.is_not(None))):
        found[unit].append(name)
    return {unit: BETWEEN.join(names) for unit, names in found.items()}


def count_officers(conn: Connection, scope: Scope, chosen: CaseFilter) -> Rate:
    """Schools of the filter with a named data officer on the day / schools."""
    named = read_officers(conn, day_of(chosen))
    codes = conn.execute(select(school.c.code).where(*_schools(scope, chosen))).scalars().all()
    return Rate(sum(code in named for code in codes), len(codes))


def read_grade_heads(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[tuple[str, int], str]:
    """(stage, grade) of the filter's school -> who heads it on the day. Raises ValueError for a filter without a school."""
    if chosen.school is None:
        raise ValueError("grades are read of one school")
    day, duty = day_of(chosen), responsibility.c
    seen = select(school.c.code).where(*_schools(scope, chosen))
    query = _holders(DutyRole.GRADE_HEAD, day, duty.stage, duty.entry_year).where(duty.school_code.in_(seen))
    found: dict[tuple[str, int], str] = {}
    for stage, entered, name, _ in conn.execute(query.where(duty.stage.is_not(None), duty.entry_year.is_not(None))):
        grade = grade_of(entered, Stage(stage), school_year_of(day))
        if grade is not None:
            found[stage, grade] = name
    return found


def read_monitoring(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[MonitoringPoint]:
    """The monitoring points of scope and filter on the day, by code."""
    day, duty = day_of(chosen), responsibility.c
    seen = select(school.c.code).where(*_schools(scope, chosen))
    inside: list[ColumnElement[bool]] = [duty.school_code.in_(seen)]
    if chosen.school is None:
        inside += [begins_with(duty.area_code, code) for code in _areas(scope, chosen)]
    unit = func.coalesce(duty.school_code, duty.area_code)
    query = _holders(DutyRole.MONITORING_LEADER, day, unit).where(or_(*inside))
    found: defaultdict[str, list[tuple[str, date]]] = defaultdict(list)
    for code, name, since in conn.execute(query):
        found[code].append((name, since))
    names = _names(conn, list(found))
    return [
        MonitoringPoint(code, names.get(code, code), tuple(name for name, _ in held), min(since for _, since in held))
        for code, held in sorted(found.items())
    ]


def _holders(role: DutyRole, day: date, *units: ColumnElement[Any]) -> Select[Any]:
    duty = responsibility.c
    query: Select[Any] = select(*units, person.c.name, duty.valid_from)
    query = query.join_from(responsibility, person, person.c.id == duty.person_id)
    held = query.where(duty.role == role.value, on(responsibility, day), on(person, day))
    return held.order_by(duty.valid_from, duty.id)


def _schools(scope: Scope, chosen: CaseFilter) -> list[ColumnElement[bool]]:
    told = [school_in_scope(scope)]
    if chosen.area:
        told.append(begins_with(school.c.town_code, chosen.area[:9]))
    if chosen.school:
        told.append(school.c.code == chosen.school)
    return told


def _areas(scope: Scope, chosen: CaseFilter) -> list[str]:
    """The areas looked at: the filter's, where it lies inside the scope, else all of the scope."""
    if chosen.area is None:
        return list(scope.areas)
    return [chosen.area] if chosen.area.startswith(scope.areas) else []


def _names(conn: Connection, codes: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in (area, school):
        names |= {row.code: row.name for row in conn.execute(select(table.c.code, table.c.name).where(table.c.code.in_(codes)))}
    return names
