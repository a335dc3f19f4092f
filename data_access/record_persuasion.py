"""A persuasion attempt written down by hand (L10, R059), numbered after those before it; the first turns a dropout's case."""

from sqlalchemy import Engine, func, select

from data_access.adult_names import AdultNames
from data_access.case_work import CaseWork, Saved, work_on_case
from data_access.keys import cipher_of
from data_access.schema import persuasion
from data_access.writing import insert_row
from domain.case_entries import PersuasionEntry, is_same_visit
from domain.cases import CaseStatus
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.terms import say

ACT = "persuasion.record"


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
        return work.save(_write(work, entry))


def _refuse_double(work: CaseWork, entry: PersuasionEntry) -> None:
    same_day = select(persuasion.c.people).where(persuasion.c.case_id == work.case_id, persuasion.c.on_date == entry.on)
    for people in work.conn.execute(same_day).scalars():
        if is_same_visit(people.split("、"), entry.people.split("、")):
            raise ProblemError("record.persuasion_there", day=entry.on, people=AdultNames(work.conn, work.scope).show(people))


def _write(work: CaseWork, entry: PersuasionEntry) -> int:
    last = work.conn.execute(select(func.max(persuasion.c.nth)).where(persuasion.c.case_id == work.case_id)).scalar()
    place = entry.place.strip()
    told = {name: getattr(entry, name).strip() or None for name in ("people_role", "content", "result", "next_step", "signed_by")}
    return insert_row(
        work.conn,
        persuasion,
        **told,
        case_id=work.case_id,
        nth=(last or 0) + 1,
        on_date=entry.on,
        kind=say(f"persuasionkind.{entry.kind}", "zh"),
        people=entry.people.strip(),
        peers=entry.peers,
        place=cipher_of(work.engine).seal(place) if place else None,
        submission=work.token,
    )
