"""Who owes which report by when: from the daily zero report to the yearly list of key units.

Source: R020, R027-R031, R042-R043, R052-R053, R056, R065, R111-R120, R125, R128-R132, R134.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import SchoolCalendar
from domain.reporting_rhythms import (
    ReportingSettings,
    Rhythm,
    Year,
    after_holidays,
    after_term_start,
    around_term_start,
    by_term_end,
    by_weeks_end,
    early_in,
    every_month,
    every_quarter,
    every_school_day,
    every_week,
    in_activity_months,
    in_months,
    on_day,
)
from domain.terms import Lang, say

__all__ = [
    "DUTIES",
    "LASTING",
    "Due",
    "Duty",
    "Reporter",
    "ReportingSettings",
    "dropout_form_due",
    "dues_of",
    "feedback_due",
    "say_due",
]


class Reporter(StrEnum):
    """The kinds of unit that owe something."""

    CLASS = "class"
    TEACHER = "teacher"
    SCHOOL = "school"
    KEY_UNIT = "key_unit"
    TOWNSHIP = "township"
    BUREAU = "bureau"


@dataclass(frozen=True)
class Due:
    """One thing owed: for the days `covers_from` to `covers_to`, at the latest on `due` (all included)."""

    duty: str
    covers_from: date
    covers_to: date
    due: date


@dataclass(frozen=True)
class Duty:
    """A report or act owed again and again; what is owed, and to whom, stands in the words of `duty.<code>`."""

    code: str
    reporter: Reporter
    source: str
    rhythm: Rhythm

    def say(self, lang: Lang = "zh") -> str:
        """What is owed, and to whom."""
        return say(f"duty.{self.code}", lang)

    def dues(self, year: Year) -> Iterator[Due]:
        """Every time it is owed in the year, in order of time."""
        return (Due(self.code, *span) for span in self.rhythm(year))


LASTING = frozenset({"publicity", "activity_month"})  # done throughout the days they cover, not handed in on one
DUTIES: tuple[Duty, ...] = (
    Duty("roll_call", Reporter.CLASS, "R020, R028", every_school_day),
    Duty("class_profile", Reporter.CLASS, "R129", after_term_start(lambda told: told.class_profile_days)),
    Duty("visit_every_pupil", Reporter.TEACHER, "R134", by_term_end),
    Duty("daily_report", Reporter.SCHOOL, "R027, R030-R031", every_school_day),
    Duty("registry_log_in", Reporter.SCHOOL, "R052", every_school_day),
    Duty("weekly_report", Reporter.SCHOOL, "R111", every_week),
    Duty("monthly_ledger", Reporter.SCHOOL, "R056", every_month),
    Duty("term_report", Reporter.SCHOOL, "R114", early_in(3, 9)),
    Duty("census", Reporter.SCHOOL, "R042", by_weeks_end(lambda told: told.census_weeks)),
    Duty("guardianship_update", Reporter.SCHOOL, "R130", by_weeks_end(lambda told: told.census_weeks)),
    Duty("left_behind_update", Reporter.SCHOOL, "R065", every_quarter),
    Duty("registry_clearing", Reporter.SCHOOL, "R053", by_term_end),
    Duty("return_roll_call", Reporter.SCHOOL, "R043", after_holidays),
    Duty("screening", Reporter.SCHOOL, "R128", on_day(lambda told: told.screening)),
    Duty("school_age_list", Reporter.SCHOOL, "R125", on_day(lambda told: told.school_age_list)),
    Duty("publicity", Reporter.SCHOOL, "R132", around_term_start),
    Duty("key_unit_report", Reporter.KEY_UNIT, "R112", every_month),
    Duty("written_report", Reporter.TOWNSHIP, "R113", in_months(10, 12, 4, 6)),
    Duty("activity_month", Reporter.TOWNSHIP, "R131", in_activity_months),
    Duty("county_recheck", Reporter.BUREAU, "2024 notice (four ones)", every_quarter),
    Duty("special_supervision", Reporter.BUREAU, "R116", in_months(3, 9)),
    Duty("special_check", Reporter.BUREAU, "R117", after_term_start(lambda told: told.check_after_days)),
    Duty("key_list", Reporter.BUREAU, "R115", on_day(lambda told: told.key_list)),
)


def dues_of(reporter: Reporter, calendar: SchoolCalendar, school_year: int, settings: ReportingSettings) -> tuple[Due, ...]:
    """Everything a unit of that kind owes in a school year, by due day.

    Key units owe what their own kind of unit owes besides. What depends on an event (a dropout) is `dropout_form_due`.
    """
    year = Year(calendar, school_year, settings)
    owed = [due for duty in DUTIES if duty.reporter is reporter for due in duty.dues(year)]
    return tuple(sorted(owed, key=lambda due: (due.due, due.duty)))


def dropout_form_due(calendar: SchoolCalendar, known_on: date, settings: ReportingSettings) -> date | None:
    """The day by which the school's form on a dropout is in, [X] working days after it was known; None while unset (R119)."""
    limit = settings.dropout_form_days
    return None if limit is None else calendar.add_working_days(known_on, limit)


def feedback_due(calendar: SchoolCalendar, received_on: date, settings: ReportingSettings) -> date | None:
    """The day by which the bureau answers the form, [X] working days after it came; None while unset (R120)."""
    limit = settings.feedback_days
    return None if limit is None else calendar.add_working_days(received_on, limit)


def say_due(due: date | None, lang: Lang = "zh") -> str:
    """A due day, or that its limit has not been set: never a guess."""
    return say("duty.unset", lang) if due is None else due.isoformat()
