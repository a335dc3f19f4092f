"""Groups of children who need a second look, how guarded each is, and why a child is on the warning list.

Nothing here ranks children: a warning is a reason that can be read and argued with, never a score (R036-R037, R242).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Group(StrEnum):
    """Group flags of a child, several at once, each a dated spell (R083-R084, R104 and the ledgers)."""

    LEFT_BEHIND_EDUCATION = "left_behind_education"
    LEFT_BEHIND_CIVIL = "left_behind_civil"
    MIGRANT = "migrant"
    DISABLED = "disabled"
    POOR = "poor"
    ORPHAN = "orphan"
    UNATTENDED = "unattended"
    HARDSHIP = "hardship"
    RELOCATED = "relocated"
    SINGLE_PARENT = "single_parent"
    HOME_TEACHING = "home_teaching"
    SEASONAL_MIGRATION = "seasonal_migration"
    AWAITING_PROGRESS = "awaiting_progress"
    LEARNING_DIFFICULTY = "learning_difficulty"
    TIRED_OF_SCHOOL = "tired_of_school"
    PARENT_IN_CUSTODY = "parent_in_custody"
    GUIDANCE = "guidance"


class Sensitivity(StrEnum):
    """How guarded a flag is: `open` may be a filter for everyone, `sensitive` within a role's own rows, `restricted` only
    for those who work on the case."""

    OPEN = "open"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"


RESTRICTED = frozenset({Group.PARENT_IN_CUSTODY, Group.GUIDANCE, Group.UNATTENDED})
OPEN = frozenset({Group.LEFT_BEHIND_EDUCATION, Group.LEFT_BEHIND_CIVIL, Group.MIGRANT, Group.RELOCATED, Group.SEASONAL_MIGRATION})


def sensitivity(group: Group) -> Sensitivity:
    """How guarded a flag is (R083: 服刑人员子女 and 品行有缺点 restricted, the latter under a neutral label)."""
    if group in RESTRICTED:
        return Sensitivity.RESTRICTED
    return Sensitivity.OPEN if group in OPEN else Sensitivity.SENSITIVE


class Schooling(StrEnum):
    """Where a child of school age learns: the columns of the group x schooling matrix (R078, R085)."""

    IN_SCHOOL = "in_school"
    INCLUSIVE = "inclusive"
    SPECIAL_SCHOOL = "special_school"
    HOME_TEACHING = "home_teaching"
    ELSEWHERE = "elsewhere"
    SUSPENDED = "suspended"
    DEFERRED = "deferred"
    NEVER_ENROLLED = "never_enrolled"
    OUT_OF_SCHOOL = "out_of_school"


@dataclass(frozen=True)
class Pupil:
    """A child as the matrix needs it: an identifier, its groups and where it learns; `schooling` None: not known."""

    child_id: str
    groups: frozenset[Group]
    schooling: Schooling | None


def group_matrix(pupils: Iterable[Pupil]) -> dict[tuple[Group, Schooling | None], tuple[str, ...]]:
    """Who stands in each cell of group x schooling (R085); a child with two groups stands in two rows."""
    cells: dict[tuple[Group, Schooling | None], list[str]] = {}
    for pupil in pupils:
        for group in sorted(pupil.groups):
            cells.setdefault((group, pupil.schooling), []).append(pupil.child_id)
    return {cell: tuple(children) for cell, children in cells.items()}


PLACED = frozenset(
    {Schooling.IN_SCHOOL, Schooling.INCLUSIVE, Schooling.SPECIAL_SCHOOL, Schooling.HOME_TEACHING, Schooling.ELSEWHERE}
)


def lacks_placement(pupil: Pupil, has_registry_no: bool) -> bool:
    """Whether a disabled child of school age stands without placement or without a registry number (R079).

    An approved deferral is a placement of its own: such a child is not yet on the register.
    """
    if Group.DISABLED not in pupil.groups or pupil.schooling is Schooling.DEFERRED:
        return False
    return pupil.schooling not in PLACED or not has_registry_no


def home_teaching_candidates(disabled_poor: Collection[str], at_school: Collection[str]) -> tuple[str, ...]:
    """Disabled children of the poverty list whom the registry does not know to be at a school (R080), in order."""
    return tuple(sorted(set(disabled_poor) - set(at_school)))


CHILD_LABOUR_AGE = 16


def is_child_labour(birth_date: date, at_work: bool, as_of: date) -> bool:
    """Whether a child at work is under 16 on `as_of`, to be reported to the labour office (R108); not on the birthday itself.

    One born on 29 February turns 16 on 29 February too, or on 1 March of a year without it.
    """
    had_birthday = (as_of.month, as_of.day) >= (birth_date.month, birth_date.day)
    age = as_of.year - birth_date.year - (0 if had_birthday else 1)
    return at_work and age < CHILD_LABOUR_AGE


class WarningSign(StrEnum):
    """Why a child who is still in school is on the warning list; each is shown as it is (R036-R037, R083-R087, R101)."""

    DROPPED_OUT_BEFORE = "dropped_out_before"
    UNEXPLAINED_ABSENCE = "unexplained_absence"
    ABSENT_AFTER_HOLIDAY = "absent_after_holiday"
    MANY_LEAVES = "many_leaves"
    LEARNING_DIFFICULTY = "learning_difficulty"
    TIRED_OF_SCHOOL = "tired_of_school"
    NO_ABLE_CARER = "no_able_carer"
    FAMILY_LEAVES_SEASONALLY = "family_leaves_seasonally"
    POOR_WITHOUT_AID = "poor_without_aid"
    NOT_VISITED = "not_visited"


@dataclass(frozen=True)
class WarningLimits:
    """From how many days in a term an absence warns (以上: the number included); composed, editable."""

    unexplained_days: int = 1
    leave_days: int = 5


@dataclass(frozen=True)
class WarningFacts:
    """What the list looks at for one child in one term; days are school days, None means not known and never warns."""

    groups: frozenset[Group] = frozenset()
    relapse_count: int = 0
    unexplained_days: int | None = None
    leave_days: int | None = None
    absent_after_holiday: bool | None = None
    has_able_carer: bool | None = None
    receives_aid: bool | None = None
    visited_this_term: bool | None = None


def warnings(facts: WarningFacts, limits: WarningLimits | None = None) -> tuple[WarningSign, ...]:
    """Every reason that holds for a child, in a fixed order; empty when none does."""
    allowed = limits or WarningLimits()
    holds: Mapping[WarningSign, bool] = {
        WarningSign.DROPPED_OUT_BEFORE: facts.relapse_count > 0,
        WarningSign.UNEXPLAINED_ABSENCE: (facts.unexplained_days or 0) >= allowed.unexplained_days,
        WarningSign.ABSENT_AFTER_HOLIDAY: facts.absent_after_holiday is True,
        WarningSign.MANY_LEAVES: (facts.leave_days or 0) >= allowed.leave_days,
        WarningSign.LEARNING_DIFFICULTY: Group.LEARNING_DIFFICULTY in facts.groups,
        WarningSign.TIRED_OF_SCHOOL: Group.TIRED_OF_SCHOOL in facts.groups,
        WarningSign.NO_ABLE_CARER: facts.has_able_carer is False,
        WarningSign.FAMILY_LEAVES_SEASONALLY: Group.SEASONAL_MIGRATION in facts.groups,
        WarningSign.POOR_WITHOUT_AID: Group.POOR in facts.groups and facts.receives_aid is False,
        WarningSign.NOT_VISITED: facts.visited_this_term is False,
    }
    return tuple(warning for warning, is_so in holds.items() if is_so)


class Aid(StrEnum):
    """The four aids of compulsory education, ticked one by one (R105-R107)."""

    TUITION_WAIVER = "tuition_waiver"
    BOOK_WAIVER = "book_waiver"
    GRANT = "grant"
    BOARDING_AID = "boarding_aid"


def aids_due(groups: Collection[Group], boards: bool) -> tuple[Aid, ...]:
    """The aids a pupil should have: fees and books for everyone, the grant for the poor, the living aid for poor boarders."""
    aids = [Aid.TUITION_WAIVER, Aid.BOOK_WAIVER]
    if Group.POOR in groups:
        aids.append(Aid.BOARDING_AID if boards else Aid.GRANT)
    return tuple(aids)


def missing_aids(groups: Collection[Group], boards: bool, received: Collection[Aid]) -> tuple[Aid, ...]:
    """The aids that are due and not ticked as received."""
    return tuple(aid for aid in aids_due(groups, boards) if aid not in received)
