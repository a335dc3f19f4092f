"""CSV and other delimited text: strict about the encoding, so that no character is guessed."""

import csv
import io
import re
from collections.abc import Iterator

from data_access.workbook_cells import Row, clean_text
from data_access.workbook_guard import Limits, WorkbookError

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\x84\x31\x95\x33", "gb18030"))
THREE_BYTE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
SURELY_UNICODE = 2  # a word or two in GB18030 may look like one character of UTF-8, not like two
DELIMITERS = ",\t;|"
GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")
TEXT_FORMULA = re.compile(r'="([^"]*)"')


def decode_text(data: bytes) -> str:
    """The text by byte order mark, else UTF-8, else GB18030, each strict.

    Raises WorkbookError when it is none of them, or when UTF-8 lines stand among GB18030 ones: they would decode without
    complaint, as other characters.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding)
    if b"\0" in data:
        return _decode(data, "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        _check_one_encoding(data)
    return _decode(data, "gb18030")


def _decode(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise WorkbookError("workbook.encoding", line=data.count(b"\n", 0, wrong.start) + 1) from wrong
    if "\0" in text:
        raise WorkbookError("workbook.unknown_kind")
    return text


def _check_one_encoding(data: bytes) -> None:
    """Refuse a file with lines of Chinese in UTF-8 beside lines that are no UTF-8, naming the first line of the rarer sort."""
    unicode_lines, other_lines = [], []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            other_lines.append(number)
        else:
            if len(THREE_BYTE.findall(line)) >= SURELY_UNICODE:
                unicode_lines.append(number)
    if unicode_lines:
        raise WorkbookError("workbook.mixed_encoding", line=min(unicode_lines, other_lines, key=len)[0])


def parse_rows(text: str, limits: Limits) -> Iterator[Row]:
    """The records of a delimited text (RFC 4180, or with tab, semicolon or bar); one line of a spreadsheet each.

    A leading `'` that `csv_out` put before a formula sign is taken off again, and Excel's `="0012"` is 0012.
    Raises WorkbookError for a quotation mark that is never closed, and beyond the limits.
    """
    records = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True)
    started, cells = 1, 0
    try:
        for number, record in enumerate(records, 1):
            cells += len(record)
            _check_extent(number, len(record), cells, limits)
            yield [clean_text(_bare(value)) for value in record]
            started = records.line_num + 1
    except csv.Error as wrong:
        raise WorkbookError("workbook.quotes", line=started) from wrong


def _find_delimiter(text: str) -> str:
    """The sign that stands most often in the first lines."""
    head = text[:20_000]
    return max(DELIMITERS, key=head.count)


def _bare(value: str) -> str:
    if value[:1] == "'" and GUARDED.match(value):
        return value[1:]
    wrapped = TEXT_FORMULA.fullmatch(value) if value[:1] == "=" else None
    return wrapped[1] if wrapped else value


def _check_extent(row_number: int, columns: int, cells: int, limits: Limits) -> None:
    if row_number > limits.rows or cells > limits.cells:
        raise WorkbookError("workbook.too_many_rows", rows=limits.rows)
    if columns > limits.columns:
        raise WorkbookError("workbook.too_many_columns", columns=limits.columns)
