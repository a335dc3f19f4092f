"""The period of a return as people write it: a day, a week, a month.

Source: the ledger of returns (L13), whose 填报时间 holds 报告日期, 周次 or 月份.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import SchoolCalendar
from domain.faults import Fault
from domain.plain_text import drop_invisible
from domain.reporting_rhythms import last_of_month
from domain.school_year import AUTUMN, SPRING, school_year_of
from domain.written_dates import WrittenDate, parse_date
from domain.written_numbers import parse_chinese_number

DAILY, WEEKLY, MONTHLY = "daily_report", "weekly_report", "monthly_ledger"
WEEK = re.compile(r"第?([0-9一二三四五六七八九十]+)周")
MONTH = re.compile(r"(1[0-2]|0?[1-9]|[一二三四五六七八九十]+)月(?:份)?")
SHORT_DAY = re.compile(r"(1[0-2]|0?[1-9])[月.\-/](3[01]|[12]\d|0?[1-9])日?")
BARE_DAY = re.compile(r"(3[01]|[12]\d|0?[1-9])日?")
SPAN = re.compile(r"(.+?)(?:至|到|—|~|--)(.+)")
SHORT_SPAN = re.compile(r"([^-]+)-([^-]+)")


@dataclass(frozen=True)
class ReportPeriod:
    """Which return it is (a duty of the reporting calendar) and the days it covers, both included."""

    duty: str
    starts: date
    ends: date


def parse_period(text: str, as_of: date, calendar: SchoolCalendar, title: str = "") -> ReportPeriod | Fault:
    """The period that a cell names; a bare day is the week or month around it where the title says 周报 or 月报.

    What has no year lies in the school year of `as_of`. A period that has not begun by `as_of` is the Fault date.future.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", drop_invisible(text)))
    found = _week(folded, as_of, calendar) or _month(folded, as_of) or _span(folded, as_of) or _day(folded, as_of, title)
    if found is None:
        return Fault("period.unknown")
    return Fault("date.future") if found.starts > as_of else found


def _week(text: str, as_of: date, calendar: SchoolCalendar) -> ReportPeriod | None:
    """第12周: the n-th week of the term that holds `as_of`."""
    named = WEEK.search(text)
    number = _count(named[1]) if named else None
    if not number:
        return None
    term = calendar.term_of(as_of)
    if term is None:  # a return handed in during the holidays is of the term before
        year = school_year_of(as_of)
        term = max((calendar.term(year, one) for one in (AUTUMN, SPRING)), key=lambda one: (one.starts <= as_of, one.starts))
    return _week_of(calendar.end_of_week(term, number))


def _week_of(day: date) -> ReportPeriod:
    monday = day - timedelta(days=day.weekday())
    return ReportPeriod(WEEKLY, monday, monday + timedelta(days=6))


def _month_of(day: date) -> ReportPeriod:
    return ReportPeriod(MONTHLY, day.replace(day=1), last_of_month(day))


def _month(text: str, as_of: date) -> ReportPeriod | None:
    named = MONTH.fullmatch(text)
    if named:
        number = _count(named[1]) or 0
        year = school_year_of(as_of) + (number < 9)
        return _month_of(date(year, number, 1)) if 1 <= number <= 12 else None
    written = parse_date(text)
    return _month_of(written.earliest) if isinstance(written, WrittenDate) and written.precision == "month" else None


def _span(text: str, as_of: date) -> ReportPeriod | None:
    """2026-11-16至2026-11-20 and 11.16-11.20: within a week a week, from first to last of a month a month."""
    parts = SPAN.fullmatch(text) or SHORT_SPAN.fullmatch(text)
    if not parts:
        return None
    first = _one_day(parts[1], as_of)
    last = _last_day(parts[2], first, as_of) if first else None
    if first is None or last is None or last < first:
        return None
    if first.day == 1 and last == last_of_month(first):
        return _month_of(first)
    week = _week_of(first)
    return week if last <= week.ends else None


def _last_day(text: str, first: date, as_of: date) -> date | None:
    """The end of a span; 16日至20日 has its month in front alone."""
    bare = BARE_DAY.fullmatch(text)
    if bare and int(bare[1]) <= last_of_month(first).day:
        return first.replace(day=int(bare[1]))
    return _one_day(text, as_of)


def _day(text: str, as_of: date, title: str) -> ReportPeriod | None:
    day = _one_day(text, as_of)
    if day is None:
        return None
    if "周报" in title:
        return _week_of(day)
    return _month_of(day) if "月报" in title else ReportPeriod(DAILY, day, day)


def _one_day(text: str, as_of: date) -> date | None:
    short = SHORT_DAY.fullmatch(text)
    if short:
        month, day = int(short[1]), int(short[2])
        try:
            return date(school_year_of(as_of) + (month < 9), month, day)
        except ValueError:
            return None
    written = parse_date(text)
    return written.exact if isinstance(written, WrittenDate) else None


def _count(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    return parse_chinese_number(text)
