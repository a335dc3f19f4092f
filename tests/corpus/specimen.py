"""What a specimen of the corpus is, and how plain ones are made."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from tests.corpus.packing import biff_text, rows_xml, sheet_xml, xls_file, xlsx_parts, zip_parts
from tests.corpus.people import HEADERS, names, rows


@dataclass(frozen=True)
class Readable:
    """Read whole: these pupils in this order, these cells flagged (sheet, cell, flag), these notes told."""

    pupils: tuple[str, ...] = field(default_factory=lambda: names(5))
    flags: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()  # texts that must come out just so


@dataclass(frozen=True)
class Refused:
    """Not read, with this problem at this place."""

    key: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Specimen:
    """A file of the corpus."""

    name: str
    make: Callable[[], bytes]
    outcome: Readable | Refused


PLAIN = [HEADERS, *rows(5)]
Rows = Sequence[Sequence[Any]]


def xlsx(draw: Callable[[Any], None], **options: Any) -> bytes:
    """A workbook as a spreadsheet program would save it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, **options}
    ) as book:
        draw(book)
    return buffer.getvalue()


def write(page: Any, lines: Rows, row: int = 0, column: int = 0) -> None:
    for index, line in enumerate(lines, row):
        page.write_row(index, column, line)


def table(
    lines: Rows = PLAIN, row: int = 0, column: int = 0, dress: Callable[[Any, Any], object] = lambda book, page: None
) -> bytes:
    """One sheet 学生 with the lines at a place; `dress` adds what makes it special."""

    def draw(book: Any) -> None:
        page = book.add_worksheet("学生")
        write(page, lines, row, column)
        dress(book, page)

    return xlsx(draw)


def raw(*sheets: str, **options: Any) -> bytes:
    return zip_parts(xlsx_parts(*sheets, **options))


def with_part(name: str, content: bytes | str) -> bytes:
    return zip_parts(xlsx_parts(sheet_xml(rows_xml(PLAIN))) | {name: content})


def changed(part: str, old: str, new: str) -> bytes:
    parts = xlsx_parts(sheet_xml(rows_xml(PLAIN)))
    return zip_parts(parts | {part: str(parts[part]).replace(old, new)})


def column_of(place: int, values: Iterable[Any], lines: Rows = PLAIN) -> Rows:
    """The plain table with the cells of one column replaced."""
    head, *body = (list(line) for line in lines)
    for line, value in zip(body, values, strict=True):
        line[place] = value
    return [head, *body]


def old(lines: Rows = PLAIN, extra: bytes = b"", **options: Any) -> bytes:
    cells = b"".join(
        biff_text(row, column, str(text)) for row, line in enumerate(lines) for column, text in enumerate(line) if text
    )
    return xls_file(cells + extra, **options)


def text(encoding: str, lines: Rows = PLAIN, delimiter: str = ",", end: str = "\r\n", mark: bytes = b"") -> bytes:
    return mark + "".join(delimiter.join(map(str, line)) + end for line in lines).encode(encoding)
