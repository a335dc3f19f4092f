"""A bureau's file of areas, read and checked at once: what the page shows before anything is written, and the command too."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from geo.boundaries import read_points, read_shapes
from geo.boundary_checks import NOWHERE, CheckedAreas, Degrees, check_areas
from geo.crs import Datum

SHAPES = frozenset({".geojson", ".json", ".zip"})
COUNTY = 6  # digits
Cells = Sequence[Sequence[str | None]]


def read_upload(
    path: Path,
    datum: Datum,
    read_cells: Callable[[Path], Cells],
    outline_of: Callable[[str], bytes | None],
    known: Mapping[str, Degrees] = NOWHERE,
) -> CheckedAreas:
    """Points in a table (`read_cells`), GeoJSON or a zipped shapefile, checked within the county's outline (WKB).

    The outline is the one in the file, else `outline_of` the county's code.
    `known`: where areas stood until now. Raises ProblemError for a file that cannot be read.
    """
    rows = read_shapes(path, datum) if path.suffix.lower() in SHAPES else read_points(read_cells(path), datum)
    county = rows[0]["code"][:COUNTY]
    own = next((row["shape"] for row in rows if row["code"] == county and row["shape"]), None)
    return check_areas(rows, own or outline_of(county), known)
