"""Packed shapes: small, the same every time, and back again to a metre."""

import gzip
import json

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geo.layers import ShapeLevel
from geo.shapes import frame_areas, pack_shapes, unpack_shapes
from tests.geo.small_county import NAMES, SIDE, SOUTH, VILLAGES, WEST, bundles, frame, square, village_frame


def one(shape: Polygon | MultiPolygon | None, lon: float | None = None, lat: float | None = None) -> gpd.GeoDataFrame:
    return frame([(VILLAGES[0], "村", VILLAGES[0][:9], shape, lon, lat)])


def test_codes_stand_in_order_whatever_the_rows() -> None:
    shuffled = village_frame().sample(frac=1, random_state=3)
    bundle = pack_shapes(shuffled, ShapeLevel.VILLAGE)
    assert bundle.index.codes == VILLAGES
    assert bundle == pack_shapes(village_frame(), ShapeLevel.VILLAGE)


def test_the_address_is_the_hash_of_the_content() -> None:
    bundle = bundles()[ShapeLevel.VILLAGE]
    assert len(bundle.index.etag) == 64
    renamed = village_frame().assign(name="别名")
    assert pack_shapes(renamed, ShapeLevel.VILLAGE).index.etag != bundle.index.etag


def test_names_come_back_letter_by_letter() -> None:
    back = unpack_shapes(bundles()[ShapeLevel.VILLAGE].content)
    assert tuple(back["name"]) == NAMES
    assert tuple(back["parent"]) == tuple(code[:9] for code in VILLAGES)
    assert set(back["level"]) == {"village"}


@pytest.mark.parametrize(
    "shape",
    [
        box(116, 26, 116.1, 26.1),
        Polygon(box(116, 26, 117, 27).exterior, [box(116.2, 26.2, 116.4, 26.4).exterior]),  # an enclave inside
        MultiPolygon([box(116, 26, 116.1, 26.1), box(117, 26, 117.1, 26.1)]),  # an exclave
    ],
)
def test_shapes_come_back(shape: Polygon | MultiPolygon) -> None:
    back = unpack_shapes(pack_shapes(one(shape), ShapeLevel.VILLAGE).content).geometry[0]
    assert shapely.equals_exact(back.normalize(), shape.normalize(), tolerance=1e-5)


def test_a_place_without_a_shape_is_a_point() -> None:
    back = unpack_shapes(pack_shapes(one(None, 116.123456, 26.5), ShapeLevel.SCHOOL).content)
    assert back.geometry[0].equals(shapely.Point(116.12346, 26.5))


def test_a_shape_without_a_place_gets_one_inside() -> None:
    shape = box(116, 26, 116.1, 26.1)
    back = unpack_shapes(pack_shapes(one(shape), ShapeLevel.VILLAGE).content)
    assert shapely.contains_xy(shape, back["lon"][0], back["lat"][0])


def test_what_has_neither_is_left_out() -> None:
    bundle = pack_shapes(one(None), ShapeLevel.VILLAGE)
    assert bundle.index.codes == ()
    assert len(unpack_shapes(bundle.content)) == 0


def test_simplified_neighbours_keep_their_common_border() -> None:
    wavy = [(WEST + SIDE + (place % 2) * 1e-5, SOUTH + SIDE * place / 400) for place in range(401)]
    left = Polygon([(WEST, SOUTH), *wavy, (WEST, SOUTH + SIDE)])
    right = Polygon([(WEST + 2 * SIDE, SOUTH), *wavy, (WEST + 2 * SIDE, SOUTH + SIDE)])
    both = frame([(VILLAGES[0], "甲", "999999100", left, None, None), (VILLAGES[1], "乙", "999999100", right, None, None)])
    first, second = unpack_shapes(pack_shapes(both, ShapeLevel.VILLAGE).content).geometry
    assert len(first.exterior.coords) < 300
    assert first.intersection(second).area == 0
    assert first.union(second).area == pytest.approx(2 * SIDE * SIDE, rel=1e-6)


def test_nothing_is_simplified_when_not_asked() -> None:
    shape = square(0, 0).segmentize(SIDE / 10)
    back = unpack_shapes(pack_shapes(one(shape), ShapeLevel.VILLAGE, simplify_metres=0).content).geometry[0]
    assert len(back.exterior.coords) == len(shape.exterior.coords)


@given(st.lists(st.tuples(st.floats(73, 135), st.floats(18, 53)), min_size=3, max_size=12, unique=True))
def test_any_shape_is_packed_to_a_metre(corners: list[tuple[float, float]]) -> None:
    hull = shapely.convex_hull(shapely.MultiPoint(corners))
    if hull.geom_type != "Polygon" or hull.area < 1e-4:
        return
    back = unpack_shapes(pack_shapes(one(hull), ShapeLevel.VILLAGE, simplify_metres=0).content).geometry[0]
    assert shapely.hausdorff_distance(hull, back) < 2e-5


def test_stored_rows_become_a_frame() -> None:
    shape = square(0, 0)
    rows = [
        {"code": VILLAGES[0], "name": "甲", "parent": "999999100", "lon": 116.1, "lat": 26.1, "shape": shape.wkb, "more": 1},
        {"code": VILLAGES[1], "name": "乙", "parent": "999999100", "lon": None, "lat": None, "shape": None},
    ]
    made = frame_areas(rows)
    assert made.geometry[0].equals(shape)
    assert pack_shapes(made, ShapeLevel.VILLAGE).index.codes == VILLAGES[:1]


def test_no_rows_are_an_empty_bundle() -> None:
    assert pack_shapes(frame_areas([]), ShapeLevel.SCHOOL).index.codes == ()


def test_the_file_is_gzipped_json_of_whole_numbers() -> None:
    body = json.loads(gzip.decompress(bundles()[ShapeLevel.VILLAGE].content))
    assert body["shapes"][0] == [[[11620000, 2600000, 0, 20000, -20000, 0, 0, -20000]]]
    assert body["points"][0] == [11610000, 2610000]
