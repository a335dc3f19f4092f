"""After the return: a named helper and follow-ups in study, life and mind, each with the next due date (R060-R061, R224)."""

from datetime import date, timedelta

from sqlalchemy import Engine, func, select, update

from data_access.case_work import CaseWork, Saved, work_on_case
from data_access.people import read_people
from data_access.schema import OPEN_END, case_event, follow_up, pairing
from data_access.settings import read_ladder
from data_access.writing import insert_row
from domain.case_entries import Dimension, FollowUpEntry, check_lengths
from domain.cases import CaseStatus
from domain.errors import ProblemError
from domain.scope import Scope, Write
from domain.terms import say

FOLLOW, HELP = "follow_up.record", "helper.name"
AFTER_RETURN = "helper_after_return"


def record_follow_up(engine: Engine, scope: Scope, case_id: int, entry: FollowUpEntry, token: str) -> Saved:
    """Write down one follow-up of a returned child; the next is due by the rule of the county, until the follow-up ends.

    Raises ProblemError record.not_returned, record.follow_up_there for one of the same day.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, FOLLOW, token) as work:
        if done := work.sent_before():
            return done
        work.require_open()
        if work.before.status is not CaseStatus.RETURNED:
            raise ProblemError("record.not_returned")
        entry.check(_returned(work), work.today)
        same = select(follow_up.c.id).where(follow_up.c.case_id == case_id, follow_up.c.on_date == entry.on)
        if work.conn.execute(same).first():
            raise ProblemError("record.follow_up_there", day=entry.on)
        every = read_ladder(work.conn, work.file.county_code, work.today).follow_up_every_days
        told = {"case_id": case_id, "on_date": entry.on, "helper": entry.helper, "next_due_on": entry.on + timedelta(days=every)}
        last = 0
        for dimension, (found, note) in entry.found.items():
            said = {"assessment": say(f"assessment.{found}", "zh"), "note": note.strip() or None}
            said |= {"plan": entry.plan.strip() or None} if dimension is Dimension.STUDY else {}
            last = insert_row(work.conn, follow_up, dimension=dimension.value, **told, **said)
        return work.save(last)


def name_helper(engine: Engine, scope: Scope, case_id: int, person_id: int, content: str, token: str) -> Saved:
    """Name who stands at the side of a returned child from today on; the one before is relieved (R224).

    Raises ProblemError record.not_returned, record.no_person.
    """
    with work_on_case(engine, scope, Write.CASE, case_id, HELP, token) as work:
        if done := work.sent_before():
            return done
        if work.before.status is not CaseStatus.RETURNED:
            raise ProblemError("record.not_returned")
        check_lengths(content)
        if person_id not in read_people(work.conn, scope, [person_id]):
            raise ProblemError("record.no_person")
        mine = (pairing.c.child_id == work.file.child_id) & (pairing.c.kind == AFTER_RETURN) & (pairing.c.valid_to == OPEN_END)
        work.conn.execute(update(pairing).where(mine).values(valid_to=work.today))
        told = {"kind": AFTER_RETURN, "content": content.strip() or None, "valid_from": work.today, "valid_to": OPEN_END}
        return work.save(insert_row(work.conn, pairing, child_id=work.file.child_id, person_id=person_id, **told))


def _returned(work: CaseWork) -> date:
    back = (case_event.c.case_id == work.case_id) & (case_event.c.kind == CaseStatus.RETURNED.value)
    first: date = work.conn.execute(select(func.min(case_event.c.on_date)).where(back)).scalar() or work.file.opened_on
    return first
