"""A running app on a demo county, and a Chromium whose pages may neither complain nor leave the machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, WebSocketRoute, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LOCAL = {"localhost", "127.0.0.1", "::1"}
INSIDE = {"about", "blob", "data"}  # schemes that stay in the browser
ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
IDLE_MS = 60_000
IDLE = """() => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    && !document.querySelector('[data-testid="stSkeleton"]')"""


def find_chromium() -> str:
    """KONGCHUO_CHROMIUM, else the first Chromium on the path; fails, never skips, when there is none."""
    named = os.environ.get("KONGCHUO_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if found is None:
        pytest.fail(
            f"no Chromium for the browser tests ({named or ', '.join(PROGRAMS)}): apt-get install -y chromium fonts-noto-cjk"
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the running app says."""
    return tmp_path_factory.mktemp("log") / "app.log"


@pytest.fixture(scope="session")
def app_database(sqlite_store: Any, demo_of: Callable[[Any], str]) -> str:
    """The address of a copy of the demo county."""
    return str(sqlite_store.create(like=demo_of(sqlite_store)))


@pytest.fixture(scope="session")
def app_server(app_database: str, key_file: Path, app_log: Path) -> Iterator[str]:
    """The base address of `streamlit run app.py` on that copy; its process group ends with the session."""
    database, port = app_database, free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"DATABASE_URL": database, "KONGCHUO_KEY_FILE": str(key_file)}
    with app_log.open("wb") as out:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        app = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **streams)
    try:
        wait_healthy(app, port, app_log)
        yield f"http://localhost:{port}"
    finally:
        end_group(app)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_healthy(app: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when the app answers; fail with its last words when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while app.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{last_words(log)}")


def last_words(log: Path) -> str:
    """The end of a log."""
    return log.read_text(encoding="utf-8")[-4000:]


def end_group(app: subprocess.Popen[bytes]) -> None:
    """Ask the process group to end, and make it."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(app.pid, sign)
            app.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for each test: Chinese, the office screen of 1366 x 768; other sizes by page.set_viewport_size."""
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True)
    yield made
    made.close()


@pytest.fixture
def complaints(context: BrowserContext) -> list[str]:
    """What the pages of `context` complained of, and every address outside this machine they asked for (and did not reach)."""
    found: list[str] = []

    def guard(route: Route) -> None:
        if is_local(route.request.url):
            route.continue_()
        else:
            found.append(f"left the machine: {route.request.url}")
            route.abort()

    def guard_socket(socket: WebSocketRoute) -> None:
        if is_local(socket.url):
            socket.connect_to_server()
        else:
            found.append(f"left the machine: {socket.url}")

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_probe(message):
            found.append(f"console: {message.text}")

    context.route("**/*", guard)
    context.route_web_socket("**/*", guard_socket)
    context.on("console", note)
    context.on("weberror", lambda error: found.append(f"script: {error.error}"))
    return found


def _is_probe(message: ConsoleMessage) -> bool:
    """Streamlit's frontend asks below a page's address first, is told 404, and asks at the root: no fault of ours."""
    path = urlsplit(message.location.get("url", "")).path
    return path.count("/") > 2 and path.endswith(("/_stcore/health", "/_stcore/host-config"))


def is_local(url: str) -> bool:
    """Whether an address stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in INSIDE or parts.hostname in LOCAL


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page; the test fails when it leaves anything in `complaints`."""
    yield context.new_page()
    assert not complaints


@pytest.fixture
def settle(page: Page, app_log: Path) -> Callable[[], None]:
    """Wait until no script runs and no skeleton stands, and fail where the page shows an exception.

    After a click wait first for what it must bring (`expect`).
    """

    def settled() -> None:
        page.wait_for_function(IDLE, timeout=IDLE_MS)
        assert page.get_by_test_id("stException").count() == 0, last_words(app_log)

    return settled


@pytest.fixture
def open_page(page: Page, app_server: str, settle: Callable[[], None]) -> Callable[[str], Page]:
    """Open a path of the app, `/cases?area=350430` for example, and wait until it is drawn."""

    def opened(path: str) -> Page:
        page.goto(app_server + path, wait_until="domcontentloaded")
        settle()
        return page

    return opened
