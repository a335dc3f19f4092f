"""The way to the database: one small pool, the same code for SQLite and PostgreSQL."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from data_access.schema import app_state
from data_access.walls_postgres import enter
from domain.errors import ProblemError

DEFAULT_URL = "sqlite:///var/kongchuo.db"
DAILY = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000", "temp_store=MEMORY")
# SQLite sorts all of it in memory at once, and slowly; in short runs by way of a file an index takes half as long.
FILLING = ("journal_mode=DELETE", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-64000", "temp_store=FILE")
SCRATCH = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-64000", "temp_store=FILE")  # thrown away if anything goes wrong
SHANGHAI = ZoneInfo("Asia/Shanghai")
IMMEDIATE = (
    "kongchuo_immediate"  # execution option: take SQLite's write lock at BEGIN, so that a reader never has to become a writer
)

WALL = "kongchuo_wall"  # execution option, PostgreSQL: the role and scope that every transaction of a connection begins with


def database_url(text: str | None = None) -> URL:
    """The address from `text`, else DATABASE_URL, else the embedded database.

    `postgres://` and `postgresql://` mean the psycopg driver. Raises ProblemError db.bad_url.
    """
    written = text or os.environ.get("DATABASE_URL") or DEFAULT_URL
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        raise ProblemError("db.bad_url") from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"} or "[" in (
        url.host or ""
    ):  # a bracket left open
        raise ProblemError("db.bad_url")
    return url


def open_engine(text: str | None = None) -> Engine:
    """An engine with a small pool (ten connections at most), parameters kept out of error messages."""
    url = database_url(text)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    engine = create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        settings = conn.get_execution_options().get(WALL)
        if settings:
            enter(conn, settings)

    return engine


def _open_sqlite(url: URL, pragmas: Sequence[str] = DAILY) -> Engine:
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise ProblemError("cli.cannot_write", name=Path(url.database).name) from None
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30})

    @event.listens_for(engine, "do_connect")
    def make_private(*_given: Any) -> None:
        if url.database and url.database != ":memory:" and not Path(url.database).exists():
            with suppress(OSError):  # where nothing can be made, SQLite says so itself
                Path(url.database).touch(mode=0o600)  # SQLite would let everybody read it; its side files follow it

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get(IMMEDIATE) else "BEGIN")

    return engine


@contextmanager
def opened_to_fill(engine: Engine) -> Iterator[Engine]:
    """The database opened for one transaction that writes most of it; SQLite's is then opened by nobody else.

    A write-ahead log would hold all of it, be searched for every page and be copied at the end. A rollback journal holds what
    was there before, which is little, and puts it back if the process ends halfway. The next daily connection brings the log
    back. Where somebody else has the database open, or it is in memory, it is the engine as it was.
    """
    filling = _open_alone(engine)
    try:
        yield filling or engine
    finally:
        if filling:
            filling.dispose()


def _open_alone(engine: Engine) -> Engine | None:
    if not _is_file(engine.url):
        return None
    engine.dispose()
    alone = _open_sqlite(engine.url, FILLING)
    try:
        alone.raw_connection().close()
    except sqlite3.OperationalError:  # somebody else has it open
        return None
    return alone


def open_scratch(path: Path) -> Engine:
    """A SQLite file of this process alone, for one filling: no journal, no waiting for the disk, no foreign keys."""
    return _open_sqlite(make_url(f"sqlite:///{path}"), SCRATCH)


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")


def audit_engine(engine: Engine) -> Engine:
    """Where the audit is written: a file of its own beside a SQLite database, so that an import does not hold up an export."""
    if not _is_file(engine.url):
        return engine
    path = Path(str(engine.url.database))
    return _open_sqlite(engine.url.set(database=str(path.with_name(path.stem + ".audit.db"))))


def read_state(conn: Connection, name: str) -> str | None:
    """One value of app_state, None when unset."""
    return conn.execute(select(app_state.c.value).where(app_state.c.name == name)).scalar()


def business_date(conn: Connection) -> date:
    """Today in Asia/Shanghai; a demo database stores its own fixed date."""
    stored = read_state(conn, "business_date")
    return date.fromisoformat(stored) if stored else datetime.now(SHANGHAI).date()


def is_demo(conn: Connection) -> bool:
    """Whether the data are synthetic: the banner and every export say so."""
    return read_state(conn, "demo") == "1"
