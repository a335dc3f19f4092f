"""Passwords: kept as argon2id, judged by the rules of the bureau."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data_access.door_policy import DoorPolicy
from domain.errors import ProblemError

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's argon2id setting, about 26 ms
LONGEST = 128


def hash_password(password: str) -> str:
    """What the database keeps: algorithm, salt and argon2id hash in one text."""
    return HASHER.hash(_normal(password))


def fits_password(kept: str | None, password: str) -> bool:
    """Whether this is the password. Without one (`kept` None) it takes as long, so that nobody learns which names exist."""
    try:
        return HASHER.verify(kept or _nobody(HASHER), _normal(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody")


def require_strong(policy: DoorPolicy, name: str, password: str) -> None:
    """Raise ProblemError access.password_weak unless the password keeps the rules.

    Rules: `min_length` to 128 characters; of upper case, lower case, digits and others at least `min_kinds` (letters
    without case, such as 汉字, count as others); the account's name is no part of it.
    """
    kinds = {_kind(char) for char in password}
    fits = policy.min_length <= len(password) <= LONGEST and len(kinds) >= policy.min_kinds
    if not fits or name.casefold() in password.casefold():
        raise ProblemError("access.password_weak", length=policy.min_length, kinds=policy.min_kinds)


def _kind(char: str) -> str:
    return "upper" if char.isupper() else "lower" if char.islower() else "digit" if char.isdigit() else "other"


def _normal(password: str) -> str:
    """One form for what different keyboards and input methods send for the same characters."""
    return unicodedata.normalize("NFKC", password)
