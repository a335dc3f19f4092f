"""Leaflet and the outlines, as the browser fetches them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from access.assets import VENDOR, read_vendor
from data_access.schema import shape_bundle
from tests.access.callers import Caller

Calling = Callable[..., Caller]
SHAPES = '{"type":"Topology","name":"杉溪村"}'.encode()
LEAFLET = "/vendor/leaflet/leaflet.js"


@pytest.fixture
def person(signed_in: Calling, bureau: Engine) -> Caller:
    """Somebody signed in, at a database with one bundle."""
    with bureau.begin() as conn:
        row = {
            "area_code": "350430",
            "level": "village",
            "etag": "e1",
            "content": gzip.compress(SHAPES),
            "codes": "",
            "synthetic": True,
        }
        conn.execute(insert(shape_bundle).values(row))
    return signed_in("zhang")


@pytest.mark.parametrize("path", [LEAFLET, f"{LEAFLET}?v=1.9.4", "/shapes/e1.json"])
def test_packed_for_who_can_unpack(path: str, person: Caller) -> None:
    packed, plain = person.ask(path, accept_encoding="gzip, br"), person.ask(path)
    assert (packed.status, packed.headers["content-encoding"]) == (200, "gzip")
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) or path.startswith("/shapes")
    assert packed.headers["content-length"] == str(len(packed.body))


def test_the_outlines_come_as_they_were_stored(person: Caller) -> None:
    answer = person.ask("/shapes/e1.json")
    assert (answer.body, answer.headers["content-type"]) == (SHAPES, "application/json")
    assert person.ask("/shapes/e2.json").status == 404


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        (LEAFLET, "private, no-cache"),
        (f"{LEAFLET}?v=1.9.4", "private, max-age=31536000, immutable"),
        ("/shapes/e1.json", "private, max-age=31536000, immutable"),
    ],
)
def test_kept_for_ever_only_where_the_address_changes_with_the_content(path: str, caching: str, person: Caller) -> None:
    answer = person.ask(path)
    assert answer.headers["cache-control"] == caching
    again = person.ask(path, if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert person.ask(path, if_none_match='"other"').status == 200


@pytest.mark.parametrize("path", ["leaflet/../../settings.py", "../settings.py", "/etc/passwd", "", "leaflet", "leaflet/none.js"])
def test_only_what_is_in_the_folder(path: str, person: Caller) -> None:
    assert person.ask(f"/vendor/{path}").status == 404


@pytest.mark.parametrize("path", [LEAFLET, "/shapes/e1.json"])
def test_not_for_strangers(path: str, person: Caller) -> None:
    person.token = None
    assert person.ask(path).status == 401


def test_every_file_has_a_type_a_browser_believes(tmp_path: Path) -> None:
    for name in ("a.js", "b.css", "c.png", "d.svg", "sub/e.json", "f.strange"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"content")
    types = {name: asset.media_type for name, asset in read_vendor(tmp_path).items()}
    assert types == {
        "a.js": "text/javascript; charset=utf-8", "b.css": "text/css; charset=utf-8", "c.png": "image/png",
        "d.svg": "image/svg+xml", "sub/e.json": "application/json", "f.strange": "application/octet-stream",
    }  # fmt: skip


def test_what_is_shipped_is_there() -> None:
    assert {"leaflet/leaflet.js", "leaflet/leaflet.css"} <= set(read_vendor(VENDOR))
