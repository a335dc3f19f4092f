"""What a bureau has set: terms, holidays, the numbers of domain.bureau_settings; the seeds' values where it has set nothing."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import Connection, select

from data_access.schema import OPEN_END, calendar_day, setting, term
from domain.bureau_settings import SPECS, Value, Values, family_of, from_stored, ladder_of, listing_lines_of, reporting_of
from domain.calendar import DayKind, SchoolCalendar, Term, read_statutory_days
from domain.grades import Stage
from domain.rate_families import RateFamily
from domain.reporting_rhythms import ReportingSettings
from domain.visits import LadderSettings


def read_calendar(conn: Connection, county: str) -> SchoolCalendar:
    """The county's school calendar: its own terms and days, the statutory ones where it has none."""
    terms = tuple(
        Term(row.school_year, row.term, row.starts, row.ends)
        for row in conn.execute(select(term).where(term.c.county_code == county))
    )
    days = {
        row.on_date: DayKind(row.kind) for row in conn.execute(select(calendar_day).where(calendar_day.c.county_code == county))
    }
    return _calendar(terms, tuple(sorted((days or read_statutory_days()).items())))


@lru_cache(maxsize=32)
def _calendar(terms: tuple[Term, ...], days: tuple[tuple[date, DayKind], ...]) -> SchoolCalendar:
    return SchoolCalendar(terms, dict(days))


def read_values(conn: Connection, county: str, as_of: date) -> Values:
    """Every setting in force on a day, by name; one that is not here has its default (`domain.bureau_settings.value_of`)."""
    rows = conn.execute(
        select(setting.c.name, setting.c.value)
        .where(setting.c.county_code == county, setting.c.valid_from <= as_of, setting.c.valid_to > as_of)
        .order_by(setting.c.valid_from, setting.c.id)
    )
    return {name: from_stored(name, json.loads(value)) for name, value in rows if name in SPECS}


def read_ladder(conn: Connection, county: str, as_of: date) -> LadderSettings:
    """The ladder in force."""
    return ladder_of(read_values(conn, county, as_of))


def read_family(conn: Connection, county: str, as_of: date) -> RateFamily:
    """The formula family in force; the seeds' own when none is set."""
    return family_of(read_values(conn, county, as_of))


def read_families(conn: Connection, as_of: date) -> dict[str, RateFamily]:
    """County -> its formula family, for those that have set one."""
    line = setting.c
    rows = conn.execute(
        select(line.county_code, line.value)
        .where(line.name == "rate.family", line.valid_from <= as_of, line.valid_to > as_of)
        .order_by(line.valid_from, line.id)
    )
    return {county: RateFamily(json.loads(value)) for county, value in rows}


def read_reporting(conn: Connection, county: str, as_of: date) -> ReportingSettings:
    """The due days of reports in force; the [X] working days of R119-R120 are None until they are set."""
    return reporting_of(read_values(conn, county, as_of))


def read_listing_lines(conn: Connection, county: str, as_of: date) -> dict[Stage, Fraction]:
    """Stage -> the line over which a unit is listed (R011)."""
    return listing_lines_of(read_values(conn, county, as_of))


@dataclass(frozen=True)
class SettingLine:
    """One value that a setting has, had or will have: on [valid_from, valid_to), `valid_to` None for no end.

    A line whose two days are equal was replaced on the day it began.
    """

    name: str
    value: Value
    valid_from: date
    valid_to: date | None
    document: str
    set_by: str
    recorded_at: datetime


def read_history(conn: Connection, county: str, prefix: str = "") -> list[SettingLine]:
    """Every change of the settings whose name begins with `prefix`, the latest first; `calendar.*` holds terms and days off."""
    rows = conn.execute(
        select(setting)
        .where(setting.c.county_code == county, setting.c.name.startswith(prefix, autoescape=True))
        .order_by(setting.c.recorded_at.desc(), setting.c.id.desc())
    )
    return [
        SettingLine(
            row.name,
            from_stored(row.name, json.loads(row.value)) if row.name in SPECS else json.loads(row.value),
            row.valid_from,
            None if row.valid_to == OPEN_END else row.valid_to,
            row.document or "",
            row.set_by or "",
            row.recorded_at,
        )
        for row in rows
    ]
