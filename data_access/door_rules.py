"""Changing the rules of the door: one rule at a time, on record."""

from types import MappingProxyType
from typing import get_args

from sqlalchemy import Connection, Engine, select

from data_access import audit
from data_access.accounts import CONSOLE
from data_access.door_policy import SecondFactor
from data_access.engine import IMMEDIATE, WALL
from data_access.login_roles import WRITE
from data_access.schema import user_account
from data_access.walls_postgres import settings_for
from data_access.writing import write_state
from domain.errors import ProblemError
from domain.scope import Role

BOUNDS = MappingProxyType(
    {
        "min_length": (8, 64),
        "min_kinds": (1, 4),
        "max_age_days": (0, 730),
        "lock_after": (3, 10),
        "lock_minutes": (5, 1440),
        "idle_minutes": (5, 240),
        "absolute_hours": (1, 24),
    }
)
SECOND_FACTOR = "second_factor"


def set_rule(engine: Engine, name: str, value: str, *, by: str = CONSOLE) -> None:
    """Set one field of DoorPolicy from the next sign-in or message on.

    Raises ProblemError door.no_rule, door.bad_value, and door.no_way_in: a code for everybody, while no administrator could
    show one, would shut out all.
    """
    check_rule(name, value)
    with engine.connect() as conn:
        if value == "required" and not _has_way_in(conn):
            raise ProblemError("door.no_way_in")
    with engine.connect().execution_options(**{IMMEDIATE: True, WALL: settings_for(WRITE)}) as conn, conn.begin():
        write_state(conn, f"door.{name}", value)
        audit.append(engine, user=by, role="", act="door.rule", filter=f"{name}={value}")


def check_rule(name: str, value: str) -> None:
    """Raises ProblemError door.no_rule for a name that is none, door.bad_value for a value that cannot stand."""
    if name == SECOND_FACTOR:
        if value not in get_args(SecondFactor):
            raise ProblemError("door.bad_value", name=name, allowed=" | ".join(get_args(SecondFactor)))
    elif name not in BOUNDS:
        raise ProblemError("door.no_rule", names=" ".join([*BOUNDS, SECOND_FACTOR]))
    else:
        fewest, most = BOUNDS[name]
        if not (value.isascii() and value.isdecimal() and fewest <= int(value) <= most):
            raise ProblemError("door.bad_value", name=name, allowed=f"{fewest}-{most}")


def _has_way_in(conn: Connection) -> bool:
    able = (user_account.c.role == Role.ADMINISTRATOR, ~user_account.c.disabled, user_account.c.totp_secret.is_not(None))
    return conn.execute(select(user_account.c.id).where(*able).limit(1)).first() is not None
