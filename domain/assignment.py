"""Who owns a case on each of the two lines: the named person, else the next one up the chain (R203, R208-R210)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from domain.visits import DutyLine, DutyRole

# From the one nearest the child upwards; a rung of the ladder begins its search no lower than its own visitor.
CHAINS: dict[DutyLine, tuple[DutyRole, ...]] = {
    DutyLine.SCHOOL: (DutyRole.CLASS_TEACHER, DutyRole.TEACHING_OFFICE, DutyRole.DEPUTY_PRINCIPAL, DutyRole.PRINCIPAL),
    DutyLine.GOVERNMENT: (
        DutyRole.VILLAGE_COMMITTEE,
        DutyRole.VILLAGE_LIAISON,
        DutyRole.TOWNSHIP_OFFICIAL,
        DutyRole.BUREAU_OFFICIAL,
    ),
}
STARTS_AT: dict[DutyLine, tuple[tuple[int, DutyRole], ...]] = {
    DutyLine.SCHOOL: ((3, DutyRole.PRINCIPAL),),
    DutyLine.GOVERNMENT: ((5, DutyRole.TOWNSHIP_OFFICIAL), (6, DutyRole.BUREAU_OFFICIAL)),
}


class Holder(NamedTuple):
    """A person who holds a role over a class, school, village or town on [valid_from, valid_to)."""

    person_id: int
    role: DutyRole
    valid_from: date
    valid_to: date


class Owner(NamedTuple):
    """Who owns a line of a case; `fallback` when nobody held the role that the rung asks for, and one further up does."""

    person_id: int
    role: DutyRole
    fallback: bool


def chain_from(line: DutyLine, rung: int | None) -> tuple[DutyRole, ...]:
    """The roles to ask, in order, for a case on that rung of the ladder."""
    chain = CHAINS[line]
    first = next((role for number, role in reversed(STARTS_AT[line]) if (rung or 0) >= number), chain[0])
    return chain[chain.index(first) :]


def find_owner(
    line: DutyLine, rung: int | None, on: date, assigned: Sequence[Holder], holders_of: Callable[[DutyRole], Sequence[Holder]]
) -> Owner | None:
    """The owner on a day: the person assigned to the case by name, else the first holder up the chain; None: nobody.

    `holders_of(role)` gives those who hold the role for this child's class, school, village or town.
    """
    for person in assigned:
        if person.valid_from <= on < person.valid_to:
            return Owner(person.person_id, person.role, False)
    for number, role in enumerate(chain_from(line, rung)):
        for person in holders_of(role):
            if person.valid_from <= on < person.valid_to:
                return Owner(person.person_id, role, number > 0)
    return None
