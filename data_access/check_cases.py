"""The facts about cases, visits and absences for the contradiction rules."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from data_access.check_look import Look
from data_access.check_people import home_taught
from data_access.schema import (
    absence_day,
    case_event,
    case_file,
    case_interval,
    child,
    enrolment_spell,
    group_spell,
    home_visit,
    movement_event,
    paper,
)
from domain.cases import CaseStatus
from domain.check_facts import AbsenceFacts, CaseFacts, VisitFacts
from domain.groups import Group
from domain.movements import Movement

UNEXCUSED = ("truant", "unknown")


def read_cases(look: Look) -> Iterator[CaseFacts]:
    """Every case, with what the other ledgers say of its child today."""
    kept, person, now = case_file.c, child.c, case_interval
    happened, ended = _events(CaseStatus.RETURNED), _events(CaseStatus.CLOSED)
    query = (
        select(
            kept.id,
            kept.child_id,
            now.c.status,
            kept.opened_on,
            kept.first_absent_on,
            kept.closed_on,
            kept.outcome,
            kept.reason,
            happened.c.first_on.label("returned_on"),
            or_(ended.c.evidence > 0, exists().where(paper.c.child_id == kept.child_id, paper.c.case_id == kept.id)).label(
                "has_evidence"
            ),
            (func.coalesce(ended.c.seconds, 0) > 0).label("has_second_person"),
            person.health,
            person.sixteen_on,
            person.registry_mac.is_not(None).label("has_registry"),
            home_taught(kept.child_id, look.day).label("is_taught_at_home"),
            _poor(look).label("is_poor"),
            _elsewhere(look, now).label("elsewhere"),
        )
        .join(child, person.id == kept.child_id)
        .outerjoin(now, and_(now.c.case_id == kept.id, look.on(now)))
        .outerjoin(happened, happened.c.case_id == kept.id)
        .outerjoin(ended, ended.c.case_id == kept.id)
    )
    for row in look.rows(query, kept.child_id):
        values = dict(row._mapping)
        values["case_id"] = values.pop("id")
        yield CaseFacts(**values | {"has_evidence": bool(row.has_evidence)})


def _events(status: CaseStatus) -> Any:
    """Per case: the first day of a status, and how many of its events name evidence and a second person; corrected ones aside."""
    event, corrected = case_event.c, aliased(case_event)
    chosen = (
        select(
            event.case_id,
            func.min(event.on_date).label("first_on"),
            func.count(event.evidence).label("evidence"),
            func.count(event.confirmed_by).label("seconds"),
        )
        .where(event.kind == status.value, event.id.not_in(select(corrected.c.corrects).where(corrected.c.corrects.is_not(None))))
        .group_by(event.case_id)
    )
    return chosen.subquery(f"on_{status.value}")


def _poor(look: Look) -> Any:
    group = group_spell.c
    return exists().where(group.child_id == case_file.c.child_id, group.group_name == Group.POOR.value, look.on(group_spell))


def _elsewhere(look: Look, now: Any) -> Any:
    """Another school on whose register the child stands, where the case is open."""
    spell = enrolment_spell.c
    own = func.coalesce(case_file.c.school_code, now.c.school_code)
    return (
        select(func.min(spell.school_code))
        .where(spell.child_id == case_file.c.child_id, look.on(enrolment_spell), spell.graduates_on > look.day)
        .where(spell.school_code != own, case_file.c.closed_on.is_(None))
        .scalar_subquery()
    )


def read_absences(look: Look) -> Iterator[AbsenceFacts]:
    """Days on which a child was listed as absent without leave although its home teaching had begun."""
    absent, moved = absence_day.c, movement_event.c
    begun_later = exists().where(
        moved.child_id == absent.child_id, moved.kind == Movement.HOME_TEACHING.value, moved.on_date > absent.on_date
    )
    query = select(absent.id, absent.child_id, absent.on_date, absent.state)
    query = query.where(absent.state.in_(UNEXCUSED), ~begun_later, home_taught(absent.child_id, absent.on_date))
    for row in look.rows(query, absent.child_id):
        yield AbsenceFacts(*row)


def read_visits(look: Look) -> Iterator[VisitFacts]:
    """Visits to come, and visits after a transfer out after which no register had the child; corrected ones aside."""
    visit, corrected = home_visit.c, aliased(home_visit)
    gone, back = movement_event, enrolment_spell.c
    left = (
        select(func.max(gone.c.on_date))
        .where(gone.c.child_id == visit.child_id, gone.c.kind == Movement.TRANSFER_OUT.value, gone.c.on_date < visit.visited_on)
        .scalar_subquery()
    )
    leavers = select(gone.c.child_id).where(gone.c.kind == Movement.TRANSFER_OUT.value)
    replaced = select(corrected.c.corrects).where(corrected.c.corrects.is_not(None))
    query = select(visit.id, visit.child_id, visit.visited_on, left.label("left_on"))
    query = query.where(or_(visit.visited_on > look.day, visit.child_id.in_(leavers)), visit.id.not_in(replaced))
    there = select(back.valid_from, back.valid_to, back.graduates_on)
    for row in look.rows(query, visit.child_id):
        spans = look.conn.execute(there.where(back.child_id == row.child_id)).all() if row.left_on else []
        is_here = any(begins <= row.visited_on < min(ends, graduates) for begins, ends, graduates in spans)
        yield VisitFacts(row.id, row.child_id, row.visited_on, None if is_here else row.left_on)
