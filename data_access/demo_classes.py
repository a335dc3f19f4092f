"""The classes of the demo, past and present, with the headcounts they were fixed at."""

from collections import Counter
from datetime import date

import numpy as np

from data_access.demo_people import LENGTHS, NONE, POINT_YEARS, PRIMARY_YEARS, Children, Ints, Standing
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import class_baseline, school_class

ClassKey = tuple[int, str, int, int]  # school's place, stage, entry year, class number


def record_classes(world: World, children: Children, schools: list[DemoSchool]) -> dict[ClassKey, int]:
    """Rows of school_class; returns the number of each class."""
    found: dict[ClassKey, int] = {}
    for key in sorted(_keys(world, children)):
        school, stage, entry, number = key
        begins, ends = class_span(key, schools[school])
        found[key] = world.book.add(
            school_class,
            school_code=schools[school].code,
            stage=stage,
            entry_year=entry,
            class_no=number,
            valid_from=begins,
            valid_to=ends,
        )
    return found


def class_span(key: ClassKey, school: DemoSchool) -> tuple[date, date]:
    """The first day of a class, and the day after its last."""
    _, stage, entry, _ = key
    return date(entry, 9, 1), date(entry + (POINT_YEARS if school.parent else LENGTHS[stage]), 9, 1)


def _columns(world: World, children: Children) -> tuple[tuple[str, Ints, Ints, Ints], ...]:
    """Stage, school, year of entry and class number of every enrolment there was."""
    entry = world.school_year - children.grade + 1
    ones = np.ones(len(children), dtype=np.int64)
    return (
        ("primary", children.point, entry, ones),
        ("primary", children.primary.school, entry, children.primary.number),
        ("special", children.special.school, entry, children.special.number),
        ("junior", children.junior.school, entry + PRIMARY_YEARS, children.junior.number),
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


def class_then(children: Children, at: int, present_year: int, school_year: int) -> ClassKey:
    """The class of a child in a school year; `present_year` is the one its grade is told for."""
    first = present_year - int(children.grade[at]) + 1
    grade = school_year - first + 1
    if children.special.school[at] != NONE:
        return int(children.special.school[at]), "special", first, 1
    if children.point[at] != NONE and grade <= POINT_YEARS:
        return int(children.point[at]), "primary", first, 1
    stage, track, entry = "primary", children.primary, first
    if grade > PRIMARY_YEARS:
        stage, track, entry = "junior", children.junior, first + PRIMARY_YEARS
    return int(track.school[at]), stage, entry, int(track.number[at])


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
