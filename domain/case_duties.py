"""What is owed on a case, from which day on: visits on the ladder, papers, follow-ups."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from domain.calendar import SchoolCalendar
from domain.visits import Ladder, LadderSettings, NextStep, Rung, rung_in_force


class Duty(NamedTuple):
    """What is owed from the day `on`, until the next duty of the same case. `rung` None: not on the ladder."""

    on: date
    rung: Rung | None
    step: NextStep
    due_on: date


def visit_duties(
    opened: date, ladder: Ladder, visits: Sequence[date], calendar: SchoolCalendar, settings: LadderSettings, until: date
) -> list[Duty]:
    """The visits owed while an absence lasts; `visits` are those done, in order of time.

    The oldest duty stays due until a visit at the door settles it: climbing a rung does not forgive what was missed below.
    A case opened late owes the rung of its opening day, counted from that day. Rungs after `until` are not foreseen.
    """
    begins, rung = rung_in_force(ladder, opened) or (opened, None)
    duties = [_first_duty(opened, rung, calendar, settings)]
    coming: list[tuple[date, Rung | None]] = [entry for entry in ladder if opened < entry[0] <= until]
    done: list[tuple[date, Rung | None]] = [(max(day, opened), None) for day in visits if day >= begins]
    for day, entered in sorted([*coming, *done], key=lambda mark: (mark[0], mark[1] is None)):
        before = duties[-1]
        if entered is None:
            duties.append(_after_visit(day, before.rung, ladder, calendar, settings))
        else:
            due_on = calendar.add_school_days(day, entered.due_school_days)
            duties.append(Duty(day, entered, entered.step, min(before.due_on, due_on)))
    return duties


def _first_duty(opened: date, rung: Rung | None, calendar: SchoolCalendar, settings: LadderSettings) -> Duty:
    if rung is None:
        due_on = calendar.add_school_days(opened, settings.warning_visit_school_days)
        return Duty(opened, None, NextStep.WARNING_VISIT, due_on)
    return Duty(opened, rung, rung.step, calendar.add_school_days(opened, rung.due_school_days))


def _after_visit(day: date, rung: Rung | None, ladder: Ladder, calendar: SchoolCalendar, settings: LadderSettings) -> Duty:
    """A visit is done and the child is not back: the next rung, or the same visit again where that comes sooner."""
    repeat = calendar.add_school_days(day, settings.repeat_every_school_days)
    if rung is None:
        repeat = calendar.add_school_days(day + timedelta(days=settings.follow_up_every_days), 0)
    begins, coming = next((entry for entry in ladder if entry[0] > day), (date.max, None))
    if coming is not None and begins <= repeat:
        return Duty(day, rung, coming.step, calendar.add_school_days(begins, coming.due_school_days))
    return Duty(day, rung, rung.step if rung else NextStep.WARNING_VISIT, repeat)


def with_report(
    duties: Sequence[Duty], lost_on: date, reported_on: date | None, calendar: SchoolCalendar, settings: LadderSettings
) -> list[Duty]:
    """The same duties, but from `lost_on` until both reports are made the step is the report to bureau and township (R038).

    The ladder goes on beneath: rungs are climbed, and what was overdue stays overdue.
    """
    report_due = calendar.add_school_days(lost_on, settings.unreachable_report_school_days)
    ends = max(lost_on, reported_on or date.max)
    cuts = [
        next(duty for duty in reversed(duties) if duty.on <= day)._replace(on=day) for day in (lost_on, ends) if day < date.max
    ]
    return [
        duty._replace(step=NextStep.REPORT_UNREACHABLE, due_on=min(duty.due_on, report_due))
        if lost_on <= duty.on < ends
        else duty
        for duty in sorted([*duties, *cuts], key=lambda duty: duty.on)
    ]


def paper_duties(
    starts: date,
    step: NextStep,
    done_on: date | None,
    allowed_school_days: int,
    calendar: SchoolCalendar,
    settings: LadderSettings,
) -> list[Duty]:
    """A paper or a transfer is owed from `starts`; once it is there, the case must be closed."""
    owed = Duty(starts, None, step, calendar.add_school_days(starts, allowed_school_days))
    if done_on is None:
        return [owed]
    done = max(starts, done_on)
    return [owed, Duty(done, None, NextStep.CLOSE_CASE, calendar.add_working_days(done, settings.close_working_days))]


def follow_up_duties(
    returned: date, follow_ups: Sequence[date], calendar: SchoolCalendar, settings: LadderSettings
) -> list[Duty]:
    """After a return: an assessment every `follow_up_every_days` calendar days, then the closing (R061).

    `follow_ups` are those done, in order of time. The closing is owed when no further assessment fits in before the end.
    """
    ends = returned + timedelta(days=settings.follow_up_ends_after)
    duties = []
    for day in (returned, *(day for day in follow_ups if day >= returned)):
        due_on = day + timedelta(days=settings.follow_up_every_days)
        if due_on <= ends:
            duties.append(Duty(day, None, NextStep.FOLLOW_UP, due_on))
        else:
            closing = calendar.add_working_days(max(day, ends), settings.close_working_days)
            duties.append(Duty(day, None, NextStep.CLOSE_CASE, closing))
    return duties
