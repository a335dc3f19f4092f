"""The map's own script in a real browser: what is drawn, what a pointer does, what leaves the machine.

The page stands in for the map component: it loads what st_folium would load, runs what st_folium would run, and keeps
what the map sends. How often Streamlit then runs is the business of the tests of the whole app.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image
from playwright.sync_api import Page, expect
from streamlit_folium import _get_feature_group_string, _get_header, _get_map_string

from domain.area_counts import HIDDEN, AreaCounts
from domain.targets import Verdict
from geo.basemaps import OWN_TILES, Basemap
from geo.classes import ClassBreaks, ClassMethod
from geo.crs import Datum, from_wgs84
from geo.layers import Choropleth, Circles, CircleStyle, Flags, Layer, SchoolMarks, ShapeLevel
from geo.map_values import DrawnLevel, MapValues
from geo.offline import OfflineMap
from geo.village_map import MapView, VillageLayer, draw_map, draw_values
from tests.browser.screen import wait_until
from tests.geo.small_county import BOUNDS, COUNTY, NAMES, SCHOOLS, SIDE, SOUTH, VILLAGES, WEST, bundles, counted

pytestmark = pytest.mark.browser

mpl.use("agg")
VENDOR = Path(__file__).parents[2] / "access" / "vendor"
PACKED = bundles()
SHAPES = tuple(bundle.index for bundle in PACKED.values())
VIEW = MapView(SHAPES, BOUNDS, synthetic=True)
AT_RISK = Circles("在册", counted({VILLAGES[0]: 30, VILLAGES[1]: 4, "": 2}))
LEFT_BEHIND = Circles("留守", counted({VILLAGES[0]: 90, VILLAGES[2]: 20}), CircleStyle.RING)
OVERDUE = Flags("逾期", counted({VILLAGES[3]: 2}))
RATES = Choropleth(
    "辍学率",
    counted({VILLAGES[0]: 4, VILLAGES[1]: 9}),
    counted({VILLAGES[0]: 1000, VILLAGES[1]: 1000, VILLAGES[2]: 500}),
    {level: ClassBreaks(ClassMethod.QUANTILES, (40, 90)) for level in (ShapeLevel.TOWN, ShapeLevel.VILLAGE)},
)
BASEMAP = Basemap((f"{OWN_TILES}fake/{{z}}/{{x}}/{{y}}",), "测试底图", "审图号：GS（示例）0000号", Datum.GCJ02)
Show = Callable[..., Page]
Site = tuple[str, dict[str, bytes], list[str]]  # its address, its pages, the paths it was asked for


def value(*layers: Layer, **more: Any) -> MapValues:
    return MapValues(SHAPES, layers, **{"level": DrawnLevel.VILLAGE, **more})


def component(view: MapView) -> str:
    """A page that is to the map what the component of st_folium is."""
    drawn = draw_map(view)
    drawn.get_root().render()
    elements = (OfflineMap, VillageLayer)
    styles = "".join(f'<link rel="stylesheet" href="{link}">' for each in elements for _, link in each.default_css)
    programs = "".join(f'<script src="{link}"></script>' for each in elements for _, link in each.default_js)
    return f"""<!doctype html><meta charset="utf-8"><title>map</title>{styles}{_get_header(drawn)}
        <div id="map_div" style="height: 600px"></div>{programs}
        <script>window.sent = []; window.Streamlit = {{ setComponentValue: (value) => window.sent.push(value) }};
        {_get_map_string(drawn)} window.map = map_div;</script>"""


def numbers(values: MapValues) -> str:
    return str(_get_feature_group_string(draw_values(values), draw_map(VIEW)))


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with the vendor files, the shapes and whatever a test adds; its address, its pages, what was asked of it."""
    pages = {f"/shapes/{bundle.index.etag}.json": bundle.content for bundle in PACKED.values()}
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked.append(path)
            file = VENDOR / path.removeprefix("/vendor/")
            content = pages.get(path) or (file.read_bytes() if path.startswith("/vendor/") and file.is_file() else None)
            content = content or (tile() if path.startswith("/tiles/") else None)
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "application/json" if "/shapes/" in path else guess_type(path)[0] or "text/html")
            if "/shapes/" in path:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", pages, asked
        server.shutdown()


def tile() -> bytes:
    """A grey image of 256 x 256."""
    with BytesIO() as file:
        image.imsave(file, np.full((256, 256, 3), 0.8), format="png")
        return file.getvalue()


@pytest.fixture
def show_map(page: Page, site: Site) -> Show:
    """Open a map with values and wait until it is drawn."""
    address, pages, _ = site

    def shown(values: MapValues, view: MapView = VIEW, size: tuple[int, int] = (1366, 768)) -> Page:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        pages["/component/map/index.html"] = component(view).encode()
        pages["/favicon.ico"] = b"-"
        page.goto(f"{address}/component/map/index.html")
        set_values(page, values)
        return page

    return shown


def set_values(page: Page, values: MapValues) -> None:
    page.evaluate("script => (0, eval)(script)", numbers(values))
    expect(page.locator(".vm-status")).to_be_hidden()


def pixel(page: Page, lon: float, lat: float) -> dict[str, float]:
    """Where a place is on screen."""
    found: dict[str, float] = page.evaluate("([lon, lat]) => map.latLngToContainerPoint([lat, lon])", [lon, lat])
    return found


def point_at(page: Page, lon: float, lat: float) -> None:
    where = pixel(page, lon, lat)
    page.mouse.move(where["x"] - 3, where["y"])
    page.mouse.move(where["x"], where["y"])


def middle(place: int) -> tuple[float, float]:
    """The middle of a village, a little off its circle."""
    return WEST + (place % 2 + 0.5) * SIDE, SOUTH + (place // 2 + 0.25) * SIDE


def colour_at(page: Page, lon: float, lat: float) -> tuple[int, ...]:
    where = pixel(page, lon, lat)
    picture = image.imread(BytesIO(page.screenshot()))
    return tuple(round(255 * float(part)) for part in picture[round(where["y"]), round(where["x"])][:3])


def view_of(page: Page) -> list[float]:
    found: list[float] = page.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    return found


def sent(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.sent")
    return found


@pytest.mark.parametrize(
    "values",
    [
        value(AT_RISK, LEFT_BEHIND, OVERDUE),
        value(RATES),
        value(SchoolMarks("学校", dict.fromkeys(SCHOOLS, Verdict.MISSED))),
        value(AT_RISK, level=DrawnLevel.TOWN, lang="en", dark=True),
        value(),
    ],
    ids=["twins", "rates", "schools", "towns", "empty"],
)
def test_every_layer_draws_and_nothing_leaves(values: MapValues, show_map: Show) -> None:
    page = show_map(values)
    assert page.locator("canvas.vm-canvas").count() == 2
    assert page.locator(".vm-note", has_text="示意" if values.lang == "zh" else "Schematic").is_visible()


@pytest.mark.parametrize("place", range(4))
def test_names_are_shown_letter_by_letter_and_never_run(place: int, show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    point_at(page, *middle(place))
    expect(page.locator(".vm-tip strong")).to_have_text(NAMES[place])
    assert page.evaluate("window.hit") is None


def test_a_label_is_text_too(show_map: Show) -> None:
    biting = NAMES[0] + NAMES[1]
    page = show_map(value(Circles(biting, AT_RISK.counts), Flags(biting, OVERDUE.counts)))
    expect(page.locator(".vm-block h2").first).to_be_visible()
    assert page.locator(".vm-block h2").first.text_content() == biting
    point_at(page, *middle(0))
    expect(page.locator(".vm-tip-row span").first).to_have_text(biting)
    assert page.evaluate("window.hit") is None


def test_hover_tells_every_number_with_its_parts(show_map: Show) -> None:
    page = show_map(value(RATES, AT_RISK))
    point_at(page, *middle(0))
    assert page.locator(".vm-tip .vm-number").all_text_contents() == ["0.40 %  4/1,000", "30"]
    point_at(page, *middle(3))
    assert page.locator(".vm-tip .vm-number").all_text_contents() == ["无数据", "0"]
    assert sent(page) == []


def test_hidden_and_missing_say_so(show_map: Show) -> None:
    cells = AreaCounts({**dict.fromkeys(VILLAGES, 5), VILLAGES[0]: HIDDEN, VILLAGES[1]: None}, {})
    page = show_map(value(Circles("在册", cells)))
    for place, text in ((0, "人数少，不显示"), (1, "无数据"), (2, "5")):
        point_at(page, *middle(place))
        expect(page.locator(".vm-tip .vm-number")).to_have_text(text)


def test_a_click_is_sent_once_and_a_second_click_again(show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    where = pixel(page, *middle(2))
    page.mouse.click(where["x"], where["y"])
    page.wait_for_timeout(600)
    page.mouse.click(where["x"], where["y"])
    assert [(each["level"], each["code"]) for each in sent(page)] == [("village", VILLAGES[2])] * 2
    assert sent(page)[0]["t"] < sent(page)[1]["t"]


def test_a_double_click_zooms_and_is_one_click(show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    where, zoom = pixel(page, *middle(2)), view_of(page)[0]
    page.mouse.dblclick(where["x"], where["y"])
    page.wait_for_function("zoom => map.getZoom() > zoom", arg=zoom)
    assert len(sent(page)) == 1


def test_a_circle_stands_for_its_village_beyond_its_border(show_map: Show) -> None:
    page = show_map(value(Circles("在册", counted({VILLAGES[0]: 50})), Circles("留守", counted({VILLAGES[0]: 1}))))
    where = pixel(page, WEST + 0.5 * SIDE, SOUTH + 0.5 * SIDE)
    page.mouse.click(where["x"] - 20, where["y"])
    assert sent(page)[0]["code"] == VILLAGES[0]


def test_schools_come_before_what_lies_below_them(show_map: Show) -> None:
    page = show_map(value(SchoolMarks("达标情况", {SCHOOLS[0]: Verdict.MISSED})))

    def tells_of_the_school() -> bool:
        """Schools are fetched when first asked for: until they are there the village is what lies at this place."""
        point_at(page, WEST + 0.1, SOUTH + 0.05)
        return page.locator(".vm-tip").text_content() == "试验小学0第1镇达标情况未达标"

    wait_until(page, tells_of_the_school)
    where = pixel(page, WEST + 0.1, SOUTH + 0.05)
    page.mouse.click(where["x"], where["y"])
    assert (sent(page)[0]["level"], sent(page)[0]["code"]) == ("school", SCHOOLS[0])


def test_moving_and_zooming_send_nothing(show_map: Show) -> None:
    page = show_map(value(AT_RISK, LEFT_BEHIND), replace(VIEW, fills=True))
    before = view_of(page)
    page.mouse.move(683, 300)
    page.mouse.down()
    page.mouse.move(760, 360, steps=5)
    page.mouse.up()
    page.mouse.wheel(0, -400)
    page.wait_for_function("zoom => map.getZoom() > zoom", arg=before[0])
    page.locator(".leaflet-control-zoom-out").click()
    page.locator(".vm-whole").click()
    page.wait_for_function("([zoom]) => map.getZoom() === zoom", arg=before)
    assert sent(page) == []


def test_a_map_that_is_a_part_of_a_page_leaves_the_wheel_to_it(show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    assert page.evaluate("[map.scrollWheelZoom.enabled(), map.dragging.enabled()]") == [False, True]


def test_keys_move_and_zoom(show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    zoom, _, lon = view_of(page)
    page.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("lon => map.getCenter().lng > lon", arg=lon)
    page.keyboard.press("+")
    page.wait_for_function("zoom => map.getZoom() > zoom", arg=zoom)


def test_a_filter_a_language_and_a_theme_keep_the_view(show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    page.evaluate("map.setView([26.15, 116.1], 12, { animate: false })")
    before = view_of(page)
    set_values(page, value(RATES, lang="en", dark=True))
    assert view_of(page) == before
    expect(page.locator(".vm-toggle")).to_have_text("Legend")
    assert page.locator(".vm-dark").count() == 1


def test_the_map_goes_where_it_is_meant_to_once(show_map: Show) -> None:
    page = show_map(value(AT_RISK))
    set_values(page, value(AT_RISK, focus=VILLAGES[3]))
    place = [SOUTH + 0.3, WEST + 0.3]
    page.wait_for_function("place => map.getBounds().contains(place) && map.getZoom() > 10", arg=place)
    page.evaluate("map.setView([26.15, 116.1], 9, { animate: false })")
    set_values(page, value(LEFT_BEHIND, focus=VILLAGES[3]))
    assert view_of(page)[0] == 9
    set_values(page, value(LEFT_BEHIND, focus=COUNTY))
    page.wait_for_function("map.getZoom() > 9")


def test_classes_paint_what_the_legend_says(show_map: Show) -> None:
    page = show_map(value(RATES))
    colours = RATES.breaks[ShapeLevel.VILLAGE].colours(RATES.ramp)
    wanted = [tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5)) for colour in (*colours, "#ffffff")]
    assert [colour_at(page, *middle(place)) for place in range(3)] == wanted
    legend = page.locator(".vm-fill").evaluate_all("all => all.map(one => one.style.backgroundColor)")
    assert [tuple(json.loads(f"[{each[4:-1]}]")) for each in legend] == wanted
    assert page.locator(".vm-dots").count() == 1


def test_towns_first_and_villages_once_they_are_far_enough_apart(show_map: Show) -> None:
    page = show_map(value(AT_RISK, level=DrawnLevel.AUTO))
    point_at(page, *middle(0))
    expect(page.locator(".vm-tip strong")).to_have_text(NAMES[0])
    page.evaluate("map.setZoom(3, { animate: false })")
    expect(page.locator(".vm-number", has_text="个乡镇")).to_have_count(1)
    point_at(page, *middle(0))
    expect(page.locator(".vm-tip strong")).to_have_text("第1镇")


def test_shapes_are_asked_for_once(show_map: Show, site: Site) -> None:
    page = show_map(value(AT_RISK))
    for values in (value(RATES), value(LEFT_BEHIND), value(AT_RISK, lang="en")):
        set_values(page, values)
    shapes = [path for path in site[2] if path.startswith("/shapes/")]
    assert len(shapes) == len(set(shapes)) == 3


def test_shapes_that_do_not_come_are_told(page: Page, complaints: list[str], show_map: Show, site: Site) -> None:
    for path in [path for path in site[1] if path.startswith("/shapes/")]:
        del site[1][path]
    with pytest.raises(AssertionError):
        show_map(value(AT_RISK))
    assert "没有丢失" in (page.locator(".vm-status").text_content() or "")
    assert complaints
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


def test_on_a_phone_the_legend_is_folded(show_map: Show) -> None:
    page = show_map(value(AT_RISK, LEFT_BEHIND, OVERDUE), size=(390, 844))
    toggle = page.locator(".vm-toggle")
    expect(page.locator(".vm-rows")).to_be_hidden()
    toggle.click()
    expect(page.locator(".vm-rows")).to_be_visible()
    assert toggle.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".vm-legend").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0


def test_tiles_load_from_where_they_are_set_and_say_whose_they_are(show_map: Show, site: Site) -> None:
    page = show_map(value(AT_RISK), MapView(SHAPES, BOUNDS, synthetic=False, basemap=BASEMAP))
    page.wait_for_function("document.querySelectorAll('.leaflet-tile-loaded').length > 3")
    assert any(path.startswith("/tiles/fake/") for path in site[2])
    expect(page.locator(".vm-source")).to_have_text("测试底图 · 审图号：GS（示例）0000号")
    expect(page.locator(".vm-note", has_text="示意")).to_be_hidden()


@pytest.mark.parametrize(("lon", "lat"), [(116.7479, 26.82706), (109.18961, 27.73136), (87.617733, 43.792818)])
def test_shapes_over_shifted_tiles_land_within_a_metre(lon: float, lat: float, show_map: Show) -> None:
    """A click on the place where geo.crs puts a school in GCJ-02 finds it, at a zoom where a pixel is half a metre."""
    east, north = (float(side) for side in from_wgs84(WEST + 0.1, SOUTH + 0.05, Datum.GCJ02))
    page = show_map(
        value(SchoolMarks("学校", {SCHOOLS[0]: Verdict.MET})), MapView(SHAPES, BOUNDS, synthetic=False, basemap=BASEMAP)
    )
    page.evaluate("([lon, lat]) => map.setView([lat, lon], 18, { animate: false })", [east, north])
    wait_until(page, lambda: colour_at(page, east, north) == (0x2E, 0x7D, 0x32))  # drawn in the frame after
    shifted = page.evaluate("([lon, lat]) => VillageMap.shiftGcj(lon, lat)", [lon, lat])
    expected = from_wgs84(lon, lat, Datum.GCJ02)
    assert shifted == pytest.approx([float(side) for side in expected], abs=1e-9)


def test_maps_side_by_side_move_together(page: Page, site: Site) -> None:
    address, pages, _ = site
    pages["/component/map/index.html"] = (component(VIEW) + f"<script>{numbers(value(AT_RISK))}</script>").encode()
    pages["/pair"] = b'<iframe src="/component/map/index.html"></iframe><iframe src="/component/map/index.html"></iframe>'
    pages["/favicon.ico"] = b"-"
    page.goto(f"{address}/pair", wait_until="networkidle")
    first, second = page.frames[1:]
    first.evaluate("map.setView([26.3, 116.3], 13, { animate: false })")
    second.wait_for_function("map.getZoom() === 13 && Math.abs(map.getCenter().lng - 116.3) < 1e-6")
    second.evaluate("map.setView([26.1, 116.1], 11, { animate: false })")
    first.wait_for_function("map.getZoom() === 11")
