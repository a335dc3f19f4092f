"""An invented county for the tests of geo/: two towns of two villages each, a square of four squares, names that bite."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
from shapely import Polygon, box

from domain.area_counts import AreaCounts, attach_counts
from geo.layers import ShapeIndex, ShapeLevel
from geo.shapes import ShapeBundle, pack_shapes

COUNTY, TOWNS = "999999", ("999999100", "999999101")
VILLAGES = ("999999100001", "999999100002", "999999101001", "999999101002")
SCHOOLS = ("9999990001", "9999990002")
NAMES = ("<script>window.hit=1</script>", "${window.hit=1}`\"'\\", "{{ 'a' }}<img src=x onerror=window.hit=1>", "𠅤㙍村")
WEST, SOUTH, SIDE = 116.0, 26.0, 0.2
BOUNDS = (WEST, SOUTH, WEST + 2 * SIDE, SOUTH + 2 * SIDE)


def square(column: int, row: int) -> Polygon:
    return box(WEST + column * SIDE, SOUTH + row * SIDE, WEST + (column + 1) * SIDE, SOUTH + (row + 1) * SIDE)


def frame(rows: list[tuple[str, str, str, Polygon | None, float | None, float | None]]) -> gpd.GeoDataFrame:
    columns = ["code", "name", "parent", "geometry", "lon", "lat"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326").astype({"lon": float, "lat": float})


def village_frame() -> gpd.GeoDataFrame:
    places = [(0, 0), (1, 0), (0, 1), (1, 1)]
    return frame([
        (code, name, code[:9], square(*place), WEST + (place[0] + 0.5) * SIDE, SOUTH + (place[1] + 0.5) * SIDE)
        for code, name, place in zip(VILLAGES, NAMES, places, strict=True)
    ])  # fmt: skip


def town_shape(row: int) -> Polygon:
    return box(WEST, SOUTH + row * SIDE, WEST + 2 * SIDE, SOUTH + (row + 1) * SIDE)


def bundles(town_name: str = "", village_names: Sequence[str] = NAMES) -> dict[ShapeLevel, ShapeBundle]:
    """All levels, packed; towns and villages may be called something else."""
    frames = {
        ShapeLevel.COUNTY: frame([(COUNTY, "试验县", "9999", box(*BOUNDS), None, None)]),
        ShapeLevel.TOWN: frame([
            (code, town_name or f"第{row + 1}镇", COUNTY, town_shape(row), None, None) for row, code in enumerate(TOWNS)
        ]),
        ShapeLevel.VILLAGE: village_frame().assign(name=list(village_names)),
        ShapeLevel.CATCHMENT_PRIMARY: frame([(SCHOOLS[0], "试验小学0", TOWNS[0], town_shape(0), None, None)]),
        ShapeLevel.CATCHMENT_JUNIOR: frame([(SCHOOLS[1], "试验小学1", TOWNS[0], box(*BOUNDS), None, None)]),
        ShapeLevel.SCHOOL: frame([
            (code, f"试验小学{n}", TOWNS[0], None, WEST + 0.1 + 0.2 * n, SOUTH + 0.05) for n, code in enumerate(SCHOOLS)
        ]),
    }  # fmt: skip
    return {level: pack_shapes(each, level) for level, each in frames.items()}


def indexes() -> tuple[ShapeIndex, ...]:
    return tuple(bundle.index for bundle in bundles().values())


def counted(counts: Mapping[str, int | None]) -> AreaCounts:
    return attach_counts(counts, [COUNTY, *TOWNS, *VILLAGES])
