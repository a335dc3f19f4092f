"""Who employs a child that ought to be at school, and the referral to the labour office (R108, R157)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, or_, select

from data_access.case_work import Saved, work_on_case
from data_access.cases import CaseOrder, CaseRow, iterate_cases
from data_access.chunks import chunks
from data_access.schema import case_interval, child, employment
from data_access.scoped import day_of
from data_access.writing import insert_row
from domain.case_entries import check_day, check_lengths, require_text
from domain.case_filter import CaseFilter
from domain.grades import age_on
from domain.groups import is_child_labour
from domain.masking import PiiKind, mask
from domain.reasons import Reason
from domain.scope import Scope, Write

ACT = "employer.record"
LONGEST_NAME, LONGEST_REFERENCE = 120, 60


@dataclass(frozen=True)
class Employer:
    """Where a child works: a firm or household, its place, and when and under what number it was referred (None: not yet)."""

    name: str
    place: str = ""
    referred_on: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class WorkingChild:
    """An open case of a child at work. `employer` None: not known yet. `is_labour`: under 16 on the day; None: age unknown."""

    case: CaseRow
    employer: Employer | None
    age: int | None
    is_labour: bool | None


def record_employer(engine: Engine, scope: Scope, case_id: int, found_on: date, employer: Employer, token: str) -> Saved:
    """Write down who employs the child; a later entry stands in for the one before, which stays on the file.

    Raises ProblemError record.text_missing without a name, or for a referral without its reference; for days that cannot be,
    and what `work_on_case` raises.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, ACT, token) as work:
        if done := work.sent_before():
            return done
        work.require_open()
        check_day(found_on, work.first_day, work.today)
        require_text("employer", employer.name, LONGEST_NAME)
        check_lengths(employer.place, longest=LONGEST_NAME)
        if employer.referred_on:
            check_day(employer.referred_on, work.first_day, work.today)
            require_text("reference", employer.reference, LONGEST_REFERENCE)
        before = latest(work.conn, [case_id]).get(case_id)
        told = {"name": employer.name.strip(), "place": employer.place.strip() or None, "referred_on": employer.referred_on}
        reference = employer.reference.strip() if employer.referred_on else None
        told |= {"reference": reference, "found_on": found_on, "corrects": before.id if before else None}
        return work.save(insert_row(work.conn, employment, case_id=case_id, recorded_by=scope.user, **told))


def read_employer(conn: Connection, case_id: int) -> Employer | None:
    """Who employs the child of a case that the caller may work on; None: nobody is on record."""
    row = latest(conn, [case_id]).get(case_id)
    return _employer(row) if row else None


def read_at_work(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[WorkingChild]:
    """The open cases of children gone to work by their reason, and of those with an employer on record."""
    day = day_of(chosen)
    recorded = select(employment.c.case_id).where(employment.c.found_on <= day)
    spans = case_interval.c
    at_work = and_(spans.status != "returned", or_(spans.reason == Reason.GONE_TO_WORK.value, spans.case_id.in_(recorded)))
    cases = list(iterate_cases(conn, scope, chosen, order=CaseOrder.DUE, limit=None, offset=0, name="", also=at_work))
    known = latest(conn, [one.case_id for one in cases], day)
    born: dict[int, date | None] = {}
    for part in chunks({one.child_id for one in cases}):
        born |= {
            row.id: row.birth_date for row in conn.execute(select(child.c.id, child.c.birth_date).where(child.c.id.in_(part)))
        }
    return [_at_work(one, known.get(one.case_id), born.get(one.child_id), scope, day) for one in cases]


def latest(conn: Connection, cases: list[int], day: date | None = None) -> dict[int, Row[Any]]:
    """Case -> the entry about its employer that stands (on a day)."""
    found: dict[int, Row[Any]] = {}
    for row in _entries(conn, cases):
        if day is None or row.found_on <= day:
            found[row.case_id] = row
    return found


def _entries(conn: Connection, cases: list[int]) -> Iterator[Row[Any]]:
    for part in chunks(cases):
        yield from conn.execute(select(employment).where(employment.c.case_id.in_(part)).order_by(employment.c.id))


def _employer(row: Row[Any]) -> Employer:
    return Employer(row.name, row.place or "", row.referred_on, row.reference or "")


def _at_work(case: CaseRow, row: Row[Any] | None, born: date | None, scope: Scope, day: date) -> WorkingChild:
    employer = _employer(row) if row else None
    if employer and not scope.sees_names:
        hidden = mask(employer.place, PiiKind.ADDRESS) or ""
        employer = Employer(employer.name, hidden, employer.referred_on, employer.reference)
    labour = is_child_labour(born, at_work=True, as_of=day) if born else None
    return WorkingChild(case, employer, age_on(born, day) if born else None, labour)
