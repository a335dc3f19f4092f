"""The classes of a school on a day: pupils, the baseline they are held against, and open cases."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, select

from data_access.class_baselines import Key, read_baselines
from data_access.derive_losses import LOST
from data_access.returns import term_start
from data_access.schema import (
    case_interval,
    child_place,
    enrolment_spell,
    home_visit,
    loss_spell,
)
from data_access.scoped import child_clause, day_of, in_scope, on, open_on
from domain.case_filter import CaseFilter
from domain.grades import Stage, grade_of
from domain.rates import Rate
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.visits import VisitMode


@dataclass(frozen=True)
class ClassRow:
    """One class of the filter's school. `pupils`: on its register on the day; `open_cases`: of these, with a case open then.

    `baseline`: the headcount that losses are counted against (R162-R163), None where neither recorded nor to be counted.
    `class_no` None: pupils whose class is not known. `lost`: lost without papers this school year and not back (R005);
    `visited`: of the pupils, with a visit at the door this term (R134); `unassessed`: of the pupils, left out of the
    teacher's assessment by agreement with the guardian, but enrolled all the same (R081-R082).
    `back`: lost this school year and in school again.
    """

    stage: str
    grade: int
    class_no: int | None
    pupils: int
    baseline: int | None
    open_cases: int
    lost: int = 0
    visited: int = 0
    unassessed: int = 0
    back: int = 0

    @property
    def rate(self) -> Rate:
        """班级年辍学率 over the baseline; missing without one."""
        return Rate(self.lost, self.baseline or 0)


def read_classes(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[ClassRow]:
    """The classes of the filter's school, by stage, grade and number. Raises ValueError for a filter without a school."""
    if chosen.school is None:
        raise ValueError("classes are read of one school")
    day, place = day_of(chosen), child_place.c
    told = [
        func.count(case((exists().where(table.c.child_id == place.child_id, *which), 1)))
        for table, which in (  # asked of each pupil of the school: of the other children of a prefecture there are too many
            (case_interval, (open_on(day),)),
            (home_visit, (home_visit.c.mode == VisitMode.DOORSTEP.value, home_visit.c.visited_on.between(term_start(day), day))),
            (enrolment_spell, (enrolment_spell.c.assessed.is_(False), on(enrolment_spell, day))),
        )
    ]
    query = (
        select(place.stage, place.entry_year, place.class_no, func.count(), *told)
        .where(child_clause(scope, chosen, child_place), place.stage.is_not(None), place.entry_year.is_not(None))
        .group_by(place.stage, place.entry_year, place.class_no)
    )
    baselines = read_baselines(conn, scope, chosen.school, day)
    loss = loss_spell.c
    lost = _lost(conn, scope, chosen.school, day, on(loss_spell, day))
    back = _lost(conn, scope, chosen.school, day, and_(loss.valid_to <= day, loss.back_until > day))
    rows = [
        ClassRow(stage, grade, number, pupils, baselines.get(key), cases, lost.get(key, 0), visited, unassessed, back.get(key, 0))
        for stage, entry, number, pupils, cases, visited, unassessed in conn.execute(query)
        for key in [(stage, entry, number)]
        if (grade := grade_of(entry, Stage(stage), school_year_of(day))) is not None
    ]
    return sorted(rows, key=lambda row: (row.stage != Stage.PRIMARY, row.grade, row.class_no is None, row.class_no or 0))


def _lost(conn: Connection, scope: Scope, school: str, day: date, which: ColumnElement[bool]) -> dict[Key, int]:
    """The losses of the school year, those lost still or those back, by the class in which the child was.

    Of children that stand or stood in the scope: a village counts its own among the lost of a school.
    """
    loss, spell = loss_spell.c, enrolment_spell.c
    in_class = and_(spell.child_id == loss.child_id, spell.school_code == loss.school_code, spell.stage == loss.stage)
    then = (spell.valid_from <= loss.valid_from, loss.valid_from <= spell.valid_to)
    own = exists().where(child_place.c.child_id == loss.child_id, in_scope(scope, child_place))
    query = (
        select(loss.stage, spell.entry_year, spell.class_no, func.count(func.distinct(loss.child_id)))
        .join_from(loss_spell, enrolment_spell, in_class)
        .where(own)
        .where(loss.school_code == school, loss.school_year == school_year_of(day), loss.kind.in_(LOST), which, *then)
        .group_by(loss.stage, spell.entry_year, spell.class_no)
    )
    return {(stage, entry, number): count for stage, entry, number, count in conn.execute(query)}
