"""The one way to write: a transaction whose last statement moves the data version."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Engine, Table, insert, select, text, update

from data_access.engine import IMMEDIATE, WALL
from data_access.login_roles import WRITE
from data_access.schema import app_state, data_version
from data_access.walls_postgres import settings_for


@contextmanager
def write(engine: Engine, county: str, role: str | None = WRITE) -> Iterator[Connection]:
    """A transaction on the data of one county: rolls back on any error, else bumps the county's data_version and commits.

    Writers of one county queue behind each other: SQLite takes its write lock at BEGIN, PostgreSQL an advisory lock.
    `role`: as whom PostgreSQL acts; WRITE adds and changes rows, IMPORT may also remove them, None is the owner of the
    tables, who alone may change indexes.
    """
    options = {IMMEDIATE: True, WALL: settings_for(role)}
    with engine.connect().execution_options(**options) as conn, conn.begin():
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": crc32(county.encode())})
        yield conn
        _bump(conn, county)


def _bump(conn: Connection, county: str) -> None:
    up = update(data_version).where(data_version.c.county_code == county).values(version=data_version.c.version + 1)
    if conn.execute(up).rowcount == 0:
        conn.execute(insert(data_version).values(county_code=county, version=1))


def read_data_version(conn: Connection) -> int:
    """The sum of the counties' versions: it moves with every write anywhere, so that no process shows stale rows from a cache."""
    return sum(conn.execute(select(data_version.c.version)).scalars())


def insert_row(conn: Connection, table: Table, **values: Any) -> int:
    """Insert one row and return its number."""
    key = conn.execute(insert(table).values(values)).inserted_primary_key
    return int(key[0]) if key else 0


def write_state(conn: Connection, name: str, value: str) -> None:
    """Set one value of app_state."""
    if conn.execute(update(app_state).where(app_state.c.name == name).values(value=value)).rowcount == 0:
        conn.execute(insert(app_state).values(name=name, value=value))
