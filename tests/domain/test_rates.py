from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProblemError
from domain.rates import Change, Rate, half_up, parse_fraction, rate_change, show_decimal, show_percent

PARTS = st.builds(
    lambda denominator, share: Rate(share % (denominator + 1), denominator), st.integers(0, 5000), st.integers(0, 5000)
)
SHARES = st.fractions(min_value=0, max_value=1)


@pytest.mark.parametrize(
    ("rate", "limit", "exceeds"),
    [
        (Rate(7, 1000), Fraction(8, 1000), False),  # just under
        (Rate(8, 1000), Fraction(8, 1000), False),  # at: 超过 is strict
        (Rate(9, 1000), Fraction(8, 1000), True),  # just over
        (Rate(804, 100_000), Fraction(8, 1000), True),  # 0.804 % shows 0.80 % and is over 0.8 %
        (Rate(800_000_001, 100_000_000_000), Fraction(8, 1000), True),
        (Rate(0, 10), Fraction(0), False),
        (Rate(1, 10**9), Fraction(0), True),
        (Rate(5, 0), Fraction(0), False),  # missing
        (Rate(-3, 100), Fraction(0), False),
    ],
)
def test_over_is_strict_and_exact(rate: Rate, limit: Fraction, exceeds: bool) -> None:
    assert rate.exceeds(limit) is exceeds


@pytest.mark.parametrize(
    ("numerator", "within", "reaches"),
    [(1, True, False), (2, True, True), (3, False, True)],
)
def test_within_and_reaches_include_the_limit(numerator: int, within: bool, reaches: bool) -> None:
    rate, limit = Rate(numerator, 100), Fraction(2, 100)
    assert (rate.within(limit), rate.reaches(limit)) == (within, reaches)


def test_a_missing_rate_keeps_nothing() -> None:
    rate = Rate(0, 0)
    assert rate.fraction is None
    assert not rate.within(Fraction(1))
    assert not rate.reaches(Fraction(0))


def test_a_negative_denominator_is_refused() -> None:
    with pytest.raises(ProblemError) as problem:
        Rate(1, -1)
    assert problem.value.key == "rate.negative_denominator"


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (Rate(804, 100_000), "0.80 %"),
        (Rate(805, 100_000), "0.81 %"),  # half up
        (Rate(804_999, 100_000_000), "0.80 %"),
        (Rate(5, 1293), "0.39 %"),
        (Rate(7, 64), "10.94 %"),
        (Rate(134_630, 135_308), "99.50 %"),
        (Rate(1, 1), "100.00 %"),
        (Rate(0, 40), "0.00 %"),
        (Rate(-1, 200), "−0.50 %"),
        (Rate(-1, 10**9), "0.00 %"),  # no minus in front of a zero
        (Rate(1026, 1000), "102.60 %"),
    ],
)
def test_rounding_happens_on_screen(rate: Rate, shown: str) -> None:
    assert rate.show("zh") == rate.show("en") == shown


def test_a_missing_rate_says_so_in_words() -> None:
    assert Rate(0, 0).show("zh") == "无数据"
    assert Rate(0, 0).show("en") == "no data"


def test_counts_stand_beside_the_rate() -> None:
    assert Rate(5, 1293).show_with_counts("en") == "0.39 %  5/1,293"
    assert Rate(-2, 1000).show_with_counts("zh") == "−0.20 %  −2/1,000"


@given(st.lists(PARTS, max_size=30))
def test_the_whole_is_the_sum_of_its_parts(parts: list[Rate]) -> None:
    whole = Rate.total(parts)
    assert (whole.numerator, whole.denominator) == (sum(p.numerator for p in parts), sum(p.denominator for p in parts))
    if whole.fraction is not None:
        fractions = [part.fraction for part in parts if part.fraction is not None]
        assert min(fractions) <= whole.fraction <= max(fractions)


@given(PARTS)
def test_a_share_of_children_lies_between_0_and_1(rate: Rate) -> None:
    assert rate.fraction is None or 0 <= rate.fraction <= 1


@given(PARTS, SHARES)
def test_over_and_within_are_opposites(rate: Rate, limit: Fraction) -> None:
    assert rate.exceeds(limit) != rate.within(limit) or rate.fraction is None


def test_capped_never_shows_over_100() -> None:
    assert Rate(105, 100).capped() == Rate(100, 100)
    assert Rate(99, 100).capped() == Rate(99, 100)


def test_a_change_names_points_and_per_cent() -> None:
    """R016: from 10 % to 5 %; R017: never one without the other."""
    change = rate_change(Rate(5, 100), Rate(10, 100))
    assert change == Change(Fraction(-5), Fraction(-1, 2))
    assert change.show("zh") == "−5.00 个百分点（相对变化 −50.00 %）"
    assert change.show("en") == "−5.00 points (relative change −50.00 %)"


def test_a_rise_carries_a_plus() -> None:
    change = rate_change(Rate(3, 100), Rate(2, 100))
    assert change is not None
    assert change.show("en") == "+1.00 points (relative change +50.00 %)"


def test_a_rise_from_zero_has_no_relative_change() -> None:
    change = rate_change(Rate(1, 100), Rate(0, 100))
    assert change == Change(Fraction(1), None)
    assert "上期为 0" in change.show("zh")


@pytest.mark.parametrize(("now", "before"), [(Rate(0, 0), Rate(1, 2)), (Rate(1, 2), Rate(0, 0))])
def test_no_change_without_both_rates(now: Rate, before: Rate) -> None:
    assert rate_change(now, before) is None


@pytest.mark.parametrize(
    ("number", "units"),
    [(Fraction(805, 1000), 81), (Fraction(8049, 10_000), 80), (Fraction(-805, 1000), -81), (Fraction(0), 0)],
)
def test_half_is_rounded_up_in_size(number: Fraction, units: int) -> None:
    assert half_up(number) == units


def test_decimals_and_signs() -> None:
    assert show_decimal(Fraction(1250)) == "1,250.00"
    assert show_decimal(Fraction(1, 3), sign=True, places=1) == "+0.3"
    assert show_decimal(Fraction(0), sign=True) == "0.00"
    assert show_decimal(Fraction(1293), places=0) == "1,293"
    assert show_percent(Fraction(1, 125)) == "0.80 %"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0.8%", Fraction(8, 1000)),
        ("O.8%", Fraction(8, 1000)),  # R008: the letter O
        ("o.4 %", Fraction(4, 1000)),
        ("０．８％", Fraction(8, 1000)),
        ("百分之三", Fraction(3, 100)),
        ("8‰", Fraction(8, 1000)),
        ("0.0039", Fraction(39, 10_000)),  # as this product exports it
        ("1", Fraction(1)),
        ("5/1293", Fraction(5, 1293)),
        ("102.6%", Fraction(1026, 1000)),
        ("____%", None),  # R014: a blank target
        ("", None),
        ("—", None),
        ("/", None),
        ("无", None),
    ],
)
def test_shares_as_people_write_them(text: str, share: Fraction | None) -> None:
    assert parse_fraction(text) == share


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3", "rate.no_percent_sign"),
        ("92", "rate.no_percent_sign"),
        ("%", "rate.unreadable"),  # R196: a number is missing in front of the sign
        ("about 3%", "rate.unreadable"),
        ("2-3%", "rate.unreadable"),
        ("-1%", "rate.unreadable"),
        ("3/0", "rate.unreadable"),
        ("1.2.3%", "rate.unreadable"),
    ],
)
def test_what_can_be_misread_is_refused(text: str, key: str) -> None:
    with pytest.raises(ProblemError) as problem:
        parse_fraction(text)
    assert problem.value.key == key


@given(st.integers(0, 10_000))
def test_what_is_printed_reads_back(hundredths: int) -> None:
    share = Fraction(hundredths, 10_000)
    assert parse_fraction(show_percent(share)) == share
