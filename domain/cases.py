"""A case's life: its statuses, and what is owed on every day of it.

`case_intervals` turns a case's history into dated intervals that reach into the future, so that rung, due date and
overdue change at midnight although nobody writes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from domain.calendar import SchoolCalendar
from domain.case_duties import Duty, follow_up_duties, paper_duties, visit_duties, with_report
from domain.visits import Ladder, LadderSettings, NextStep, ladder_dates, missed_rungs, misses


class CaseStatus(StrEnum):
    """Where a case stands: suspected and dropout are two states, persuasion is the effort, returned the result."""

    AT_RISK = "at_risk"
    SUSPECTED = "suspected"
    DROPOUT = "dropout"
    PERSUASION = "persuasion"
    RETURNED = "returned"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case was closed. There is no outcome for refusing a child (R244)."""

    FOLLOW_UP_PASSED = "follow_up_passed"
    RELAPSED = "relapsed"
    TRANSFERRED = "transferred"
    HOSTED = "hosted"
    SUSPENDED = "suspended"
    HOME_TEACHING = "home_teaching"
    DEFERRED = "deferred"
    AGED_OUT = "aged_out"
    EXPLAINED = "explained"
    DIED = "died"
    ABROAD = "abroad"


class Branch(StrEnum):
    """Side ways of an open case: the family cannot be found (R038), or the child learns elsewhere without transfer (R040)."""

    UNREACHABLE = "unreachable"
    STUDYING_ELSEWHERE = "studying_elsewhere"


OUT_OF_SCHOOL = (CaseStatus.AT_RISK, CaseStatus.SUSPECTED, CaseStatus.DROPOUT, CaseStatus.PERSUASION)  # each graver than the last
GRAVITY = {status: rank for rank, status in enumerate(OUT_OF_SCHOOL)}
COUNTED_AS_DROPOUT = frozenset({CaseStatus.DROPOUT, CaseStatus.PERSUASION})


def is_open(status: CaseStatus) -> bool:
    """Whether somebody still owes something: every status but closed."""
    return status is not CaseStatus.CLOSED


def is_overdue(due_on: date | None, as_of: date) -> bool:
    """逾期: the due date is over; on the due date itself a case is still in time."""
    return due_on is not None and as_of > due_on


def days_overdue(due_on: date | None, as_of: date) -> int:
    """Calendar days past the due date; 0 when not overdue."""
    return (as_of - due_on).days if due_on is not None and as_of > due_on else 0


class CaseStep(NamedTuple):
    """A recorded change of status."""

    on: date
    status: CaseStatus


@dataclass(frozen=True)
class CaseHistory:
    """What is known of one case.

    `first_absent_on`: the first day missed; None for a child at risk that is not absent. `events`, `doorstep_visits` and
    `follow_ups` (assessments after a return, R061) in any order; a visit stands here only if it satisfied the rung in force
    on its day (`Rung.satisfied_by`). `relapse_count`: earlier cases of this child that ended in a relapse. `branch` holds
    from `branch_from` (default: the opening); `branch_done_on`: both reports made, the transfer applied for, or the papers
    handed in. `missing_paper`: the paper without which the child counts as lost (R189-R192).
    """

    opened_on: date
    first_absent_on: date | None = None
    events: tuple[CaseStep, ...] = ()
    doorstep_visits: tuple[date, ...] = ()
    follow_ups: tuple[date, ...] = ()
    relapse_count: int = 0
    branch: Branch | None = None
    branch_from: date | None = None
    branch_done_on: date | None = None
    missing_paper: str | None = None

    def first_day_of(self, status: CaseStatus) -> date:
        """The first recorded day of a status, not before the opening; date.max when it never came."""
        return max(self.opened_on, min((step.on for step in self.events if step.status is status), default=date.max))

    def turns(self) -> "Turns":
        """The days on which the kind of duty changes; date.max for what has not come."""
        closed = self.first_day_of(CaseStatus.CLOSED)
        returned = min(self.first_day_of(CaseStatus.RETURNED), closed)
        on_papers = self.missing_paper is not None or self.branch is Branch.STUDYING_ELSEWHERE
        return Turns(min(self.branched_on, returned) if on_papers else returned, returned, closed)

    @property
    def branched_on(self) -> date:
        """The day from which the branch, or the missing paper, holds."""
        return max(self.opened_on, self.branch_from or date.min)


class Turns(NamedTuple):
    """Visits are owed before `left_ladder`, papers before `returned`, follow-ups before `closed`; equal days leave a part out."""

    left_ladder: date
    returned: date
    closed: date


class CaseInterval(NamedTuple):
    """An open case on the days [valid_from, valid_to): date.max is an open end. `rung` None: not on the ladder."""

    valid_from: date
    valid_to: date
    status: CaseStatus
    rung: int | None
    next_step: NextStep
    due_on: date


def case_intervals(
    history: CaseHistory, calendar: SchoolCalendar, settings: LadderSettings, until: date
) -> tuple[CaseInterval, ...]:
    """The intervals of an open case from its opening to its closing, or to the open end; none for a case closed that day.

    They touch without gap or overlap, and each has one next step and its due date (`case_duties`). Rungs and automatic
    statuses are foreseen up to and including `until`.

    Status: as recorded, but never lower than the length of absence makes it: suspected after more than
    `suspected_after_school_days`, dropout after more than `dropout_after_school_days` when `auto_dropout` is set. What
    says otherwise is a return, a closing, or a branch on which papers are owed: there a child is suspected.
    """
    turns = history.turns()
    if turns.closed <= history.opened_on:
        return ()
    duties = {duty.on: duty for duty in _duties(history, turns, calendar, settings, until)}
    statuses = {step.on: step.status for step in _statuses(history, turns, calendar, settings, until)}
    duty, status = duties[history.opened_on], statuses[history.opened_on]
    intervals: list[CaseInterval] = []
    for day, end in pairwise([*sorted(duties.keys() | statuses.keys()), turns.closed]):
        duty, status = duties.get(day, duty), statuses.get(day, status)
        rung = duty.rung.number if duty.rung else None
        intervals.append(CaseInterval(day, end, status, rung, duty.step, duty.due_on))
    return tuple(intervals)


def missed_rungs_of(history: CaseHistory, calendar: SchoolCalendar, settings: LadderSettings, as_of: date) -> tuple[int, ...]:
    """The rungs whose time went by without a visit, up to `as_of` or to the day the child came back or left the ladder."""
    ladder = _ladder(history, calendar, settings)
    return missed_rungs(ladder, history.doorstep_visits, calendar, min(as_of, history.turns().left_ladder))


def days_of_misses(history: CaseHistory, calendar: SchoolCalendar, settings: LadderSettings, until: date) -> list[date]:
    """The days up to `until` on which one more rung had gone by without its visit; none after the child left the ladder."""
    last = min(until, history.turns().left_ladder)
    found = misses(_ladder(history, calendar, settings), history.doorstep_visits, calendar)
    return sorted(known_on for _, known_on in found if known_on <= last)


def _ladder(history: CaseHistory, calendar: SchoolCalendar, settings: LadderSettings) -> Ladder:
    if history.first_absent_on is None:
        return []
    return ladder_dates(history.first_absent_on, sorted(history.doorstep_visits), calendar, settings, history.relapse_count > 0)


def _duties(history: CaseHistory, turns: Turns, calendar: SchoolCalendar, settings: LadderSettings, until: date) -> list[Duty]:
    """Visits from the opening, papers once the child has left the ladder, follow-ups after its return."""
    duties: list[Duty] = []
    if history.opened_on < turns.left_ladder:
        duties += _before(turns.left_ladder, _visits_owed(history, calendar, settings, until))
    if turns.left_ladder < turns.returned:
        duties += _before(turns.returned, _papers_owed(history, turns.left_ladder, calendar, settings))
    if turns.returned < turns.closed:
        duties += _before(turns.closed, follow_up_duties(turns.returned, sorted(history.follow_ups), calendar, settings))
    return duties


def _before(end: date, duties: Sequence[Duty]) -> list[Duty]:
    return [duty for duty in duties if duty.on < end]


def _visits_owed(history: CaseHistory, calendar: SchoolCalendar, settings: LadderSettings, until: date) -> list[Duty]:
    ladder = _ladder(history, calendar, settings)
    duties = visit_duties(history.opened_on, ladder, sorted(history.doorstep_visits), calendar, settings, until)
    if history.branch is not Branch.UNREACHABLE:
        return duties
    return with_report(duties, history.branched_on, history.branch_done_on, calendar, settings)


def _papers_owed(history: CaseHistory, starts: date, calendar: SchoolCalendar, settings: LadderSettings) -> list[Duty]:
    step, allowed = NextStep.URGE_TRANSFER, settings.transfer_school_days
    if history.missing_paper is not None:
        step, allowed = NextStep.HAND_IN_PAPERS, settings.papers_school_days
    return paper_duties(starts, step, history.branch_done_on, allowed, calendar, settings)


def _statuses(
    history: CaseHistory, turns: Turns, calendar: SchoolCalendar, settings: LadderSettings, until: date
) -> list[CaseStep]:
    """Every change of status in order; before the return a status only grows graver."""
    opened = history.opened_on
    steps = [CaseStep(max(step.on, opened), step.status) for step in history.events if step.status in GRAVITY]
    steps += [step for step in _by_absence(history, calendar, settings) if step.on <= until and step.on < turns.left_ladder]
    if turns.left_ladder < turns.returned:
        steps.append(CaseStep(turns.left_ladder, CaseStatus.SUSPECTED))
    graver = [CaseStep(opened, CaseStatus.AT_RISK)]
    for step in sorted(steps):
        if step.on < turns.returned and GRAVITY[step.status] > GRAVITY[graver[-1].status]:
            graver.append(step)
    if turns.returned < turns.closed:
        graver.append(CaseStep(turns.returned, CaseStatus.RETURNED))
    return graver


def _by_absence(history: CaseHistory, calendar: SchoolCalendar, settings: LadderSettings) -> list[CaseStep]:
    if history.first_absent_on is None:
        return []
    limits = [(settings.suspected_after_school_days, CaseStatus.SUSPECTED)]
    if settings.auto_dropout:
        limits.append((settings.dropout_after_school_days, CaseStatus.DROPOUT))
    days = [(calendar.nth_absent_day(history.first_absent_on, limit + 1), status) for limit, status in limits]
    return [CaseStep(max(day, history.opened_on), status) for day, status in days]
