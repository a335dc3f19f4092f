"""Sessions: opened at the door, kept alive by use, ended by sign-out, time or an administrator."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from data_access.audit import append, in_turn
from data_access.door_policy import DoorPolicy, read_policy
from data_access.engine import business_date
from data_access.schema import area, now, school, user_account, user_session
from data_access.visitors import DEMO, VOUCHED, Visitor, session_id_of
from domain.errors import AuditError
from domain.scope import Role

TOUCH = timedelta(minutes=1)  # how often use of a session is written down
KEPT = timedelta(days=184)  # how long ended sessions stay listed


def open_session(conn: Connection, user_id: int, policy: DoorPolicy, client: str) -> str:
    """Begin a session and return its token, which only the browser keeps: the database holds its SHA-256.

    `client` is the address it came from.
    """
    token = secrets.token_urlsafe(32)
    started = now()
    conn.execute(delete(user_session).where(user_session.c.ends_at < started - KEPT))
    conn.execute(
        insert(user_session).values(
            token_hash=bytes.fromhex(session_id_of(token)),
            user_id=user_id,
            started_at=started,
            seen_at=started,
            ends_at=started + timedelta(hours=policy.absolute_hours),
            client=client[:120],
        )
    )
    return token


def touch_session(engine: Engine, visitor: Visitor) -> None:
    """Note that a session was used, at most once a minute; skipped while another writer holds the database."""
    if visitor.seen_at > now() - TOUCH:
        return
    mine = user_session.c.token_hash == bytes.fromhex(visitor.session_id)
    with suppress(OperationalError), engine.connect() as conn, _without_waiting(conn):
        conn.execute(update(user_session).where(mine).values(seen_at=now()))
        conn.commit()


@contextmanager
def _without_waiting(conn: Connection) -> Iterator[None]:
    """A while in which SQLite says at once that the database is locked."""
    if conn.dialect.name != "sqlite":
        yield
        return
    patience = conn.exec_driver_sql("PRAGMA busy_timeout").scalar()
    conn.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        conn.rollback()
        conn.exec_driver_sql(f"PRAGMA busy_timeout={patience}")


def end_session(engine: Engine, session_id: str) -> None:
    """Sign out: the session is over everywhere, also in tabs that are open, and that on record; it ends even without one."""
    row = (user_session.c.token_hash == bytes.fromhex(session_id)) & user_session.c.ended_at.is_(None)
    with in_turn(engine, "session") as conn:
        its = select(user_account.c.name, user_account.c.role).join(user_session, user_session.c.user_id == user_account.c.id)
        account = conn.execute(its.where(row)).first()
        conn.execute(update(user_session).where(row).values(ended_at=now()))
    if account and not account.name.startswith(DEMO):  # nobody signed in to those
        with suppress(AuditError):  # in the log by now
            append(engine, user=account.name, role=account.role, act="sign_out")


def open_vouched_session(engine: Engine, name: str, client: str) -> str | None:
    """A session for whom a trusted reverse proxy vouches; None when there is no such account, or it is shut out.

    The proxy has asked for the password, so none must be changed here.
    """
    with in_turn(engine, "session") as conn:
        known = select(user_account).where(user_account.c.name == name, user_account.c.disabled.is_(False))
        account = None if name.startswith(DEMO) else conn.execute(known).first()
        if account is None or (account.until and account.until < business_date(conn)):
            return None
        token = open_session(conn, account.id, read_policy(conn), VOUCHED + client)
        append(engine, user=account.name, role=account.role, act="sign_in", reason=VOUCHED + client)
        return token


def open_demo_session(engine: Engine, role: Role, client: str) -> str:
    """A session of the demo's own account for `role`, made when it is missing; it has no password, so nobody can sign in to it.

    Call it only for a demo database and a visitor on this machine.
    """
    with in_turn(engine, "session") as conn:
        account = user_account.c.name == DEMO + role
        place = _demo_place(conn, role)
        if conn.execute(update(user_account).where(account).values(place)).rowcount == 0:
            conn.execute(insert(user_account).values(name=DEMO + role, role=role, **place))
        user_id = conn.execute(select(user_account.c.id).where(account)).scalar_one()
        return open_session(conn, user_id, read_policy(conn), client)


def _demo_place(conn: Connection, role: Role) -> dict[str, str]:
    """The first school with its town and county; all counties together for the roles above them."""
    first = conn.execute(select(school.c.code, school.c.town_code, school.c.village_code).order_by(school.c.code)).first()
    counties = conn.execute(select(area.c.code).where(area.c.level == "county").order_by(area.c.code)).scalars().all()
    if role is Role.SCHOOL and first:
        return {"areas": "", "schools": first.code}
    if role is Role.TOWNSHIP and first:
        return {"areas": first.town_code}
    if role is Role.VILLAGE and first:
        return {"areas": first.village_code or first.town_code}
    if role is Role.PREFECTURE:
        return {"areas": ",".join(sorted({code[:4] for code in counties}))}
    return {"areas": ",".join(counties)}
