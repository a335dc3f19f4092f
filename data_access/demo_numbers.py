"""Numbers that look right and belong to nobody: citizen, registry and telephone numbers of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from domain.identifiers import CHECK_CHARACTERS, WEIGHTS

REGION = 999_999  # assigned to no place
PHONE_PREFIX = "10"  # no operator's numbers begin so
J_SHARE, L_SHARE = 0.006, 0.006  # registry numbers without a citizen number behind them, and temporary ones
FIRST_SERIAL = 10
PRIME = 7_368_787  # steps through the nine free digits of a telephone number without coming back

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Numbers:
    """Per child: the 17 first digits as one number, the check character's place, and the letter of the registry number."""

    seventeen: Ints
    check: Ints
    letter: NDArray[np.str_]


def draw_numbers(rng: np.random.Generator, births: Ints, male: NDArray[np.bool_]) -> Numbers:
    """Numbers for children born on `births` (days since 1970): no two alike, odd serials for boys."""
    serial = FIRST_SERIAL + 2 * _rank_within(births, male) + male
    seventeen = (REGION * 100_000_000 + _yyyymmdd(births)) * 1000 + serial
    digits = seventeen[:, None] // 10 ** np.arange(16, -1, -1) % 10
    dice = rng.random(len(births))
    letter = np.where(dice < J_SHARE, "J", np.where(dice < J_SHARE + L_SHARE, "L", "G"))
    return Numbers(seventeen, digits @ np.array(WEIGHTS) % 11, letter)


def _rank_within(births: Ints, male: NDArray[np.bool_]) -> Ints:
    """How many earlier rows share birth date and sex: 0, 1, 2 ... within each group."""
    group = births * 2 + male
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return rank


def _yyyymmdd(births: Ints) -> Ints:
    days = births.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day: Ints = (days - months).astype(np.int64) + 1
    return year * 10_000 + month * 100 + day


def numbers_of(numbers: Numbers) -> Iterator[tuple[str | None, str]]:
    """(citizen number, registry number) of each child."""
    return (_told(*row) for row in zip(numbers.seventeen.tolist(), numbers.check.tolist(), numbers.letter.tolist(), strict=True))


def number_of(numbers: Numbers, at: int) -> tuple[str | None, str]:
    """(citizen number, registry number) of one child; a J or L number stands where there is no citizen number."""
    return _told(int(numbers.seventeen[at]), int(numbers.check[at]), str(numbers.letter[at]))


def _told(seventeen: int, check: int, letter: str) -> tuple[str | None, str]:
    whole = f"{seventeen}{CHECK_CHARACTERS[check]}"
    if letter == "L":
        return None, f"L{seventeen}{check % 10}"
    return (whole if letter == "G" else None), letter + whole


def citizen_number(birth: date, serial: int) -> str:
    """One number for a birth date; `serial` up to 999 decides the sex (odd: male)."""
    seventeen = f"{REGION}{birth:%Y%m%d}{serial:03d}"
    return seventeen + CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(seventeen, WEIGHTS, strict=True)) % 11]


def phone_number(serial: int) -> str:
    """The `serial`-th telephone number: eleven digits, no two alike below a thousand million."""
    return f"{PHONE_PREFIX}{serial * PRIME % 1_000_000_000:09d}"
