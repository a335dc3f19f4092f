"""Tiles of a basemap as the door serves them: from a file on this machine, or fetched from a service whose key stays here."""

from collections.abc import Callable
from functools import lru_cache
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from domain.errors import ProblemError
from geo.basemaps import Basemap, TileProxy
from geo.tile_files import Tile, read_tile

FILE = "file"
DEEPEST = 22  # zoom
SECONDS = 10
LARGEST = 1 << 20  # bytes of a tile; real ones are a few kilobytes
KEPT = 512  # tiles in memory
TileSource = Callable[[str, int, int, int], Tile | None]


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the key elsewhere."""

    def redirect_request(self, *_given: object) -> None:
        """None: the redirect is an error."""


_opener = build_opener(_NoRedirect)


def open_tiles(basemap: Basemap | None) -> TileSource:
    """A function from (name, zoom, column, row) to the tile; None for what there is none of.

    Raises ProblemError map.tiles.unreachable when the service does not answer; nothing of its address is said, it holds the key.
    """
    proxies = {proxy.name: proxy for proxy in basemap.proxies} if basemap else {}
    file = basemap.file if basemap else None

    def find(name: str, z: int, x: int, y: int) -> Tile | None:
        if not (0 <= z <= DEEPEST and 0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        if name == FILE and file:
            return read_tile(file, z, x, y)
        return _fetch(proxies[name], z, x, y) if name in proxies else None

    return find


@lru_cache(maxsize=KEPT)
def _fetch(proxy: TileProxy, z: int, x: int, y: int) -> Tile:
    request = Request(proxy.address(z, x, y), headers={"User-Agent": "Mozilla/5.0"})  # noqa: S310
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            content, media_type = answer.read(LARGEST + 1), answer.headers.get_content_type()
    except HTTPError as refused:
        refused.close()
        raise ProblemError("map.tiles.unreachable") from None
    except (URLError, HTTPException, OSError):
        raise ProblemError("map.tiles.unreachable") from None
    if len(content) > LARGEST or not media_type.startswith("image/"):
        raise ProblemError("map.tiles.unreachable")
    return Tile(content, media_type)
