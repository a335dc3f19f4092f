"""Tells Streamlit's frontend where its server is, so that a deep link does not first ask below the page's own address."""

import json

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD = b"<head>"
SCRIPT = "<script>window.__streamlit={{BACKEND_BASE_URL:location.origin+{base}}}</script>"


class PointedFrontend:
    """ASGI middleware that writes the server's address into the HTML of the frontend; everything else passes untouched.

    Without it the frontend of /cases asks /cases/_stcore/health first, is told 404, and shows that as an error in the console.
    `base` is the path the app is served under, empty or /PATH.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self._script = SCRIPT.format(base=json.dumps(f"{base}/")).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        if b"text/html" in dict(scope["headers"]).get(b"accept", b""):  # 8 KB, asked for unpacked so as to be written into
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        start: Message | None = None
        body = b""

        async def answer(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._send(send, start, body)

        await self.app(scope, receive, answer)

    async def _send(self, send: Send, start: Message, body: bytes) -> None:
        pointed = body.replace(HEAD, HEAD + self._script, 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(pointed))
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": pointed})


def _is_html(message: Message) -> bool:
    """Whether this is the frontend's page: not one of the door's own, which bring a policy that allows no script."""
    headers = dict(message["headers"])
    written = {b"content-encoding", b"content-security-policy"} & headers.keys()
    return headers.get(b"content-type", b"").startswith(b"text/html") and not written
