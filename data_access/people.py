"""The adults on duty: teachers, cadres and officials by number, as far as a scope has to do with them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select

from data_access.chunks import chunks
from data_access.schema import case_interval, person, school
from data_access.scoped import begins_with, in_scope, on, school_in_scope
from domain.case_filter import owner_key
from domain.scope import Scope
from domain.visits import DutyLine, DutyRole


@dataclass(frozen=True)
class PersonRow:
    """One adult on duty, the unit by its code."""

    person_id: int
    name: str
    role: DutyRole
    unit: str


def people_in_scope(scope: Scope) -> ColumnElement[bool]:
    """The people of the scope's counties: who answers for a child of a village may sit in the town or the bureau."""
    counties = {area[:6] for area in scope.areas}
    parts = [begins_with(person.c.county_code, county) for county in sorted(counties)]
    if scope.schools:
        here = select(school.c.county_code).where(school_in_scope(scope))
        parts.append(person.c.county_code.in_(here))
    return or_(*parts)


def read_owner_name(conn: Connection, scope: Scope, person_id: int) -> dict[str, str]:
    """The name of one person as the filter names owners; empty for one the scope has nothing to do with."""
    found = conn.execute(select(person.c.name).where(person.c.id == person_id, people_in_scope(scope))).scalar()
    return {owner_key(person_id): found} if found else {}


def read_assignable(conn: Connection, scope: Scope, cases: Collection[int], line: DutyLine, day: date) -> list[PersonRow]:
    """Who may be given these cases on a line: people on duty at the children's schools, or where they live, up to the county."""
    columns = (person.c.id, person.c.name, person.c.role, person.c.school_code, person.c.area_code)
    spans = case_interval.c
    places: set[str] = set()
    for part in chunks(set(cases)):
        query = select(spans.school_code, spans.home_code, spans.county_code).where(
            spans.case_id.in_(part), on(case_interval, day)
        )
        for row in conn.execute(query.where(in_scope(scope, case_interval)).distinct()):
            home = row.home_code or row.county_code
            places |= {row.school_code or ""} if line is DutyLine.SCHOOL else {home, home[:9], home[:6]}
    unit = person.c.school_code if line is DutyLine.SCHOOL else person.c.area_code
    roles = [role.value for role in DutyRole if role.line is line]
    here = select(*columns).where(unit.in_(sorted(places)), person.c.role.in_(roles), on(person, day), people_in_scope(scope))
    rows = conn.execute(here.order_by(person.c.role, person.c.name, person.c.id))
    return [PersonRow(row.id, row.name, DutyRole(row.role), row.school_code or row.area_code or "") for row in rows]


def read_people(conn: Connection, scope: Scope, ids: Collection[int]) -> dict[int, PersonRow]:
    """People by number, those of the scope's counties only."""
    columns = (person.c.id, person.c.name, person.c.role, person.c.school_code, person.c.area_code)
    found = {}
    for part in chunks(set(ids)):
        for row in conn.execute(select(*columns).where(person.c.id.in_(part), people_in_scope(scope))):
            found[row.id] = PersonRow(row.id, row.name, DutyRole(row.role), row.school_code or row.area_code or "")
    return found
