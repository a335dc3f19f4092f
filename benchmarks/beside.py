"""What other users' pages take while somebody tries a large register: allowed twice their usual time."""

import csv
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from benchmarks.demo_database import find_demo, serve
from benchmarks.pages import PAGES, PORT
from benchmarks.report import describe_machine, median, p95, write_section
from benchmarks.session import Session
from benchmarks.upload import upload
from data_access.commands import console_scope, open_cipher
from data_access.engine import business_date, open_engine
from data_access.export_files import FileKind, write_table
from data_access.ledger_out import ledger_tables
from domain.case_filter import CaseFilter, resolve
from domain.scope import Role

ROWS = 30_000
ROUNDS = 6  # of every page, cold and warm
NAME = "学生姓名"
NOTE = (
    "Every page in turn, with a day that nobody has asked for and once more, first alone and then while another user uploads a "
    f"register in which every name has changed ({ROWS:,} rows at most), again and again: it is read, checked, matched, written "
    "and undone. Allowed: twice as long."
)


def measure_beside(size: str) -> None:
    """Measure and write the section."""
    url, machine = find_demo(size), describe_machine()
    with tempfile.TemporaryDirectory() as folder, serve("app.py", PORT, url) as ours, ThreadPoolExecutor(1) as beside:
        register, today = _register(url, Path(folder))
        session, clerk, days = Session(ours), Session(ours), count(1)
        queries = (f"asof={today - timedelta(days=day)}" for day in days)
        for page in PAGES:
            session.run(page)
        alone = _look(session, queries, lambda rounds: rounds < ROUNDS)
        uploads: list[float] = []
        meanwhile: dict[tuple[str, str], list[float]] = {}
        while len(meanwhile.get((PAGES[0], "cold"), ())) < ROUNDS:
            job = beside.submit(upload, clerk, "imports", _changed(register, len(uploads)))
            for key, times in _look(session, queries, lambda _rounds, job=job: not job.done()).items():
                meanwhile.setdefault(key, []).extend(times)
            run = job.result()
            assert not run.failed, "the import showed an error"
            uploads.append(run.milliseconds)
    rows = [
        (page or "overview", kind, *_both(alone[page, kind]), *_both(times), median(times) / median(alone[page, kind]))
        for (page, kind), times in meanwhile.items()
    ]
    rows.append(("the upload itself", "-", "-", "-", *_both(uploads), "-"))
    header = ("page", "cache", "ms alone, median", "p95", "ms beside an import, median", "p95", "x, of medians")
    write_section(f"Beside an import, {size}", machine, header, rows, NOTE)


def _look(session: Session, queries: Iterator[str], more: Callable[[int], bool]) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of every page, cold and warm, for as long as `more` says; the round in which it stops is not counted."""
    found: dict[tuple[str, str], list[float]] = {}
    rounds = 0
    while more(rounds):
        rounds += 1
        for page in PAGES:
            query = next(queries)
            for kind in ("cold", "warm"):
                run = session.run(page, query)
                assert not run.failed, "a page showed an error"
                if more(rounds - 1):
                    found.setdefault((page, kind), []).append(run.milliseconds)
    return found


def _both(times: list[float]) -> tuple[float, float]:
    return median(times), p95(times)


def _register(url: str, folder: Path):  # type: ignore[no-untyped-def]
    """The register of the demo as a CSV of at most ROWS pupils, and the demo's day."""
    engine, path = open_engine(url), folder / "L0.csv"
    cipher = open_cipher(engine)
    with engine.connect() as conn:
        scope, today = (
            replace(console_scope(conn), role=Role.TOWNSHIP),
            business_date(conn),
        )  # who sees names: masked ones are refused
        table = ledger_tables(cipher)["L0"]
        write_table(conn, scope, resolve(CaseFilter(), today, {}), table, FileKind.CSV, path, header="zh")
    engine.dispose()
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[: ROWS + 1]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    return path, today


def _changed(register: Path, number: int) -> Path:
    """The register with another name for every child."""
    path = register.with_name(f"{number}.csv")
    with register.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    at = header.index(NAME)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [header, *([*line[:at], f"{line[at]}{chr(0x4E00 + number)}", *line[at + 1 :]] for line in lines)]
        )
    return path
