"""An invented county of any number of villages, with shapes of 36 corners and counts that a filter changes."""

from functools import cache
from math import ceil, cos, pi, sin, sqrt
from random import Random

import geopandas as gpd
from shapely import Polygon, box

from domain.area_counts import AreaCounts, attach_counts
from geo.layers import ShapeIndex, ShapeLevel
from geo.shapes import ShapeBundle, pack_shapes

COUNTY, WEST, SOUTH, STEP, CORNERS = "999999", 116.0, 26.0, 0.02, 36
PER_TOWN = 20
Row = tuple[str, str, str, Polygon, float, float]


@cache
def codes(villages: int) -> tuple[str, ...]:
    """Village codes, twenty to a town; towns past 999 go on in the next county's number."""
    return tuple(
        f"{999000 + n // PER_TOWN // 900:06}{100 + n // PER_TOWN % 900:03}{n % PER_TOWN + 1:03}" for n in range(villages)
    )


@cache
def frames(villages: int) -> dict[ShapeLevel, gpd.GeoDataFrame]:
    """County, towns and villages: villages are star-shaped polygons on a grid, towns the boxes around theirs."""
    dice, side = Random(1), ceil(sqrt(villages))
    rows: list[Row] = []
    for n, code in enumerate(codes(villages)):
        lon, lat = WEST + n % side * STEP, SOUTH + n // side * STEP
        rows.append((code, f"试验村{n}", code[:9], _star(lon, lat, dice), lon, lat))
    towns: dict[str, list[Row]] = {}
    for row in rows:
        towns.setdefault(row[2], []).append(row)
    town_rows = [
        (code, f"第{n}镇", COUNTY, _around(inside), inside[0][4], inside[0][5]) for n, (code, inside) in enumerate(towns.items())
    ]
    outline = box(WEST - STEP, SOUTH - STEP, WEST + side * STEP, SOUTH + side * STEP)
    county = [(COUNTY, "试验县", "9999", outline, WEST, SOUTH)]
    return {ShapeLevel.COUNTY: _frame(county), ShapeLevel.TOWN: _frame(town_rows), ShapeLevel.VILLAGE: _frame(rows)}


def _around(rows: list[Row]) -> Polygon:
    lons, lats = [row[4] for row in rows], [row[5] for row in rows]
    return box(min(lons) - STEP / 2, min(lats) - STEP / 2, max(lons) + STEP / 2, max(lats) + STEP / 2)


def _star(lon: float, lat: float, dice: Random) -> Polygon:
    reach = [STEP * dice.uniform(0.36, 0.48) for _ in range(CORNERS)]
    return Polygon([(lon + r * cos(2 * pi * k / CORNERS), lat + r * sin(2 * pi * k / CORNERS)) for k, r in enumerate(reach)])


def _frame(rows: list[Row]) -> gpd.GeoDataFrame:
    columns = ["code", "name", "parent", "geometry", "lon", "lat"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")


@cache
def bundles(villages: int) -> dict[ShapeLevel, ShapeBundle]:
    """The shapes packed as the product packs them."""
    return {level: pack_shapes(frame, level, simplify_metres=0) for level, frame in frames(villages).items()}


def shapes(villages: int) -> tuple[ShapeIndex, ...]:
    """The indexes of the bundles."""
    return tuple(bundle.index for bundle in bundles(villages).values())


@cache
def counts(villages: int, filtered: int) -> dict[str, AreaCounts]:
    """Children, at risk, left behind and overdue by village, other numbers for each filter."""
    dice, known = Random(filtered), codes(villages)
    areas = [COUNTY, *{code[:9] for code in known}, *known]
    highest = {"children": 400, "at_risk": 6, "left_behind": 60, "overdue": 2}
    return {name: attach_counts({code: dice.randint(0, top) for code in known}, areas) for name, top in highest.items()}
