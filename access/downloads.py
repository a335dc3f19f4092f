"""The way out for a file: once, for the session that made it, never kept by browser or proxy."""

from collections.abc import Iterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from access.page import read_lang, write_notice
from access.visits import VISITOR
from data_access.exports import SpooledFile, take

CHUNK = 1 << 16


def send_download(request: Request) -> Response:
    """Answer `/download/{token}`; wrong session, fetched before or too old: one and the same page."""
    visitor = request.scope.get(VISITOR)
    found = take(request.path_params["token"], visitor.session_id) if visitor and request.method == "GET" else None
    if found is None:
        return write_notice(read_lang(request), "download_gone", 404, request.scope.get("root_path", ""))
    return StreamingResponse(_read(found), headers=_headers(found), media_type=found.media_type)


def _headers(found: SpooledFile) -> dict[str, str]:
    named = f"filename=\"{_plain(found.file_name)}\"; filename*=UTF-8''{quote(found.file_name, safe='')}"
    return {
        "Content-Disposition": f"attachment; {named}",
        "Content-Length": str(found.size),
        "Cache-Control": "no-store, private",
        "Content-Encoding": "identity",  # already packed, and a length that is true
    }


def _plain(name: str) -> str:
    """The name for clients that do not read `filename*`: ASCII letters, digits, `.`, `-`, `_`."""
    return "".join(char if char.isascii() and (char.isalnum() or char in ".-_") else "_" for char in name)


def _read(found: SpooledFile) -> Iterator[bytes]:
    with found.content as content:
        while chunk := content.read(CHUNK):
            yield chunk
