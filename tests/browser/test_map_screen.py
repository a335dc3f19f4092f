"""The village map draws offline, stays where people left it, and answers a click with the list behind the village."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from domain.terms import say
from tests.browser.screen import (
    PATIENCE_MS,
    MapOnScreen,
    choose,
    follow_menu,
    heading,
    pill,
    read_rows,
    read_total,
    table_of,
    wait_until,
    watch_reruns,
)

pytestmark = pytest.mark.browser
UNITS = 100_000  # of the packed coordinates, to a degree
STAGE = say("stage.primary", "zh")


@pytest.fixture
def open_map(page: Page, open_page: Callable[[str], Page]) -> Callable[[str], MapOnScreen]:
    """Open the map page."""
    return lambda query: MapOnScreen(open_page(f"/village_map{query}"))


def worst_village(page: Page) -> tuple[str, str, int]:
    """Village, town and number of children at risk in the first row of the table below the map."""
    row = read_rows(table_of(page, say("column.town_name", "zh")))[0]
    names = (row[say(f"column.{name}", "zh")] for name in ("village_name", "town_name"))
    return (*names, int(row[say("column.at_risk", "zh")]))  # type: ignore[return-value]


def find_village(drawn: MapOnScreen, village: str, town: str) -> tuple[str, float, float]:
    """Code, longitude and latitude of the village of that name in that town."""
    shapes, towns = drawn.bundles()["village"], drawn.bundles()["town"]
    codes = {code for code, name in zip(towns["codes"], towns["names"], strict=True) if name == town}
    rows = zip(shapes["codes"], shapes["names"], shapes["parents"], shapes["points"], strict=True)
    [(code, (lon, lat))] = [(code, point) for code, name, parent, point in rows if name == village and parent in codes]
    return code, lon / UNITS, lat / UNITS


def read_card(page: Page) -> dict[str, str]:
    """The numbers beside the map: what is counted -> the count."""
    what, number = say("map_page.what", "zh"), say("map_page.number", "zh")
    return {row[what]: row[number] for row in read_rows(table_of(page, number))}


def test_every_village_is_drawn_and_counted(open_map: Callable[[str], MapOnScreen]) -> None:
    drawn = open_map("?layer=at_risk_share")
    villages = len(drawn.bundles()["village"]["codes"])
    assert villages == 100
    assert sum(drawn.legend_counts("village")) == villages
    assert read_total(drawn.page) == villages
    assert drawn.painted() > 0.1
    expect(drawn.frame.get_by_text(say("map.synthetic", "zh"))).to_be_visible()


def test_looking_around_asks_nothing_and_a_click_asks_once(page: Page, open_map: Callable[[str], MapOnScreen]) -> None:
    asked = watch_reruns(page)
    drawn = open_map("?layer=at_risk")
    name, town, at_risk = worst_village(page)
    code, lon, lat = find_village(drawn, name, town)
    before, reruns = drawn.view(), len(asked)
    drawn.zoom_in(lon, lat)
    drawn.drag(40, 30)
    assert drawn.view()[0] > before[0]
    assert drawn.view()[1:] != before[1:]
    page.mouse.click(*drawn.at(lon, lat))
    expect(page.get_by_text(f"{town} {name}")).to_be_visible()
    assert len(asked) == reruns + 1
    assert asked[-1].rerun_script.fragment_id
    wait_until(page, lambda: re.search(rf"\b{at_risk}\b", read_card(page)[say("measure.at_risk", "zh")]))
    page.get_by_test_id("stMain").get_by_role("link", name=say("map_page.cases", "zh")).click()
    expect(heading(page, "cases")).to_be_visible()
    assert f"area={code}" in page.url
    assert read_total(page) == at_risk


def test_filter_layer_and_language_leave_the_view_alone(
    page: Page, open_map: Callable[[str], MapOnScreen], settle: Callable[[], None]
) -> None:
    drawn = open_map("?layer=at_risk")
    _, lon, lat = find_village(drawn, *worst_village(page)[:2])
    drawn.zoom_in(lon, lat)
    view, legend = drawn.view(), drawn.legend.inner_text()
    choose(page, "stage", STAGE)
    expect(pill(page, "stage", STAGE)).to_be_visible()
    expect(drawn.legend).not_to_have_text(legend, use_inner_text=True)
    page.get_by_test_id("stMain").get_by_role("combobox", name=say("map_page.layer", "zh")).click()
    page.get_by_role("option", name=say("layer.left_behind", "zh"), exact=True).click()
    expect(drawn.legend).to_contain_text(say("measure.left_behind", "zh"))
    page.get_by_role("button", name="English").click()
    expect(pill(page, "stage", say("stage.primary", "en"), "en")).to_be_visible()
    expect(drawn.legend).to_contain_text(say("measure.left_behind", "en"))
    for field, words in (("map_page.layer", "layer.left_behind"), ("filter.stage", "stage.primary")):
        expect(page.get_by_role("combobox", name=say(field, "en"), exact=True)).to_have_value(say(words, "en"))
    settle()
    assert drawn.view() == view
    assert all(part in page.url for part in ("stage=primary", "layer=left_behind", "lang=en"))


def test_a_village_is_found_and_opened_by_keys_alone(
    page: Page, open_map: Callable[[str], MapOnScreen], settle: Callable[[], None]
) -> None:
    open_map("")
    name, town, _ = worst_village(page)
    page.get_by_role("button", name=say("map_page.tree", "zh")).focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name=say("map_page.tree_search", "zh"))
    expect(field).to_be_visible()
    settle()
    press_until_focused(page, field)
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    found = page.get_by_role("button", name=re.compile(f"{name}.*{town}"))
    expect(found).to_be_visible()
    press_until_focused(page, found)
    page.keyboard.press("Enter")
    expect(pill(page, "area", name)).to_be_visible()


def press_until_focused(page: Page, wanted: Locator) -> None:
    """Press Tab, not often, until a field of the open dialog has the focus."""
    for _ in range(6):
        if wanted.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def test_the_overview_shows_the_map_too(open_page: Callable[[str], Page]) -> None:
    page = open_page("/")
    drawn = MapOnScreen(page)
    assert drawn.painted() > 0.1
    assert len(drawn.bundles()["village"]["codes"]) == 100
    follow_menu(page, "village_map")
    page.wait_for_url("**/village_map", timeout=PATIENCE_MS)
    assert MapOnScreen(page).painted() > 0.1
