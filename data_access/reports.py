"""Daily reports: which schools have handed them in, a zero report being a report (R027-R031)."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, Select, func, select

from data_access.schema import school, setting, unit_report
from data_access.settings import read_calendars
from domain.calendar import SchoolCalendar
from domain.key_units import KeyMark, ListedUnit

DAILY = "daily_report"
KEY_UNITS = "key_units"  # a setting
MONTHLY = ("key_unit_report", "monthly_ledger")
RECENT_DAYS = 5
LONGEST_BREAK = 90


def read_silent_schools(conn: Connection, schools: Collection[str], day: date) -> dict[str, int]:
    """School -> on how many of the last five school days up to `day` it handed in no daily report; only those that lack one."""
    wanted, silent = set(schools), dict[str, int]()
    for days, counties in group_calendars(conn, conn.execute(select(school.c.county_code).distinct()).scalars(), day).items():
        for code, reported in conn.execute(_reported(counties, days)):
            if code in wanted and reported < len(days):
                silent[code] = len(days) - reported
    return silent


def group_calendars(
    conn: Connection, counties: Iterable[str], day: date, count: int = RECENT_DAYS
) -> dict[tuple[date, ...], list[str]]:
    """The last school days up to a day -> the counties that have them: most have one calendar, and are asked about at once."""
    calendars = read_calendars(conn, sorted(set(counties)))
    days = {calendar: tuple(recent_school_days(calendar, day, count)) for calendar in set(calendars.values())}
    found: defaultdict[tuple[date, ...], list[str]] = defaultdict(list)
    for county, calendar in calendars.items():
        found[days[calendar]].append(county)
    return dict(found)


def _reported(counties: Collection[str], days: Collection[date]) -> Select[str, int]:
    handed_in = (
        select(unit_report.c.unit_code, func.count(func.distinct(unit_report.c.period_from)).label("n"))
        .where(unit_report.c.duty == DAILY, unit_report.c.period_from.in_(days), unit_report.c.submitted_at.is_not(None))
        .group_by(unit_report.c.unit_code)
        .subquery()
    )
    reported = func.coalesce(handed_in.c.n, 0)
    return (
        select(school.c.code, reported)
        .outerjoin(handed_in, handed_in.c.unit_code == school.c.code)
        .where(school.c.county_code.in_(counties))
    )


def recent_school_days(calendar: SchoolCalendar, day: date, count: int = RECENT_DAYS) -> list[date]:
    """The last `count` school days up to and including `day`, the latest first; fewer after a break of three months."""
    back = (day - timedelta(days=n) for n in range(LONGEST_BREAK))
    return [found for found, _ in zip((one for one in back if calendar.is_school_day(one)), range(count), strict=False)]


def read_key_units(conn: Connection, day: date) -> dict[str, date]:
    """The listed key units of all counties (R115) and since when."""
    counties = conn.execute(select(setting.c.county_code).where(setting.c.name == KEY_UNITS).distinct()).scalars().all()
    lists = (read_list(conn, county, day) or {} for county in counties)
    return {code: one.listed_since for listed in lists for code, one in listed.items()}


def read_list(conn: Connection, county: str, day: date) -> dict[str, ListedUnit] | None:
    """The county's published key list in force on a day, by unit: the setting `key_units`; None when none was published."""
    kept = setting.c
    told = select(kept.value).where(kept.county_code == county, kept.name == KEY_UNITS)
    told = told.where(kept.valid_from <= day, kept.valid_to > day).order_by(kept.valid_from.desc(), kept.id.desc())
    text = conn.execute(told.limit(1)).scalar()
    if text is None:
        return None
    units = json.loads(text).items()
    return {code: _listed(code, told) for code, told in units if isinstance(told, dict)}  # a bare date is no published line


def _listed(code: str, told: dict[str, str]) -> ListedUnit:
    days = (date.fromisoformat(told[name]) for name in ("since", "published_on", "rectify_by"))
    return ListedUnit(code, KeyMark(told["mark"]), *days)


def months_missing(conn: Connection, unit: str, since: date, day: date) -> list[date]:
    """The months since the listing, the latest first, for which a key unit handed in no monthly report (R112)."""
    report = unit_report.c
    handed_in = select(report.period_from).where(report.unit_code == unit, report.duty.in_(MONTHLY))
    handed_in = handed_in.where(report.submitted_at.is_not(None))
    there = {one.replace(day=1) for one in conn.execute(handed_in).scalars()}
    month, owed = day.replace(day=1), []
    while (month := (month - timedelta(days=1)).replace(day=1)) >= since.replace(day=1):
        owed.append(month)
    return [one for one in owed if one not in there]
