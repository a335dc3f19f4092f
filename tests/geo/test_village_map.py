"""The map as it is sent: constant where it must be, small where it changes, nothing from elsewhere, names nowhere."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from streamlit_folium import generate_js_hash

from domain.area_counts import HIDDEN, AreaCounts, Cell
from domain.targets import Verdict
from geo.basemaps import Basemap, parse_basemap
from geo.classes import ClassBreaks, ClassMethod
from geo.layers import Choropleth, Circles, CircleStyle, Flags, SchoolMarks, ShapeIndex, ShapeLevel
from geo.map_values import DrawnLevel, MapValues, write_row, write_values
from geo.offline import LAYER_VERSION, OfflineMap
from geo.village_map import MapView, VillageLayer, draw_map, draw_values
from tests.geo.small_county import BOUNDS, NAMES, SCHOOLS, TOWNS, VILLAGES, counted, indexes

ROOT = Path(__file__).parents[2]
SHAPES = indexes()
VIEW = MapView(SHAPES, BOUNDS, synthetic=True)
AT_RISK = counted({VILLAGES[0]: 3, VILLAGES[1]: 40, "": 2})


def scripts(view: MapView) -> str:
    """All that draw_map sends."""
    drawn = draw_map(view)
    drawn.get_root().render()
    return str(drawn.get_root().render())


def sent(values: MapValues) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_values(values))
    return found


def cells(row: str) -> list[Cell]:
    """A row of cells read back, as the browser does."""
    last, leading = "0123456789abcdefghijklmnopqrstuv", "ABCDEFGHIJKLMNOPQRSTUVWXYZ!()*+:"
    found: list[Cell] = []
    number, sign, repeats = 0, 1, False
    for letter in row:
        if letter in "-x":
            found.append(None if letter == "-" else HIDDEN)
        elif letter == "~":
            sign = -1
        elif letter == "^":
            repeats = True
        elif letter in last:
            whole = sign * (number * 32 + last.index(letter))
            found += [found[-1]] * whole if repeats else [whole]
            number, sign, repeats = 0, 1, False
        else:
            number = number * 32 + leading.index(letter)
    return found


CELLS = st.none() | st.just(HIDDEN) | st.sampled_from([0, 1]) | st.integers(-(10**4), 10**7)
RUNS = st.lists(st.tuples(CELLS, st.integers(1, 40)), max_size=8)


def rows_of(found: dict[str, Any], layer: int, level: str) -> list[list[Cell]]:
    """The cells that a layer draws on a level."""
    return [cells(found["rows"][level][number]) for number in found["layers"][layer]["data"][level]]


@example([33, 1, 1, 1, 1])  # the last digit of the first cell is not one of the run
@given(RUNS.map(lambda runs: [cell for cell, times in runs for _ in range(times)]))
def test_cells_come_back(row: list[Cell]) -> None:
    assert cells(write_row(row)) == row


def test_a_row_that_two_layers_draw_travels_once() -> None:
    found = sent(MapValues(SHAPES, (Circles("在册", AT_RISK), Flags("逾期", AT_RISK)), level=DrawnLevel.VILLAGE))
    assert [layer["data"]["village"] for layer in found["layers"]] == [[0], [0]]
    assert len(found["rows"]["village"]) == 1


def test_two_views_never_look_alike_to_the_component() -> None:
    """st_folium keeps a map whose script is the same but for `_abc` parts: equal views must agree, others differ."""
    same, other = draw_map(VIEW), draw_map(replace(VIEW, synthetic=False))
    tiles = draw_map(replace(VIEW, basemap=Basemap(("../../tiles/vec_w/{z}/{x}/{y}",), "甲")))
    more = draw_map(replace(VIEW, basemap=Basemap(("../../tiles/vec_c/{z}/{x}/{y}",), "甲")))
    hashes = [generate_js_hash(layer_of(each).script(), "map") for each in (draw_map(VIEW), same, other, tiles, more)]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 4


def layer_of(drawn: Any) -> VillageLayer:
    return next(child for child in drawn._children.values() if isinstance(child, VillageLayer))


def test_nothing_names_another_machine() -> None:
    assert "://" not in scripts(VIEW)
    for links in (OfflineMap.default_js, OfflineMap.default_css, VillageLayer.default_js, VillageLayer.default_css):
        assert all(link.startswith("../../vendor/") for _, link in links)


def test_only_the_tile_servers_that_are_set_are_named() -> None:
    amap = parse_basemap({"basemap": "amap", "basemap_approval": "审图号"})
    text = scripts(replace(VIEW, basemap=amap))
    assert text.count("://") == text.count("https://webrd0{s}.is.autonavi.com/") == 1


def test_every_file_that_is_linked_is_shipped() -> None:
    links = [link for element in (OfflineMap, VillageLayer) for _, link in (*element.default_js, *element.default_css)]
    for link in links:
        path, version = link.removeprefix("../../vendor/").split("?v=")
        assert (ROOT / "access" / "vendor" / path).is_file()
        assert version


def test_the_version_of_our_layer_is_the_hash_of_its_files() -> None:
    """Browsers keep a version for ever: whoever changes the files must change it."""
    vendor = ROOT / "access" / "vendor"
    content = b"".join((vendor / f"village_layer.{ending}").read_bytes() for ending in ("css", "js"))
    assert sha256(content).hexdigest()[:8] == LAYER_VERSION


def test_names_of_places_never_travel_with_the_numbers() -> None:
    payload = draw_values(MapValues(SHAPES, (Circles("在册", AT_RISK),))).payload
    for name in NAMES:
        told = json.dumps(name)[1:-1]
        assert told not in payload
        assert told not in scripts(VIEW)


def test_a_label_cannot_end_the_script() -> None:
    payload = draw_values(MapValues(SHAPES, (Circles("</script><script>", AT_RISK),))).payload
    assert "<" not in payload
    assert payload.isascii()
    assert json.loads(payload)["layers"][0]["label"] == "</script><script>"


def test_circles_flags_and_what_they_look_like() -> None:
    layers = (Circles("在册", AT_RISK), Circles("留守", AT_RISK, CircleStyle.RING), Flags("逾期", AT_RISK))
    found = sent(MapValues(SHAPES, layers))
    assert [layer["kind"] for layer in found["layers"]] == ["circles", "circles", "flags"]
    assert [layer.get("style") for layer in found["layers"]] == ["solid", "ring", None]
    assert found["layers"][0]["largest"] == {"town": 50, "village": 50}
    assert rows_of(found, 2, "town") == [[43, 0]]


def test_rates_travel_with_both_numbers_and_their_class() -> None:
    below = counted(dict.fromkeys(VILLAGES, 100))
    breaks = {ShapeLevel.VILLAGE: ClassBreaks(ClassMethod.EQUAL, (300, 4000))}
    found = sent(MapValues(SHAPES, (Choropleth("率", AT_RISK, below, breaks),), level=DrawnLevel.VILLAGE))
    assert rows_of(found, 0, "village") == [[3, 40, 0, 0], [100] * 4]
    layer = found["layers"][0]
    assert layer["marks"] == {"village": "01zz"}
    assert len(layer["colours"]["village"]) == 2


def test_schools_travel_as_a_sign_each() -> None:
    layer = sent(MapValues(SHAPES, (SchoolMarks("学校", {SCHOOLS[1]: Verdict.MISSED}),)))["layers"][0]
    assert layer["marks"][0] == "-"
    assert layer["styles"][layer["marks"][1]] == ["triangle", "#c4261d", "未达标"]


@pytest.mark.parametrize(
    ("level", "levels"),
    [(DrawnLevel.AUTO, ["town", "village"]), (DrawnLevel.TOWN, ["town"]), (DrawnLevel.VILLAGE, ["village"])],
)
def test_levels_are_sent_coarse_first(level: DrawnLevel, levels: list[str]) -> None:
    found = sent(MapValues(SHAPES, (Circles("在册", AT_RISK),), level=level))
    assert found["levels"] == levels
    assert list(found["legend"]) == levels


def test_words_come_with_the_values_so_that_a_language_keeps_the_map() -> None:
    zh, en = (sent(MapValues(SHAPES, (), lang)) for lang in ("zh", "en"))
    assert zh["words"]["synthetic"] == "示意位置，非行政界线"
    assert en["words"]["legend"] == "Legend"
    assert set(zh["words"]) == set(en["words"])


def test_what_is_meant_travels() -> None:
    found = sent(MapValues(SHAPES, (), selected=VILLAGES[0], focus=TOWNS[0], dark=True))
    assert (found["selected"], found["focus"], found["dark"]) == (VILLAGES[0], TOWNS[0], True)


def test_three_counts_of_a_prefecture_are_small() -> None:
    codes = tuple(f"5206{place:08d}" for place in range(2947))
    villages = ShapeIndex(ShapeLevel.VILLAGE, "0" * 64, codes)
    layers = tuple(
        Circles(label, AreaCounts({code: (place * step) % most for place, code in enumerate(codes)}, {}))
        for label, step, most in (("在册", 7, 30), ("留守", 13, 200), ("逾期", 3, 5))
    )
    assert len(draw_values(MapValues((villages,), layers)).payload) < 16_000
