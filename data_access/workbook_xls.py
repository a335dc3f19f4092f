"""What calamine does not tell about the sheets of an XLS: hidden rows and columns, and error values (MS-CFB, MS-XLS)."""

import struct
from collections.abc import Iterator

from data_access.workbook_address import Cell
from data_access.workbook_cells import CellFlag
from data_access.workbook_guard import WorkbookError
from data_access.workbook_scan import SheetScan

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
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
ERROR_RESULT = 2
LAST_SECTOR = 0xFFFFFFFA
SMALLEST_STREAM = 4096  # smaller streams lie elsewhere; no spreadsheet program writes a workbook that small


def scan_old_sheets(data: bytes) -> list[SheetScan]:
    """A scan of every sheet in the order of the workbook; empty for a file whose structure is not the usual one.

    Raises WorkbookError when the file is locked with a password.
    """
    try:
        stream = _read_workbook_stream(data)
        book = list(_records(stream, 0))
        if any(kind == FILE_PASSWORD for kind, _ in book):
            raise WorkbookError("workbook.encrypted")
        starts = [struct.unpack_from("<I", body)[0] for kind, body in book if kind == SHEET]
        return [_scan_sheet(stream, start) for start in starts]
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


def _scan_sheet(stream: bytes, start: int) -> SheetScan:
    hidden_rows: set[int] = set()
    hidden_columns: list[tuple[int, int]] = []
    errors: dict[Cell, str] = {}
    for kind, body in _records(stream, start):
        if kind == ROW and body[12] & ROW_IS_HIDDEN:
            hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLUMNS and body[8] & COLUMN_IS_HIDDEN:
            hidden_columns.append(struct.unpack_from("<HH", body))
        elif (code := _error_code(kind, body)) is not None:
            row, column = struct.unpack_from("<HH", body)
            errors[row + 1, column] = ERROR_NAMES.get(code, "#N/A")
    flags = dict.fromkeys(errors, CellFlag.ERROR_VALUE)
    return SheetScan(frozenset(hidden_rows), tuple(hidden_columns), flags, errors)


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == BOOLEAN_OR_ERROR and body[7]:
        return body[6]
    if kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == ERROR_RESULT:
        return body[8]
    return None
