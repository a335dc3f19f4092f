"""What a person sees and does on a page: reading tables, totals and the map, choosing in the filter bar, counting reruns."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Frame, Locator, Page, TimeoutError, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from domain.scope import Role, Scope
from domain.terms import Lang, say
from pages.shared.page_list import PAGES, may_open

DEMO = Scope("demo", Role.COUNTY, ("350430",))  # whoever opens the demo
LISTED = [page.name for page in PAGES if page.listed and may_open(DEMO, page.name)]

PATIENCE_MS = 45_000  # a busy machine is not a failing test
expect.set_options(timeout=PATIENCE_MS)

CELLS = """node => {
    const grid = node.querySelector('canvas table[role="grid"]');
    const heads = new Map([...grid.querySelectorAll('th')].map(th => [th.getAttribute('aria-colindex'), th.textContent]));
    return [...grid.querySelectorAll('tbody tr')].map(tr =>
        Object.fromEntries([...tr.children].map(td => [heads.get(td.getAttribute('aria-colindex')), td.textContent])));
}"""
PAINTED = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
    return painted / (data.length / 4);
}"""
BUNDLES = """async () => {
    const asked = performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.includes('/shapes/'));
    return Promise.all([...new Set(asked)].map(async name => (await fetch(name)).json()));
}"""
PLACE = """([lon, lat]) => {
    const point = map.latLngToContainerPoint([lat, lon]), box = map.getContainer().getBoundingClientRect();
    return [point.x + box.x, point.y + box.y];
}"""
VIEW = "() => [map.getZoom(), map.getCenter().lat, map.getCenter().lng]"

Row = dict[str, str]


# --- tables ---------------------------------------------------------------------------------------------------------------------


def read_rows(table: Locator) -> list[Row]:
    """The rows of a table that are in sight, header -> text, as its text for screen readers has them."""
    expect(table.locator("canvas table[role=grid]")).to_have_count(1)
    found: list[Row] = table.evaluate(CELLS)
    return found


def read_all_rows(page: Page, table: Locator) -> list[Row]:
    """Every row of one page of a table, which is enlarged for it on a screen that has room for all rows and columns."""
    size = page.viewport_size
    page.set_viewport_size({"width": 2800, "height": 2200})
    table.hover()
    page.get_by_role("button", name="Fullscreen").last.click()
    count = int(table.locator("canvas table[role=grid]").get_attribute("aria-rowcount") or 0) - 1
    expect(table.locator("canvas tbody tr")).to_have_count(count)
    rows = read_rows(table)
    page.keyboard.press("Escape")
    assert size is not None
    page.set_viewport_size(size)
    return rows


def wait_until(page: Page, holds: Callable[[], object]) -> None:
    """Wait for what no locator can be asked for: a table is a canvas that is drawn after the words around it."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def read_total(page: Page, lang: Lang = "zh") -> int:
    """The total of the filter under the table."""
    pattern = re.escape(say("table.total", lang, total="TOTAL", page="PAGE", last="LAST"))
    for name in ("TOTAL", "PAGE", "LAST"):
        pattern = pattern.replace(name, r"([\d,]+)")
    found = re.search(pattern, page.get_by_text(re.compile(pattern)).first.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def click_row(page: Page, table: Locator, place: int) -> None:
    """Select a row by its box at the left."""
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    row = box["height"] / (min(10, len(read_rows(table))) + 1)
    page.mouse.click(box["x"] + 16, box["y"] + row * (place + 1.5))


def table_of(page: Page, header: str) -> Locator:
    """The table that has a column of that name."""
    return page.get_by_test_id("stDataFrame").filter(has=page.locator("th", has_text=header)).first


# --- the filter bar and the menu ------------------------------------------------------------------------------------------------


def choose(page: Page, part: str, option: str, lang: Lang = "zh") -> None:
    """Choose an option in a field of the filter bar and wait until the address has changed; `part` as in `filter.<part>`."""
    before = page.url
    page.get_by_test_id("stSidebar").get_by_role("combobox", name=say(f"filter.{part}", lang), exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.wait_for_function("before => location.href !== before", arg=before, timeout=PATIENCE_MS)


def pill(page: Page, part: str, value: str, lang: Lang = "zh") -> Locator:
    """The button above the content that takes a part of the filter away."""
    return page.get_by_test_id("stMain").get_by_role("button", name=f"{say(f'filter.{part}', lang)} · {value}")


def heading(page: Page, name: str, lang: Lang = "zh") -> Locator:
    """The title of a page."""
    return page.get_by_role("heading", name=say(f"page.{name}", lang), exact=True)


def follow_menu(page: Page, name: str, lang: Lang = "zh") -> None:
    """Open a page by its link in the menu, unfolding the part that is folded; once more when it folds just then."""
    words = re.compile(re.escape(say(f"page.{name}", lang)) + "$")
    menu = page.get_by_test_id("stSidebar")
    link = menu.get_by_test_id("stPageLink-NavLink").filter(has_text=words)
    for last in (False, False, True):
        if not link.is_visible():
            menu.get_by_text(say("frame.more", lang)).click()
        try:
            link.click(timeout=PATIENCE_MS if last else 3_000)
            break
        except TimeoutError:
            if last:
                raise
    expect(heading(page, name, lang)).to_be_visible()


# --- the map --------------------------------------------------------------------------------------------------------------------


class MapOnScreen:
    """The map of a page, seen and moved with the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.locator('iframe[title*="st_folium"]').first
        expect(self.box).to_be_visible()
        element = self.box.element_handle()
        frame = element.content_frame() if element else None
        assert frame
        self.frame: Frame = frame
        self.status = frame.locator(".vm-status")
        self.legend = frame.locator(".vm-legend")
        expect(self.legend).to_be_visible()
        expect(self.status).to_be_hidden()

    def bundles(self) -> dict[str, Any]:
        """The shapes that the browser fetched, by level."""
        return {bundle["level"]: bundle for bundle in self.frame.evaluate(BUNDLES)}

    def painted(self) -> float:
        """The share of the drawing that is not blank."""
        share: float = self.frame.locator("canvas.vm-canvas").first.evaluate(PAINTED)
        return share

    def legend_counts(self, unit: str) -> list[int]:
        """The numbers of areas in the legend, `unit` as in `map.areas.<unit>`."""
        pattern = re.compile("^" + re.escape(say(f"map.areas.{unit}", "zh", count="COUNT")).replace("COUNT", r"([\d,]+)") + "$")
        found = (pattern.match(text) for text in self.legend.locator(".vm-number").all_inner_texts())
        return [int(hit[1].replace(",", "")) for hit in found if hit]

    def view(self) -> list[float]:
        """Zoom and centre."""
        found: list[float] = self.frame.evaluate(VIEW)
        return found

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place of the map stands on the page."""
        box = self.box.bounding_box()
        assert box
        x, y = self.frame.evaluate(PLACE, [lon, lat])
        return box["x"] + x, box["y"] + y

    def gesture(self, act: Callable[[], None]) -> None:
        """Do something that moves the map, and wait until it stands still."""
        self.frame.evaluate("() => { window.stood = new Promise(done => map.once('moveend', () => done(true))); }")
        act()
        assert self.frame.evaluate("() => window.stood")

    def zoom_in(self, lon: float, lat: float) -> None:
        """Turn the wheel over a place, which stays under the pointer."""

        def turn() -> None:
            self.page.mouse.move(*self.at(lon, lat))
            self.page.mouse.wheel(0, -400)

        self.gesture(turn)

    def drag(self, by_x: float, by_y: float) -> None:
        """Pull the map."""
        box = self.box.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def pull() -> None:
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + by_x, y + by_y, steps=6)
            self.page.mouse.up()

        self.gesture(pull)


# --- what the browser asks of the server ----------------------------------------------------------------------------------------


def watch_reruns(page: Page) -> list[BackMsg]:
    """A list that grows by every rerun the browser asks for; call it before a page is opened."""
    asked: list[BackMsg] = []

    def note(payload: bytes | str) -> None:
        message = BackMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
        if message.WhichOneof("type") == "rerun_script":
            asked.append(message)

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", note)

    page.on("websocket", listen)
    return asked
