"""What calamine does not tell about the sheets of an XLS: hidden rows and columns, and error values (MS-CFB, MS-XLS)."""

import struct
from collections.abc import Iterator

from data_access.workbook_address import Cell
from data_access.workbook_cells import CellFlag
from data_access.workbook_guard import Limits, WorkbookError
from data_access.workbook_scan import SheetScan, check_extent

END_OF_FILE, FILE_PASSWORD, SHEET, ROW, COLUMNS, BOOLEAN_OR_ERROR, FORMULA = (
    0x000A,
    0x002F,
    0x0085,
    0x0208,
    0x007D,
    0x0205,
    0x0006,
)
ERROR_NAMES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
VALUES = {FORMULA, BOOLEAN_OR_ERROR, 0x0203, 0x0204, 0x027E, 0x00BD, 0x00D6, 0x00FD}
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
ERROR_RESULT = 2
LAST_SECTOR = 0xFFFFFFFA
SMALLEST_STREAM = 4096  # smaller streams lie elsewhere; no spreadsheet program writes a workbook that small


def scan_old_sheets(data: bytes, limits: Limits) -> list[SheetScan]:
    """A scan of every sheet in the order of the workbook; empty for a file whose structure is not the usual one.

    Raises WorkbookError when the file is locked with a password, or when a sheet reaches beyond the limits.
    """
    try:
        stream = _read_workbook_stream(data)
        book = list(_records(stream, 0))
        if any(kind == FILE_PASSWORD for kind, _ in book):
            raise WorkbookError("workbook.encrypted")
        return [_scan_sheet(stream, body, limits) for kind, body in book if kind == SHEET]
    except (struct.error, IndexError):
        return []


def _read_workbook_stream(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    (fat_count,) = struct.unpack_from("<I", data, 44)
    (directory_start,) = struct.unpack_from("<I", data, 48)
    fat = b"".join(_sector(data, number, size) for number in struct.unpack_from("<109I", data, 76)[: min(fat_count, 109)])
    table = struct.unpack(f"<{len(fat) // 4}I", fat)
    directory = b"".join(_sector(data, number, size) for number in _chain(table, directory_start))
    for at in range(0, len(directory), 128):
        name = directory[at : at + 64].decode("utf-16-le", "replace").rstrip("\0")
        start, length = struct.unpack_from("<II", directory, at + 116)
        if name in {"Workbook", "Book"} and length >= SMALLEST_STREAM:
            return b"".join(_sector(data, number, size) for number in _chain(table, start))[:length]
    return b""


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _chain(table: tuple[int, ...], start: int) -> Iterator[int]:
    """The sectors of a stream; a chain that runs in a circle ends after as many steps as there are sectors."""
    sector = start
    for _ in table:
        if sector >= LAST_SECTOR:
            return
        yield sector
        sector = table[sector]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == END_OF_FILE:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _scan_sheet(stream: bytes, listed: bytes, limits: Limits) -> SheetScan:
    hidden_rows: set[int] = set()
    hidden_columns: list[tuple[int, int]] = []
    errors: dict[Cell, str] = {}
    last_row = last_column = 0
    for kind, body in _records(stream, struct.unpack_from("<I", listed)[0]):
        first, second = struct.unpack_from("<HH", body) if len(body) >= 4 else (0, 0)
        if kind == ROW and body[12] & ROW_IS_HIDDEN:
            hidden_rows.add(first + 1)
        elif kind == COLUMNS and body[8] & COLUMN_IS_HIDDEN:
            hidden_columns.append((first, second))
        elif kind in VALUES:
            last_row, last_column = max(last_row, first), max(last_column, second)
            if (code := _error_code(kind, body)) is not None:
                errors[first + 1, second] = ERROR_NAMES.get(code, "#N/A")
    check_extent(_sheet_name(listed), last_row, last_column, limits)
    return SheetScan(frozenset(hidden_rows), tuple(hidden_columns), dict.fromkeys(errors, CellFlag.ERROR_VALUE), errors)


def _sheet_name(listed: bytes) -> str:
    wide = listed[7] & 1
    return listed[8 : 8 + listed[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == BOOLEAN_OR_ERROR and body[7]:
        return body[6]
    if kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == ERROR_RESULT:
        return body[8]
    return None
