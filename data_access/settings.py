"""What a bureau has set: terms, holidays, the numbers of domain.bureau_settings; the seeds' values where it has set nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, func, select

from data_access.schema import OPEN_END, calendar_day, setting, term
from domain.bureau_settings import SPECS, Value, Values, family_of, from_stored, ladder_of, listing_lines_of, reporting_of
from domain.calendar import DayKind, SchoolCalendar, Term, read_statutory_days
from domain.grades import Stage
from domain.rate_families import RateFamily
from domain.reporting_rhythms import ReportingSettings
from domain.visits import LadderSettings

CaseRules = tuple[SchoolCalendar, LadderSettings]
Line = tuple[Any, ...]


def read_calendar(conn: Connection, county: str) -> SchoolCalendar:
    """The county's school calendar: its own terms and days, the statutory ones where it has none."""
    return read_calendars(conn, [county])[county]


def read_case_rules(conn: Connection, counties: Iterable[str], as_of: date) -> dict[str, CaseRules]:
    """County -> what its cases are counted by, read together: a list over a prefecture holds cases of many counties."""
    counties = list(counties)
    calendars, values = read_calendars(conn, counties), _read_values(conn, counties, as_of)
    return {county: (calendars[county], _ladder(frozenset(values[county].items()))) for county in counties}


@lru_cache(maxsize=256)
def _ladder(values: frozenset[tuple[str, Value]]) -> LadderSettings:
    """Put together once for what is set: neighbours mostly have the same."""
    return ladder_of(dict(values))


def read_calendars(conn: Connection, counties: Sequence[str]) -> dict[str, SchoolCalendar]:
    """County -> its calendar, read together; counties whose lines are the same share one."""
    terms = _lines(conn, counties, term, ("school_year", "term", "starts", "ends"))
    days = _lines(conn, counties, calendar_day, ("on_date", "kind"))
    return {county: _calendar(terms[county], days[county]) for county in counties}


def _lines(conn: Connection, counties: Sequence[str], table: Table, names: Sequence[str]) -> dict[str, tuple[Line, ...]]:
    """County -> its lines of a table. Neighbours have nearly all of them in common: one is read once, with whose it is."""
    line = [table.c[name] for name in names]
    whose = func.aggregate_strings(table.c.county_code, ",")
    query = select(whose, *line).where(table.c.county_code.in_(counties)).group_by(*line).order_by(*line)
    alike: dict[str, list[Line]] = {}  # whose they are, as the database says it -> their lines
    for owners, *values in conn.execute(query).all():
        alike.setdefault(owners, []).append(tuple(values))
    counties_of = {owners: set(owners.split(",")) for owners in alike}
    return {
        county: tuple(line for owners in alike if county in counties_of[owners] for line in alike[owners]) for county in counties
    }


@lru_cache(maxsize=256)
def _calendar(terms: tuple[Line, ...], days: tuple[Line, ...]) -> SchoolCalendar:
    """Built once for what stands in the tables: asked for by the lines themselves, it is never a stale one."""
    own = {on_date: DayKind(kind) for on_date, kind in days}
    return SchoolCalendar(tuple(Term(*told) for told in terms), own or dict(read_statutory_days()))


def read_values(conn: Connection, county: str, as_of: date) -> Values:
    """Every setting in force on a day, by name; one that is not here has its default (`domain.bureau_settings.value_of`)."""
    return _read_values(conn, [county], as_of)[county]


def _read_values(conn: Connection, counties: Sequence[str], as_of: date) -> dict[str, Values]:
    rows = conn.execute(
        select(setting.c.county_code, setting.c.name, setting.c.value)
        .where(setting.c.county_code.in_(counties), setting.c.valid_from <= as_of, setting.c.valid_to > as_of)
        .order_by(setting.c.valid_from, setting.c.id)
    )
    values: dict[str, dict[str, Value]] = {county: {} for county in counties}
    for county, name, value in rows:
        if name in SPECS:
            values[county][name] = from_stored(name, json.loads(value))
    return dict(values)


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
