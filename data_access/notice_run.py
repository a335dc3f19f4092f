"""The monthly run (一月一核): one supervision notice for every open case that has none this month (一账一单)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from data_access import audit
from data_access.cases import CaseOrder, CaseRow, iterate_cases
from data_access.chunks import chunks
from data_access.engine import business_date
from data_access.schema import area, case_file, notice
from data_access.settings import read_calendar, read_values
from data_access.writing import write
from domain.bureau_settings import value_of
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.forms import FormKind, document_number
from domain.notices import SUPERVISION, notice_due
from domain.scope import Role, Scope, Write
from domain.terms import say

LIMIT = "notice.working_days"  # the setting: working days from issue to the last day to reply
COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Run:
    """What a run did: notices issued, open cases that had one, and the due day (None: the limit is not set)."""

    month: str
    issued: int
    kept: int
    due_on: date | None


def run_month(engine: Engine, scope: Scope, county: str, month: str | None = None) -> Run:
    """Issue the notices of the present month in a county; `month` (YYYY-MM), where given, must be it.

    Running again issues only what is missing, and two who run at once issue each notice once. Raises ScopeError unless the
    scope is a county official's over the whole county, ProblemError notice.bad_month and notice.only_this_month.
    """
    _require_county(scope, county)
    with write(engine, county) as conn:
        today = business_date(conn)
        _check_month(month, today)
        cases = list(_open_cases(conn, scope, county, today))
        has_one = _with_notice(conn, [row.case_id for row in cases], f"{today:%Y-%m}")
        missing = [row for row in cases if row.case_id not in has_one]
        due = notice_due(read_calendar(conn, county), today, value_of(read_values(conn, county, today), LIMIT))
        _issue(conn, county, missing, today, due)
        run = Run(f"{today:%Y-%m}", len(missing), len(cases) - len(missing), due)
        ids = [row.case_id for row in missing]
        audit.record(engine, scope, "run_notices", county=county, filter_text=run.month, row_count=run.issued, row_ids=ids)
    return run


def _require_county(scope: Scope, county: str) -> None:
    """Raises ScopeError: the run is the bureau's, over its whole county."""
    scope.require(Write.CASE)
    covers = any(len(one) <= COUNTY_DIGITS and county.startswith(one) for one in scope.areas)
    if scope.role is not Role.COUNTY or not covers:
        raise ScopeError("notice.county_only")


def _check_month(month: str | None, today: date) -> None:
    if month is None:
        return
    try:
        asked = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise ProblemError("notice.bad_month") from None
    if (asked.year, asked.month) != (today.year, today.month):
        raise ProblemError("notice.only_this_month", month=f"{today:%Y-%m}")


def _open_cases(conn: Connection, scope: Scope, county: str, today: date) -> Iterator[CaseRow]:
    chosen = resolve(CaseFilter(area=county), today, {})
    return iterate_cases(conn, scope, chosen, order=CaseOrder.OPENED, limit=None, offset=0, name="")


def _with_notice(conn: Connection, cases: Sequence[int], month: str) -> set[int]:
    query = select(notice.c.case_id).where(notice.c.month == month, notice.c.kind == SUPERVISION)
    return set(cases) & set(conn.execute(query).scalars())


def _issue(conn: Connection, county: str, cases: Sequence[CaseRow], today: date, due: date | None) -> None:
    numbered = (notice.c.issuer_code == county, notice.c.kind == SUPERVISION, notice.c.year == today.year)
    last = conn.execute(select(func.coalesce(func.max(notice.c.serial), 0)).where(*numbered)).scalar_one()
    named = conn.execute(select(area.c.name).where(area.c.code == county)).scalar()
    numbers = _case_numbers(conn, [row.case_id for row in cases])
    issuer = {"issuer_code": county, "issuer": say("notice.issuer", county=named or county), "kind": SUPERVISION}
    dated = {"month": f"{today:%Y-%m}", "year": today.year, "issued_on": today, "due_on": due}
    rows = [
        {**issuer, **dated, **_about(row, numbers.get(row.case_id), today), **_numbered(today.year, last + place)}
        for place, row in enumerate(cases, 1)
    ]
    if rows:
        conn.execute(insert(notice), rows)


def _case_numbers(conn: Connection, cases: Sequence[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for part in chunks(cases):
        query = select(case_file.c.id, case_file.c.case_no).where(case_file.c.id.in_(part))
        found |= {row.id: row.case_no for row in conn.execute(query)}
    return found


def _numbered(year: int, serial: int) -> dict[str, Any]:
    return {"serial": serial, "number": document_number(FormKind.SUPERVISION_NOTICE, year, serial)}


def _about(row: CaseRow, case_no: str | None, today: date) -> dict[str, Any]:
    """Who must act and what about: the case by its number, never the child by name."""
    told: dict[str, Any] = {"case_no": case_no or row.case_id, "status": say(f"casestatus.{row.status}")}
    days: dict[str, Any] = {"day": f"{today:%Y-%m-%d}", "days": row.days_absent}
    matter = say("notice.matter_short", **told) if row.days_absent is None else say("notice.matter", **told, **days)
    step = say("notice.requirement", step=say(f"nextstep.{row.next_step}")) if row.next_step else say("notice.none_due")
    return {
        "case_id": row.case_id,
        "unit_code": row.school_code or (row.village_code or "")[:9] or None,
        "owner": row.school.name or row.government.name,
        "matter": matter,
        "requirement": step,
    }
