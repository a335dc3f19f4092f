"""The adults on duty: teachers, cadres and officials by number, as far as a scope has to do with them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select

from data_access.chunks import chunks
from data_access.schema import person, school
from data_access.scoped import begins_with, school_in_scope
from domain.case_filter import owner_key
from domain.scope import Scope
from domain.visits import DutyRole


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


def read_people(conn: Connection, scope: Scope, ids: Collection[int]) -> dict[int, PersonRow]:
    """People by number, those of the scope's counties only."""
    columns = (person.c.id, person.c.name, person.c.role, person.c.school_code, person.c.area_code)
    found = {}
    for part in chunks(set(ids)):
        for row in conn.execute(select(*columns).where(person.c.id.in_(part), people_in_scope(scope))):
            found[row.id] = PersonRow(row.id, row.name, DutyRole(row.role), row.school_code or row.area_code or "")
    return found
