"""What Streamlit's frontend is told before it starts: where its server is, and to leave when the session is over."""

import json
from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.page import read_lang, write_notice

HEAD = b"<head>"
PARTS = ("component/", "_stcore/")  # pages inside pages, the map's among them
SCRIPT = """<script>window.__streamlit={{BACKEND_BASE_URL:location.origin+{base}}};
window.WebSocket=class extends WebSocket{{constructor(...given){{super(...given);this.addEventListener("close",()=>
fetch(location.origin+{base}+"_stcore/host-config").then(told=>told.status===401&&location.reload(),()=>0))}}}}</script>"""


class PointedFrontend:
    """ASGI middleware that writes a script into the HTML of the frontend; everything else passes untouched.

    The server's address: without it the frontend of /cases asks /cases/_stcore/health first, is told 404, and shows that as an
    error in the console. And a tab whose socket closes asks whether its session is over, and if so loads itself again, which
    ends at the sign-in page: what it showed, identifiers among it, would stay on the screen behind an error.
    `base` is the path the app is served under, empty or /PATH. `names`: the addresses of the pages there are. At any other one
    Streamlit gives its frontend too, which stays white or says in English that there is no such page: here the door says so.
    """

    def __init__(self, app: ASGIApp, base: str = "", names: Collection[str] | None = None) -> None:
        self.app = app
        self.base = base
        self.names = names
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
                if not message.get("more_body") and self._knows(scope["path"]):
                    await self._send(send, start, body)
                elif not message.get("more_body"):
                    await write_notice(read_lang(HTTPConnection(scope)), "not_found", 404, self.base)(scope, receive, send)

        await self.app(scope, receive, answer)

    def _knows(self, path: str) -> bool:
        inside = path.removeprefix(self.base).strip("/")
        return self.names is None or inside in self.names or inside.startswith(PARTS)

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
