"""The open cases of the demo date: every status, every rung, both branches, missing papers, second dropouts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data_access.demo_case_life import (
    REASONS,
    CaseLife,
    CasePool,
    draw_grade,
    ladder_visits,
    recorded_steps,
    with_persuasion,
)
from data_access.demo_dice import Dice
from data_access.demo_moves import Moves
from data_access.demo_schools import apportion
from data_access.demo_world import World
from domain.cases import Branch, CaseStatus, CaseStep, Outcome
from domain.movements import PAPERS_NEEDED, Movement
from domain.reasons import Reason

NEGLIGENT = 0.38  # of the cases on the ladder: somebody stopped coming
RELAPSES = 0.14  # of the cases on the ladder: the child had been back before
SECOND_RELAPSES = 0.2  # of these: twice
OWED_DAYS = 26  # papers owed were asked for within so many school days
TERM_DAYS = 50  # absences longer than this began in the school year before


@dataclass(frozen=True)
class Sketch:
    """A kind of open case: its share among all, and how many school days the child has missed (None: none)."""

    share: float
    absent: tuple[int, int] | None = None
    persuaded: bool = False
    returned: bool = False
    branch: Branch | None = None
    movement: Movement | None = None


SKETCHES = (
    Sketch(0.12),
    Sketch(0.07, (1, 1)),
    Sketch(0.06, (2, 2)),
    Sketch(0.05, (3, 3)),
    Sketch(0.07, (4, 5)),
    Sketch(0.17, (6, 20)),
    Sketch(0.07, (21, 40)),
    Sketch(0.03, (41, 75)),
    Sketch(0.06, (26, 40), persuaded=True),
    Sketch(0.05, (41, 150), persuaded=True),
    Sketch(0.12, (3, 34), persuaded=True, returned=True),
    Sketch(0.02, (3, 14), branch=Branch.STUDYING_ELSEWHERE),
    Sketch(0.02, (5, 30), branch=Branch.UNREACHABLE),
    Sketch(0.04, movement=Movement.TRANSFER_OUT),
    Sketch(0.03, movement=Movement.HOSTED),
    Sketch(0.02, movement=Movement.SUSPENSION),
)


class OpenCases:
    """Draws the plan's number of open cases; a case that follows a relapse comes after the ones it follows."""

    def __init__(self, world: World, pool: CasePool, moves: Moves) -> None:
        self.world, self.pool, self.moves = world, pool, moves
        self.dice = Dice(world.rng("open cases"))

    def draw(self) -> Iterator[list[CaseLife]]:
        """Per child: the earlier cases that ended in a relapse, oldest first, and the open one."""
        counts = apportion(self.world.plan.open_cases, [sketch.share for sketch in SKETCHES])
        for sketch, count in zip(SKETCHES, counts, strict=True):
            for _ in range(count):
                yield self._one(sketch)

    def _one(self, sketch: Sketch) -> list[CaseLife]:
        if sketch.movement:
            return [self._without_paper(sketch.movement)]
        if sketch.absent is None:
            return [self._warned()]
        missed = self.dice.between(sketch.absent[0], sketch.absent[1] + 1)
        last = self._return_day() if sketch.returned else self.world.as_of
        first = self._first_day(missed, last)
        grade = draw_grade(self.dice, youngest=8 if missed > TERM_DAYS or sketch.returned else 1)
        child = self.pool.pick(self.dice, grade)
        relapsed = grade > 7 and self.dice.chance(RELAPSES)
        count = (1 + (self.dice.chance(SECOND_RELAPSES))) if relapsed else 0
        life = self._absent(sketch, child, first, last, count)
        return [*self._before(child, first, count, life.opened), life]

    def _first_day(self, missed: int, last: date) -> date:
        """The first of `missed` school days that end on `last`."""
        days = self.world.school_days
        return days[max(0, bisect_right(days, last) - missed)]

    def _return_day(self) -> date:
        ago = self.dice.between(4, 200)
        return max(self.world.as_of - timedelta(days=ago), self.world.school_days[0])

    def _warned(self) -> CaseLife:
        """A child who is still there and shows the signs; a visit is owed within a week, and often made."""
        opened = self.world.school_days[-self.dice.between(1, 25)]
        life = CaseLife(self.pool.pick(self.dice, draw_grade(self.dice)), opened, reason=self.dice.weigh(REASONS))
        life.steps = [CaseStep(opened, CaseStatus.AT_RISK)]
        visit = self.world.calendar.add_school_days(opened, self.dice.between(0, 6))
        if visit <= self.world.as_of and not self.dice.chance(NEGLIGENT):
            life.visits = [(visit, None)]
        return life

    def _absent(self, sketch: Sketch, child: int, first: date, last: date, relapses: int) -> CaseLife:
        calendar, dice = self.world.calendar, self.dice
        opened = min(last, first if dice.chance(0.8) else calendar.add_school_days(first, 1))
        life = CaseLife(child, opened, first, reason=dice.weigh(REASONS), branch=sketch.branch, relapse_count=relapses)
        if sketch.branch is Branch.UNREACHABLE:
            life.reason = Reason.UNREACHABLE
        life.steps = recorded_steps(calendar, first, opened, last)
        if sketch.branch is Branch.STUDYING_ELSEWHERE:
            life.steps = [step for step in life.steps if step.status is not CaseStatus.DROPOUT]
        elif sketch.persuaded:
            life.steps = with_persuasion(calendar, life.steps, last, dice.between(1, 6))
        if sketch.branch is not Branch.STUDYING_ELSEWHERE:
            stopped = first + (last - first) * dice.share() if dice.chance(NEGLIGENT) else last
            life.visits = ladder_visits(dice, calendar, first, opened, stopped, relapse=relapses > 0)
        if sketch.returned:
            self._come_back(life, last)
        return life

    def _come_back(self, life: CaseLife, last: date) -> None:
        """Back on the school day after the last one missed, then looked after every month, mostly."""
        returned = min(self.world.as_of, self.world.calendar.next_school_day(last))
        life.steps.append(CaseStep(returned, CaseStatus.RETURNED))
        life.visits = [(day, rung) for day, rung in life.visits if day <= last]
        life.follow_ups = follow_up_days(self.dice, returned, self.world.as_of, missed=0.25)

    def _before(self, child: int, first: date, count: int, opened: date) -> list[CaseLife]:
        """Earlier cases of the child, oldest first, each closed by the next one."""
        lives: list[CaseLife] = []
        for number in range(count, 0, -1):
            life = earlier_case(self.world, self.dice, child, first, opened, number - 1)
            lives.insert(0, life)
            first, opened = life.first_absent or life.opened, life.opened
        return lives

    def _without_paper(self, movement: Movement) -> CaseLife:
        """A child who left, is hosted or rests without the paper that decides: suspected, and counted as lost."""
        world, dice = self.world, self.dice
        child = self.pool.pick(dice, draw_grade(dice))
        on = world.school_days[-dice.between(2, OWED_DAYS)]
        needed = PAPERS_NEEDED[movement]
        lacking = dice.pick(needed) if movement is Movement.HOSTED else needed[-1]
        number = self.moves.record(
            child, movement, on, self._told(movement, child, on), [one for one in needed if one != lacking]
        )
        opened = min(world.as_of, world.calendar.next_school_day(on))
        life = CaseLife(child, opened, missing_paper=lacking, movement=number)
        life.reason = Reason.ILLNESS if movement is Movement.SUSPENSION else Reason.GONE_TO_WORK if dice.chance(0.3) else None
        life.steps = [CaseStep(opened, CaseStatus.SUSPECTED)]
        return life

    def _told(self, movement: Movement, child: int, on: date) -> dict[str, object]:
        school_code, stage = self.moves.place_then(child, on)
        told: dict[str, object] = {"from_school": school_code, "stage": stage}
        if movement is Movement.SUSPENSION:
            return {**told, "ends_on": on + timedelta(days=365), "reason": "疾病"}
        return {**told, "to_text": self.moves.far_place()}


def follow_up_days(dice: Dice, returned: date, until: date, missed: float) -> list[date]:
    """The monthly assessments after a return; a share of the children were forgotten after the first."""
    days = [returned + timedelta(days=30 * number - dice.between(0, 4)) for number in range(1, 7)]
    done = [day for day in days if day <= until]
    return done[:1] if dice.chance(missed) else done


def earlier_case(world: World, dice: Dice, child: int, next_first: date, next_opened: date, relapses: int) -> CaseLife:
    """A case of the same child that ended in a return, and with the next absence."""
    calendar = world.calendar
    days = world.school_days
    back = max(1, bisect_left(days, next_first) - dice.between(8, 55))
    start = max(0, back - dice.between(4, 26))
    first, returned = days[start], days[back]
    life = CaseLife(child, first, first, reason=dice.weigh(REASONS), relapse_count=relapses)
    steps = recorded_steps(calendar, first, first, days[back - 1])
    life.steps = [*steps, CaseStep(returned, CaseStatus.RETURNED)]
    life.visits = ladder_visits(dice, calendar, first, first, days[back - 1], relapse=relapses > 0)
    life.follow_ups = follow_up_days(dice, returned, next_first, missed=0.2)
    life.closed, life.outcome = next_opened, Outcome.RELAPSED
    return life
