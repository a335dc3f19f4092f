"""The classes of a school on a day: pupils, the baseline they are held against, and open cases."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from data_access.schema import case_interval, child_place, class_baseline, school_class
from data_access.scoped import child_clause, day_of, on, open_on
from domain.case_filter import CaseFilter
from domain.grades import Stage, grade_of
from domain.school_year import school_year_of
from domain.scope import Scope

Key = tuple[str, int, int | None]  # stage, entry year, class number


@dataclass(frozen=True)
class ClassRow:
    """One class of the filter's school. `pupils`: on its register on the day; `open_cases`: of these, with a case open then.

    `baseline`: the headcount that losses are counted against (R162-R163), None where none is recorded for this school year.
    `class_no` None: pupils whose class is not known.
    """

    stage: str
    grade: int
    class_no: int | None
    pupils: int
    baseline: int | None
    open_cases: int


def read_classes(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[ClassRow]:
    """The classes of the filter's school, by stage, grade and number. Raises ValueError for a filter without a school."""
    if chosen.school is None:
        raise ValueError("classes are read of one school")
    day, place = day_of(chosen), child_place.c
    opened = select(case_interval.c.child_id).where(open_on(day))
    query = (
        select(place.stage, place.entry_year, place.class_no, func.count(), func.count(case((place.child_id.in_(opened), 1))))
        .where(child_clause(scope, chosen, child_place), place.stage.is_not(None), place.entry_year.is_not(None))
        .group_by(place.stage, place.entry_year, place.class_no)
    )
    baselines = _baselines(conn, chosen.school, chosen)
    rows = [
        ClassRow(stage, grade, number, pupils, baselines.get((stage, entry, number)), cases)
        for stage, entry, number, pupils, cases in conn.execute(query)
        if (grade := grade_of(entry, Stage(stage), school_year_of(day))) is not None
    ]
    return sorted(rows, key=lambda row: (row.stage != Stage.PRIMARY, row.grade, row.class_no is None, row.class_no or 0))


def _baselines(conn: Connection, school: str, chosen: CaseFilter) -> dict[Key, int]:
    """The latest baseline of each class that this school year had by the day."""
    day = day_of(chosen)
    query = (
        select(school_class.c.stage, school_class.c.entry_year, school_class.c.class_no, class_baseline.c.pupils)
        .join_from(school_class, class_baseline, class_baseline.c.class_id == school_class.c.id)
        .where(
            school_class.c.school_code == school,
            on(school_class, day),
            class_baseline.c.school_year == school_year_of(day),
            class_baseline.c.as_of <= day,
        )
        .order_by(class_baseline.c.as_of, class_baseline.c.id)
    )
    return {(stage, entry, number): pupils for stage, entry, number, pupils in conn.execute(query)}
