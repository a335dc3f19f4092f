"""A persuasion attempt written down by hand (L10, R059), numbered after those before it, and its correction; the first turns a
dropout's case. Rows are only added: a correction names the row it stands in for, keeps its number, and both stay."""

from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, func, select

from data_access.adult_names import AdultNames
from data_access.attempts import standing_attempts
from data_access.case_work import CaseWork, Saved, work_on_case
from data_access.keys import cipher_of
from data_access.schema import case_event, persuasion
from data_access.writing import insert_row
from domain.case_entries import PersuasionEntry, is_same_visit, require_text
from domain.cases import CaseStatus
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.terms import say

ACT, MEND = "persuasion.record", "persuasion.correct"


def record_persuasion(engine: Engine, scope: Scope, case_id: int, entry: PersuasionEntry, token: str) -> Saved:
    """Write down an attempt on an open case that is not back yet; sent twice with one token it is written once.

    A case that is a dropout becomes one in persuasion. Raises ProblemError record.persuasion_there for an attempt of the same
    day by one of the same people, record.returned for a child that is back, and what the check and `work_on_case` raise.
    """
    with work_on_case(engine, scope, Write.VISIT, case_id, ACT, token) as work:
        if done := work.sent_before():
            return done
        work.require_open()
        if work.before.status is CaseStatus.RETURNED:
            raise ProblemError("record.returned")
        entry.check(work.first_day, work.today)
        _refuse_double(work, entry)
        if work.before.status is CaseStatus.DROPOUT:
            work.add_event(CaseStatus.PERSUASION.value, entry.on)
        return work.save(_write(work, entry, _next_number(work)))


def correct_persuasion(
    engine: Engine, scope: Scope, case_id: int, attempt_id: int, entry: PersuasionEntry, reason: str, token: str
) -> Saved:
    """Write an attempt anew in place of a wrong one, which stays and is shown as corrected.

    Where the wrong one had turned the case, the day on which it turned is corrected with it. Raises ProblemError
    record.no_attempt for an attempt of another case, record.corrected_before when somebody was first, and what
    `record_persuasion` raises.
    """
    with work_on_case(engine, scope, Write.VISIT, case_id, MEND, token) as work:
        if done := work.sent_before():
            return done
        require_text("reason", reason)
        entry.check(work.first_day, work.today)
        wrong = _find(work, attempt_id)
        _refuse_double(work, entry, beside=attempt_id)
        _turn_anew(work, wrong.on_date, entry.on, attempt_id)
        return work.save(_write(work, entry, wrong.nth, corrects=attempt_id), reason=reason)


def _find(work: CaseWork, attempt_id: int) -> Row[Any]:
    mine = select(persuasion).where(persuasion.c.id == attempt_id, persuasion.c.case_id == work.case_id)
    found = work.conn.execute(mine).first()
    if found is None:
        raise ProblemError("record.no_attempt")
    if work.conn.execute(standing_attempts(work.case_id).where(persuasion.c.id == attempt_id)).first() is None:
        raise ProblemError("record.corrected_before")
    return found


def _refuse_double(work: CaseWork, entry: PersuasionEntry, beside: int | None = None) -> None:
    for row in work.conn.execute(standing_attempts(work.case_id).where(persuasion.c.on_date == entry.on)):
        if row.id != beside and is_same_visit(row.people.split("、"), entry.people.split("、")):
            shown = AdultNames(work.conn, work.scope).show(row.people)
            raise ProblemError("record.persuasion_there", day=entry.on, people=shown)


def _turn_anew(work: CaseWork, wrong_day: date, right_day: date, attempt_id: int) -> None:
    """The case turned with the first attempt that was made on a dropout: its day follows when that of the attempt does."""
    event = case_event.c
    undone = select(event.corrects).where(event.case_id == work.case_id, event.corrects.is_not(None))
    mine = (event.case_id == work.case_id, event.kind == CaseStatus.PERSUASION.value, event.on_date == wrong_day)
    turned = work.conn.execute(select(event.id).where(*mine, event.id.not_in(undone))).scalar()
    later = standing_attempts(work.case_id).where(persuasion.c.on_date >= wrong_day, persuasion.c.id != attempt_id)
    day = min([right_day, *(row.on_date for row in work.conn.execute(later))])
    if turned is not None and day != wrong_day:
        work.add_event(CaseStatus.PERSUASION.value, day, corrects=turned)


def _next_number(work: CaseWork) -> int:
    last = work.conn.execute(select(func.max(persuasion.c.nth)).where(persuasion.c.case_id == work.case_id)).scalar()
    return (last or 0) + 1


def _write(work: CaseWork, entry: PersuasionEntry, nth: int, corrects: int | None = None) -> int:
    place = entry.place.strip()
    told = {name: getattr(entry, name).strip() or None for name in ("people_role", "content", "result", "next_step", "signed_by")}
    return insert_row(
        work.conn,
        persuasion,
        **told,
        case_id=work.case_id,
        nth=nth,
        on_date=entry.on,
        kind=say(f"persuasionkind.{entry.kind}", "zh"),
        people=entry.people.strip(),
        peers=entry.peers,
        place=cipher_of(work.engine).seal(place) if place else None,
        corrects=corrects,
        submission=work.token,
    )
