"""Who answers for an area or a school (双线包保): the click panel of the map says it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from data_access.schema import person, responsibility
from data_access.scoped import on
from domain.scope import Scope


@dataclass(frozen=True)
class Responsible:
    """One person on duty: adults on duty are never masked. `line`: school or government; `role`: domain.visits.DutyRole."""

    name: str
    line: str
    role: str


def read_responsible(conn: Connection, scope: Scope, unit_code: str, day: date) -> list[Responsible]:
    """Who answers for an area (6, 9, 12 digits) or a school (10) on a day, the government line first; its own, not of its parts.

    Nothing for a unit outside the scope.
    """
    if not (unit_code.startswith(scope.areas) if scope.areas else False) and len(unit_code) != 10:
        return []
    column = responsibility.c.school_code if len(unit_code) == 10 else responsibility.c.area_code
    query = (
        select(person.c.name, responsibility.c.line, responsibility.c.role)
        .join_from(responsibility, person, person.c.id == responsibility.c.person_id)
        .where(column == unit_code, responsibility.c.class_id.is_(None), on(responsibility, day))
        .order_by(responsibility.c.line, responsibility.c.role, person.c.name)
        .distinct()
    )
    return [Responsible(*row) for row in conn.execute(query)]
