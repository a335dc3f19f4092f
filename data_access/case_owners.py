"""Who answers for a place: class, school, village, town and county people on both lines, from the tables of responsibility."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select

from data_access.chunks import chunks
from data_access.schema import OPEN_END, person, responsibility, school_class
from domain.assignment import CHAINS, Holder, Owner, find_owner
from domain.visits import DutyLine, DutyRole

Held = dict[DutyRole, list[Holder]]  # who holds a role of the chains for one place
CHAIN_ROLES = tuple(role for chain in CHAINS.values() for role in chain)


@dataclass(frozen=True)
class Place:
    """Where the child of a case counts on [valid_from, valid_to)."""

    valid_from: date
    valid_to: date
    home_code: str | None = None
    registered_code: str | None = None
    school_code: str | None = None
    stage: str | None = None
    entry_year: int | None = None
    class_no: int | None = None


class Stand(NamedTuple):
    """A place of the child, and who answers for it."""

    place: Place
    held: Held


class Duties:
    """Who answers for which class, school, village, town and county; nobody beyond the end of his or her own spell."""

    def __init__(self, conn: Connection, units: Collection[str] | None = None) -> None:
        """Of everybody, or of the areas and schools of `units` alone, with the classes of those schools."""
        self._held: defaultdict[object, Held] = defaultdict(dict)
        parts: Iterable[list[str] | None] = [None] if units is None else chunks(units)
        for part in parts:
            self._read(conn, part)

    def _read(self, conn: Connection, units: list[str] | None) -> None:
        held, group = responsibility.c, school_class.c
        classes = select(group.id, group.school_code, group.stage, group.entry_year, group.class_no)
        query = select(responsibility, person.c.valid_to.label("until")).join(person, person.c.id == held.person_id)
        if units is not None:
            classes = classes.where(group.school_code.in_(units))
            query = query.where(
                or_(
                    held.class_id.in_(classes.with_only_columns(group.id)),
                    and_(held.class_id.is_(None), held.school_code.in_(units)),
                    and_(held.class_id.is_(None), held.school_code.is_(None), held.area_code.in_(units)),
                )
            )
        named = {number: tuple(unit) for number, *unit in conn.execute(classes)}
        for row in conn.execute(query.order_by(held.valid_from.desc(), held.id)):
            self._held[_unit(row, named)].setdefault(DutyRole(row.role), []).append(holder_of(row))

    def at(self, place: Place, county: str) -> Held:
        """The holders for this place by role, the nearest unit first: class, grade, school, village, town, county."""
        class_key = (place.school_code, place.stage, place.entry_year, place.class_no)
        found: Held = {role: [] for role in CHAIN_ROLES}
        for unit in (class_key, class_key[:3], *units_of(place, county)):
            for role, holders in self._held.get(unit, {}).items():
                if role in found:
                    found[role] += holders
        return found


def _unit(row: Row[Any], named: Mapping[int, tuple[Any, ...]]) -> object:
    if row.class_id:
        return named.get(row.class_id)
    return (row.school_code, row.stage, row.entry_year) if row.entry_year else row.school_code or row.area_code


def units_of(place: Place, county: str) -> tuple[str | None, ...]:
    """The school, village, town and county that answer for a place."""
    home = place.home_code or place.registered_code or ""
    return place.school_code, home, home[:9], home[:6] or county


def holder_of(row: Row[Any]) -> Holder:
    """The holder a row names; `until`: the end of the person's own spell."""
    return Holder(row.person_id, DutyRole(row.role), row.valid_from, row.valid_to).until(row.until)


def find_owner_at(line: DutyLine, rung: int | None, on: date, stand: Stand, assigned: dict[DutyLine, list[Holder]]) -> Owner:
    """The owner of a line of a case, from the tables of responsibility."""
    place = stand.place
    placed = place.school_code if line is DutyLine.SCHOOL else place.home_code or place.registered_code
    return find_owner(line, rung, on, assigned[line], lambda role: stand.held[role], placed=placed is not None)


NOWHERE = Stand(Place(date.min, OPEN_END), {role: [] for role in CHAIN_ROLES})


def owner_values(line: DutyLine, owner: Owner | None) -> dict[str, Any]:
    """The columns of case_interval that say who answers for a line; all blank for a closed case."""
    return {
        f"{line.value}_owner_id": owner.person_id if owner else None,
        f"{line.value}_owner_role": owner.role.value if owner and owner.role else None,
        f"{line.value}_owner_state": owner.state.value if owner else None,
        f"{line.value}_gone_id": owner.gone_id if owner else None,
    }
