"""One-time codes as a second factor: TOTP (RFC 6238) with SHA-1, six digits, thirty seconds, as authenticator apps make them."""

from base64 import b32decode, b32encode
from secrets import token_bytes
from time import time
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Engine, update

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
        conn.execute(update(user_account).where(user_account.c.id == account.id).values(totp_secret=cipher.seal(secret)))
        audit.append(engine, user=by, role="", act="account.second_factor", filter=account.name)
    return f"otpauth://totp/{ISSUER}:{quote(account.name)}?secret={secret}&issuer={ISSUER}"


def remove_second_factor(engine: Engine, name: str, *, by: str = CONSOLE) -> None:
    """Take the secret from an account whose owner lost the app. Raises ProblemError access.no_user."""
    with audit.in_turn(engine, "account") as conn:
        account = read_account(conn, name)
        conn.execute(update(user_account).where(user_account.c.id == account.id).values(totp_secret=None))
        audit.append(engine, user=by, role="", act="account.no_second_factor", filter=account.name)


def fits_code(secret: str, code: str) -> bool:
    """Whether `code` belongs to now, or to the thirty seconds before or after: clocks differ."""
    totp = TOTP(b32decode(secret), 6, SHA1(), STEP)  # noqa: S303  the standard's own, and safe in an HMAC
    return any(_verify(totp, code, time() + drift) for drift in (0, -STEP, STEP))


def _verify(totp: TOTP, code: str, moment: float) -> bool:
    try:
        totp.verify(code.encode(), int(moment))
    except InvalidToken:
        return False
    return True
