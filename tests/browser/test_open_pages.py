"""Every page opens, in both languages, and says that the data are synthetic."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from domain.terms import Lang, say
from tests.browser.screen import LISTED, click_row, follow_menu, heading, table_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_from_the_menu(lang: Lang, open_page: Callable[[str], Page], settle: Callable[[], None]) -> None:
    page = open_page(f"/?lang={lang}")
    for name in LISTED:
        follow_menu(page, name, lang)
        settle()
        expect(page.get_by_text(say("demo.banner", lang))).to_be_visible()
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_a_row_opens_the_file_of_its_child(open_page: Callable[[str], Page], settle: Callable[[], None]) -> None:
    page = open_page("/cases?overdue=1")
    click_row(page, table_of(page, say("column.child_name", "zh")), 0)
    page.get_by_role("button", name=say("child_file.open", "zh")).click()
    expect(heading(page, "child_file")).to_be_visible()
    settle()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    page.go_back()
    expect(heading(page, "cases")).to_be_visible()
