"""Loaded areas: what cannot be true is refused by name, small faults are mended, doubts are pointed out."""

from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Point, Polygon, box

from geo.boundary_checks import CheckedAreas, Finding, FindingKind, check_areas
from geo.crs import Datum, from_wgs84, to_wgs84
from tests.geo.small_county import BOUNDS, SIDE, SOUTH, VILLAGES, WEST, square

OUTLINE = box(*BOUNDS).wkb


def area(place: int, shape: Polygon | None = None, at: tuple[float, float] | None = None) -> dict[str, Any]:
    lon, lat = at or (None, None)
    return {
        "code": VILLAGES[place],
        "name": f"村{place}",
        "level": "village",
        "lon": lon,
        "lat": lat,
        "shape": shape.wkb if shape else None,
    }


def kinds(checked: CheckedAreas) -> list[tuple[FindingKind, str, str]]:
    return [(finding.kind, finding.key, finding.code) for finding in checked.findings]


def test_sound_areas_go_in_as_they_are() -> None:
    rows = [area(0, square(0, 0)), area(1, square(1, 0)), area(2, at=(WEST + 0.1, SOUTH + 0.3))]
    checked = check_areas(rows, OUTLINE)
    assert checked.findings == ()
    assert [row["code"] for row in checked.rows] == list(VILLAGES[:3])
    assert shapely.from_wkb(checked.rows[0]["shape"]).equals(square(0, 0))
    assert checked.rows[2]["shape"] is None


def pushed(share: float) -> Polygon:
    """The right neighbour of square(0, 0), reaching into it by a share of its own width."""
    return box(WEST + SIDE * (1 - share), SOUTH, WEST + 2 * SIDE - SIDE * share, SOUTH + SIDE)


@pytest.mark.parametrize(("share", "kept"), [(0.011, 0), (0.0099, 2), (0.5, 0)])
def test_overlaps_over_one_per_cent_are_refused_on_both_sides(share: float, kept: int) -> None:
    checked = check_areas([area(0, square(0, 0)), area(1, pushed(share))], OUTLINE)
    assert len(checked.rows) == kept
    expected = FindingKind.REFUSED if kept == 0 else FindingKind.MENDED
    assert {finding.kind for finding in checked.findings} == {expected}
    assert "村" in checked.findings[0].say("zh")


def test_a_sliver_is_cut_off() -> None:
    checked = check_areas([area(0, square(0, 0)), area(1, pushed(0.005))], OUTLINE)
    first, second = (shapely.from_wkb(row["shape"]) for row in checked.rows)
    assert first.intersection(second).area == pytest.approx(0, abs=1e-12)
    assert first.union(second).area == pytest.approx(square(0, 0).union(pushed(0.005)).area)


def test_neighbours_that_touch_do_not_overlap() -> None:
    assert check_areas([area(0, square(0, 0)), area(1, square(1, 0))], None).findings == ()


def test_levels_may_lie_over_each_other() -> None:
    town = {**area(1, square(0, 0)), "code": VILLAGES[0][:9], "level": "town"}
    assert check_areas([area(0, square(0, 0)), town], OUTLINE).findings == ()


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (0, []),
        (300, [(FindingKind.WARNED, "map.check.outside.warned", VILLAGES[0])]),
        (1_990, [(FindingKind.WARNED, "map.check.outside.warned", VILLAGES[0])]),
        (2_010, [(FindingKind.REFUSED, "map.check.outside.refused", VILLAGES[0])]),
    ],
)
def test_how_far_outside(metres: float, expected: list[tuple[FindingKind, str, str]]) -> None:
    north = SOUTH + 2 * SIDE + metres / 111_195 - 1e-6
    checked = check_areas([area(0, at=(WEST + 0.1, north))], OUTLINE)
    assert kinds(checked) == expected
    assert len(checked.rows) == (0 if metres > 2_000 else 1)


def test_the_county_itself_may_reach_over_its_outline() -> None:
    county = {**area(0, box(0, 0, 1, 1)), "code": "999999", "level": "county"}
    assert check_areas([county], OUTLINE).findings == ()


def test_places_twice_and_places_missing_are_pointed_out() -> None:
    here = (WEST + 0.1, SOUTH + 0.1)
    checked = check_areas([area(0, at=here), area(1, at=here), area(2)], OUTLINE)
    assert kinds(checked) == [
        (FindingKind.WARNED, "map.check.same_place", VILLAGES[1]),
        (FindingKind.WARNED, "map.check.no_place", VILLAGES[2]),
    ]
    assert len(checked.rows) == 3


INNER = [(WEST + 0.05 * place, SOUTH + 0.05 * place) for place in range(1, 4)]


@pytest.mark.parametrize(
    ("written", "declared", "told"),
    [
        (Datum.GCJ02, Datum.WGS84, ["GCJ-02（高德、腾讯）"]),
        (Datum.BD09, Datum.CGCS2000, ["BD-09（百度）"]),
        (Datum.WGS84, Datum.GCJ02, ["WGS-84（GPS）"]),
        (Datum.WGS84, Datum.BD09, ["WGS-84（GPS）"]),
        (Datum.GCJ02, Datum.GCJ02, []),
    ],
)
def test_a_shift_of_places_that_stay_in_the_county_is_seen_by_where_they_stood(
    written: Datum, declared: Datum, told: list[str]
) -> None:
    lon, lat = to_wgs84(*from_wgs84(*np.array(INNER).T, written), declared)
    rows = [area(place, at=(float(x), float(y))) for place, (x, y) in enumerate(zip(lon, lat, strict=True))]
    known = dict(zip(VILLAGES, INNER, strict=False))
    found = [one for one in check_areas(rows, OUTLINE, known).findings if one.key == "map.check.moved"]
    assert [one.params["datum"] for one in found] == told
    assert check_areas(rows, OUTLINE).findings == ()
    assert check_areas(rows[:2], OUTLINE, known).findings == ()


def border_places(datum: Datum) -> list[dict[str, Any]]:
    """Forty places just inside the outline, as a file in `datum` would hold them."""
    ring = box(*BOUNDS).buffer(-0.001).exterior
    places: list[Point] = [ring.interpolate(share, normalized=True) for share in np.linspace(0, 1, 40, endpoint=False)]
    lon, lat = from_wgs84([place.x for place in places], [place.y for place in places], datum)
    return [
        {**area(0, at=(float(x), float(y))), "code": f"9999991{number:05d}"}
        for number, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]


@pytest.mark.parametrize(("datum", "named"), [(Datum.GCJ02, "GCJ-02"), (Datum.BD09, "BD-09"), (Datum.WGS84, None)])
def test_the_shift_of_a_wrong_datum_is_noticed(datum: Datum, named: str | None) -> None:
    findings = [finding for finding in check_areas(border_places(datum), OUTLINE).findings if finding.key == "map.check.shift"]
    assert [named in finding.say("en") for finding in findings if named] == ([True] if named else [])
    assert len(findings) == (1 if named else 0)


def test_one_place_outside_is_no_shift() -> None:
    lon, lat = from_wgs84(WEST + 0.1, SOUTH + 0.001, Datum.GCJ02)
    checked = check_areas([area(0, at=(float(lon), float(lat)))], OUTLINE)
    assert [finding.key for finding in checked.findings] == ["map.check.outside.warned"]


def test_findings_speak_both_languages() -> None:
    finding = Finding(FindingKind.WARNED, "map.check.no_place", "999999100001", "东村")
    assert "东村（999999100001）" in finding.say("zh")
    assert "东村 (999999100001)" in finding.say("en")


def test_no_rows_nothing_found() -> None:
    assert check_areas([], OUTLINE) == CheckedAreas((), ())
