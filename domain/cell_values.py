"""One cell of a ledger, read by the kind of its column: a value, nothing, or what is wrong and how to mend it.

Source: the importer rules of the ledgers. Nothing is filled in or guessed; the wording itself stays with the importer.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.areas import AreaCode, parse_area_code
from domain.cell_words import Mark, parse_choice, parse_choices, parse_mark, parse_reasons, parse_tick
from domain.faults import Fault
from domain.grades import ClassName, parse_class
from domain.identifiers import (
    CitizenId,
    DisabilityCard,
    RegistryNumber,
    SchoolCode,
    Sex,
    parse_disability_card,
    parse_id,
    parse_registry_number,
    parse_school_code,
)
from domain.ledgers import Column, Kind
from domain.masking import HIDDEN
from domain.plain_text import fold_code, fold_text
from domain.reasons import Reason
from domain.written_dates import WrittenDate, parse_date
from domain.written_numbers import WrittenNumber, is_blank, parse_number

Cell = str | int | float | date | None
Identifier = CitizenId | RegistryNumber | SchoolCode | DisabilityCard | AreaCode
Value = (
    str
    | int
    | Fraction
    | Sex
    | Mark
    | Identifier
    | ClassName
    | WrittenDate
    | WrittenNumber
    | tuple[str, ...]
    | tuple[Reason, ...]
)
Reader = Callable[[str, Column, date | None], Value | Fault | None]

SEXES = {
    **dict.fromkeys(["男", "1", "01", "男性", "男生", "男孩", "M"], Sex.MALE),
    **dict.fromkeys(["女", "2", "02", "女性", "女生", "女孩", "F"], Sex.FEMALE),
}
BEYOND_GRADES = re.compile("幼|学前|大班|中班|小班|托班|高[一二三中]|中职|职高|职中|未入学|毕业")
TELEPHONE = re.compile(r"(?a)1\d{10}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?")
NUMBERED = frozenset([Kind.ID, Kind.REGISTRY, Kind.CARD])
DATED = frozenset([Kind.DATE, Kind.MONTH, Kind.MOMENT, Kind.YEAR, Kind.MARK])
TEXTUAL = frozenset([Kind.TEXT, Kind.NAME, Kind.ADDRESS])
MASKED = NUMBERED | {Kind.NAME, Kind.PHONE, Kind.ADDRESS}
ANSWERING = frozenset([Kind.TICK, Kind.MARK, Kind.CHOICE])  # here 无 and 0 are answers, not blanks
AHEAD = frozenset(["due", "deadline", "valid_to", "exam_date", "until"])  # dates that may lie in the future
SIGNED = frozenset(["net"])  # whole numbers that may be negative
LONGEST = {"ethnicity": 20, **dict.fromkeys(("student_name", "guardian", "household_head", "school", "township"), 60)}
LONGEST_TEXT = 2_000  # a cell with more holds something else than its column says
FIRST_LOST_NUMBER = 10**15  # Excel keeps 15 digits


def parse_cell(column: Column, cell: Cell, as_of: date | None = None) -> Value | Fault | None:
    """The value of a cell by the column's kind; None when it is blank, a Fault when it cannot be read.

    text, name, address, class -> str; phone -> str, several joined by 、; id, registry, school_code, card -> their parsed
    forms; area -> AreaCode for digits, else str; sex -> Sex; grade -> ClassName, empty for kindergarten and senior classes;
    date -> WrittenDate of a day, month -> of a month or day, moment -> of a day, perhaps with its time; year, integer ->
    int; number -> WrittenNumber; rate -> Fraction; tick -> bool; mark -> Mark; reason -> Reasons; choice -> its label,
    choices -> labels. With `as_of`, births and past days must not lie behind it.
    """
    if damage := _damage(column.kind, cell):
        return damage
    text = _as_text(cell)
    if not text or (column.kind not in ANSWERING and is_blank(text)):
        return None
    if _is_masked(column.kind, text):
        return Fault("cell.masked")
    return READERS[column.kind](text, column, as_of)


def _damage(kind: Kind, cell: Cell) -> Fault | None:
    """What the spreadsheet did to the cell before it could be read as text."""
    if isinstance(cell, str) or cell is None:
        return None
    if isinstance(cell, date):
        return Fault("cell.became_date") if kind not in DATED | TEXTUAL else None
    if kind in NUMBERED and cell >= FIRST_LOST_NUMBER:
        return Fault("id.number_cell")
    if kind in DATED and re.fullmatch(r"\d{4}\.1", str(cell)):
        return Fault("date.lost_zero")
    return None


def _is_masked(kind: Kind, text: str) -> bool:
    """Whether the cell comes from a list whose personal values are hidden: to take it would be to lose the value."""
    return text == fold_text(HIDDEN) or ("*" in text and kind in MASKED)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return fold_text(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0")
    return "" if cell is None else str(cell)


def _read_text(text: str, column: Column, as_of: date | None) -> str | Fault:
    most = LONGEST.get(column.field, LONGEST_TEXT)
    return text if len(text) <= most else Fault("text.too_long", {"most": most})


def _read_class(text: str, column: Column, as_of: date | None) -> str | Fault:
    """A class name as written; a full date is what Excel makes of 8-5."""
    return Fault("cell.became_date") if re.match(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}", text) else text


def _read_phone(text: str, column: Column, as_of: date | None) -> str | Fault:
    numbers = [number for part in re.split(r"[、,，;；/]+", text) for number in _numbers_in(part)]
    return "、".join(numbers) if all(TELEPHONE.fullmatch(number) for number in numbers) else Fault("phone.form")


def _numbers_in(text: str) -> list[str]:
    """One number, however it is spaced, or several with spaces between."""
    whole = _plain_number(text)
    return [whole] if TELEPHONE.fullmatch(whole) else [_plain_number(part) for part in text.split()]


def _plain_number(written: str) -> str:
    """A telephone number without +86, brackets, and the dashes that divide a mobile number."""
    number = re.sub(r"^\+?86-?(?=1)", "", fold_code(written).removesuffix(".0")).replace("(", "").replace(")", "-")
    return number.replace("-", "") if number.startswith("1") else number


def _read_area(text: str, column: Column, as_of: date | None) -> str | AreaCode | Fault:
    return parse_area_code(text) if re.fullmatch(r"[0-9.]{6,}", fold_code(text)) else text


def _read_sex(text: str, column: Column, as_of: date | None) -> Sex | Fault:
    return SEXES.get(fold_code(text).removesuffix(".0")) or Fault("sex.unknown")


def _read_grade(text: str, column: Column, as_of: date | None) -> ClassName | Fault:
    found = parse_class(text)
    if found is None and BEYOND_GRADES.search(text):
        return ClassName()
    return found or Fault("grade.unknown")


def _read_day(text: str, column: Column, as_of: date | None) -> WrittenDate | Fault | None:
    found = _read_month(text, column, as_of)
    return Fault("date.no_day") if isinstance(found, WrittenDate) and found.exact is None else found


def _read_month(text: str, column: Column, as_of: date | None) -> WrittenDate | Fault | None:
    found = parse_date(text)
    if not isinstance(found, WrittenDate):
        return found
    if found.month is None:
        return Fault("date.no_month")
    return Fault("date.future") if as_of and found.earliest > as_of and column.field not in AHEAD else found


def _read_year(text: str, column: Column, as_of: date | None) -> int | Fault | None:
    found = parse_date(text.rstrip("届级"))
    return found.year if isinstance(found, WrittenDate) else Fault("year.unreadable")


def _read_integer(text: str, column: Column, as_of: date | None) -> int | Fault | None:
    found = parse_number(text)
    if not isinstance(found, WrittenNumber):
        return found
    if found.approximate:
        return Fault("number.approximate")
    if found.whole is None:
        return Fault("number.not_whole")
    return Fault("number.negative") if found.whole < 0 and column.field not in SIGNED else found.whole


def _read_rate(text: str, column: Column, as_of: date | None) -> Fraction | Fault | None:
    """A share of one: 0.8% and 0.008 are the same; a plain number over 1 was written in per cent."""
    found = parse_number(text)
    if not isinstance(found, WrittenNumber):
        return found
    if found.value is None or found.value < 0:
        return Fault("rate.unreadable")
    share = found.value / 100 if found.per == 1 and found.value > 1 else found.value
    return share if share <= 1 else Fault("rate.over")


READERS: dict[Kind, Reader] = {
    Kind.TEXT: _read_text,
    Kind.NAME: _read_text,
    Kind.ADDRESS: _read_text,
    Kind.CLASS: _read_class,
    Kind.PHONE: _read_phone,
    Kind.ID: lambda text, column, as_of: parse_id(text, as_of),
    Kind.REGISTRY: lambda text, column, as_of: parse_registry_number(text, as_of),
    Kind.SCHOOL_CODE: lambda text, column, as_of: parse_school_code(text),
    Kind.CARD: lambda text, column, as_of: parse_disability_card(text),
    Kind.AREA: _read_area,
    Kind.SEX: _read_sex,
    Kind.GRADE: _read_grade,
    Kind.DATE: _read_day,
    Kind.MONTH: _read_month,
    Kind.MOMENT: _read_day,
    Kind.YEAR: _read_year,
    Kind.INTEGER: _read_integer,
    Kind.NUMBER: lambda text, column, as_of: parse_number(text),
    Kind.RATE: _read_rate,
    Kind.TICK: lambda text, column, as_of: parse_tick(text),
    Kind.MARK: lambda text, column, as_of: parse_mark(text),
    Kind.REASON: lambda text, column, as_of: parse_reasons(text),
    Kind.CHOICE: lambda text, column, as_of: parse_choice(text, column),
    Kind.CHOICES: lambda text, column, as_of: parse_choices(text, column),
}
