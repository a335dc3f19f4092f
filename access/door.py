"""The door in front of every HTTP request and every websocket message."""

from urllib.parse import urlencode

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from access.named_paths import NamedPaths
from access.page import is_navigation, local_target, read_lang, write_notice, write_returning
from access.sockets import SIGNED_OUT, UNAVAILABLE, CheckedSocket
from access.visits import PROXIED, VISITOR, Visits, set_cookie
from data_access.visitors import Visitor
from domain.errors import AuditError
from domain.terms import say

SESSION_HEADER = "x-app-session"  # how pages learn who is there: server.trustedUserHeaders makes it st.user["session"]
HEALTH = "/_stcore/health"  # says ok, and nothing else
PUBLIC = frozenset({"/sign-in", HEALTH})
BEFORE_PASSWORD = PUBLIC | {"/password", "/sign-out"}  # what is open to someone whose password must be changed first
NAMED = ("/media/", "/_stcore/upload_file/")
CLOSED = ("/_stcore/metrics", "/_stcore/agent/", "/_stcore/script-health-check", "/app/static/", "/auth/", "/oauth2callback")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Door:
    """Lets in who has a live session, tells the pages which one, and turns all others away.

    For HTTP and websocket alike it drops `x-app-*` headers that come from outside and sets its own. Each websocket
    message is checked against the session anew, so that an ended session is over in open tabs as well.
    """

    def __init__(self, app: ASGIApp, visits: Visits) -> None:
        self.app = app
        self.visits = visits
        self.settings = visits.settings
        self.named = NamedPaths()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope[PROXIED] = self.visits.proxied_user(HTTPConnection(scope))
        scope["headers"] = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(b"x-app-")]
        conn = HTTPConnection(scope)
        try:
            visitor = await to_thread.run_sync(self.visits.read, conn)
        except SQLAlchemyError:
            await self._turn_away(conn, receive, send)
            return
        scope[VISITOR] = visitor
        if visitor:
            MutableHeaders(scope=scope)[SESSION_HEADER] = visitor.session_id
        await (self._pass_socket if scope["type"] == "websocket" else self._pass_http)(conn, visitor, receive, send)

    async def _pass_http(self, conn: HTTPConnection, visitor: Visitor | None, receive: Receive, send: Send) -> None:
        answer = self._refuse(conn, visitor)
        path = self._path(conn)
        if answer is None and visitor is None and path not in PUBLIC:
            answer = await self._welcome(conn)
        elif answer is None and visitor and visitor.must_change and path not in BEFORE_PASSWORD:
            answer = self._send_to(conn, "/password")
        await (answer or self.app)(conn.scope, receive, send)

    def _refuse(self, conn: HTTPConnection, visitor: Visitor | None) -> Response | None:
        """The answer to a request that nobody may make, or not this visitor."""
        path = self._path(conn)
        if not self.settings.knows_host(conn.headers.get("host", "")) and path != HEALTH:
            return self._notice(conn, "wrong_host", 421)
        if conn.scope["method"] not in SAFE and not _same_origin(conn):
            return self._notice(conn, "cross_site", 403)
        if path.startswith(CLOSED) or (path.startswith(NAMED) and not (visitor and self.named.open_to(visitor.session_id, path))):
            return self._notice(conn, "not_found", 404)
        return None

    async def _welcome(self, conn: HTTPConnection) -> Response:
        """The answer to someone without a session: the open demo, what the proxy vouches for, else the sign-in page."""
        if not is_navigation(conn):
            return self._send_to(conn, "/sign-in")
        if conn.headers.get("sec-fetch-site") == "cross-site":
            return write_returning(read_lang(conn))
        try:
            token = await to_thread.run_sync(self.visits.open_without_password, conn)
        except SQLAlchemyError:
            return await self._unavailable(conn)
        except AuditError:
            return self._notice(conn, "no_audit", 503)
        if token is None:
            return self._notice(conn, "no_account", 403) if conn.scope[PROXIED] else self._send_to(conn, "/sign-in")
        response = RedirectResponse(self._target(conn), 303)
        set_cookie(response, conn, token)
        return response

    def _send_to(self, conn: HTTPConnection, place: str) -> Response:
        """A person goes to `place` and on from there; a part of a page gets JSON, which Streamlit shows."""
        if not is_navigation(conn):
            return JSONResponse(say("access.signed_out", read_lang(conn)), 401, {"Cache-Control": "no-store"})
        return RedirectResponse(f"{self.settings.base}{place}?{urlencode({'next': self._target(conn)})}", 303)

    async def _pass_socket(self, conn: HTTPConnection, visitor: Visitor | None, receive: Receive, send: Send) -> None:
        known = self.settings.knows_host(conn.headers.get("host", "")) and _same_origin(conn)
        if visitor is None or visitor.must_change or not known:
            await send({"type": "websocket.close", "code": SIGNED_OUT})
            return
        session_id = visitor.session_id

        async def why_over(used: bool) -> int | None:
            try:
                return None if await to_thread.run_sync(self.visits.recheck, session_id, used) else SIGNED_OUT
            except SQLAlchemyError:
                return UNAVAILABLE

        await CheckedSocket(receive, send, why_over).run(self.app, conn.scope, self.named, session_id)

    async def _turn_away(self, conn: HTTPConnection, receive: Receive, send: Send) -> None:
        """The database cannot be asked who this is, so it is nobody, for now."""
        if conn.scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": UNAVAILABLE})
        else:
            await (await self._unavailable(conn))(conn.scope, receive, send)

    async def _unavailable(self, conn: HTTPConnection) -> Response:
        return self._notice(conn, await to_thread.run_sync(self.visits.trouble), 503)

    def _notice(self, conn: HTTPConnection, key: str, status: int) -> Response:
        return write_notice(read_lang(conn), key, status, self.settings.base)

    def _path(self, conn: HTTPConnection) -> str:
        """The path below the base path, as the router will see it: never taken from the URL, which a client can bend."""
        return str(conn.scope["path"]).removeprefix(self.settings.base)

    def _target(self, conn: HTTPConnection) -> str:
        return local_target(f"{conn.scope['path']}?{conn.url.query}".removesuffix("?"), self.settings.base)


def _same_origin(conn: HTTPConnection) -> bool:
    """Whether the page that sends this is ours: browsers always say where a write or a websocket comes from."""
    scheme, _, origin_host = conn.headers.get("origin", "").partition("://")
    return scheme in {"http", "https"} and origin_host == conn.headers.get("host")
