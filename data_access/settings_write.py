"""What a bureau changes in its rules: each change one transaction, dated, with its paper, audited, what it moves derived anew."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from data_access import audit
from data_access.derive import Touched
from data_access.schema import OPEN_END, calendar_day, case_file, child, setting, term
from data_access.settings import read_calendar, read_values
from data_access.writing import write
from domain.bureau_settings import Value, check_values, spec_of, to_stored, value_of
from domain.calendar import DayKind, SchoolCalendar, Term
from domain.errors import ProblemError, ScopeError
from domain.school_year import FIRST_YEAR, LAST_YEAR, Period
from domain.scope import Scope, Write

MOVES_CASES = ("ladder.", "calendar.")  # what case intervals, and the losses that follow from them, stand on
LONGEST_DOCUMENT = 160


def change_settings(
    engine: Engine, scope: Scope, county: str, changes: Mapping[str, Value], *, valid_from: date, document: str
) -> int:
    """Set values from a day on, until the next change that is already dated later; how many really changed.

    `document`: the paper or the reason, never blank. Raises ProblemError for a value that cannot stand, alone or beside the
    others in force on that day; ScopeError for a role or a county that may not.
    """
    told = allowed(scope, county, valid_from, document)
    with write(engine, county) as conn:
        before = read_values(conn, county, valid_from)
        new = {name: spec_of(name).check(value) for name, value in changes.items()}
        changed = {name: value for name, value in new.items() if value != value_of(before, name)}
        check_values({**before, **changed})
        for name, value in changed.items():
            put_setting(conn, county, name, to_stored(value), valid_from, told, scope.user)
        _rebuild(conn, county, changed)
        for name, value in changed.items():
            was = json.dumps(to_stored(value_of(before, name)))
            _record(engine, scope, county, f"{name}: {was} -> {json.dumps(to_stored(value))}", valid_from, told)
    return len(changed)


def change_term(engine: Engine, scope: Scope, county: str, new: Term, *, document: str) -> None:
    """Set the first and last day of a term. Raises ProblemError when it would overlap another."""
    told = allowed(scope, county, new.starts, document)
    with write(engine, county) as conn:
        before = read_calendar(conn, county)
        _check_term(before, new)
        key = (term.c.county_code == county, term.c.school_year == new.school_year, term.c.term == new.term)
        conn.execute(delete(term).where(*key))
        row = {"school_year": new.school_year, "term": new.term, "starts": new.starts, "ends": new.ends}
        conn.execute(insert(term).values(county_code=county, **row))
        name = f"calendar.term.{new.school_year}.{new.term}"
        days = [new.starts.isoformat(), new.ends.isoformat()]
        put_setting(conn, county, name, days, new.starts, told, scope.user)
        _rebuild(conn, county, {name: days})
        _record(engine, scope, county, f"{name}: {days[0]} - {days[1]}", new.starts, told)


def change_day(engine: Engine, scope: Scope, county: str, day: date, kind: DayKind | None, *, document: str) -> None:
    """Make a day a holiday or a make-up working day; None: an ordinary day again.

    The first change takes over the announced days of the whole calendar as the county's own.
    """
    told = allowed(scope, county, day, document)
    with write(engine, county) as conn:
        _own_days(conn, county)
        conn.execute(delete(calendar_day).where(calendar_day.c.county_code == county, calendar_day.c.on_date == day))
        if kind is not None:
            conn.execute(insert(calendar_day).values(county_code=county, on_date=day, kind=kind.value))
        name, value = f"calendar.day.{day.isoformat()}", kind.value if kind else None
        put_setting(conn, county, name, value, day, told, scope.user)
        _rebuild(conn, county, {name: value})
        _record(engine, scope, county, f"{name}: {value}", day, told)


def require_settings(scope: Scope, county: str) -> None:
    """Raise ScopeError unless the role may change the rules of that county."""
    scope.require(Write.SETTINGS)
    if not county or not any(county.startswith(area) for area in scope.areas if len(area) <= len(county)):
        raise ScopeError("scope.no_write")


def allowed(scope: Scope, county: str, valid_from: date, document: str) -> str:
    """The paper, tidied, once role, county, day and paper are in order. Raises ScopeError, ProblemError."""
    require_settings(scope, county)
    told = " ".join(document.split())
    if not told:
        raise ProblemError("setting.no_document")
    if len(told) > LONGEST_DOCUMENT:
        raise ProblemError("setting.document_too_long", most=LONGEST_DOCUMENT)
    if not FIRST_YEAR <= valid_from.year <= LAST_YEAR:
        raise ProblemError("setting.day_out_of_range")
    return told


def _check_term(calendar: SchoolCalendar, new: Term) -> None:
    others = [one for one in calendar.terms if (one.school_year, one.term) != (new.school_year, new.term)]
    SchoolCalendar((*others, new))
    year = Period(new.school_year)
    if abs((new.starts - year.starts).days) > 366 or abs((new.ends - year.ends).days) > 366:
        raise ProblemError("setting.term_out_of_year", period=Period(new.school_year, new.term).code)


def _own_days(conn: Connection, county: str) -> None:
    if conn.execute(select(calendar_day.c.on_date).where(calendar_day.c.county_code == county).limit(1)).first() is None:
        announced = read_calendar(conn, county).days
        rows = [{"county_code": county, "on_date": day, "kind": kind.value} for day, kind in announced.items()]
        conn.execute(insert(calendar_day), rows)


def put_setting(conn: Connection, county: str, name: str, stored: Any, valid_from: date, document: str, by: str) -> None:
    """A dated line, inside a write: the one in force ends where the new one begins, and a later one stays."""
    line, same = setting.c, (setting.c.county_code == county, setting.c.name == name)
    later = select(line.valid_from).where(*same, line.valid_from > valid_from, line.valid_to > line.valid_from)
    until = conn.execute(later.order_by(line.valid_from).limit(1)).scalar() or OPEN_END
    conn.execute(
        update(setting).where(*same, line.valid_from <= valid_from, line.valid_to > valid_from).values(valid_to=valid_from)
    )
    conn.execute(
        insert(setting).values(
            county_code=county,
            name=name,
            value=json.dumps(stored, ensure_ascii=False),
            document=document,
            set_by=by,
            valid_from=valid_from,
            valid_to=until,
        )
    )


def _rebuild(conn: Connection, county: str, changed: Mapping[str, Any]) -> None:
    if any(name.startswith(MOVES_CASES) for name in changed):
        cases = select(case_file.c.child_id).join(child, child.c.id == case_file.c.child_id).where(child.c.county_code == county)
        Touched(conn, conn.execute(cases).scalars().all()).rebuild()


def _record(engine: Engine, scope: Scope, county: str, what: str, valid_from: date, document: str) -> None:
    audit.record(
        engine, scope, "setting.change", county=county, filter_text=f"{what} ({valid_from.isoformat()})", reason=document
    )
