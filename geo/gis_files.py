"""Counts by area for other programs: GeoJSON and GeoPackage, one feature an area, in WGS-84."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from domain.area_counts import HIDDEN, AreaCounts
from domain.map_counts import MapCount
from geo.shapes import unpack_shapes


class GisFormat(StrEnum):
    """The kind of file."""

    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"


_DRIVERS = {GisFormat.GEOJSON: "GeoJSON", GisFormat.GEOPACKAGE: "GPKG"}


SHARED = (MapCount.CHILDREN, MapCount.AT_RISK, MapCount.LEFT_BEHIND, MapCount.LEFT_BEHIND_CIVIL)
EXACT = tuple(MapCount)


def write_gis(
    bundle: bytes, columns: Mapping[MapCount, AreaCounts], kind: GisFormat, layer: str = "areas", within: str = ""
) -> bytes:
    """The areas of a packed bundle whose codes begin with `within`, with a whole-number column for each of `columns`.

    A count that is not reported or hidden is empty; `hidden` names the columns in which it is hidden, joined by commas.
    Every area stands there with `code`, `name`, `parent`, also one without any count. Columns to share are those of SHARED,
    from a geo.shared_source.SharedSource.
    """
    frame = unpack_shapes(bundle).drop(columns=["level"])
    frame = frame[frame["code"].str.startswith(within)].reset_index(drop=True)
    tables = {name: counts.totals for name, counts in columns.items()}
    for name, cells in tables.items():
        counted = [cell if isinstance(cell := cells.get(code), int) else None for code in frame["code"]]
        frame[name] = pd.array(counted, dtype="Int64")
    frame["hidden"] = [",".join(name for name, cells in tables.items() if cells.get(code) is HIDDEN) for code in frame["code"]]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"areas.{kind}"
        options = {"RFC7946": "YES"} if kind is GisFormat.GEOJSON else {}
        frame.to_file(path, driver=_DRIVERS[kind], layer=layer, engine="pyogrio", **options)
        return path.read_bytes()
