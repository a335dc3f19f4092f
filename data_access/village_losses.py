"""The dropout rate by village: pupils in school when the period began, and those lost since and not back.

The same losses as in data_access.schools, by where the children lived instead of by school; every loss counts once, the
unlocated included, so that the villages add up to the county.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from data_access.derive_losses import lost_before
from data_access.schema import child_place, loss_spell, school
from data_access.scoped import COUNTY, begins_with, counted_at, day_of, in_groups, in_scope, on, school_in_scope
from data_access.settings import read_family
from data_access.village_counts import read_summary
from domain.case_filter import CaseFilter
from domain.grades import entry_year_of, stage_of
from domain.rate_families import COEFFICIENTS, RateFamily
from domain.school_year import Period
from domain.scope import Scope

ByVillage = dict[str, int]  # "" for the unlocated


def count_started(conn: Connection, scope: Scope, chosen: CaseFilter) -> ByVillage:
    """Village -> pupils in school on the first day of the period that lived there then.

    Those on a register, from the summary where it can answer, less those who were lost before and not back.
    """
    if not chosen.from_summary:
        return count_started_live(conn, scope, chosen)
    at_start = replace(chosen, as_of=_period(chosen).starts)
    on_register = {code or "": counts["pupils"] for code, counts in read_summary(conn, scope, at_start).items()}
    lost = count_started_live(conn, scope, chosen, lost=True)
    return {code: left for code, pupils in on_register.items() if (left := pupils - lost.get(code, 0))}


def count_started_live(conn: Connection, scope: Scope, chosen: CaseFilter, lost: bool = False) -> ByVillage:
    """The same from the dated rows, whatever the filter; `lost`: those on a register who were lost before the period began."""
    period = _period(chosen)
    at = counted_at(child_place, chosen.basis).label("at")
    place = child_place.c
    query = (
        select(at, func.count())
        .where(
            in_scope(scope, child_place),
            on(child_place, period.starts),
            place.school_code.is_not(None),
            lost_before(place.child_id, period.starts) if lost else ~lost_before(place.child_id, period.starts),
        )
        .where(
            *_places(chosen, at, place.county_code),
            *_pupils(chosen, place.school_code, place.stage, place.child_id, place.entry_year),
        )
        .group_by(at)
    )
    return {code or "": count for code, count in conn.execute(query)}


def count_lost(conn: Connection, scope: Scope, chosen: CaseFilter) -> ByVillage:
    """Village -> children lost since the period began and not back, that lived there on the day they were lost.

    A school's loss that stood outside the scope on that day counts with the unlocated: where it lived is not told.
    Counted as the formula family of the school's county counts; with arrivals (two_basics) it may be negative.
    """
    loss, day, period = loss_spell.c, day_of(chosen), _period(chosen)
    at = counted_at(child_place, chosen.basis).label("at")
    seen = in_scope(scope, child_place)
    then = and_(child_place.c.child_id == loss.child_id, on(child_place, loss.valid_from), seen)  # type: ignore[arg-type]
    schools = select(school.c.code).where(school_in_scope(scope))
    query = (
        select(at, school.c.county_code, loss.kind, func.count())
        .join_from(loss_spell, school, school.c.code == loss.school_code)
        .outerjoin(child_place, then)
        .where(or_(child_place.c.child_id.is_not(None), loss.school_code.in_(schools)))
        .where(loss.school_year == period.school_year, loss.valid_from <= day, loss.valid_to > day)
        .where(
            *_places(chosen, at, school.c.county_code),
            *_pupils(chosen, loss.school_code, loss.stage, loss.child_id, child_place.c.entry_year),
        )
        .group_by(at, school.c.county_code, loss.kind)
    )
    if period.term:
        query = query.where(loss.valid_from >= period.starts, loss.valid_from <= period.ends)
    return _weigh(conn, day, conn.execute(query).all())


def _weigh(conn: Connection, day: date, rows: Sequence[Any]) -> ByVillage:
    found: ByVillage = {}
    families: dict[str, RateFamily] = {}
    for code, county, kind, count in rows:
        if county not in families:
            families[county] = read_family(conn, county, day)
        found[code or ""] = found.get(code or "", 0) + COEFFICIENTS[families[county]].get(kind, 0) * count
    return found


def _period(chosen: CaseFilter) -> Period:
    if chosen.period is None:
        raise ValueError("resolve the filter before reading: it has no period")
    return chosen.period


def _places(chosen: CaseFilter, at: Any, county: Any) -> Iterator[Any]:
    if chosen.unlocated:
        yield at.element.is_(None)
    if chosen.area:
        inside = begins_with(at.element, chosen.area)
        whole = len(chosen.area) <= COUNTY
        yield or_(inside, and_(at.element.is_(None), begins_with(county, chosen.area))) if whole else inside


def _pupils(chosen: CaseFilter, school_code: Any, stage: Any, child_id: Any, entry_year: Any) -> Iterator[Any]:
    """School, stage, grade and groups: what changes a rate; the parts of the filter about cases do not."""
    if chosen.school:
        yield school_code == chosen.school
    wanted = chosen.stage or (stage_of(chosen.grade) if chosen.grade else None)
    if wanted:
        yield stage == wanted.value
    if chosen.grade and wanted and chosen.period:
        yield entry_year == entry_year_of(chosen.grade, stage_of(chosen.grade), chosen.period.school_year)
    yield in_groups(chosen, child_id)
