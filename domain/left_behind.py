"""Left-behind children by the two definitions in force, side by side; they disagree on purpose and both are counted.

Education (registry codes 0, 1, 2): pupils of compulsory education who stay at home while one or both parents work away for
three months or more. Civil affairs (国发〔2016〕13号): under 16, rural household register, both parents away for work, or one
away and the other unable to act as guardian; no minimum time.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from domain.rates import Rate

MONTHS_AWAY = 3
CIVIL_AGE = 16
MONTHS_FRESH = 3


@dataclass(frozen=True)
class Parent:
    """One parent: away for work since when (None: not away), and able to act as guardian or not (None: not known).

    A parent who died is not away and not able.
    """

    away_since: date | None = None
    is_able: bool | None = None

    def is_away(self, as_of: date) -> bool:
        """Whether this parent has left by `as_of`."""
        return self.away_since is not None and self.away_since <= as_of


@dataclass(frozen=True)
class FamilyFacts:
    """What both definitions look at; None means not known.

    `stays_home`: the child lives at its home place and not with the parents who went away.
    """

    birth_date: date | None
    in_compulsory_school: bool | None
    has_rural_register: bool | None
    stays_home: bool | None
    father: Parent | None
    mother: Parent | None


class LeftBehindType(StrEnum):
    """The registry's code in words: 1 is one parent away (not a single-parent family), 2 both."""

    NONE = "none"
    ONE_PARENT = "one_parent"
    TWO_PARENTS = "two_parents"


REGISTRY_CODES: Mapping[LeftBehindType, str] = {
    LeftBehindType.NONE: "0",
    LeftBehindType.ONE_PARENT: "1",
    LeftBehindType.TWO_PARENTS: "2",
}


def education_type(facts: FamilyFacts, as_of: date) -> LeftBehindType | None:
    """The type by the education definition; None where a fact is missing that could change it."""
    holds = is_left_behind_education(facts, as_of)
    away = _away_for_months(facts, as_of)
    if holds is None or (holds and None in away):
        return None
    if not holds:
        return LeftBehindType.NONE
    return LeftBehindType.TWO_PARENTS if all(away) else LeftBehindType.ONE_PARENT


def is_left_behind_education(facts: FamilyFacts, as_of: date) -> bool | None:
    """Whether the education definition holds; None where a fact is missing that could change the answer.

    A parent counts as away from the day that completes three months.
    """
    away = _away_for_months(facts, as_of)
    anyone_away = True if True in away else None if None in away else False
    needed = (facts.in_compulsory_school, facts.stays_home, anyone_away)
    if False in needed:
        return False
    return None if None in needed else True


def _away_for_months(facts: FamilyFacts, as_of: date) -> list[bool | None]:
    return [
        None if parent is None else parent.away_since is not None and add_months(parent.away_since, MONTHS_AWAY) <= as_of
        for parent in (facts.father, facts.mother)
    ]


def is_left_behind_civil(facts: FamilyFacts, as_of: date) -> bool | None:
    """Whether the civil-affairs definition holds; None when it cannot be told.

    A child is under 16 until the day before its 16th birthday.
    """
    under_age = None if facts.birth_date is None else as_of < add_months(facts.birth_date, 12 * CIVIL_AGE)
    needed = (facts.has_rural_register, facts.stays_home, under_age, _parents_leave_child(facts, as_of))
    if False in needed:
        return False
    return None if None in needed else True


def _parents_leave_child(facts: FamilyFacts, as_of: date) -> bool | None:
    """Both away, or one away and the one at home unable; None when the ability or a parent is not known."""
    if facts.father is None or facts.mother is None:
        return None
    at_home = [parent for parent in (facts.father, facts.mother) if not parent.is_away(as_of)]
    if len(at_home) != 1:
        return not at_home
    able = at_home[0].is_able
    return None if able is None else not able


@dataclass(frozen=True)
class Standing:
    """One child by both definitions; None where it cannot be told."""

    education: bool | None
    civil: bool | None

    @property
    def disagree(self) -> bool:
        """Whether one definition holds and the other does not."""
        return self.education is not None and self.civil is not None and self.education != self.civil


def standing(facts: FamilyFacts, as_of: date) -> Standing:
    """Both answers side by side."""
    return Standing(is_left_behind_education(facts, as_of), is_left_behind_civil(facts, as_of))


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_stale(checked_on: date | None, as_of: date) -> bool:
    """Whether a record is older than one quarter (R065): checked more than three months ago, or never."""
    return checked_on is None or as_of > add_months(checked_on, MONTHS_FRESH)


# The least a record must say (R066): where the parents are, who looks after the child, where it learns, who helps.
REQUIRED_ITEMS = ("parents_whereabouts", "carer", "schooling", "helper")


def blank_items(record: Mapping[str, str | None]) -> tuple[str, ...]:
    """The required items that are blank (R065: 不缺一项)."""
    return tuple(item for item in REQUIRED_ITEMS if not (record.get(item) or "").strip())


class PairingLoad(StrEnum):
    """How many children one teacher is paired with, against 2-3 (R182)."""

    TOO_FEW = "too_few"
    AS_PLANNED = "as_planned"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class PairingSettings:
    """The planned load of one teacher, both ends included."""

    fewest: int = 2
    most: int = 3


SEED_PAIRING = PairingSettings()


def pairing_load(children: int, settings: PairingSettings = SEED_PAIRING) -> PairingLoad:
    """Where a teacher's number of paired children stands."""
    if children < settings.fewest:
        return PairingLoad.TOO_FEW
    return PairingLoad.TOO_MANY if children > settings.most else PairingLoad.AS_PLANNED


def teachers_needed(children: int, settings: PairingSettings = SEED_PAIRING) -> int:
    """The fewest teachers who can take all the children without one having too many."""
    return ceil(children / settings.most)


def file_coverage(files: int, children: int) -> Rate:
    """Files made / left-behind children found (R177); over 1 is a contradiction between ledgers, and shown as such."""
    return Rate(files, children)
