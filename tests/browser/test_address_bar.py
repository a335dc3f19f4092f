"""What is looked at stands in the address, and nothing else: links, reload and Back agree with the screen."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.terms import say
from tests.browser.screen import PATIENCE_MS, choose, follow_menu, heading, pill, read_rows, read_total, table_of

pytestmark = pytest.mark.browser
STAGE = say("stage.junior", "zh")
NAME = say("column.child_name", "zh")
NONSENSE = (
    "?area=zzz&school=%27%20OR%201=1&stage=%3Cscript%3E&grade=99&group=x,y&status=&rung=8&overdue=yes&period=1800-9&round=2026-99"
    "&asof=2026-13-45&basis=moon&lang=xx&sort=drop%20table&layer=%22&page=-1&child=abc&unknown=1"
)


def wait_for_total(page: Page, total: int) -> None:
    """Wait until the table says that many."""
    words = say("table.total", "zh", total=f"{total:,}", page=1, last=max(1, -(-total // 50)))
    expect(page.get_by_text(words, exact=True)).to_be_visible()


def test_a_filter_survives_pages_reload_back_and_sharing(
    open_page: Callable[[str], Page], settle: Callable[[], None], browser: Browser
) -> None:
    page = open_page("/cases")
    every = read_total(page)
    choose(page, "stage", STAGE)
    expect(pill(page, "stage", STAGE)).to_be_visible()
    settle()
    juniors = read_total(page)
    assert juniors < every
    assert urlsplit(page.url).query == "stage=junior"

    follow_menu(page, "village_map")
    expect(pill(page, "stage", STAGE)).to_be_visible()
    page.reload(wait_until="domcontentloaded")
    expect(pill(page, "stage", STAGE)).to_be_visible()
    settle()
    page.go_back()
    expect(heading(page, "cases")).to_be_visible()
    wait_for_total(page, juniors)
    link = read_link(page)
    page.go_back()
    expect(pill(page, "stage", STAGE)).to_have_count(0)
    wait_for_total(page, every)

    elsewhere = browser.new_context(locale="zh-CN").new_page()
    elsewhere.goto(link, wait_until="domcontentloaded")
    expect(pill(elsewhere, "stage", STAGE)).to_be_visible()
    wait_for_total(elsewhere, juniors)
    elsewhere.context.close()


def read_link(page: Page) -> str:
    """The link that the page offers for sharing."""
    page.get_by_role("button", name=say("bar.link", "zh")).click()
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text().strip()
    assert {"stage", "asof", "period"} <= set(parse_qs(urlsplit(link).query))  # tomorrow it shows what it shows today
    page.keyboard.press("Escape")
    return link


@pytest.mark.parametrize("path", [f"/cases{NONSENSE}"])
def test_a_bad_address_shows_the_ordinary_page(path: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(path)
    expect(heading(page, "cases")).to_be_visible()
    assert read_total(page) > 50
    expect(page.get_by_test_id("stMain").get_by_role("button", name=say("bar.reset", "zh"))).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_a_name_searched_for_leaves_the_session_nowhere(open_page: Callable[[str], Page], page: Page, app_log: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page("/cases")
    every, name = read_total(page), read_rows(table_of(page, NAME))[0][NAME][0]
    address = page.url
    page.get_by_role("textbox", name=say("bar.name", "zh")).fill(name)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "every => !document.body.innerText.includes(every)",
        arg=say("table.total", "zh", total=every, page=1, last=max(1, -(-every // 50))),
        timeout=PATIENCE_MS,
    )
    found = read_rows(table_of(page, NAME))
    assert found
    assert all(name in row[NAME] for row in found)
    assert read_total(page) < every
    assert page.url == address
    follow_menu(page, "left_behind")
    percent = "".join(f"%{byte:02X}" for byte in name.encode())
    assert not [url for url in [*asked, page.url, app_log.read_text(encoding="utf-8")] if name in url or percent in url.upper()]
