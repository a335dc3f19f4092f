"""Papers printed from the list of cases: the file comes through the app's own route, once, and holds the cases on screen."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urljoin

import pytest
from docx import Document
from playwright.sync_api import Locator, Page, expect

from data_access.form_templates import paragraphs_of
from domain.forms import FormKind, form
from domain.terms import say
from tests.browser.screen import read_total, table_of

pytestmark = pytest.mark.browser
NAME = say("column.child_name", "zh")


def print_form(page: Page, kind: str, file: str) -> Locator:
    """Press the buttons of the print popover; the link to the file."""
    page.get_by_role("button", name=say("papers.button", "zh"), exact=True).click()
    asked = page.get_by_test_id("stPopoverBody")
    asked.get_by_role("combobox").first.click()
    page.get_by_role("option", name=say(f"form.{kind}", "zh")).click()
    asked.get_by_role("radio", name=file).click()
    asked.get_by_role("combobox").last.click()
    page.get_by_role("option", name=say("export.reason.visits", "zh")).click()
    asked.get_by_role("button", name=say("papers.make", "zh")).click()
    expect(asked.get_by_role("link")).to_be_visible()
    return asked.get_by_role("link")


@pytest.mark.parametrize("file", ["DOCX", "PDF"])
def test_a_form_for_every_case_on_screen(open_page: Callable[[str], Page], settle: Callable[[], None], file: str) -> None:
    page = open_page("/cases?area=350430102")
    expect(table_of(page, NAME)).to_be_visible()
    total = read_total(page)
    settle()
    link = print_form(page, "home_visit_form", file)
    address = urljoin(page.url, link.get_attribute("href") or "")
    with page.expect_download() as started:
        link.click()
    content = started.value.path().read_bytes()
    assert started.value.suggested_filename.startswith(form(FormKind.HOME_VISIT_FORM).title)
    assert page.request.get(address).status == 404
    if file == "PDF":
        assert content.startswith(b"%PDF")
        assert b"NotoSansCJK" in content
        return
    said = "\n".join(paragraph.text for paragraph in paragraphs_of(Document(BytesIO(content))))
    assert said.count(form(FormKind.HOME_VISIT_FORM).title) == total
    assert say("form.demo", "zh") in said
