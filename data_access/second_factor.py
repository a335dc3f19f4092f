"""One-time codes as a second factor: TOTP (RFC 6238) with SHA-1, six digits, thirty seconds, as authenticator apps make them."""

from base64 import b32decode, b32encode
from secrets import token_bytes
from time import time
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Connection, Engine, or_, update

from data_access import audit
from data_access.accounts import CONSOLE, read_account
from data_access.schema import user_account
from data_access.secrets import Cipher

STEP = 30
ISSUER = "kongchuo"


def set_second_factor(engine: Engine, cipher: Cipher, name: str, *, by: str = CONSOLE) -> str:
    """Give an account a new secret and return the `otpauth:` address to be entered in its owner's app, shown this once.

    Raises ProblemError access.no_user.
    """
    secret = b32encode(token_bytes(20)).decode()
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        conn.execute(
            update(user_account).where(user_account.c.id == account.id).values(totp_secret=cipher.seal(secret), totp_step=None)
        )
        audit.append(engine, user=by, role="", act="account.second_factor", filter=account.name)
    return f"otpauth://totp/{ISSUER}:{quote(account.name)}?secret={secret}&issuer={ISSUER}"


def remove_second_factor(engine: Engine, name: str, *, by: str = CONSOLE) -> None:
    """Take the secret from an account whose owner lost the app. Raises ProblemError access.no_user."""
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        conn.execute(update(user_account).where(user_account.c.id == account.id).values(totp_secret=None))
        audit.append(engine, user=by, role="", act="account.no_second_factor", filter=account.name)


def step_of(secret: str, code: str) -> int | None:
    """The time step (thirty seconds, counted from 1970) that `code` belongs to: now, or one before or after, for clocks differ.

    None when it belongs to none of them.
    """
    totp = TOTP(b32decode(secret), 6, SHA1(), STEP)  # noqa: S303  the standard's own, and safe in an HMAC
    current = int(time()) // STEP
    return next((step for step in (current, current - 1, current + 1) if _verify(totp, code, step * STEP)), None)


def spend_step(conn: Connection, user_id: int, step: int) -> bool:
    """Use up the code of a time step: a code is good for one sign-in (RFC 6238, 5.2), and so is none before it.

    False when it, or a later one, was used before; of several at the same moment one is told True.
    """
    unused = or_(user_account.c.totp_step.is_(None), user_account.c.totp_step < step)
    return conn.execute(update(user_account).where(user_account.c.id == user_id, unused).values(totp_step=step)).rowcount == 1


def _verify(totp: TOTP, code: str, moment: int) -> bool:
    try:
        totp.verify(code.encode(), moment)
    except InvalidToken:
        return False
    return True
