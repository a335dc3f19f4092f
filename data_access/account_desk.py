"""Accounts from the screen: what an administrator may do to the accounts of his or her own area, and what anybody to the own."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, select

from data_access import accounts
from data_access.accounts import SessionRow, list_sessions
from data_access.schema import now, school, user_account, user_session
from data_access.sessions import end_session
from data_access.visitors import DEMO, scope_of
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope, Write


@dataclass(frozen=True)
class AccountRow:
    """One account in the list: `sessions` open now, `seen_at` (UTC) the last use of any of them."""

    name: str
    shown_name: str
    role: Role
    areas: tuple[str, ...]
    schools: tuple[str, ...]
    until: date | None
    disabled: bool
    has_second_factor: bool
    sessions: int
    seen_at: datetime | None


def list_accounts(engine: Engine, scope: Scope) -> list[AccountRow]:
    """The accounts whose place lies in the administrator's, by name; the demo's own are left out."""
    scope.require(Write.ACCOUNTS)
    live = (user_session.c.ended_at.is_(None)) & (user_session.c.ends_at > now())
    used = (
        select(user_session.c.user_id, func.count().label("sessions"), func.max(user_session.c.seen_at).label("seen_at"))
        .where(live)
        .group_by(user_session.c.user_id)
        .subquery()
    )
    query = select(user_account, used.c.sessions, used.c.seen_at).outerjoin(used, used.c.user_id == user_account.c.id)
    with engine.connect() as conn:
        rows = conn.execute(query.where(~user_account.c.name.startswith(DEMO)).order_by(user_account.c.name)).all()
        return [
            AccountRow(
                row.name,
                row.shown_name or "",
                Role(row.role),
                tuple(filter(None, row.areas.split(","))),
                tuple(filter(None, row.schools.split(","))),
                row.until,
                row.disabled,
                row.totp_secret is not None,
                row.sessions or 0,
                row.seen_at,
            )
            for row in rows
            if _is_within(conn, scope, scope_of(row))
        ]


def open_account(
    engine: Engine,
    scope: Scope,
    name: str,
    role: Role,
    areas: Sequence[str],
    schools: Sequence[str],
    *,
    shown_name: str = "",
    until: date | None = None,
) -> str:
    """Open an account and return its first password, shown this once and to be changed at the first sign-in.

    Raises what accounts.add_user raises, account.no_until for an inspector without a last day (access for a round ends with
    it), ScopeError for a place outside the administrator's own.
    """
    scope.require(Write.ACCOUNTS)
    if role is Role.INSPECTOR and until is None:
        raise ProblemError("account.no_until")
    with engine.connect() as conn:
        if not _is_within(conn, scope, Scope(name or "-", role, tuple(areas), tuple(schools), until)):
            raise ScopeError("scope.no_write")
    password = first_password()
    accounts.add_user(engine, name, password, role, areas, schools, shown_name=shown_name or None, until=until, by=scope.user)
    return password


def renew_password(engine: Engine, scope: Scope, name: str) -> str:
    """A new first password, shown this once; all sessions of the account end."""
    _require_mine(engine, scope, name)
    password = first_password()
    accounts.set_password(engine, name, password, by=scope.user)
    return password


def shut_out(engine: Engine, scope: Scope, name: str, *, disabled: bool) -> None:
    """Shut an account out at once, or let it in again. Raises account.oneself: nobody shuts out him- or herself."""
    _require_mine(engine, scope, name)
    if accounts.normal_name(name) == accounts.normal_name(scope.user):
        raise ProblemError("account.oneself")
    accounts.disable(engine, name, disabled=disabled, by=scope.user)


def end_all_sessions(engine: Engine, scope: Scope, name: str) -> int:
    """End every session of an account; how many were open."""
    _require_mine(engine, scope, name)
    return accounts.end_sessions(engine, name, by=scope.user)


def list_own_sessions(engine: Engine, scope: Scope) -> list[SessionRow]:
    """Where the one who looks is signed in."""
    return list_sessions(engine, scope.user)


def end_own_session(engine: Engine, scope: Scope, session_id: str) -> None:
    """End one of one's own sessions; one of somebody else is left alone, ScopeError."""
    if session_id not in {row.session_id for row in list_own_sessions(engine, scope)}:
        raise ScopeError("scope.no_write")
    end_session(engine, session_id)


def first_password() -> str:
    """A password that no rule refuses: four groups of letters, digits and a sign."""
    return "-".join(secrets.token_hex(2).upper() + secrets.choice("abcdefghkmnpqrstuvwxyz") for _ in range(4)) + "7z"


def _require_mine(engine: Engine, scope: Scope, name: str) -> None:
    scope.require(Write.ACCOUNTS)
    with engine.connect() as conn:
        if not _is_within(conn, scope, scope_of(accounts.read_account(conn, name))):
            raise ScopeError("scope.no_write")


def _is_within(conn: Connection, scope: Scope, other: Scope) -> bool:
    """Whether a place lies in the administrator's; a school where its town does."""
    stands = conn.execute(select(school.c.code, school.c.town_code).where(school.c.code.in_(other.schools)))
    towns = {row.code: row.town_code for row in stands}
    places = [*other.areas, *(towns.get(code, "") for code in other.schools)]
    return all(place.startswith(scope.areas) for place in places)
