"""Who is paired with how many left-behind children (R182), and which children nobody is paired with."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Subquery, func, select

from data_access.left_behind_parts import TOWN, LeftBehindPart, part_clause
from data_access.schema import child, child_place, pairing, person, school
from data_access.scoped import child_clause, day_of, on
from domain.case_filter import CaseFilter
from domain.scope import Scope
from domain.visits import DutyRole

AFTER_RETURN = "helper_after_return"  # another duty: a helper of a child that came back to school (R224)
Load = tuple[str, int]  # town of the person's school or area ("" unknown), children


@dataclass(frozen=True)
class BusyPerson:
    """A teacher or cadre with the number of children in view whom he or she is paired with."""

    name: str
    role: DutyRole
    school_name: str | None
    children: int


def count_loads(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[Load, int]:
    """(town, children per person) -> persons, over the pairings of the left-behind children that the filter chooses."""
    loads = _loads(scope, chosen)
    town = func.coalesce(school.c.town_code, func.substr(person.c.area_code, 1, TOWN), "").label("town")
    query = (
        select(town, loads.c.children, func.count())
        .join_from(loads, person, person.c.id == loads.c.person_id)
        .outerjoin(school, school.c.code == person.c.school_code)
        .group_by(town, loads.c.children)
    )
    return {(code, children): persons for code, children, persons in conn.execute(query)}


def read_busiest(conn: Connection, scope: Scope, chosen: CaseFilter, most: int, limit: int) -> list[BusyPerson]:
    """The persons paired with more than `most` children, those with the most first."""
    loads = _loads(scope, chosen)
    query = (
        select(person.c.name, person.c.role, school.c.name.label("school_name"), loads.c.children)
        .join_from(loads, person, person.c.id == loads.c.person_id)
        .outerjoin(school, school.c.code == person.c.school_code)
        .where(loads.c.children > most)
        .order_by(loads.c.children.desc(), person.c.id)
        .limit(limit)
    )
    return [BusyPerson(row.name, DutyRole(row.role), row.school_name, row.children) for row in conn.execute(query)]


def count_unpaired(conn: Connection, scope: Scope, chosen: CaseFilter) -> int:
    """Children left behind by either definition with nobody at their side."""
    day = day_of(chosen)
    paired = select(pairing.c.child_id).where(on(pairing, day), pairing.c.kind != AFTER_RETURN)
    query = _left_behind(scope, chosen, func.count()).where(child_place.c.child_id.not_in(paired))
    count: int = conn.execute(query).scalar_one()
    return count


def _loads(scope: Scope, chosen: CaseFilter) -> Subquery:
    query = (
        _left_behind(scope, chosen, pairing.c.person_id, func.count(func.distinct(pairing.c.child_id)).label("children"))
        .join(pairing, pairing.c.child_id == child_place.c.child_id)
        .where(on(pairing, day_of(chosen)), pairing.c.kind != AFTER_RETURN)
    )
    return query.group_by(pairing.c.person_id).subquery("loads")


def _left_behind(scope: Scope, chosen: CaseFilter, *columns: Any) -> Select[Any]:
    """These columns of the children left behind by either definition that the filter chooses."""
    query: Select[Any] = select(*columns).select_from(child_place).join(child, child.c.id == child_place.c.child_id)
    return query.where(child_clause(scope, chosen, child_place), part_clause(LeftBehindPart.ALL, day_of(chosen)))
