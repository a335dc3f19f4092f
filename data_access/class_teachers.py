"""Who is class teacher of which class on a day."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from data_access.schema import person, responsibility, school_class
from data_access.scoped import on
from domain.visits import DutyRole


class ClassKey(NamedTuple):
    """A class: its school, stage, the entry year of its pupils and its number (None: pupils of no known class)."""

    school: str
    stage: str
    entry_year: int | None
    class_no: int | None


def read_class_teachers(conn: Connection, day: date) -> dict[ClassKey, str]:
    """Class -> its teacher's name; classes without one are left out. Duty holders are never masked."""
    classes = school_class.c
    query = (
        select(classes.school_code, classes.stage, classes.entry_year, classes.class_no, person.c.name)
        .join_from(responsibility, school_class, classes.id == responsibility.c.class_id)
        .join(person, person.c.id == responsibility.c.person_id)
        .where(responsibility.c.role == DutyRole.CLASS_TEACHER.value, on(responsibility, day))
        .order_by(responsibility.c.valid_from, responsibility.c.id)
    )
    return {ClassKey(row.school_code, row.stage, row.entry_year, row.class_no): row.name for row in conn.execute(query)}
