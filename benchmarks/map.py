"""The map against the usual patterns: 100, 2,947 and 17,000 villages, in Chromium: server time, bytes, seconds to the eye."""

import os
import shutil
import subprocess
import sys
from time import perf_counter, sleep
from typing import Any
from zlib import MAX_WBITS, Z_SYNC_FLUSH, compressobj

from playwright.sync_api import Error, Frame, Page, sync_playwright

from benchmarks.demo_database import ROOT, wait_healthy
from benchmarks.map_app import SIZES
from benchmarks.report import describe_machine, median, write_section

PORT, PATIENCE_MS = 8664, 120_000
PATTERNS = ("ours", "geojson", "markers")
LEFT_OUT = {("markers", 17_000)}  # the usual marker loop takes minutes there
TIMES = 5  # filter changes
DRAWN = "() => window.VillageMap && document.querySelector('.vm-legend') && document.querySelector('.vm-status')?.hidden"
LINE = """colour => {
    let found = false;
    const note = layer => { found = found || Boolean(layer.options && layer.options.color === colour); };
    if (window.map && map.eachLayer) map.eachLayer(note);
    return found;
}"""


def measure_map() -> None:
    """Measure every pattern at every size and write the section."""
    machine = describe_machine()
    command = [sys.executable, "-m", "streamlit", "run", "benchmarks/map_app.py", "--server.port", str(PORT)]
    app = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    try:
        wait_healthy(app, PORT)
        with sync_playwright() as playwright:
            program = os.environ.get("KONGCHUO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            rows = [
                (pattern, size, *_measure(browser.new_context(locale="zh-CN").new_page(), pattern, size))
                for size in SIZES
                for pattern in PATTERNS
                if (pattern, size) not in LEFT_OUT
            ]
            browser.close()
    finally:
        app.terminate()
        app.wait(20)
    header = ("pattern", "villages", "first view: server ms", "KB", "s to interactive", "filter: server ms", "KB", "s to the eye")
    note = (
        "ours: geometry by address, numbers alone on a filter. geojson: folium.GeoJson with tooltips, made anew on each run; "
        "markers: a CircleMarker with a tooltip for each village; both with Leaflet from this machine. Server: drawing only, "
        "without the query. KB: what the browser received, Streamlit's own files left out; a filter change is the median of five."
    )
    write_section("Map against the usual patterns", machine, header, rows, note)


class _Bytes:
    """What the browser received, packed as it travels, but for Streamlit's own scripts and styles."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        self._packer = compressobj(wbits=-MAX_WBITS)  # as permessage-deflate does; the browser tells of frames unpacked
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", lambda told: self._urls.update({told["requestId"]: told["response"]["url"]}))
        session.on("Network.loadingFinished", self._loaded)
        page.on("websocket", lambda socket: socket.on("framereceived", self._frame))

    def _loaded(self, told: dict[str, Any]) -> None:
        url = self._urls.get(told["requestId"], "")
        if "/vendor/" in url or "/shapes/" in url or "/media/" in url:
            self.count += int(told["encodedDataLength"])

    def _frame(self, payload: bytes | str) -> None:
        told = payload.encode() if isinstance(payload, str) else payload
        self.count += len(self._packer.compress(told)) + len(self._packer.flush(Z_SYNC_FLUSH))


def _measure(page: Page, pattern: str, size: int) -> tuple[float, float, float, float, float, float]:
    received = _Bytes(page)
    page.goto(f"http://localhost:{PORT}/?pattern=ours&villages=100")  # Streamlit's own files are here before the clock
    _wait_drawn(page, "ours", 0)
    received.count, begun = 0, perf_counter()
    page.goto(f"http://localhost:{PORT}/?pattern={pattern}&villages={size}")
    _wait_drawn(page, pattern, 0)
    first = (_server_ms(page), received.count / 1000, perf_counter() - begun)
    changes = [_change(page, received, pattern, time + 1) for time in range(TIMES)]
    page.context.close()
    return (*first, *(median(values) for values in zip(*changes, strict=True)))  # type: ignore[return-value]


def _change(page: Page, received: _Bytes, pattern: str, filtered: int) -> tuple[float, float, float]:
    before, legend = received.count, _legend(page, pattern)
    begun = perf_counter()
    page.get_by_test_id("stNumberInputStepUp").click()
    if pattern == "ours":
        _frame_of(page).wait_for_function(
            "old => document.querySelector('.vm-legend').innerText !== old", arg=legend, timeout=PATIENCE_MS
        )
    else:
        _wait_drawn(page, pattern, filtered)
    taken = perf_counter() - begun
    sleep(0.5)
    return _server_ms(page), (received.count - before) / 1000, taken


def _legend(page: Page, pattern: str) -> str:
    return str(_frame_of(page).locator(".vm-legend").inner_text()) if pattern == "ours" else ""


def _frame_of(page: Page) -> Frame:
    box = page.locator('iframe[title*="st_folium"]')
    box.wait_for(state="visible", timeout=PATIENCE_MS)
    frame = box.element_handle().content_frame()
    assert frame
    return frame


def _wait_drawn(page: Page, pattern: str, filtered: int) -> None:
    """Return when the map of a pattern and filter stands; the component may change its frame meanwhile."""
    deadline = perf_counter() + PATIENCE_MS / 1000
    while perf_counter() < deadline:
        try:
            frame = _frame_of(page)
            if frame.evaluate(DRAWN) if pattern == "ours" else frame.evaluate(LINE, f"#00000{filtered + 1}"):
                return
        except (Error, AssertionError):
            continue
        sleep(0.01)
    raise TimeoutError(f"{pattern} was not drawn")


def _server_ms(page: Page) -> float:
    return float(page.get_by_text("drawn in").inner_text().split()[2])
