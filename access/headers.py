"""What every answer says to the browser about itself."""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.settings import DoorSettings

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",  # no-referrer would make browsers send `Origin: null`
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PLAIN_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)
HSTS = "max-age=31536000"


def content_policy(host: str, tile_hosts: Iterable[str]) -> str:
    """The Content-Security-Policy of the app: nothing from elsewhere but the tile servers that are set.

    Streamlit and the map component need inline and evaluated scripts, so escaping stays the first line of defence.
    """
    sockets = f" ws://{host} wss://{host}" if PLAIN_HOST.fullmatch(host) else ""  # older browsers do not count sockets as 'self'
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            " ".join(("img-src 'self' data: blob:", *tile_hosts)),
            "font-src 'self' data:",
            f"connect-src 'self'{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers to every HTTP answer; a page that sets its own policy keeps it."""

    def __init__(self, app: ASGIApp, settings: DoorSettings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        headers.update(ALWAYS)
        host = Headers(scope=scope).get("host", "")
        headers.setdefault("Content-Security-Policy", content_policy(host, self.settings.tile_hosts))
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = HSTS
        if "access-control-allow-origin" in headers:
            del headers["access-control-allow-origin"]
