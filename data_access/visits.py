"""Home visits: who was at whose door, when, and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from data_access.adult_names import AdultNames
from data_access.schema import area, case_interval, child, child_place, home_visit, school
from data_access.scoped import case_filter, child_filter, counted_at, day_of, in_scope, on, place_filter
from domain.case_filter import CaseFilter
from domain.masking import PiiKind, mask
from domain.scope import Scope


@dataclass(frozen=True)
class VisitRow:
    """One visit or contact up to the as-of day; `kind` says how, and only doorstep counts as a visit.

    `visitors`: who came, names that are no known adult's masked for those who may not see names. `peers`: how many pupils and
    friends helped, who are not named (R221).
    """

    visit_id: int
    case_id: int | None
    child_id: int
    child_name: str
    visited_on: date
    visitors: str
    peers: int | None
    kind: str
    rung: int | None
    result: str | None
    village_code: str | None
    village_name: str | None
    school_code: str | None
    school_name: str | None


def read_visits(
    conn: Connection, scope: Scope, chosen: CaseFilter, *, limit: int | None = 50, offset: int = 0, case_id: int | None = None
) -> list[VisitRow]:
    """One page of the visits in the period up to the as-of day, the latest first; of one case, all of its visits."""
    return list(iterate_visits(conn, scope, chosen, limit=limit, offset=offset, case_id=case_id))


def count_visits(conn: Connection, scope: Scope, chosen: CaseFilter) -> int:
    """How many visits the filter chooses."""
    return conn.execute(select(func.count()).select_from(_page(scope, chosen, None).subquery())).scalar_one()


def iterate_visits(
    conn: Connection, scope: Scope, chosen: CaseFilter, *, limit: int | None, offset: int, case_id: int | None = None
) -> Iterator[VisitRow]:
    """The rows of read_visits one by one, for exports of any length."""
    scope.require_children()
    page = (
        _page(scope, chosen, case_id)
        .order_by(home_visit.c.visited_on.desc(), home_visit.c.id.desc())
        .limit(limit)
        .offset(offset)
        .subquery("page")
    )
    query = (
        select(page, child.c.name.label("child_name"), area.c.name.label("village_name"), school.c.name.label("school_name"))
        .join_from(page, child, child.c.id == page.c.child_id)
        .outerjoin(area, area.c.code == page.c.village_code)
        .outerjoin(school, school.c.code == page.c.school_code)
        .order_by(page.c.visited_on.desc(), page.c.visit_id.desc())
    )
    adults = AdultNames(conn, scope)
    for row in adults.ahead(conn.execute(query), lambda row: row.visitors):
        name = row.child_name if scope.sees_names else mask(row.child_name, PiiKind.NAME) or ""
        yield VisitRow(**{**row._mapping, "child_name": name, "visitors": adults.show(row.visitors)})


def _page(scope: Scope, chosen: CaseFilter, case_id: int | None) -> Select[Any]:
    day, corrected = day_of(chosen), aliased(home_visit, name="corrected")
    query = (
        select(
            home_visit.c.id.label("visit_id"),
            *(home_visit.c[name] for name in ("case_id", "child_id", "visited_on", "visitors", "peers", "rung", "result")),
            home_visit.c.mode.label("kind"),
            counted_at(child_place, chosen.basis).label("village_code"),
            child_place.c.school_code,
        )
        .join_from(home_visit, child_place, and_(child_place.c.child_id == home_visit.c.child_id, on(child_place, day)))
        .where(
            in_scope(scope, child_place),
            home_visit.c.visited_on <= day,
            place_filter(chosen, child_place),
            child_filter(chosen, child_place),
            home_visit.c.id.not_in(select(corrected.c.corrects).where(corrected.c.corrects.is_not(None))),
        )
    )
    if case_id is not None:
        return query.where(home_visit.c.case_id == case_id)
    if chosen.period:
        query = query.where(home_visit.c.visited_on >= chosen.period.starts)
    if chosen.needs_case:
        cases = select(case_interval.c.case_id).where(on(case_interval, day), case_filter(chosen))
        query = query.where(home_visit.c.case_id.in_(cases))
    return query
