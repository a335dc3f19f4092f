"""The rules of the door a bureau may set: data, with the usual ones of 等保 (GB/T 22239-2019) as defaults."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, select

from data_access.schema import app_state

SecondFactor = Literal["off", "optional", "required"]


@dataclass(frozen=True)
class DoorPolicy:
    """Passwords: at least `min_length` characters of `min_kinds` of four kinds, changed every `max_age_days` (0: never).

    After `lock_after` wrong tries a name waits `lock_minutes`. A session ends `idle_minutes` after its last use and
    `absolute_hours` after it began. `second_factor` is a one-time code (RFC 6238).
    """

    min_length: int = 8
    min_kinds: int = 3
    max_age_days: int = 90
    lock_after: int = 5
    lock_minutes: int = 15
    idle_minutes: int = 30
    absolute_hours: int = 12
    second_factor: SecondFactor = "off"

    @property
    def idle(self) -> timedelta:
        """How long a session lives without use."""
        return timedelta(minutes=self.idle_minutes)


def read_policy(conn: Connection) -> DoorPolicy:
    """The rules in force: app_state rows named `door.` + field; a value that makes no sense counts as unset."""
    stored = conn.execute(select(app_state.c.name, app_state.c.value).where(app_state.c.name.like("door.%")))
    values = {name.removeprefix("door."): value for name, value in stored}
    names = {field.name for field in fields(DoorPolicy)} & values.keys()
    chosen: dict[str, Any] = {name: int(values[name]) for name in names if values[name].isdecimal()}
    if values.get("second_factor") in get_args(SecondFactor):
        chosen["second_factor"] = values["second_factor"]
    return DoorPolicy(**chosen)
