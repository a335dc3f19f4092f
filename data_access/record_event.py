"""Notifications, findings, returns and closings written down by hand; what ends a case waits for a second person (R055)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from data_access.case_work import CaseWork, Saved, join_papers, read_file, work_on_case
from data_access.schema import OPEN_END, assignment, case_event, case_file, child, enrolment_spell, paper
from data_access.settings import read_ladder
from domain.case_entries import check_day, check_lengths, require_text
from domain.case_events import ONLY_BUREAU, PROPOSALS, CaseEvent
from domain.case_transitions import Closing, Signatory, check_transition, is_second_person
from domain.cases import Branch, CaseStatus, Outcome
from domain.errors import ProblemError
from domain.grades import Stage
from domain.movements import Paper
from domain.scope import Role, Scope, Write

PROPOSE_RETURN, PROPOSE_CLOSING, DECIDE, NOTE = "return.propose", "closing.propose", "proposal.decide", "case.note"


@dataclass(frozen=True)
class Proposal:
    """A return or closing that waits for a second person: who proposed it, for which day, on what evidence."""

    event_id: int
    kind: CaseEvent
    on: date
    outcome: Outcome | None
    evidence: str
    proposed_by: Signatory


def record_event(engine: Engine, scope: Scope, case_id: int, kind: CaseEvent, day: date, note: str, token: str) -> Saved:
    """Write down that somebody was told, or what was found out, with its day (R021, R024, R038, R040, R121, R227-R230).

    A family that cannot be found, or a child that learns elsewhere, turns the case on to its side way. Raises ProblemError
    record.event_there for the same entry of the same day, record.only_bureau for a report above the bureau by somebody else.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, NOTE, token) as work:
        if done := work.sent_before():
            return done
        work.require_open()
        check_day(day, work.first_day, work.today)
        check_lengths(note)
        _check_report_above(scope, kind, note)
        same = _standing(work.case_id).where(case_event.c.kind == kind.value, case_event.c.on_date == day)
        if work.conn.execute(same).first():
            raise ProblemError("record.event_there", day=day, what=ProblemError(f"caseevent.{kind}"))
        if kind.value in set(Branch):
            work.conn.execute(update(case_file).where(case_file.c.id == case_id).values(branch=kind.value))
        return work.save(work.add_event(kind.value, day, note=note.strip() or None))


def _check_report_above(scope: Scope, kind: CaseEvent, note: str) -> None:
    """The bureau alone reports to the authority above it, and says under what reference (R121)."""
    if kind not in ONLY_BUREAU:
        return
    if scope.role is not Role.COUNTY:
        raise ProblemError("record.only_bureau")
    require_text("reference", note)


def propose_return(engine: Engine, scope: Scope, case_id: int, day: date, evidence: str, seen: str, token: str) -> Saved:
    """Propose that a child is back since `day`, on that evidence; it counts as back once a second person agrees.

    Raises ProblemError for a case that cannot return, for one with another proposal open, and record.changed.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, PROPOSE_RETURN, token) as work:
        if done := work.sent_before():
            return done
        _may_propose(work, day, seen)
        require_text("evidence", evidence)
        check_transition(work.before.status, CaseStatus.RETURNED)
        return work.save(work.add_event(CaseEvent.RETURN_PROPOSED.value, day, evidence=evidence.strip()))


def propose_closing(
    engine: Engine,
    scope: Scope,
    case_id: int,
    day: date,
    outcome: Outcome,
    papers: Collection[Paper],
    note: str,
    seen: str,
    token: str,
) -> Saved:
    """Propose to close a case with an outcome, on the papers named; it is closed once a second person agrees (R055).

    Papers on file count too. Raises ProblemError for an outcome that does not fit, for missing evidence, for a follow-up that
    is not over, and record.changed.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, PROPOSE_CLOSING, token) as work:
        if done := work.sent_before():
            return done
        _may_propose(work, day, seen)
        check_lengths(note)
        held = frozenset(one.value for one in papers) | _papers_on_file(work)
        _check_closing(work, _closing(work, outcome, day, held, work.signatory, _ANYBODY))
        told = {"outcome": outcome.value, "evidence": join_papers(sorted(held)), "note": note.strip() or None}
        return work.save(work.add_event(CaseEvent.CLOSING_PROPOSED.value, day, **told))


def decide_proposal(engine: Engine, scope: Scope, case_id: int, agree: bool, note: str, seen: str, token: str) -> Saved:
    """The second person agrees, and the child is back or the case closed on the proposed day; or refuses with a reason.

    Raises ProblemError record.no_proposal, case.second_person_missing for the same person or for one of the same role and
    unit, and what the transition itself asks for.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, DECIDE, token) as work:
        if done := work.sent_before():
            return done
        work.require_unchanged(seen)
        proposal = read_proposal(work.conn, case_id)
        if proposal is None:
            raise ProblemError("record.no_proposal")
        if not is_second_person(proposal.proposed_by, work.signatory):
            raise ProblemError("case.second_person_missing")
        if not agree:
            require_text("reason", note)
            refused = work.add_event(CaseEvent.PROPOSAL_REFUSED.value, work.today, note=note.strip())
            return work.save(refused)
        event_id = _close(work, proposal) if proposal.kind is CaseEvent.CLOSING_PROPOSED else _return(work, proposal)
        return work.save(event_id)


def read_proposal(conn: Connection, case_id: int) -> Proposal | None:
    """The return or closing of a case that waits for a second person; None when there is none."""
    decided = {CaseEvent.PROPOSAL_REFUSED.value, CaseStatus.RETURNED.value, CaseStatus.CLOSED.value}
    last = None
    for row in conn.execute(_standing(case_id).order_by(case_event.c.id)):
        if row.kind in set(PROPOSALS):
            last = _proposal(row)
        elif row.kind in decided:
            last = None
    return last


def read_open_proposal(conn: Connection, scope: Scope, case_id: int) -> Proposal | None:
    """The same for a case of the scope."""
    read_file(conn, scope, case_id)
    return read_proposal(conn, case_id)


def _proposal(row: Row[Any]) -> Proposal:
    by = Signatory(row.actor or "", row.actor_role or "", row.actor_unit or "")
    outcome = Outcome(row.outcome) if row.outcome else None
    return Proposal(row.id, CaseEvent(row.kind), row.on_date, outcome, row.evidence or "", by)


def _standing(case_id: int) -> Any:
    undone = select(case_event.c.corrects).where(case_event.c.corrects.is_not(None))
    return select(case_event).where(case_event.c.case_id == case_id, case_event.c.id.not_in(undone))


def _may_propose(work: CaseWork, day: date, seen: str) -> None:
    work.require_open()
    work.require_unchanged(seen)
    check_day(day, work.file.opened_on, work.today)
    if read_proposal(work.conn, work.case_id):
        raise ProblemError("record.proposal_there")


def _returned_on(work: CaseWork) -> date | None:
    back = _standing(work.case_id).where(case_event.c.kind == CaseStatus.RETURNED.value).order_by(case_event.c.on_date)
    row = work.conn.execute(back).first()
    return row.on_date if row else None


def _papers_on_file(work: CaseWork) -> frozenset[str]:
    mine = paper.c.case_id == work.case_id
    if work.file.movement_id:
        mine |= paper.c.movement_id == work.file.movement_id
    return frozenset(work.conn.execute(select(paper.c.kind).where(mine)).scalars())


def _closing(
    work: CaseWork, outcome: Outcome, day: date, held: frozenset[str], proposed_by: Signatory, confirmed_by: Signatory
) -> Closing:
    return Closing(outcome, day, held, proposed_by, confirmed_by, _returned_on(work), _schooling_ends(work))


def _schooling_ends(work: CaseWork) -> date | None:
    """The sixteenth birthday or the end of grade 9, whichever comes first; None when neither is known."""
    of_child, spell = work.file.child_id, enrolment_spell.c
    birthday = work.conn.execute(select(child.c.sixteen_on).where(child.c.id == of_child)).scalar()
    junior = select(func.min(spell.graduates_on)).where(spell.child_id == of_child, spell.stage == Stage.JUNIOR.value)
    return min((day for day in (birthday, work.conn.execute(junior).scalar()) if day), default=None)


def _check_closing(work: CaseWork, closing: Closing) -> None:
    ladder = read_ladder(work.conn, work.file.county_code, work.today)
    check_transition(work.before.status, CaseStatus.CLOSED, closing, ladder)


def _return(work: CaseWork, proposal: Proposal) -> int:
    check_transition(work.before.status, CaseStatus.RETURNED)
    return work.add_event(CaseStatus.RETURNED.value, proposal.on, **_signed(work, proposal))


def _close(work: CaseWork, proposal: Proposal) -> int:
    outcome = proposal.outcome or Outcome.EXPLAINED
    held = frozenset(proposal.evidence.split("、"))
    closing = _closing(work, outcome, proposal.on, held, proposal.proposed_by, work.signatory)
    _check_closing(work, closing)
    for kind in sorted(held - _papers_on_file(work)):
        told = {"kind": kind, "dated_on": proposal.on, "holder": proposal.proposed_by.unit[:80]}
        work.conn.execute(insert(paper).values(child_id=work.file.child_id, case_id=work.case_id, **told))
    end_case(work, proposal.on, outcome)
    return work.add_event(CaseStatus.CLOSED.value, proposal.on, outcome=outcome.value, **_signed(work, proposal))


def end_case(work: CaseWork, day: date, outcome: Outcome) -> None:
    """Close the file, and the tasks that named people had in it."""
    mine = (assignment.c.case_id == work.case_id) & (assignment.c.valid_to == OPEN_END)
    work.conn.execute(update(assignment).where(mine & (assignment.c.valid_from < day)).values(valid_to=day))
    file = update(case_file).where(case_file.c.id == work.case_id)
    work.conn.execute(file.values(closed_on=day, outcome=outcome.value))


def _signed(work: CaseWork, proposal: Proposal) -> dict[str, Any]:
    by = proposal.proposed_by
    return {
        "actor": by.user,
        "actor_role": by.role,
        "actor_unit": by.unit,
        "confirmed_by": work.signatory.user,
        "evidence": proposal.evidence or None,
    }


_ANYBODY = Signatory("?", "?", "?")  # a proposal is checked as if a second person had agreed; who does is checked then
