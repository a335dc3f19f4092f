"""The legend: every class with its count, and zero, no data, hidden and unlocated each by itself."""

import pytest

from domain.area_counts import HIDDEN, AreaCounts
from domain.targets import Verdict
from geo.classes import ClassBreaks, ClassMethod
from geo.layers import Choropleth, Circles, CircleStyle, Flags, Layer, SchoolMarks, ShapeIndex, ShapeLevel
from geo.legend import LegendRow, Swatch, list_legend
from tests.geo.small_county import SCHOOLS, TOWNS, VILLAGES, bundles, counted

VILLAGE = bundles()[ShapeLevel.VILLAGE].index
TOWN = bundles()[ShapeLevel.TOWN].index


def rows(layer: Layer, index: ShapeIndex = VILLAGE) -> list[tuple[Swatch, str, str]]:
    (block,) = list_legend((layer,), index, "zh")
    return [(row.swatch, row.label, row.number) for row in block.rows]


def test_circles_show_three_sizes_and_what_has_none() -> None:
    counts = counted({VILLAGES[0]: 90, VILLAGES[1]: None, TOWNS[0]: 6, "": 7})
    assert rows(Circles("在册", counts)) == [
        (Swatch.SOLID, "100", ""),
        (Swatch.SOLID, "25", ""),
        (Swatch.SOLID, "1", ""),
        (Swatch.FILL, "0", "2 个村"),
        (Swatch.DOTS, "无数据", "1 个村"),
        (Swatch.NONE, "未定位", "13 人"),
    ]
    assert rows(Circles("在册", counts), TOWN)[-1] == (Swatch.NONE, "未定位", "7 人")


def test_small_counts_need_few_sizes() -> None:
    assert [
        label for swatch, label, _ in rows(Circles("在册", counted({VILLAGES[0]: 1}), CircleStyle.RING)) if swatch is Swatch.RING
    ] == ["1"]


def test_a_circle_of_the_legend_knows_its_scale() -> None:
    (block,) = list_legend((Circles("在册", counted({VILLAGES[0]: 90})),), VILLAGE, "zh")
    assert [(row.count, row.detail) for row in block.rows[:3]] == [(100, "100"), (25, "100"), (1, "100")]


def test_hidden_areas_are_hatched_and_never_summed() -> None:
    counts = AreaCounts({**dict.fromkeys(VILLAGES, 0), VILLAGES[0]: HIDDEN}, {"": HIDDEN})
    found = rows(Circles("在册", counts))
    assert (Swatch.HATCH, "人数少，不显示", "1 个村") in found
    assert found[-1] == (Swatch.NONE, "未定位", "人数少，不显示")


def test_classes_carry_their_edges_and_their_areas() -> None:
    above = counted({VILLAGES[0]: 4, VILLAGES[1]: 8, VILLAGES[2]: 30, VILLAGES[3]: 0})
    below = counted(dict.fromkeys(VILLAGES, 1000))
    rates = Choropleth("辍学率", above, below, {ShapeLevel.VILLAGE: ClassBreaks(ClassMethod.QUANTILES, (40, 80, 310))})
    assert rows(rates) == [
        (Swatch.FILL, "≤ 0.40 %", "1 个村"),
        (Swatch.FILL, "0.40–0.80 %", "1 个村"),
        (Swatch.FILL, "> 0.80 %", "1 个村"),
        (Swatch.FILL, "0", "1 个村"),
        (Swatch.NONE, "未定位", "0 人"),
    ]


@pytest.mark.parametrize(("edges", "labels"), [((), []), ((1250,), ["≤ 12.50 %"]), ((5, 10_000), ["≤ 0.05 %", "> 0.05 %"])])
def test_labels_of_few_classes(edges: tuple[int, ...], labels: list[str]) -> None:
    counts = counted({})
    rates = Choropleth("率", counts, counts, {ShapeLevel.VILLAGE: ClassBreaks(ClassMethod.EQUAL, edges)})
    assert [label for _, label, _ in rows(rates)][: len(edges)] == labels


def test_flags_count_the_areas_that_have_any() -> None:
    counts = counted({VILLAGES[0]: 2, VILLAGES[2]: 1, "": 4})
    assert rows(Flags("逾期未访", counts)) == [(Swatch.SHAPE, "1 及以上", "2 个村"), (Swatch.NONE, "未定位", "4 人")]


def test_schools_by_verdict_with_a_shape_each() -> None:
    (block,) = list_legend((SchoolMarks("学校", {SCHOOLS[0]: Verdict.MISSED, SCHOOLS[1]: Verdict.UNSET}),), VILLAGE, "en")
    assert block.rows == (
        LegendRow(Swatch.SHAPE, "target missed", "1 school", "#c4261d", "triangle"),
        LegendRow(Swatch.SHAPE, "no target set", "1 school", "#5f6773", "square"),
    )


def test_areas_of_a_class_add_up() -> None:
    above = counted({VILLAGES[0]: 1, VILLAGES[1]: None, VILLAGES[2]: 9})
    rates = Choropleth(
        "率", above, counted(dict.fromkeys(VILLAGES, 10)), {ShapeLevel.VILLAGE: ClassBreaks(ClassMethod.EQUAL, (1000, 9000))}
    )
    assert sum(int(number.split()[0]) for swatch, _, number in rows(rates) if swatch is not Swatch.NONE) == len(VILLAGES)


@pytest.mark.parametrize("rates", [True, False])
def test_what_is_outside_the_view_is_not_called_no_data(rates: bool) -> None:
    seen = AreaCounts({VILLAGES[0]: 1, VILLAGES[1]: None}, {})
    below = AreaCounts(dict.fromkeys(VILLAGES[:2], 100), {})
    edges = {ShapeLevel.VILLAGE: ClassBreaks(ClassMethod.EQUAL, (1250,))}
    found = rows(Choropleth("率", seen, below, edges) if rates else Circles("在册", seen))
    assert (Swatch.DOTS, "无数据", "1 个村") in found
    assert (Swatch.FILL, "不在您的范围内", "2 个村") in found
    assert rows(Flags("逾期", seen))[:2] == [
        (Swatch.SHAPE, "1 及以上", "1 个村"),
        (Swatch.FILL, "不在您的范围内", "2 个村"),
    ]


def test_english_says_one_village_and_one_child() -> None:
    (block,) = list_legend((Flags("overdue", counted({VILLAGES[0]: 2, "": 1})),), VILLAGE, "en")
    assert [row.number for row in block.rows] == ["1 village", "1 child"]
