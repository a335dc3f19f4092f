"""Who stands behind a session, and whether it is still live."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, select

from data_access.door_policy import DoorPolicy, read_policy
from data_access.engine import business_date, is_demo
from data_access.schema import now, user_account, user_session
from domain.errors import ScopeError
from domain.scope import Role, Scope

DEMO = "demo:"  # the names of the demo's own accounts begin so; no name that is typed in can
VOUCHED = "proxy:"  # the client of a session that a reverse proxy opened begins so


@dataclass(frozen=True)
class Visitor:
    """Who stands behind a live session; `must_change`: a new password comes before anything else; `seen_at`: its last use."""

    session_id: str
    scope: Scope
    shown_name: str
    must_change: bool
    seen_at: datetime


def session_id_of(token: str) -> str:
    """What the app knows a session by, 64 hex digits: the token itself is known to the browser alone."""
    return sha256(token.encode()).hexdigest()


def read_visitor(conn: Connection, session_id: str) -> Visitor | None:
    """Who stands behind a session that is live; None for all others.

    Live: not ended, not past its absolute end, not idle for too long, its account neither disabled nor past its last
    day. A demo session does not idle out, and lives only while the database holds the demo.
    """
    try:
        token_hash = bytes.fromhex(session_id)
    except ValueError:
        return None
    row = conn.execute(
        select(user_account, user_session.c.seen_at, user_session.c.client)
        .join(user_session)
        .where(user_session.c.token_hash == token_hash, user_session.c.ended_at.is_(None), user_session.c.ends_at > now())
    ).first()
    policy = read_policy(conn)
    if row is None or not _may_stay(conn, row, policy):
        return None
    try:
        return Visitor(session_id, scope_of(row), row.shown_name or row.name, _must_change(row, policy), row.seen_at)
    except (ScopeError, ValueError):
        return None


def scope_of(account: Row[Any]) -> Scope:
    """The scope written in an account row. Raises ScopeError or ValueError when the row holds none that is valid."""
    return Scope(
        user=account.name,
        role=Role(account.role),
        areas=tuple(filter(None, account.areas.split(","))),
        schools=tuple(filter(None, account.schools.split(","))),
        until=account.until,
    )


def _may_stay(conn: Connection, row: Row[Any], policy: DoorPolicy) -> bool:
    if row.disabled or (row.until and row.until < business_date(conn)):
        return False
    if row.name.startswith(DEMO):
        return is_demo(conn)
    return bool(row.seen_at > now() - timedelta(minutes=policy.idle_minutes))


def _must_change(row: Row[Any], policy: DoorPolicy) -> bool:
    """Whether the password was set by somebody else, or is older than the rules allow; without one there is none to change."""
    if row.password_hash is None or row.client.startswith(VOUCHED):
        return False
    aged = row.password_set_at is None or row.password_set_at < now() - timedelta(days=policy.max_age_days)
    return bool(row.must_change or (policy.max_age_days and aged))
