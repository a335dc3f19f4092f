"""Exports, and an import beside what pandas takes to read the same file."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas

from benchmarks.demo_database import find_demo
from benchmarks.report import describe_machine, measure, median, p95, write_section
from data_access.commands import console_scope, open_cipher
from data_access.engine import business_date, open_engine
from data_access.export_files import FileKind, write_table
from data_access.import_ledger import import_file
from data_access.ledger_out import ledger_tables
from data_access.tables import TABLES
from domain.case_filter import CaseFilter, resolve
from domain.ledgers import ledger
from domain.scope import Role

TIMES = 3


def measure_files(size: str) -> None:
    """Measure and write the section."""
    url, machine = find_demo(size), describe_machine()
    engine, rows = open_engine(url), []
    cipher = open_cipher(engine)
    with tempfile.TemporaryDirectory() as folder, engine.connect() as conn:
        scope, today = (
            replace(console_scope(conn), role=Role.TOWNSHIP),
            business_date(conn),
        )  # who sees names: masked ones are refused
        chosen = resolve(CaseFilter(), today, {})
        register = Path(folder) / "L0.xlsx"

        def write(path: Path, kind: FileKind) -> int:
            return write_table(conn, scope, chosen, TABLES["children"], kind, path)

        for kind in FileKind:
            path = Path(folder) / f"children.{kind}"
            count = write(path, kind)
            rows.append(_time(f"export children {kind}", count, lambda path=path, kind=kind: write(path, kind)))  # type: ignore[misc]
        count = write_table(conn, scope, chosen, ledger_tables(cipher)["L0"], FileKind.XLSX, register, header="zh")
        conn.rollback()
        what = ("pandas.read_excel with openpyxl, all sheets", "import L0, dry run: read, check, match, write, undo")
        rows.append(_time(what[0], count, lambda: pandas.read_excel(register, sheet_name=None, dtype=str, engine="openpyxl")))
        book = ledger("L0")
        rows.append(
            _time(what[1], count, lambda: import_file(engine, cipher, scope, register, ledger=book, as_of=today, dry_run=True))
        )
    engine.dispose()
    write_section(f"Files, {size}", machine, ("what", "rows", "s, median", "p95"), rows, f"{TIMES} runs each.")


def _time(name: str, count: int, act: Callable[[], object]) -> tuple[str, int, str, str]:
    times = measure(act, TIMES)
    return name, count, f"{median(times) / 1000:.2f}", f"{p95(times) / 1000:.2f}"
