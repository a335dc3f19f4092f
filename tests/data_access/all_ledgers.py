"""A few rows of every ledger, messy but right, about the children of tests/data_access/test_import_ledger.py.

They stand in `all_ledgers.txt`: `# CODE`, lines above the table after `!`, the header, then the rows; `<7>` is the citizen number
of child 7, `<201/20191005>` that of child 201 born on that day.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from domain.identifiers import check_character

FILE = Path(__file__).with_suffix(".txt")
NUMBER = re.compile(r"<(\d+)(?:/(\d{8}))?>")
PRIMARY = "测试0校"
Sheet = tuple[Sequence[str], Sequence[Sequence[str | None]]]


def id_number(number: int, birth: str = "20150312") -> str:
    """An invented citizen number of region 999999."""
    body = f"999999{birth}{number:03}"
    return body + check_character(body)


def _cells(line: str) -> list[str | None]:
    whole = NUMBER.sub(lambda found: id_number(int(found[1]), found[2] or "20150312"), line)
    return [cell.strip() or None for cell in whole.split("|")]


def _read() -> tuple[dict[str, Sheet], dict[str, tuple[str, ...]]]:
    ledgers: dict[str, Sheet] = {}
    titles: dict[str, tuple[str, ...]] = {}
    for block in FILE.read_text(encoding="utf-8").split("# ")[1:]:
        code, *lines = (line for line in block.splitlines() if line.strip())
        titles[code] = tuple(line[2:] for line in lines if line.startswith("! "))
        header, *rows = (_cells(line) for line in lines if not line.startswith("! "))
        ledgers[code] = ([cell or "" for cell in header], rows)
    return ledgers, titles


LEDGERS, TITLES = _read()
