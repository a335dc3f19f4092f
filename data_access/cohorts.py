"""Year groups: those in their last grade for the table, all of one school for its file, and the nine years of the county."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from data_access.derive_losses import CENSUS
from data_access.schema import cohort_count, school, school_count, school_stage
from data_access.scoped import begins_with, day_of, on, school_in_scope
from domain.case_filter import CaseFilter
from domain.grades import Stage, grades_of
from domain.rates import Rate
from domain.retention import CohortCounts, cohort_losses, nine_year_retention
from domain.scope import Scope

Key = tuple[str, str]  # school code, stage
LAST_GRADES = {stage: grades_of(stage)[-1] for stage in (Stage.PRIMARY, Stage.JUNIOR)}
COLUMNS = tuple(cohort_count.c[name] for name in ("entrants", "kept", "moved_in", "moved_out", "sitters"))


def entry_year(stage: Stage, school_year: int) -> int:
    """When those who are in the last grade of the stage in `school_year` entered it."""
    return school_year - len(grades_of(stage)) + 1


def read_last_grades(conn: Connection, school_year: int, day: date, of_school: str | None = None) -> dict[Key, CohortCounts]:
    """The year group in the last grade of each school and stage, as of a day; a teaching point without that grade has none."""
    groups = [
        and_(
            cohort_count.c.stage == stage.value,
            cohort_count.c.entry_year == entry_year(stage, school_year),
            school_stage.c.last_grade >= last,
        )
        for stage, last in LAST_GRADES.items()
    ]
    query = (
        select(cohort_count.c.school_code, cohort_count.c.stage, *COLUMNS)
        .join(
            school_stage,
            and_(school_stage.c.school_code == cohort_count.c.school_code, school_stage.c.stage == cohort_count.c.stage),
        )
        .where(or_(*groups), on(cohort_count, day))
    )
    if of_school:
        query = query.where(cohort_count.c.school_code == of_school)
    return {(row[0], row[1]): CohortCounts._make(row[2:]) for row in conn.execute(query).all()}


@dataclass(frozen=True)
class YearGroup:
    """One year group of a school: how many were there on each 1 September so far, the last figure being that of the day.

    `grades`: the grade of each figure. `losses`: pupils fewer from one figure to the next, negative for more.
    """

    entry_year: int
    grades: tuple[int, ...]
    kept: tuple[int, ...]
    losses: tuple[int | None, ...]
    counts: CohortCounts


def read_year_groups(conn: Connection, scope: Scope, chosen: CaseFilter, stage: Stage) -> list[YearGroup]:
    """The year groups that are in the filter's school on the day, the highest grade first: their losses grade by grade.

    Raises ValueError for a filter without a school.
    """
    if chosen.school is None:
        raise ValueError("year groups are read of one school")
    day, cohort = day_of(chosen), cohort_count.c
    query = (
        select(cohort.entry_year, cohort.valid_from, cohort.valid_to, *COLUMNS)
        .join(school, school.c.code == cohort.school_code)
        .where(cohort.school_code == chosen.school, cohort.stage == stage.value, cohort.valid_from <= day, school_in_scope(scope))
    )
    by_year: dict[int, list[Any]] = {}
    for row in conn.execute(query.order_by(cohort.entry_year, cohort.valid_from)):
        by_year.setdefault(row.entry_year, []).append(row)
    groups = [
        _group(entered, rows, stage, day)
        for entered, rows in by_year.items()
        if day < date(entered + len(grades_of(stage)), 9, 1)
    ]
    return [group for group in groups if group.kept]


def _group(entered: int, rows: Sequence[Any], stage: Stage, day: date) -> YearGroup:
    marks = [date(entered + nth, 9, 1) for nth in range(len(grades_of(stage)))]
    seen = [mark for mark in marks if mark <= day]
    known = [*((grade, _kept_on(rows, mark)) for grade, mark in zip(grades_of(stage), seen, strict=False))]
    grades = [grade for grade, kept in known if kept is not None]
    kept = [count for _, count in known if count is not None]
    last = rows[-1]
    if kept:
        grades, kept = [*grades, grades[-1]], [*kept, last.kept]
    return YearGroup(entered, tuple(grades), tuple(kept), cohort_losses(kept), CohortCounts(*last[3:]))


def _kept_on(rows: Sequence[Any], day: date) -> int | None:
    return next((row.kept for row in rows if row.valid_from <= day < row.valid_to), None)


def read_nine_years(conn: Connection, scope: Scope, chosen: CaseFilter) -> tuple[Rate, CohortCounts]:
    """九年义务教育巩固率 of the area in view: its class of grade 9 / its grade 1 of then; and the transfers to show with it."""
    year, day = chosen.period.school_year if chosen.period else 0, day_of(chosen)
    junior = _sum(conn, scope, chosen, Stage.JUNIOR, entry_year(Stage.JUNIOR, year), day)
    primary = _sum(conn, scope, chosen, Stage.PRIMARY, year - LAST_GRADES[Stage.JUNIOR] + 1, day)
    moves = CohortCounts(primary.entrants, junior.kept, primary.moved_in + junior.moved_in, primary.moved_out + junior.moved_out)
    return nine_year_retention(junior.kept, primary.entrants), moves


def _sum(conn: Connection, scope: Scope, chosen: CaseFilter, stage: Stage, entered: int, day: date) -> CohortCounts:
    sums = (func.coalesce(func.sum(cohort_count.c[name]), 0) for name in ("entrants", "kept", "moved_in", "moved_out"))
    query = select(*sums).where(cohort_count.c.stage == stage.value, cohort_count.c.entry_year == entered, on(cohort_count, day))
    return CohortCounts(*conn.execute(_in_view(query, cohort_count.c.school_code, scope, chosen)).one())


def read_transition(conn: Connection, scope: Scope, chosen: CaseFilter) -> Rate:
    """小升初升学率 of the summer in which the filter's school year began: graduates found in a grade 7 or explained / graduates.

    Missing until the census of weeks 1-2 is over; the children behind the difference are those of `transition_loss`.
    """
    year, day = (chosen.period.school_year if chosen.period else 0) - 1, day_of(chosen)
    if day < date(year + 1, 9, 1) + CENSUS:
        return Rate(0, 0)
    graduates = _sum(conn, scope, chosen, Stage.PRIMARY, entry_year(Stage.PRIMARY, year), day).kept
    lost = select(func.coalesce(func.sum(school_count.c.transition_loss), 0)).where(
        school_count.c.school_year == year, school_count.c.stage == Stage.PRIMARY.value, on(school_count, day)
    )
    return Rate(graduates - conn.execute(_in_view(lost, school_count.c.school_code, scope, chosen)).scalar_one(), graduates)


def _in_view(query: Select[Any], school_code: Any, scope: Scope, chosen: CaseFilter) -> Select[Any]:
    query = query.join(school, school.c.code == school_code).where(school_in_scope(scope))
    if chosen.area:
        query = query.where(begins_with(school.c.village_code if len(chosen.area) > 9 else school.c.town_code, chosen.area))
    return query.where(school.c.code == chosen.school) if chosen.school else query
