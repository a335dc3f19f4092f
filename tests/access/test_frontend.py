"""The frontend learns its server's address from the page; everything else passes untouched."""

import asyncio
from typing import Any

import pytest

from access.frontend import PointedFrontend
from access.page import PAGE_POLICY
from domain.terms import say


def ask(
    body: bytes, kind: bytes, base: str = "", extra: tuple[tuple[bytes, bytes], ...] = (), path: str = "/cases"
) -> tuple[dict[bytes, bytes], bytes, Any]:
    sent: list[Any] = []
    seen: dict[str, Any] = {}

    async def page(scope: Any, _receive: Any, send: Any) -> None:
        seen.update(scope)
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *extra]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})

    async def note(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept", b"text/html,*/*"), (b"accept-encoding", b"gzip")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"lang=en", "headers": headers}
    asyncio.run(PointedFrontend(page, base, {"", "cases"})(scope, None, note))  # type: ignore[arg-type]
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:]), seen


@pytest.mark.parametrize(("base", "address"), [("", b'location.origin+"/"'), ("/kc", b'location.origin+"/kc/"')])
def test_the_address_is_written_into_the_page_and_the_length_is_right(base: str, address: bytes) -> None:
    headers, body, seen = ask(b"<!doctype html><html><head><title>x</title></head></html>", b"text/html; charset=utf-8", base)
    assert b"<head><script>window.__streamlit={BACKEND_BASE_URL:" + address + b"};" in body
    assert b"fetch(" + address + b'+"_stcore/host-config")' in body
    assert b"</script><title>" in body
    assert int(headers[b"content-length"]) == len(body)
    assert not any(name == b"accept-encoding" for name, _ in seen["headers"])


@pytest.mark.parametrize(("kind", "extra"), [(b"application/json", ()), (b"text/html", ((b"content-encoding", b"gzip"),))])
def test_what_is_no_plain_page_passes_untouched(kind: bytes, extra: tuple[tuple[bytes, bytes], ...]) -> None:
    headers, body, _ = ask(b"<head>same</head>", kind, extra=extra)
    assert body == b"<head>same</head>"
    assert int(headers[b"content-length"]) == len(body)


@pytest.mark.parametrize("path", ["/", "/cases", "/cases/", "/component/streamlit_folium.st_folium/index.html", "/_stcore/x"])
@pytest.mark.parametrize("base", ["", "/kc"])
def test_the_pages_there_are_get_the_frontend(path: str, base: str) -> None:
    _, body, _ = ask(b"<head></head>", b"text/html", base, path=base + path)
    assert body.startswith(b"<head><script>")


@pytest.mark.parametrize("path", ["/case", "/downloads/x", "/cases/1", "/%3Cb%3E"])
def test_any_other_address_is_told_that_there_is_no_such_page(path: str) -> None:
    """Streamlit's frontend would stay white below a folder that is not there, or say so in English in Chinese pages."""
    headers, body, _ = ask(b"<head></head>", b"text/html", "/kc", path=f"/kc{path}")
    assert say("access.not_found.title", "en").encode() in body
    assert b'<a href="/kc/">' in body
    assert headers[b"content-security-policy"] == PAGE_POLICY.encode()
