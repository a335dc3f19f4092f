"""On a phone: the map is in sight, the filters are folded away, nothing sticks out to the side."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from domain.terms import say
from tests.browser.screen import LISTED, MapOnScreen, follow_menu

pytestmark = pytest.mark.browser
FITS = "() => document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth"


def test_every_page_fits_a_phone(page: Page, open_page: Callable[[str], Page], settle: Callable[[], None]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page("/village_map")
    folded = page.get_by_role("combobox", name=say("filter.stage", "zh"), exact=True)
    expect(folded).not_to_be_in_viewport()
    drawn = MapOnScreen(page)
    expect(drawn.box).to_be_in_viewport(ratio=0.5)
    assert (drawn.box.bounding_box() or {})["height"] > 0.8 * 844
    assert drawn.painted() > 0.1
    assert page.evaluate(FITS)
    for name in LISTED:
        page.get_by_test_id("stExpandSidebarButton").click()
        follow_menu(page, name)
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        settle()
        expect(folded).not_to_be_in_viewport()
        assert page.evaluate(FITS), name
