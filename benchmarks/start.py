"""From `make run` to a drawn map: the first start, which builds the demo county, and the second."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from playwright.sync_api import sync_playwright

from benchmarks.demo_database import ROOT, wait_healthy
from benchmarks.report import describe_machine, write_section

LEFT_OUT = (".venv", ".git", "var", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache")
PORT = 8663
PATIENCE_MS = 300_000


def measure_start() -> None:
    """Measure and write the section."""
    machine, rows = describe_machine(), []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "copy"
        shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(*LEFT_OUT))
        (home / ".venv").symlink_to((ROOT / ".venv").resolve())
        for which in ("first start, demo county built", "second start"):
            rows.append((which, *_start(home)))
        header = ("what", "s to an answer", "s to a drawn map")
        write_section("Start, county", machine, header, rows, "Packages installed already; Chromium is started before the clock.")


def _start(home: Path) -> tuple[str, str]:
    environment = {name: text for name, text in os.environ.items() if name not in {"DATABASE_URL", "KONGCHUO_KEY_FILE"}}
    with sync_playwright() as playwright:
        program = os.environ.get("KONGCHUO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page, begun = browser.new_page(), perf_counter()
        app = subprocess.Popen(
            ["make", "run", f"PORT={PORT}"], cwd=home, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            wait_healthy(app, PORT)
            answered = perf_counter() - begun
            page.goto(f"http://localhost:{PORT}/village_map")
            page.frame_locator('iframe[title*="st_folium"]').first.locator(".vm-legend").wait_for(timeout=PATIENCE_MS)
            drawn = perf_counter() - begun
        finally:
            os.killpg(app.pid, signal.SIGTERM)
            app.wait(20)
            browser.close()
    return f"{answered:.1f}", f"{drawn:.1f}"
