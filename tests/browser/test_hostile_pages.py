"""Script and Markdown in every name, on every page, in a real browser: nothing runs, nothing is fetched from elsewhere."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select, update

from data_access.engine import open_engine
from data_access.schema import area, case_file, child, guardian, home_visit, person, residence_spell, school
from data_access.writing import write
from domain.scope import Role, Scope
from pages.shared.page_list import PAGES, may_open
from tests.browser.conftest import IDLE, IDLE_MS, ROOT, free_port, wait_healthy

pytestmark = pytest.mark.browser
HIT = "window.__hit = (window.__hit || 0) + 1"
PAYLOAD = f'<img src=x onerror="{HIT}">${{{HIT}}}`\\![](http://evil.invalid/x)<script>{HIT}</script>'
SHORT = "<img src=x onerror='window.__hit=1'>![](http://evil.invalid/y)"
COLUMNS = (
    *((child, name) for name in ("name", "remark")),
    *((home_visit, name) for name in ("visitors", "content", "next_step", "parent_view")),
    *((case_file, name) for name in ("family", "measures", "whereabouts")),
    *((guardian, name) for name in ("name", "away_place")),
    (person, "name"),
    (residence_spell, "home_text"),
)


def poison(url: str) -> int:
    """Put the payload into every text that people fill; the number of a child with a case."""
    engine = open_engine(url)
    with write(engine, "350430", role=None) as conn:
        for table, column in COLUMNS:
            most = getattr(table.c[column].type, "length", None) or len(PAYLOAD)
            conn.execute(update(table).values({column: PAYLOAD if len(PAYLOAD) <= most else SHORT[:most]}))
        for table in (area, school):
            conn.execute(update(table).values(name=func.substr(table.c.name + SHORT, 1, 80)))
        found = int(conn.execute(select(func.min(case_file.c.child_id)).where(case_file.c.closed_on.is_(None))).scalar_one())
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def poisoned(
    sqlite_store: Any, demo_of: Callable[[Any], str], key_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    """The app on such a county: its address, and a child with a case."""
    url, port, log = sqlite_store.create(like=demo_of(sqlite_store)), free_port(), tmp_path_factory.mktemp("hostile") / "log"
    number = poison(url)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    told = os.environ | {"DATABASE_URL": url, "KONGCHUO_KEY_FILE": str(key_file)}
    with log.open("wb") as out:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        app = subprocess.Popen(command, cwd=ROOT, env=told, start_new_session=True, **streams)
    try:
        wait_healthy(app, port, log)
        yield f"http://localhost:{port}", number
    finally:
        os.killpg(app.pid, signal.SIGTERM)
        app.wait(10)


def listed(role: Role) -> list[str]:
    return [page.name for page in PAGES if page.listed and may_open(Scope("x", role, ("350430100",)), page.name)]


def test_nothing_runs_on_any_page(page: Page, complaints: list[str], poisoned: tuple[str, int]) -> None:
    """As a town, which sees names whole; the page fixture fails on whatever the browser complains of or fetches from outside."""
    address, number = poisoned
    page.goto(f"{address}/demo-role/{Role.TOWNSHIP}", wait_until="domcontentloaded")
    for path in (*(f"/{name}" for name in listed(Role.TOWNSHIP) if name != "overview"), f"/child_file?child={number}", "/"):
        page.goto(address + path, wait_until="domcontentloaded")
        page.wait_for_function(IDLE, timeout=IDLE_MS)
        page.wait_for_timeout(700)  # pictures and frames that would still come
        for frame in page.frames:
            assert frame.evaluate("() => window.__hit") is None, path
        assert page.get_by_test_id("stException").count() == 0, path
        assert not complaints, path
