"""Return rates, repeat dropouts, and how many pupils were visited: counts behind three rates of the methods page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from data_access.derive_losses import RETURNS
from data_access.schema import child_place, home_visit, loss_spell, school, village_count
from data_access.scoped import begins_with, child_clause, day_of, school_in_scope
from data_access.village_counts import summary_clause
from domain.case_filter import CaseFilter
from domain.rates import Rate
from domain.retention import ReturnRates, return_rates
from domain.school_year import AUTUMN, SPRING, Period, school_year_of
from domain.scope import Scope
from domain.visits import VisitMode


@dataclass(frozen=True)
class Returns:
    """Children lost in a school year who are to be brought back, by the day; every field counts distinct children."""

    to_return: int
    ever_returned: int
    in_school_now: int

    @property
    def rates(self) -> ReturnRates:
        """复学率 gross and net (R175)."""
        return return_rates(self.to_return, self.ever_returned, self.in_school_now)


def read_returns(conn: Connection, scope: Scope, chosen: CaseFilter) -> Returns:
    """Of the children who dropped out in the filter's school year: how many ever came back, how many are in school now."""
    loss, day = loss_spell.c, day_of(chosen)
    came_back = and_(loss.back_until.is_not(None), loss.valid_to <= day)
    query: Any = select(
        _children(loss.child_id), _children(_if(came_back)), _children(_if(and_(came_back, loss.back_until > day)))
    )
    query = query.join_from(loss_spell, school, school.c.code == loss.school_code).where(
        school_in_scope(scope),
        loss.kind.in_(RETURNS),
        loss.school_year == (chosen.period.school_year if chosen.period else school_year_of(day)),
        loss.valid_from <= day,
    )
    if chosen.area:
        query = query.where(begins_with(school.c.village_code if len(chosen.area) > 9 else school.c.town_code, chosen.area))
    if chosen.school:
        query = query.where(school.c.code == chosen.school)
    if chosen.stage:
        query = query.where(loss.stage == chosen.stage.value)
    return Returns(*conn.execute(query).one())


def _if(which: Any) -> ColumnElement[Any]:
    return case((which, loss_spell.c.child_id))


def _children(column: Any) -> ColumnElement[int]:
    return func.count(func.distinct(column))


def read_visit_coverage(conn: Connection, scope: Scope, chosen: CaseFilter) -> Rate:
    """Pupils visited at the door in the term of the day / pupils on a register (R134)."""
    day = day_of(chosen)
    visited = select(home_visit.c.child_id).where(
        home_visit.c.mode == VisitMode.DOORSTEP.value, home_visit.c.visited_on.between(term_start(day), day)
    )
    pupils = select(func.count()).where(child_clause(scope, chosen, child_place), child_place.c.school_code.is_not(None))
    every = pupils
    if chosen.from_summary:
        every = select(func.coalesce(func.sum(village_count.c.pupils), 0)).where(summary_clause(scope, chosen))
    return Rate(conn.execute(pupils.where(child_place.c.child_id.in_(visited))).scalar_one(), conn.execute(every).scalar_one())


def term_start(day: date) -> date:
    """The first day counted in the term of a day."""
    year = school_year_of(day)
    return next(period.starts for period in (Period(year, AUTUMN), Period(year, SPRING)) if period.contains(day))
