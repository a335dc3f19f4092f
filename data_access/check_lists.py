"""The facts of 四查三比对: children on one list and not on the other."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, select

from data_access.check_look import Look
from data_access.check_people import home_taught
from data_access.reports import group_calendars
from data_access.schema import (
    absence_day,
    area,
    case_interval,
    child,
    enrolment_spell,
    exam_entry,
    group_spell,
    loss_spell,
    movement_event,
    placement,
    residence_spell,
)
from data_access.survey_answers import read_answers
from domain.cases import COUNTED_AS_DROPOUT, CaseStatus
from domain.check_facts import ListFacts
from domain.grades import Stage
from domain.groups import Group
from domain.movements import Movement
from domain.school_year import school_year_label

AWAY_DAYS = 3  # of the last five school days
ACCOUNTED = (Movement.DEFERRAL.value, Movement.ABROAD.value, Movement.DEATH.value)
LAST_GRADE_AFTER = 2  # years after entry to junior high


def read_lists(look: Look) -> Iterator[ListFacts]:
    """Every child on one list and not on the other, comparison by comparison."""
    for comparison in (_never_enrolled, _absent_without_case, _poor_dropouts, _disabled, _graduates, _not_entered):
        yield from comparison(look)


def _of_school_age(look: Look) -> Any:
    return and_(child.c.school_age_from <= look.day, child.c.school_age_to > look.day)


def _never_enrolled(look: Look) -> Iterator[ListFacts]:
    """Children of school age who live here and never stood on a register, nor were deferred, went abroad or died.

    One of whom the household survey or a placement says what became of it carries that answer.
    """
    home = residence_spell.c
    query = select(home.child_id).join(child, child.c.id == home.child_id).distinct()
    query = query.where(look.on(residence_spell), ~home.outside, _of_school_age(look))
    query = query.where(~exists().where(enrolment_spell.c.child_id == home.child_id), child.c.merged_into.is_(None))
    moved = exists().where(movement_event.c.child_id == home.child_id, movement_event.c.kind.in_(ACCOUNTED))
    children = [row.child_id for row in look.rows(query.where(~moved), home.child_id)]
    answers = read_answers(look.conn, children, look.day)
    for child_id in children:
        yield ListFacts("never_enrolled", child_id, answer=answers.get(child_id))


def _absent_without_case(look: Look) -> Iterator[ListFacts]:
    """Pupils listed without leave on three of their county's last five school days, with no open case."""
    absent, now = absence_day.c, case_interval
    every = look.conn.execute(select(area.c.code).where(area.c.level == "county")).scalars()
    has_case = exists().where(now.c.child_id == absent.child_id, look.on(now), now.c.status != CaseStatus.CLOSED.value)
    taught = home_taught(absent.child_id, look.day)
    for days, counties in group_calendars(look.conn, every, look.day).items():
        query = select(absent.child_id, func.count().label("days")).join(child, child.c.id == absent.child_id)
        query = query.where(child.c.county_code.in_(counties), absent.on_date.in_(days), absent.state.in_(("truant", "unknown")))
        query = query.where(~has_case, ~taught).group_by(absent.child_id).having(func.count() >= AWAY_DAYS)
        for row in look.rows(query, absent.child_id):
            yield ListFacts("absent_without_case", row.child_id, str(row.days))


def _poor_dropouts(look: Look) -> Iterator[ListFacts]:
    """Open dropouts of poor households."""
    now, group = case_interval, group_spell.c
    poor = exists().where(group.child_id == now.c.child_id, group.group_name == Group.POOR.value, look.on(group_spell))
    query = select(now.c.child_id, now.c.case_id, now.c.status).where(look.on(now), poor)
    query = query.where(now.c.status.in_([status.value for status in COUNTED_AS_DROPOUT]))
    for row in look.rows(query, now.c.child_id):
        yield ListFacts("poor_dropout", row.child_id, row.status, f"case_file:{row.case_id}")


def _disabled(look: Look) -> Iterator[ListFacts]:
    """Disabled children of school age without any placement today."""
    group = group_spell.c
    placed = exists().where(placement.c.child_id == group.child_id, look.on(placement), placement.c.kind != "awaiting")
    query = select(group.child_id, func.min(group.detail).label("detail")).join(child, child.c.id == group.child_id)
    query = query.where(group.group_name == Group.DISABLED.value, look.on(group_spell), _of_school_age(look), ~placed)
    for row in look.rows(query.group_by(group.child_id), group.child_id):
        yield ListFacts("disabled_without_place", row.child_id, row.detail or "")


def _graduates(look: Look) -> Iterator[ListFacts]:
    """Graduates of grade 6 that no junior school took in, not explained by a movement."""
    loss = loss_spell.c
    query = select(loss.child_id, loss.school_year).where(loss.kind == "transition_loss", look.on(loss_spell))
    for row in look.rows(query, loss.child_id):
        yield ListFacts("graduate_in_no_grade_seven", row.child_id, school_year_label(row.school_year))


def _not_entered(look: Look) -> Iterator[ListFacts]:
    """Pupils of grade 9 on the day of the exam list who are not on it, for each school and year with a list.

    A school that nobody entered has handed in no list: that is not known, and no contradiction.
    """
    entry, spell = exam_entry.c, enrolment_spell.c
    lists = select(entry.county_code, entry.school_year, func.max(entry.listed_on).label("listed_on"))
    lists = lists.where(entry.listed_on <= look.day).group_by(entry.county_code, entry.school_year)
    alike: defaultdict[tuple[int, date], list[str]] = defaultdict(list)  # counties that hand in on the same day
    for county, year, day in look.conn.execute(lists):
        alike[year, day].append(county)
    for (year, day), counties in alike.items():
        year_group = and_(spell.stage == Stage.JUNIOR.value, spell.entry_year == year - LAST_GRADE_AFTER)
        listed = select(spell.school_code).join(exam_entry, entry.child_id == spell.child_id).distinct()
        schools = look.conn.execute(listed.where(entry.school_year == year, year_group)).scalars().all()
        query = select(spell.child_id).join(child, child.c.id == spell.child_id).distinct()
        query = query.where(child.c.county_code.in_(counties), spell.school_code.in_(schools), year_group)
        query = query.where(spell.valid_from <= day, spell.valid_to > day, spell.graduates_on > day)
        entered = exists().where(entry.child_id == spell.child_id, entry.school_year == year)
        for row in look.rows(query.where(~entered), spell.child_id):
            yield ListFacts("not_on_exam_list", row.child_id, school_year_label(year))
