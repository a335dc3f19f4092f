"""Script and Markdown in every name, on every page, in a real browser: nothing runs, nothing is fetched from elsewhere."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select, update

from data_access import audit
from data_access.engine import open_engine
from data_access.schema import area, case_file, child, school, user_account
from data_access.writing import write
from domain.scope import SEES_CHILDREN, Role, Scope
from domain.terms import say
from pages.shared.page_list import PAGES, may_open
from tests.browser.conftest import IDLE, IDLE_MS, ROOT, free_port, wait_healthy
from tests.data_access.test_hostile_text import free_texts

pytestmark = pytest.mark.browser
HIT = "window.__hit = (window.__hit || 0) + 1"
PAYLOAD = f'<img src=x onerror="{HIT}">${{{HIT}}}`\\![](http://evil.invalid/x)<script>{HIT}</script>'
SHORT = "<img src=x onerror='window.__hit=1'>![](http://evil.invalid/y)"
ROLES = (
    Role.TOWNSHIP,
    Role.COUNTY,
    Role.ADMINISTRATOR,
    Role.SCREEN,
)  # names whole, names masked, who keeps the books, the wall screen


def poison(url: str) -> int:
    """Put the payload into every text that people fill and into the audit; the number of a child with a case."""
    engine = open_engine(url)
    with write(engine, "350430", role=None) as conn:
        for table, column in free_texts():
            most = getattr(column.type, "length", None) or len(PAYLOAD)
            filled = PAYLOAD if len(PAYLOAD) <= most else SHORT[:most]
            conn.execute(update(table).where(column.is_not(None)).values({column.name: filled}))
        conn.execute(update(child).values(remark=PAYLOAD))
        for table in (area, school):
            conn.execute(update(table).values(name=func.substr(table.c.name + SHORT, 1, 80)))
        conn.execute(update(user_account).values(shown_name=SHORT[:60]))
        found = int(conn.execute(select(func.min(case_file.c.child_id)).where(case_file.c.closed_on.is_(None))).scalar_one())
    audit.append(engine, user=SHORT[:60], role="", act=SHORT[:40], filter=PAYLOAD, reason=PAYLOAD)
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


@pytest.mark.parametrize("role", ROLES)
def test_nothing_runs_on_any_page(page: Page, complaints: list[str], poisoned: tuple[str, int], role: Role) -> None:
    """The page fixture fails on whatever the browser complains of or fetches from outside."""
    address, number = poisoned
    page.goto(f"{address}/demo-role/{role}", wait_until="domcontentloaded")
    files = [f"/child_file?child={number}"] if role in SEES_CHILDREN else []
    for path in (*(f"/{name}" for name in listed(role) if name != "overview"), *files, "/"):
        page.goto(address + path, wait_until="domcontentloaded")
        page.wait_for_function(IDLE, timeout=IDLE_MS)
        page.wait_for_timeout(700)  # pictures and frames that would still come
        for frame in page.frames:
            assert frame.evaluate("() => window.__hit") is None, path
        assert page.get_by_test_id("stException").count() == 0, path
        assert page.locator('img[src*="evil"]').count() == 0, path
        assert not complaints, path


def test_a_hostile_file_is_shown_letter_by_letter(
    page: Page, complaints: list[str], poisoned: tuple[str, int], tmp_path: Path
) -> None:
    """Its name, its headers and its cells, in what is asked about it and in what is told of it."""
    address, _ = poisoned
    file = tmp_path / "![](x) $a$ <b>.csv"
    file.write_text(f"学生姓名,![](http://evil.invalid/h),性别\n{SHORT},{SHORT},{SHORT}\n", encoding="utf-8-sig")
    page.goto(f"{address}/demo-role/{Role.TOWNSHIP}", wait_until="domcontentloaded")
    page.goto(f"{address}/imports", wait_until="domcontentloaded")
    page.wait_for_function(IDLE, timeout=IDLE_MS)
    page.locator('input[type="file"]').first.set_input_files(file)
    page.get_by_role("button", name=re.compile("^L0 ")).click()
    page.get_by_test_id("stMain").get_by_text(re.compile(say("imports.mapping", "zh", count=r"\d+"))).click()
    page.get_by_test_id("stSelectbox").filter(has_text="B1 ![](http://evil.invalid/h)").wait_for()
    assert page.get_by_text(file.name).count() > 1
    assert page.evaluate("() => window.__hit") is None
    assert page.locator('img[src*="evil"]').count() == 0
    assert not complaints
