"""Layers: full sizes that are round numbers, and what leaves the view of the one who may see it all."""

import pytest

from domain.area_counts import HIDDEN
from domain.suppress import SuppressRule
from domain.targets import Verdict
from geo.classes import NO_DATA, ClassBreaks, ClassMethod
from geo.layers import Choropleth, Circles, Flags, SchoolMarks, ShapeLevel, cells_of, hide_small, round_up
from tests.geo.small_county import TOWNS, VILLAGES, bundles, counted, indexes

VILLAGE = bundles()[ShapeLevel.VILLAGE].index
TOWN = bundles()[ShapeLevel.TOWN].index


ROUNDED = [(0, 1), (1, 1), (2, 2), (3, 5), (6, 10), (10, 10), (11, 20), (201, 500), (501, 1000)]


@pytest.mark.parametrize(("count", "rounded"), ROUNDED)
def test_full_size_is_a_round_number(count: int, rounded: int) -> None:
    assert round_up(count) == rounded


def test_full_size_is_of_the_level_that_is_drawn() -> None:
    circles = Circles("在册", counted({VILLAGES[0]: 7, VILLAGES[1]: 30}))
    assert (circles.full_size(VILLAGE), circles.full_size(TOWN)) == (50, 50)
    assert Circles("在册", counted({VILLAGES[0]: 30, VILLAGES[1]: 30})).full_size(TOWN) == 100
    other = counted({VILLAGES[1]: 400})
    assert Circles("在册", counted({VILLAGES[0]: 7}), beside=(other,)).full_size(VILLAGE) == 500


def test_full_size_without_any_count_is_one() -> None:
    assert Circles("在册", counted({VILLAGES[0]: None})).full_size(VILLAGE) == 1


def test_cells_follow_the_shapes() -> None:
    assert cells_of(counted({VILLAGES[1]: 4}), VILLAGE) == [0, 4, 0, 0]


def test_a_level_without_breaks_has_no_classes() -> None:
    counts = counted({VILLAGES[0]: 5})
    rates = Choropleth("率", counts, counts, {ShapeLevel.TOWN: ClassBreaks(ClassMethod.EQUAL, (10_000,))})
    assert set(rates.marks(VILLAGE).values()) == {NO_DATA}
    assert rates.marks(TOWN) == {TOWNS[0]: "0", TOWNS[1]: NO_DATA}


def test_small_counts_are_hidden_in_every_layer_that_leaves() -> None:
    counts = counted({VILLAGES[0]: 3, VILLAGES[1]: 40, VILLAGES[2]: 50, VILLAGES[3]: 60})
    rule = SuppressRule()
    for layer in (Circles("在册", counts), Flags("逾期", counts)):
        hidden = hide_small(layer, rule)
        assert isinstance(hidden, Circles | Flags)
        assert cells_of(hidden.counts, VILLAGE) == [HIDDEN, HIDDEN, 50, 60]
    rates = hide_small(Choropleth("率", counts, counts, {}), rule)
    assert isinstance(rates, Choropleth)
    assert rates.denominators.totals[VILLAGES[0]] is HIDDEN
    schools = SchoolMarks("学校", {"9999990001": Verdict.MET})
    assert hide_small(schools, rule) == schools


def test_all_levels_are_packed() -> None:
    assert {index.level for index in indexes()} == set(ShapeLevel)
