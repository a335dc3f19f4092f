"""How a demo case runs: who it is about, when the absence began, what was recorded and who came to the door."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from data_access.demo_dice import Dice
from data_access.demo_people import NONE, Children, Flags, Standing
from data_access.demo_plan import GRADES, YEARS_OF_HISTORY
from data_access.demo_world import World
from domain.calendar import SchoolCalendar
from domain.cases import Branch, CaseStatus, CaseStep, Outcome
from domain.movements import Paper
from domain.reasons import Reason
from domain.visits import SEED_LADDER, Rung, ladder_dates

BOYS_AMONG_CASES = 0.54
JUNIOR_AMONG_CASES = 0.88
GRADE_WEIGHTS = {7: 0.8, 8: 1.4, 9: 1.2}
UPPER_PRIMARY = (4, 5, 6)
PULL = {"left_behind": 2.5, "poor": 1.6}  # how much likelier than others children of a group come into a case
REASONS = {
    Reason.TIRED_OF_SCHOOL: 0.36, Reason.LEARNING_DIFFICULTY: 0.16, Reason.GONE_TO_WORK: 0.1, Reason.FAMILY_TROUBLE: 0.13,
    Reason.INTERNET_ADDICTION: 0.07, Reason.PARENTS_ATTITUDE: 0.05, Reason.FAMILY_POVERTY: 0.03, Reason.MENTAL_HEALTH: 0.04,
    Reason.SCHOOL_OR_PEERS: 0.03, Reason.DISTANCE: 0.01, Reason.EARLY_MARRIAGE: 0.01, Reason.OTHER: 0.01,
}  # fmt: skip


@dataclass
class CaseLife:
    """One case as it will be written. `visits`: doorstep visits with the rung they answered; None for a warning visit."""

    child: int
    opened: date
    first_absent: date | None = None
    steps: list[CaseStep] = field(default_factory=list)
    visits: list[tuple[date, Rung | None]] = field(default_factory=list)
    follow_ups: list[date] = field(default_factory=list)
    reason: Reason | None = None
    branch: Branch | None = None
    missing_paper: Paper | None = None
    movement: int | None = None
    relapse_of: int | None = None
    relapse_count: int = 0
    closed: date | None = None
    outcome: Outcome | None = None

    def first_day(self, status: CaseStatus) -> date | None:
        """The day on which a status was recorded; None when it never was."""
        return next((step.on for step in self.steps if step.status is status), None)


class CasePool:
    """Children to whom a case may happen, in an order that prefers the left-behind and the poor; each is given out once."""

    def __init__(self, world: World, children: Children, left_behind: Flags, poor: Flags) -> None:
        rng = world.rng("case pool")
        self.children = children
        self._given: set[int] = set()
        chance = rng.exponential(1.0, len(children)) / np.where(left_behind, PULL["left_behind"], 1.0)
        chance /= np.where(poor, PULL["poor"], 1.0)
        registered = (children.standing == Standing.PUPIL) | (children.standing == Standing.GRADUATE)
        free = np.flatnonzero(registered & ~children.outside & ~children.taken & (children.special.school == NONE))
        ordered = free[np.argsort(chance[free], kind="stable")]
        self._queues = {
            (grade, boy): iter(ordered[(children.grade[ordered] == grade) & (children.male[ordered] == boy)].tolist())
            for grade in range(1, GRADES + YEARS_OF_HISTORY)
            for boy in (True, False)
        }

    def pick(self, dice: Dice, grade: int) -> int:
        """The next child now of that grade (10 and 11: finished), of either sex as often as among all cases."""
        boy = dice.chance(BOYS_AMONG_CASES)
        at: int = next(self._queues[grade, boy])
        self.give(at)
        return at

    def give(self, at: int) -> None:
        """Note that this child has a case."""
        self.children.taken[at] = True
        self._given.add(at)

    def has_case(self, at: int) -> bool:
        """Whether this child has been given a case."""
        return at in self._given


def draw_grade(dice: Dice, years_ago: int = 0, *, youngest: int = 1) -> int:
    """The present grade of a child who was of a typical grade for a case that many years ago, at least `youngest` then."""
    if dice.chance(JUNIOR_AMONG_CASES) or youngest > max(UPPER_PRIMARY):
        return dice.weigh({grade: weight for grade, weight in GRADE_WEIGHTS.items() if grade >= youngest}) + years_ago
    return dice.pick(UPPER_PRIMARY) + years_ago


def recorded_steps(calendar: SchoolCalendar, first_absent: date, opened: date, until: date) -> list[CaseStep]:
    """At risk from the opening, suspected and dropout on the days that the length of the absence makes them so."""
    limits = (
        (SEED_LADDER.suspected_after_school_days, CaseStatus.SUSPECTED),
        (SEED_LADDER.dropout_after_school_days, CaseStatus.DROPOUT),
    )
    days = [(max(opened, calendar.nth_absent_day(first_absent, limit + 1)), status) for limit, status in limits]
    return [CaseStep(opened, CaseStatus.AT_RISK), *(CaseStep(day, status) for day, status in days if day <= until)]


def with_persuasion(calendar: SchoolCalendar, steps: list[CaseStep], until: date, days_later: int) -> list[CaseStep]:
    """The same steps; once a dropout, persuasion is recorded some school days later, at the latest on `until`."""
    if steps[-1].status is not CaseStatus.DROPOUT:
        return steps
    return [*steps, CaseStep(min(until, calendar.add_school_days(steps[-1].on, days_later)), CaseStatus.PERSUASION)]


def ladder_visits(
    dice: Dice, calendar: SchoolCalendar, first_absent: date, opened: date, until: date, *, relapse: bool
) -> list[tuple[date, Rung | None]]:
    """The visits at the door that somebody diligent makes until `until`: each rung in time, and again every week."""
    ladder = ladder_dates(first_absent, [], calendar, SEED_LADDER, relapse)
    visits: list[tuple[date, Rung | None]] = []
    for (begins, rung), (ends, _) in zip(ladder, [*ladder[1:], (date.max, None)], strict=True):
        if ends > opened:
            wait = dice.between(0, rung.due_school_days + 1)
            visits += _at_rung(
                calendar, calendar.add_school_days(max(begins, opened), wait), rung, min(ends, until + timedelta(days=1))
            )
    return visits


def _at_rung(calendar: SchoolCalendar, day: date, rung: Rung, before: date) -> Iterator[tuple[date, Rung | None]]:
    while day < before:
        yield day, rung
        day = calendar.add_school_days(day, SEED_LADDER.repeat_every_school_days)
