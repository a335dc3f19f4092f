"""The way of a tile to the browser: only behind the door, with the right answer for each failure."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from access.tiles import send_tile
from domain.errors import ProblemError
from geo.tile_files import Tile
from tests.access.callers import Caller


def find(name: str, z: int, x: int, y: int) -> Tile | None:
    if name == "down":
        raise ProblemError("map.tiles.unreachable")
    return Tile(b"png", "image/png") if (name, z, x, y) == ("file", 3, 2, 1) else None


def ask(name: str, z: int, x: int, y: int) -> Response:
    return send_tile(find, Request({"type": "http", "path_params": {"name": name, "z": z, "x": x, "y": y}}))


def test_a_tile_is_kept_by_the_browser_alone() -> None:
    answer = ask("file", 3, 2, 1)
    assert (answer.status_code, answer.body, answer.media_type) == (200, b"png", "image/png")
    assert answer.headers["cache-control"].startswith("private")


@pytest.mark.parametrize(("name", "status"), [("file", 404), ("down", 502)])
def test_failures_say_nothing_else(name: str, status: int) -> None:
    answer = ask(name, 0, 0, 0)
    assert (answer.status_code, answer.body) == (status, str(status).encode())


def test_only_behind_the_door(signed_in: Callable[..., Caller], caller: Callable[..., Caller], bureau: Engine) -> None:
    assert signed_in("zhang").ask("/tiles/file/0/0/0").status == 404  # no basemap is set: there are none
    assert caller(bureau).ask("/tiles/file/0/0/0").status in (302, 303, 401, 403)
