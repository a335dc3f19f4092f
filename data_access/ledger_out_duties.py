"""Who answers for what, L19, as it leaves: the duties of the as-of day for the schools and areas of the scope."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select

from data_access.ledger_lines import read_lines
from data_access.ledger_out_children import Values
from data_access.ledger_says import says_duty
from data_access.schema import area, person, responsibility, school, school_class
from data_access.scoped import begins_with, day_of, on, school_in_scope
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.grades import Stage, class_label, grade_label, grade_of
from domain.school_year import school_year_of
from domain.scope import Scope

TOWN = 9


def iterate_duties(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L19: by school and area, class by class; a class or grade that has left its school is not among them."""
    day, lines, duty, its = day_of(chosen), read_lines(conn, cipher, "L19"), responsibility.c, school_class.c
    unit = func.coalesce(duty.school_code, its.school_code)
    seen = select(school.c.code).where(school_in_scope(scope))
    inside = [unit.in_(seen), *(begins_with(duty.area_code, code) for code in scope.areas)]
    own = [column for column in duty if column.name not in ("stage", "entry_year")]
    stage, entered = func.coalesce(duty.stage, its.stage), func.coalesce(duty.entry_year, its.entry_year)
    query = (
        select(*own, unit.label("unit"), stage.label("stage"), entered.label("entry_year"), its.class_no, person.c.name)
        .join_from(responsibility, person, person.c.id == duty.person_id)
        .outerjoin(school_class, its.id == duty.class_id)
        .where(on(responsibility, day), or_(*inside))
    )
    if chosen.school:
        query = query.where(unit == chosen.school)
    names = {row.code: row.name for row in conn.execute(select(area.c.code, area.c.name))}
    schools = {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}
    for row in conn.execute(query.order_by(func.coalesce(unit, ""), func.coalesce(duty.area_code, ""), duty.id)):
        told = {**says_duty(row._mapping, None), **lines.get(f"duty:{row.id}", {})}
        if row.area_code and len(row.area_code) >= TOWN:
            told["township"] = names.get(row.area_code[:TOWN])
            told["village"] = row.area_code if len(row.area_code) > TOWN else None
        if row.stage is not None and row.entry_year is not None:
            grade = grade_of(row.entry_year, Stage(row.stage), school_year_of(day))
            if grade is None:
                continue
            told["class"] = grade_label(grade) if row.class_no is None else class_label(grade, row.class_no)
        yield {**told, "school": schools.get(row.unit)}
