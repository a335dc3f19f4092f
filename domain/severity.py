"""What makes a case severe, so that it goes to the authority above the bureau (R121): lines that a bureau sets."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.calendar import SchoolCalendar
from domain.cases import OUT_OF_SCHOOL, CaseStatus
from domain.visits import LadderSettings


class SevereSign(StrEnum):
    """Why a case is severe; each is a line of its own, and one is enough."""

    LONG_ABSENT = "long_absent"
    HIGH_RUNG = "high_rung"
    RELAPSES = "relapses"


def severe_signs(
    settings: LadderSettings, status: CaseStatus, days_absent: int | None, rung: int | None, relapse_count: int
) -> tuple[SevereSign, ...]:
    """The lines that a case has reached, each at or over what is set; none for a child that is back or a case that is closed.

    `days_absent` in school days, `rung` 1-7, as a case is shown. A line that is not set is never reached.
    """
    if status not in OUT_OF_SCHOOL:
        return ()
    reached = {
        SevereSign.LONG_ABSENT: (days_absent, settings.severe_school_days),
        SevereSign.HIGH_RUNG: (rung, settings.severe_from_rung),
        SevereSign.RELAPSES: (relapse_count, settings.severe_relapses),
    }
    return tuple(sign for sign, (value, line) in reached.items() if value is not None and line is not None and value >= line)


class SevereLines(NamedTuple):
    """The lines of `severe_signs` on one day as a list of cases is searched by: one is enough.

    `absent_since`: a child first missed on that day or before is absent long enough. None: a line that is not set.
    """

    absent_since: date | None
    from_rung: int | None
    from_relapses: int | None
    counties: tuple[str, ...] = ()


def severe_lines(settings: LadderSettings, calendar: SchoolCalendar, as_of: date) -> SevereLines:
    """What `severe_signs` asks of a case, said so that days need not be counted case by case."""
    days = settings.severe_school_days
    since = None if days is None else calendar.absent_since(as_of, days)
    return SevereLines(since, settings.severe_from_rung, settings.severe_relapses)
