"""A school day that a child missed, written down by hand: the same row that an absence list (L20) brings (R020, R028, R032)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from data_access import audit
from data_access.case_work import find_sent, note_sent
from data_access.engine import business_date
from data_access.open_case import read_child
from data_access.schema import absence_day
from data_access.settings import read_calendar
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.absences import Absence, AbsenceEntry, Reporter, moment_of
from domain.errors import ProblemError
from domain.scope import Scope, Write

ACT, MEND = "absence.record", "absence.correct"
HOURS = ("noticed_at", "contacted_at", "called_at")
SETTLED = ("state", "noticed_at", "contacted_at")  # what is put right only with a reason


@dataclass(frozen=True)
class AbsenceDay:
    """What stands about one child and day. `mark` changes with every entry; empty while nothing stands."""

    entry: AbsenceEntry
    mark: str = ""


@dataclass(frozen=True)
class Kept:
    """What was written: the number of its row. `repeated`: the form had been sent before."""

    record_id: int
    repeated: bool = False


def read_absence(engine: Engine, scope: Scope, child_id: int, on: date) -> AbsenceDay:
    """What stands about a child of the scope and a day: what a form is drawn from. Raises ProblemError record.no_child."""
    with open_scoped(engine, scope) as conn:
        read_child(conn, scope, child_id)
        row = _standing(conn, child_id, on)
    return AbsenceDay(AbsenceEntry(on, Absence.UNKNOWN)) if row is None else AbsenceDay(_entry(row, scope), _mark(row))


def record_absence(
    engine: Engine, scope: Scope, child_id: int, entry: AbsenceEntry, seen: str, now: datetime, token: str
) -> Kept:
    """Write down a school day that a child missed, or more about one that stands; sent twice with one token it is one row.

    What is left empty leaves what is known. To put right a state or an hour that stands needs a reason, which the audit
    keeps. `now`: the hour of the wall clock, on the business date. Raises ScopeError, ProblemError record.no_child,
    record.no_school_day, record.changed_day when somebody wrote about the day since the form was drawn, and what
    `AbsenceEntry.check` raises.
    """
    scope.require(Write.CASE)
    with open_scoped(engine, scope) as conn:
        county = read_child(conn, scope, child_id).county_code
    with write(engine, county) as conn:
        read_child(conn, scope, child_id)
        if (done := find_sent(conn, scope, ACT, token)) is not None:
            return Kept(done, repeated=True)
        today = business_date(conn)
        entry.check(datetime.combine(today, now.time()))
        if not read_calendar(conn, county).is_school_day(entry.on):
            raise ProblemError("record.no_school_day", day=entry.on)
        before = _standing(conn, child_id, entry.on)
        if seen != (_mark(before) if before else ""):
            raise ProblemError("record.changed_day", day=entry.on)
        record_id, mends = _put(conn, child_id, entry, before, today)
        note_sent(conn, scope, ACT, token, record_id)
        _put_on_record(engine, scope, county, record_id, before if mends else None, entry.why.strip())
        return Kept(record_id)


def _put_on_record(engine: Engine, scope: Scope, county: str, record_id: int, before: Row[Any] | None, why: str) -> None:
    """The act in the audit; of what was put right (`before`) also how it stood."""
    if before is None:
        audit.record(engine, scope, ACT, county=county, row_count=1, row_ids=[record_id])
        return
    hours = " ".join(f"{name}={getattr(before, name):%H:%M}" for name in HOURS if getattr(before, name))
    stood = f"{before.on_date} {before.state} {hours}".strip()
    audit.record(engine, scope, MEND, county=county, filter_text=stood, row_count=1, row_ids=[record_id], reason=why)


def _put(conn: Connection, child_id: int, entry: AbsenceEntry, before: Row[Any] | None, today: date) -> tuple[int, bool]:
    """The row's number, and whether it puts right what stood."""
    told = _told(entry)
    if before is None:
        verified_on = today if entry.reason.strip() else None
        return insert_row(conn, absence_day, child_id=child_id, on_date=entry.on, verified_on=verified_on, **told), False
    changed = {name: value for name, value in told.items() if getattr(before, name) != value}
    mends = any(getattr(before, name) is not None for name in SETTLED if name in changed and not _is_found_out(before, name))
    if mends:
        entry.require_why()
    if "verified_reason" in changed:
        changed["verified_on"] = today
    if changed:
        conn.execute(update(absence_day).where(absence_day.c.id == before.id).values(changed))
    return int(before.id), mends


def _is_found_out(before: Row[Any], name: str) -> bool:
    """An unknown reason that turns out to be one of the others is no correction: it is what verifying is for (R028)."""
    return name == "state" and before.state == Absence.UNKNOWN


def _told(entry: AbsenceEntry) -> dict[str, Any]:
    told = {
        "state": entry.state.value,
        "noticed_at": moment_of(entry.on, entry.noticed_at),
        "contacted_at": moment_of(entry.on, entry.contacted_at),
        "called_at": moment_of(entry.on, entry.called_at),
        "verified_reason": entry.reason.strip() or None,
        "reported_by": entry.reported_by.value if entry.reported_by else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _standing(conn: Connection, child_id: int, on: date) -> Row[Any] | None:
    return conn.execute(select(absence_day).where(absence_day.c.child_id == child_id, absence_day.c.on_date == on)).first()


def _entry(row: Row[Any], scope: Scope) -> AbsenceEntry:
    """What the row says; a reason may name people, so a role that sees no names finds its field empty."""
    hours = {name: f"{moment:%H:%M}" if (moment := getattr(row, name)) else "" for name in HOURS}
    by = Reporter(row.reported_by) if row.reported_by in set(Reporter) else None
    reason = (row.verified_reason or "") if scope.sees_names else ""
    return AbsenceEntry(row.on_date, Absence(row.state), **hours, reason=reason, reported_by=by)


def _mark(row: Row[Any]) -> str:
    told = (row.state, *(getattr(row, name) for name in HOURS), row.verified_reason, row.reported_by)
    return "|".join(str(value) for value in told)
