"""Table rows as the markup of a worksheet (ECMA-376, 18.3.1.73 row and 18.3.1.4 c)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import isfinite
from pathlib import Path

from data_access.workbook_address import column_letters
from data_access.workbook_columns import Kind, OutColumn, china_time, plain_text
from domain.terms import Lang

DAY_ZERO = datetime(1899, 12, 30)
FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a 29 February that never was
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
NEEDS_ESCAPE = re.compile("[&<>]")
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write_rows(
    out: Path, columns: Sequence[OutColumn], styles: Mapping[Kind, int], rows: Iterable[Sequence[object]], lang: Lang
) -> int:
    """Write the rows from row 2 on, one line of markup each, styled by the kind of their column; returns how many."""
    plan = [(column_letters(index), styles[column.kind], _body(column.kind, lang)) for index, column in enumerate(columns)]
    number = 1
    with out.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows, 2):
            cells = [
                f'<c r="{letters}{number}" s="{style}"{body(value)}</c>'
                for value, (letters, style, body) in zip(row, plan, strict=True)
                if value is not None
            ]
            file.write(f'<row r="{number}">{"".join(cells)}</row>\n')
    return number - 1


def _body(kind: Kind, lang: Lang) -> Callable[[object], str]:
    if kind in {"integer", "fraction"}:
        return partial(_number, lang=lang)
    return partial(_moment, lang=lang) if kind in {"date", "datetime"} else partial(_text, lang=lang)


def _number(value: object, lang: Lang) -> str:
    """A number; what is none, or none that a file can hold, stays text."""
    if isinstance(value, int):
        return f"><v>{value:d}</v>"
    if isinstance(value, float | Fraction | Decimal) and isfinite(value):
        return f"><v>{float(value)!r}</v>"
    return _text(value, lang)


def _moment(value: object, lang: Lang) -> str:
    """Days since the day before 1900 began; what is no date, or too early for Excel, stays text."""
    if not isinstance(value, date):
        return _text(value, lang)
    moment = china_time(value) if isinstance(value, datetime) else datetime.combine(value, time())
    if moment.date() < FIRST_DAY:
        return _text(value, lang)
    since = moment - DAY_ZERO
    return f"><v>{since.days + since.seconds / 86_400 if since.seconds else since.days}</v>"


def _text(value: object, lang: Lang) -> str:
    """Text in the cell itself, never a formula; `_x0041_` is escaped, because Excel would read it as a character."""
    text = plain_text(value, lang)
    if NEEDS_ESCAPE.search(text):
        text = NEEDS_ESCAPE.sub(lambda sign: ESCAPES[sign[0]], text)
    if "_x" in text:
        text = LOOKS_ESCAPED.sub("_x005F_", text)
    keep = "" if text == text.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{keep}>{text}</t></is>'
