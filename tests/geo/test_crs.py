"""Coordinates: against published points, there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import Datum, from_wgs84, metres_between, to_wgs84

SHIFTED = [Datum.GCJ02, Datum.BD09]

# WGS-84 -> GCJ-02, BD-09, as the independent package prcoords 1.0.2 gives them.
PLACES = [
    (116.7479, 26.82706, 116.752714460, 26.823677767, 116.759136042, 26.830001991),
    (109.18961, 27.73136, 109.194188913, 27.728087838, 109.200617516, 27.734402396),
    (116.397451, 39.909187, 116.403694625, 39.910590510, 116.410067165, 39.916929791),
    (121.473701, 31.230416, 121.478224057, 31.228473742, 121.484782472, 31.234326581),
    (87.617733, 43.792818, 87.620582260, 43.794042573, 87.627014578, 43.800164260),
]


@pytest.mark.parametrize("place", PLACES)
def test_forward_as_published(place: tuple[float, ...]) -> None:
    lon, lat, *expected = place
    for datum, wanted in zip(SHIFTED, (expected[:2], expected[2:]), strict=True):
        assert from_wgs84(lon, lat, datum) == pytest.approx(wanted, abs=2e-9)


@pytest.mark.parametrize("place", PLACES)
def test_back_from_published(place: tuple[float, ...]) -> None:
    for datum, shifted in zip(SHIFTED, (place[2:4], place[4:6]), strict=True):
        assert metres_between(to_wgs84(*shifted, datum), (np.array(place[0]), np.array(place[1]))) < 0.001


@given(st.floats(73.5, 135), st.floats(18, 53.5), st.sampled_from(SHIFTED))
def test_there_and_back_is_exact(lon: float, lat: float, datum: Datum) -> None:
    there = from_wgs84(lon, lat, datum)
    assert metres_between(to_wgs84(*there, datum), (np.array(lon), np.array(lat))) < 1e-4


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_cgcs2000_counts_as_wgs84(lon: float, lat: float) -> None:
    assert to_wgs84(lon, lat, Datum.CGCS2000) == (lon, lat)
    assert from_wgs84(lon, lat, Datum.WGS84) == (lon, lat)


def test_outside_china_nothing_is_shifted() -> None:
    assert from_wgs84(2.35, 48.85, Datum.GCJ02) == (2.35, 48.85)


def test_arrays_go_through_at_once() -> None:
    lon, lat = np.linspace(100, 120, 50_000), np.linspace(20, 40, 50_000)
    back = to_wgs84(*from_wgs84(lon, lat, Datum.GCJ02), Datum.GCJ02)
    assert metres_between(back, (lon, lat)).max() < 1e-4


def test_a_degree_is_111_kilometres() -> None:
    assert metres_between((np.array(110.0), np.array(30.0)), (np.array(110.0), np.array(31.0))) == pytest.approx(111_195, abs=1)
