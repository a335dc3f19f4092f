"""What a bureau has set: terms, holidays, the ladder's numbers, the formula; the seeds' values where it has set nothing."""

import json
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from data_access.schema import calendar_day, setting, term
from domain.calendar import DayKind, SchoolCalendar, Term, read_statutory_days
from domain.rate_families import RateFamily
from domain.visits import SEED_LADDER, LadderSettings


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


def read_values(conn: Connection, county: str, as_of: date) -> dict[str, Any]:
    """Every setting in force on a day: name -> value (stored as JSON)."""
    rows = conn.execute(
        select(setting.c.name, setting.c.value)
        .where(setting.c.county_code == county, setting.c.valid_from <= as_of, setting.c.valid_to > as_of)
        .order_by(setting.c.valid_from, setting.c.id)
    )
    return {name: json.loads(value) for name, value in rows}


def read_ladder(conn: Connection, county: str, as_of: date) -> LadderSettings:
    """The ladder in force: settings named `ladder.FIELD` replace the seeds' numbers."""
    values = read_values(conn, county, as_of)
    numbers = {item.name for item in fields(LadderSettings)} - {"rungs"}
    return replace(SEED_LADDER, **{name: values[f"ladder.{name}"] for name in numbers if f"ladder.{name}" in values})


def read_family(conn: Connection, county: str, as_of: date) -> RateFamily:
    """The formula family in force; the seeds' own when none is set."""
    return RateFamily(read_values(conn, county, as_of).get("rate.family", RateFamily.SEED.value))
