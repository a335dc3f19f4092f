"""What was found out about an entry of a work queue (R039): written once, the latest counts, the earlier ones stay."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, func, select

from data_access import audit
from data_access.case_work import children_in_scope, find_sent, note_sent
from data_access.engine import business_date
from data_access.schema import child, verification
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_entries import check_day, check_lengths
from domain.errors import ProblemError
from domain.queues import Finding, Queue
from domain.scope import Scope, Write

ACT = "queue.verify"


@dataclass(frozen=True)
class Entry:
    """Which entry: the child, its queue and since when it stands there; `seen`: the finding the form showed, None for none."""

    child_id: int
    queue: Queue
    since: date
    seen: date | None = None


def record_finding(engine: Engine, scope: Scope, entry: Entry, day: date, finding: Finding, note: str, token: str) -> bool:
    """Write down what was found out; True when this token had been sent before.

    Raises ScopeError, ProblemError record.no_child outside the scope, record.changed when somebody wrote a finding since the
    form was drawn.
    """
    scope.require(Write.CASE)
    with open_scoped(engine, scope) as conn:
        mine = select(child.c.county_code).where(child.c.id == entry.child_id, child.c.id.in_(children_in_scope(conn, scope)))
        county = conn.execute(mine).scalar()
    if county is None:
        raise ProblemError("record.no_child")
    with write(engine, county) as conn:
        if find_sent(conn, scope, ACT, token) is not None:
            return True
        check_day(day, entry.since, business_date(conn))
        check_lengths(note)
        told = {"child_id": entry.child_id, "queue": entry.queue.value, "since": entry.since}
        same = (verification.c[name] == value for name, value in told.items())
        if conn.execute(select(func.max(verification.c.on_date)).where(*same)).scalar() != entry.seen:
            raise ProblemError("record.changed")
        values = {"on_date": day, "outcome": finding.value, "note": note.strip() or None, "actor": scope.user}
        number = insert_row(conn, verification, **told, **values)
        note_sent(conn, scope, ACT, token, number)
        audit.record(engine, scope, ACT, county=county, row_count=1, row_ids=[entry.child_id, number])
    return False
