"""What the files of children hold, read for many at once: the facts under domain/file_completeness.py."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from data_access.chunks import chunks
from data_access.schema import (
    aid,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    document,
    follow_up,
    group_spell,
    guardian,
    home_visit,
    pairing,
    persuasion,
    placement,
)
from data_access.scoped import child_clause, day_of, on, open_on
from data_access.settings import read_calendar
from domain.case_filter import CaseFilter
from domain.cases import COUNTED_AS_DROPOUT, CaseStatus
from domain.coverage import term_span
from domain.file_completeness import Completeness, FileKind, FilePart, completeness
from domain.groups import Group
from domain.left_behind import is_stale
from domain.masking import PiiKind, mask
from domain.scope import Scope
from domain.visits import VisitMode

KIND_OF_GROUP = {
    Group.LEFT_BEHIND_EDUCATION.value: FileKind.LEFT_BEHIND,
    Group.LEFT_BEHIND_CIVIL.value: FileKind.LEFT_BEHIND,
    Group.DISABLED.value: FileKind.DISABLED,
    Group.POOR.value: FileKind.POOR,
}
KIND_OF_STATUS = {
    **{status.value: (FileKind.AT_RISK,) for status in (CaseStatus.AT_RISK, CaseStatus.SUSPECTED)},
    **{status.value: (FileKind.AT_RISK, FileKind.DROPOUT) for status in COUNTED_AS_DROPOUT},
    CaseStatus.RETURNED.value: (FileKind.AT_RISK, FileKind.RETURNED),
}
DIMENSIONS = 3  # study, life, mind (R061)


@dataclass(frozen=True)
class PupilFile:
    """One pupil's file in the class file; `name` masked for those who may not see it."""

    child_id: int
    name: str
    completeness: Completeness


def read_class_files(conn: Connection, scope: Scope, chosen: CaseFilter, class_no: int | None) -> list[PupilFile]:
    """The files of the filter's school, grade and class, the least complete first. Raises ValueError without a school.

    Raises ScopeError for roles that may not list children.
    """
    scope.require_children()
    if chosen.school is None:
        raise ValueError("the class file is that of one school")
    wanted = [child_clause(scope, chosen, child_place)]
    if class_no is not None:
        wanted.append(child_place.c.class_no == class_no)
    query = select(child.c.id, child.c.name).join(child_place, child_place.c.child_id == child.c.id).where(*wanted)
    names = {row.id: row.name for row in conn.execute(query)}
    found = read_completeness(conn, names, day_of(chosen))
    files = [
        PupilFile(number, name if scope.sees_names else mask(name, PiiKind.NAME) or "", found[number])
        for number, name in names.items()
    ]
    return sorted(files, key=lambda one: (-len(one.completeness.missing), one.child_id))


def read_completeness(conn: Connection, children: Collection[int], day: date) -> dict[int, Completeness]:
    """Child -> how complete its file is on a day. Whoever calls has made sure that the children may be seen."""
    kinds: dict[int, set[FileKind]] = {number: set() for number in children}
    held: dict[int, set[FilePart]] = {number: set() for number in children}
    for part in chunks(list(children)):
        for number, kind in _kinds(conn, part, day):
            kinds[number].add(kind)
        for file_part, query in _queries(conn, part, day):
            for number in conn.execute(query).scalars():
                held[number].add(file_part)
    return {number: completeness({FileKind.PUPIL, *kinds[number]}, held[number]) for number in children}


def _kinds(conn: Connection, children: Sequence[int], day: date) -> Iterator[tuple[int, FileKind]]:
    flags = select(group_spell.c.child_id, group_spell.c.group_name).where(
        group_spell.c.child_id.in_(children), group_spell.c.group_name.in_(KIND_OF_GROUP), on(group_spell, day)
    )
    for row in conn.execute(flags):
        yield row.child_id, KIND_OF_GROUP[row.group_name]
    spans = select(case_interval.c.child_id, case_interval.c.status).where(case_interval.c.child_id.in_(children), open_on(day))
    for row in conn.execute(spans):
        yield from ((row.child_id, kind) for kind in KIND_OF_STATUS[row.status])


def _queries(conn: Connection, children: Sequence[int], day: date) -> Iterator[tuple[FilePart, Select[Any]]]:
    """For each part the children whose file holds it."""
    county = conn.execute(select(child.c.county_code).where(child.c.id == children[0])).scalar_one()
    starts, ends = term_span(read_calendar(conn, county), day)

    def of_child(table: Any, *more: ColumnElement[bool]) -> Select[Any]:
        return select(table.c.child_id).where(table.c.child_id.in_(children), *more)

    def of_case(table: Any, since: str, *more: ColumnElement[bool]) -> Select[Any]:
        own = select(case_interval.c.child_id).join(table, table.c.case_id == case_interval.c.case_id)
        return own.where(case_interval.c.child_id.in_(children), open_on(day), table.c[since] <= day, *more)

    known = and_(child.c.sex.is_not(None), child.c.birth_date.is_not(None))
    cares, visit = on(guardian, day), home_visit.c
    at_door = visit.mode == VisitMode.DOORSTEP.value
    yield FilePart.IDENTITY, select(child.c.id).where(child.c.id.in_(children), known)
    yield FilePart.REGISTRY, select(child.c.id).where(child.c.id.in_(children), child.c.registry_mac.is_not(None))
    yield FilePart.ENROLMENT, of_child(child_place, on(child_place, day), child_place.c.school_code.is_not(None))
    yield FilePart.HOME, of_child(child_place, on(child_place, day), child_place.c.home_code.is_not(None))
    yield FilePart.CONTACT, of_child(guardian, cares, guardian.c.phone_mac.is_not(None))
    yield FilePart.TERM_VISIT, of_child(home_visit, at_door, visit.visited_on >= starts, visit.visited_on <= min(ends, day))
    yield FilePart.PARENTS_WHEREABOUTS, of_child(guardian, cares, guardian.c.away_place.is_not(None))
    yield FilePart.CARER, of_child(guardian, cares, guardian.c.is_carer.is_(True))
    yield FilePart.HELPER, of_child(pairing, on(pairing, day))
    yield FilePart.PLACEMENT, of_child(placement, on(placement, day))
    yield FilePart.AID, of_child(aid, on(aid, day))
    checks = select(group_spell.c.child_id).where(group_spell.c.child_id.in_(children), on(group_spell, day), _fresh(day))
    yield FilePart.QUARTERLY_CHECK, checks
    told = or_(case_file.c.reason.is_not(None), case_interval.c.reason.is_not(None))
    opened = select(case_interval.c.child_id).join(case_file, case_file.c.id == case_interval.c.case_id)
    yield FilePart.REASON, opened.where(case_interval.c.child_id.in_(children), open_on(day), told)
    yield FilePart.CASE_VISIT, of_case(home_visit, "visited_on", at_door)
    yield FilePart.REPORTED_TOWNSHIP, of_case(case_event, "on_date", case_event.c.kind == "reported_township")
    yield FilePart.PERSUASION, of_case(persuasion, "on_date")
    for kind in (FilePart.RETURN_NOTICE, FilePart.RESPONSIBILITY_LETTER):
        yield kind, of_case(document, "issued_on", document.c.kind == kind.value)
    helper = pairing.c.kind == "helper_after_return"
    yield FilePart.RETURN_HELPER, of_child(pairing, on(pairing, day), helper)
    every = func.count(func.distinct(follow_up.c.dimension)) >= DIMENSIONS
    yield FilePart.FOLLOW_UP, of_case(follow_up, "on_date").group_by(case_interval.c.child_id).having(every)


def _fresh(day: date) -> ColumnElement[bool]:
    """Checked within the last quarter: the first day that is not stale, found by the rule itself."""
    first = next(one for one in (date.fromordinal(day.toordinal() - n) for n in range(200, -1, -1)) if not is_stale(one, day))
    return and_(group_spell.c.checked_on >= first, group_spell.c.checked_on <= day)
