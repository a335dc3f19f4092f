"""Accounts: who may come in, as what, for which areas and schools."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from data_access import audit
from data_access.door_policy import read_policy
from data_access.passwords import hash_password, require_strong
from data_access.schema import now, user_account, user_session
from data_access.visitors import read_visitor
from domain.errors import ProblemError
from domain.scope import Role, Scope

NAME = re.compile(r"[\w.@-]{2,60}")
CONSOLE = "command line"  # who did it, when somebody at the server's own console did


@dataclass(frozen=True)
class SessionRow:
    """One session in a list: times are UTC, `client` is the address it came from."""

    session_id: str
    user: str
    started_at: datetime
    seen_at: datetime
    client: str


def normal_name(name: str) -> str:
    """The one form of an account name: NFKC, no blanks around, lower case."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def add_user(
    engine: Engine,
    name: str,
    password: str,
    role: Role,
    areas: Sequence[str] = (),
    schools: Sequence[str] = (),
    *,
    shown_name: str | None = None,
    until: date | None = None,
    by: str = CONSOLE,
) -> None:
    """Open an account; at the first sign-in its owner must set a password of his or her own.

    Raises ProblemError access.bad_name, access.name_taken, access.password_weak, and ScopeError for areas or schools
    that are none (an administrator, too, belongs to an area).
    """
    name = normal_name(name)
    if not NAME.fullmatch(name):
        raise ProblemError("access.bad_name")
    Scope(name, role, tuple(areas), tuple(schools), until)
    with audit.in_turn(engine, "account") as conn:
        if conn.execute(select(user_account.c.id).where(user_account.c.name == name)).first():
            raise ProblemError("access.name_taken", name=name)
        require_strong(read_policy(conn), name, password)
        place = {"areas": ",".join(areas), "schools": ",".join(schools), "until": until, "shown_name": shown_name}
        conn.execute(insert(user_account).values(name=name, role=role, **place, **_password_fields(password, must_change=True)))
        audit.append(engine, user=by, role="", act="account.add", filter=_told(name, role, areas, schools, until))


def set_password(
    engine: Engine, name: str, password: str, *, must_change: bool = True, by: str = CONSOLE, was: str | None = None
) -> str:
    """Give an account a new password, end all its sessions, and return the new password's hash.

    `was`: the hash of the password that whoever changes the own one has shown. Raises access.no_user, access.password_weak,
    and access.password_meanwhile when it is another one by now.
    """
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        if was not in {None, account.password_hash}:
            raise ProblemError("access.password_meanwhile")
        require_strong(read_policy(conn), account.name, password)
        fields = _password_fields(password, must_change=must_change)
        _change(conn, account, **fields)
        audit.append(engine, user=by, role="", act="account.password", filter=account.name)
    return str(fields["password_hash"])


def set_role(
    engine: Engine,
    name: str,
    role: Role,
    areas: Sequence[str] = (),
    schools: Sequence[str] = (),
    *,
    until: date | None = None,
    by: str = CONSOLE,
) -> None:
    """Give an account another role and place, and end its sessions. Raises access.no_user, ScopeError."""
    Scope(name, role, tuple(areas), tuple(schools), until)
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        _change(conn, account, role=role, areas=",".join(areas), schools=",".join(schools), until=until)
        audit.append(engine, user=by, role="", act="account.role", filter=_told(account.name, role, areas, schools, until))


def _told(name: str, role: Role, areas: Sequence[str], schools: Sequence[str], until: date | None) -> str:
    """What an account may see and until when, for the audit."""
    return f"{name}: {role} {','.join(areas)} {','.join(schools)}{f' until {until}' if until else ''}"


def disable(engine: Engine, name: str, *, disabled: bool = True, by: str = CONSOLE) -> None:
    """Shut an account out at once, open tabs included; or let it in again. Raises access.no_user."""
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        _change(conn, account, disabled=disabled)
        audit.append(engine, user=by, role="", act="account.disable" if disabled else "account.enable", filter=account.name)


def end_sessions(engine: Engine, name: str, *, by: str = CONSOLE) -> int:
    """End every session of an account; how many were open. Raises access.no_user."""
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        ended = _end_sessions(conn, account.id)
        audit.append(engine, user=by, role="", act="account.end_sessions", filter=account.name, row_count=ended)
    return ended


def list_sessions(engine: Engine, name: str | None = None) -> list[SessionRow]:
    """The sessions that are open, newest use first: of one account, or of all."""
    listed = (
        select(user_session, user_account.c.name)
        .join(user_account)
        .where(user_session.c.ended_at.is_(None), user_session.c.ends_at > now())
        .order_by(user_session.c.seen_at.desc(), user_session.c.token_hash)
    )
    if name is not None:
        listed = listed.where(user_account.c.name == normal_name(name))
    with engine.connect() as conn:
        return [
            SessionRow(row.token_hash.hex(), row.name, row.started_at, row.seen_at, row.client) for row in conn.execute(listed)
        ]


def has_administrator(engine: Engine) -> bool:
    """Whether somebody can sign in who may open accounts."""
    found = select(user_account.c.id).where(
        user_account.c.role == Role.ADMINISTRATOR, user_account.c.password_hash.is_not(None), user_account.c.disabled.is_(False)
    )
    with engine.connect() as conn:
        return conn.execute(found).first() is not None


def read_account(conn: Connection, name: str) -> Row[Any]:
    """The row of an account. Raises ProblemError access.no_user."""
    account = conn.execute(select(user_account).where(user_account.c.name == normal_name(name))).first()
    if account is None:
        raise ProblemError("access.no_user", name=normal_name(name))
    return account


def read_scope(engine: Engine, session_id: str) -> Scope | None:
    """What the one behind a session may see, asked anew at every run of a page; None: nobody, show nothing."""
    with engine.connect() as conn:
        visitor = read_visitor(conn, session_id)
    return None if visitor is None or visitor.must_change else visitor.scope


def _change(conn: Connection, account: Row[Any], **values: Any) -> None:
    """Whoever is in under the old values is out."""
    conn.execute(update(user_account).where(user_account.c.id == account.id).values(values))
    _end_sessions(conn, account.id)


def _end_sessions(conn: Connection, user_id: int) -> int:
    open_ones = update(user_session).where(user_session.c.user_id == user_id, user_session.c.ended_at.is_(None))
    return conn.execute(open_ones.where(user_session.c.ends_at > now()).values(ended_at=now())).rowcount


def _password_fields(password: str, *, must_change: bool) -> dict[str, Any]:
    return {"password_hash": hash_password(password), "password_set_at": now(), "must_change": must_change}
