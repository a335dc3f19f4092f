"""Lists of children: who stands behind a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from data_access.left_behind_parts import LeftBehindPart, care_clause
from data_access.left_behind_spells import LeftBehindSpells, read_spells
from data_access.measures import Measure, counts_in
from data_access.schema import (
    area,
    care_interval,
    case_interval,
    child,
    child_place,
    guardian,
    pairing,
    person,
    residence_spell,
    school,
)
from data_access.scoped import Clause, child_clause, counted_at, day_of, on, open_on
from domain.case_filter import CaseFilter
from domain.grades import Stage, age_on, grade_of
from domain.left_behind import is_stale
from domain.masking import PiiKind, mask
from domain.plain_text import drop_invisible
from domain.school_year import school_year_of
from domain.scope import Scope

FETCHED = 1_000  # rows a time


@dataclass(frozen=True)
class ChildRow:
    """One child as of a day; `child_name` masked for those who may not see it. `place_text`: the place as a ledger wrote it."""

    child_id: int
    child_name: str
    sex: str | None
    age: int | None
    village_code: str | None
    village_name: str | None
    place_text: str | None
    school_code: str | None
    school_name: str | None
    grade: int | None
    class_no: int | None
    status: str | None


@dataclass(frozen=True)
class LeftBehindRow:
    """One left-behind child as of a day, by both definitions: each with its detail, None where the definition does not hold.

    `checked_on`: the last quarterly check under either (R065), `stale` when it is older than a quarter; `carer_relation`
    and `helper` (the paired teacher or cadre) as recorded then.
    """

    child_id: int
    child_name: str
    sex: str | None
    age: int | None
    village_code: str | None
    village_name: str | None
    school_code: str | None
    school_name: str | None
    grade: int | None
    class_no: int | None
    education: str | None
    civil: str | None
    carer_relation: str | None
    helper: str | None
    checked_on: date | None
    stale: bool
    status: str | None


def read_children(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    measure: Measure,
    *,
    limit: int | None = 50,
    offset: int = 0,
    name: str = "",
    without: CaseFilter | None = None,
) -> list[ChildRow]:
    """One page of the children behind a count, by village, school, class and number. Raises ScopeError where none may be.

    `without`: another filter (another day, say), whose children behind the same count are left out.
    """
    return list(iterate_children(conn, scope, chosen, measure, limit=limit, offset=offset, name=name, without=without))


def count_children(
    conn: Connection, scope: Scope, chosen: CaseFilter, measure: Measure, name: str = "", without: CaseFilter | None = None
) -> int:
    """How many children stand behind a count: the same number the map shows."""
    page = _page(scope, chosen, measure, name, without)
    return conn.execute(select(func.count()).select_from(page.subquery())).scalar_one()


def read_children_where(
    conn: Connection, scope: Scope, chosen: CaseFilter, clause: Clause, *, limit: int | None = 50, offset: int = 0
) -> list[ChildRow]:
    """One page of the filter's children for whom `clause` (on child_place and child) holds. Raises ScopeError where none may."""
    scope.require_children()
    page, day = _ordered(scope, chosen, "").where(clause).limit(limit).offset(offset), day_of(chosen)
    return [_child_row(row, scope, day) for row in conn.execute(_with_text(_described(page, chosen), day))]


def count_children_where(conn: Connection, scope: Scope, chosen: CaseFilter, clause: Clause) -> int:
    """How many children read_children_where gives in all."""
    page = _ordered(scope, chosen, "").where(clause).order_by(None)
    return conn.execute(select(func.count()).select_from(page.subquery())).scalar_one()


def count_changed(conn: Connection, scope: Scope, chosen: CaseFilter, measure: Measure, without: CaseFilter) -> dict[str, int]:
    """Village ("" for the unlocated) -> the children behind the count by `chosen` that are not behind it by `without`.

    A child that moved from one village to another and counts on both days is in neither direction.
    """
    page = _page(scope, chosen, measure, "", without).order_by(None).subquery()
    return {code or "": count for code, count in conn.execute(select(page.c.at, func.count()).group_by(page.c.at))}


def iterate_children(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    measure: Measure,
    *,
    limit: int | None,
    offset: int,
    name: str,
    without: CaseFilter | None = None,
) -> Iterator[ChildRow]:
    """The rows of read_children one by one, for exports of any length."""
    scope.require_children()
    page, day = _page(scope, chosen, measure, name, without).limit(limit).offset(offset), day_of(chosen)
    for row in conn.execute(_with_text(_described(page, chosen), day)):
        yield _child_row(row, scope, day)


def _child_row(row: Any, scope: Scope, day: date) -> ChildRow:
    place_text = row.home_text if scope.sees_names else mask(row.home_text, PiiKind.ADDRESS)
    return ChildRow(**_common(row, scope, day), place_text=place_text)


def iterate_left_behind(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    *,
    part: LeftBehindPart = LeftBehindPart.ALL,
    limit: int | None = 50,
    offset: int = 0,
    name: str = "",
) -> Iterator[LeftBehindRow]:
    """One page of a part of the children left behind by either definition, by village, school, class and number."""
    scope.require_children()
    day = day_of(chosen)
    page = _with_person(_left_behind_page(scope, chosen, part, name).limit(limit).offset(offset))
    for some in conn.execute(_with_care(_described(page, chosen), day)).partitions(FETCHED):
        spells = read_spells(conn, {row.child_id for row in some}, day)
        yield from (_left_behind_row(row, spells.get(row.child_id, LeftBehindSpells()), scope, day) for row in some)


def _left_behind_row(row: Any, told: LeftBehindSpells, scope: Scope, day: date) -> LeftBehindRow:
    stale = is_stale(told.checked_on, day)
    people = {"carer_relation": row.carer_relation, "helper": row.helper}
    return LeftBehindRow(**_common(row, scope, day), **people, **told._asdict(), stale=stale)


def count_left_behind(
    conn: Connection, scope: Scope, chosen: CaseFilter, part: LeftBehindPart = LeftBehindPart.ALL, name: str = ""
) -> int:
    """How many children belong to a part of those left behind by either definition."""
    page = _left_behind_page(scope, chosen, part, name).order_by(None)
    return conn.execute(select(func.count()).select_from(page.subquery())).scalar_one()


def _page(scope: Scope, chosen: CaseFilter, measure: Measure, name: str, without: CaseFilter | None = None) -> Select[Any]:
    page = _ordered(scope, chosen, name).where(counts_in(measure, day_of(chosen)))
    if without is None:
        return page
    others = _page(scope, without, measure, "").order_by(None).subquery()
    return page.where(child_place.c.child_id.not_in(select(others.c.child_id)))


def _left_behind_page(scope: Scope, chosen: CaseFilter, part: LeftBehindPart, name: str) -> Select[Any]:
    """The page's rows alone, off one index: names are looked up for those that are shown."""
    at = counted_at(care_interval, chosen.basis)
    shown = (care_interval.c[name] for name in ("child_id", "school_code", "stage", "entry_year", "class_no"))
    query = select(*shown, at.label("at")).where(child_clause(scope, chosen, care_interval), care_clause(part))
    if name:
        query = query.join(child, child.c.id == care_interval.c.child_id).where(_named(name))
    return query.order_by(*_order(care_interval, at))


def _with_person(query: Select[Any]) -> Select[Any]:
    """The same rows with name, sex and birth date."""
    rows = query.subquery("rows")
    columns = (child.c.name.label("child_name"), child.c.sex, child.c.birth_date)
    return select(rows, *columns).join_from(rows, child, child.c.id == rows.c.child_id)


def _ordered(scope: Scope, chosen: CaseFilter, name: str) -> Select[Any]:
    at = counted_at(child_place, chosen.basis)
    query = (
        select(child_place, at.label("at"), child.c.name.label("child_name"), child.c.sex, child.c.birth_date)
        .join_from(child_place, child, child.c.id == child_place.c.child_id)
        .where(child_clause(scope, chosen, child_place))
        .order_by(*_order(child_place, at))
    )
    return query.where(_named(name)) if name else query


def _named(name: str) -> Clause:
    return child.c.name.contains(drop_invisible(name), autoescape=True)


def _order(table: Any, at: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return (
        func.coalesce(at, "~"),
        func.coalesce(table.c.school_code, "~"),
        func.coalesce(table.c.entry_year, 0).desc(),
        func.coalesce(table.c.class_no, 0),
        table.c.child_id,
    )


def _described(query: Select[Any], chosen: CaseFilter) -> Select[Any]:
    page, day = query.subquery("page"), day_of(chosen)
    status = select(case_interval.c.status).where(case_interval.c.child_id == page.c.child_id, open_on(day)).limit(1)
    return (
        select(
            page,
            area.c.name.label("village_name"),
            school.c.name.label("school_name"),
            status.scalar_subquery().label("status"),
        )
        .join_from(page, area, area.c.code == page.c.at, isouter=True)
        .outerjoin(school, school.c.code == page.c.school_code)
        .order_by(*_order(page, page.c.at))
    )


def _with_text(query: Select[Any], day: date) -> Select[Any]:
    """The same rows with the place as a ledger wrote it."""
    told, spell = query.order_by(None).subquery("told"), residence_spell
    text = select(func.min(spell.c.home_text)).where(spell.c.child_id == told.c.child_id, on(spell, day))
    return select(told, text.scalar_subquery().label("home_text")).order_by(*_order(told, told.c.at))


def _with_care(query: Select[Any], day: date) -> Select[Any]:
    """The same rows with the carer and the paired helper."""
    told = query.order_by(None).subquery("told")
    carer = select(func.min(guardian.c.relation)).where(
        guardian.c.child_id == told.c.child_id, guardian.c.is_carer, on(guardian, day)
    )
    helper = (
        select(func.min(person.c.name))
        .join(pairing, pairing.c.person_id == person.c.id)
        .where(pairing.c.child_id == told.c.child_id, on(pairing, day))
    )
    extra = (carer.scalar_subquery().label("carer_relation"), helper.scalar_subquery().label("helper"))
    return select(told, *extra).order_by(*_order(told, told.c.at))


def _common(row: Any, scope: Scope, day: date) -> dict[str, Any]:
    return {
        "child_id": row.child_id,
        "child_name": row.child_name if scope.sees_names else mask(row.child_name, PiiKind.NAME) or "",
        "sex": row.sex,
        "age": age_on(row.birth_date, day) if row.birth_date else None,
        "village_code": row.at,
        "village_name": row.village_name,
        "school_code": row.school_code,
        "school_name": row.school_name,
        "grade": grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.stage and row.entry_year else None,
        "class_no": row.class_no,
        "status": row.status,
    }
