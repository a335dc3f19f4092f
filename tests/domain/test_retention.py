import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rates import Rate
from domain.retention import (
    Coverage,
    adjusted_retention,
    cohort_losses,
    coverage,
    disabled_enrolment,
    exam_absentees,
    gross_enrolment,
    net_enrolment,
    nine_year_retention,
    return_rates,
    three_year_retention,
    transition,
)

COUNTS = st.integers(0, 2000)


def test_the_uncorrected_rate_punishes_transfers_and_the_adjusted_does_not() -> None:
    """100 entered, 8 moved out with proof, 90 sat and graduated."""
    assert three_year_retention(90, 100) == Rate(90, 100)
    assert adjusted_retention(90, 100, moved_in=0, moved_out=8).show("en") == "97.83 %"


def test_transfers_in_lift_the_uncorrected_rate_over_1_and_never_the_adjusted() -> None:
    assert three_year_retention(105, 100).show("en") == "105.00 %"
    assert adjusted_retention(105, 100, moved_in=3, moved_out=0) == Rate(103, 103)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_adjusted_retention_lies_between_0_and_1(graduates: int, entrants: int, moved_in: int, moved_out: int) -> None:
    share = adjusted_retention(graduates, entrants, moved_in, moved_out).fraction
    assert share is None or 0 <= share <= 1


@pytest.mark.parametrize(("moved_out", "missing"), [(99, False), (100, True), (101, True)])
def test_a_cohort_that_moved_away_has_no_rate(moved_out: int, missing: bool) -> None:
    assert (adjusted_retention(1, 100, 0, moved_out).fraction is None) is missing


def test_nine_years_and_enrolment() -> None:
    assert nine_year_retention(954, 1000).show("en") == "95.40 %"
    assert gross_enrolment(1026, 1000).show("en") == "102.60 %"
    assert net_enrolment(9994, 10_000).show("en") == "99.94 %"


def test_disabled_children_with_and_without_deferral() -> None:
    """A published county: 122 checked, 120 placed, 2 with approved deferral."""
    assert disabled_enrolment(120, 122).show("en") == "98.36 %"
    assert disabled_enrolment(120, 122, deferred=2).show("en") == "100.00 %"


def test_coverage_counts_distinct_children_and_names_the_missing() -> None:
    found = coverage(due=["c", "a", "b", "a"], done=["a", "a", "x"])
    assert found == Coverage(Rate(1, 3), ("b", "c"))


def test_nobody_due_is_no_coverage() -> None:
    assert coverage([], ["a"]).rate.fraction is None


@given(st.sets(st.sampled_from("abcdefgh")), st.sets(st.sampled_from("abcdefgh")))
def test_covered_and_missing_make_the_whole(due: set[str], done: set[str]) -> None:
    found = coverage(due, done)
    assert found.rate.numerator + len(found.missing) == len(due) == found.rate.denominator
    assert not set(found.missing) & done


def test_graduates_are_traced_child_by_child() -> None:
    """R193: found in grade 7, explained, or lost."""
    found = transition(["a", "b", "c", "d"], in_grade_seven=["a", "b", "z"], explained=["c"])
    assert found == Coverage(Rate(3, 4), ("d",))


def test_pupils_not_registered_for_the_exam() -> None:
    """R201."""
    assert exam_absentees(["b", "a", "c"], ["a"]) == ("b", "c")


def test_gross_and_net_return_rates() -> None:
    """R175, R100: one of the four who came back has left again."""
    rates = return_rates(to_return=5, ever_returned=4, in_school_now=3)
    assert (rates.gross, rates.net) == (Rate(4, 5), Rate(3, 5))


def test_cohort_losses_grade_by_grade() -> None:
    assert cohort_losses([100, 97, None, 96, 98]) == (3, None, None, -2)
    assert cohort_losses([100]) == ()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=9))
def test_losses_on_the_way_add_up(headcounts: list[int]) -> None:
    losses = [loss for loss in cohort_losses(headcounts) if loss is not None]
    assert sum(losses) == headcounts[0] - headcounts[-1]


@pytest.mark.parametrize(("to_return", "returned"), [(None, 3), (4, None), (None, None)])
def test_a_return_rate_with_a_blank_is_missing_and_not_zero(to_return: int | None, returned: int | None) -> None:
    rates = return_rates(to_return, returned, returned)
    assert rates.gross.fraction is None
    assert rates.net.fraction is None
