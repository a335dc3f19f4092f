"""One child's file (一生一档): who it is, what is owed to it now, and its timeline. Every view is on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from data_access import audit
from data_access.child_timeline import Entry, Looked, Word, detail_of, may_see, read_school_names, read_timeline
from data_access.file_parts import read_completeness
from data_access.line_owners import LineOwner, owner_of, with_owner_names
from data_access.schema import (
    area,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    group_spell,
    guardian,
    pairing,
    person,
    residence_spell,
)
from data_access.scoped import in_scope, on, open_on
from data_access.settings import read_calendar, read_ladder
from data_access.walls import open_scoped
from domain.case_events import CaseEvent
from domain.cases import CaseStatus, days_overdue
from domain.file_completeness import Completeness
from domain.grades import Stage, age_on, grade_of
from domain.groups import Group
from domain.left_behind import blank_items
from domain.masking import PiiKind
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.severity import SevereSign, severe_signs
from domain.visits import DutyLine

LEFT_BEHIND = frozenset({Group.LEFT_BEHIND_EDUCATION, Group.LEFT_BEHIND_CIVIL})


@dataclass(frozen=True)
class Carer:
    """A parent or guardian; `name` and `away_place` masked for those who may not see them. `able`: as guardian, None unknown."""

    name: str
    relation: str | None
    is_carer: bool
    away_place: str | None
    able: bool | None


@dataclass(frozen=True)
class Duty:
    """What is owed on the open case: the step, by when, and by whom on each line.

    `severe`: which lines of a severe case it has reached; `reported_up_on`: when the authority above was told (R121).
    """

    case_id: int
    status: CaseStatus
    rung: int | None
    next_step: str | None
    due_on: date | None
    days_overdue: int
    school: LineOwner
    government: LineOwner
    visits_done: int
    visits_missed: int
    relapse_count: int
    severe: tuple[SevereSign, ...]
    reported_up_on: date | None


@dataclass(frozen=True)
class ChildFile:
    """One child as of a day. Names, birth date and the address as written are masked or left out as the role demands.

    `groups`: the flags that hold, with their detail. `blanks`: of a left-behind child, the items that its file must hold
    and does not (R065-R066). `completeness`: of the whole file, by what the child is (R050). `is_masked`: whether something
    was withheld from this role.
    """

    child_id: int
    as_of: date
    name: str
    sex: str | None
    birth_date: date | None
    age: int | None
    village_name: str | None
    town_name: str | None
    place_text: str | None
    school_code: str | None
    school_name: str | None
    grade: int | None
    class_no: int | None
    groups: tuple[tuple[Group, Word | str | None], ...]
    carers: tuple[Carer, ...]
    helpers: tuple[str, ...]
    duty: Duty | None
    blanks: tuple[str, ...]
    completeness: Completeness
    entries: tuple[Entry, ...]
    is_masked: bool


def view_child(engine: Engine, scope: Scope, child_id: int, day: date) -> ChildFile | None:
    """The file of a child as of `day`, with an audit row `view_child` written before anything of it is given away.

    None, and no row, for a child that does not exist or that no list of this scope shows on that day: both look alike.
    Raises ScopeError for roles that may not list children, and what the audit raises: no audit, no view.
    """
    scope.require_children()
    with open_scoped(engine, scope) as conn:
        found = _find(conn, scope, child_id, day)
    if found is None:
        return None
    told = {"county": found.county_code, "filter_text": day.isoformat()}
    audit.record(engine, scope, "view_child", **told, row_count=1, row_ids=[child_id])
    with open_scoped(engine, scope) as conn:
        return _file(engine, conn, scope, found, day)


def _find(conn: Connection, scope: Scope, child_id: int, day: date) -> Row[Any] | None:
    """The child's row if the scope sees it on the day: by where it counts, or by its case."""
    seen = [
        exists().where(table.c.child_id == child.c.id, on(table, day), in_scope(scope, table))
        for table in (child_place, case_interval)
    ]
    return conn.execute(select(child).where(child.c.id == child_id, or_(*seen))).first()


def _file(engine: Engine, conn: Connection, scope: Scope, found: Row[Any], day: date) -> ChildFile:
    schools = read_school_names(conn)
    county = found.county_code
    rules = read_calendar(conn, county), read_ladder(conn, county, day)
    looked = Looked(engine, conn, scope, found.id, day, *rules, schools)
    place = _place(looked)
    groups, carers, helpers = _groups(looked), _carers(looked), _helpers(looked)
    return ChildFile(
        child_id=found.id,
        as_of=day,
        name=looked.hide(found.name, PiiKind.NAME) or "",
        sex=found.sex,
        birth_date=found.birth_date if scope.sees_names else None,
        age=age_on(found.birth_date, day) if found.birth_date else None,
        village_name=place.village_name if place else None,
        town_name=place.town_name if place else None,
        place_text=_place_text(looked),
        school_code=place.school_code if place else None,
        school_name=schools.get(place.school_code) if place else None,
        grade=_grade(place, day),
        class_no=place.class_no if place else None,
        groups=groups,
        carers=carers,
        helpers=helpers,
        duty=_duty(looked),
        blanks=_blanks(groups, carers, helpers, place),
        completeness=read_completeness(conn, [found.id], day)[found.id],
        entries=read_timeline(looked),
        is_masked=not scope.sees_names,
    )


def _place(looked: Looked) -> Row[Any] | None:
    """Where the child counts on the day; None when it counts nowhere."""
    village, town = aliased(area, name="village"), aliased(area, name="town")
    query = (
        select(child_place, village.c.name.label("village_name"), town.c.name.label("town_name"))
        .outerjoin(village, village.c.code == child_place.c.home_code)
        .outerjoin(town, town.c.code == village.c.parent_code)
        .where(child_place.c.child_id == looked.child_id, on(child_place, looked.day))
    )
    return looked.conn.execute(query).first()


def _grade(place: Row[Any] | None, day: date) -> int | None:
    if place is None or not place.stage or not place.entry_year:
        return None
    return grade_of(place.entry_year, Stage(place.stage), school_year_of(day))


def _place_text(looked: Looked) -> str | None:
    """The place as the ledger wrote it."""
    home, text = residence_spell, residence_spell.c.home_text
    query = select(text).where(home.c.child_id == looked.child_id, on(home, looked.day), text.is_not(None))
    return looked.hide(looked.conn.execute(query).scalar(), PiiKind.ADDRESS)


def _groups(looked: Looked) -> tuple[tuple[Group, Word | str | None], ...]:
    query = select(group_spell.c.group_name, group_spell.c.detail).where(
        group_spell.c.child_id == looked.child_id, on(group_spell, looked.day)
    )
    rows = looked.conn.execute(query.order_by(group_spell.c.group_name))
    return tuple((Group(row.group_name), detail_of(*row)) for row in rows if may_see(looked.scope, row.group_name))


def _carers(looked: Looked) -> tuple[Carer, ...]:
    """Whoever looks after the child first."""
    query = select(guardian).where(guardian.c.child_id == looked.child_id, on(guardian, looked.day))
    return tuple(
        Carer(
            looked.hide(row.name, PiiKind.NAME) or "",
            row.relation,
            row.is_carer,
            looked.hide(row.away_place, PiiKind.ADDRESS),
            row.able,
        )
        for row in looked.conn.execute(query.order_by(guardian.c.is_carer.desc(), guardian.c.id))
    )


def _helpers(looked: Looked) -> tuple[str, ...]:
    query = (
        select(person.c.name)
        .join(pairing, pairing.c.person_id == person.c.id)
        .where(pairing.c.child_id == looked.child_id, on(pairing, looked.day))
    )
    return tuple(looked.conn.execute(query.order_by(pairing.c.id)).scalars())


def _blanks(
    groups: Sequence[tuple[Group, object]], carers: Sequence[Carer], helpers: Sequence[str], place: Row[Any] | None
) -> tuple[str, ...]:
    if not LEFT_BEHIND & {group for group, _ in groups}:
        return ()
    return blank_items(
        {
            "parents_whereabouts": next((carer.away_place for carer in carers if carer.away_place), None),
            "carer": next((carer.name for carer in carers if carer.is_carer), None),
            "schooling": place.school_code if place else None,
            "helper": next(iter(helpers), None),
        }
    )


def _duty(looked: Looked) -> Duty | None:
    spans = case_interval.c
    query = (
        select(case_interval, case_file.c.relapse_count, case_file.c.first_absent_on)
        .join_from(case_interval, case_file, case_file.c.id == spans.case_id)
        .where(and_(spans.child_id == looked.child_id, open_on(looked.day)))
    )
    row = looked.conn.execute(with_owner_names(query, case_interval)).first()
    if row is None:
        return None
    same = ("case_id", "rung", "next_step", "due_on", "visits_done", "visits_missed", "relapse_count")
    return Duty(
        **{name: getattr(row, name) for name in same},
        status=CaseStatus(row.status),
        days_overdue=days_overdue(row.due_on, looked.day),
        severe=severe_signs(looked.ladder, CaseStatus(row.status), _days_absent(looked, row), row.rung, row.relapse_count),
        reported_up_on=_reported_up(looked, row.case_id),
        school=owner_of(row, DutyLine.SCHOOL, looked.ladder),
        government=owner_of(row, DutyLine.GOVERNMENT, looked.ladder),
    )


def _days_absent(looked: Looked, row: Row[Any]) -> int | None:
    first = row.first_absent_on
    return looked.calendar.absence_days(first, looked.day) if first and first <= looked.day else None


def _reported_up(looked: Looked, case_id: int) -> date | None:
    told, undone = case_event.c, aliased(case_event).c
    mine = (told.case_id == case_id, told.kind == CaseEvent.REPORTED_PREFECTURE.value, told.on_date <= looked.day)
    mended = select(undone.corrects).where(undone.case_id == case_id, undone.corrects.is_not(None))
    return looked.conn.execute(select(func.max(told.on_date)).where(*mine, told.id.not_in(mended))).scalar()
