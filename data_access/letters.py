"""Responsibility letters: how many of those who answer for something have signed theirs (R207, R233)."""

from sqlalchemy import Connection, case, func, or_, select

from data_access.schema import responsibility, school, school_class
from data_access.scoped import begins_with, day_of, on, school_in_scope
from domain.case_filter import CaseFilter
from domain.rates import Rate
from domain.scope import Scope
from domain.visits import DutyRole


def count_letters(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[DutyRole, Rate]:
    """Role -> duties with a letter signed by the day / duties held that day, for the schools and areas of scope and filter.

    Counted by duty: a teacher of two classes owes two. A role that nobody holds is left out; the school's line comes first.
    """
    duty, day = responsibility.c, day_of(chosen)
    schools = select(school.c.code).where(school_in_scope(scope))
    areas = [begins_with(duty.area_code, code) for code in scope.areas]
    signed = func.count(case((duty.letter_signed_on <= day, 1)))
    unit = func.coalesce(duty.school_code, school_class.c.school_code)
    query = select(duty.role, signed, func.count()).outerjoin(school_class, school_class.c.id == duty.class_id)
    query = query.where(or_(unit.in_(schools), *areas), on(responsibility, day))
    if chosen.area:
        there = select(school.c.code).where(begins_with(school.c.town_code, chosen.area))
        query = query.where(or_(unit.in_(there), begins_with(duty.area_code, chosen.area)))
    if chosen.school:
        query = query.where(unit == chosen.school)
    held = {role: Rate(done, count) for role, done, count in conn.execute(query.group_by(duty.role))}
    return {role: held[role.value] for role in DutyRole if role.value in held}
