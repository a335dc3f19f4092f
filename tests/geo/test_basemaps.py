"""Basemaps: none unless a setting names one, no key in the browser, no host that was not set."""

from pathlib import Path

import pytest

from domain.errors import ProblemError
from geo.basemaps import Basemap, parse_basemap
from geo.crs import Datum

APPROVAL = "审图号：GS（示例）0000号"
XYZ = {
    "basemap": "xyz",
    "basemap_url": "https://{s}.tiles.example.cn/{z}/{x}/{y}.png",
    "basemap_servers": "abc",
    "basemap_attribution": "县测绘中心",
    "basemap_datum": "cgcs2000",
}


def parsed(settings: dict[str, str]) -> Basemap:
    found = parse_basemap(settings)
    assert found is not None
    return found


@pytest.mark.parametrize("settings", [{}, {"basemap": ""}, {"basemap": "none"}, {"basemap": " none "}])
def test_no_setting_no_basemap(settings: dict[str, str]) -> None:
    assert parse_basemap(settings) is None


def test_tianditu_is_fetched_by_the_door_and_keeps_its_key() -> None:
    found = parsed({"basemap": "tianditu", "basemap_key": "abc123", "basemap_approval": APPROVAL})
    assert found.hosts == ()
    assert found.urls == ("../../tiles/tianditu-vec/{z}/{x}/{y}", "../../tiles/tianditu-cva/{z}/{x}/{y}")
    assert "abc123" not in str(found.to_script()) + repr(found)
    address = found.proxies[1].address(12, 3366, 1736)
    assert address.startswith("https://t6.tianditu.gov.cn/cva_w/wmts?")
    assert address.endswith("TILEMATRIX=12&TILEROW=1736&TILECOL=3366&tk=abc123")


def test_amap_is_shifted_and_asked_directly() -> None:
    found = parsed({"basemap": "amap", "basemap_approval": APPROVAL})
    assert found.to_script()["shifted"] is True
    assert found.hosts == tuple(f"https://webrd0{server}.is.autonavi.com" for server in "1234")
    assert found.proxies == ()


def test_own_tiles_name_their_servers() -> None:
    found = parsed(XYZ)
    assert found.hosts == tuple(f"https://{server}.tiles.example.cn" for server in "abc")
    assert found.to_script()["shifted"] is False
    assert found.datum is Datum.CGCS2000


def test_a_file_of_tiles_is_served_by_ourselves(tmp_path: Path) -> None:
    file = tmp_path / "county.mbtiles"
    file.touch()
    found = parsed({"basemap": "file", "basemap_file": str(file), "basemap_datum": "gcj02"})
    assert (found.hosts, found.file, found.to_script()["shifted"]) == ((), file, True)


def test_attribution_and_approval_stand_together() -> None:
    found = parsed({"basemap": "tianditu", "basemap_key": "k", "basemap_approval": APPROVAL})
    assert found.to_script()["attribution"] == f"天地图 © 国家地理信息公共服务平台 · {APPROVAL}"
    assert parsed(XYZ).to_script()["attribution"] == "县测绘中心"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"basemap": "google"}, "google"),
        ({"basemap": "tianditu", "basemap_approval": APPROVAL}, "basemap_key"),
        ({"basemap": "tianditu", "basemap_key": "a&b", "basemap_approval": APPROVAL}, "密钥"),
        ({"basemap": "tianditu", "basemap_key": "abc"}, "basemap_approval"),
        ({"basemap": "amap"}, "basemap_approval"),
        ({**XYZ, "basemap_url": ""}, "basemap_url"),
        ({**XYZ, "basemap_attribution": ""}, "basemap_attribution"),
        ({**XYZ, "basemap_datum": ""}, "basemap_datum"),
        ({**XYZ, "basemap_datum": "bd09"}, "basemap_datum"),
        ({**XYZ, "basemap_datum": "beijing54"}, "basemap_datum"),
        ({**XYZ, "basemap_servers": ""}, "basemap_url"),
        ({"basemap": "file", "basemap_file": "/nowhere/x.mbtiles", "basemap_datum": "wgs84"}, "x.mbtiles"),
    ],
)
def test_what_is_wrong_is_named(settings: dict[str, str], told: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse_basemap(settings)
    assert told in refused.value.say("zh")


@pytest.mark.parametrize(
    "url",
    [
        "https://tiles.example.cn/{z}/{x}.png",
        "https://tiles.example.cn/{z}/{x}/{y}/{q}",
        "https://tiles.example.cn/{z}/{x}/{y}; script-src *",
        "https://tiles.example.cn /{z}/{x}/{y}",
        "https://me:secret@tiles.example.cn/{z}/{x}/{y}",
        "https://{x}.example.cn/{z}/{y}/{x}",
        "javascript:alert(1)/{z}/{x}/{y}",
        "//tiles.example.cn/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://tiles.example.cn/{z}/{x}/{y}/<b>",
        "https://tiles.example.cn/{z}/{x}/{y!r}",
        "https://tiles.example.cn/{z}/{x}/{y",
        "https://[::1/{z}/{x}/{y}",
    ],
)
def test_addresses_that_could_break_out_are_refused(url: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse_basemap({**XYZ, "basemap_url": url, "basemap_servers": ""})
    assert "basemap_url" in refused.value.say("zh")
