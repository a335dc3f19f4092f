"""Who stands at the door: the session behind a request, and the ways in that need no password."""

from dataclasses import dataclass
from hmac import compare_digest

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from access.settings import DoorSettings, host_name, is_loopback
from data_access.accounts import normal_name
from data_access.engine import is_demo
from data_access.keys import cipher_of
from data_access.migrate import require_schema
from data_access.secrets import Cipher
from data_access.sessions import end_session, open_demo_session, open_vouched_session, touch_session
from data_access.visitors import Visitor, read_visitor, session_id_of
from domain.errors import ProblemError
from domain.scope import Role

VISITOR = "app.visitor"  # where in the ASGI scope the routes find who is there
PROXIED = "app.proxied"  # and whom a reverse proxy vouches for
TROUBLES = {  # why the database may not be used -> the door's notice
    "db.not_migrated": "not_migrated",
    "db.newer": "newer",
    "walls.no_roles": "no_roles",
    "walls.other": "not_migrated",
}
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True)
class Visits:
    """Sessions of one database, as the door reads and opens them. Every call goes to the database: nothing is remembered."""

    engine: Engine
    settings: DoorSettings

    def read(self, conn: HTTPConnection) -> Visitor | None:
        """Who sent this request; None without a live session, or when the proxy says it is somebody else."""
        token = conn.cookies.get(cookie_name(conn))
        visitor = self.recheck(session_id_of(token), used=True) if token else None
        vouched = conn.scope[PROXIED]
        return visitor if visitor is None or vouched in {None, visitor.scope.user} else None

    def recheck(self, session_id: str, used: bool) -> Visitor | None:
        """Who is behind a session now; `used` keeps it from idling out."""
        with self.engine.connect() as db:
            visitor = read_visitor(db, session_id)
        if visitor and used:
            touch_session(self.engine, visitor)
        return visitor

    def proxied_user(self, conn: HTTPConnection) -> str | None:
        """Whom a reverse proxy vouches for, if it knows our common secret (headers X-App-Proxy-Secret, X-App-Proxy-User)."""
        told, secret = conn.headers.get("x-app-proxy-secret", ""), self.settings.proxy_secret
        if secret is None or not compare_digest(told.encode(), secret.encode()):
            return None
        return normal_name(conn.headers.get("x-app-proxy-user", "")) or None

    def open_without_password(self, conn: HTTPConnection) -> str | None:
        """The token of a session for whom the proxy vouches, or for the open demo; None for everybody else."""
        if conn.scope[PROXIED]:
            return open_vouched_session(self.engine, conn.scope[PROXIED], client_of(conn))
        return self.open_demo(conn, Role.COUNTY) if self.opens_demo(conn) else None

    def opens_demo(self, conn: HTTPConnection) -> bool:
        """Whether no password is needed: a demo database, seen from this machine by a loopback name, no proxy between."""
        if not is_loopback(client_of(conn)) or not is_loopback(host_name(conn.headers.get("host", ""))):
            return False
        if any(name in conn.headers for name in FORWARDED):
            return False
        with self.engine.connect() as db:
            return is_demo(db)

    def open_demo(self, conn: HTTPConnection, role: Role) -> str:
        """The token of a new demo session; the one before it ends."""
        self.leave(conn)
        return open_demo_session(self.engine, role, client_of(conn))

    def leave(self, conn: HTTPConnection) -> None:
        """End the session that this browser holds, if any."""
        token = conn.cookies.get(cookie_name(conn))
        if token:
            end_session(self.engine, session_id_of(token))

    def trouble(self) -> str:
        """Why the database could not be asked, as a notice says it: its tables are not the program's, or it is not there."""
        try:
            with self.engine.connect() as db:
                require_schema(db)
        except ProblemError as problem:
            return TROUBLES[problem.key]
        except SQLAlchemyError:
            pass
        return "unavailable"

    def cipher(self) -> Cipher:
        """The keys of this database. Raises ProblemError db.key_missing, db.key_wrong."""
        return cipher_of(self.engine)


def client_of(conn: HTTPConnection) -> str:
    """The address a request came from; empty when the server does not say."""
    return conn.client.host if conn.client else ""


def is_secure(conn: HTTPConnection) -> bool:
    """Whether the browser speaks TLS to us or to our proxy."""
    return conn.scope["scheme"] in {"https", "wss"}


def cookie_name(conn: HTTPConnection) -> str:
    """`__Host-` binds the cookie to this host, to TLS and to the whole site; browsers refuse it without TLS."""
    return "__Host-kongchuo" if is_secure(conn) else "kongchuo"


def set_cookie(response: Response, conn: HTTPConnection, token: str) -> None:
    """Give the browser its token, out of reach of scripts and of other sites, until it is closed."""
    response.set_cookie(cookie_name(conn), token, path="/", secure=is_secure(conn), httponly=True, samesite="strict")


def drop_cookie(response: Response, conn: HTTPConnection) -> None:
    """Take the token from the browser."""
    response.delete_cookie(cookie_name(conn), path="/", secure=is_secure(conn), httponly=True, samesite="strict")
