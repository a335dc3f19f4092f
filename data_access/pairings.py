"""Who is paired with how many left-behind children (R182), and which children nobody is paired with."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, not_, select

from data_access.bulk import by_scan
from data_access.left_behind_parts import TOWN
from data_access.schema import care_interval, pairing, person, school
from data_access.scoped import child_clause, day_of, on
from data_access.village_counts import read_summary
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


@dataclass(frozen=True)
class PersonLoad:
    """A teacher or cadre with the number of children in view, and the town of the person's school or area ("" unknown)."""

    name: str
    role: str
    school_name: str | None
    town: str
    children: int


def count_loads(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[Load, int]:
    """(town, children per person) -> persons, over the pairings of the left-behind children that the filter chooses."""
    return group_loads(read_loads(conn, scope, chosen))


def group_loads(loads: Iterable[PersonLoad]) -> dict[Load, int]:
    """The same of what read_loads gave."""
    return dict(Counter((one.town, one.children) for one in loads))


def read_loads(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[PersonLoad]:
    """Whoever is paired with a left-behind child that the filter chooses, those with the most of them first."""
    pair, seen = pairing.c, select(care_interval.c.child_id).where(child_clause(scope, chosen, care_interval))
    who, child_id = by_scan(pair.person_id), by_scan(pair.child_id)
    counted = (
        select(who.label("person_id"), func.count(func.distinct(pair.child_id)).label("children"))
        .where(on(pairing, day_of(chosen)), pair.kind != AFTER_RETURN, child_id.in_(seen))
        .group_by(who)
        .subquery("loads")
    )
    town = func.coalesce(school.c.town_code, func.substr(person.c.area_code, 1, TOWN), "").label("town")
    query = (
        select(person.c.name, person.c.role, school.c.name.label("school_name"), town, counted.c.children)
        .join_from(counted, person, person.c.id == counted.c.person_id)
        .outerjoin(school, school.c.code == person.c.school_code)
        .order_by(counted.c.children.desc(), person.c.id)
    )
    return [PersonLoad(*row) for row in conn.execute(query)]


def read_busiest(conn: Connection, scope: Scope, chosen: CaseFilter, most: int, limit: int) -> list[BusyPerson]:
    """The persons paired with more than `most` children, those with the most first."""
    return list_busiest(read_loads(conn, scope, chosen), most, limit)


def list_busiest(loads: Sequence[PersonLoad], most: int, limit: int) -> list[BusyPerson]:
    """The same of what read_loads gave."""
    busy = [one for one in loads[:limit] if one.children > most]
    return [BusyPerson(one.name, DutyRole(one.role), one.school_name, one.children) for one in busy]


def count_unpaired(conn: Connection, scope: Scope, chosen: CaseFilter) -> int:
    """Children left behind by either definition with nobody at their side."""
    if chosen.from_summary:
        return sum_unpaired(read_summary(conn, scope, chosen))
    spans = care_interval.c
    count: int = conn.execute(
        select(func.count()).select_from(care_interval).where(child_clause(scope, chosen, care_interval), not_(spans.paired))
    ).scalar_one()
    return count


def sum_unpaired(summary: Mapping[str | None, Mapping[str, int]]) -> int:
    """The same of a summary."""
    return sum(counts["unpaired"] for counts in summary.values())
