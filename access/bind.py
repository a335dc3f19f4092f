"""Where the app may listen."""

import sys

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from access.settings import is_loopback
from data_access.accounts import has_administrator
from domain.errors import ProblemError


def require_safe_bind(engine: Engine, address: str, *, tls: bool) -> None:
    """Raise ProblemError access.bind_refused for an address others can reach, unless an administrator can sign in.

    Without TLS of its own it says that a proxy with TLS belongs in front.
    """
    if is_loopback(address):
        return
    try:
        known = has_administrator(engine)
    except SQLAlchemyError:
        raise ProblemError("db.unreachable") from None
    if not known:
        raise ProblemError("access.bind_refused", address=address)
    if not tls:
        print(ProblemError("access.no_tls", address=address).say("zh"), file=sys.stderr)
