"""Shapes as the browser fetches them: one small file for each level, kept for ever under the hash of its content.

The file is gzipped JSON: `level`, `codes`, `names`, `parents`, `points` ([lon, lat] or null), `shapes` (polygons of
rings). Coordinates are whole hundred-thousandths of a degree (about 1 m); a ring is its first corner and then the steps
from corner to corner, [x, y, dx, dy, ...], without the closing one. 2,947 villages of 9 corners: 148 KB.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.layers import ShapeIndex, ShapeLevel

UNITS = 100_000  # to a degree
_DEGREE_METRES = 111_320


@dataclass(frozen=True)
class ShapeBundle:
    """The packed shapes of one level and their index."""

    index: ShapeIndex
    content: bytes


def frame_areas(rows: Iterable[Mapping[str, object]]) -> gpd.GeoDataFrame:
    """A frame of stored areas: each row a mapping with code, name, parent, lon, lat and shape (WKB in WGS-84, or None)."""
    table = pd.DataFrame.from_records(list(rows), columns=["code", "name", "parent", "lon", "lat", "shape"])
    shapes = gpd.GeoSeries.from_wkb(table.pop("shape"), crs="EPSG:4326")
    return gpd.GeoDataFrame(table.astype({"lon": float, "lat": float}), geometry=shapes)


def pack_shapes(frame: gpd.GeoDataFrame, level: ShapeLevel, simplify_metres: float = 10) -> ShapeBundle:
    """Pack the rows of `frame` (WGS-84; columns code, name, parent, lon, lat, geometry) in the order of their codes.

    `lon`, `lat` is where circles and labels stand; where missing, a point inside the shape. Rows with neither shape nor
    position are left out: what is counted there is unlocated. Corners are dropped whose triangle with their neighbours is
    smaller than `simplify_metres` squared, from shared borders alike, so that no gaps open. Same rows, same bytes.
    """
    rows = frame.sort_values("code")
    drawn = rows[~(rows.geometry.isna() | rows.geometry.is_empty) | rows["lon"].notna()]
    shapes = _simplify(drawn.geometry.to_numpy(), simplify_metres)
    body = {
        "level": level,
        "codes": drawn["code"].tolist(),
        "names": drawn["name"].tolist(),
        "parents": [parent or None for parent in drawn["parent"].fillna("")],
        "points": [_pack_point(lon, lat, shape) for lon, lat, shape in zip(drawn["lon"], drawn["lat"], shapes, strict=True)],
        "shapes": [_pack_shape(shape) for shape in shapes],
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    index = ShapeIndex(level, sha256(text).hexdigest(), tuple(body["codes"]))
    return ShapeBundle(index, gzip.compress(text, 9, mtime=0))


def unpack_shapes(content: bytes) -> gpd.GeoDataFrame:
    """The frame that was packed, to 1 m: columns code, name, parent, level, lon, lat, geometry (else the point)."""
    body = json.loads(gzip.decompress(content))
    lonlat = np.array([point or (np.nan, np.nan) for point in body["points"]], float).reshape(-1, 2) / UNITS
    shapes = [_unpack_shape(polygons, point) for polygons, point in zip(body["shapes"], lonlat, strict=True)]
    columns = {"code": body["codes"], "name": body["names"], "parent": body["parents"], "level": body["level"]}
    return gpd.GeoDataFrame({**columns, "lon": lonlat[:, 0], "lat": lonlat[:, 1]}, geometry=shapes, crs="EPSG:4326")


def _simplify(shapes: NDArray[np.object_], metres: float) -> list[BaseGeometry | None]:
    """The shapes with fewer corners; those that are polygons as one coverage, so that neighbours keep a common border."""
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    if metres and areas.any():
        shapes = shapes.copy()
        shapes[areas] = shapely.coverage_simplify(shapes[areas], metres / _DEGREE_METRES)
    return list(shapes)


def _pack_point(lon: float, lat: float, shape: BaseGeometry | None) -> list[int] | None:
    if not np.isnan(lon) and not np.isnan(lat):
        return [round(lon * UNITS), round(lat * UNITS)]
    if shape is None or shape.is_empty:
        return None
    inside = shape.representative_point()
    return [round(inside.x * UNITS), round(inside.y * UNITS)]


def _pack_shape(shape: BaseGeometry | None) -> list[list[list[int]]]:
    polygons = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    return [[_pack_ring(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]


def _pack_ring(ring: shapely.LinearRing) -> list[int]:
    corners = np.rint(np.asarray(ring.coords)[:-1, :2] * UNITS).astype(np.int64)
    steps = np.diff(corners, axis=0)
    moved = steps[steps.any(axis=1)]
    return [int(number) for number in np.concatenate([corners[:1], moved]).ravel()]


def _unpack_shape(polygons: list[list[list[int]]], point: NDArray[np.float64]) -> BaseGeometry | None:
    parts = [Polygon(rings[0], rings[1:]) for rings in ([_unpack_ring(ring) for ring in polygon] for polygon in polygons)]
    if parts:
        return parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return None if np.isnan(point).any() else Point(point)


def _unpack_ring(ring: list[int]) -> NDArray[np.float64]:
    return np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / UNITS
