"""The children's own rows on their way to the large tables: child, residence, enrolment, guardians, groups."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_access.bulk import Row
from data_access.demo_names import GIVEN, SURNAMES
from data_access.demo_numbers import Numbers, numbers_of
from data_access.demo_people import LENGTHS, NONE, POINT_YEARS, PRIMARY_YEARS, Children, Flags, Ints, Track, first_september
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.secrets import Cipher
from domain.grades import school_age_from, school_age_to

PART = 50_000  # rows turned from columns into tuples at a time
BOARDING = {"junior": 0.45, "primary": 0.03, "special": 0.5}
HEALTH = "健康或良好"

CHILD = (
    "id",
    "county_code", "name", "sex", "birth_date", "school_age_from", "school_age_to", "sixteen_on", "ethnicity",
    "id_no", "id_mac", "registry_no", "registry_mac", "health",
)  # fmt: skip
RESIDENCE = ("child_id", "home_code", "home_text", "outside", "registered_code", "address", "valid_from", "valid_to")
ENROLMENT = (
    "child_id", "school_code", "stage", "entry_year", "graduates_on", "class_no", "boarding", "mode", "assessed",
    "valid_from", "valid_to",
)  # fmt: skip


class Days(dict[int, date]):
    """Dates by ordinal, each made once."""

    def __missing__(self, ordinal: int) -> date:
        day = self[ordinal] = date.fromordinal(ordinal)
        return day


DAYS = Days()


def in_step(*columns: NDArray[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of columns of equal length, a part at a time."""
    for start in range(0, len(columns[0]), PART):
        yield from zip(*(column[start : start + PART].tolist() for column in columns), strict=True)


def counties_of(world: World, children: Children) -> NDArray[np.str_]:
    """The code of each child's county."""
    return np.array([village.code[:6] for village in world.villages])[children.village]


def child_rows(world: World, children: Children, numbers: Numbers, health: Mapping[int, str]) -> Iterator[Row]:
    """Rows of CHILD in the order of the children; `health` by place where it is not good."""
    rng, cipher = world.rng("ethnicity"), world.cipher
    counties = counties_of(world, children)
    groups, shares = list(world.plan.ethnic_groups), list(world.plan.ethnic_groups.values())
    ethnic = np.array(groups)[rng.choice(len(groups), len(children), p=shares)]
    ages = _Ages()
    columns = in_step(counties, children.surname, children.given, children.male, children.birth, ethnic)
    for at, (row, (id_no, registry_no)) in enumerate(zip(columns, numbers_of(numbers), strict=True)):
        county, surname, given, male, birth, ethnicity = row
        yield (
            at + 1, county, SURNAMES[surname] + GIVEN[given], "male" if male else "female", *ages[birth], ethnicity,
            *_sealed(cipher, id_no), *_sealed(cipher, registry_no), health.get(at, HEALTH),
        )  # fmt: skip


class _Ages(dict[int, tuple[date, date, date, date]]):
    """Birth date, first and last day of school age and sixteenth birthday, by ordinal."""

    def __missing__(self, ordinal: int) -> tuple[date, date, date, date]:
        birth = date.fromordinal(ordinal)
        told = self[ordinal] = birth, school_age_from(birth), school_age_to(birth), birth.replace(year=birth.year + 16)
        return told


def _sealed(cipher: Cipher, text: str | None) -> tuple[bytes | None, bytes | None]:
    return cipher.seal(text), cipher.mac(text)


def enrolment_rows(
    world: World, children: Children, schools: list[DemoSchool], modes: Mapping[int, str], unassessed: Flags
) -> Iterator[Row]:
    """Rows of ENROLMENT: teaching point, primary, special and junior school, and those of former schools.

    `modes` by place where it is not ordinary; `unassessed`: kept in enrolment, left out of assessment (R081).
    """
    codes = np.array([one.code for one in schools])
    boards = world.rng("boarding").random(len(children))
    for stage, first_years, track in _tracks(world, children):
        here = (track.school != NONE) & (track.begins < track.ends) & (track.begins <= world.as_of.toordinal())
        there = np.flatnonzero(here)
        columns = (
            there, codes[track.school[there]], first_years[there], first_september(first_years[there] + LENGTHS[stage]),
            track.number[there], boards[there] < BOARDING[stage], unassessed[there], track.begins[there], track.ends[there],
        )  # fmt: skip
        for at, code, entered, leaves, number, boarding, left_out, start, end in in_step(*columns):
            mode = modes.get(at, "ordinary")
            yield at + 1, code, stage, entered, DAYS[leaves], number, boarding, mode, not left_out, DAYS[start], DAYS[end]
    yield from _former_schools(children, schools)


def _tracks(world: World, children: Children) -> Iterator[tuple[str, Ints, Track]]:
    """Stage, years of entry and the way through it; a teaching point hands its pupils over after three years."""
    entry, primary = world.school_year - children.grade + 1, children.primary
    handed_over = first_september(entry + POINT_YEARS)
    later = np.where(children.point != NONE, np.maximum(primary.begins, handed_over), primary.begins)
    ones = np.ones(len(children), dtype=np.int64)
    yield "primary", entry, Track(children.point, primary.begins, np.minimum(handed_over, primary.ends), ones)
    yield "primary", entry, Track(primary.school, later, primary.ends, primary.number)
    yield "special", entry, children.special
    yield "junior", entry + PRIMARY_YEARS, children.junior


def _former_schools(children: Children, schools: list[DemoSchool]) -> Iterator[Row]:
    for spell in children.more_spells:
        code, leaves = schools[spell.school].code, date(spell.entry_year + LENGTHS[spell.stage], 9, 1)
        if spell.begins < spell.ends:
            told = code, spell.stage, spell.entry_year, leaves, spell.class_no, False, "ordinary", True
            yield spell.child + 1, *told, DAYS[spell.begins], DAYS[spell.ends]


def first_days(world: World, children: Children) -> Ints:
    """The first day of each child that any table knows: of its first school, else of the three years."""
    begins = np.full(len(children), date(world.years[0], 9, 1).toordinal())
    for track in (children.junior, children.primary, children.special):
        begins = np.where((track.school != NONE) & (track.begins < begins), track.begins, begins)
    for spell in children.more_spells:
        begins[spell.child] = min(begins[spell.child], spell.begins)
    return begins
