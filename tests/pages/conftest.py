"""Pages run by AppTest: the frame as main script, a database of their own, and a session as the door would name it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.engine import open_engine
from data_access.migrate import migrate
from domain.scope import Role
from domain.terms import all_words
from tests.pages.tiny_county import open_demo, write_bare_county, write_tiny_county

PAGES = Path(__file__).resolve().parents[2] / "pages"
SECONDS = 120
OpenPage = Callable[..., AppTest]
KEY = re.compile(r"\b[a-z_]+(?:\.[a-z0-9_]+)+\b")


@pytest.fixture(scope="session")
def tiny_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tiny county, written once; tests only read it, but for sessions."""
    return _written(tmp_path_factory.mktemp("tiny"), write_tiny_county)


@pytest.fixture(scope="session")
def bare_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that holds one county and nobody in it."""
    return _written(tmp_path_factory.mktemp("bare"), write_bare_county)


@pytest.fixture
def own_url(tmp_path: Path) -> str:
    """A tiny county of one's own, to be written to."""
    return _written(tmp_path, write_tiny_county)


def _written(folder: Path, fill: Callable[[Engine], None]) -> str:
    url = f"sqlite:///{folder}/kongchuo.db"
    engine = open_engine(url)
    migrate(engine)
    fill(engine)
    engine.dispose()
    return url


@pytest.fixture
def use_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """Make a database the app's; returns an engine of one's own on it."""
    opened: list[Engine] = []
    monkeypatch.setenv("KONGCHUO_SPOOL", str(tmp_path / "spool"))

    def use(url: str) -> Engine:
        monkeypatch.setenv("DATABASE_URL", url)
        st.cache_resource.clear()
        opened.append(open_engine(url))
        return opened[-1]

    yield use
    st.cache_resource.clear()
    for engine in opened:
        engine.dispose()


@pytest.fixture
def open_page(use_database: Callable[[str], Engine], tiny_url: str) -> OpenPage:
    """Run a page inside the frame: `open_page("methods", {"stage": "junior"}, role=Role.TOWNSHIP)`; role None: nobody."""

    def opened(
        name: str, query: dict[str, str] | None = None, *, role: Role | None = Role.COUNTY, url: str = tiny_url
    ) -> AppTest:
        engine = use_database(url)
        at = AppTest.from_file(str(PAGES / "_shell.py"), default_timeout=SECONDS)
        at.user = {"session": open_demo(engine, role)} if role else {}
        if name != "overview":
            at.run()
            at.switch_page(f"{name}.py")
        at.query_params = dict(query or {})
        return at.run()

    return opened


def texts(at: AppTest) -> str:
    """Everything a page says in words: texts, labels of widgets and tables."""
    kinds = (
        "title",
        "subheader",
        "caption",
        "text",
        "markdown",
        "info",
        "success",
        "toast",
        "warning",
        "error",
        "metric",
        "button",
        "selectbox",
        "multiselect",
    )
    told = [f"{getattr(one, 'value', '')} {getattr(one, 'label', '')}" for kind in kinds for one in getattr(at, kind)]
    told += [frame.value.to_string() for frame in at.dataframe]
    return "\n".join(told)


def numbers(at: AppTest) -> dict[str, str]:
    """The tiles of a page: label -> value."""
    return {metric.label: str(metric.value) for metric in at.metric}


def links(at: AppTest) -> dict[str, str]:
    """The links to pages: label -> page?query (of several with one label the last)."""
    found: list[Any] = [one.proto for one in at.get("page_link")]
    return {link.label: f"{link.page}?{link.query_string}" for link in found}


def assert_ordinary(at: AppTest) -> None:
    """The page came through: no exception, no error, and no key of a word where words should be."""
    assert not at.exception
    assert not at.error
    keys = set(all_words())
    families = {key.split(".")[0] for key in keys}
    assert not {
        found for found in KEY.findall(texts(at)) if found in keys or (found.split(".")[0] in families and "." in found[1:])
    }
