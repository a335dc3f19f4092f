"""The door without a server: requests and websockets as ASGI messages, in front of an app that says what it was told."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from access.door import Door
from access.headers import SecurityHeaders
from access.routes import build_routes, show_unavailable
from access.settings import DoorSettings
from access.visits import Visits

HERE = ("127.0.0.1", 50000)
AWAY = ("10.0.0.7", 50000)
PASSWORD = "Kou-chuo_2026"
COUNTY = "350430"


@dataclass
class Answer:
    """What came back for a request."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def token(self) -> str | None:
        """The session token that the answer sets, if it sets one."""
        named = (cookie.split(";")[0].partition("=") for cookie in self.cookies)
        return next((value for name, _, value in named if name.endswith("kongchuo") and value), None)


@dataclass
class Caller:
    """Someone who talks to an ASGI app, with a cookie and headers of one's own."""

    app: Any
    client: tuple[str, int] = HERE
    host: str = "localhost:8501"
    scheme: str = "http"
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def scope(self, kind: str, path: str, headers: Mapping[str, str], method: str = "GET") -> dict[str, Any]:
        path, _, query = path.partition("?")
        cookie = {"cookie": f"{'__Host-' if self.scheme == 'https' else ''}kongchuo={self.token}"} if self.token else {}
        told = {"host": self.host} | cookie | self.headers | dict(headers)
        scheme = self.scheme.replace("http", "ws") if kind == "websocket" else self.scheme
        return {
            "type": kind, "method": method, "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "root_path": "",
            "scheme": scheme, "client": self.client, "server": ("127.0.0.1", 8501), "subprotocols": [], "http_version": "1.1",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()],
        }  # fmt: skip

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Send a request; underscores in header names become hyphens."""
        return asyncio.run(self.ask_within(path, method, body, **headers))

    async def ask_within(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        sent: list[dict[str, Any]] = []
        posted = [{"type": "http.request", "body": body, "more_body": False}]
        scope = self.scope("http", path, {name.replace("_", "-"): value for name, value in headers.items()}, method)

        async def receive() -> dict[str, Any]:
            return posted.pop() if posted else await asyncio.get_running_loop().create_future()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start = next(message for message in sent if message["type"] == "http.response.start")
        pairs = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
        content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
        return Answer(start["status"], dict(pairs), content, [value for name, value in pairs if name == "set-cookie"])

    def look(self, path: str = "/", **headers: str) -> Answer:
        """Go to a page, as a browser does."""
        return self.ask(path, "GET", b"", accept="text/html", sec_fetch_mode="navigate", **headers)

    def post(self, path: str, body: str, **headers: str) -> Answer:
        """Send a form, as a browser does from a page of ours."""
        told = {"origin": f"{self.scheme}://{self.host}"} | headers
        return self.ask(path, "POST", body.encode(), **told)

    @asynccontextmanager
    async def socket(self, **headers: str) -> AsyncIterator["Socket"]:
        """An open websocket; its task ends with the block."""
        told = {"origin": f"{self.scheme}://{self.host}"} | headers
        socket = Socket()
        task = asyncio.create_task(
            self.app(self.scope("websocket", "/_stcore/stream", told), socket.to_app.get, socket.from_app.put)
        )
        socket.to_app.put_nowait({"type": "websocket.connect"})
        try:
            yield socket
        finally:
            socket.to_app.put_nowait({"type": "websocket.disconnect", "code": 1000})
            await asyncio.wait_for(task, 10)


class Socket:
    """The browser's end of a websocket."""

    def __init__(self) -> None:
        self.to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.from_app.get(), 10)

    def say(self, data: bytes) -> None:
        self.to_app.put_nowait({"type": "websocket.receive", "bytes": data})


async def tell(request: Request) -> Response:
    """The pages behind the door: they answer with what they were told."""
    return JSONResponse(
        {"path": request.url.path, "headers": dict(request.headers)}, headers={"Access-Control-Allow-Origin": "*"}
    )


async def echo(socket: WebSocket) -> None:
    """Streamlit behind the door: says which session it was told, then gives back what it gets."""
    await socket.accept()
    await socket.send_text(json.dumps(dict(socket.headers)))
    async for data in socket.iter_bytes():
        await socket.send_bytes(data)


def build_app(engine: Engine, settings: DoorSettings) -> Starlette:
    """The door as app.py builds it, in front of `tell` and `echo`."""
    visits = Visits(engine, settings)
    methods = ["GET", "POST", "PUT", "DELETE"]
    behind = [WebSocketRoute(f"{settings.base}/_stcore/stream", echo), Route("/{path:path}", tell, methods=methods)]
    return Starlette(
        routes=[*build_routes(visits), *behind],
        middleware=[Middleware(SecurityHeaders, settings=settings), Middleware(Door, visits=visits)],
        exception_handlers={SQLAlchemyError: partial(show_unavailable, visits)},
    )
