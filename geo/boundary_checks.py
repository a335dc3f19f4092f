"""Whether loaded areas can be true: shapes that overlap, places outside the county, the 500 m shift of a wrong datum.

Everything is checked and reported at once. Small faults are mended, large ones refused by name, doubts are pointed out.
Lengths are metres on the plane of the mean latitude, good to a thousandth over a prefecture.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from domain.terms import Lang, say
from geo.crs import Datum, from_wgs84, metres_between, to_wgs84

SLIVER = 0.01  # an overlap up to this share of the smaller shape is drawing noise and is cut off
ROUNDING = 0.0005  # below: the common border was only rounded to other digits
FAR_OUTSIDE = 2_000  # metres: outlines are coarse, but not that coarse
SHIFT_PLACES, SHIFT_SHARE = 3, 0.5  # so many places outside, and this share of them, must come home for a shift to be suspected
LEAST_SHIFT = 80  # metres: GCJ-02 carries a place 100 m and more
_DEGREE = 111_195.0  # metres of latitude
_Shapes = Any  # an array of shapely geometries
Degrees = tuple[float, float]  # longitude, latitude
NOWHERE: Mapping[str, Degrees] = MappingProxyType({})


class FindingKind(StrEnum):
    """What became of what was found."""

    REFUSED = "refused"  # the area stays out
    MENDED = "mended"
    WARNED = "warned"


@dataclass(frozen=True)
class Finding:
    """One thing found about one area (or, with an empty code, about the file)."""

    kind: FindingKind
    key: str
    code: str = ""
    name: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def say(self, lang: Lang = "zh") -> str:
        """What was found, where, and what became of it."""
        return say(self.key, lang, code=self.code, name=self.name, **self.params)


@dataclass(frozen=True)
class CheckedAreas:
    """The rows that may go in, mended where needed, and everything that was found."""

    rows: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]


def check_areas(rows: Sequence[Mapping[str, Any]], outline: bytes | None, known: Mapping[str, Degrees] = NOWHERE) -> CheckedAreas:
    """Check areas (mappings with code, name, level, lon, lat, shape as WKB; WGS-84) within `outline` (WKB), if one is known.

    `known`: where areas stood until now, code -> longitude and latitude.

    Refused: shapes that overlap another of their level by more than 1 %, places and shapes more than 2 km outside.
    Mended: outlines that cross themselves, overlaps up to 1 % (cut from the larger). Warned: places outside but near, two areas
    at one place, areas without any place, and places that would lie inside, or where they stood, if they were read in another
    coordinate system.
    """
    shapes = shapely.from_wkb([row["shape"] for row in rows])
    findings = [*_mend_crossings(rows, shapes), *_find_overlaps(rows, shapes), *_find_doubles(rows)]
    if outline:
        county = shapely.make_valid(shapely.from_wkb(outline))
        inner = [(row, shape) for row, shape in zip(rows, shapes, strict=True) if row["level"] in ("town", "village")]
        places = {row["code"]: place for row, shape in inner if (place := _place(row, shape)) is not None}
        names = {row["code"]: row["name"] for row in rows}
        findings += [*_find_outside(places, names, county), *(_find_shift(places, county) or _find_moved(rows, known))]
    refused = {finding.code for finding in findings if finding.kind is FindingKind.REFUSED}
    kept = [(row, shape) for row, shape in zip(rows, shapes, strict=True) if row["code"] not in refused]
    return CheckedAreas(tuple({**row, "shape": shapely.to_wkb(shape)} for row, shape in kept), tuple(findings))


def _place(row: Mapping[str, Any], shape: BaseGeometry | None) -> BaseGeometry | None:
    return shapely.Point(row["lon"], row["lat"]) if row["lon"] is not None else shapely.point_on_surface(shape)


def _mend_crossings(rows: Sequence[Mapping[str, Any]], shapes: _Shapes) -> Iterator[Finding]:
    """Outlines that cross themselves, made whole in `shapes`: what they enclose stays, so nobody would see the slip."""
    for place in map(int, np.flatnonzero(~(shapely.is_valid(shapes) | shapely.is_missing(shapes)))):
        shapes[place] = shapely.make_valid(shapes[place], method="structure")
        yield Finding(FindingKind.MENDED, "map.check.crossing", rows[place]["code"], rows[place]["name"])


def _find_overlaps(rows: Sequence[Mapping[str, Any]], shapes: _Shapes) -> Iterator[Finding]:
    """Overlaps within a level; slivers are cut off in `shapes`."""
    for level in sorted({row["level"] for row in rows}):
        places = np.array([place for place, row in enumerate(rows) if row["level"] == level and shapes[place] is not None], int)
        first, second = shapely.STRtree(shapes[places]).query(shapes[places], predicate="intersects")
        for one, other in zip(places[first[first < second]], places[second[first < second]], strict=True):
            yield from _part(rows, shapes, *sorted((int(one), int(other)), key=lambda place: shapes[place].area))


def _part(rows: Sequence[Mapping[str, Any]], shapes: _Shapes, small: int, large: int) -> Iterator[Finding]:
    share = shapely.intersection(shapes[small], shapes[large]).area / shapes[small].area
    pair = {"other": rows[large]["name"], "share": f"{100 * share:.1f}"}
    if share > SLIVER:
        yield Finding(FindingKind.REFUSED, "map.check.overlap", rows[small]["code"], rows[small]["name"], pair)
        back = {"other": rows[small]["name"], "share": pair["share"]}
        yield Finding(FindingKind.REFUSED, "map.check.overlap", rows[large]["code"], rows[large]["name"], back)
    elif share > ROUNDING:
        shapes[large] = shapely.difference(shapes[large], shapes[small])
        yield Finding(FindingKind.MENDED, "map.check.sliver", rows[small]["code"], rows[small]["name"], pair)


def _find_doubles(rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    seen: dict[tuple[str, float, float], str] = {}
    for row in rows:
        if row["lon"] is None and row["shape"] is None:
            if row["level"] != "village":
                continue  # a town or county is known by its villages
            yield Finding(FindingKind.WARNED, "map.check.no_place", row["code"], row["name"])
        elif row["lon"] is not None:
            place = (row["level"], round(row["lon"], 5), round(row["lat"], 5))
            if place in seen:
                yield Finding(FindingKind.WARNED, "map.check.same_place", row["code"], row["name"], {"other": seen[place]})
            seen.setdefault(place, row["name"])


def _find_outside(places: Mapping[str, BaseGeometry], names: Mapping[str, str], county: BaseGeometry) -> Iterator[Finding]:
    for code, metres in zip(places, _metres_outside(np.array(list(places.values())), county), strict=True):
        if metres > 0:
            kind = FindingKind.REFUSED if metres > FAR_OUTSIDE else FindingKind.WARNED
            yield Finding(kind, f"map.check.outside.{kind}", code, names[code], {"metres": f"{metres:,.0f}"})


def _find_shift(places: Mapping[str, BaseGeometry], county: BaseGeometry) -> list[Finding]:
    """Whether the places outside come home when the file is read in a shifted system: then it was declared wrongly.

    Only for places up to 2 km outside, which is further than GCJ-02 (100 to 700 m) and BD-09 (up to 1.5 km) carry them.
    """
    points = np.array(list(places.values()))
    metres = _metres_outside(points, county)
    near = (metres > 0) & (metres < FAR_OUTSIDE)
    lon, lat = shapely.get_coordinates(points).T
    for datum in (Datum.GCJ02, Datum.BD09) if near.any() else ():
        moved = to_wgs84(lon, lat, datum)
        home = shapely.contains_xy(county, *moved)
        found, lost = int((home & near).sum()), int((~home & (metres == 0)).sum())
        if found - lost > max(SHIFT_SHARE * near.sum(), SHIFT_PLACES - 1):
            far = np.median(metres_between((lon, lat), moved))
            params = {"datum": say(f"map.datum.{datum}"), "count": found, "metres": f"{far:,.0f}"}
            return [Finding(FindingKind.WARNED, "map.check.shift", params=params)]
    return []


def _find_moved(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Degrees]) -> list[Finding]:
    """Whether places that all moved stand where they stood when the file is read in another system: few lie near a border."""
    pairs = [((row["lon"], row["lat"]), known[row["code"]]) for row in rows if row["lon"] is not None and row["code"] in known]
    if len(pairs) < SHIFT_PLACES:
        return []
    (lon, lat), stood = np.array(pairs).transpose(1, 2, 0)
    far = np.median(metres_between((lon, lat), stood))
    shifted = (Datum.GCJ02, Datum.BD09)
    readings = [(datum, to_wgs84(lon, lat, datum)) for datum in shifted]
    readings += [(Datum.WGS84, from_wgs84(lon, lat, datum)) for datum in shifted]  # a shift was taken off that was not there
    datum, near = min(((datum, np.median(metres_between(moved, stood))) for datum, moved in readings), key=lambda one: one[1])
    if far < LEAST_SHIFT or near > far / 4:
        return []
    params = {"datum": say(f"map.datum.{datum}"), "count": len(pairs), "metres": f"{far:,.0f}"}
    return [Finding(FindingKind.WARNED, "map.check.moved", params=params)]


def _metres_outside(places: _Shapes, county: BaseGeometry) -> NDArray[np.float64]:
    """How far each place lies outside; 0 inside."""
    shapely.prepare(county)
    metres = np.zeros(len(places))
    outside = np.flatnonzero(~shapely.contains(county, places))
    ends = shapely.get_coordinates(shapely.shortest_line(places[outside], county)).reshape(-1, 2, 2)
    east, north = (ends[:, 1] - ends[:, 0]).T
    metres[outside] = np.hypot(east * np.cos(np.radians(ends[:, 0, 1])), north) * _DEGREE
    return metres
