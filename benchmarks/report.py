"""Timing, and the file that keeps what was measured."""

import os
import platform
import re
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

RESULTS = Path(__file__).with_name("results.md")
PACKAGES = ("streamlit", "streamlit-folium", "sqlalchemy", "pandas", "geopandas", "openpyxl", "python-calamine")


BUDGET_MS = 20_000  # a read of many seconds is not asked for fifteen times


def measure(act: Callable[[], object], times: int) -> list[float]:
    """The milliseconds of each of up to `times` calls, fewer when they have taken the budget: at least one."""
    taken: list[float] = []
    while len(taken) < times and sum(taken) < BUDGET_MS:
        begun = perf_counter()
        act()
        taken.append((perf_counter() - begun) * 1000)
    return taken


def median(values: Iterable[float]) -> float:
    """The middle one; the mean of the two in the middle of an even number."""
    return statistics.median(values)


def p95(values: Iterable[float]) -> float:
    """The value that 95 in 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def describe_machine() -> str:
    """Date, processor count, load of the last minute, Python and package versions."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    return (
        f"{date.today()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {load} at the start; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"
    )


def write_section(title: str, machine: str, header: Sequence[str], rows: Iterable[Sequence[object]], note: str) -> None:
    """Print a table and put it into results.md in place of the section of the same title."""
    lines = [f"## {title}", "", machine, "", "| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    lines += ["| " + " | ".join(_say(cell) for cell in row) + " |" for row in rows]
    section = "\n".join([*lines, "", note, ""])
    print(section, flush=True)
    kept = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n\n"
    kept = re.sub(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", "", kept, flags=re.MULTILINE | re.DOTALL)
    RESULTS.write_text(f"{kept.rstrip()}\n\n{section}", encoding="utf-8")


def _say(cell: object) -> str:
    return f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)
