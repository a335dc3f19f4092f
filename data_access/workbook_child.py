"""The child process that reads a workbook: `python -m data_access.workbook_child PATH LIMITS`.

A parser that is led to ask for 500 GB takes only this process with it. It prints JSON lines: `{"kind": ...}`, then per sheet
`{"sheet": ...}`, its rows as arrays and `{"told": ...}`; at last `{"end": ...}`, or `{"problem": ...}` at any point. Nothing it
prints is code, nothing is pickled.
"""

import io
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from data_access.workbook_address import Cell
from data_access.workbook_cells import CellFlag, Row, damaged_columns, look_like, row_texts
from data_access.workbook_guard import FileKind, Limits, WorkbookError, check_file
from data_access.workbook_scan import SheetScan, check_extent, scan_sheets
from data_access.workbook_text import decode_text, parse_rows
from data_access.workbook_xls import scan_old_sheets

Message = dict[str, Any] | Row
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def limit_this_process(limits: Limits) -> bool:
    """Cap address space, processor time and core dumps; False where the platform knows no such caps."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    except (ImportError, ValueError, OSError):
        return False
    return True


def read_messages(path: str, limits: Limits) -> Iterator[Message]:
    """Everything the parent needs to know of the workbook at `path`, in order."""
    with open(path, "rb") as file:
        data = file.read(limits.file_bytes + 1)
    kind = check_file(data, limits)
    yield {"kind": kind.value}
    if kind is FileKind.CSV:
        yield from _read_text(data, limits)
    else:
        yield from _read_sheets(data, kind, limits)


def _read_text(data: bytes, limits: Limits) -> Iterator[Message]:
    yield {"sheet": "", "hidden": False}
    yield from _tell_rows(parse_rows(decode_text(data), limits), SheetScan(), [])


def _read_sheets(data: bytes, kind: FileKind, limits: Limits) -> Iterator[Message]:
    scans = scan_sheets(data, limits) if kind is FileKind.XLSX else scan_old_sheets(data, limits)
    with load_workbook(io.BytesIO(data)) as book:
        found = book.sheets_metadata
        if len(found) > limits.sheets:
            raise WorkbookError("workbook.too_many_sheets", sheets=limits.sheets)
        for number, sheet in enumerate(found):
            if sheet.typ is SheetTypeEnum.WorkSheet:
                yield {"sheet": sheet.name, "hidden": sheet.visible is not SheetVisibleEnum.Visible}
                yield from _read_sheet(
                    book.get_sheet_by_index(number), scans[number] if number < len(scans) else SheetScan(), limits
                )


def _read_sheet(sheet: CalamineSheet, scan: SheetScan, limits: Limits) -> Iterator[Message]:
    if sheet.start and sheet.end:
        check_extent(sheet.name, *sheet.end, limits)  # what the scan could not see beforehand
    left: Row = [None] * (sheet.start[1] if sheet.start else 0)
    rows = (left + row_texts(values) for values in sheet.iter_rows()) if sheet.start else iter(())
    yield from _tell_rows(rows, scan, sheet.merged_cell_ranges or [])


def _tell_rows(rows: Iterator[Row], scan: SheetScan, merged: list[Any]) -> Iterator[Message]:
    flags = dict(scan.flags)
    told = _by_row(scan)
    for number, row in enumerate(rows, 1):
        for column in told.get(number, ()):
            _show_as_seen(row, (number, column), scan)
        for column in damaged_columns(row):
            flags[number, column] = CellFlag.DAMAGED_NUMBER
        yield row if any(row) else []
    yield {
        "told": True,
        "hidden_rows": sorted(scan.hidden_rows),
        "hidden_columns": scan.hidden_columns,
        "merged": merged,
        "flags": [[row, column, flag.value] for (row, column), flag in flags.items()],
    }


def _by_row(scan: SheetScan) -> dict[int, list[int]]:
    columns: dict[int, list[int]] = {}
    for row, column in (*scan.errors, *scan.formats):
        columns.setdefault(row, []).append(column)
    return columns


def _show_as_seen(row: Row, cell: Cell, scan: SheetScan) -> None:
    """Write into the row what its XML knows better than calamine: the error's name, the number format."""
    column = cell[1]
    row.extend([None] * (column + 1 - len(row)))
    if cell in scan.errors:
        row[column] = scan.errors[cell]
    elif cell in scan.formats:
        row[column] = look_like(row[column], scan.formats[cell])


def tell(messages: Iterator[Message], out: TextIO, *, capped: bool) -> None:
    """Print the messages; what stops them is the last of them."""
    try:
        for message in messages:
            out.write(ENCODE(message) + "\n")
        out.write(ENCODE({"end": True, "capped": capped}) + "\n")
    except WorkbookError as refused:
        out.write(ENCODE({"problem": refused.key, "params": refused.params}) + "\n")
    except PasswordError:
        out.write(ENCODE({"problem": "workbook.encrypted", "params": {}}) + "\n")
    except MemoryError:
        out.write(ENCODE({"problem": "workbook.too_heavy", "params": {}}) + "\n")
    except (CalamineError, ParseError, KeyError, ValueError):
        out.write(ENCODE({"problem": "workbook.broken", "params": {}}) + "\n")


def main(work: Callable[[str, Limits], Iterator[Message]]) -> None:
    """Be a child: take path and limits from the command line, limit this process, print the messages of `work`."""
    path, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    with open(1, "w", encoding="utf-8") as out:
        capped = limit_this_process(limits)
        tell(work(path, limits), out, capped=capped)


if __name__ == "__main__":
    main(read_messages)
