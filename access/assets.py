"""Files the map needs from its own machine: Leaflet and its like, and the outlines of villages and towns."""

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, select
from starlette.requests import Request
from starlette.responses import Response

from data_access.schema import shape_bundle

VENDOR = Path(__file__).parent / "vendor"
FOREVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
PACKED = frozenset({".js", ".css", ".svg", ".json", ".txt", ".md"})
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}  # a Windows registry may say otherwise


@dataclass(frozen=True)
class Asset:
    """A file as it goes over the wire."""

    content: bytes
    media_type: str
    etag: str
    packed: bool


def read_vendor(folder: Path = VENDOR) -> dict[str, Asset]:
    """Every file under `folder` by its path with `/`, packed once where packing helps."""
    return {path.relative_to(folder).as_posix(): _read_asset(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _read_asset(path: Path) -> Asset:
    raw = path.read_bytes()
    packed = path.suffix in PACKED
    content = gzip.compress(raw, 9, mtime=0) if packed else raw
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, media_type, sha256(raw).hexdigest()[:16], packed)


@dataclass(frozen=True)
class Assets:
    """The two routes; who may fetch from them has been asked at the door."""

    engine: Engine
    vendor: dict[str, Asset]

    def send_vendor(self, request: Request) -> Response:
        """Answer `/vendor/{path}`; with `?v=` anything the browser keeps it for ever, without it asks each time (304)."""
        asset = self.vendor.get(request.path_params["path"])
        return _send(request, asset, FOREVER if "v" in request.query_params else ASK_AGAIN)

    def send_shapes(self, request: Request) -> Response:
        """Answer `/shapes/{etag}.json`: the address changes with the content, so the browser keeps it for ever."""
        etag = request.path_params["etag"]
        with self.engine.connect() as conn:
            content = conn.execute(select(shape_bundle.c.content).where(shape_bundle.c.etag == etag)).scalar()
        return _send(request, content and Asset(content, "application/json", etag, packed=True), FOREVER)


def _send(request: Request, asset: Asset | None, caching: str) -> Response:
    if asset is None:
        return Response("404", 404, media_type="text/plain")
    headers = {"Cache-Control": caching, "ETag": f'"{asset.etag}"', "Vary": "Accept-Encoding"}
    if f'"{asset.etag}"' in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    if not asset.packed:
        return Response(asset.content, 200, headers, asset.media_type)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(asset.content), 200, headers, asset.media_type)
    return Response(asset.content, 200, headers | {"Content-Encoding": "gzip"}, asset.media_type)
