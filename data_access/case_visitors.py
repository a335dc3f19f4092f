"""Who must come to the door for the next step of a case, by role and name, and who else holds a duty for the child."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from data_access.case_owners import holder_of
from data_access.case_work import CaseState, read_file
from data_access.schema import child_place, person, responsibility, school_class
from data_access.scoped import on
from data_access.settings import read_ladder
from domain.assignment import Holder, find_visitor, must_come
from domain.scope import Scope
from domain.visits import DutyRole, NextStep


@dataclass(frozen=True)
class Caller:
    """One who may come: as `role`. `required`: the step asks for that role; `held` is the person's own role, another one when
    he or she stands in. `person_id` None: nobody holds the role, nor anyone above it."""

    role: DutyRole
    required: bool
    person_id: int | None = None
    name: str | None = None
    held: DutyRole | None = None


def read_callers(conn: Connection, scope: Scope, case: CaseState, day: date) -> list[Caller]:
    """Those whom the next step brings to the door first, then everybody else with a duty for the child's class, school,
    village, town or county. Raises ProblemError record.no_case outside the scope."""
    county = read_file(conn, scope, case.case_id).county_code
    people = _holders(conn, case.child_id, county, day)
    names = {holder.person_id: name for holder, name in people}
    taken: list[int] = []
    callers = []
    steps = must_come(NextStep(case.next_step), read_ladder(conn, county, day)) if case.next_step else ()
    for role in steps:
        found = find_visitor(role, day, lambda asked: [one for one, _ in people if one.role is asked], taken)
        callers.append(Caller(role, True, found.person_id, names.get(found.person_id or 0), found.role))
        taken += [found.person_id] if found.person_id else []
    rest = {one.person_id: one for one, _ in people if one.person_id not in taken and one.holds_on(day)}
    return callers + [Caller(one.role, False, one.person_id, names[one.person_id], one.role) for one in rest.values()]


def _holders(conn: Connection, child_id: int, county: str, day: date) -> list[tuple[Holder, str]]:
    """The holders for the place where the child stands, with their names, the nearest unit first."""
    here = (child_place.c.child_id == child_id) & on(child_place, day)
    place = conn.execute(select(child_place).where(here)).first()
    if place is None:
        return []
    home = place.home_code or place.registered_code or county
    areas = list(dict.fromkeys((home, home[:9], home[:6], county)))
    held, same = responsibility.c, ("school_code", "stage", "entry_year", "class_no")
    in_class = and_(*(school_class.c[name] == getattr(place, name) for name in same))
    in_grade = and_(held.stage == place.stage, held.entry_year == place.entry_year)
    query = (
        select(responsibility, person.c.valid_to.label("until"), person.c.name.label("person_name"))
        .join(person, person.c.id == held.person_id)
        .where(
            on(responsibility, day),
            or_(
                held.class_id.in_(select(school_class.c.id).where(in_class)),
                and_(held.school_code == place.school_code, or_(held.entry_year.is_(None), in_grade)),
                held.area_code.in_(areas),
            ),
        )
        .order_by(held.valid_from.desc(), held.id)
    )
    rows = sorted(conn.execute(query).all(), key=lambda row: _distance(row, areas))
    return [(holder_of(row), row.person_name) for row in rows]


def _distance(row: Row[Any], areas: list[str]) -> int:
    if row.class_id or row.school_code:
        return 0 if row.class_id else 1
    return 2 + areas.index(row.area_code)
