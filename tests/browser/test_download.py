"""A file taken away holds the rows on screen, and can be fetched once, by the one who made it."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from domain.terms import say
from tests.browser.screen import heading, pill, read_all_rows, read_total, table_of

pytestmark = pytest.mark.browser
NAME = say("column.child_name", "zh")
SAME = ("days_overdue", "due_date", "next_step", "status", "ladder_rung", "village_name", "school_name", "visits_done")


def build_file(page: Page, kind: str) -> Locator:
    """Press the buttons of an export; the link to the file."""
    page.get_by_role("button", name=say("export.button", "zh")).click()
    asked = page.get_by_test_id("stPopoverBody")
    asked.get_by_role("radio", name=say(f"export.{kind}", "zh")).click()
    asked.get_by_role("combobox").click()
    page.get_by_role("option", name=say("export.reason.meeting", "zh")).click()
    asked.get_by_role("button", name=say("export.build", "zh")).click()
    expect(asked.get_by_role("link")).to_be_visible()
    return asked.get_by_role("link")


def fetch(page: Page, link: Locator) -> bytes:
    """Click the link and wait for the file."""
    with page.expect_download() as started:
        link.click()
    return started.value.path().read_bytes()


def read_workbook(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The texts of the cover, and the rows of the table, header -> text as it looks in a cell."""
    cover, table = load_workbook(BytesIO(content)).worksheets
    header, *rows = table.iter_rows(values_only=True)
    texts = [str(cell) for row in cover.iter_rows(values_only=True) for cell in row if cell is not None]
    return texts, [{str(name): as_text(cell) for name, cell in zip(header, row, strict=True)} for row in rows]


def as_text(cell: Any) -> str:
    return "" if cell is None else str(cell.date()) if hasattr(cell, "date") else str(cell)


@pytest.fixture
def stranger(browser: Browser, app_server: str) -> Iterator[Page]:
    """Somebody else with a session of his own."""
    context = browser.new_context(locale="zh-CN")
    context.request.get(app_server, headers={"Sec-Fetch-Mode": "navigate"})
    yield context.new_page()
    context.close()


def test_a_workbook_is_the_table_on_screen_once(
    open_page: Callable[[str], Page], settle: Callable[[], None], stranger: Page, app_server: str
) -> None:
    page = open_page("/cases?area=350430102&sort=village")
    expect(pill(page, "area", "")).to_be_visible()
    shown, total = read_all_rows(page, table_of(page, NAME)), read_total(page)
    sentence = page.get_by_test_id("stMain").get_by_text(say("filter.as_of_is", "zh", day="20")).first.inner_text()
    settle()
    link = build_file(page, "xlsx")
    expect(link).to_contain_text(say("export.demo", "zh"))
    address = urljoin(page.url, link.get_attribute("href"))
    assert stranger.request.get(address).status == 404  # not the one who made it: and it is not used up by trying
    cover, rows = read_workbook(fetch(page, link))
    assert page.request.get(address).status == 404

    assert len(rows) == len(shown) == total
    names = [NAME, *(say(f"column.{name}", "zh") for name in SAME)]
    blank = {"0": ""}  # the screen leaves out a zero of days overdue
    assert [[blank.get(row[name], row[name]) for name in names] for row in rows] == [
        [blank.get(row[name], row[name]) for name in names] for row in shown
    ]
    assert all("*" in row[NAME] for row in rows)
    filter_text = cover[cover.index(say("workbook.cover.filter", "zh")) + 1]
    assert filter_text.startswith(sentence.rpartition(" · ")[0])
    assert str(total) in cover
    assert any(say("demo.banner", "zh") in text for text in cover)
    expect(heading(page, "cases")).to_be_visible()
