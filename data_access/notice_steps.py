"""What is done with a notice after its issue: the unit's reply, the re-check, the closing (销号). Steps are only added."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from data_access import audit
from data_access.engine import business_date
from data_access.schema import case_file, case_interval, notice, notice_event
from data_access.scoped import in_scope, on
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.errors import ProblemError, ScopeError
from domain.notices import Check, NoticeFacts, NoticeStep, check_step, closing_day
from domain.plain_text import drop_invisible
from domain.scope import Role, Scope, Write

CHANGES: dict[NoticeStep, dict[str, Any]] = {
    NoticeStep.REPLIED: {"checked": None, "checked_by": None},
    NoticeStep.PASSED: {"checked": Check.PASSED.value},
    NoticeStep.RETURNED: {"checked": Check.RETURNED.value},
    NoticeStep.CLOSED: {},
}


def record_step(engine: Engine, scope: Scope, notice_id: int, step: NoticeStep, note: str, on_date: date) -> None:
    """Add one step to a notice, in legal order; of two who do the same at once the second is told.

    `note`: the unit's reply, which must not be empty, or a remark. Replies come from whoever works on the case; checks and
    closings are the county bureau's. Raises ScopeError, and ProblemError notice.not_found, .empty_reply, .in_future and what
    domain.notices.check_step raises.
    """
    _require(scope, step)
    text = drop_invisible(note)
    if step is NoticeStep.REPLIED and not text:
        raise ProblemError("notice.empty_reply")
    with open_scoped(engine, scope) as conn:
        county = _find(conn, scope, notice_id).county_code
    with write(engine, county) as conn:
        found = _find(conn, scope, notice_id)
        if on_date > business_date(conn):
            raise ProblemError("notice.in_future")
        check_step(_facts(conn, found), step, on_date, scope.user)
        _add(conn, scope, found, step, text, on_date)
        audit.record(engine, scope, f"notice_{step}", county=county, row_count=1, row_ids=[notice_id])


def _require(scope: Scope, step: NoticeStep) -> None:
    scope.require(Write.CASE)
    if step is not NoticeStep.REPLIED and scope.role is not Role.COUNTY:
        raise ScopeError("notice.county_only")


def _find(conn: Connection, scope: Scope, notice_id: int) -> Row[Any]:
    """The notice if its case lies in the scope today. Raises ProblemError notice.not_found."""
    query = (
        select(notice, case_interval.c.county_code, case_file.c.closed_on.label("case_closed_on"))
        .join(case_file, case_file.c.id == notice.c.case_id)
        .join(case_interval, case_interval.c.case_id == notice.c.case_id)
        .where(in_scope(scope, case_interval), on(case_interval, business_date(conn)), notice.c.id == notice_id)
    )
    found = conn.execute(query).first()
    if found is None:
        raise ProblemError("notice.not_found")
    return found


def _facts(conn: Connection, found: Row[Any]) -> NoticeFacts:
    replies = (notice_event.c.notice_id == found.id, notice_event.c.kind == NoticeStep.REPLIED.value)
    last = conn.execute(select(notice_event.c.actor).where(*replies).order_by(notice_event.c.id.desc()).limit(1)).scalar()
    closed = closing_day(found.closed_on, found.case_closed_on)
    return NoticeFacts(found.issued_on, found.replied_on, found.checked, closed, last)


def _add(conn: Connection, scope: Scope, found: Row[Any], step: NoticeStep, text: str, on_date: date) -> None:
    told = {"notice_id": found.id, "case_id": found.case_id, "on_date": on_date, "kind": step.value}
    insert_row(conn, notice_event, **told, actor=scope.user, actor_role=scope.role.value, note=text or None)
    changes = dict(CHANGES[step])
    if step is NoticeStep.REPLIED:
        changes |= {"reply": text, "replied_on": on_date}
    elif step is NoticeStep.CLOSED:
        changes |= {"closed_on": on_date}
    else:
        changes |= {"checked_by": scope.user}
    conn.execute(update(notice).where(notice.c.id == found.id).values(**changes))
