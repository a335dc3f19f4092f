"""A home visit or contact written down by hand (L9), and its correction. Rows are only added: a correction names the row it
stands in for, and both stay."""

from typing import Any

from sqlalchemy import Engine, Row, insert, select

from data_access.adult_names import AdultNames
from data_access.case_work import CaseWork, Saved, work_on_case
from data_access.keys import cipher_of
from data_access.schema import home_visit, submission, visit_person
from data_access.writing import insert_row
from domain.case_entries import VisitEntry, is_same_visit, require_text
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.visits import VisitMode

ACT, MEND = "visit.record", "visit.correct"


def record_visit(engine: Engine, scope: Scope, case_id: int, entry: VisitEntry, token: str, *, another: bool = False) -> Saved:
    """Write down a visit on an open case; sent twice with one token it is written once.

    `another`: it is known that a different visit of that day is there. Raises ProblemError record.visit_there when somebody
    who came has a visit of the same day and way on this case already, record.visit_same_day for other people's, what
    `VisitEntry.check` raises, and what `work_on_case` raises.
    """
    with work_on_case(engine, scope, Write.VISIT, case_id, ACT, token) as work:
        if done := work.sent_before():
            return done
        work.require_open()
        entry.check(work.first_day, work.today)
        _refuse_double(work, entry, another)
        return work.save(_write(work, entry))


def correct_visit(engine: Engine, scope: Scope, case_id: int, visit_id: int, entry: VisitEntry, reason: str, token: str) -> Saved:
    """Write a visit anew in place of a wrong one, which stays and is shown as corrected.

    Raises ProblemError record.no_visit for a visit of another case, record.corrected_before when somebody was first,
    record.visit_there for one that is on this case already under another number.
    """
    with work_on_case(engine, scope, Write.VISIT, case_id, MEND, token) as work:
        if done := work.sent_before():
            return done
        require_text("reason", reason)
        entry.check(work.first_day, work.today)
        wrong = _standing(work, visit_id)
        if wrong is None:
            raise ProblemError("record.no_visit")
        if work.conn.execute(select(home_visit.c.id).where(home_visit.c.corrects == visit_id)).first():
            raise ProblemError("record.corrected_before")
        _refuse_double(work, entry, another=True, beside=visit_id)
        return work.save(_write(work, entry, corrects=visit_id), reason=reason)


def _standing(work: CaseWork, visit_id: int) -> Row[Any] | None:
    mine = select(home_visit).where(home_visit.c.id == visit_id, home_visit.c.case_id == work.case_id)
    return work.conn.execute(mine).first()


def _refuse_double(work: CaseWork, entry: VisitEntry, another: bool, beside: int | None = None) -> None:
    corrected = select(home_visit.c.corrects).where(home_visit.c.corrects.is_not(None))
    query = (
        select(home_visit.c.visitors, submission.c.user)
        .outerjoin(submission, (submission.c.record_id == home_visit.c.id) & submission.c.act.in_([ACT, MEND]))
        .where(
            home_visit.c.case_id == work.case_id,
            home_visit.c.visited_on == entry.visited_on,
            home_visit.c.mode == entry.mode.value,
            home_visit.c.id.not_in(corrected),
            home_visit.c.id.is_distinct_from(beside),
        )
    )
    for row in work.conn.execute(query):
        shown = AdultNames(work.conn, work.scope).show(row.visitors)
        if is_same_visit(row.visitors.split("、"), [one.name for one in entry.visitors]):
            raise ProblemError("record.visit_there", day=entry.visited_on, visitors=shown, user=row.user or "—")
        if not another:
            raise ProblemError("record.visit_same_day", day=entry.visited_on, visitors=shown)


def _write(work: CaseWork, entry: VisitEntry, corrects: int | None = None) -> int:
    told = {name: getattr(entry, name).strip() or None for name in TEXTS}
    sealed = cipher_of(work.engine).seal(entry.place.strip()) if entry.place.strip() else None
    rung = work.before.rung if entry.mode is VisitMode.DOORSTEP else None
    visit_id = insert_row(
        work.conn,
        home_visit,
        **told,
        child_id=work.file.child_id,
        case_id=work.case_id,
        visited_on=entry.visited_on,
        mode=entry.mode.value,
        visitors=entry.names,
        roles=",".join(sorted({one.role.value for one in entry.visitors})),
        place=sealed,
        signed=entry.signed,
        peers=entry.peers,
        rung=rung,
        corrects=corrects,
        submission=work.token,
    )
    people = {one.person_id: one.role.value for one in entry.visitors if one.person_id}
    for person_id, role in people.items():
        work.conn.execute(insert(visit_person).values(visit_id=visit_id, person_id=person_id, role=role))
    return visit_id


TEXTS = ("visited_at", "met", "purpose", "content", "family", "parent_view", "result", "next_step")
