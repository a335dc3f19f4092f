from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProblemError
from domain.grades import Stage
from domain.rates import Rate
from domain.targets import (
    Comparison,
    Indicator,
    Level,
    Profile,
    Target,
    Verdict,
    applying,
    judge,
    margin_children,
    one_child_points,
    parse_target,
    seed_targets,
    strictest,
)

DAY = date(2026, 10, 1)
CHAIN = ("2199000001", "350430101", "350430", "3504", "35")


def target(
    value: str = "8/1000",
    level: Level = Level.COUNTY,
    comparison: Comparison = Comparison.AT_MOST,
    unit: str = "350430",
    stage: Stage | None = Stage.JUNIOR,
    year: int = 2026,
    indicator: Indicator = Indicator.DROPOUT_RATE,
    valid_from: date = date(2026, 9, 1),
    valid_to: date | None = None,
) -> Target:
    return Target(level, unit, stage, year, indicator, comparison, Fraction(value), "document 1", valid_from, valid_to)


def found(*targets: Target, stage: Stage = Stage.JUNIOR, as_of: date = DAY) -> tuple[Target, ...]:
    return applying(targets, CHAIN, stage, 2026, Indicator.DROPOUT_RATE, as_of=as_of)


@pytest.mark.parametrize(
    ("line", "applies"),
    [
        (target(), True),
        (target(stage=None), True),
        (target(unit="35"), True),
        (target(unit="2199000001"), True),
        (target(unit="350102"), False),
        (target(stage=Stage.PRIMARY), False),
        (target(year=2025), False),
        (target(indicator=Indicator.LOSS_RATE), False),
        (target(valid_from=date(2026, 10, 1)), True),  # from its first day
        (target(valid_from=date(2026, 10, 2)), False),
        (target(valid_to=date(2026, 10, 1)), False),  # the last day is excluded
        (target(valid_to=date(2026, 10, 2)), True),
    ],
)
def test_a_target_binds_units_below_it_in_its_year_and_time(line: Target, applies: bool) -> None:
    assert bool(found(line)) is applies


def test_a_changed_target_leaves_the_past_as_it_was() -> None:
    old, new = target("3/100", valid_to=date(2026, 10, 1)), target("2/100", valid_from=date(2026, 10, 1))
    assert found(old, new, as_of=date(2026, 9, 30)) == (old,)
    assert found(old, new, as_of=date(2026, 10, 1)) == (new,)


def test_the_strictest_ceiling_wins_wherever_it_was_set() -> None:
    school, county = target("5/1000", Level.SCHOOL), target("8/1000", Level.COUNTY)
    assert strictest([county, school]) is school


def test_the_strictest_floor_is_the_highest() -> None:
    low, high = target("90/100", comparison=Comparison.AT_LEAST), target("92/100", Level.SCHOOL, Comparison.AT_LEAST)
    assert strictest([low, high]) is high


@pytest.mark.parametrize("higher", range(len(Level) - 1))
def test_equal_targets_are_decided_by_level_province_first(higher: int) -> None:
    levels = list(Level)
    lines = [target(level=levels[higher + 1]), target(level=levels[higher])]
    chosen = strictest(lines)
    assert chosen is not None
    assert chosen.level is levels[higher]


def test_below_is_stricter_than_at_most() -> None:
    strict, loose = target(comparison=Comparison.BELOW), target(level=Level.PROVINCE)
    assert strictest([loose, strict]) is strict


def test_no_target_is_none_and_never_zero() -> None:
    assert strictest([]) is None


def test_upper_and_lower_targets_cannot_be_ranked() -> None:
    with pytest.raises(ProblemError) as problem:
        strictest([target(), target(comparison=Comparison.AT_LEAST)])
    assert problem.value.key == "target.mixed_directions"


@pytest.mark.parametrize(
    ("comparison", "kept"),
    [
        (Comparison.AT_MOST, (True, True, False)),
        (Comparison.BELOW, (True, False, False)),
        (Comparison.AT_LEAST, (False, True, True)),
        (Comparison.ABOVE, (False, False, True)),
    ],
)
def test_each_comparison_just_under_at_and_just_over(comparison: Comparison, kept: tuple[bool, ...]) -> None:
    assert tuple(comparison.holds(Rate(n, 1000), Fraction(8, 1000)) for n in (7, 8, 9)) == kept
    assert not comparison.holds(Rate(0, 0), Fraction(8, 1000))


@pytest.mark.parametrize(
    ("rate", "line", "year_over", "verdict"),
    [
        (Rate(8, 1000), target(), True, Verdict.MET),
        (Rate(8, 1000), target(), False, Verdict.ON_COURSE),  # a year that is not over is never met
        (Rate(9, 1000), target(), True, Verdict.MISSED),
        (Rate(9, 1000), target(), False, Verdict.MISSED),
        (Rate(804, 100_000), target(), True, Verdict.MISSED),  # shows 0.80 %
        (Rate(8, 1000), None, True, Verdict.UNSET),
        (None, None, True, Verdict.UNSET),
        (None, target(), True, Verdict.NO_DATA),
        (Rate(0, 0), target(), True, Verdict.NO_DATA),
        (Rate(0, 40), target("0"), True, Verdict.MET),
        (Rate(1, 40), target("0"), False, Verdict.MISSED),  # R003: not one child
        (Rate(92, 100), target("92/100", comparison=Comparison.AT_LEAST), True, Verdict.MET),
        (Rate(91, 100), target("92/100", comparison=Comparison.AT_LEAST), True, Verdict.MISSED),
    ],
)
def test_verdicts(rate: Rate | None, line: Target | None, year_over: bool, verdict: Verdict) -> None:
    assert judge(rate, line, year_over) is verdict


@pytest.mark.parametrize(
    ("lost", "pupils", "comparison", "margin"),
    [
        (0, 1250, Comparison.AT_MOST, 10),
        (9, 1250, Comparison.AT_MOST, 1),
        (10, 1250, Comparison.AT_MOST, 0),  # exactly 0.8 %: kept, and not one more
        (11, 1250, Comparison.AT_MOST, -1),
        (0, 1249, Comparison.AT_MOST, 9),
        (0, 1250, Comparison.BELOW, 9),
        (9, 1250, Comparison.BELOW, 0),
        (10, 1250, Comparison.BELOW, -1),
        (0, 124, Comparison.AT_MOST, 0),
        (0, 125, Comparison.AT_MOST, 1),
    ],
)
def test_margin_of_a_ceiling(lost: int, pupils: int, comparison: Comparison, margin: int) -> None:
    assert margin_children(Rate(lost, pupils), target(comparison=comparison)) == margin


@pytest.mark.parametrize(
    ("kept", "comparison", "margin"),
    [
        (93, Comparison.AT_LEAST, 1),
        (92, Comparison.AT_LEAST, 0),
        (91, Comparison.AT_LEAST, -1),
        (93, Comparison.ABOVE, 0),
        (92, Comparison.ABOVE, -1),
    ],
)
def test_margin_of_a_floor(kept: int, comparison: Comparison, margin: int) -> None:
    assert margin_children(Rate(kept, 100), target("92/100", comparison=comparison)) == margin


def test_no_margin_without_rate_or_target() -> None:
    assert margin_children(None, target()) is None
    assert margin_children(Rate(0, 0), target()) is None
    assert margin_children(Rate(1, 10), None) is None


@given(
    lost=st.integers(0, 60),
    pupils=st.integers(1, 2000),
    value=st.fractions(min_value=0, max_value=1, max_denominator=1000),
    comparison=st.sampled_from([Comparison.AT_MOST, Comparison.BELOW]),
)
def test_the_margin_is_the_last_loss_that_still_keeps_the_target(
    lost: int, pupils: int, value: Fraction, comparison: Comparison
) -> None:
    line = target(str(value), comparison=comparison)
    margin = margin_children(Rate(lost, pupils), line)
    assert margin is not None
    assert (margin >= 0) == (judge(Rate(lost, pupils), line, True) is Verdict.MET)
    assert judge(Rate(lost + margin + 1, pupils), line, True) is Verdict.MISSED
    if lost + margin >= 0:
        assert judge(Rate(lost + margin, pupils), line, True) is Verdict.MET


@given(kept=st.integers(0, 500), pupils=st.integers(1, 500), value=st.fractions(min_value=0, max_value=1, max_denominator=1000))
def test_the_margin_of_a_floor_agrees_with_the_verdict(kept: int, pupils: int, value: Fraction) -> None:
    line = target(str(value), comparison=Comparison.AT_LEAST)
    margin = margin_children(Rate(kept, pupils), line)
    assert margin is not None
    assert judge(Rate(kept - margin, pupils), line, True) is Verdict.MET
    assert judge(Rate(kept - margin - 1, pupils), line, True) is Verdict.MISSED


def test_what_one_child_weighs() -> None:
    assert one_child_points(40) == Fraction(5, 2)
    assert one_child_points(0) is None


def values(profile: Profile, stage: Stage, year: int, indicator: Indicator) -> list[tuple[str, Fraction]]:
    lines = seed_targets(profile, "350430", 2026, date(2026, 9, 1))
    return [(line.comparison.value, line.value) for line in applying(lines, CHAIN, stage, year, indicator, as_of=DAY)]


@pytest.mark.parametrize(("year", "value"), [(2026, Fraction(8, 1000)), (2027, Fraction(4, 1000)), (2028, Fraction(0))])
def test_the_county_profile_tightens_year_by_year(year: int, value: Fraction) -> None:
    """R008-R010."""
    assert values(Profile.COUNTY_THREE_YEARS, Stage.JUNIOR, year, Indicator.DROPOUT_RATE) == [("<=", value)]
    assert values(Profile.COUNTY_THREE_YEARS, Stage.PRIMARY, year, Indicator.DROPOUT_RATE) == [("<=", Fraction(0))]
    for indicator in (Indicator.RETENTION_RATE, Indicator.TRANSITION_RATE, Indicator.ENROLMENT_RATE):
        assert values(Profile.COUNTY_THREE_YEARS, Stage.PRIMARY, year, indicator) == [(">=", Fraction(1))]


def test_the_school_profiles() -> None:
    """R004 and R006."""
    three, two = Profile.SCHOOL_THREE_PERCENT, Profile.SCHOOL_TWO_PERCENT
    assert values(three, Stage.JUNIOR, 2026, Indicator.DROPOUT_RATE) == [("<=", Fraction(3, 100))]
    assert values(three, Stage.JUNIOR, 2026, Indicator.THREE_YEAR_RETENTION) == [(">=", Fraction(92, 100))]
    assert values(two, Stage.PRIMARY, 2026, Indicator.LOSS_RATE) == [("<=", Fraction(2, 100))]


@pytest.mark.parametrize("profile", Profile)
def test_no_poor_child_may_be_lost_in_any_profile(profile: Profile) -> None:
    """R003."""
    for stage in (Stage.PRIMARY, Stage.JUNIOR):
        assert values(profile, stage, 2026, Indicator.POOR_DROPOUT_RATE) == [("<=", Fraction(0))]


@pytest.mark.parametrize("line", [None, target()])
@pytest.mark.parametrize("year_over", [True, False])
def test_one_poor_child_lost_misses_whatever_the_rate_and_the_target(line: Target | None, year_over: bool) -> None:
    assert judge(Rate(1, 100_000), line, year_over, poor_lost=1) is Verdict.MISSED
    assert judge(Rate(0, 0), line, year_over, poor_lost=1) is Verdict.MISSED
    assert judge(Rate(1, 100_000), line, year_over, poor_lost=0) is not Verdict.MISSED


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.8%", Fraction(1, 125)), ("０.８％", Fraction(1, 125)), ("8‰", Fraction(1, 125)), ("百分之三", Fraction(3, 100)),
     ("1/125", Fraction(1, 125)), ("92 %", Fraction(92, 100)), ("0", Fraction(0))],
)  # fmt: skip
def test_a_target_is_read_with_its_sign(text: str, value: Fraction) -> None:
    assert parse_target(text) == value


@pytest.mark.parametrize(
    ("text", "key"),
    [("0.8", "target.no_sign"), ("0.008", "target.no_sign"), ("3", "rate.no_percent_sign"), ("", "target.not_a_share")],
)
def test_a_bare_number_is_asked_about(text: str, key: str) -> None:
    """`0.8` for 0.8 % would have let four of five children go."""
    with pytest.raises(ProblemError) as problem:
        parse_target(text)
    assert problem.value.key == key
