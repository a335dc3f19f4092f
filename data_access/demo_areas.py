"""The areas of the demo: real codes and names, positions and shapes partly invented (demo_data/SOURCES.md)."""

import gzip
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from struct import pack
from typing import Any

from data_access.areas import AreaRow
from data_access.demo_plan import PLANS, DemoSize

EDITION = 2023
LITTLE_ENDIAN, POLYGON, MULTI_POLYGON = 1, 3, 6
Ring = Sequence[Sequence[float]]


@cache
def read_demo_areas(size: DemoSize) -> tuple[AreaRow, ...]:
    """Every area of the demo as the loader takes it, parents before children; shapes in WKB, WGS-84."""
    packed = files("data_access").joinpath("demo_data", PLANS[size].areas).read_bytes()
    return tuple(_area(feature) for feature in json.loads(gzip.decompress(packed))["features"])


def _area(feature: dict[str, Any]) -> AreaRow:
    told, geometry = feature["properties"], feature["geometry"]
    return AreaRow(
        code=told["code"],
        level=told["level"],
        parent_code=told["parent"],
        name=told["name"],
        kind=told["kind"],
        is_virtual=told["virtual"],
        lon=told["lon"],
        lat=told["lat"],
        position_source=told["position_source"],
        shape=geometry_wkb(geometry) if geometry else None,
        shape_source=told["shape_source"],
        edition=EDITION,
    )


def geometry_wkb(geometry: dict[str, Any]) -> bytes:
    """A GeoJSON Polygon or MultiPolygon as little-endian well-known binary, two dimensions."""
    if geometry["type"] == "Polygon":
        return _polygon(geometry["coordinates"])
    parts = [_polygon(rings) for rings in geometry["coordinates"]]
    return pack("<BII", LITTLE_ENDIAN, MULTI_POLYGON, len(parts)) + b"".join(parts)


def _polygon(rings: Sequence[Ring]) -> bytes:
    return pack("<BII", LITTLE_ENDIAN, POLYGON, len(rings)) + b"".join(_ring(ring) for ring in rings)


def _ring(ring: Ring) -> bytes:
    return pack(f"<I{2 * len(ring)}d", len(ring), *(value for point in ring for value in point))
