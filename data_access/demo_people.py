"""The children of the demo: who they are, where they live, which schools they went to and go to."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from data_access.demo_names import draw_given, draw_surnames
from data_access.demo_plan import GRADES
from data_access.demo_schools import DemoSchool, school_choice
from data_access.demo_world import World
from data_access.schema import OPEN_END

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NONE = -1
OPEN = OPEN_END.toordinal()
EPOCH = date(1970, 1, 1).toordinal()
BOYS = 0.53
CLASS_SIZE = {"primary": 42, "junior": 46}
PRIMARY_YEARS, JUNIOR_YEARS, POINT_YEARS = 6, 3, 3
LENGTHS = {"primary": PRIMARY_YEARS, "junior": JUNIOR_YEARS, "special": PRIMARY_YEARS + JUNIOR_YEARS}
POINT_SHARE = 0.55  # of the young children of a village with a teaching point


class Standing(IntEnum):
    """What a child is to the registers of the county on the demo date."""

    PUPIL = 0
    LEAVER = 1  # left with papers within the three years
    LOST = 2  # finished grade 6 and went to no grade 7
    GRADUATE = 3
    ELSEWHERE = 4  # of the county, never on its registers


class Spell(NamedTuple):
    """Enrolment of a child (its place) in a school (its place) on [begins, ends), as ordinals."""

    child: int
    school: int
    stage: str
    entry_year: int
    class_no: int
    begins: int
    ends: int


@dataclass
class Track:
    """Everyone's way through one stage: school, first day, day after the last, class number."""

    school: Ints
    begins: Ints
    ends: Ints
    number: Ints


@dataclass
class Children:
    """All children as columns; days are ordinals, schools places in the list of schools, NONE where there is none.

    `grade`: in the demo's school year, 10 and 11 for those who finished in the two summers before. A primary spell may have
    begun at a teaching point (`point`) until the fourth grade. A spell that did not happen has no school. `more_spells`: at
    a school before the present one. `outside`: lives outside the county. `taken`: something already happens to this child.
    """

    standing: Ints
    grade: Ints
    village: Ints
    male: Flags
    birth: Ints
    surname: Ints
    given: Ints
    point: Ints
    primary: Track
    junior: Track
    special: Track
    outside: Flags
    lives_until: Ints
    taken: Flags
    more_spells: list[Spell] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.grade)

    @property
    def pupils(self) -> Ints:
        """Places of those on a register on the demo date."""
        return np.flatnonzero(self.standing == Standing.PUPIL)

    def take(self, rng: Generator, eligible: Flags, count: int) -> list[int]:
        """`count` of the eligible to whom nothing else happens yet, in the order drawn; they are taken from now on."""
        free = np.flatnonzero(eligible & ~self.taken)
        picked: list[int] = rng.choice(free, min(count, len(free)), replace=False).tolist()
        self.taken[picked] = True
        return picked

    def stage_of(self, at: int) -> str:
        """The stage a pupil is in."""
        if self.special.school[at] != NONE:
            return "special"
        return "junior" if self.grade[at] > PRIMARY_YEARS else "primary"

    def track_of(self, at: int) -> Track:
        """The way through the stage a pupil is in."""
        return {"primary": self.primary, "junior": self.junior, "special": self.special}[self.stage_of(at)]

    def school_of(self, at: int) -> int:
        """The school a pupil is in; the teaching point for those who are still there."""
        at_point = self.point[at] != NONE and self.grade[at] <= POINT_YEARS
        return int(self.point[at] if at_point else self.track_of(at).school[at])

    def schools(self) -> Ints:
        """`school_of` for everyone at once."""
        young = np.where((self.point != NONE) & (self.grade <= POINT_YEARS), self.point, self.primary.school)
        ordinary = np.where(self.grade > PRIMARY_YEARS, self.junior.school, young)
        return np.where(self.special.school != NONE, self.special.school, ordinary)

    def since(self) -> Ints:
        """The first day of everyone's present spell."""
        ordinary = np.where(self.grade > PRIMARY_YEARS, self.junior.begins, self.primary.begins)
        return np.where(self.special.school != NONE, self.special.begins, ordinary)


def first_september(years: Ints) -> Ints:
    """The ordinals of 1 September of each year."""
    starts = (years - 1970).astype("datetime64[Y]") + np.timedelta64(8, "M")
    days: Ints = starts.astype("datetime64[D]").astype(np.int64) + EPOCH
    return days


def draw_children(world: World, schools: list[DemoSchool], weights: NDArray[np.float64]) -> Children:
    """Everyone the demo knows, in an order that says nothing."""
    plan, rng = world.plan, world.rng("children")
    standing, grade = _standings(world, rng)
    count = len(grade)
    entry = world.school_year - grade + 1
    village = rng.choice(len(weights), count, p=weights)
    choices = {stage: school_choice(world, schools, {stage, "nine_year"}).draw(rng, village) for stage in ("primary", "junior")}
    here = standing != Standing.ELSEWHERE
    to_primary, to_junior = here & (grade <= GRADES), here & (grade > PRIMARY_YEARS) & (standing != Standing.LOST)
    children = Children(
        standing=standing,
        grade=grade,
        village=village,
        male=rng.random(count) < BOYS,
        birth=_births(rng, entry),
        surname=draw_surnames(rng, count),
        given=draw_given(rng, count),
        point=_points(rng, schools, world, village, to_primary),
        primary=_track(choices["primary"], to_primary, entry, entry + PRIMARY_YEARS, grade > PRIMARY_YEARS),
        junior=_track(choices["junior"], to_junior, entry + PRIMARY_YEARS, entry + GRADES, grade > GRADES),
        special=_track(choices["primary"], np.zeros(count, dtype=bool), entry, entry, np.zeros(count, dtype=bool)),
        outside=np.zeros(count, dtype=bool),
        lives_until=np.full(count, OPEN),
        taken=np.zeros(count, dtype=bool),
    )
    _send_point_children_on(children, schools)
    _move_to_special_schools(world, children, schools, plan.special_pupils)
    children.primary.number = _classes(children.primary.school, entry, CLASS_SIZE["primary"], rng)
    children.junior.number = _classes(children.junior.school, entry, CLASS_SIZE["junior"], rng)
    return children


def _track(school: Ints, there: Flags, first: Ints, last: Ints, is_over: Flags) -> Track:
    """From 1 September of the first year to that of the last, or open; the schools of those who are not there are none."""
    ends = np.where(is_over, first_september(last), OPEN)
    return Track(np.where(there, school, NONE), first_september(first), ends, np.ones(len(school), dtype=np.int64))


def _standings(world: World, rng: Generator) -> tuple[Ints, Ints]:
    plan = world.plan
    counts = {
        Standing.PUPIL: plan.pupils,
        Standing.LEAVER: plan.leavers,
        Standing.LOST: sum(plan.lost_in_transition),
        Standing.GRADUATE: 2 * plan.graduates,
        Standing.ELSEWHERE: plan.elsewhere,
    }
    standing = np.repeat(np.array(list(counts)), list(counts.values()))
    sizes = rng.normal(1.0, 0.04, GRADES)
    grade = rng.choice(np.arange(1, GRADES + 1), len(standing), p=sizes / sizes.sum())
    grade[standing == Standing.LOST] = np.repeat([PRIMARY_YEARS + 1, PRIMARY_YEARS + 2], plan.lost_in_transition)
    grade[standing == Standing.GRADUATE] = np.repeat([GRADES + 1, GRADES + 2], plan.graduates)
    order = rng.permutation(len(standing))
    return standing[order].astype(np.int64), grade[order].astype(np.int64)


def _births(rng: Generator, entry: Ints) -> Ints:
    """Six full years before the year of entry; three in a hundred are a year older."""
    late = rng.random(len(entry)) < 0.03
    first = first_september(entry - 7 - late)
    return first + rng.integers(0, 365, len(entry))


def _points(rng: Generator, schools: list[DemoSchool], world: World, village: Ints, to_primary: Flags) -> Ints:
    """The teaching point of those whose village has one; the central school takes them in the fourth grade."""
    place = {area.code: number for number, area in enumerate(world.villages)}
    at_village = np.full(len(world.villages), NONE)
    for number, one in enumerate(schools):
        if one.parent:
            at_village[place[one.village.code]] = number
    point = np.where(to_primary & (rng.random(len(village)) < POINT_SHARE), at_village[village], NONE)
    return point.astype(np.int64)


def _send_point_children_on(children: Children, schools: list[DemoSchool]) -> None:
    """Children of a teaching point go on to its central school, not to another one."""
    number = {one.code: at for at, one in enumerate(schools)}
    central = np.array([number[one.parent.code] if one.parent else NONE for one in schools])
    at_point = children.point != NONE
    children.primary.school[at_point] = central[children.point[at_point]]


def _move_to_special_schools(world: World, children: Children, schools: list[DemoSchool], count: int) -> None:
    """Pupils of the special schools, each in the county of its home."""
    special = {one.county: number for number, one in enumerate(schools) if one.kind == "special"}
    in_county = np.array([special[area.code[:6]] for area in world.villages])
    chosen = np.array(world.draw("special", children.pupils, count), dtype=np.int64)
    children.special.school[chosen] = in_county[children.village[chosen]]
    for column in (children.primary.school, children.junior.school, children.point):
        column[chosen] = NONE


def _classes(school: Ints, entry: Ints, size: int, rng: Generator) -> Ints:
    """Class numbers from 1: each year group of a school is dealt out evenly."""
    key = school * 10_000 + entry
    order = np.lexsort((rng.random(len(school)), key))
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    rank = np.arange(len(ordered)) - np.repeat(starts, lengths)
    number = np.empty(len(school), dtype=np.int64)
    number[order] = rank % np.repeat(-(-lengths // size), lengths) + 1
    return number
