"""Reading a workbook that nobody vouches for: XLSX, XLS or delimited text in, text cells out."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from data_access.workbook_address import Cell, cell_name
from data_access.workbook_cells import CellFlag, Row
from data_access.workbook_guard import LIMITS, FileKind, Limits, WorkbookError
from domain.errors import ProblemError

__all__ = ["LIMITS", "CellFlag", "FileKind", "Limits", "Sheet", "Workbook", "WorkbookError", "cell_name", "read_workbook"]

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Sheet:
    """One worksheet as text; delimited text is one sheet without a name.

    `rows[i]` is row `first_row_number + i` as Excel counts, each as wide as the used area, from column A; blank cells are None.
    `hidden_rows` are such row numbers, `hidden_columns` indexes from 0. `merged` holds (first row, first column, last row,
    last column); only the top left cell of a merged area has a value. `flags` tells which cells cannot be trusted.
    """

    name: str
    hidden: bool
    rows: list[Row]
    first_row_number: int
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[tuple[int, int, int, int], ...]
    flags: dict[Cell, CellFlag]


@dataclass(frozen=True)
class Workbook:
    """A workbook that passed every check; `notes` tell what the clerk should know: hidden parts, a misleading file name."""

    file: str
    kind: FileKind
    sheets: tuple[Sheet, ...]
    notes: tuple[ProblemError, ...]


def read_workbook(path: Path, *, name: str = "", limits: Limits = LIMITS) -> Workbook:
    """Read all sheets in a child process that is limited in memory and time.

    `name` is what the clerk calls the file, where it lies under another name on disk. Hidden sheets, rows and columns are read
    too. Raises WorkbookError for every workbook that is not safe or not readable as a whole; nothing is returned in part.
    """
    file = os.path.basename(name) or path.name
    with naming(file):
        messages = ask_child("data_access.workbook_child", path, limits)
        kind = FileKind(next(messages)["kind"])
        sheets, capped = _take_sheets(messages)
    return Workbook(file, kind, sheets, tuple(_notes(file, kind, sheets, capped)))


@contextmanager
def naming(file: str) -> Iterator[None]:
    """Let every WorkbookError raised inside say which file it is about."""
    try:
        yield
    except WorkbookError as refused:
        raise WorkbookError(refused.key, **(refused.params | {"file": file})) from None


def ask_child(module: str, path: Path, limits: Limits, order: object = None) -> Iterator[Any]:
    """The messages of a child that runs one of our modules on a file; it reads `order` as JSON.

    A problem the child tells is raised as WorkbookError; so is its sudden death, and its end without an `end` message.
    """
    if path.stat().st_size > limits.file_bytes:
        raise WorkbookError("workbook.too_large", megabytes=limits.file_bytes // 1024**2)
    command = [sys.executable, "-m", module, str(path.absolute()), json.dumps(asdict(limits))]
    kept = {key: value for key, value in os.environ.items() if key in {"SYSTEMROOT", "LD_LIBRARY_PATH"}}
    child = subprocess.Popen(  # noqa: S603 - our own module; the environment carries no secrets
        command, cwd=ROOT, env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    clock = threading.Timer(2 * limits.seconds, child.kill)
    clock.start()
    try:
        with suppress(BrokenPipeError), cast(IO[bytes], child.stdin) as orders:
            orders.write(json.dumps(order).encode())
        yield from _parse_messages(child)
    finally:
        clock.cancel()
        child.kill()
        child.wait()


def _parse_messages(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    with cast(IO[bytes], child.stdout) as lines:
        for line in lines:
            message = json.loads(line)
            if line.startswith(b'{"problem"'):
                raise WorkbookError(message["problem"], **message["params"])
            yield message
            if line.startswith(b'{"end"'):
                return
    raise WorkbookError("workbook.too_heavy" if child.wait() < 0 else "workbook.broken")


def _take_sheets(messages: Iterator[Any]) -> tuple[tuple[Sheet, ...], bool]:
    sheets: list[Sheet] = []
    for message in messages:
        if "end" in message:
            return tuple(sheets), message["capped"]
        rows: list[Row] = []
        texts: dict[str | None, str | None] = {}  # a text that repeats is held once
        for row in messages:
            if row.__class__ is dict:
                sheets.append(_build_sheet(message, rows, row))
                break
            rows.append([texts.setdefault(text, text) for text in row])
    raise WorkbookError("workbook.broken")


def _build_sheet(named: dict[str, Any], rows: list[Row], told: dict[str, Any]) -> Sheet:
    width = max(map(len, rows), default=0)
    filled = [number for number, row in enumerate(rows, 1) if row]
    first, last = (filled[0], filled[-1]) if filled else (1, 0)
    return Sheet(
        name=named["sheet"],
        hidden=named["hidden"],
        rows=[row + [None] * (width - len(row)) for row in rows[first - 1 : last]],
        first_row_number=first,
        hidden_rows=frozenset(told["hidden_rows"]) & frozenset(filled),
        hidden_columns=frozenset(column for span in told["hidden_columns"] for column in range(span[0], min(span[1] + 1, width))),
        merged=tuple((top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in told["merged"]),
        flags={(row, column): CellFlag(flag) for row, column, flag in told["flags"]},
    )


def _notes(file: str, kind: FileKind, sheets: tuple[Sheet, ...], capped: bool) -> Iterator[ProblemError]:
    usual = {FileKind.XLSX: {".xlsx"}, FileKind.XLS: {".xls", ".et"}, FileKind.CSV: {".csv", ".txt", ".tsv"}}[kind]
    if Path(file).suffix.lower() not in usual:
        yield ProblemError("workbook.note.renamed", file=file, kind=kind.value.upper())
    for sheet in sheets:
        if sheet.hidden and sheet.rows:
            yield ProblemError("workbook.note.hidden_sheet", sheet=sheet.name)
        if sheet.hidden_rows:
            hidden = sheet.hidden_rows
            yield ProblemError("workbook.note.hidden_rows", sheet=sheet.name, count=len(hidden), row=min(hidden))
        if sheet.hidden_columns:
            first = cell_name(1, min(sheet.hidden_columns))[:-1]
            yield ProblemError("workbook.note.hidden_columns", sheet=sheet.name, count=len(sheet.hidden_columns), column=first)
    if not capped:
        yield ProblemError("workbook.note.uncapped")
