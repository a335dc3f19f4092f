"""Dates as people write them: 2014.3, 201403, 20140315, 2014年3月15日, 二〇一四年三月十日, 二○一四年, Excel serials.

Source: the importer rules of the ledgers. A date that names only a month stays a month: nothing is filled in.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from domain.faults import Fault
from domain.plain_text import drop_invisible
from domain.written_numbers import is_blank, parse_chinese_number

FIRST_YEAR, LAST_YEAR = 1900, 2100
EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(20000, 73051)  # 1954 to 2099: smaller numbers are ages, codes and counts
HAN = "〇○零一二三四五六七八九十"
CLOCK = re.compile(r"(上午|下午|晚上|早上)?(\d{1,2})[:时点](?:(半|\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?$")
LATIN_IN_HAN = re.compile(rf"(?i)(?<=[{HAN}])[o0]+(?=[{HAN}年])")  # 二O一四年: a letter or digit where 〇 belongs
WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
DAY_FORMS = [
    re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?[.]?"),
    re.compile(
        r"(\d{4})年(?:(\d{1,2})月(?:初|底|中旬|上旬|下旬|份?(?:(\d{1,2})[日号]?)?))?"
    ),  # 十月初一 is no day of this calendar
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})(\d{2})"),
    re.compile(r"(\d{4})"),
]


@dataclass(frozen=True)
class WrittenDate:
    """A year, a month or a day, as precise as it was written, with the time of day where one was given."""

    year: int
    month: int | None = None
    day: int | None = None
    clock: time | None = None

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """The finest part that was written."""
        return "year" if self.month is None else "month" if self.day is None else "day"

    @property
    def exact(self) -> date | None:
        """The day; None when only a month or year is known."""
        return date(self.year, self.month, self.day) if self.month and self.day else None

    @property
    def moment(self) -> datetime | None:
        """Day and time; None when either is missing."""
        return datetime.combine(self.exact, self.clock) if self.exact and self.clock else None

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def text(self) -> str:
        """ISO form of what is known, `2014`, `2014-03` or `2014-03-15`; `parse_date` reads it back."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)


def parse_date(text: str | None) -> WrittenDate | Fault | None:
    """A date in any of the usual forms; None when the cell is blank, a Fault when it cannot be one day, month or year.

    Two-digit years and dates without a year are not guessed. Years run from 1900 to 2100.
    """
    if text is None or is_blank(text):
        return None
    plain = WEEKDAY.sub("", unicodedata.normalize("NFKC", drop_invisible(text)).replace("T", " ")).strip()
    plain, clock = _take_clock(_read_han(LATIN_IN_HAN.sub(lambda found: "〇" * len(found[0]), plain)))
    if isinstance(clock, Fault):
        return clock
    squeezed = re.sub(r"[、。]", ".", re.sub(r"[—–]", "-", re.sub(r"\s", "", plain)))
    for form in DAY_FORMS:
        if found := form.fullmatch(squeezed):
            year, month, day = (int(part) if part else None for part in (*found.groups(), None, None)[:3])
            return _checked(year or 0, month, day, clock)
    return _read_serial(squeezed) or _no_date(squeezed)


def _checked(year: int, month: int | None, day: int | None, clock: time | None) -> WrittenDate | Fault:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault("date.year")
    if month is not None and not 1 <= month <= 12:
        return Fault("date.month")
    if day is not None and month is not None and not 1 <= day <= monthrange(year, month)[1]:
        return Fault("date.day")
    return WrittenDate(year, month, day, clock)


def _take_clock(text: str) -> tuple[str, time | Fault | None]:
    """The text without its time of day, and that time."""
    found = CLOCK.search(text)
    if not found:
        return re.sub(r"(?:上午|下午|晚上|早上)$", "", text), None
    half, hour, minute, second = found.groups()
    shift = 12 if half in {"下午", "晚上"} and int(hour) < 12 else 0
    try:
        return text[: found.start()], time(int(hour) + shift, 30 if minute == "半" else int(minute or 0), int(second or 0))
    except ValueError:
        return text, Fault("date.clock")


def _read_han(text: str) -> str:
    """Chinese numerals put into digits: 二○一四年三月十日 -> 2014年3月10日, 元月廿一日 -> 1月21日."""

    def digits(found: re.Match[str]) -> str:
        number = parse_chinese_number(found[0])
        return found[0] if number is None else str(number)

    plain = text.replace("元月", "一月").replace("廿", "二十").replace("卅", "三十")
    return re.sub(f"[{HAN}]+", digits, plain)


def _read_serial(text: str) -> WrittenDate | None:
    """The day behind an Excel serial number such as 41713 or 41713.0."""
    if not re.fullmatch(r"(?a)\d{5}(?:\.\d+)?", text) or int(text[:5]) not in EXCEL_SERIALS:
        return None
    day = EXCEL_DAY_ZERO + timedelta(days=int(text[:5]))
    return WrittenDate(day.year, day.month, day.day)


def _no_date(text: str) -> Fault:
    """Why it is no date, as far as can be told."""
    if re.fullmatch(r"\d{1,2}[-/.年月]\d{1,2}日?", text):
        return Fault("date.no_year")
    if re.fullmatch(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?", text):
        return Fault("date.short_year")
    return Fault("date.unreadable")
