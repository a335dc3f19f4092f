"""The headcount that a class's losses are held against: as recorded, else counted from the register (R137, R162-R163)."""

from datetime import date

from sqlalchemy import Connection, func, select

from data_access.schema import class_baseline, enrolment_spell, responsibility, school, school_class
from data_access.scoped import on, school_in_scope
from data_access.settings import read_calendar
from domain.calendar import AUTUMN, SPRING, SchoolCalendar
from domain.class_arithmetic import Headcounts, baseline, baseline_kind
from domain.grades import Stage, grade_of
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.visits import DutyRole

Key = tuple[str, int, int | None]  # stage, entry year, class number
Counts = dict[Key, int]


def read_baselines(conn: Connection, scope: Scope, school_code: str, day: date) -> Counts:
    """Class -> its baseline of the school year of `day`: the latest that was recorded by then, else the register's count.

    Counted: the pupils of the class on 1 September, for a new grade 1 its intake; for a class whose teacher took it over on
    the way, its pupils on the last day of the term before. A class without the count it needs has none, and pupils of no
    known class have none; nor is a register counted that the scope holds only in part.
    """
    here = select(school.c.county_code).where(school.c.code == school_code, school_in_scope(scope))
    county = conn.execute(here).scalar()
    counted = _counted(conn, school_code, read_calendar(conn, county), day) if county else {}
    return counted | _recorded(conn, school_code, day)


def _recorded(conn: Connection, school_code: str, day: date) -> Counts:
    its, kept = school_class.c, class_baseline.c
    query = select(its.stage, its.entry_year, its.class_no, kept.pupils).join_from(school_class, class_baseline)
    query = query.where(its.school_code == school_code, on(school_class, day))
    query = query.where(kept.school_year == school_year_of(day), kept.as_of <= day).order_by(kept.as_of, kept.id)
    return {(stage, entry, number): pupils for stage, entry, number, pupils in conn.execute(query)}


def _counted(conn: Connection, school_code: str, calendar: SchoolCalendar, day: date) -> Counts:
    year = school_year_of(day)
    starts, taken = _register(conn, school_code, date(year, 9, 1)), _taken_over(conn, school_code, year, day)
    found = {}
    for key in starts.keys() | taken.keys():
        ended = _register(conn, school_code, _last_term_end(calendar, taken[key])) if key in taken else {}
        grade = grade_of(key[1], Stage(key[0]), year) or 0
        kind = baseline_kind(grade, taken_over=key in taken, first_term=True)
        count = baseline(kind, Headcounts(starts.get(key), ended.get(key), starts.get(key)))
        if count is not None:
            found[key] = count
    return found


def _register(conn: Connection, school_code: str, day: date) -> Counts:
    """The pupils of each known class on a day."""
    spell = enrolment_spell.c
    query = select(spell.stage, spell.entry_year, spell.class_no, func.count(func.distinct(spell.child_id)))
    query = query.where(spell.school_code == school_code, spell.class_no.is_not(None), on(enrolment_spell, day))
    query = query.where(spell.graduates_on > day).group_by(spell.stage, spell.entry_year, spell.class_no)
    return {(stage, entry, number): count for stage, entry, number, count in conn.execute(query)}


def _taken_over(conn: Connection, school_code: str, year: int, day: date) -> dict[Key, date]:
    """The classes whose teacher of the day followed another after the school year began, and since when."""
    its, held = school_class.c, responsibility.c
    query = select(its.stage, its.entry_year, its.class_no, func.max(held.valid_from), func.min(held.valid_from))
    query = query.join_from(school_class, responsibility, held.class_id == its.id)
    query = query.where(its.school_code == school_code, held.role == DutyRole.CLASS_TEACHER.value, held.valid_from <= day)
    rows = conn.execute(query.group_by(its.stage, its.entry_year, its.class_no))
    return {
        (stage, entry, number): last for stage, entry, number, last, first in rows if last > first and last > date(year, 9, 1)
    }


def _last_term_end(calendar: SchoolCalendar, day: date) -> date:
    """The last day of the term that was over before `day`."""
    year = school_year_of(day)
    terms = (calendar.term(year - 1, SPRING), calendar.term(year, AUTUMN), calendar.term(year, SPRING))
    return max((term.ends for term in terms if term.ends < day), default=terms[0].ends)
