"""A bureau's file of areas: headers as they write them, and slips that would put villages elsewhere are named."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas as gpd
import pytest
import shapely
from shapely import Point, box

from domain.errors import ProblemError
from geo.area_upload import read_upload
from geo.boundary_checks import CheckedAreas, FindingKind
from geo.crs import Datum

VILLAGE = "350430100201"
SQUARE = [[116.84, 26.83], [116.85, 26.83], [116.85, 26.84], [116.84, 26.84], [116.84, 26.83]]
BOW = [[116.84, 26.83], [116.86, 26.85], [116.86, 26.83], [116.84, 26.85], [116.84, 26.83]]
COUNTY = box(116.5, 26.5, 117.2, 27.1).wkb


def points(*lines: list[str | None]) -> CheckedAreas:
    return read_upload(Path("村.csv"), Datum.WGS84, lambda _: lines, lambda _: COUNTY)


def shapes(folder: Path, ring: list[list[float]], **told: Any) -> CheckedAreas:
    shape = {"type": "Polygon", "coordinates": [ring]}
    one = {"type": "Feature", "properties": {"code": VILLAGE, "name": "水南村", **told}, "geometry": shape}
    path = folder / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), encoding="utf-8")
    return read_upload(path, Datum.WGS84, lambda _: (), lambda _: COUNTY)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("says", [True, False])
def test_the_names_of_a_shapefile_are_read_whether_or_not_it_says_how_they_are_written(
    encoding: str, says: bool, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame({"code": [VILLAGE], "name": ["濉溪村"]}, geometry=[box(116.83, 26.82, 116.84, 26.83)], crs=4326)
    frame.to_file(tmp_path / "v.shp", encoding=encoding)
    path = tmp_path / "v.zip"
    with ZipFile(path, "w") as archive:
        for part in tmp_path.glob("v.*"):
            if part != path and (says or part.suffix != ".cpg"):
                archive.write(part, part.name)
    found = read_upload(path, Datum.WGS84, lambda _: (), lambda _: COUNTY)
    assert "濉溪村" in {row["name"] for row in found.rows}


@pytest.mark.parametrize("folder", ["", "边界/"])
def test_a_shapefile_is_read_with_its_names_cut_after_ten_bytes_in_whatever_folder_it_lies(folder: str, tmp_path: Path) -> None:
    columns = {"village_co": VILLAGE, "village_na": "水南村", "town_code": VILLAGE[:9], "town_name": "濉溪镇"}
    frame = gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=[Point(116.84, 26.83)], crs=4326)
    frame.to_file(tmp_path / "v.shp", encoding="utf-8")
    path = tmp_path / "v.zip"
    with ZipFile(path, "w") as archive:
        for part in set(tmp_path.glob("v.*")) - {path}:
            archive.write(part, folder + part.name)
            archive.writestr(f"__MACOSX/{folder}._{part.name}", b"litter")
    found = read_upload(path, Datum.WGS84, lambda _: (), lambda _: COUNTY)
    names = {row["code"]: row["name"] for row in found.rows}
    assert (names[VILLAGE], names[VILLAGE[:9]]) == ("水南村", "濉溪镇")


def test_an_archive_of_two_shapefiles_is_refused_and_not_read_by_half(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("town.shp", b"")
        archive.writestr("village.shp", b"")
    with pytest.raises(ProblemError) as refused:
        read_upload(tmp_path / "two.zip", Datum.WGS84, lambda _: (), lambda _: COUNTY)
    assert (refused.value.key, refused.value.params["layers"]) == ("areas.several_layers", "town.shp、village.shp")


def test_what_gdal_remarks_on_a_broken_file_is_not_said(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    ring = [[116.83, 26.82], [116.84, 26.82], [116.84, 26.83]]
    with pytest.raises(ProblemError):
        shapes(tmp_path, ring)
    assert not recwarn


def test_the_code_of_the_town_beside_a_code_is_not_taken_for_it(tmp_path: Path) -> None:
    ring = [[116.83, 26.82], [116.84, 26.82], [116.84, 26.83], [116.83, 26.82]]
    found = shapes(tmp_path, ring, town_code=VILLAGE[:9], town_name="濉溪镇")
    assert {row["code"]: row["name"] for row in found.rows}[VILLAGE] == "水南村"


@pytest.mark.parametrize("suffix", [".geojson", ".zip"])
@pytest.mark.parametrize(("told", "at"), [({}, (116.84, 26.83)), ({"lon": 116.9, "lat": 26.9}, (116.9, 26.9))])
def test_a_village_drawn_as_a_point_stands_there_unless_its_columns_say_where(
    suffix: str, told: dict[str, float], at: tuple[float, float], tmp_path: Path
) -> None:
    columns = {"code": VILLAGE, "name": "水南村", **told}
    frame = gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=[Point(116.84, 26.83)], crs=4326)
    path = tmp_path / f"v{suffix}"
    frame.to_file(path if suffix == ".geojson" else tmp_path / "v.shp", encoding="utf-8")
    if suffix == ".zip":
        with ZipFile(path, "w") as archive:
            for part in set(tmp_path.glob("v.*")) - {path}:
                archive.write(part, part.name)
    found = read_upload(path, Datum.WGS84, lambda _: (), lambda _: COUNTY)
    (village,) = [row for row in found.rows if row["code"] == VILLAGE]
    assert (village["lon"], village["lat"], village["shape"]) == (*at, None)


@pytest.mark.parametrize("code", ["村代码", "村级代码", "村（居）代码", "行政村代码", "village_code", " 村代码 "])
@pytest.mark.parametrize("name", ["村名", "村名称", "村（居）", "村(社区)", "行政村名称", "village_name"])
def test_villages_are_read_under_the_headers_that_bureaus_write(code: str, name: str) -> None:
    (found,) = [
        row
        for row in points([code, name, "经度", "纬度"], [VILLAGE, "水南村", "116.84", "26.83"]).rows
        if row["name"] == "水南村"
    ]
    assert (found["code"], found["lon"], found["lat"]) == (VILLAGE, 116.84, 26.83)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (["350430100", "水南村", "116.84", "26.83"], "areas.no_village_code"),
        (["350430", "水南村", "116.84", "26.83"], "areas.no_village_code"),
        ([VILLAGE, "水南村", "26.83", "116.84"], "areas.swapped"),
        ([VILLAGE, "水南村", "26.83", "90.01"], "areas.swapped"),
    ],
)
def test_a_towns_code_for_a_village_and_changed_degrees_are_named(line: list[str | None], key: str) -> None:
    with pytest.raises(ProblemError) as caught:
        points(["村代码", "村名", "经度", "纬度"], line)
    assert caught.value.key == key


def test_the_pole_itself_has_a_latitude() -> None:
    checked = points(["村代码", "村名", "经度", "纬度"], [VILLAGE, "水南村", "26.83", "90"])
    assert [one.kind for one in checked.findings] == [FindingKind.REFUSED]  # outside the county, not swapped


def test_an_outline_that_crosses_itself_is_mended_and_told(tmp_path: Path) -> None:
    checked = shapes(tmp_path, BOW)
    assert [(one.kind, one.key, one.code) for one in checked.findings] == [(FindingKind.MENDED, "map.check.crossing", VILLAGE)]
    assert shapely.is_valid(shapely.from_wkb(checked.rows[-1]["shape"]))
    assert shapes(tmp_path, SQUARE).findings == ()


@pytest.mark.parametrize(
    ("ring", "key"),
    [
        ([[y, x] for x, y in SQUARE], "areas.swapped"),
        ([[484000 + x, 2967000 + y] for x, y in ((0, 0), (9, 0), (9, 9), (0, 9), (0, 0))], "areas.not_degrees"),
        ([[116.84, 26.83], [116.85, 26.83], [116.84, 26.83], [116.84, 26.83]], "areas.bad_shape"),
    ],
)
def test_coordinates_that_are_no_degrees_or_changed_places_are_named(tmp_path: Path, ring: list[list[float]], key: str) -> None:
    with pytest.raises(ProblemError) as caught:
        shapes(tmp_path, ring)
    assert caught.value.key == key


def test_heights_are_dropped(tmp_path: Path) -> None:
    checked = shapes(tmp_path, [[*corner, 812.5] for corner in SQUARE])
    assert not shapely.has_z(shapely.from_wkb(checked.rows[-1]["shape"]))
