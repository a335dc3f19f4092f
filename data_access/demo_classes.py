"""The classes of the demo, past and present, with the headcounts they were fixed at."""

from collections import Counter, defaultdict
from datetime import date

import numpy as np

from data_access.demo_people import JUNIOR_YEARS, NONE, POINT_YEARS, PRIMARY_YEARS, Children
from data_access.demo_rows import SPECIAL_YEARS
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import class_baseline, school_class

ClassKey = tuple[int, str, int, int]  # school's place, stage, entry year, class number
LENGTHS = {"primary": PRIMARY_YEARS, "junior": JUNIOR_YEARS, "special": SPECIAL_YEARS}


def record_classes(world: World, children: Children, schools: list[DemoSchool]) -> dict[ClassKey, int]:
    """Rows of school_class; returns the number of each class."""
    found: dict[ClassKey, int] = {}
    for key in sorted(_keys(world, children)):
        school, stage, entry, number = key
        length = POINT_YEARS if schools[school].parent else LENGTHS[stage]
        found[key] = world.book.add(
            school_class,
            school_code=schools[school].code,
            stage=stage,
            entry_year=entry,
            class_no=number,
            valid_from=date(entry, 9, 1),
            valid_to=date(entry + length, 9, 1),
        )
    return found


def _keys(world: World, children: Children) -> set[ClassKey]:
    entry = world.school_year - children.grade + 1
    ones = np.ones(len(children), dtype=np.int64)
    columns = (
        ("primary", children.point, entry, ones),
        ("primary", children.primary, entry, children.primary_class),
        ("special", children.special, entry, ones),
        ("junior", children.junior, entry + PRIMARY_YEARS, children.junior_class),
    )
    keys: set[ClassKey] = set()
    for stage, school, year, number in columns:
        there = (school != NONE) & (year <= world.school_year)
        rows = np.unique(np.stack([school[there], year[there], number[there]]), axis=1).T.tolist()
        keys |= {(at, stage, first, no) for at, first, no in rows}
    keys |= {(spell.school, spell.stage, spell.entry_year, spell.class_no) for spell in children.more_spells}
    return keys


def class_of(children: Children, school_year: int, at: int) -> ClassKey:
    """The class of a pupil on the demo date."""
    stage, grade = children.stage_of(at), int(children.grade[at])
    entry = school_year - grade + 1 + (PRIMARY_YEARS if stage == "junior" else 0)
    if stage == "special" or children.school_of(at) == children.point[at]:
        return children.school_of(at), stage, entry, 1
    return children.school_of(at), stage, entry, int((children.junior_class if stage == "junior" else children.primary_class)[at])


def pupils_by_class(children: Children, school_year: int) -> dict[ClassKey, list[int]]:
    """The pupils of every class of the demo date, by place."""
    found: defaultdict[ClassKey, list[int]] = defaultdict(list)
    for at in children.pupils.tolist():
        found[class_of(children, school_year, at)].append(at)
    return found


def record_baselines(world: World, classes: dict[ClassKey, int], sizes: Counter[ClassKey]) -> None:
    """The headcount each present class is judged by: its size on 1 September, for the first grade its intake (R162-R163)."""
    for key, pupils in sorted(sizes.items()):
        kind = "grade_one_intake" if key[1:3] == ("primary", world.school_year) else "term_start"
        day = date(world.school_year, 9, 1)
        world.book.add(
            class_baseline, class_id=classes[key], school_year=world.school_year, term=1, kind=kind, pupils=pupils, as_of=day
        )
