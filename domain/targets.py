"""Targets as dated data: which apply, which is the strictest, and whether a rate keeps it (R001-R015, R018)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from unicodedata import normalize

from domain.errors import ProblemError
from domain.grades import Stage
from domain.rates import Rate, parse_fraction
from domain.school_year import FIRST_YEAR, LAST_YEAR


class Level(StrEnum):
    """Who set a target, highest first; the order breaks ties between equal values (R013: 省、州、县)."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    SCHOOL = "school"
    CLASS = "class"


LEVELS = tuple(Level)


class Indicator(StrEnum):
    """What a target may be set for."""

    DROPOUT_RATE = "dropout_rate"
    POOR_DROPOUT_RATE = "poor_dropout_rate"
    CLASS_DROPOUT_RATE = "class_dropout_rate"
    LOSS_RATE = "loss_rate"
    ENROLMENT_RATE = "enrolment_rate"
    RETENTION_RATE = "retention_rate"
    THREE_YEAR_RETENTION = "three_year_retention"
    NINE_YEAR_RETENTION = "nine_year_retention"
    TRANSITION_RATE = "transition_rate"


class Comparison(StrEnum):
    """How the rate must stand to the value: 以下 and 以上 include it (民法典 art. 1259); 低于 and 高于 do not."""

    AT_MOST = "<="
    BELOW = "<"
    AT_LEAST = ">="
    ABOVE = ">"

    @property
    def is_ceiling(self) -> bool:
        """Whether smaller rates are better."""
        return self in (Comparison.AT_MOST, Comparison.BELOW)

    @property
    def is_strict(self) -> bool:
        """Whether the value itself fails."""
        return self in (Comparison.BELOW, Comparison.ABOVE)

    def holds(self, rate: Rate, value: Fraction) -> bool:
        """Whether `rate` keeps `value`, compared exactly; False for a missing rate."""
        if self is Comparison.AT_MOST:
            return rate.within(value)
        if self is Comparison.AT_LEAST:
            return rate.reaches(value)
        if self is Comparison.ABOVE:
            return rate.exceeds(value)
        return rate.denominator > 0 and not rate.reaches(value)


@dataclass(frozen=True)
class Target:
    """One line of the dated target table.

    `unit_code`: the area, school or class that it was set for. `stage`: None for both. `school_year`: its start year; a
    target is set year by year (R010). `value`: a fraction, 0.8 % is 1/125. `document`: where it was set. In force in
    [valid_from, valid_to); `valid_to` None for no end. A blank target (R014) has no line: it is not set, never 0.
    """

    level: Level
    unit_code: str
    stage: str | None
    school_year: int
    indicator: Indicator
    comparison: Comparison
    value: Fraction
    document: str
    valid_from: date
    valid_to: date | None = None

    def in_force(self, as_of: date) -> bool:
        """Whether the line stood in the table on `as_of`."""
        return self.valid_from <= as_of and (self.valid_to is None or as_of < self.valid_to)


LARGEST_PART = 10**6  # a share with more digits is no target, but a slip
UNIT_LENGTHS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.SCHOOL: 10}


SIGNS = ("%", "‰", "/", "分", "成")  # by one of them a share is told from a per cent


def check_target(line: Target, county: str) -> None:
    """Raise ProblemError unless the line can stand in the table of a county: level, unit, value and year fit each other.

    A county enters what province and prefecture set above it, and what it sets itself for its towns and schools. A limit
    for classes is one for all of them, not a line for each (`class.line` of the settings).
    """
    length, unit = UNIT_LENGTHS.get(line.level), line.unit_code
    above_or_below = county.startswith(unit) or unit.startswith(county) or line.level is Level.SCHOOL
    if length != len(unit) or not (unit.isascii() and unit.isdigit()) or not above_or_below:
        raise ProblemError("target.unit_does_not_fit", level=ProblemError(f"level.{line.level}"))
    if not 0 <= line.value <= 1 or line.value.denominator > LARGEST_PART:
        raise ProblemError("target.not_a_share")
    if not FIRST_YEAR <= line.school_year <= LAST_YEAR:
        raise ProblemError("target.no_such_year")


def parse_target(text: str) -> Fraction:
    """A target as people write it, with its sign: `0.8%`, `8‰`, `百分之三`, `1/125`; a bare `0.8` may mean 80 %; 0 needs none.

    Raises ProblemError target.not_a_share for nothing, target.no_sign for a bare number, and what `parse_fraction` raises.
    """
    value = parse_fraction(text)
    if value is None:
        raise ProblemError("target.not_a_share")
    if value and not any(sign in normalize("NFKC", text) for sign in SIGNS):
        raise ProblemError("target.no_sign", text=text.strip())
    return value


def applying(
    targets: Iterable[Target], unit_chain: Collection[str], stage: str, school_year: int, indicator: Indicator, *, as_of: date
) -> tuple[Target, ...]:
    """The targets that bind a unit: set for it or for one of the units above it, for this stage, year and indicator.

    `unit_chain` holds the unit's own code and the codes of its town, county, prefecture and province. `as_of` chooses the
    state of the dated table.
    """
    return tuple(
        target
        for target in targets
        if target.indicator == indicator
        and target.unit_code in unit_chain
        and target.stage in (stage, None)
        and target.school_year == school_year
        and target.in_force(as_of)
    )


def strictest(targets: Iterable[Target]) -> Target | None:
    """The one that is hardest to keep; of equals the one set highest, province first (R013). None when none is set.

    Raises ProblemError when one indicator has ceilings and floors at once: neither is stricter than the other.
    """
    candidates = tuple(targets)
    if len({target.comparison.is_ceiling for target in candidates}) > 1:
        raise ProblemError("target.mixed_directions")
    return min(candidates, key=_hardness, default=None)


def _hardness(target: Target) -> tuple[Fraction, bool, int, str]:
    signed = target.value if target.comparison.is_ceiling else -target.value
    return signed, not target.comparison.is_strict, LEVELS.index(target.level), target.document


class Verdict(StrEnum):
    """Where a rate stands against its target; a year that is not over is never `met`."""

    MET = "met"
    MISSED = "missed"
    ON_COURSE = "on_course"
    UNSET = "unset"
    NO_DATA = "no_data"


def judge(rate: Rate | None, target: Target | None, year_over: bool, poor_lost: int = 0) -> Verdict:
    """The verdict on a year: `unset` without a target, `no_data` without a rate, else by exact comparison.

    Before the year is over a rate that keeps its target is only on course; one that does not has already missed it.
    `poor_lost`: children of poor households among the lost. Of them none may be: one is enough to miss, whatever the rate
    and whether or not a target is set (R003: 一个都不能少).
    """
    if poor_lost > 0:
        return Verdict.MISSED
    if target is None:
        return Verdict.UNSET
    if rate is None or not rate.denominator:
        return Verdict.NO_DATA
    if not target.comparison.holds(rate, target.value):
        return Verdict.MISSED
    return Verdict.MET if year_over else Verdict.ON_COURSE


def margin_children(rate: Rate | None, target: Target | None) -> int | None:
    """How many more children may be lost before the target fails; negative: so many too many are lost already.

    Exact at the edge: 0.8 % of 1,250 allows 10, and with 10 lost the margin is 0. For floors (retention, enrolment) a
    lost child leaves the numerator. None without a rate or a target.
    """
    if rate is None or target is None or not rate.denominator:
        return None
    whole, part = divmod(target.value.numerator * rate.denominator, target.value.denominator)
    at_least = whole + bool(part)
    if target.comparison.is_ceiling:
        return (at_least - 1 if target.comparison.is_strict else whole) - rate.numerator
    return rate.numerator - (whole + 1 if target.comparison.is_strict else at_least)


def one_child_points(denominator: int) -> Fraction | None:
    """What one child weighs, in percentage points: 1/40 of a school is 2.5; None for an empty school."""
    return Fraction(100, denominator) if denominator else None


class Profile(StrEnum):
    """Target sets found in practice, ready to take over and edit.

    county_three_years: junior dropout 0.8 %, 0.4 %, 0 in three years; primary dropout 0, retention, transition and
    enrolment 100 % (R001, R007-R010). school_three_percent: junior dropout 3 % with three-year retention 92 % (R004).
    school_two_percent: loss rate 2 % (R006). All of them: no poor-household child lost (R003).
    """

    COUNTY_THREE_YEARS = "county_three_years"
    SCHOOL_THREE_PERCENT = "school_three_percent"
    SCHOOL_TWO_PERCENT = "school_two_percent"


CEILING, FLOOR = Comparison.AT_MOST, Comparison.AT_LEAST
ZERO, WHOLE = Fraction(0), Fraction(1)
JUNIOR_BY_YEAR = (Fraction(8, 1000), Fraction(4, 1000), ZERO)
PROFILE_YEARS = 3
Line = tuple[Stage | None, Indicator, Comparison, Fraction]


def seed_targets(profile: Profile, unit_code: str, first_year: int, valid_from: date) -> tuple[Target, ...]:
    """The lines of `profile` for one unit and three school years; `first_year` is the start year of the first."""
    level = Level.COUNTY if profile is Profile.COUNTY_THREE_YEARS else Level.SCHOOL
    return tuple(
        Target(level, unit_code, stage, first_year + nth, indicator, comparison, value, f"profile:{profile}", valid_from)
        for nth in range(PROFILE_YEARS)
        for stage, indicator, comparison, value in _profile_lines(profile, nth)
    )


def _profile_lines(profile: Profile, nth: int) -> list[Line]:
    lines: list[Line] = [(None, Indicator.POOR_DROPOUT_RATE, CEILING, ZERO)]
    if profile is Profile.SCHOOL_THREE_PERCENT:
        return [
            *lines,
            (Stage.JUNIOR, Indicator.DROPOUT_RATE, CEILING, Fraction(3, 100)),
            (Stage.JUNIOR, Indicator.THREE_YEAR_RETENTION, FLOOR, Fraction(92, 100)),
        ]
    if profile is Profile.SCHOOL_TWO_PERCENT:
        return [*lines, (None, Indicator.LOSS_RATE, CEILING, Fraction(2, 100))]
    return [
        *lines,
        (None, Indicator.ENROLMENT_RATE, FLOOR, WHOLE),
        (Stage.PRIMARY, Indicator.DROPOUT_RATE, CEILING, ZERO),
        (Stage.PRIMARY, Indicator.RETENTION_RATE, FLOOR, WHOLE),
        (Stage.PRIMARY, Indicator.TRANSITION_RATE, FLOOR, WHOLE),
        (Stage.JUNIOR, Indicator.DROPOUT_RATE, CEILING, JUNIOR_BY_YEAR[nth]),
    ]
