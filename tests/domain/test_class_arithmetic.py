from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.class_arithmetic import (
    BaselineKind,
    Headcounts,
    Money,
    MoneySettings,
    PenaltySettings,
    assessed_headcount,
    baseline,
    baseline_kind,
    coefficient,
    credits_new_teacher,
    excess_losses,
    grade_rate,
    money,
    pass_rates,
    scores_zero,
    teacher_is_eligible,
)
from domain.rates import Rate


@pytest.mark.parametrize(
    ("grade", "taken_over", "first_term", "kind"),
    [
        (8, False, True, BaselineKind.TERM_START),
        (8, True, False, BaselineKind.MID_TERM_TAKEOVER),  # R162
        (1, False, True, BaselineKind.GRADE_ONE_INTAKE),  # R163
        (1, False, False, BaselineKind.TERM_START),
        (1, True, True, BaselineKind.MID_TERM_TAKEOVER),
    ],
)
def test_which_baseline(grade: int, taken_over: bool, first_term: bool, kind: BaselineKind) -> None:
    assert baseline_kind(grade, taken_over, first_term) is kind


def test_a_missing_count_is_not_replaced_by_another() -> None:
    counts = Headcounts(term_start=52, last_term_end=50)
    assert baseline(BaselineKind.TERM_START, counts) == 52
    assert baseline(BaselineKind.MID_TERM_TAKEOVER, counts) == 50
    assert baseline(BaselineKind.GRADE_ONE_INTAKE, counts) is None


@pytest.mark.parametrize(("special", "agreed", "assessed"), [(0, 0, 52), (3, 0, 52), (3, 2, 50), (3, 3, 49), (3, 5, 49)])
def test_only_agreed_exclusions_leave_the_assessment(special: int, agreed: int, assessed: int) -> None:
    """R081-R082."""
    assert assessed_headcount(52, special, agreed) == assessed


@pytest.mark.parametrize(
    ("losses", "pupils", "excess"),
    [
        (0, 50, 0),
        (1, 50, 0),  # 2 % of 50 is one child: at the standard
        (2, 50, 1),
        (1, 49, 1),  # not a whole child is allowed
        (3, 100, 1),
        (4, 149, 2),
    ],
)
def test_only_losses_beyond_the_standard_are_punished(losses: int, pupils: int, excess: int) -> None:
    """R019."""
    assert excess_losses(losses, pupils) == excess


@pytest.mark.parametrize(
    ("excess", "expected"),
    [(0, Fraction(1)), (1, Fraction(98, 100)), (2, Fraction(96, 100)), (50, Fraction(0)), (51, Fraction(0))],
)
def test_the_coefficient_falls_by_two_points_each(excess: int, expected: Fraction) -> None:
    """R161, linear."""
    assert coefficient(excess) == expected


def test_standard_step_and_floor_are_settings() -> None:
    settings = PenaltySettings(standard=Fraction(0), step=Fraction(5, 100), lowest=Fraction(6, 10))
    assert excess_losses(2, 50, settings) == 2
    assert coefficient(2, settings) == Fraction(9, 10)
    assert coefficient(20, settings) == Fraction(6, 10)


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_losses_never_raise_the_coefficient(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= coefficient(high) <= coefficient(low) <= 1


@pytest.mark.parametrize(
    ("rate", "eligible"),
    [(Rate(0, 50), True), (Rate(1, 50), True), (Rate(1, 49), False), (Rate(2, 50), False), (Rate(0, 0), None)],
)
def test_over_two_per_cent_loses_eligibility(rate: Rate, eligible: bool | None) -> None:
    """R005, R169."""
    assert teacher_is_eligible(rate) is eligible


@pytest.mark.parametrize(("week", "zero"), [(1, False), (2, True), (18, True)])
def test_lost_pupils_score_zero_from_week_two(week: int, zero: bool) -> None:
    """R167."""
    assert scores_zero(week) is zero


def test_lost_pupils_stay_in_the_three_rates() -> None:
    """R168: 48 sat, 2 are lost."""
    rates = pass_rates(sat=48, passed=40, excellent=10, low=3, lost=2)
    assert (rates.passed, rates.excellent, rates.low) == (Rate(40, 50), Rate(10, 50), Rate(5, 50))


@pytest.mark.parametrize(
    ("lost", "back", "new"),
    [
        (date(2026, 5, 6), date(2026, 8, 31), False),
        (date(2026, 5, 6), date(2026, 9, 1), True),
        (date(2026, 9, 1), date(2027, 3, 1), False),
    ],
)
def test_a_return_in_the_new_school_year_is_the_new_teachers(lost: date, back: date, new: bool) -> None:
    """R166."""
    assert credits_new_teacher(lost, back) is new


def test_money_is_off_until_somebody_turns_it_on() -> None:
    """R164-R165."""
    assert money(lost=2, brought_back=1) is None
    assert money(2, 1, MoneySettings(enabled=True)) == Money(deduction=100, reward=50)


@pytest.mark.parametrize(
    ("classes", "rate"),
    [
        ([(1, 40), (0, 42)], Rate(1, 82)),
        ([(0, 40)], Rate(0, 40)),
        ([(1, 40), (0, None)], Rate(1, 0)),  # a baseline that is missing makes no rate
        ([], Rate(0, 0)),
    ],
)
def test_a_grade_is_the_sum_of_its_classes(classes: list[tuple[int, int | None]], rate: Rate) -> None:
    assert grade_rate(classes) == rate
