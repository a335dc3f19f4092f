"""Writing tables to CSV: for machines by default, safe to open in a spreadsheet all the same (RFC 4180, UTF-8 with BOM)."""

import csv
import os
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from data_access.workbook_columns import Header, Kind, OutColumn, china_time, plain_text

FORMULA_START = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
SUSPECT = frozenset("'=+-@＝＋－＠")
FRACTION_PLACES = Decimal("1e-8")


def guard_formula(text: str) -> str:
    """Text that a spreadsheet would run, with `'` in front; `workbook_text` takes exactly that mark off again.

    Text that already looks guarded gets one more mark, so that the way there and back changes nothing.
    """
    return f"'{text}" if FORMULA_START.match(text) else text


def fraction_text(value: float | Fraction | Decimal) -> str:
    """A fraction as a decimal of at most eight places: 3/769 is 0.00390117, 0 is 0."""
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction | int) else Decimal(str(value))
    return format(exact.quantize(FRACTION_PLACES).normalize(), "f")


def _text(value: object, header: Header) -> str:
    if value.__class__ is str and value.isprintable() and value[:1] not in SUSPECT:
        return value
    return guard_formula(plain_text(value, "en" if header == "en" else "zh"))


def _integer(value: object, header: Header) -> str:
    return str(value) if isinstance(value, int) else _text(value, header)


def _moment(value: object, header: Header) -> str:
    if isinstance(value, datetime):
        return china_time(value).isoformat()
    return value.isoformat() if isinstance(value, date) else _text(value, header)


def _boolean(value: object, header: Header) -> str:
    return ("true" if value else "false") if header == "field" else plain_text(bool(value), header)


def _fraction(value: object, header: Header) -> str:
    return fraction_text(value) if isinstance(value, int | float | Fraction | Decimal) else _text(value, header)


TEXT_OF: dict[Kind, Callable[[object, Header], str]] = {
    "text": _text,
    "integer": _integer,
    "fraction": _fraction,
    "date": _moment,
    "datetime": _moment,
    "boolean": _boolean,
}


def write_csv(out: Path, columns: Sequence[OutColumn], rows: Iterable[Sequence[object]], header: Header = "field") -> int:
    """Write a header and the rows to `out`; returns the number of rows written.

    The header is the stable English identifiers, or with "zh" or "en" the words of that language. Dates are ISO, fractions
    decimal, None is empty. If a row cannot be read, nothing is left at `out`.
    """
    part = out.with_name(f".{out.name}.part")
    texts = [TEXT_OF[column.kind] for column in columns]
    count = 0
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.header(header) for column in columns])
            for row in rows:
                writer.writerow([None if value is None else text(value, header) for value, text in zip(row, texts, strict=True)])
                count += 1
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return count
