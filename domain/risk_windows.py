"""The risk calendar: the days before and after the holidays from which children do not come back (R043)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import ONE_DAY, DayKind, SchoolCalendar
from domain.school_year import AUTUMN, SPRING


class RiskHoliday(StrEnum):
    """The holidays around which children drop out (R043)."""

    NATIONAL_DAY = "national_day"
    WINTER = "winter"
    LABOUR_DAY = "labour_day"
    SUMMER = "summer"


@dataclass(frozen=True)
class RiskWindow:
    """The days around one holiday in which reminders stand: [opens, closes], the holiday included.

    `roll_call` is the first school day after the holiday, on which every child must be counted back.
    """

    holiday: RiskHoliday
    holiday_starts: date
    holiday_ends: date
    opens: date
    closes: date
    roll_call: date

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the window."""
        return self.opens <= day <= self.closes


def risk_windows(calendar: SchoolCalendar, school_year: int, before_days: int, after_days: int) -> tuple[RiskWindow, ...]:
    """The four risk windows of a school year in order of time; `before_days` and `after_days` are calendar days (R043)."""
    autumn, spring = calendar.term(school_year, AUTUMN), calendar.term(school_year, SPRING)
    next_autumn = calendar.term(school_year + 1, AUTUMN)
    holidays = {
        RiskHoliday.NATIONAL_DAY: _holiday_run(calendar, date(school_year, 10, 1), usual_days=7),
        RiskHoliday.WINTER: (autumn.ends + ONE_DAY, spring.starts - ONE_DAY),
        RiskHoliday.LABOUR_DAY: _holiday_run(calendar, date(school_year + 1, 5, 1), usual_days=5),
        RiskHoliday.SUMMER: (spring.ends + ONE_DAY, next_autumn.starts - ONE_DAY),
    }
    before, after = timedelta(days=before_days), timedelta(days=after_days)
    return tuple(
        RiskWindow(holiday, first, last, first - before, last + after, calendar.next_school_day(last))
        for holiday, (first, last) in holidays.items()
    )


def _holiday_run(calendar: SchoolCalendar, day: date, usual_days: int) -> tuple[date, date]:
    """The unbroken run of announced holidays around `day`, or `usual_days` from `day` where none is announced."""
    if calendar.days.get(day) is not DayKind.HOLIDAY:
        return day, day + timedelta(days=usual_days - 1)
    first = last = day
    while calendar.days.get(first - ONE_DAY) is DayKind.HOLIDAY:
        first -= ONE_DAY
    while calendar.days.get(last + ONE_DAY) is DayKind.HOLIDAY:
        last += ONE_DAY
    return first, last
