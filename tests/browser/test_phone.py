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
    assert_takes_the_screen(drawn)
    assert drawn.painted() > 0.1
    assert page.evaluate(FITS)
    for name in LISTED:
        page.get_by_test_id("stExpandSidebarButton").click()
        follow_menu(page, name)
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        settle()
        expect(folded).not_to_be_in_viewport()
        assert page.evaluate(FITS), name
        assert title_ends(page) < 45, name  # it stands in the first line, on every page


def title_ends(page: Page) -> float:
    """How far down the screen the name of the page reaches."""
    box = page.locator(".st-key-head h3").bounding_box()
    assert box
    return box["y"] + box["height"]


def assert_takes_the_screen(drawn: MapOnScreen) -> None:
    """From edge to edge, below a slim head and above a strip by which the page is scrolled to the lists."""
    box = drawn.box.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] < 0.21 * 844
    assert 0.88 * 844 < box["y"] + box["height"] < 844


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_on_a_screen_the_map_ends_where_the_screen_does(
    width: int, height: int, page: Page, open_page: Callable[[str], Page]
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_page("/village_map")
    drawn = MapOnScreen(page)
    box = drawn.box.bounding_box()
    assert box
    assert height - 40 < box["y"] + box["height"] < height
    expect(drawn.legend).to_be_in_viewport(ratio=1)
    assert title_ends(page) < 105  # below one line, not below an empty band
