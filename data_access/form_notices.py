"""What stands on a supervision notice (L11): the latest notice of each case up to the as-of day, with the case it is about."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from data_access.child_timeline import read_school_names
from data_access.chunks import chunks
from data_access.form_facts import FormFacts, Values, read_form_facts
from data_access.form_reader import say_day
from data_access.schema import notice
from data_access.scoped import day_of
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.masking import PiiKind, mask
from domain.scope import Scope
from domain.terms import say

SUPERVISION = "supervision"


def read_notice_facts(
    conn: Connection, scope: Scope, chosen: CaseFilter, *, cipher: Cipher | None = None, name: str = "", limit: int | None = None
) -> list[FormFacts]:
    """The cases of the filter that have a supervision notice, each with its latest. Raises ScopeError as the cases do."""
    facts = read_form_facts(conn, scope, chosen, cipher=cipher, name=name, limit=limit)
    latest = _latest(conn, [one.case_id for one in facts], day_of(chosen))
    schools = read_school_names(conn)
    return [
        FormFacts(one.case_id, one.child_id, one.county_code, one.unit_code, {**one.values, **_values(row, schools, scope)})
        for one in facts
        if (row := latest.get(one.case_id)) is not None
    ]


def _latest(conn: Connection, cases: Sequence[int], day: date) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for part in chunks(cases):
        own = (notice.c.case_id.in_(part), notice.c.kind == SUPERVISION, notice.c.issued_on <= day)
        query = select(notice).where(*own).order_by(notice.c.issued_on, notice.c.id)
        found |= {row.case_id: row for row in conn.execute(query)}
    return found


def _values(row: Row[Any], schools: dict[str, str], scope: Scope) -> Values:
    reply = row.reply if scope.sees_names else mask(row.reply, PiiKind.FREE_TEXT)
    return {
        "number": row.number,
        "notice_issued_on": say_day(row.issued_on),
        "notice_issuer": row.issuer,
        "notice_unit": schools.get(row.unit_code, row.unit_code),
        "notice_owner": row.owner,
        "notice_matter": row.matter,
        "notice_requirement": row.requirement,
        "notice_due_on": say_day(row.due_on) or say("duty.unset"),
        "notice_reply": reply,
        "notice_replied_on": say_day(row.replied_on),
        "notice_checked": row.checked,
        "notice_checked_by": row.checked_by,
        "notice_closed_on": say_day(row.closed_on),
    }
