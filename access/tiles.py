"""Tiles of the basemap behind the door: from a file, or from a service whose key never reaches a browser."""

from collections.abc import Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import ProblemError

WEEK = "private, max-age=604800"


class Tile(Protocol):
    """One image."""

    @property
    def content(self) -> bytes:
        """Its bytes."""

    @property
    def media_type(self) -> str:
        """PNG, JPEG or WebP."""


FindTile = Callable[[str, int, int, int], Tile | None]


def no_tiles(_name: str, _z: int, _x: int, _y: int) -> None:
    """Where no basemap is set there are none, and nothing is asked for."""


def send_tile(find: FindTile, request: Request) -> Response:
    """Answer `/tiles/{name}/{z}/{x}/{y}`: 404 for what there is none of, 502 when its service does not answer."""
    given = request.path_params
    try:
        tile = find(given["name"], given["z"], given["x"], given["y"])
    except ProblemError:
        return Response("502", 502, media_type="text/plain")
    if tile is None:
        return Response("404", 404, media_type="text/plain")
    return Response(tile.content, 200, {"Cache-Control": WEEK}, tile.media_type)
