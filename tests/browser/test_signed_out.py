"""What a tab showed does not outlive its session."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from data_access.accounts import end_sessions
from data_access.engine import open_engine
from tests.browser.screen import heading

pytestmark = pytest.mark.browser


def test_a_tab_whose_session_is_over_shows_nothing_of_it_any_longer(
    app_database: str, open_page: Callable[[str], Page], complaints: list[str]
) -> None:
    """Identifiers that were revealed would stay on the screen behind an error; the demo lets the same visitor in again."""
    page = open_page("/cases")
    page.evaluate("window.before = true")
    engine = open_engine(app_database)
    end_sessions(engine, "demo:county")
    engine.dispose()
    page.get_by_text("逾期最久").first.click()
    page.get_by_text("最近立案").first.click()
    page.wait_for_function("window.before === undefined")
    expect(heading(page, "cases")).to_be_visible()
    complaints.clear()  # the browser tells of the refusal that made the page load anew
