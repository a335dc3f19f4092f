"""Tiles from a service on loopback that plays 天地图: the key goes there and nowhere else; bad answers are no tiles."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from domain.errors import ProblemError
from geo.basemaps import Basemap, TileProxy, parse_basemap, read_basemap
from geo.tile_source import LARGEST, TileSource, open_tiles

PNG = b"\x89PNG tile"
KEY = "secretkey1"
Service = tuple[str, list[str]]  # its address, and what it was asked for
ANSWERS = {  # first column of the tile asked for -> status, type, body
    0: (200, "image/png", PNG),
    1: (404, "text/html", b"no"),
    2: (200, "text/html", b"<html>quota"),
    3: (200, "image/png", b"x" * (LARGEST + 1)),
    4: (302, "image/png", b""),
}


@pytest.fixture
def service() -> Iterator[Service]:
    """Its address, and what it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, kind, body = ANSWERS[int(self.path.split("/")[2])]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Location", "/3/0/0?moved")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture
def find(service: Service) -> TileSource:
    proxy = TileProxy("fake", service[0] + "/{z}/{x}/{y}?tk=" + KEY)
    return open_tiles(Basemap(("../../tiles/fake/{z}/{x}/{y}",), "测试", proxies=(proxy,)))


def test_a_tile_comes_with_the_key_and_is_asked_for_once(find: TileSource, service: Service) -> None:
    tiles = [find("fake", 3, 0, 5) for _ in range(2)]
    assert [(tile.content, tile.media_type) for tile in tiles if tile] == [(PNG, "image/png")] * 2
    assert service[1] == [f"/3/0/5?tk={KEY}"]


@pytest.mark.parametrize("column", [1, 2, 3, 4])
def test_bad_answers_are_refused_without_saying_the_key(find: TileSource, service: Service, column: int) -> None:
    with pytest.raises(ProblemError) as refused:
        find("fake", 3, column, 0)
    assert KEY not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__
    assert len(service[1]) == 1  # a redirect is not followed


NOWHERE = [("other", 3, 0, 0), ("fake", 3, 8, 0), ("fake", -1, 0, 0), ("fake", 99, 0, 0), ("file", 0, 0, 0)]


@pytest.mark.parametrize("asked", NOWHERE)
def test_what_does_not_exist_asks_nobody(find: TileSource, service: Service, asked: tuple[str, int, int, int]) -> None:
    assert find(*asked) is None
    assert service[1] == []


def test_a_service_that_is_down_is_said_to_be(find: TileSource) -> None:
    gone = Basemap(("x",), "x", proxies=(TileProxy("gone", "http://127.0.0.1:9/{z}/{x}/{y}?tk=" + KEY),))
    with pytest.raises(ProblemError, match="did not answer"):
        open_tiles(gone)("gone", 1, 0, 0)


def test_no_setting_no_tiles() -> None:
    assert read_basemap({"PATH": "x"}) is None
    assert open_tiles(None)("tianditu-vec", 1, 0, 0) is None


def test_the_environment_gives_the_same_as_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "a.mbtiles"
    file.write_bytes(b"")
    environ = {"KONGCHUO_BASEMAP": "file", "KONGCHUO_BASEMAP_FILE": str(file), "KONGCHUO_BASEMAP_DATUM": "gcj02"}
    found = read_basemap(environ)
    assert found == parse_basemap({"basemap": "file", "basemap_file": str(file), "basemap_datum": "gcj02"})
    assert found is not None
    assert replace(found, file=None) != found
