"""Counts for other programs: read back by another reader."""

import io
import json
from pathlib import Path

import geopandas as gpd
import pytest

from domain.area_counts import HIDDEN, AreaCounts
from domain.map_counts import MapCount
from geo.gis_files import GisFormat, write_gis
from geo.layers import ShapeLevel
from tests.geo.small_county import NAMES, VILLAGES, bundles, counted

CONTENT = bundles()[ShapeLevel.VILLAGE].content
AT_RISK = AreaCounts({VILLAGES[0]: 3, VILLAGES[1]: None, VILLAGES[2]: HIDDEN}, {})
COLUMNS = {MapCount.AT_RISK: AT_RISK, MapCount.LEFT_BEHIND: counted({VILLAGES[2]: 9})}


@pytest.mark.parametrize("kind", list(GisFormat))
def test_counts_shapes_and_codes_come_back(kind: GisFormat, tmp_path: Path) -> None:
    file = tmp_path / f"x.{kind}"
    file.write_bytes(write_gis(CONTENT, COLUMNS, kind))
    frame = gpd.read_file(file, layer="areas")
    assert list(frame["code"]) == list(VILLAGES)
    assert list(frame["name"]) == list(NAMES)
    assert frame["at_risk"].fillna(-1).tolist() == [3, -1, -1, -1]
    assert frame["left_behind"].tolist() == [0, 0, 9, 0]
    assert frame["hidden"].fillna("").tolist() == ["", "", "at_risk", ""]
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.is_valid.all()


def test_geojson_holds_whole_numbers() -> None:
    body = json.load(io.BytesIO(write_gis(CONTENT, COLUMNS, GisFormat.GEOJSON)))
    assert body["features"][0]["properties"]["at_risk"] == 3
    assert body["features"][1]["properties"]["at_risk"] is None


def test_a_file_of_one_town_holds_its_villages_alone() -> None:
    body = json.loads(write_gis(CONTENT, COLUMNS, GisFormat.GEOJSON, within=VILLAGES[2][:9]))
    assert [feature["properties"]["code"] for feature in body["features"]] == list(VILLAGES[2:])


@pytest.mark.parametrize("kind", list(GisFormat))
def test_a_name_comes_back_letter_by_letter(kind: GisFormat, tmp_path: Path) -> None:
    """Nothing in a name ends a text, a statement or the file."""
    names = ('<script>x()</script>"}', "'); DROP TABLE areas; --", "=1+1 $x^$ \\", "![](http://x/y)")
    content = bundles(village_names=names)[ShapeLevel.VILLAGE].content
    file = tmp_path / f"x.{kind}"
    file.write_bytes(write_gis(content, COLUMNS, kind))
    frame = gpd.read_file(file, layer="areas")
    assert tuple(frame["name"]) == names
    assert frame["left_behind"].tolist() == [0, 0, 9, 0]
