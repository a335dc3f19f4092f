"""Where each child of school age learns: the group x schooling matrix, its person lists, the enrolment rates (R001, R085)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, null, select

from data_access.children import ChildRow, read_children_where
from data_access.derive_losses import LOST
from data_access.measures import Measure, counts_in
from data_access.schema import child, child_place, enrolment_spell, group_spell, loss_spell, movement_event, placement
from data_access.scoped import Clause, child_clause, day_of, of_groups, on
from data_access.survey_answers import learns_elsewhere
from domain.case_filter import CaseFilter
from domain.grades import Stage, grades_of
from domain.groups import RESTRICTED, Group, Schooling
from domain.movements import Movement
from domain.rates import Rate
from domain.retention import gross_enrolment, net_enrolment
from domain.school_year import school_year_of
from domain.scope import Role, Scope

SEES_RESTRICTED = frozenset({Role.COUNTY, Role.SCHOOL})  # those who work on the case (R083)
AT_SCHOOL = (Schooling.IN_SCHOOL, Schooling.INCLUSIVE, Schooling.SPECIAL_SCHOOL, Schooling.HOME_TEACHING, Schooling.ELSEWHERE)
Cell = tuple[Group, Schooling | None]


def schooling_on(day: date) -> ColumnElement[str | None]:
    """Where the child of a child_place row learns on a day, the gravest first: out of school before suspended before placed;
    NULL: not known. The lost, moved and placed are few: they are listed once, not looked for behind every child."""
    place = child_place.c

    def lost(*kinds: str) -> Clause:
        return place.child_id.in_(select(loss_spell.c.child_id).where(loss_spell.c.kind.in_(kinds), on(loss_spell, day)))

    def moved(kind: Movement) -> Clause:
        move = movement_event.c
        then = (move.kind == kind.value, move.on_date <= day, func.coalesce(move.ends_on, date.max) > day)
        return place.child_id.in_(select(move.child_id).where(*then))

    def placed(kind: Schooling) -> Clause:
        return place.child_id.in_(select(placement.c.child_id).where(placement.c.kind == kind.value, on(placement, day)))

    ever = exists().where(enrolment_spell.c.child_id == place.child_id, enrolment_spell.c.valid_from <= day)
    return case(
        (lost(*LOST, "transition_loss"), Schooling.OUT_OF_SCHOOL.value),
        (lost("suspended_approved"), Schooling.SUSPENDED.value),
        (moved(Movement.HOSTED), Schooling.ELSEWHERE.value),
        (placed(Schooling.HOME_TEACHING), Schooling.HOME_TEACHING.value),
        (placed(Schooling.SPECIAL_SCHOOL), Schooling.SPECIAL_SCHOOL.value),
        (placed(Schooling.INCLUSIVE), Schooling.INCLUSIVE.value),
        (place.stage == Stage.SPECIAL.value, Schooling.SPECIAL_SCHOOL.value),
        (place.school_code.is_not(None), Schooling.IN_SCHOOL.value),
        (lost("transfer_out_proven", "abroad"), Schooling.ELSEWHERE.value),
        (moved(Movement.DEFERRAL), Schooling.DEFERRED.value),
        (~ever & learns_elsewhere(place.child_id, day), Schooling.ELSEWHERE.value),
        (~ever, Schooling.NEVER_ENROLLED.value),
        else_=null(),
    )


def count_matrix(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[Cell, int]:
    """How many children of school age stand in each cell of group x schooling; a child with two groups stands in two rows."""
    scope.require_children()
    day = day_of(chosen)
    where = schooling_on(day).label("schooling")
    query = (
        select(group_spell.c.group_name, where, func.count(func.distinct(child_place.c.child_id)))
        .join_from(child_place, child, child.c.id == child_place.c.child_id)
        .join(group_spell, and_(group_spell.c.child_id == child_place.c.child_id, on(group_spell, day)))
        .where(child_clause(scope, chosen, child_place), counts_in(Measure.CHILDREN, day))
        .where(group_spell.c.group_name.in_([group.value for group in groups_for(scope)]))
        .group_by(group_spell.c.group_name, where)
    )
    return {(Group(group), Schooling(told) if told else None): count for group, told, count in conn.execute(query)}


def groups_for(scope: Scope) -> Sequence[Group]:
    """The groups that a role may see children by: the restricted ones only for those who work on the case."""
    return [group for group in Group if group not in RESTRICTED or scope.role in SEES_RESTRICTED]


def read_in_cell(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    group: Group,
    schooling: Schooling | None,
    *,
    limit: int = 50,
    offset: int = 0,
) -> list[ChildRow]:
    """One page of the children behind a cell of the matrix."""
    if group not in groups_for(scope):
        return []
    day = day_of(chosen)
    told = schooling_on(day)
    member = of_groups(child_place.c.child_id, [group], day)
    here = told.is_(None) if schooling is None else told == schooling.value
    clause = and_(counts_in(Measure.CHILDREN, day), member, here)
    return read_children_where(conn, scope, chosen, clause, limit=limit, offset=offset)


def read_not_enrolled(conn: Connection, scope: Scope, chosen: CaseFilter, *, limit: int = 50, offset: int = 0) -> list[ChildRow]:
    """One page of the children of school age who are in no school: every child short of 100 % (R001)."""
    day = day_of(chosen)
    year = school_year_of(day)
    away = func.coalesce(schooling_on(day), "").not_in([one.value for one in AT_SCHOOL])
    of_age = child.c.school_age_from.between(date(year - 8, 9, 1), date(year, 9, 1))
    return read_children_where(conn, scope, chosen, and_(of_age, away), limit=limit, offset=offset)


@dataclass(frozen=True)
class Enrolment:
    """The children of one stage's official age who live in view. `of_age`: all of them; `of_age_in_school`: of these, at any
    school, a suspended one not; `any_age_in_school`: pupils of the stage whatever their age; those who learn in a special school
    or elsewhere stand in the stage of their age."""

    of_age: int
    of_age_in_school: int
    any_age_in_school: int

    @property
    def net(self) -> Rate:
        """净入学率."""
        return net_enrolment(self.of_age_in_school, self.of_age)

    @property
    def gross(self) -> Rate:
        """毛入学率."""
        return gross_enrolment(self.any_age_in_school, self.of_age)


def read_enrolment(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[Stage, Enrolment]:
    """Primary and junior enrolment of the filter's area by where the children count (R001)."""
    day, place, stages = day_of(chosen), child_place.c, (Stage.PRIMARY, Stage.JUNIOR)
    at_school = func.coalesce(schooling_on(day), "").in_([one.value for one in AT_SCHOOL])
    of_age = case(*((child.c.school_age_from.between(*_born_for(stage, school_year_of(day))), stage.value) for stage in stages))
    pupil = (
        select(of_age.label("of_age"), place.stage, case((at_school, 1), else_=0).label("at_school"))
        .join_from(child_place, child, child.c.id == place.child_id)
        .where(child_clause(scope, chosen, child_place))
        .subquery("pupil")
    )
    query = select(pupil.c.of_age, pupil.c.stage, pupil.c.at_school, func.count()).group_by(*pupil.c)
    rows = conn.execute(query).all()
    return {
        stage: Enrolment(
            sum(count for age, _, _, count in rows if age == stage),
            sum(count for age, _, there, count in rows if age == stage and there),
            sum(count for age, at, there, count in rows if there and stage == (at if at in stages else age)),
        )
        for stage in stages
    }


def _born_for(stage: Stage, year: int) -> tuple[date, date]:
    """The first and last day on which children of a stage's official age came of school age."""
    youngest, *_, oldest = grades_of(stage)
    return date(year - oldest + 1, 9, 1), date(year - youngest + 1, 9, 1)
