"""A demo's and a bureau's database, and people in front of their doors."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, insert

from access.settings import DoorSettings
from data_access import passwords
from data_access.accounts import add_user, set_password
from data_access.schema import app_state, area
from domain.scope import Role
from tests.access.callers import COUNTY, PASSWORD, Caller, build_app


@pytest.fixture(scope="session")
def store(sqlite_store: Any) -> Any:
    """What the door asks of a database is tested on both engines in tests/data_access, and in test_server."""
    return sqlite_store


@pytest.fixture(autouse=True)
def places(tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Spool, anchors and keys of a test."""
    monkeypatch.setenv("KONGCHUO_SPOOL", str(tmp_path / "spool"))
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
    return tmp_path


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed in a moment; how they are hashed in earnest is test_passwords' matter."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def demo(engine: Engine) -> Engine:
    """A database that says it is the demo: one county, no school."""
    with engine.begin() as conn:
        conn.execute(insert(app_state), [{"name": "demo", "value": "1"}, {"name": "business_date", "value": "2026-11-21"}])
        conn.execute(insert(area).values(code=COUNTY, level="county", name="建宁县", valid_from=date(2000, 1, 1)))
    return engine


@pytest.fixture
def bureau(engine: Engine) -> Engine:
    """A bureau's database with the accounts admin, zhang (a county official) and wang (a school)."""
    for name, role, areas, schools in (
        ("admin", Role.ADMINISTRATOR, [COUNTY], []),
        ("zhang", Role.COUNTY, [COUNTY], []),
        ("wang", Role.SCHOOL, [], ["2135000001"]),
    ):
        add_user(engine, name, PASSWORD, role, areas, schools)
        set_password(engine, name, PASSWORD, must_change=False)
    return engine


@pytest.fixture
def caller() -> Callable[..., Caller]:
    """Someone in front of the door of an engine, with settings if any."""

    def made(engine: Engine, settings: DoorSettings | None = None, **about: Any) -> Caller:
        return Caller(build_app(engine, settings or DoorSettings()), **about)

    return made


@pytest.fixture
def signed_in(caller: Callable[..., Caller], bureau: Engine) -> Callable[..., Caller]:
    """A user of the bureau who has signed in."""

    def made(name: str, **about: Any) -> Caller:
        person = caller(bureau, **about)
        answer = person.post("/sign-in", f"name={name}&password={PASSWORD}")
        assert answer.token
        person.token = answer.token
        return person

    return made
