"""The closed cases of the three years, with every way a case may end, and the evidence each end needs."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
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
from data_access.demo_moves import Move, Moves
from data_access.demo_open_cases import earlier_case, follow_up_days
from data_access.demo_plan import GRADES
from data_access.demo_schools import apportion
from data_access.demo_world import World
from domain.cases import CaseStatus, CaseStep, Outcome
from domain.movements import Movement
from domain.reasons import Reason
from domain.visits import SEED_LADDER

SHARES = {
    Outcome.FOLLOW_UP_PASSED: 0.52,
    Outcome.AGED_OUT: 0.14,
    Outcome.EXPLAINED: 0.14,
    Outcome.TRANSFERRED: 0.09,
    Outcome.HOSTED: 0.05,
    Outcome.SUSPENDED: 0.04,
    Outcome.HOME_TEACHING: 0.01,
    Outcome.DIED: 0.005,
    Outcome.ABROAD: 0.005,
}
MOVED = {
    Outcome.TRANSFERRED: Movement.TRANSFER_OUT,
    Outcome.HOSTED: Movement.HOSTED,
    Outcome.SUSPENDED: Movement.SUSPENSION,
    Outcome.HOME_TEACHING: Movement.HOME_TEACHING,
    Outcome.DIED: Movement.DEATH,
    Outcome.ABROAD: Movement.ABROAD,
}
DAYS_AWAY = {2: 0.16, 3: 0.14, 4: 0.12, 6: 0.14, 9: 0.14, 14: 0.12, 19: 0.08, 24: 0.06, 32: 0.04}
RELAPSED_BEFORE = 0.06  # of those who came back for good: once before in vain
MARGIN = 15  # school days from the beginning of the three years before which no absence begins


class ClosedCases:
    """Draws about the plan's number of closed cases; those that end with a movement are as many as there are movements."""

    def __init__(self, world: World, pool: CasePool, moves: Moves) -> None:
        self.world, self.pool, self.moves = world, pool, moves
        self.dice = Dice(world.rng("closed cases"))

    def draw(self) -> Iterator[list[CaseLife]]:
        """Per child: its cases, oldest first."""
        counts = dict(zip(SHARES, apportion(self.world.plan.closed_cases, list(SHARES.values())), strict=True))
        for outcome, movement in MOVED.items():
            moved = [move for move in self.moves.done[movement] if self._has_room(move)]
            for move in moved[: counts[outcome]]:
                yield [self._moved(outcome, move)]
        for _ in range(counts[Outcome.EXPLAINED]):
            yield [self._explained()]
        for _ in range(counts[Outcome.AGED_OUT]):
            yield [self._aged_out()]
        for _ in range(counts[Outcome.FOLLOW_UP_PASSED]):
            yield self._came_back()

    def _has_room(self, move: Move) -> bool:
        """Whether the days before the movement and the day after it lie within the three years, and the child is free."""
        days = self.world.school_days
        return not self.pool.has_case(move.child) and days[MARGIN] < move.on < days[-4]

    def _moved(self, outcome: Outcome, move: Move) -> CaseLife:
        """An absence that turned out to be a movement; closed when its papers came."""
        days = self.world.school_days
        at = bisect_left(days, move.on)
        missed = self.dice.between(3, 13)
        first = days[max(0, at - missed)]
        life = CaseLife(move.child, first, first, reason=Reason.ILLNESS if outcome is Outcome.SUSPENDED else None)
        life.movement = move.number
        self.pool.give(move.child)
        life.closed, life.outcome = days[min(len(days) - 1, at + self.dice.between(1, 4))], outcome
        return self._on_ladder(life, first, min(move.on, life.closed))

    def _on_ladder(self, life: CaseLife, first: date, last: date) -> CaseLife:
        calendar = self.world.calendar
        life.steps = [
            step for step in recorded_steps(calendar, first, life.opened, last) if step.status is not CaseStatus.DROPOUT
        ]
        life.visits = ladder_visits(self.dice, calendar, first, life.opened, last, relapse=life.relapse_count > 0)
        return life

    def _day(self, years_ago: int, before: date) -> int:
        """A place in the school days of that year, not after `before`."""
        days, year = self.world.school_days, self.world.school_year - years_ago
        low = max(MARGIN, bisect_left(days, date(year, 9, 8)))
        high = max(low + 1, bisect_right(days, min(before, date(year + 1, 6, 20))))
        return min(len(days) - 1, self.dice.between(low, high))

    def _explained(self) -> CaseLife:
        """A sick note or a leave slip that came late."""
        years_ago = self.dice.between(0, 3)
        child = self.pool.pick(self.dice, min(GRADES + 2, draw_grade(self.dice, years_ago)))
        days, at = self.world.school_days, self._day(years_ago, self.world.as_of - timedelta(days=20))
        last = min(len(days) - 2, at + self.dice.between(0, 7))
        life = CaseLife(child, days[at], days[at], reason=Reason.ILLNESS)
        life.closed, life.outcome = days[last + 1], Outcome.EXPLAINED
        return self._on_ladder(life, days[at], days[last])

    def _aged_out(self) -> CaseLife:
        """Never back, until compulsory schooling was over: the loss stays in that year's rate."""
        years_ago = self.dice.between(1, 3)
        child = self.pool.pick(self.dice, GRADES + years_ago)
        graduation = date(self.world.school_year - years_ago + 1, 7, 5)
        first = self.world.school_days[self._day(years_ago, graduation - timedelta(days=75))]
        life = CaseLife(child, first, first, reason=self.dice.weigh(REASONS))
        life.closed = min(self.world.as_of, graduation + timedelta(days=self.dice.between(0, 50)))
        last = life.closed - timedelta(days=1)
        steps = recorded_steps(self.world.calendar, first, first, last)
        life.steps = with_persuasion(self.world.calendar, steps, last, self.dice.between(1, 8))
        life.visits = ladder_visits(self.dice, self.world.calendar, first, first, last, relapse=False)
        life.outcome = Outcome.AGED_OUT
        return life

    def _came_back(self) -> list[CaseLife]:
        """Back at school, looked after for half a year, then closed."""
        longest = timedelta(days=SEED_LADDER.follow_up_ends_after + 70)
        years_ago = self.dice.between(1, 3)
        child = self.pool.pick(self.dice, draw_grade(self.dice, years_ago))
        days, at = self.world.school_days, self._day(years_ago, self.world.as_of - longest)
        back = min(at + self.dice.weigh(DAYS_AWAY), bisect_right(days, self.world.as_of - longest))
        relapsed = self.dice.chance(RELAPSED_BEFORE) and at > 4 * MARGIN
        life = CaseLife(child, days[at], days[at], reason=self.dice.weigh(REASONS), relapse_count=int(relapsed))
        steps = recorded_steps(self.world.calendar, days[at], days[at], days[back - 1])
        life.steps = [*steps, CaseStep(days[back], CaseStatus.RETURNED)]
        life.visits = ladder_visits(self.dice, self.world.calendar, days[at], days[at], days[back - 1], relapse=relapsed)
        ends = days[back] + timedelta(days=SEED_LADDER.follow_up_ends_after)
        life.follow_ups = follow_up_days(self.dice, days[back], ends, missed=0.0)
        life.closed, life.outcome = ends + timedelta(days=self.dice.between(0, 12)), Outcome.FOLLOW_UP_PASSED
        return [*([earlier_case(self.world, self.dice, child, days[at], days[at], 0)] if relapsed else []), life]
