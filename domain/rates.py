"""Exact rates: a numerator over a denominator, rounded only where a person reads it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from domain.errors import ProblemError
from domain.faults import Fault
from domain.terms import Lang, say
from domain.written_numbers import parse_number

PLACES = 2  # decimals of a per cent on screen
MINUS = "−"
COUNTS_TEXT = re.compile(r"(?a)(\d+)/(0*[1-9]\d*)")


@dataclass(frozen=True)
class Rate:
    """A share of children as two whole numbers, so that rates of parts can be added up and compared exactly.

    `numerator` may be negative (the two-basics formula subtracts arrivals). A `denominator` of 0 means that there is
    nothing to take a share of: the rate is then missing, not 0. Raises ProblemError when the denominator is negative.
    """

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.denominator < 0:
            raise ProblemError("rate.negative_denominator", denominator=self.denominator)

    @classmethod
    def total(cls, rates: "Iterable[Rate]") -> "Rate":
        """The rate of the whole: numerators and denominators summed, divided last; 0/0 for no parts at all."""
        parts = tuple(rates)
        return cls(sum(part.numerator for part in parts), sum(part.denominator for part in parts))

    @property
    def fraction(self) -> Fraction | None:
        """The exact share, as exported (1/250 is 0.4 %); None without a denominator."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def capped(self) -> "Rate":
        """The same rate, but at most 1 (an adjusted retention rate is published as 100 % at the most)."""
        return Rate(min(self.numerator, self.denominator), self.denominator)

    def exceeds(self, limit: Fraction) -> bool:
        """超过: strictly more than `limit`, compared before any rounding; False for a missing rate."""
        return self.denominator > 0 and self.numerator * limit.denominator > limit.numerator * self.denominator

    def within(self, limit: Fraction) -> bool:
        """以下, 以内: at most `limit`, the limit included; False for a missing rate."""
        return self.denominator > 0 and not self.exceeds(limit)

    def reaches(self, limit: Fraction) -> bool:
        """以上: at least `limit`, the limit included; False for a missing rate."""
        return self.denominator > 0 and self.numerator * limit.denominator >= limit.numerator * self.denominator

    def show(self, lang: Lang = "zh") -> str:
        """`0.80 %`, half a hundredth rounded up; the words for "no data" when the rate is missing."""
        return say("rate.no_data", lang) if self.fraction is None else show_percent(self.fraction)

    def show_with_counts(self, lang: Lang = "zh") -> str:
        """`0.39 %  5/1,293`: the rounded rate and the two numbers that it is made of."""
        return f"{self.show(lang)}  {_signed(f'{abs(self.numerator):,}', self.numerator)}/{self.denominator:,}"


@dataclass(frozen=True)
class Change:
    """How a rate moved against the period before (R016-R017).

    `points`: percentage points, now - before (from 10 % to 5 % is -5). `relative`: the change as a share of the rate
    before (here -1/2); None when the rate before was 0. Both are exact; both are always named, because 「下降了10%」 alone can
    mean either.
    """

    points: Fraction
    relative: Fraction | None

    def show(self, lang: Lang = "zh") -> str:
        """`−5.00 个百分点(相对变化 −50.00 %)`."""
        relative = say("rate.no_base", lang) if self.relative is None else show_percent(self.relative, sign=True)
        return say("rate.change", lang, points=show_decimal(self.points, sign=True), relative=relative)


def rate_change(now: Rate, before: Rate) -> Change | None:
    """The change from `before` to `now`; None when either is missing."""
    if now.fraction is None or before.fraction is None:
        return None
    difference = now.fraction - before.fraction
    return Change(difference * 100, difference / before.fraction if before.fraction else None)


def half_up(number: Fraction, places: int = PLACES) -> int:
    """`number` in units of the last decimal shown, half rounded up in size, so that a fall and a rise look alike.

    0.805 with two places is 81, -0.805 is -81.
    """
    units = floor(abs(number) * Fraction(10) ** places + Fraction(1, 2))
    return units if number >= 0 else -units


def show_decimal(number: Fraction, sign: bool = False, places: int = PLACES) -> str:
    """`0.81`, `−0.81`, `1,250.00`; `sign` puts a plus before what is more than 0 as shown."""
    units = half_up(number, places)
    whole, part = divmod(abs(units), 10**places)
    return _signed(f"{whole:,}.{part:0{places}d}" if places else f"{whole:,}", units, sign)


def show_percent(share: Fraction, sign: bool = False, places: int = PLACES) -> str:
    """`0.80 %` for 1/125."""
    return f"{show_decimal(share * 100, sign, places)} %"


def parse_fraction(text: str) -> Fraction | None:
    """A share as people write it: `0.8%`, `O.8%`, `８‰`, `百分之三`, `5/1293`, or `0.008` as this product exports it.

    Blank is None: not set, never 0 (R014). Raises ProblemError for what is no share, for a range or a negative number, and
    for a bare number over 1: `3` may mean 3 or 3 %.
    """
    if counts := COUNTS_TEXT.fullmatch("".join(text.split())):
        return Fraction(int(counts[1]), int(counts[2]))
    number = parse_number(text)
    if number is None:
        return None
    if isinstance(number, Fault) or number.value is None or number.value < 0:
        raise ProblemError("rate.unreadable")
    if number.per == 1 and number.value > 1:
        raise ProblemError("rate.no_percent_sign")
    return number.value


def _signed(shown: str, number: int, sign: bool = False) -> str:
    if number < 0:
        return MINUS + shown
    return f"+{shown}" if sign and number > 0 else shown
