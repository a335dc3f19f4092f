"""The exam at the end of grade 9: who was registered in the two summers before, and who sat it."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from data_access.demo_people import NONE, Children, Standing
from data_access.demo_plan import GRADES
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World

EXAM = ("child_id", "school_code", "school_year", "on_date", "sat")
ABSENT = 0.035  # of those registered: with three years' losses before them it leaves some schools under 92 %
EXAM_DAY = (6, 20)


def exam_sittings(world: World, children: Children, schools: list[DemoSchool]) -> Iterator[tuple[int, str, int, date, bool]]:
    """The rows of exam_sitting in order."""
    graduates = np.flatnonzero((children.standing == Standing.GRADUATE) & (children.junior.school != NONE))
    absent = world.rng("exams").random(len(graduates)) < ABSENT
    for at, stayed_away in zip(graduates.tolist(), absent.tolist(), strict=True):
        ended = world.school_year - (int(children.grade[at]) - GRADES - 1)  # the calendar year in which grade 9 ended
        yield at + 1, schools[children.junior.school[at]].code, ended - 1, date(ended, *EXAM_DAY), not stayed_away
