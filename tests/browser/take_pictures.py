"""Takes the pictures of the READMEs and the guide anew from a running demo county: `python -m tests.browser.take_pictures`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, IDLE, IDLE_MS, ROOT, find_chromium

FOLDER = ROOT / "docs" / "images"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PICTURES = {  # name -> where the app shows it
    "overview": "",
    "map": "village_map",
    "schools": "schools",
    "cases": "cases",
    "left_behind": "left_behind",
    "child_file": "child_file?child=10804",
    "supervision": "supervision",
    "coverage": "coverage",
    "queues": "queues",
    "notices": "notices",
    "groups": "groups",
    "data_checks": "data_checks",
    "imports": "imports",
    "methods": "methods",
    "geography": "geography",
    "settings": "settings",
    "phone_overview": "",
    "phone_map": "village_map",
}
DRAWN_MS = 3_000  # charts and maps are drawn by the browser once the script is over


def take(address: str, folder: Path) -> None:
    """Write PICTURES as PNG files; `phone_` ones on a phone's screen, the others on an office one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for name, path in PICTURES.items():
            context = browser.new_context(viewport=PHONE if name.startswith("phone_") else DESK, locale="zh-CN")
            page = context.new_page()
            page.goto(f"{address}/{path}", wait_until="domcontentloaded")
            page.wait_for_function(IDLE, timeout=IDLE_MS)
            page.wait_for_timeout(DRAWN_MS)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1] if sys.argv[1:] else "http://localhost:8501", FOLDER)
