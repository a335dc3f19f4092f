"""Numbers as people write them in reports: 「O.8%」, 「2—3名」, 「91581余」, 百分之零点八, 十三万.

Source: the importer rules of the ledgers and R008, R175, R178, R182, R196. Values are exact fractions.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from domain.faults import Fault
from domain.plain_text import drop_invisible

DIGITS = {**{char: value for value, char in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "两": 2}
UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
PER = {"%": 100, "‰": 1000, "百分之": 100, "千分之": 1000, "万分之": 10000}
# What stands for nothing at all, also as a placeholder that was never filled in (X名, ____%).
BLANK = re.compile(r"(?i)|无|暂无|没有|未填|不详|空|n/?a|null|none|nil|[-—–―－一]{2,}|[-—–―－/\\.…_□]+|\[?x+\]?")
MAY_BE_BLANK = frozenset(["", *" 无暂没未不空nN-—–―－一/\\.…_□xX["])
UNIT = r"(?:人次|户次|课时|周岁|小时|万元|[名人个户对次项所元天节份套岁级件班生位条])?"
ABOUT = re.compile(r"^(?:约有|大约|将近|约|近)|(?:左右|上下)$|[余多+](?=\D*$)")
BETWEEN = re.compile(r"(?<=[^-—–~〜至到])(?:[-—–―~〜至到]+)(?=.)")
LATIN_ZERO = re.compile(r"(?i)(?<![a-z])o(?=[.\d%点]|$)|(?<=[.\d点])o")
THOUSANDS = re.compile(r"(?a)(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?!\d)")  # another comma may be a decimal sign: 0,8 is not 8


@dataclass(frozen=True)
class WrittenNumber:
    """What was written: an exact value, or a range when `low` and `high` differ.

    `approximate` marks 约, 余 and their like, `mended` a letter O that stood for a zero. A percentage is its fraction:
    「0.8%」 is 1/125 with `per` 100; a plain number has `per` 1.
    """

    low: Fraction
    high: Fraction
    approximate: bool = False
    mended: bool = False
    per: int = 1

    @property
    def value(self) -> Fraction | None:
        """The one value; None for a range."""
        return self.low if self.low == self.high else None

    @property
    def whole(self) -> int | None:
        """The value as a whole number; None for a range, a part or a percentage."""
        value = self.value
        return value.numerator if value is not None and value.denominator == 1 and self.per == 1 else None


def is_blank(text: str | None) -> bool:
    """Whether a cell says nothing: empty, 无, —, /, NA, or a placeholder nobody filled in. Blank is missing, never zero."""
    if text is None:
        return True
    if text[:1] not in MAY_BE_BLANK and text.isprintable():
        return False
    bare = re.sub(r"\s", "", drop_invisible(text))
    return BLANK.fullmatch(bare) is not None


def parse_number(text: str | None) -> WrittenNumber | Fault | None:
    """A number as written, with its percent sign, unit, range or 余; None when the cell is blank.

    「0.8%」 with the letter O is read as zero and marked; a percent sign with no number is a Fault (R196).
    """
    if text is None or is_blank(text):
        return None
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", drop_invisible(text))).replace("百分之百", "100%")
    plain = THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain)
    if re.fullmatch(rf"(?i)(?:_+|x+)[%‰]?{UNIT}", plain):
        return None
    about = ABOUT.search(plain) is not None
    bare, per = _take_per(ABOUT.sub("", plain))
    bare, mended = _mend_zero(re.sub(rf"{UNIT}$", "", bare))
    if per > 1 and not bare:
        return Fault("number.no_digits")
    bounds = [_read_one(re.sub(rf"{UNIT}$", "", part).rstrip("%")) for part in BETWEEN.split(bare)]
    if len(bounds) > 2 or None in bounds:
        return Fault("number.unreadable")
    low, *rest = (bound / per for bound in bounds if bound is not None)
    high = rest[0] if rest else low
    return WrittenNumber(low, high, about, mended, per) if low <= high else Fault("number.backwards")


def _take_per(text: str) -> tuple[str, int]:
    """What remains without the sign of a percentage, and its base; 1 for a plain number."""
    for sign, per in PER.items():
        if text.startswith(sign) or text.endswith(sign):
            return text.removeprefix(sign).removesuffix(sign), per
    return text, 1


def _mend_zero(text: str) -> tuple[str, bool]:
    mended = LATIN_ZERO.sub("0", text)
    return mended, mended != text


def _read_one(text: str) -> Fraction | None:
    """One number in digits, Chinese numerals or both (13.5万); None when it is none."""
    if re.fullmatch(r"(?a)[-−]?\d+(?:\.\d+)?", text):
        return Fraction(text.replace("−", "-"))
    if found := re.fullmatch(r"(?a)(\d+(?:\.\d+)?)([百千万亿])", text):
        return Fraction(found[1]) * UNITS[found[2]]
    if text in UNITS:
        return Fraction(UNITS[text])  # 近百, 上千
    whole, point, decimals = text.replace("0", "〇").partition("点")
    number = parse_chinese_number(whole)
    if number is None or (point and not (decimals and set(decimals) <= set(DIGITS))):
        return None
    return Fraction(number) + sum((Fraction(DIGITS[char], 10**place) for place, char in enumerate(decimals, 1)), Fraction(0))


def parse_chinese_number(text: str) -> int | None:
    """A whole number in Chinese: 十三, 二百零五, 十三万五千三百零八, or digit by digit 二〇一四; None when it is none.

    Short forms that can be read in two ways are none: 一百五 (105 or 150), 二三 (23, or 2 to 3).
    """
    if len(text) >= 3 and set(text) <= set(DIGITS):
        return int("".join(str(DIGITS[char]) for char in text))
    return _by_units(text)


def _by_units(text: str) -> int | None:
    if text in DIGITS:
        return DIGITS[text]
    for unit, size in UNITS.items():
        head, found, tail = text.partition(unit)
        if found:
            return _with_unit(head, size, tail)
    return None


def _with_unit(head: str, size: int, tail: str) -> int | None:
    """`head` times the unit plus `tail`; a place left out must be marked by 零, a place filled must not."""
    high = 1 if size == 10 and not head else _by_units(head)
    gap = tail[:1] in {"零", "〇", "○"}
    low = _by_units(tail[gap:]) if tail else 0
    if not high or low is None or low >= size or (size <= 1000 and high > 9):
        return None
    return high * size + low if not tail or gap == (low < size // 10) else None
