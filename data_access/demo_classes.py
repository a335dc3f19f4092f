"""The classes of the demo, past and present, with the headcounts they were fixed at."""

from collections import Counter
from datetime import date

import numpy as np

from data_access.demo_people import JUNIOR_YEARS, NONE, POINT_YEARS, PRIMARY_YEARS, Children, Ints, Standing
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


def _columns(world: World, children: Children) -> tuple[tuple[str, Ints, Ints, Ints], ...]:
    """Stage, school, year of entry and class number of every enrolment there was."""
    entry = world.school_year - children.grade + 1
    ones = np.ones(len(children), dtype=np.int64)
    return (
        ("primary", children.point, entry, ones),
        ("primary", children.primary, entry, children.primary_class),
        ("special", children.special, entry, ones),
        ("junior", children.junior, entry + PRIMARY_YEARS, children.junior_class),
    )


def _keys(world: World, children: Children) -> set[ClassKey]:
    keys = {(spell.school, spell.stage, spell.entry_year, spell.class_no) for spell in children.more_spells}
    for stage, school, year, number in _columns(world, children):
        there = (school != NONE) & (year <= world.school_year)
        keys |= {_unpacked(one, stage) for one in set(_packed(school[there], year[there], number[there]))}
    return keys


def _packed(school: Ints, year: Ints, number: Ints) -> list[int]:
    """The three numbers of a class in one, so that many are quickly told apart."""
    packed: list[int] = ((school * 10_000 + year) * 100 + number).tolist()
    return packed


def _unpacked(packed: int, stage: str) -> ClassKey:
    return packed // 1_000_000, stage, packed // 100 % 10_000, packed % 100


def class_then(children: Children, at: int, years_ago: int) -> ClassKey:
    """The class of a child a number of school years ago."""
    grade = int(children.grade[at]) - years_ago
    first = -years_ago - grade + 1  # the year of its first grade, counted from the present one
    if children.special[at] != NONE:
        return int(children.special[at]), "special", first, 1
    if grade > PRIMARY_YEARS:
        return int(children.junior[at]), "junior", first + PRIMARY_YEARS, int(children.junior_class[at])
    if children.point[at] != NONE and grade <= POINT_YEARS:
        return int(children.point[at]), "primary", first, 1
    return int(children.primary[at]), "primary", first, int(children.primary_class[at])


def class_sizes(world: World, children: Children) -> Counter[ClassKey]:
    """How many pupils every class of the demo date has."""
    sizes: Counter[ClassKey] = Counter()
    here = children.standing == Standing.PUPIL
    for stage, school, year, number in _columns(world, children):
        now = here & (school == children.schools()) & (year <= world.school_year)
        packed = Counter(_packed(school[now], year[now], number[now]))
        sizes.update({_unpacked(one, stage): count for one, count in packed.items()})
    return sizes


def record_baselines(world: World, classes: dict[ClassKey, int], sizes: Counter[ClassKey]) -> None:
    """The headcount each present class is judged by: its size on 1 September, for the first grade its intake (R162-R163)."""
    for key, pupils in sorted(sizes.items()):
        kind = "grade_one_intake" if key[1:3] == ("primary", world.school_year) else "term_start"
        day = date(world.school_year, 9, 1)
        world.book.add(
            class_baseline, class_id=classes[key], school_year=world.school_year, term=1, kind=kind, pupils=pupils, as_of=day
        )
