"""School days and working days: what every due date and every absence count stands on.

Source: domain rules R023-R025 (days of absence), R043 (holidays), R119-R120 (working days); terms are local, holidays are
dated data that a bureau loads.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from domain.errors import ProblemError
from domain.school_year import (
    AUTUMN,
    FIRST_YEAR,
    LAST_YEAR,
    SPRING,
    Period,
    Term,
    TermNumber,
    parse_period,
    school_year_label,
    school_year_of,
    usual_term,
)

__all__ = [
    "AUTUMN",
    "SPRING",
    "DayKind",
    "Period",
    "SchoolCalendar",
    "Term",
    "TermNumber",
    "parse_period",
    "read_statutory_days",
    "school_year_label",
    "school_year_of",
    "usual_calendar",
    "usual_term",
]

ONE_DAY = timedelta(days=1)
SATURDAY_AND_SUNDAY = (6, 0)  # date.toordinal() % 7
# Assumed until a bureau loads the announced days: the holidays on fixed dates, as long as they usually are, nothing made up.
USUAL_HOLIDAYS = [(1, 1), *((5, day) for day in range(1, 6)), *((10, day) for day in range(1, 8))]
STATUTORY_FILE = Path(__file__).with_name("holidays_cn.json")


class DayKind(StrEnum):
    """What a dated exception does to its day: a weekday off, or a weekend day worked to make up for one."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True)
class SchoolCalendar:
    """The days of one county: its own terms, and the statutory holidays and make-up days in force.

    A working day is a Monday to Friday that is no holiday, or a make-up day. A school day is a working day inside a term.
    A term that is not given is assumed to be `usual_term`; a month without any given holiday is assumed to have its
    `USUAL_HOLIDAYS`, so due dates far ahead can always be computed. Raises ProblemError when two given terms overlap.
    """

    terms: tuple[Term, ...] = ()
    days: Mapping[date, DayKind] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for before, after in pairwise(sorted(self.terms, key=lambda term: term.starts)):
            if after.starts <= before.ends:
                raise ProblemError("calendar.terms_overlap", period=Period(after.school_year, after.term).code)

    @cached_property
    def _all_terms(self) -> dict[tuple[int, TermNumber], Term]:
        usual = [usual_term(year, term) for year in range(FIRST_YEAR, LAST_YEAR + 1) for term in (AUTUMN, SPRING)]
        return {(term.school_year, term.term): term for term in (*usual, *self.terms)}

    @cached_property
    def _working_days(self) -> tuple[int, ...]:
        given = {day for day, kind in self.days.items() if kind is DayKind.HOLIDAY}
        months = {(day.year, day.month) for day in given}
        usual = (date(year, *day) for year in range(FIRST_YEAR, LAST_YEAR + 2) for day in USUAL_HOLIDAYS)
        off = {day.toordinal() for day in (*given, *(day for day in usual if (day.year, day.month) not in months))}
        makeup = {day.toordinal() for day, kind in self.days.items() if kind is DayKind.MAKEUP}
        span = range(date(FIRST_YEAR, 8, 1).toordinal(), date(LAST_YEAR + 1, 9, 1).toordinal())
        return tuple(day for day in span if day in makeup or (day % 7 not in SATURDAY_AND_SUNDAY and day not in off))

    @cached_property
    def _school_days(self) -> tuple[int, ...]:
        taught: set[int] = set()
        for term in self._all_terms.values():
            taught.update(_slice(self._working_days, term.starts, term.ends))
        return tuple(sorted(taught))

    def is_school_day(self, day: date) -> bool:
        """Whether lessons are held on `day`."""
        return self.absence_days(day, day) == 1

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`, in term or not."""
        return len(_slice(self._working_days, day, day)) == 1

    def school_days_between(self, after: date, until: date) -> int:
        """School days in (after, until]: the first day is not counted; 0 when `until` is not later."""
        return self.absence_days(after + ONE_DAY, until)

    def working_days_between(self, after: date, until: date) -> int:
        """Working days in (after, until]; 0 when `until` is not later."""
        return len(_slice(self._working_days, after + ONE_DAY, until))

    def absence_days(self, first_absent: date, as_of: date) -> int:
        """School days in [first_absent, as_of], both counted: day 1 of the ladder is the first school day missed."""
        low = bisect_left(self._school_days, first_absent.toordinal())
        return max(0, bisect_right(self._school_days, as_of.toordinal()) - low)

    def add_school_days(self, day: date, count: int) -> date:
        """The `count`-th school day after `day`, which itself is not counted; for 0 the first school day on or after `day`.

        Raises ValueError for a negative count or past the end of the calendar (2100).
        """
        return _nth_after(self._school_days, day, count)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted; for 0 the first on or after `day`.

        Raises ValueError for a negative count or past the end of the calendar (2100).
        """
        return _nth_after(self._working_days, day, count)

    def nth_absent_day(self, first_absent: date, nth: int) -> date:
        """The day on which an absence that began on `first_absent` reaches `nth` school days (nth >= 1).

        The inverse of `absence_days`. Raises ValueError when nth < 1.
        """
        if nth < 1:
            raise ValueError(f"there is no day {nth} of an absence")
        return self.add_school_days(first_absent - ONE_DAY, nth)

    def absent_since(self, as_of: date, days: int) -> date:
        """The last day on which an absence may have begun that has `days` school days or more on `as_of` (days >= 1).

        date.min when there were not so many. The other side of `absence_days`.
        """
        at = bisect_right(self._school_days, as_of.toordinal()) - days
        return date.fromordinal(self._school_days[at]) if at >= 0 else date.min

    def next_school_day(self, day: date) -> date:
        """The first school day after `day`."""
        return self.add_school_days(day, 1)

    def term(self, school_year: int, term: TermNumber) -> Term:
        """The term as set by the bureau, else as usual."""
        return self._all_terms.get((school_year, term)) or usual_term(school_year, term)

    def term_of(self, day: date) -> Term | None:
        """The term in which `day` lies; None in the winter and summer holidays."""
        year = school_year_of(day)
        near = (self.term(start, term) for start in (year, year + 1, year - 1) for term in (AUTUMN, SPRING))
        return next((term for term in near if term.contains(day)), None)

    def week_of(self, day: date) -> int | None:
        """The teaching week of `day`, Monday to Sunday; week 1 holds the term's first school day; None outside terms."""
        term = self.term_of(day)
        return None if term is None else max(1, (day - self._first_monday(term)).days // 7 + 1)

    def end_of_week(self, term: Term, week: int) -> date:
        """The Sunday of the term's n-th teaching week, counted as by `week_of`."""
        return self._first_monday(term) + timedelta(days=7 * week - 1)

    def _first_monday(self, term: Term) -> date:
        first = self.add_school_days(term.starts, 0)
        return first - timedelta(days=first.weekday())


def _slice(days: tuple[int, ...], first: date, last: date) -> tuple[int, ...]:
    return days[bisect_left(days, first.toordinal()) : bisect_right(days, last.toordinal())]


def _nth_after(days: tuple[int, ...], day: date, count: int) -> date:
    if count < 0:
        raise ValueError(f"cannot count {count} days")
    at = bisect_left(days, day.toordinal()) if count == 0 else bisect_right(days, day.toordinal()) + count - 1
    if at >= len(days):
        raise ValueError("past the end of the calendar")
    return date.fromordinal(days[at])


@cache
def read_statutory_days() -> Mapping[date, DayKind]:
    """The announced holidays and make-up days that ship with the product; which years are complete stands in the file."""
    announced = json.loads(STATUTORY_FILE.read_text(encoding="utf-8"))
    days = {date.fromisoformat(day): DayKind.MAKEUP for day in announced["makeup"]}
    for holiday in announced["holidays"]:
        first, last = (date.fromisoformat(holiday[edge]) for edge in ("from", "to"))
        days |= {first + timedelta(days=n): DayKind.HOLIDAY for n in range((last - first).days + 1)}
    return days


@cache
def usual_calendar() -> SchoolCalendar:
    """The calendar before a bureau has set its own terms: usual terms, announced holidays."""
    return SchoolCalendar((), read_statutory_days())
