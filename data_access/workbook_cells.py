"""Cell values as the text a person sees, row by row."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

Row = list[str | None]


class CellFlag(StrEnum):
    """Why the text of a cell must not be taken at its word."""

    DAMAGED_NUMBER = "damaged_number"  # beyond 15 digits: Excel has thrown the rest away
    NO_VALUE = "no_value"  # a formula that was never calculated
    ERROR_VALUE = "error_value"  # #REF! and its kin


FIRST_INEXACT = 10**15  # Excel keeps 15 digits of a number
SCIENTIFIC = re.compile(r"\s*\d(?:\.\d+)?[Ee]\+(?:1[5-9]|2\d)\s*")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
BLANK_START = ("", " ")
INVISIBLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF, 0xFFFE, 0xFFFF])  # tab and line breaks stay


def clean_text(text: str) -> str | None:
    """The text without control characters, every line break as one; None when nothing visible is left."""
    if text.isprintable() and text[:1] not in BLANK_START:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(INVISIBLE)
    return text if text.strip() else None


def _number_text(value: float) -> str:
    """Whole numbers without `.0`; 15 digits at most, so 0.1 + 0.2 is 0.3; scientific where Excel has lost digits."""
    if not abs(value) < FIRST_INEXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else format(Decimal(f"{value:.15g}"), "f")


def _datetime_text(value: datetime) -> str:
    """Rounded to the second: a time is stored as a fraction of a day."""
    return (value + timedelta(microseconds=500_000)).isoformat(" ", "seconds")


TEXT_OF: dict[type, Callable[[Any], str | None]] = {
    str: clean_text,
    float: _number_text,
    int: _number_text,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _datetime_text,
    time: lambda value: value.isoformat("seconds"),
    timedelta: str,
}


def row_texts(values: Iterable[Any]) -> Row:
    """The texts of one row as calamine gives it: dates in ISO form, booleans TRUE and FALSE, blank as None."""
    return [TEXT_OF[value.__class__](value) for value in values]


def damaged_columns(row: Row) -> list[int]:
    """Columns holding a long number in scientific notation: an ID whose last digits Excel has thrown away."""
    if "E+" not in "".join(filter(None, row)).upper():
        return []
    return [column for column, text in enumerate(row) if text and SCIENTIFIC.fullmatch(text)]


def look_like(text: str | None, code: str) -> str | None:
    """A number as its number format shows it: `0000` keeps leading zeros, `0.0%` is per cent; other text stays."""
    if text is None or not NUMBER.fullmatch(text):
        return text
    if not code.endswith("%"):
        return text.zfill(len(code))
    return f"{format((Decimal(text) * 100).normalize(), 'f')}%"
