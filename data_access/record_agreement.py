"""Leaving a disabled pupil of special difficulty out of the class's assessment, on the guardian's agreement (R081-R082)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from data_access import audit
from data_access.case_work import find_sent, note_sent
from data_access.engine import business_date
from data_access.open_case import read_child
from data_access.schema import enrolment_spell, group_spell, paper
from data_access.scoped import on
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_entries import check_day, require_text
from domain.errors import ProblemError
from domain.groups import Group
from domain.scope import Scope, Write

AGREE, END = "agreement.record", "agreement.end"
KIND = "assessment_agreement"  # of the paper that stands for the agreement


def read_agreement(engine: Engine, scope: Scope, child_id: int) -> tuple[bool, date | None]:
    """Whether an agreement may be recorded for a child (a disabled pupil on a register), and since when one holds."""
    with open_scoped(engine, scope) as conn:
        day = business_date(conn)
        held = _held(conn, child_id)
        return _spell(conn, child_id, day) is not None and _is_disabled(conn, child_id, day), held.dated_on if held else None


def record_agreement(engine: Engine, scope: Scope, child_id: int, agreed_on: date, with_whom: str, token: str) -> bool:
    """Record that the guardian agreed; the pupil leaves the assessment from now and stays enrolled. True: sent before.

    `with_whom`: as what the one who agreed stands to the child, never a name. Raises ScopeError, ProblemError
    record.no_child, record.not_disabled, record.agreed_before, record.in_future, record.text_missing.
    """
    with _work(engine, scope, child_id, AGREE, token) as (conn, county, today, done):
        if done:
            return True
        check_day(agreed_on, date.min, today)
        require_text("guardian", with_whom, 80)
        spell = _spell(conn, child_id, today)
        if spell is None or not _is_disabled(conn, child_id, today):
            raise ProblemError("record.not_disabled")
        if _held(conn, child_id):
            raise ProblemError("record.agreed_before")
        told = {"kind": KIND, "dated_on": agreed_on, "holder": with_whom.strip()}
        number = insert_row(conn, paper, child_id=child_id, **told)
        _assess(conn, spell, assessed=False)
        _keep(engine, conn, scope, AGREE, county, number, token)
        return False


def end_agreement(engine: Engine, scope: Scope, child_id: int, reason: str, token: str) -> bool:
    """Take the pupil into the assessment again; the agreement stays on file as ended. True: sent before.

    Raises ScopeError, ProblemError record.no_child, record.not_agreed, record.text_missing.
    """
    with _work(engine, scope, child_id, END, token) as (conn, county, today, done):
        if done:
            return True
        require_text("reason", reason, 200)
        held, spell = _held(conn, child_id), _spell(conn, child_id, today)
        if held is None:
            raise ProblemError("record.not_agreed")
        conn.execute(update(paper).where(paper.c.id == held.id).values(valid_to=today))
        if spell is not None:
            _assess(conn, spell, assessed=True)
        _keep(engine, conn, scope, END, county, held.id, token, reason.strip())
        return False


@contextmanager
def _work(
    engine: Engine, scope: Scope, child_id: int, act: str, token: str
) -> Iterator[tuple[Connection, str, date, int | None]]:
    scope.require(Write.CASE)
    with open_scoped(engine, scope) as conn:
        county = read_child(conn, scope, child_id).county_code
    with write(engine, county) as conn:
        read_child(conn, scope, child_id)
        yield conn, county, business_date(conn), find_sent(conn, scope, act, token)


def _keep(
    engine: Engine, conn: Connection, scope: Scope, act: str, county: str, number: int, token: str, reason: str | None = None
) -> None:
    note_sent(conn, scope, act, token, number)
    audit.record(engine, scope, act, county=county, row_count=1, row_ids=[number], reason=reason)


def _held(conn: Connection, child_id: int) -> Row[Any] | None:
    mine = select(paper).where(paper.c.child_id == child_id, paper.c.kind == KIND, paper.c.valid_to.is_(None))
    return conn.execute(mine).first()


def _spell(conn: Connection, child_id: int, day: date) -> Row[Any] | None:
    spell = enrolment_spell.c
    here = select(enrolment_spell).where(spell.child_id == child_id, on(enrolment_spell, day), spell.graduates_on > day)
    return conn.execute(here.order_by(spell.id.desc())).first()


def _is_disabled(conn: Connection, child_id: int, day: date) -> bool:
    group = group_spell.c
    told = select(group.id).where(group.child_id == child_id, group.group_name == Group.DISABLED.value, on(group_spell, day))
    return conn.execute(told).first() is not None


def _assess(conn: Connection, spell: Row[Any], *, assessed: bool) -> None:
    conn.execute(update(enrolment_spell).where(enrolment_spell.c.id == spell.id).values(assessed=assessed))
