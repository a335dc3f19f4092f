import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rate_families import (
    COEFFICIENTS,
    LossCounts,
    RateFamily,
    dropout_rate,
    dropouts,
    gross_dropout_rate,
    listing_rate,
    loss_rate,
    term_dropout_rate,
)
from domain.rates import Rate

SEED, DICTIONARY, TWO_BASICS = RateFamily
COMPONENTS = [name for name in LossCounts._fields if name != "start_count"]

# One child in each component: what it adds to the numerator of each family, as domain rules' effect table has it.
EFFECTS = {
    "dropped_out": (1, 1, 1),
    "unproven_transfer": (1, 1, 1),
    "hosted_missing_papers": (1, 0, 0),
    "suspended_unapproved": (1, 1, 1),
    "suspended_approved": (0, 1, 1),
    "transfer_out_proven": (0, 0, 1),
    "transfer_in": (0, 0, -1),
    "death": (0, 0, 1),
    "abroad": (0, 0, 1),
    "expelled": (1, 1, 1),
    "other_loss": (1, 1, 1),
    "returned": (0, 0, 0),
    "transition_loss": (0, 0, 0),
    "resumed": (0, 0, -1),
}


@st.composite
def school_counts(draw: st.DrawFn) -> LossCounts:
    """Counts of a school in which nobody is lost twice: all that left were there at the start."""
    left = {name: draw(st.integers(0, 30)) for name in COMPONENTS if name not in {"transfer_in", "resumed", "transition_loss"}}
    start = sum(left.values()) + draw(st.integers(1, 1000))
    return LossCounts(start_count=start, transfer_in=draw(st.integers(0, 30)), transition_loss=0, **left)


def test_every_component_is_in_the_table() -> None:
    assert set(EFFECTS) == set(COMPONENTS)
    assert all(set(coefficients) <= set(COMPONENTS) for coefficients in COEFFICIENTS.values())


@pytest.mark.parametrize("component", COMPONENTS)
def test_one_child_of_each_component(component: str) -> None:
    counts = LossCounts(start_count=100, **{component: 1})
    assert tuple(dropouts(counts, family) for family in RateFamily) == EFFECTS[component]


def test_three_families_three_rates_on_the_same_data() -> None:
    counts = LossCounts(
        start_count=1000, dropped_out=4, suspended_approved=5, transfer_out_proven=20, transfer_in=12, hosted_missing_papers=1
    )
    assert dropout_rate(counts) == Rate(5, 1000)
    assert dropout_rate(counts, DICTIONARY) == Rate(9, 1000)
    assert dropout_rate(counts, TWO_BASICS) == Rate(17, 1000)


def test_the_gross_rate_keeps_those_who_came_back() -> None:
    counts = LossCounts(start_count=500, dropped_out=2, returned=3)
    assert dropout_rate(counts) == Rate(2, 500)
    assert gross_dropout_rate(counts) == Rate(5, 500)


def test_those_back_from_an_earlier_year_are_an_increase_of_the_two_basics_only() -> None:
    """The net decrease takes off 其他增加; the other families count who was lost in this year."""
    counts = LossCounts(start_count=200, dropped_out=3, resumed=2)
    assert [dropout_rate(counts, family).numerator for family in RateFamily] == [3, 3, 1]


def test_two_basics_may_be_negative_and_adds_up_all_the_same() -> None:
    gaining = LossCounts(start_count=100, transfer_in=10, transfer_out_proven=2)
    losing = LossCounts(start_count=300, transfer_out_proven=12)
    assert dropout_rate(gaining, TWO_BASICS) == Rate(-8, 100)
    whole = dropout_rate(LossCounts.total([gaining, losing]), TWO_BASICS)
    assert whole == Rate.total([dropout_rate(part, TWO_BASICS) for part in (gaining, losing)]) == Rate(4, 400)


def test_losses_between_primary_and_junior_count_in_the_listing_test_only() -> None:
    counts = LossCounts(start_count=1000, dropped_out=1, transition_loss=2)
    assert dropout_rate(counts) == Rate(1, 1000)
    assert listing_rate(counts) == Rate(3, 1000)


def test_a_term_rate_has_the_terms_own_denominator() -> None:
    autumn = LossCounts(start_count=64, dropped_out=7)
    assert term_dropout_rate(autumn).show("en") == "10.94 %"


def test_the_loss_rate_stands_over_the_baseline() -> None:
    counts = LossCounts(start_count=50, dropped_out=1, unproven_transfer=1, transfer_out_proven=3)
    assert loss_rate(counts, baseline=52) == Rate(2, 52)


def test_no_pupils_no_rate() -> None:
    assert dropout_rate(LossCounts()).fraction is None


@given(st.lists(school_counts(), max_size=8), st.sampled_from(RateFamily))
def test_parts_add_up_to_the_whole(schools: list[LossCounts], family: RateFamily) -> None:
    whole = LossCounts.total(schools)
    assert dropout_rate(whole, family) == Rate.total(dropout_rate(school, family) for school in schools)
    assert gross_dropout_rate(whole, family) == Rate.total(gross_dropout_rate(school, family) for school in schools)
    assert listing_rate(whole, family) == Rate.total(listing_rate(school, family) for school in schools)


@given(school_counts(), st.sampled_from([SEED, DICTIONARY]))
def test_rates_lie_between_0_and_1(school: LossCounts, family: RateFamily) -> None:
    net, gross = dropout_rate(school, family).fraction, gross_dropout_rate(school, family).fraction
    assert net is not None
    assert gross is not None
    assert 0 <= net <= gross <= 1
