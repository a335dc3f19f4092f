"""The coordinate systems of Chinese data: WGS-84 (and CGCS2000), GCJ-02, BD-09, and the way between them.

Everything is stored and computed in WGS-84; CGCS2000 differs from it by centimetres and counts as equal. GCJ-02 shifts
points by 100 to 700 m (高德, 腾讯), BD-09 shifts those once more (百度). Arrays are numpy, degrees, longitude first.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]
LonLat = tuple[Degrees, Degrees]

_KRASOVSKY_AXIS = 6378245.0  # metres; GCJ-02 reckons on the ellipsoid of 1940
_KRASOVSKY_ECCENTRICITY2 = 0.00669342162296594323
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)  # west, east, south, north of where GCJ-02 shifts at all
_BAIDU_OFFSET = (0.0065, 0.0060)
_BAIDU_PI = np.pi * 3000 / 180
_CLOSE_ENOUGH = 1e-10  # degrees, about 0.01 mm
_ROUNDS = 20  # of the inverse; it needs 3 to 5


class Datum(StrEnum):
    """The system that coordinates are in. Whoever brings a file in declares it; there is no default."""

    WGS84 = "wgs84"  # GPS, OpenStreetMap
    CGCS2000 = "cgcs2000"  # 天地图, surveying
    GCJ02 = "gcj02"  # 高德, 腾讯
    BD09 = "bd09"  # 百度


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> LonLat:
    """Degrees of `datum` as WGS-84 degrees, exact to a tenth of a millimetre."""
    east, north = np.asarray(lon, float), np.asarray(lat, float)
    if datum is Datum.BD09:
        east, north = _undo(_shift_baidu, east, north)
    if datum in (Datum.BD09, Datum.GCJ02):
        east, north = _undo(_shift_gcj, east, north)
    return east, north


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> LonLat:
    """WGS-84 degrees as degrees of `datum`, to lay data over a map in that system."""
    east, north = np.asarray(lon, float), np.asarray(lat, float)
    if datum in (Datum.BD09, Datum.GCJ02):
        east, north = _shift_gcj(east, north)
    if datum is Datum.BD09:
        east, north = _shift_baidu(east, north)
    return east, north


def metres_between(first: LonLat, second: LonLat) -> Degrees:
    """Distance on the ground for points less than a few kilometres apart (plane of the mean latitude)."""
    east = np.radians(second[0] - first[0]) * np.cos(np.radians((first[1] + second[1]) / 2))
    return np.asarray(6371008.8 * np.hypot(east, np.radians(second[1] - first[1])))


def _shift_gcj(lon: Degrees, lat: Degrees) -> LonLat:
    """The published forward formula: metres of shift from the place relative to 105 E 35 N, then turned into degrees."""
    x, y = lon - 105.0, lat - 35.0
    root, cross = np.sqrt(np.abs(x)), 0.1 * x * y
    ripple = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + cross + 0.2 * root
    north += (ripple + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)) * 2 / 3
    north += (160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi / 30 * y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + cross + 0.1 * root
    east += (ripple + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)) * 2 / 3
    east += (150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)) * 2 / 3
    bend = 1 - _KRASOVSKY_ECCENTRICITY2 * np.sin(np.radians(lat)) ** 2
    north_degree = np.radians(_KRASOVSKY_AXIS * (1 - _KRASOVSKY_ECCENTRICITY2) / bend**1.5)
    east_degree = np.radians(_KRASOVSKY_AXIS * np.cos(np.radians(lat)) / np.sqrt(bend))
    west_end, east_end, south_end, north_end = _CHINA
    shifts = (lon >= west_end) & (lon <= east_end) & (lat >= south_end) & (lat <= north_end)
    return np.where(shifts, lon + east / east_degree, lon), np.where(shifts, lat + north / north_degree, lat)


def _shift_baidu(lon: Degrees, lat: Degrees) -> LonLat:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_PI)
    return radius * np.cos(angle) + _BAIDU_OFFSET[0], radius * np.sin(angle) + _BAIDU_OFFSET[1]


def _undo(shift: Callable[[Degrees, Degrees], LonLat], lon: Degrees, lat: Degrees) -> LonLat:
    """The place that `shift` moves to here: guess, shift, correct by the miss, until nothing moves (fixed point)."""
    east, north = lon, lat
    for _ in range(_ROUNDS):
        shifted_east, shifted_north = shift(east, north)
        miss_east, miss_north = lon - shifted_east, lat - shifted_north
        east, north = east + miss_east, north + miss_north
        if np.nanmax(np.abs([miss_east, miss_north]), initial=0.0) < _CLOSE_ENOUGH:
            break
    return east, north
