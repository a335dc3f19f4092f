"""Areas as people bring them: points in a table, or shapes as GeoJSON or a zipped shapefile, in a declared coordinate system.

Out come plain rows (code, level, parent, name, position, shape as WKB) in WGS-84; what is wrong is refused by name.
"""

import re
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any
from unicodedata import normalize
from warnings import catch_warnings, simplefilter
from zipfile import ZipFile

import geopandas as gpd
import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from domain.areas import parse_area_code
from domain.errors import ProblemError
from domain.faults import Fault
from geo.crs import Datum, to_wgs84

VILLAGE = 12  # digits
LEVELS = {4: "prefecture", 6: "county", 9: "town", 12: "village"}
NAMES: dict[str, tuple[str, ...]] = {  # the headers a column is known by; a town's comes after what may name the row itself
    "code": (
        "village_code",
        "area_code",
        "code",
        "town_code",
        "district_adcode",
        "county_code",
        "村代码",
        "村级代码",
        "村(居)代码",
        "村(社区)代码",
        "行政村代码",
        "区划代码",
        "统计用区划代码",
        "行政区划代码",
        "代码",
        "XZQDM",  # as the land survey's layers call it
    ),
    "name": (
        "village_name",
        "area_name",
        "name",
        "town_name",
        "district_name",
        "county_name",
        "村名",
        "村名称",
        "村(居)",
        "村(社区)",
        "村居名称",
        "行政村",
        "行政村名称",
        "名称",
        "区划名称",
        "XZQMC",
    ),
    "kind": ("village_type", "town_kind", "kind", "类型", "类别"),
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "position_source": ("position_source", "seat_source", "位置来源"),
    "shape_source": ("polygon_source", "boundary_source", "shape_source", "边界来源"),
    "is_virtual": ("is_virtual", "virtual"),
    "town_name": ("town_name", "乡镇", "乡镇名称", "镇街"),
    "county_name": ("county_name", "县名", "区县"),
}
OF_VILLAGES = ("village", "村")  # a column of codes with one of these in its name holds 12 digits, no fewer
UPLOADED = "uploaded"
DBF_NAME = 10  # bytes
NAMES_SEEN = 1 << 20  # bytes of a table by which its encoding is told
Row = dict[str, Any]


def read_points(cells: Sequence[Sequence[str | None]], datum: Datum) -> list[Row]:
    """The areas of a table whose first row is the header. Raises ProblemError areas.no_code, areas.bad_row (with its number)."""
    if not cells:
        raise ProblemError("areas.empty")
    header = [normalize("NFKC", name or "").strip() for name in cells[0]]  # 村（居） is 村(居)
    records = [dict(zip(header, row, strict=False)) for row in cells[1:] if any(row)]
    return _rows(records, [None] * len(records), datum)


def read_shapes(path: Path, datum: Datum) -> list[Row]:
    """The areas of a GeoJSON file or a zipped shapefile; outlines that cross themselves are left for check_areas.

    The declared system holds for the coordinates as they stand in the file; a projected file is refused.
    Raises ProblemError areas.unreadable, areas.projected, areas.bad_shape (with the area's code).
    """
    try:
        frame = _read_zip(path) if path.suffix.lower() == ".zip" else _read_frame(str(path))
    except ProblemError:
        raise
    except Exception:  # pyogrio raises its own, GDAL's, and ValueError: the file is what is wrong
        raise ProblemError("areas.unreadable", file=path.name) from None
    if frame.crs is not None and not frame.crs.is_geographic:
        raise ProblemError("areas.projected", file=path.name)
    records = frame.drop(columns=frame.geometry.name).to_dict("records")
    return _rows(records, list(frame.geometry), datum)


def _read_frame(source: str, encoding: str | None = None) -> gpd.GeoDataFrame:
    """The layer; what GDAL remarks about rings and fields on the way is no word of ours."""
    with catch_warnings():
        simplefilter("ignore")
        return gpd.read_file(source, encoding=encoding)


def _read_zip(path: Path) -> gpd.GeoDataFrame:
    """The one shapefile of an archive, in whatever folder it lies there."""
    with ZipFile(path) as archive:
        layers = [name for name in archive.namelist() if name.lower().endswith(".shp") and not _is_litter(name)]
        if len(layers) > 1:
            raise ProblemError("areas.several_layers", file=path.name, layers="、".join(Path(name).name for name in layers[:5]))
        encoding = _encoding(archive, layers[0]) if layers else None
    return _read_frame(f"/vsizip/{path.absolute()}/{layers[0]}" if layers else f"zip://{path}", encoding)


def _is_litter(name: str) -> bool:
    """What macOS leaves in an archive beside each file."""
    return name.startswith("__MACOSX/") or Path(name).name.startswith("._")


def _encoding(archive: ZipFile, layer: str) -> str | None:
    """How a zipped shapefile that does not say so writes its names: UTF-8 where that can be read, else the Chinese GB 18030."""
    beside = {name.lower(): name for name in archive.namelist() if name.lower().startswith(layer.lower()[:-3])}
    table = beside.get(layer.lower()[:-3] + "dbf")
    if table is None or layer.lower()[:-3] + "cpg" in beside:
        return None
    with archive.open(table) as opened:
        content = opened.read(NAMES_SEEN)
    try:
        getincrementaldecoder("utf-8")().decode(content[int.from_bytes(content[8:10], "little") :])  # behind the head: numbers
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"


def _rows(records: Sequence[Mapping[Any, Any]], shapes: Sequence[BaseGeometry | None], datum: Datum) -> list[Row]:
    if not records:
        raise ProblemError("areas.empty")
    columns = _columns(records[0])
    if "code" not in columns or "name" not in columns:
        raise ProblemError("areas.no_code", known="、".join((*NAMES["code"][:4], *NAMES["code"][-3:])))
    rows = [_row(number, record, shape, columns) for number, (record, shape) in enumerate(zip(records, shapes, strict=True), 2)]
    if doubles := [code for code, times in Counter(row["code"] for row in rows).items() if times > 1]:
        raise ProblemError("areas.twice", codes=", ".join(sorted(doubles)[:5]))
    _shift(rows, datum)
    return _with_parents(rows, records, columns)


def _columns(record: Mapping[Any, Any]) -> dict[str, str]:
    """Which column holds what. Case does not matter, and a shapefile cuts each name after ten bytes: village_co."""
    there = {str(name).lower(): str(name) for name in reversed(list(record))}
    found = {}
    for field, names in NAMES.items():
        for name in names:
            column = there.get(name.lower()) or there.get(_cut(name.lower()))
            if column is not None:
                found[field] = column
                break
    return found


def _cut(name: str) -> str:
    return name.encode("gb18030")[:DBF_NAME].decode("gb18030", "ignore")


def _row(number: int, record: Mapping[Any, Any], shape: BaseGeometry | None, columns: Mapping[str, str]) -> Row:
    def told(field: str) -> str | None:
        value = record.get(columns.get(field, ""))
        text = "" if value is None or (isinstance(value, float) and isnan(value)) else str(value).strip()
        return text or None

    code = parse_area_code(told("code") or "")
    name = told("name")
    if isinstance(code, Fault) or len(code.code) not in LEVELS or name is None:
        fault = code if isinstance(code, Fault) else Fault("cell.missing")
        raise ProblemError("areas.bad_row", row=number, why=ProblemError(f"fault.{fault.code}", **fault.params))
    if any(word in columns["code"].lower() for word in OF_VILLAGES) and len(code.code) < VILLAGE:
        raise ProblemError("areas.no_village_code", row=number, digits=len(code.code))
    lon, lat = _position(told("lon"), told("lat"), shape, number)
    if lat is not None and abs(lat) > 90:
        raise ProblemError("areas.swapped", code=code.code)
    return {
        "code": code.code,
        "level": LEVELS[len(code.code)],
        "parent_code": code.parent.code if code.parent and len(code.parent.code) > 2 else None,
        "name": name,
        "kind": told("kind"),
        "is_virtual": told("is_virtual") in {"True", "true", "1", "是"},
        "lon": lon,
        "lat": lat,
        "position_source": (told("position_source") or UPLOADED) if lon is not None else None,
        "shape": _whole(shape, code.code),
        "shape_source": (told("shape_source") or UPLOADED) if _is_area(shape) else None,
    }


def _position(lon: str | None, lat: str | None, shape: BaseGeometry | None, number: int) -> tuple[float | None, float | None]:
    """What the columns say; where they say nothing, the point that a GeoJSON or a shapefile of points draws."""
    if lon is None and lat is None and isinstance(shape, Point) and not shape.is_empty:
        lon, lat = f"{shape.x:f}", f"{shape.y:f}"
    return _degrees(lon, number), _degrees(lat, number)


def _degrees(text: str | None, number: int) -> float | None:
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", text) or abs(float(text)) > 180:
        raise ProblemError("areas.bad_degrees", row=number)
    return float(text)


def _is_area(shape: BaseGeometry | None) -> bool:
    return shape is not None and shape.geom_type in {"Polygon", "MultiPolygon"} and not shape.is_empty


def _whole(shape: BaseGeometry | None, code: str) -> BaseGeometry | None:
    """The shape if it is an area in degrees that can be drawn, or be mended to one."""
    if shape is None or not _is_area(shape):
        return None
    west, south, east, north = shape.bounds
    if max(-west, east) > 180:
        raise ProblemError("areas.not_degrees", code=code)
    if max(-south, north) > 90:
        raise ProblemError("areas.swapped", code=code)
    if not _is_area(shapely.make_valid(shape, method="structure")):
        raise ProblemError("areas.bad_shape", code=code)
    return shape


def _shift(rows: Iterable[Row], datum: Datum) -> None:
    """Positions and shapes to WGS-84, shapes to WKB."""

    def moved(corners: Any) -> Any:
        return np.column_stack(to_wgs84(corners[:, 0], corners[:, 1], datum))

    for row in rows:
        if row["lon"] is not None and row["lat"] is not None:
            lon, lat = to_wgs84([row["lon"]], [row["lat"]], datum)
            row["lon"], row["lat"] = float(lon[0]), float(lat[0])
        if row["shape"] is not None:
            row["shape"] = shapely.to_wkb(shapely.transform(shapely.force_2d(row["shape"]), moved))


def _with_parents(rows: list[Row], records: Sequence[Mapping[Any, Any]], columns: Mapping[str, str]) -> list[Row]:
    """The rows with the towns and counties above them, where the table names them; nothing else is known of those."""
    known = {row["code"] for row in rows}
    parents: dict[str, Row] = {}
    for row, record in zip(rows, records, strict=True):
        for length, field in ((9, "town_name"), (6, "county_name")):
            code = row["code"][:length]
            name = record.get(columns.get(field, "")) if len(row["code"]) > length else None
            if name and code not in known:
                parents.setdefault(code, _parent(code, str(name)))
        county = row["code"][:6]
        if len(row["code"]) > 6 and county not in known:
            parents.setdefault(county, _parent(county, county))
    return [*sorted(parents.values(), key=lambda row: len(row["code"])), *rows]


def _parent(code: str, name: str) -> Row:
    blank = dict.fromkeys(("kind", "lon", "lat", "position_source", "shape", "shape_source"))
    above = {9: 6, 6: 4}[len(code)]
    return {**blank, "code": code, "level": LEVELS[len(code)], "parent_code": code[:above], "name": name, "is_virtual": False}
