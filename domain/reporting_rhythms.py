"""The rhythms in which reports fall due: daily, weekly, monthly, by term, after holidays; each as days of one school year.

Source: supervision, section "reporting calendar". The due days are the bureau's to set: those here are the seeds', or, where
a seed names only a month, its last day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import ONE_DAY, SchoolCalendar
from domain.risk_windows import risk_windows
from domain.school_year import AUTUMN, SPRING, Period, Term


@dataclass(frozen=True)
class ReportingSettings:
    """Days that a bureau sets. A limit of None is not set: nothing is due, and the page says 未配置 (R119-R120).

    `monthly_day` is the day of the month by which monthly reports are in; `early_days` how many days "early March" has;
    `check_after_days` how long after the start of term the special check falls (R117). `activity_month_1` and `_2`: the months
    of activity, which the seed leaves blank (R131). `publicity_...`: days before and after the start of a term (R132).
    """

    monthly_day: int = 28
    early_days: int = 10
    check_after_days: int = 30
    class_profile_days: int = 30
    census_weeks: int = 2
    key_list: tuple[int, int] = (1, 31)
    school_age_list: tuple[int, int] = (5, 20)
    screening: tuple[int, int] = (11, 30)
    risk_before_days: int = 7
    risk_after_days: int = 7
    activity_month_1: int | None = None
    activity_month_2: int | None = None
    publicity_before_days: int = 7
    publicity_after_days: int = 14
    dropout_form_days: int | None = None
    feedback_days: int | None = None


Span = tuple[date, date, date]  # covers from, covers to, due


@dataclass(frozen=True)
class Year:
    """A school year as the duties see it: its calendar and the bureau's settings."""

    calendar: SchoolCalendar
    school_year: int
    settings: ReportingSettings

    @property
    def period(self) -> Period:
        """The school year as counted."""
        return Period(self.school_year)

    @property
    def terms(self) -> tuple[Term, Term]:
        """Autumn and spring."""
        return self.calendar.term(self.school_year, AUTUMN), self.calendar.term(self.school_year, SPRING)

    def months(self) -> Iterator[tuple[date, date]]:
        """First and last day of its twelve months, September first."""
        for number in range(8, 20):
            first = date(self.school_year + number // 12, number % 12 + 1, 1)
            yield first, last_of_month(first)


def last_of_month(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


def _working(year: Year, day: date) -> date:
    """A last day that is no working day moves to the next one (Civil Code, art. 203)."""
    return year.calendar.add_working_days(day, 0)


Rhythm = Callable[[Year], Iterator[Span]]


def every_school_day(year: Year) -> Iterator[Span]:
    """On every school day, for that day."""
    day = year.calendar.add_school_days(year.period.starts, 0)
    while day <= year.period.ends:
        yield day, day, day
        day = year.calendar.next_school_day(day)


def every_week(year: Year) -> Iterator[Span]:
    """On the last school day of every week that has one, for Monday to Sunday."""
    monday = year.period.starts - timedelta(days=year.period.starts.weekday())
    while monday <= year.period.ends:
        week = [monday + timedelta(days=n) for n in range(7)]
        school_days = [day for day in week if year.calendar.is_school_day(day) and year.period.contains(day)]
        if school_days:
            yield week[0], week[-1], school_days[-1]
        monday += timedelta(days=7)


def every_month(year: Year) -> Iterator[Span]:
    """By the set day of every month, those of the holidays too: in them children are lost."""
    for first, last in year.months():
        yield first, last, _working(year, min(first + timedelta(days=year.settings.monthly_day - 1), last))


def every_quarter(year: Year) -> Iterator[Span]:
    """By the end of each quarter of the calendar, for its three months."""
    for first, last in year.months():
        if first.month % 3 == 0:
            yield first.replace(month=first.month - 2), last, last


def in_months(*months: int) -> Rhythm:
    """In the months named, by their last day."""
    return lambda year: ((first, last, last) for first, last in year.months() if first.month in months)


def early_in(*months: int) -> Rhythm:
    """In the first days of the months named."""

    def spans(year: Year) -> Iterator[Span]:
        for first, _ in year.months():
            if first.month in months:
                due = _working(year, first + timedelta(days=year.settings.early_days - 1))
                yield first, due, due

    return spans


def by_weeks_end(weeks_of: Callable[[ReportingSettings], int]) -> Rhythm:
    """Once a term, by the Sunday of its n-th week."""

    def spans(year: Year) -> Iterator[Span]:
        for term in year.terms:
            yield term.starts, term.ends, year.calendar.end_of_week(term, weeks_of(year.settings))

    return spans


def after_term_start(days_of: Callable[[ReportingSettings], int]) -> Rhythm:
    """Once a term, a set number of days after its start."""

    def spans(year: Year) -> Iterator[Span]:
        for term in year.terms:
            yield term.starts, term.ends, _working(year, term.starts + timedelta(days=days_of(year.settings)))

    return spans


def by_term_end(year: Year) -> Iterator[Span]:
    """Once a term, by its last day."""
    for term in year.terms:
        yield term.starts, term.ends, term.ends


def on_day(day_of: Callable[[ReportingSettings], tuple[int, int]]) -> Rhythm:
    """Once a year, by a set month and day."""

    def spans(year: Year) -> Iterator[Span]:
        month, day = day_of(year.settings)
        due = date(year.school_year + (month < 9), month, day)
        yield year.period.starts, year.period.ends, _working(year, due)

    return spans


def in_activity_months(year: Year) -> Iterator[Span]:
    """In the months of activity that are set, by their last day; never while none is set (R131)."""
    months = {year.settings.activity_month_1, year.settings.activity_month_2}
    return ((first, last, last) for first, last in year.months() if first.month in months)


def around_term_start(year: Year) -> Iterator[Span]:
    """From so many days before each term starts to so many after it, by the last of them (R132)."""
    before, after = (timedelta(days=days) for days in (year.settings.publicity_before_days, year.settings.publicity_after_days))
    return ((term.starts - before, term.starts + after, term.starts + after) for term in year.terms)


def after_holidays(year: Year) -> Iterator[Span]:
    """On the first school day after each risk holiday: everybody is counted back (R043)."""
    settings = year.settings
    for window in risk_windows(year.calendar, year.school_year, settings.risk_before_days, settings.risk_after_days):
        yield window.opens, window.closes, window.roll_call
