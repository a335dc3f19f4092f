"""The children's own rows on their way to the large tables: child, residence, enrolment, guardians, groups."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_access.bulk import Row
from data_access.demo_names import GIVEN, SURNAMES
from data_access.demo_numbers import Numbers, numbers_of
from data_access.demo_people import JUNIOR_YEARS, NONE, POINT_YEARS, PRIMARY_YEARS, Children, Flags, Ints, first_september
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.secrets import Cipher
from domain.grades import school_age_from, school_age_to

PART = 50_000  # rows turned from columns into tuples at a time
SPECIAL_YEARS = 9
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


def child_rows(world: World, children: Children, numbers: Numbers, health: Mapping[int, str]) -> Iterator[Row]:
    """Rows of CHILD in the order of the children; `health` by place where it is not good."""
    rng, cipher = world.rng("ethnicity"), world.cipher
    counties = np.array([village.code[:6] for village in world.villages])[children.village]
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
    entry = world.school_year - children.grade + 1
    cut = first_september(entry + POINT_YEARS)
    at_point, class_one = children.point != NONE, np.ones(len(children), dtype=np.int64)
    main_from = np.where(at_point, np.maximum(children.primary_from, cut), children.primary_from)
    spells: list[tuple[str, int, Ints, Ints, Ints, Ints, Ints]] = [
        ("primary", PRIMARY_YEARS, children.point, entry, class_one, children.primary_from, np.minimum(cut, children.primary_to)),
        ("primary", PRIMARY_YEARS, children.primary, entry, children.primary_class, main_from, children.primary_to),
        ("special", SPECIAL_YEARS, children.special, entry, class_one, children.special_from, children.special_to),
        (
            "junior", JUNIOR_YEARS, children.junior, entry + PRIMARY_YEARS, children.junior_class,
            children.junior_from, children.junior_to,
        ),
    ]  # fmt: skip
    for stage, length, school, year, class_no, begins, ends in spells:
        there = np.flatnonzero((school != NONE) & (begins < ends) & (begins <= world.as_of.toordinal()))
        columns = (
            there, codes[school[there]], year[there], first_september(year[there] + length), class_no[there],
            boards[there] < BOARDING[stage], unassessed[there], begins[there], ends[there],
        )  # fmt: skip
        for at, code, entered, leaves, number, boarding, left_out, start, end in in_step(*columns):
            mode = modes.get(at, "ordinary")
            yield at + 1, code, stage, entered, DAYS[leaves], number, boarding, mode, not left_out, DAYS[start], DAYS[end]
    for spell in children.more_spells:
        years = PRIMARY_YEARS if spell.stage == "primary" else JUNIOR_YEARS
        leaves = date(spell.entry_year + years, 9, 1)
        start, end = DAYS[spell.begins], DAYS[spell.ends]
        code = schools[spell.school].code
        if start < end:
            yield spell.child + 1, code, spell.stage, spell.entry_year, leaves, 1, False, "ordinary", True, start, end


def first_days(world: World, children: Children) -> Ints:
    """The first day of each child that any table knows: of its first school, else of the three years."""
    begins = np.full(len(children), date(world.years[0], 9, 1).toordinal())
    for school, since in (
        (children.junior, children.junior_from),
        (children.primary, children.primary_from),
        (children.special, children.special_from),
    ):
        begins = np.where((school != NONE) & (since < begins), since, begins)
    for spell in children.more_spells:
        begins[spell.child] = min(begins[spell.child], spell.begins)
    return begins
