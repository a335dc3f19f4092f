"""The columns of an export, and each value's look in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal
from unicodedata import east_asian_width

from domain.terms import Lang, say

Kind = Literal["text", "integer", "fraction", "date", "datetime", "boolean"]
Header = Literal["field", "zh", "en"]

CHINA = timezone(timedelta(hours=8))
NARROWEST, WIDEST = 6, 40
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class OutColumn:
    """One column: a stable English identifier, a header and a definition in both languages, and what its values are.

    A fraction is between 0 and 1 (0.0039, shown as 0.39%). `width` is in half-width characters; None measures it.
    """

    field: str
    header_zh: str
    header_en: str
    kind: Kind = "text"
    definition_zh: str = ""
    definition_en: str = ""
    width: float | None = None

    def header(self, of: Header) -> str:
        """The header for machines (`field`) or in a language."""
        return {"field": self.field, "zh": self.header_zh, "en": self.header_en}[of]

    def definition(self, lang: Lang) -> str:
        """What the column counts or names."""
        return self.definition_zh if lang == "zh" else self.definition_en


@dataclass(frozen=True)
class OutSheet:
    """A table to write: each row has its values in the order of `columns`, None is blank; rows may come from an iterator."""

    name: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[object]]


def written_text(text: str) -> str:
    """The text without what no file may hold (control characters, halves of characters), every line break as one."""
    if text.isprintable():
        return text
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def china_time(moment: datetime) -> datetime:
    """The moment on the wall clock in China, to the second; a moment without time zone is taken as it is."""
    local = moment.astimezone(CHINA) if moment.tzinfo else moment
    return local.replace(tzinfo=None, microsecond=0)


def plain_text(value: object, lang: Lang) -> str:
    """A value as text: ISO dates, yes and no in words, None as nothing."""
    if isinstance(value, str):
        return written_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("workbook.yes" if value else "workbook.no", lang)
    if isinstance(value, datetime):
        return china_time(value).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def measure_width(column: OutColumn, values: Iterable[object], lang: Lang) -> int:
    """A width in half-width characters that shows the header and the values, within reason."""
    texts = (plain_text(value, lang) for value in values if column.kind != "fraction")
    widest = max(map(_display_width, texts), default=0)
    return min(max(widest, _display_width(column.header(lang)), NARROWEST) + 2, WIDEST)


def _display_width(text: str) -> int:
    """Of the longest line; a Chinese character takes two."""
    return max(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) for line in text.split("\n"))
