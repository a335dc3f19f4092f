"""A filter change on the pages people work with: server time and bytes, beside a page that does nothing.

Cold: a day that nobody has asked for yet, so that no answer is remembered. Warm: the same filters once more.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.demo_database import find_demo, serve
from benchmarks.report import describe_machine, median, p95, write_section
from benchmarks.session import Run, Session
from data_access.engine import business_date, open_engine

PAGES = ("village_map", "schools", "cases", "left_behind", "")
DAYS = 6
EMPTY_RUNS = 200
PORT = 8661


def list_filters(number: int, today: date, stages: tuple[str, ...] = ("", "&stage=junior")) -> Iterator[str]:
    """Filters that no other page of this run has asked for: days of their own, the whole area and one stage."""
    for step in range(DAYS):
        day = today - timedelta(days=1 + number * DAYS + step)
        for stage in stages:
            yield f"asof={day}{stage}"


def measure_pages(size: str) -> None:
    """Measure and write the section."""
    url, machine = find_demo(size), describe_machine()
    engine = open_engine(url)
    with engine.connect() as conn:
        today = business_date(conn)
    engine.dispose()
    with serve("benchmarks/empty_app.py", PORT + 1, url) as nothing, serve("app.py", PORT, url) as ours:
        empty, session = Session(nothing), Session(ours)
        for _ in range(20):
            empty.run("")
        rows = [("an empty page, in an app of its own", "-", *_sum_up([empty.run("") for _ in range(EMPTY_RUNS)]), 1.0)]
        floor = rows[0][2]
        for number, page in enumerate(PAGES):
            session.run(page)
            for kind in ("cold", "warm"):
                runs = [session.run(page, query) for query in list_filters(number, today)]
                told = _sum_up(runs)
                rows.append((page or "overview", kind, *told, told[0] / floor))
        again = _sum_up([empty.run("") for _ in range(EMPTY_RUNS)])
        rows.append(("the empty page again, after the others", "-", *again, again[0] / floor))
    header = ("page", "cache", "server ms, median", "p95", "bytes, median", "largest", "x empty")
    write_section(f"Filter change, {size}", machine, header, rows, NOTE)


NOTE = f"{DAYS * 2} filters a page. Server time: asked until script_finished, by a websocket client on the same machine."


def _sum_up(runs: list[Run]) -> tuple[float, float, int, int]:
    assert not any(run.failed for run in runs), "a page showed an error"
    times, sizes = [run.milliseconds for run in runs], [run.size for run in runs]
    return median(times), p95(times), int(median(sizes)), max(sizes)
