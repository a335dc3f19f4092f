"""Cases given to somebody by name, many at once, with a reason (R203-R210)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, insert, select, update

from data_access import audit
from data_access.case_work import children_in_scope, find_sent, note_sent
from data_access.chunks import chunks
from data_access.derive import Touched
from data_access.engine import business_date
from data_access.people import people_in_scope
from data_access.schema import OPEN_END, assignment, case_file, case_interval, child, person
from data_access.scoped import on
from data_access.walls import open_scoped
from data_access.writing import write
from domain.case_entries import require_text
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.visits import DutyLine, DutyRole

ACT = "case.assign"
MOST = 500  # cases handed over at once: what fits on a few pages and can be looked over


@dataclass(frozen=True)
class HandedOver:
    """How many cases somebody was given, and to whom; `repeated`: it had been sent before."""

    cases: int
    name: str
    line: DutyLine
    repeated: bool = False


def reassign(
    engine: Engine, scope: Scope, seen: Mapping[int, int | None], line: DutyLine, person_id: int, reason: str, token: str
) -> HandedOver:
    """Give open cases to a person on one line, from today on; all of them or none.

    `seen`: the case numbers, each with the owner on that line that the form showed (None: nobody). Raises ScopeError,
    ProblemError record.no_case for a case outside the scope or closed, record.no_person for one who is not on duty on that
    line, record.owner_changed when somebody else handed a case over in between, record.too_many.
    """
    scope.require(Write.ASSIGN)
    require_text("reason", reason)
    if not 1 <= len(seen) <= MOST:
        raise ProblemError("record.too_many", most=MOST)
    with open_scoped(engine, scope) as conn:
        county = _county_of(conn, scope, seen)
    with write(engine, county) as conn:
        today = business_date(conn)
        name, role = _person(conn, scope, person_id, line, today)
        if find_sent(conn, scope, ACT, token) is not None:
            return HandedOver(len(seen), name, line, repeated=True)
        children = _check_seen(conn, scope, seen, line, today)
        touched = Touched(conn, children)
        _hand_over(conn, scope, list(seen), line, person_id, role, reason, today)
        note_sent(conn, scope, ACT, token, person_id)
        touched.rebuild()
        audit.record(engine, scope, ACT, county=county, row_count=len(seen), row_ids=sorted(seen), reason=reason.strip())
    return HandedOver(len(seen), name, line)


def _county_of(conn: Connection, scope: Scope, seen: Mapping[int, int | None]) -> str:
    counties: set[str] = set()
    for part in chunks(seen):
        query = select(child.c.county_code).join(case_file, case_file.c.child_id == child.c.id).where(case_file.c.id.in_(part))
        counties |= set(conn.execute(query.where(child.c.id.in_(children_in_scope(conn, scope)))).scalars())
    if len(counties) != 1:
        raise ProblemError("record.one_county" if counties else "record.no_case")
    return counties.pop()


def _person(conn: Connection, scope: Scope, person_id: int, line: DutyLine, today: date) -> tuple[str, DutyRole]:
    query = select(person.c.name, person.c.role).where(person.c.id == person_id, on(person, today), people_in_scope(scope))
    row = conn.execute(query).first()
    if row is None or DutyRole(row.role).line is not line:
        raise ProblemError("record.no_person")
    return row.name, DutyRole(row.role)


def _check_seen(conn: Connection, scope: Scope, seen: Mapping[int, int | None], line: DutyLine, today: date) -> set[int]:
    """The children of the cases, all open, in scope and owned as the form showed them."""
    owner = case_interval.c[f"{line.value}_owner_id"]
    query = select(case_interval.c.case_id, case_interval.c.child_id, owner.label("owner")).where(
        case_interval.c.case_id.in_(list(seen)),
        on(case_interval, today),
        case_interval.c.next_step.is_not(None),
        case_interval.c.child_id.in_(children_in_scope(conn, scope)),
    )
    found = conn.execute(query).all()
    if len(found) != len(seen):
        raise ProblemError("record.no_case")
    if changed := sum(row.owner != seen[row.case_id] for row in found):
        raise ProblemError("record.owner_changed", count=changed)
    return {row.child_id for row in found}


def _hand_over(
    conn: Connection, scope: Scope, cases: list[int], line: DutyLine, person_id: int, role: DutyRole, reason: str, today: date
) -> None:
    mine = assignment.c.case_id.in_(cases) & (assignment.c.line == line.value) & (assignment.c.valid_to > today)
    conn.execute(update(assignment).where(mine).values(valid_to=today))
    told = {"line": line.value, "person_id": person_id, "role": role.value, "reason": reason.strip(), "assigned_by": scope.user}
    rows = [{"case_id": number, **told, "valid_from": today, "valid_to": OPEN_END} for number in cases]
    conn.execute(insert(assignment), rows)
