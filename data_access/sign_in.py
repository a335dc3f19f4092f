"""Signing in: every wrong answer takes the same time and says the same, and after a few of them a name has to wait."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from data_access import audit
from data_access.accounts import normal_name, set_password
from data_access.door_policy import DoorPolicy, read_policy
from data_access.engine import business_date
from data_access.passwords import fits_password
from data_access.schema import now, sign_in_attempt, user_account
from data_access.second_factor import spend_step, step_of
from data_access.secrets import Cipher
from data_access.sessions import open_session
from data_access.visitors import Visitor
from domain.errors import ProblemError

REMEMBERED = timedelta(days=1)  # how long attempts are kept


@dataclass(frozen=True)
class Try:
    """One attempt to come in: `number` of its row, None when the name must wait; `account` only with the right password."""

    number: int | None
    account: Row[Any] | None
    policy: DoorPolicy


def sign_in(engine: Engine, cipher: Cipher, name: str, password: str, code: str, client: str) -> str:
    """Begin a session and return its token. `code` is the one-time code, empty when there is none.

    Raises ProblemError access.sign_in_failed for all that is wrong alike: name, password, code, a name that waits after
    too many tries (whether it exists or not), an account that is disabled or past its last day.
    """
    tried = _try_password(engine, cipher, normal_name(name), password)
    if tried.account:
        with audit.in_turn(engine, "session") as conn:
            account = _as_now(conn, tried.account.id, tried.account.password_hash)
            if account and _may_enter(conn, cipher, tried, account, code):
                return _enter(conn, engine, tried, account, client)
    raise _refusal(engine, tried, client)


def change_password(engine: Engine, cipher: Cipher, visitor: Visitor, old: str, new: str, client: str) -> str:
    """Set one's own password and return the token of a new session; all others of the account end.

    Raises ProblemError access.sign_in_failed when `old` is wrong (it counts as a try), access.password_same,
    access.password_weak, access.password_meanwhile when somebody else changed it at the same moment.
    """
    tried = _try_password(engine, cipher, visitor.scope.user, old)
    if tried.number is None or tried.account is None:
        raise _refusal(engine, tried, client)
    if old == new:
        raise ProblemError("access.password_same")
    name, was = tried.account.name, tried.account.password_hash
    password_hash = set_password(engine, name, new, must_change=False, by=name, was=was)
    with audit.in_turn(engine, "session") as conn:
        account = _as_now(conn, tried.account.id, password_hash)
        if account:
            return _enter(conn, engine, tried, account, client)
    raise ProblemError("access.password_meanwhile")


def _as_now(conn: Connection, user_id: int, password_hash: str) -> Row[Any] | None:
    """The account as it stands now, held until its session is open; None when its password is another by then.

    Whoever sets a new password ends all sessions: judging takes a while, and one opened after that would outlive it.
    """
    account = conn.execute(select(user_account).where(user_account.c.id == user_id).with_for_update()).first()
    return account if account and account.password_hash == password_hash else None


def _try_password(engine: Engine, cipher: Cipher, name: str, password: str) -> Try:
    number, policy = _note_attempt(engine, cipher, name)
    with engine.connect() as conn:
        account = conn.execute(select(user_account).where(user_account.c.name == name)).first()
    right = fits_password(account.password_hash if account else None, password)
    return Try(number, account if right else None, policy)


def _refusal(engine: Engine, tried: Try, client: str) -> ProblemError:
    account = tried.account
    audit.append(engine, user=account.name if account else "", role="", act="sign_in.refused", reason=client)
    return ProblemError("access.sign_in_failed", tries=tried.policy.lock_after, minutes=tried.policy.lock_minutes)


def _enter(conn: Connection, engine: Engine, tried: Try, account: Row[Any], client: str) -> str:
    conn.execute(update(sign_in_attempt).where(sign_in_attempt.c.id == tried.number).values(ok=True))
    token = open_session(conn, account.id, tried.policy, client)
    audit.append(engine, user=account.name, role=account.role, act="sign_in", reason=client)
    return token


def _note_attempt(engine: Engine, cipher: Cipher, name: str) -> tuple[int | None, DoorPolicy]:
    """Write the attempt down before it is judged, so that tries made at the same moment count each other.

    Its number, or None when the name has had all its tries.
    """
    mac = cipher.mac(name)
    with audit.in_turn(engine, "sign_in") as conn:
        policy = read_policy(conn)
        conn.execute(delete(sign_in_attempt).where(sign_in_attempt.c.at < now() - REMEMBERED))
        if _failures(conn, mac, policy) >= policy.lock_after:
            return None, policy
        noted = insert(sign_in_attempt).values(name_mac=mac, at=now(), ok=False).returning(sign_in_attempt.c.id)
        return conn.execute(noted).scalar_one(), policy


def _failures(conn: Connection, mac: bytes | None, policy: DoorPolicy) -> int:
    """Wrong tries of a name in the last `lock_minutes`, since it last came in."""
    mine = sign_in_attempt.c.name_mac == mac
    last_success = select(func.max(sign_in_attempt.c.id)).where(mine, sign_in_attempt.c.ok).scalar_subquery()
    recent = select(func.count()).where(mine, sign_in_attempt.c.at > now() - timedelta(minutes=policy.lock_minutes))
    return conn.execute(recent.where(sign_in_attempt.c.id > func.coalesce(last_success, 0))).scalar_one()


def _may_enter(conn: Connection, cipher: Cipher, tried: Try, account: Row[Any], code: str) -> bool:
    """Whether whoever tried may come in; inside the transaction that opens the session, for it uses the code up."""
    wanted = tried.policy.second_factor
    if tried.number is None or account.disabled or (account.until and account.until < business_date(conn)):
        return False
    secret = cipher.unseal(account.totp_secret)
    if wanted == "off" or (wanted == "optional" and secret is None):
        return True
    step = step_of(secret, code) if secret else None
    return step is not None and spend_step(conn, account.id, step)
