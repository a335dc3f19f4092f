"""What each count of the map counts, as one clause: the live count and the list of children behind it use the same."""

from datetime import date
from enum import StrEnum

from sqlalchemy import and_, func, literal, select

from data_access.schema import care_interval, case_interval, child, child_place, group_spell
from data_access.scoped import Clause, on, open_on
from domain.groups import Group


class Measure(StrEnum):
    """The counts by village; the values name the columns of village_count."""

    CHILDREN = "children"
    AT_RISK = "at_risk"
    LEFT_BEHIND = "left_behind"
    LEFT_BEHIND_CIVIL = "left_behind_civil"
    OVERDUE = "overdue"


DEFINED = {Measure.LEFT_BEHIND: Group.LEFT_BEHIND_EDUCATION, Measure.LEFT_BEHIND_CIVIL: Group.LEFT_BEHIND_CIVIL}


def counts_in(measure: Measure, day: date) -> Clause:
    """Whether a child (child_place joined with child) counts on a day.

    children: of school age, 6-15 on 1 September; a child whose birth date is unknown counts. at_risk: has an open case.
    left_behind: education definition, until school age ends. left_behind_civil: civil definition, under 16. overdue: has
    an open case with a step past its due date.
    """
    if measure not in DEFINED:
        return recounts_in(measure, day)
    care = care_interval.c
    held = care.civil if measure is Measure.LEFT_BEHIND_CIVIL else care.education
    return child_place.c.child_id.in_(select(care.child_id).where(on(care_interval, day), held))


def recounts_in(measure: Measure, day: date) -> Clause:
    """The same with left-behind children told by their spells and ages, not by what is derived of them."""
    place = child_place.c
    of_age = func.coalesce(child.c.school_age_to > day, literal(True))
    if measure is Measure.CHILDREN:
        return and_(func.coalesce(child.c.school_age_from <= day, literal(True)), of_age)
    if measure in (Measure.AT_RISK, Measure.OVERDUE):
        cases = select(case_interval.c.child_id).where(open_on(day))
        return place.child_id.in_(cases if measure is Measure.AT_RISK else cases.where(case_interval.c.overdue_from <= day))
    group = DEFINED[measure]
    spells = select(group_spell.c.child_id).where(group_spell.c.group_name == group.value, on(group_spell, day))
    return and_(place.child_id.in_(spells), young_enough(group, day))


def young_enough(group: Group, day: date) -> Clause:
    """Whether a child (of table child) is still counted as left behind: under 16 by the civil definition, of school age by the
    other; a child whose birth date is unknown is."""
    until = child.c.sixteen_on if group is Group.LEFT_BEHIND_CIVIL else child.c.school_age_to
    return func.coalesce(until > day, literal(True))
