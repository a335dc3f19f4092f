"""The anonymous survey of a school's classes, once a term: its day only, for nothing else is asked for (R241)."""

from datetime import date

from sqlalchemy import Connection, Engine, func, select

from data_access import audit
from data_access.engine import business_date
from data_access.returns import term_start
from data_access.schema import document, school
from data_access.scoped import day_of, school_in_scope
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_entries import check_day
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope, Write

ACT, KIND = "survey.record", "anonymous_survey"


def read_last_survey(conn: Connection, scope: Scope, chosen: CaseFilter) -> date | None:
    """The last survey of the filter's school in the term of the as-of day; None: none recorded. Raises ValueError without one."""
    if chosen.school is None:
        raise ValueError("surveys are read of one school")
    day, kept = day_of(chosen), document.c
    mine = (kept.kind == KIND, kept.unit_code == chosen.school, kept.issued_on.between(term_start(day), day))
    seen = select(school.c.code).where(school_in_scope(scope))
    return conn.execute(select(func.max(kept.issued_on)).where(kept.unit_code.in_(seen), *mine)).scalar()


def record_survey(engine: Engine, scope: Scope, school_code: str, held_on: date) -> bool:
    """Record the day of a survey; the same day again changes nothing and is True. Raises ScopeError, ProblemError
    record.no_school outside the own area, record.in_future, record.too_early before this term."""
    scope.require(Write.CASE)
    with open_scoped(engine, scope) as conn:
        mine = select(school.c.county_code).where(school.c.code == school_code, school_in_scope(scope))
        county = conn.execute(mine).scalar()
    if county is None:
        raise ProblemError("record.no_school")
    with write(engine, county) as conn:
        today, kept = business_date(conn), document.c
        check_day(held_on, term_start(today), today)
        there = select(kept.id).where(kept.kind == KIND, kept.unit_code == school_code, kept.issued_on == held_on)
        if conn.execute(there).first():
            return True
        number = insert_row(conn, document, kind=KIND, unit_code=school_code, issued_on=held_on)
        audit.record(engine, scope, ACT, county=county, row_count=1, row_ids=[number])
    return False
