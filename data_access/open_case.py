"""A case opened by hand from an absence; a child that is absent again after its return gets a linked one (R100)."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, update

from data_access import audit
from data_access.case_work import CaseWork, Saved, children_in_scope, find_sent, note_sent, read_file, read_state, signatory_of
from data_access.derive import Touched
from data_access.engine import business_date
from data_access.record_event import end_case
from data_access.schema import absence_day, case_event, case_file, child, child_place
from data_access.scoped import on
from data_access.settings import read_calendar
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_entries import check_day, check_lengths
from domain.case_transitions import Closing, check_transition
from domain.cases import CaseStatus, Outcome
from domain.errors import ProblemError
from domain.reasons import Reason
from domain.scope import Scope, Write

ACT = "case.open"


def open_case(
    engine: Engine, scope: Scope, child_id: int, first_absent: date, reason: Reason | None, note: str, token: str
) -> Saved:
    """Open a case for a child that is absent since `first_absent`; sent twice with one token it is opened once.

    An open case of a child that had returned is closed with the outcome `relapsed` and linked to the new one, whose ladder
    is the faster one. Raises ScopeError, ProblemError record.no_child, record.case_open for a child with a case that is not
    back, record.no_school_day for a day without school, record.before_return for an absence before the return.
    """
    scope.require(Write.CASE)
    with open_scoped(engine, scope) as conn:
        county = read_child(conn, scope, child_id).county_code
    with write(engine, county) as conn:
        read_child(conn, scope, child_id)
        today = business_date(conn)
        if (done := find_sent(conn, scope, ACT, token)) is not None:
            return Saved(done, read_state(conn, done, today), repeated=True)
        check_lengths(note)
        before = _last_case(conn, child_id)
        _check(conn, county, first_absent, today, before)
        touched = Touched(conn, [child_id])
        if before is not None and before.closed_on is None:
            _end_returned(CaseWork(engine, conn, scope, read_file(conn, scope, before.id), ACT, token), today)
        case_id = _write(conn, scope, child_id, first_absent, today, reason, note)
        note_sent(conn, scope, ACT, token, case_id)
        touched.rebuild()
        audit.record(engine, scope, ACT, county=county, row_count=1, row_ids=[case_id])
        return Saved(case_id, read_state(conn, case_id, today))


def first_absence(conn: Connection, scope: Scope, child_id: int, today: date) -> date | None:
    """Since when the child has been absent without leave, as the daily reports have it; None: not absent on its last day."""
    allowed = select(absence_day.c.on_date, absence_day.c.state).where(
        absence_day.c.child_id == child_id,
        absence_day.c.on_date <= today,
        absence_day.c.child_id.in_(children_in_scope(conn, scope)),
    )
    first = None
    calendar = read_calendar(conn, read_child(conn, scope, child_id).county_code)
    for row in conn.execute(allowed.order_by(absence_day.c.on_date.desc())):
        follows = first is None or calendar.next_school_day(row.on_date) >= first
        if row.state not in {"truant", "unknown"} or not follows:
            break
        first = row.on_date
    return first


def read_child(conn: Connection, scope: Scope, child_id: int) -> Row[Any]:
    mine = select(child).where(child.c.id == child_id, child.c.id.in_(children_in_scope(conn, scope)))
    found = conn.execute(mine).first()
    if found is None:
        raise ProblemError("record.no_child")
    return found


def _last_case(conn: Connection, child_id: int) -> Row[Any] | None:
    cases = select(case_file).where(case_file.c.child_id == child_id)
    return conn.execute(cases.order_by(case_file.c.opened_on.desc(), case_file.c.id.desc())).first()


def _check(conn: Connection, county: str, first_absent: date, today: date, before: Row[Any] | None) -> None:
    check_day(first_absent, date.min, today)
    if not read_calendar(conn, county).is_school_day(first_absent):
        raise ProblemError("record.no_school_day", day=first_absent)
    if before is None:
        return
    back = _returned_on(conn, before.id)
    if before.closed_on is None and back is None:
        raise ProblemError("record.case_open")
    if first_absent < (before.closed_on or back or first_absent):
        raise ProblemError("record.before_return", day=before.closed_on or back)


def _returned_on(conn: Connection, case_id: int) -> date | None:
    undone = select(case_event.c.corrects).where(case_event.c.corrects.is_not(None))
    returned = (case_event.c.case_id == case_id) & (case_event.c.kind == CaseStatus.RETURNED.value)
    return conn.execute(select(func.min(case_event.c.on_date)).where(returned, case_event.c.id.not_in(undone))).scalar()


def _end_returned(work: CaseWork, today: date) -> None:
    closing = Closing(Outcome.RELAPSED, today, frozenset(), work.signatory, None)
    check_transition(work.before.status, CaseStatus.CLOSED, closing)
    end_case(work, today, Outcome.RELAPSED)
    work.add_event(CaseStatus.CLOSED.value, today, outcome=Outcome.RELAPSED.value)


def _write(
    conn: Connection, scope: Scope, child_id: int, first_absent: date, today: date, reason: Reason | None, note: str
) -> int:
    earlier = conn.execute(select(case_file.c.id).where(case_file.c.child_id == child_id).order_by(case_file.c.id)).scalars()
    came_back = [number for number in earlier if _returned_on(conn, number)]
    at = conn.execute(select(child_place).where(child_place.c.child_id == child_id, on(child_place, today))).first()
    case_id = insert_row(
        conn,
        case_file,
        child_id=child_id,
        opened_on=today,
        first_absent_on=first_absent,
        school_code=at.school_code if at else None,
        stage=at.stage if at else None,
        reason=reason.value if reason else None,
        relapse_of=came_back[-1] if came_back else None,
        relapse_count=len(came_back),
    )
    by = signatory_of(scope)
    told = {"actor": by.user, "actor_role": by.role, "actor_unit": by.unit, "note": note.strip() or None}
    insert_row(conn, case_event, case_id=case_id, on_date=today, kind=CaseStatus.AT_RISK.value, **told)
    conn.execute(update(case_file).where(case_file.c.id == case_id).values(case_no=f"KC{today:%Y%m}-{case_id:05d}"))
    return case_id
