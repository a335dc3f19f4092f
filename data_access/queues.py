"""The work queues of movements and placements as of a day, with what was found out about each entry."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, exists, func, null, or_, select, true
from sqlalchemy.orm import aliased

from data_access.schema import (
    area,
    case_file,
    case_interval,
    child,
    child_place,
    enrolment_spell,
    group_spell,
    loss_spell,
    movement_event,
    paper,
    placement,
    school,
    verification,
)
from data_access.scoped import child_filter, counted_at, day_of, in_scope, on, place_filter
from domain.case_filter import CaseFilter
from domain.cases import Branch, CaseStatus
from domain.grades import Stage, grade_of
from domain.groups import Group
from domain.masking import PiiKind, mask
from domain.movements import Movement, Paper, missing_papers
from domain.queues import SETTLES_NOTHING, UNMATCHED_AFTER_DAYS, Finding, Queue, age_in_days
from domain.school_year import school_year_of
from domain.scope import Scope

LOSSES = {
    Queue.UNPROVEN_TRANSFER: "unproven_transfer",
    Queue.HOSTED_PAPERS: "hosted_missing_papers",
    Queue.NO_JUNIOR_SCHOOL: "transition_loss",
}
AWAY = [status.value for status in (CaseStatus.SUSPECTED, CaseStatus.DROPOUT, CaseStatus.PERSUASION)]


@dataclass(frozen=True)
class QueueRow:
    """One entry: the child, since when it stands there, its age in days, the papers missing, and what was found out last."""

    child_id: int
    child_name: str
    village_code: str | None
    village_name: str | None
    school_code: str | None
    school_name: str | None
    grade: int | None
    class_no: int | None
    since: date
    age_days: int
    missing: tuple[Paper, ...]
    finding: Finding | None
    found_on: date | None
    found_by: str | None
    note: str | None


def read_queue(
    conn: Connection, scope: Scope, chosen: CaseFilter, queue: Queue, *, limit: int | None = 50, offset: int = 0
) -> list[QueueRow]:
    """One page of a queue, what is not settled first, the oldest first."""
    return list(iterate_queue(conn, scope, chosen, queue, limit=limit, offset=offset))


def count_queues(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[Queue, tuple[int, int]]:
    """Queue -> (entries, of them not settled)."""
    found = {}
    for queue in Queue:
        entries = _entries(scope, chosen, queue).subquery()
        query = select(func.count(), func.coalesce(func.sum(1 - entries.c.settled), 0))
        found[queue] = tuple(map(int, conn.execute(query.select_from(entries)).one()))
    return found  # type: ignore[return-value]


def iterate_queue(
    conn: Connection, scope: Scope, chosen: CaseFilter, queue: Queue, *, limit: int | None, offset: int = 0
) -> Iterator[QueueRow]:
    """The rows of read_queue one by one, for exports of any length."""
    scope.require_children()
    day = day_of(chosen)
    entries = _entries(scope, chosen, queue).subquery("entries")
    order = (entries.c.settled, entries.c.since, entries.c.child_id)
    page = select(entries).order_by(*order).limit(limit).offset(offset).subquery("page")
    query = (
        select(
            page,
            child.c.name.label("child_name"),
            area.c.name.label("village_name"),
            school.c.name.label("school_name"),
            *(verification.c[name] for name in ("outcome", "on_date", "actor", "note")),
        )
        .join_from(page, child, child.c.id == page.c.child_id)
        .outerjoin(area, area.c.code == page.c.village_code)
        .outerjoin(school, school.c.code == page.c.school_code)
        .outerjoin(verification, verification.c.id == page.c.verification_id)
        .order_by(page.c.settled, page.c.since, page.c.child_id)
    )
    rows = conn.execute(query).all()
    missing = _missing(conn, {row.movement_id for row in rows if row.movement_id}, day)
    for row in rows:
        yield _row(row, scope, day, missing.get(row.movement_id, ()))


def _row(row: Row[Any], scope: Scope, day: date, missing: tuple[Paper, ...]) -> QueueRow:
    grade = grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.stage and row.entry_year else None
    same = ("child_id", "village_code", "village_name", "school_code", "school_name", "class_no", "since", "note")
    return QueueRow(
        **{name: getattr(row, name) for name in same},
        child_name=row.child_name if scope.sees_names else mask(row.child_name, PiiKind.NAME) or "",
        grade=grade,
        age_days=age_in_days(row.since, day),
        missing=missing,
        finding=Finding(row.outcome) if row.outcome else None,
        found_on=row.on_date,
        found_by=row.actor,
    )


def _missing(conn: Connection, movements: Collection[int], day: date) -> dict[int, tuple[Paper, ...]]:
    """Movement -> the papers that its file still lacks on a day."""
    held: dict[int, set[str]] = {number: set() for number in movements}
    dated = func.coalesce(paper.c.dated_on, date.min) <= day
    for row in conn.execute(select(paper.c.movement_id, paper.c.kind).where(paper.c.movement_id.in_(movements), dated)):
        held[row.movement_id].add(row.kind)
    move = movement_event.c
    approved = or_(move.approved_on <= day, move.approval_no.is_not(None))
    for row in conn.execute(select(move.id).where(move.id.in_(movements), move.kind == Movement.SUSPENSION.value, approved)):
        held[row.id].add(Paper.SUSPENSION_APPROVAL.value)
    kinds = conn.execute(select(move.id, move.kind).where(move.id.in_(movements)))
    return {row.id: missing_papers(Movement(row.kind), held[row.id]) for row in kinds}


def _entries(scope: Scope, chosen: CaseFilter, queue: Queue) -> Select[Any]:
    """The entries of a queue in scope and filter, with the place of the day and the number of the latest finding."""
    day, found = day_of(chosen), _SOURCES[queue](day_of(chosen)).subquery("found")
    latest = (
        select(func.max(verification.c.id))
        .where(
            verification.c.child_id == found.c.child_id,
            verification.c.queue == queue.value,
            verification.c.since == found.c.since,
            verification.c.on_date <= day,
        )
        .scalar_subquery()
    )
    last = aliased(verification, name="last")
    unsettled = [finding.value for finding in SETTLES_NOTHING]
    settled = case((and_(last.c.id.is_not(None), last.c.outcome.not_in(unsettled)), 1), else_=0)
    enrolled = child_place.c.school_code.is_not(None) if queue is Queue.ENROLLED_NOT_ATTENDING else true()
    return (
        select(
            found,
            counted_at(child_place, chosen.basis).label("village_code"),
            *(child_place.c[name] for name in ("school_code", "stage", "entry_year", "class_no")),
            last.c.id.label("verification_id"),
            settled.label("settled"),
        )
        .join_from(found, child_place, and_(child_place.c.child_id == found.c.child_id, on(child_place, day)))
        .outerjoin(last, last.c.id == latest)
        .where(in_scope(scope, child_place), place_filter(chosen, child_place), child_filter(chosen, child_place), enrolled)
    )


# --- what stands in each queue --------------------------------------------------------------------------------------------------


def _not_attending(day: date) -> Select[Any]:
    """Open cases of children that are away; that the place of the day is a school is asked in `_entries`."""
    spans, file = case_interval.c, case_file.c
    return (
        select(spans.child_id, file.first_absent_on.label("since"), null().label("movement_id"))
        .join_from(case_interval, case_file, file.id == spans.case_id)
        .where(on(case_interval, day), spans.status.in_(AWAY), file.first_absent_on.is_not(None))
        .where(func.coalesce(file.branch, "") != Branch.STUDYING_ELSEWHERE.value)
    )


def _elsewhere(day: date) -> Select[Any]:
    spans, file = case_interval.c, case_file.c
    return (
        select(spans.child_id, file.opened_on.label("since"), null().label("movement_id"))
        .join_from(case_interval, case_file, file.id == spans.case_id)
        .where(on(case_interval, day), spans.status.in_(AWAY), file.branch == Branch.STUDYING_ELSEWHERE.value)
    )


def _lost(kind: str, day: date) -> Select[Any]:
    loss = loss_spell.c
    query = select(loss.child_id, func.min(loss.valid_from).label("since"), func.max(loss.movement_id).label("movement_id"))
    return query.where(loss.kind == kind, on(loss_spell, day)).group_by(loss.child_id)


def _unapproved(day: date) -> Select[Any]:
    """Suspensions that nobody approved; one past its end stands in a queue of its own."""
    lasting = or_(movement_event.c.ends_on.is_(None), movement_event.c.ends_on >= day)
    return _lost("suspended_unapproved", day).join(movement_event, movement_event.c.id == loss_spell.c.movement_id).where(lasting)


def _unmatched(day: date) -> Select[Any]:
    move = movement_event.c
    proven = exists().where(paper.c.movement_id == move.id, paper.c.kind == Paper.TRANSFER_CERTIFICATE.value)
    unmatched = move.matched_on.is_(None) | (move.matched_on > day)
    query = select(move.child_id, func.max(move.on_date).label("since"), func.max(move.id).label("movement_id"))
    return query.where(
        move.kind == Movement.TRANSFER_OUT.value, move.on_date < day - timedelta(days=UNMATCHED_AFTER_DAYS), unmatched, proven
    ).group_by(move.child_id)


def _suspension_over(day: date) -> Select[Any]:
    move, later = movement_event.c, aliased(movement_event, name="later")
    resumed = exists().where(
        later.c.child_id == move.child_id, later.c.id != move.id, later.c.on_date >= move.on_date, later.c.on_date <= day
    )
    query = select(move.child_id, func.max(move.ends_on).label("since"), func.max(move.id).label("movement_id"))
    return query.where(move.kind == Movement.SUSPENSION.value, move.ends_on < day, ~resumed).group_by(move.child_id)


def _unplaced(day: date) -> Select[Any]:
    group = group_spell.c
    placed = exists().where(placement.c.child_id == group.child_id, on(placement, day))
    query = select(group.child_id, func.min(group.valid_from).label("since"), null().label("movement_id"))
    return (
        query.join(child, child.c.id == group.child_id)
        .where(group.group_name == Group.DISABLED.value, on(group_spell, day), ~placed, *_of_age(day))
        .group_by(group.child_id)
    )


def _not_registered(day: date) -> Select[Any]:
    """Children of school age who were never in a school: those without one today are few, and looked at first."""
    enrolled = exists().where(enrolment_spell.c.child_id == child.c.id, enrolment_spell.c.valid_from <= day)
    here = child_place.alias("here")
    return (
        select(child.c.id.label("child_id"), child.c.school_age_from.label("since"), null().label("movement_id"))
        .join_from(here, child, child.c.id == here.c.child_id)
        .where(here.c.school_code.is_(None), on(here, day), *_of_age(day), ~enrolled)
    )


def _of_age(day: date) -> tuple[Any, Any]:
    return child.c.school_age_from <= day, child.c.school_age_to > day


_SOURCES: dict[Queue, Callable[[date], Select[Any]]] = {
    Queue.ENROLLED_NOT_ATTENDING: _not_attending,
    Queue.STUDYING_ELSEWHERE: _elsewhere,
    Queue.UNMATCHED_TRANSFER: _unmatched,
    Queue.SUSPENSION_UNAPPROVED: _unapproved,
    Queue.SUSPENSION_OVER: _suspension_over,
    Queue.DISABLED_UNPLACED: _unplaced,
    Queue.NOT_REGISTERED: _not_registered,
    **{queue: partial(_lost, kind) for queue, kind in LOSSES.items()},
}
