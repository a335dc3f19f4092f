"""Who answers for a case on each of the two lines, and who must stand at the door (R020-R025, R202-R212).

The named person comes first, then whoever holds the role that the step asks for, then the next one up the chain. A person
whose spell of duty is over answers for nothing from that day on, and is shown as gone until a successor is named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from domain.visits import DutyLine, DutyRole, LadderSettings, NextStep, Rung

# From the one nearest the child upwards; a rung of the ladder begins its search no lower than its own visitor.
CHAINS: dict[DutyLine, tuple[DutyRole, ...]] = {
    DutyLine.SCHOOL: (
        DutyRole.CLASS_TEACHER,
        DutyRole.GRADE_HEAD,
        DutyRole.TEACHING_OFFICE,
        DutyRole.DEPUTY_PRINCIPAL,
        DutyRole.PRINCIPAL,
    ),
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
# Visitors beside the chains: who stands in for them when nobody holds their role.
STAND_IN: dict[DutyRole, DutyRole] = {
    DutyRole.COMPANION: DutyRole.CONTROL_GROUP_MEMBER,
    DutyRole.CONTROL_GROUP_MEMBER: DutyRole.TEACHING_OFFICE,
    DutyRole.SUBJECT_TEACHER: DutyRole.CLASS_TEACHER,
    DutyRole.HELPER_CADRE: DutyRole.VILLAGE_LIAISON,
    DutyRole.JUSTICE_OFFICIAL: DutyRole.TOWNSHIP_OFFICIAL,
    DutyRole.DATA_OFFICER: DutyRole.TEACHING_OFFICE,
    DutyRole.MONITORING_LEADER: DutyRole.TOWNSHIP_OFFICIAL,
}


class OwnerState(StrEnum):
    """How a line of a case comes to have its owner, or why it has none.

    `orphaned`: the one responsible is gone and somebody else answers meanwhile. The last three are the red list: the child
    stands in no school or no known village, all who held the roles are gone, or nobody was ever entered for them.
    """

    ASSIGNED = "assigned"
    ON_DUTY = "on_duty"
    FALLBACK = "fallback"
    ORPHANED = "orphaned"
    NO_PLACE = "no_place"
    ALL_GONE = "all_gone"
    VACANT = "vacant"


NOBODY = frozenset({OwnerState.NO_PLACE, OwnerState.ALL_GONE, OwnerState.VACANT})


class Holder(NamedTuple):
    """A person who holds a role over a class, school, village or town on [valid_from, valid_to).

    `leaves`: the person's own spell of duty ends on `valid_to`; otherwise only this task was handed on.
    """

    person_id: int
    role: DutyRole
    valid_from: date
    valid_to: date
    leaves: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on a day."""
        return self.valid_from <= day < self.valid_to

    def is_gone(self, day: date) -> bool:
        """Whether the person has left before a day, or on it."""
        return self.leaves and self.valid_to <= day

    def until(self, last_day: date) -> "Holder":
        """The same, but not beyond the person's own spell, which ends before `last_day`."""
        return self._replace(valid_to=last_day, leaves=True) if last_day < self.valid_to else self


@dataclass(frozen=True)
class Owner:
    """Who answers for a line of a case on a day.

    `role`: as what; above `asked` when nobody holds the role that the step asks for. `gone_id`: the person who was
    responsible and has left. `person_id` and `role` None: nobody (the red list), and `state` says why.
    """

    state: OwnerState
    asked: DutyRole
    person_id: int | None = None
    role: DutyRole | None = None
    gone_id: int | None = None

    @property
    def levels_up(self) -> int:
        """How many levels of the chain above the role asked for; 0 for the role itself and for a person named by name."""
        chain = CHAINS[self.asked.line]
        if self.state is OwnerState.ASSIGNED or self.role not in chain or self.asked not in chain:
            return 0
        return chain.index(self.role) - chain.index(self.asked)


HoldersOf = Callable[[DutyRole], Sequence[Holder]]


def rung_of_step(step: NextStep, rung: int | None, settings: LadderSettings) -> int | None:
    """The rung whose people answer for a step: the step's own, else the one in force."""
    return next((one.number for one in settings.rungs if one.step is step), rung)


@cache
def chain_from(line: DutyLine, rung: int | None) -> tuple[DutyRole, ...]:
    """The roles to ask, in order, for a case on that rung of the ladder."""
    chain = CHAINS[line]
    first = next((role for number, role in reversed(STARTS_AT[line]) if (rung or 0) >= number), chain[0])
    return chain[chain.index(first) :]


def find_owner(
    line: DutyLine, rung: int | None, on: date, assigned: Sequence[Holder], holders_of: HoldersOf, *, placed: bool = True
) -> Owner:
    """The owner of a line on a day: the person assigned to the case by name, else the first holder up the chain.

    `assigned`: the latest first. `holders_of(role)` gives those who hold the role for this child's class, school, village
    or town. `placed`: whether the child stands in a school (or, on the government line, in a known area) at all.
    """
    chain = chain_from(line, rung)
    named = next((one for one in assigned if one.holds_on(on)), None)
    if named:
        return Owner(OwnerState.ASSIGNED, chain[0], named.person_id, named.role)
    gone = _who_left(assigned[:1], on) or _who_left(holders_of(chain[0]), on)
    found = _first_holder(chain, on, holders_of)
    if found is None:
        return Owner(_why_nobody(chain, on, holders_of, placed), chain[0], gone_id=gone)
    succeeded = found.role is chain[0] and not _who_left(assigned[:1], on)
    if gone and not succeeded:
        return Owner(OwnerState.ORPHANED, chain[0], found.person_id, found.role, gone)
    return Owner(OwnerState.ON_DUTY if found.role is chain[0] else OwnerState.FALLBACK, chain[0], found.person_id, found.role)


def _first_holder(chain: Sequence[DutyRole], on: date, holders_of: HoldersOf) -> Holder | None:
    return next((one for role in chain for one in holders_of(role) if one.holds_on(on)), None)


def _who_left(holders: Sequence[Holder], on: date) -> int | None:
    left = [one for one in holders if one.is_gone(on)]
    return max(left, key=lambda one: one.valid_to).person_id if left else None


def _why_nobody(chain: Sequence[DutyRole], on: date, holders_of: HoldersOf, placed: bool) -> OwnerState:
    if not placed:
        return OwnerState.NO_PLACE
    held_before = any(one.valid_to <= on for role in chain for one in holders_of(role))
    return OwnerState.ALL_GONE if held_before else OwnerState.VACANT


# --- who must stand at the door -------------------------------------------------------------------------------------------------


def must_come(step: NextStep, settings: LadderSettings) -> tuple[DutyRole, ...]:
    """The roles that a step brings to the door together, the school's first; off the ladder the class teacher alone."""
    rung: Rung | None = next((one for one in settings.rungs if one.step is step), None)
    return rung.must_visit if rung else (DutyRole.CLASS_TEACHER,)


def find_visitor(asked: DutyRole, on: date, holders_of: HoldersOf, taken: Sequence[int] = ()) -> Owner:
    """Who comes as `asked` on a day: a holder of the role, else a stand-in, else the next one up the chain.

    `taken`: persons who come already; a companion is somebody else. A stand-in counts for the role that he or she stands
    in for (R023 leaves the companion open). Roles beside the chains have no `levels_up`.
    """
    tried = asked
    while True:
        free = [one for one in holders_of(tried) if one.holds_on(on) and one.person_id not in taken]
        if free:
            return Owner(OwnerState.ON_DUTY if tried is asked else OwnerState.FALLBACK, asked, free[0].person_id, tried)
        above = _above(tried)
        if above is None:
            return Owner(OwnerState.VACANT, asked)
        tried = above


def _above(role: DutyRole) -> DutyRole | None:
    chain = CHAINS[role.line]
    if role in STAND_IN:
        return STAND_IN[role]
    rest = chain[chain.index(role) + 1 :]
    return rest[0] if rest else None
