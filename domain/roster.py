"""The rosters of dropouts of several years held against today's registry: who is still to be brought back, and why the others
are not (R174: 23 -> 19 with a reason for each of the four; R188)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.published_figures import Finding, check_removed

YEARS = 3  # this school year and the two before, as in the seed's 2016-2018


class Removed(StrEnum):
    """Why a child of the rosters need not be brought back, as the registry has it today."""

    BACK = "back"  # on a register
    PAPERS = "papers"  # a movement with its papers: transferred, suspended, abroad, dead
    AGED_OUT = "aged_out"  # school age is over
    OTHER = "other"  # explained in another way: the case says how


@dataclass(frozen=True)
class Standing:
    """How a child of the rosters stands today."""

    is_lost: bool
    is_registered: bool
    has_papers: bool
    is_of_age: bool


def removed_for(child: Standing) -> Removed | None:
    """Why a child comes off the roster; None: it is still to be brought back."""
    if child.is_lost:
        return None if child.is_of_age else Removed.AGED_OUT
    if child.is_registered:
        return Removed.BACK
    if child.has_papers:
        return Removed.PAPERS
    return Removed.OTHER if child.is_of_age else Removed.AGED_OUT


@dataclass(frozen=True)
class Roster:
    """Both totals and what lies between them. `before`: children on the rosters; `left`: still to be brought back, of them
    `without_case` with no open case."""

    before: int
    left: int
    without_case: int
    removed: Mapping[Removed, int]

    @property
    def finding(self) -> Finding:
        """That the reasons add up to what was taken away."""
        return check_removed(self.before, self.left, {str(reason): count for reason, count in self.removed.items()})
