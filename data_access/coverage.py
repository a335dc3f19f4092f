"""Coverage of home visits (R134-R136, R086): who is owed a visit in a span of days, who had one, and who had none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Subquery, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from data_access.class_teachers import ClassKey, read_class_teachers
from data_access.schema import area, case_interval, child, child_place, home_visit, school, village_count
from data_access.scoped import child_clause, counted_at, day_of, of_groups, open_on
from data_access.village_counts import summary_clause
from domain.case_filter import CaseFilter
from domain.coverage import VISITS, Coverage, CoveragePart, TargetGroup, VisitSpan
from domain.grades import Stage, grade_of
from domain.groups import Group
from domain.masking import PiiKind, mask
from domain.school_year import school_year_of
from domain.scope import Scope

GROUPS: dict[TargetGroup, tuple[Group, ...]] = {
    TargetGroup.POOR: (Group.POOR,),
    TargetGroup.LEARNING_DIFFICULTY: (Group.LEARNING_DIFFICULTY,),
    TargetGroup.LEFT_BEHIND: (Group.LEFT_BEHIND_EDUCATION, Group.LEFT_BEHIND_CIVIL),
}


class CoverageBy(StrEnum):
    """By what coverage is counted; a class is a school's, with its stage, entry year and number."""

    TOWN = "town"
    SCHOOL = "school"
    CLASS = "class"
    TEACHER = "teacher"
    VILLAGE = "village"


IN_SUMMARY = (CoverageBy.TOWN, CoverageBy.SCHOOL, CoverageBy.VILLAGE)  # the places that the counts by village know


@dataclass(frozen=True)
class CoverageKey:
    """Which town, school, class, teacher or village a count is of; None where that is not known."""

    code: str | None
    class_key: ClassKey | None = None
    teacher: str | None = None


@dataclass(frozen=True)
class CoverageRow:
    """A pupil to whom a visit is owed; `child_name` masked. `last_visit_on`: the last at the door up to the as-of day, ever."""

    child_id: int
    child_name: str
    school_code: str
    school_name: str | None
    grade: int | None
    class_no: int | None
    class_teacher: str | None
    village_name: str | None
    last_visit_on: date | None


def count_coverage(conn: Connection, scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup) -> Coverage:
    """Owed and visited of the whole filter."""
    counts = count_coverage_by(conn, scope, chosen, span, group, CoverageBy.TOWN)
    return Coverage(sum(one.owed for one in counts.values()), sum(one.visited for one in counts.values()))


def count_coverage_by(
    conn: Connection, scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup, by: CoverageBy
) -> dict[CoverageKey, Coverage]:
    """Owed and visited by town, school, class, teacher or village; the parts add up to count_coverage."""
    visited, columns = _visited(span, day_of(chosen)), _columns(child_place, chosen, by)
    seen = select(*columns, func.count().label("children")).where(_owed(scope, chosen, group)).group_by(*columns)
    teachers = read_class_teachers(conn, day_of(chosen)) if by is CoverageBy.TEACHER else {}

    def total(query: Select[Any]) -> Counter[CoverageKey]:
        counts: Counter[CoverageKey] = Counter()
        for row in conn.execute(query):
            counts[_key(row, by, teachers)] += int(row.children)
        return counts

    told = group is TargetGroup.ALL and chosen.from_summary and by in IN_SUMMARY
    owed = total(_owed_in_summary(scope, chosen, by) if told else seen)
    covered = total(seen.join_from(child_place, visited, visited.c.child_id == child_place.c.child_id))
    return {key: Coverage(count, covered[key]) for key, count in owed.items()}


def _owed_in_summary(scope: Scope, chosen: CaseFilter, by: CoverageBy) -> Select[Any]:
    """All pupils by place, from the summary: they need not be looked at one by one."""
    pupils, columns = func.sum(village_count.c.pupils), _columns(village_count, chosen, by)
    query = select(*columns, pupils.label("children")).where(summary_clause(scope, chosen), village_count.c.stage.is_not(None))
    return query.group_by(*columns).having(pupils > 0)


def _columns(table: FromClause, chosen: CaseFilter, by: CoverageBy) -> list[ColumnElement[Any]]:
    place, at = table.c, counted_at(table, chosen.basis)
    if by is CoverageBy.TOWN:
        return [func.substr(at, 1, 9).label("key0")]
    if by in IN_SUMMARY:
        return [(at if by is CoverageBy.VILLAGE else place.school_code).label("key0")]
    classes = (place.school_code, place.stage, place.entry_year, place.class_no)
    return [column.label(f"key{number}") for number, column in enumerate(classes)]


def _key(row: Any, by: CoverageBy, teachers: dict[ClassKey, str]) -> CoverageKey:
    if by not in (CoverageBy.CLASS, CoverageBy.TEACHER):
        return CoverageKey(row.key0)
    one = ClassKey(row.key0, row.key1, row.key2, row.key3)
    return CoverageKey(one.school, one) if by is CoverageBy.CLASS else CoverageKey(one.school, teacher=teachers.get(one))


def _owed(scope: Scope, chosen: CaseFilter, group: TargetGroup) -> ColumnElement[bool]:
    """The pupils of the filter to whom a visit is owed: on a school's register on the day, and in the group."""
    day, place = day_of(chosen), child_place.c
    parts = [child_clause(scope, chosen, child_place), place.school_code.is_not(None), place.stage.is_not(None)]
    if group in GROUPS:
        parts.append(of_groups(place.child_id, GROUPS[group], day))
    if group is TargetGroup.SUSPECTED:
        parts.append(exists().where(case_interval.c.child_id == place.child_id, open_on(day)))
    return and_(*parts)


def _visited(span: VisitSpan, day: date) -> Subquery:
    """The children with a visit in the span up to the day, each once; corrected visits are left out."""
    visit, later = home_visit.c, aliased(home_visit)
    corrected = select(later.c.corrects).where(later.c.corrects.is_not(None))
    within = visit.visited_on.between(span.starts, span.until(day))
    at_door = visit.mode.in_([mode.value for mode in VISITS])
    return select(visit.child_id).where(within, at_door, visit.id.not_in(corrected)).distinct().subquery("visited")


def iterate_coverage(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    span: VisitSpan,
    group: TargetGroup,
    part: CoveragePart = CoveragePart.UNVISITED,
    *,
    limit: int | None = 50,
    offset: int = 0,
) -> Iterator[CoverageRow]:
    """One page of a list by school, class and number. Raises ScopeError where no children may be listed."""
    scope.require_children()
    day = day_of(chosen)
    teachers = read_class_teachers(conn, day)
    for row in conn.execute(_listed(scope, chosen, span, group, part).limit(limit).offset(offset)):
        yield CoverageRow(
            child_id=row.child_id,
            child_name=row.child_name if scope.sees_names else mask(row.child_name, PiiKind.NAME) or "",
            school_code=row.school_code,
            school_name=row.school_name,
            grade=grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.entry_year else None,
            class_no=row.class_no,
            class_teacher=teachers.get(ClassKey(row.school_code, row.stage, row.entry_year, row.class_no)),
            village_name=row.village_name,
            last_visit_on=row.last_visit_on,
        )


def _listed(scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup, part: CoveragePart) -> Select[Any]:
    day, place, visit = day_of(chosen), child_place.c, home_visit.c
    visited = _visited(span, day)
    at_door = case((visit.mode.in_([mode.value for mode in VISITS]), visit.visited_on))
    last = select(func.max(at_door)).where(visit.child_id == place.child_id, visit.visited_on <= day).scalar_subquery()
    order = (place.school_code, place.stage, place.entry_year.desc(), place.class_no, place.child_id)
    return (
        select(
            *(place[name] for name in ("child_id", "school_code", "stage", "entry_year", "class_no")),
            child.c.name.label("child_name"),
            school.c.name.label("school_name"),
            area.c.name.label("village_name"),
            last.label("last_visit_on"),
        )
        .join_from(child_place, child, child.c.id == place.child_id)
        .outerjoin(school, school.c.code == place.school_code)
        .outerjoin(area, area.c.code == counted_at(child_place, chosen.basis))
        .outerjoin(visited, visited.c.child_id == place.child_id)
        .where(_owed(scope, chosen, group), *_in_part(part, visited))
        .order_by(*order)
    )


def _in_part(part: CoveragePart, visited: Subquery) -> Sequence[ColumnElement[bool]]:
    there = visited.c.child_id.is_not(None)
    return {CoveragePart.UNVISITED: [~there], CoveragePart.VISITED: [there], CoveragePart.OWED: []}[part]
