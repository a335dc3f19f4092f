"""Pages run by AppTest: the frame as main script, a database of their own, and a session as the door would name it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from tiny_county import open_demo, write_tiny_county

from data_access.engine import open_engine
from data_access.migrate import migrate
from data_access.writing import write_state
from domain.scope import Role

SHELL = Path(__file__).resolve().parents[2] / "pages" / "_shell.py"
SECONDS = 60
Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def tiny_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tiny county, written once; tests only read it, but for sessions."""
    return _written(tmp_path_factory.mktemp("tiny"), write_tiny_county)


@pytest.fixture(scope="session")
def bare_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated demo database that holds one county and nothing in it."""
    return _written(tmp_path_factory.mktemp("bare"), _write_bare)


def _written(folder: Path, fill: Callable[[Engine], None]) -> str:
    url = f"sqlite:///{folder}/kongchuo.db"
    engine = open_engine(url)
    migrate(engine)
    fill(engine)
    engine.dispose()
    return url


def _write_bare(engine: Engine) -> None:
    from sqlalchemy import insert
    from tiny_county import BEGINS, COUNTY, TODAY

    from data_access import schema
    from data_access.writing import write

    with write(engine, COUNTY) as conn:
        values = {"code": COUNTY, "level": "county", "county_code": COUNTY, "name": "建宁县", "valid_from": BEGINS, "valid_to": schema.OPEN_END}
        conn.execute(insert(schema.area).values(**values))
        write_state(conn, "demo", "1")
        write_state(conn, "business_date", TODAY.isoformat())


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, tiny_url: str, tmp_path: Path) -> Iterator[Open]:
    """Run a page: `open_page("cases", {"stage": "junior"}, role=Role.TOWNSHIP, url=bare_url)`; role None: nobody signed in."""
    engines: list[Engine] = []
    monkeypatch.setenv("KONGCHUO_SPOOL", str(tmp_path))

    def opened(name: str, query: dict[str, str] | None = None, *, role: Role | None = Role.COUNTY, url: str = tiny_url) -> AppTest:
        monkeypatch.setenv("DATABASE_URL", url)
        st.cache_resource.clear()
        engine = open_engine(url)
        engines.append(engine)
        at = AppTest.from_file(str(SHELL), default_timeout=SECONDS)
        at.user = {"session": open_demo(engine, role)} if role else {}
        at.query_params = dict(query or {})
        if name != "overview":
            at.run()
            at.switch_page(f"{name}.py")
            at.query_params = dict(query or {})
        return at.run()

    yield opened
    for engine in engines:
        engine.dispose()


def texts(at: AppTest) -> str:
    """Everything a page says in words."""
    kinds: tuple[Any, ...] = (at.title, at.subheader, at.caption, at.markdown, at.info, at.success, at.warning, at.error, at.metric)
    return "\n".join(str(getattr(one, "value", "")) + " " + str(getattr(one, "label", "")) for kind in kinds for one in kind)
