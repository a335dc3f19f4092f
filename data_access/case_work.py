"""What every entry on a case shares: it is sent once, by somebody who may, on a case of the own area, and is on record.

A form is drawn with a token; what was sent with it is not done twice. A form that changes what a case is carries the `mark`
that the case had when it was drawn; when somebody else wrote in between, the second one is told and nothing is lost.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from data_access import audit
from data_access.derive import Touched
from data_access.engine import business_date
from data_access.line_owners import LineOwner, owner_of, with_owner_names
from data_access.schema import (
    assignment,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    follow_up,
    home_visit,
    persuasion,
    submission,
)
from data_access.scoped import in_scope, on
from data_access.settings import read_ladder
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_transitions import Signatory
from domain.cases import CaseStatus
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.visits import DutyLine

GROWING = (case_event, home_visit, persuasion, follow_up, assignment)  # what is written about a case only grows


@dataclass(frozen=True)
class CaseState:
    """How a case stands on a day: what a form is drawn from, and what it says after it was sent.

    `mark` changes with every entry on the case. `next_step` and `due_on` None: the case is closed.
    """

    case_id: int
    child_id: int
    opened_on: date
    first_absent_on: date | None
    status: CaseStatus
    rung: int | None
    next_step: str | None
    due_on: date | None
    school: LineOwner
    government: LineOwner
    relapse_count: int
    mark: str


@dataclass(frozen=True)
class Saved:
    """What was written: the number of its record, and how the case stands now. `repeated`: it had been sent before."""

    record_id: int
    case: CaseState
    repeated: bool = False


class CaseWork:
    """One transaction on one case, under the lock of its county."""

    def __init__(self, engine: Engine, conn: Connection, scope: Scope, file: Row[Any], act: str, token: str) -> None:
        self.engine, self.conn, self.scope, self.file, self.act, self.token = engine, conn, scope, file, act, token
        self.today = business_date(conn)
        self.touched = Touched(conn, [file.child_id])
        self.before = read_state(conn, file.id, self.today)

    @property
    def case_id(self) -> int:
        """The number of the case."""
        return int(self.file.id)

    @property
    def first_day(self) -> date:
        """The day from which things may be written about the case: its opening, or the first day missed."""
        opened, absent = self.file.opened_on, self.file.first_absent_on
        first: date = min(opened, absent or opened)
        return first

    @property
    def signatory(self) -> Signatory:
        """The one who writes, as a closing names people."""
        return signatory_of(self.scope)

    def sent_before(self) -> Saved | None:
        """What this token wrote already; None when it is new. Raises ProblemError record.token_used for another act's."""
        record_id = find_sent(self.conn, self.scope, self.act, self.token)
        return None if record_id is None else Saved(record_id, self.before, repeated=True)

    def require_open(self) -> None:
        """Raise ProblemError record.closed for a case that is closed."""
        if self.file.closed_on is not None:
            raise ProblemError("record.closed", day=self.file.closed_on)

    def require_unchanged(self, seen: str) -> None:
        """Raise ProblemError record.changed when somebody wrote about the case since the form was drawn."""
        if self.before.mark != seen:
            raise ProblemError("record.changed")

    def add_event(self, kind: str, day: date, **values: Any) -> int:
        """One more entry in the life of the case, by the one who writes."""
        who = self.signatory
        told = {"actor": who.user, "actor_role": who.role, "actor_unit": who.unit, **values}
        return insert_row(self.conn, case_event, case_id=self.case_id, kind=kind, on_date=day, **told)

    def save(self, record_id: int, *, reason: str | None = None) -> Saved:
        """Note the token, bring what is derived up to date and put the act on record; the transaction commits after this."""
        note_sent(self.conn, self.scope, self.act, self.token, record_id)
        self.touched.rebuild()
        ids = [self.case_id, record_id]
        audit.record(self.engine, self.scope, self.act, county=self.file.county_code, row_count=1, row_ids=ids, reason=reason)
        return Saved(record_id, read_state(self.conn, self.case_id, self.today))


@contextmanager
def work_on_case(engine: Engine, scope: Scope, kind: Write, case_id: int, act: str, token: str) -> Iterator[CaseWork]:
    """A transaction on a case; rolls back unless it ends well.

    Raises ScopeError for a role that may not write so, ProblemError record.no_case for a case that is none, or none of the
    own area: whoever may not see it learns nothing.
    """
    scope.require(kind)
    with open_scoped(engine, scope) as conn:
        found = read_file(conn, scope, case_id)
    with write(engine, found.county_code) as conn:
        yield CaseWork(engine, conn, scope, read_file(conn, scope, case_id), act, token)


def read_case(engine: Engine, scope: Scope, case_id: int) -> CaseState:
    """How a case of the scope stands today: what a form is drawn from. Raises ProblemError record.no_case."""
    with open_scoped(engine, scope) as conn:
        return read_state(conn, read_file(conn, scope, case_id).id, business_date(conn))


def read_file(conn: Connection, scope: Scope, case_id: int) -> Row[Any]:
    """The case file, with the child's county. Raises ProblemError record.no_case outside the scope."""
    query = (
        select(case_file, child.c.county_code)
        .join(child, child.c.id == case_file.c.child_id)
        .where(case_file.c.id == case_id, case_file.c.child_id.in_(children_in_scope(conn, scope)))
    )
    found = conn.execute(query).first()
    if found is None:
        raise ProblemError("record.no_case")
    return found


def children_in_scope(conn: Connection, scope: Scope) -> Any:
    """The children that stand in the scope today."""
    scope.require_children()
    return select(child_place.c.child_id).where(on(child_place, business_date(conn)), in_scope(scope, child_place))


def read_state(conn: Connection, case_id: int, day: date) -> CaseState:
    """How a case stands on a day."""
    spans, file = case_interval.c, case_file.c
    query = (
        select(case_interval, file.opened_on, file.first_absent_on, file.relapse_count)
        .join_from(case_interval, case_file, file.id == spans.case_id)
        .where(spans.case_id == case_id, on(case_interval, day))
    )
    row = conn.execute(with_owner_names(query, case_interval)).first()
    if row is None:
        raise ProblemError("record.no_case")
    ladder = read_ladder(conn, row.county_code, day)
    same = ("case_id", "child_id", "opened_on", "first_absent_on", "rung", "next_step", "due_on", "relapse_count")
    return CaseState(
        **{name: getattr(row, name) for name in same},
        status=CaseStatus(row.status),
        school=owner_of(row, DutyLine.SCHOOL, ladder),
        government=owner_of(row, DutyLine.GOVERNMENT, ladder),
        mark=read_mark(conn, case_id),
    )


def read_mark(conn: Connection, case_id: int) -> str:
    """What changes with every entry about a case."""
    last = (select(func.max(table.c.id)).where(table.c.case_id == case_id).scalar_subquery() for table in GROWING)
    return "-".join(str(number or 0) for number in conn.execute(select(*last)).one())


def find_sent(conn: Connection, scope: Scope, act: str, token: str) -> int | None:
    """The record that was written with a token; None when it is new. Raises record.token_used for somebody else's token."""
    row = conn.execute(select(submission).where(submission.c.token == token)).first()
    if row is None:
        return None
    if (row.act, row.user) != (act, scope.user):
        raise ProblemError("record.token_used")
    return int(row.record_id)


def note_sent(conn: Connection, scope: Scope, act: str, token: str, record_id: int) -> None:
    """Note that what a token stands for has been done."""
    if not token:
        raise ProblemError("record.token_missing")
    conn.execute(insert(submission).values(token=token, act=act, record_id=record_id, user=scope.user))


def signatory_of(scope: Scope) -> Signatory:
    """The account, its role and the unit it acts for."""
    return Signatory(scope.user, scope.role.value, ",".join((*scope.schools, *scope.areas)))


def join_papers(papers: Sequence[str]) -> str:
    """Kinds of evidence as an entry keeps them."""
    return "、".join(sorted(papers))
