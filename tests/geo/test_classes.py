"""Classes of a choropleth: breaks that stay, edges that mean what they say, colours that print."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.area_counts import HIDDEN, Cell
from geo.classes import (
    COLOURS,
    FIFTHS,
    NO_DATA,
    OUTSIDE,
    SUPPRESSED,
    ZERO,
    ClassBreaks,
    ClassMethod,
    Ramp,
    classify_rates,
    find_breaks,
    target_breaks,
)

FOUND = (ClassMethod.QUANTILES, ClassMethod.NATURAL, ClassMethod.EQUAL)  # the others are fixed
BREAKS = ClassBreaks(ClassMethod.QUANTILES, (40, 80, 120, 200, 900))


def mark(numerator: Cell, denominator: Cell, breaks: ClassBreaks = BREAKS) -> str:
    return classify_rates(["a"], {"a": numerator}, {"a": denominator}, breaks)["a"]


@pytest.mark.parametrize(
    ("numerator", "denominator", "wanted"),
    [
        (4, 1000, "0"),  # 0.40 %: the edge belongs to the class below it
        (401, 100_000, "1"),
        (399, 100_000, "0"),
        (8, 1000, "1"),
        (804, 100_000, "2"),  # 0.804 % shows as 0.80 % and is still above it
        (2, 100, "3"),
        (5, 100, "4"),
        (1, 2, "4"),  # above the last edge: the last class is open
        (0, 1000, ZERO),
        (0, 0, NO_DATA),
        (None, 1000, NO_DATA),
        (3, None, NO_DATA),
        (HIDDEN, 1000, SUPPRESSED),
        (0, HIDDEN, SUPPRESSED),
    ],
)
def test_each_rate_has_one_class(numerator: Cell, denominator: Cell, wanted: str) -> None:
    assert mark(numerator, denominator) == wanted


def test_an_area_unknown_to_the_counts_is_outside_the_view() -> None:
    assert classify_rates(["a", "b"], {"b": None}, {"b": 1}, BREAKS) == {"a": OUTSIDE, "b": NO_DATA}


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_classes_compare_exactly(numerator: int, denominator: int) -> None:
    rate = Fraction(numerator, denominator)
    assert mark(numerator, denominator) == str(sum(rate > Fraction(edge, 10_000) for edge in BREAKS.edges[:-1]))


def table(rates: list[int]) -> tuple[dict[str, Cell], dict[str, Cell]]:
    """Rates in ten-thousandths as numerators over 10,000."""
    return {str(place): rate for place, rate in enumerate(rates)}, {str(place): 10_000 for place in range(len(rates))}


@pytest.mark.parametrize("method", FOUND)
@given(rates=st.lists(st.integers(0, 3000), max_size=80))
def test_every_area_is_in_a_class_and_the_edges_rise(method: ClassMethod, rates: list[int]) -> None:
    numerators, denominators = table(rates)
    breaks = find_breaks(numerators, denominators, method)
    found = Counter(classify_rates(numerators, numerators, denominators, breaks).values())
    assert list(breaks.edges) == sorted(set(breaks.edges))
    assert found[ZERO] == rates.count(0)
    assert sum(found[str(place)] for place in range(len(breaks.edges))) == len(rates) - rates.count(0)
    assert not breaks.edges or breaks.edges[-1] == max(rates)


def test_quantiles_hold_as_many_areas_each() -> None:
    numerators, denominators = table(list(range(1, 101)))
    breaks = find_breaks(numerators, denominators, ClassMethod.QUANTILES)
    found = Counter(classify_rates(numerators, numerators, denominators, breaks).values())
    assert [found[str(place)] for place in range(5)] == pytest.approx([20] * 5, abs=1)  # edges stand at whole steps


def test_few_rates_make_few_classes() -> None:
    assert find_breaks(*table([0, 30, 30, 70]), ClassMethod.QUANTILES).edges == (30, 70)
    assert find_breaks(*table([0, 0]), ClassMethod.QUANTILES).edges == ()


def test_hidden_and_missing_rates_do_not_move_the_breaks() -> None:
    numerators, denominators = table([10, 20, 30])
    more: tuple[dict[str, Cell], dict[str, Cell]] = ({**numerators, "x": HIDDEN, "y": None}, {**denominators, "x": 5, "y": 5})
    assert find_breaks(*more, ClassMethod.QUANTILES) == find_breaks(numerators, denominators, ClassMethod.QUANTILES)


PEERS = {
    ClassMethod.QUANTILES: mapclassify.Quantiles,
    ClassMethod.EQUAL: mapclassify.EqualInterval,
    ClassMethod.NATURAL: mapclassify.FisherJenks,
}


@pytest.mark.parametrize("method", FOUND)
@pytest.mark.filterwarnings("ignore")  # the peer asks for numba
def test_breaks_are_those_of_mapclassify(method: ClassMethod) -> None:
    rates = sorted(set(np.random.default_rng(7).gamma(2, 100, 150).astype(int) + 1))
    expected = np.ceil(PEERS[method](np.array(rates), 5).bins.round(6)).astype(int)
    assert find_breaks(*table([int(rate) for rate in rates]), method).edges == tuple(expected)


@pytest.mark.parametrize("edges", [(0, 10), (20, 10), (10, 10), (1, 2, 3, 4, 5, 6)])
def test_breaks_that_cannot_be_are_refused(edges: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="edges"):
        ClassBreaks(ClassMethod.EQUAL, edges)


@pytest.mark.parametrize("ramp", list(Ramp))
def test_colours_darken_step_by_step(ramp: Ramp) -> None:
    """Relative luminance (WCAG) falls from white to the last class by clear steps, so a grey copy keeps the order."""
    lights = [1.0, *map(luminance, COLOURS[ramp])]
    assert all(lighter > 1.25 * darker for lighter, darker in pairwise(lights))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("classes", "steps"), [(0, []), (1, [2]), (2, [0, 4]), (3, [0, 2, 4]), (5, [0, 1, 2, 3, 4])])
def test_fewer_classes_use_the_whole_ramp(classes: int, steps: list[int]) -> None:
    breaks = ClassBreaks(ClassMethod.EQUAL, tuple(range(1, classes + 1)))
    assert list(breaks.colours(Ramp.YLORBR)) == [COLOURS[Ramp.YLORBR][step] for step in steps]


def test_fifths_are_fixed() -> None:
    assert FIFTHS.edges == (2000, 4000, 6000, 8000, 10000)


@pytest.mark.parametrize(
    ("lost", "pupils", "mark"), [(4, 1000, "0"), (5, 1000, "1"), (8, 1000, "1"), (9, 1000, "2"), (33, 1000, "4"), (0, 9, ZERO)]
)
def test_what_keeps_the_target_is_below_its_edge_and_what_does_not_is_above(lost: int, pupils: int, mark: str) -> None:
    breaks = target_breaks(Fraction(8, 1000))
    assert breaks.edges[:4] == (40, 80, 160, 320)
    assert classify_rates(["a"], {"a": lost}, {"a": pupils}, breaks) == {"a": mark}


def test_a_target_of_zero_makes_no_classes() -> None:
    with pytest.raises(ValueError, match="zero"):
        target_breaks(Fraction(0))
