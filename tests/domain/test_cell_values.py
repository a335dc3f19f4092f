from datetime import date, datetime, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import AreaCode
from domain.cell_values import READERS, Cell, Value, parse_cell
from domain.cell_words import Mark
from domain.faults import Fault
from domain.grades import ClassName
from domain.identifiers import CitizenId, Sex
from domain.ledgers import Column, Kind, ledger
from domain.written_dates import WrittenDate

TODAY = date(2026, 11, 22)
CELLS = (
    st.none()
    | st.text(max_size=20)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
)


def of(kind: Kind, field: str = "any") -> Column:
    return Column(field, "列", "Column", kind=kind)


def fault_of(found: object) -> str:
    assert isinstance(found, Fault)
    return found.code


def test_every_kind_has_its_reader() -> None:
    assert set(READERS) == set(Kind)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "/", "—"])
def test_a_blank_cell_is_nothing_whatever_its_kind(kind: Kind, cell: Cell) -> None:
    assert parse_cell(of(kind), cell) is None


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.NAME, "欧***"),
        (Kind.ID, "**************0129"),
        (Kind.REGISTRY, "***************0129"),
        (Kind.PHONE, "138****1234"),
        (Kind.ADDRESS, "溪口镇河东村***"),
        (Kind.TEXT, "（已隐藏）"),
        (Kind.CHOICE, "（已隐藏）"),
    ],
)
def test_what_was_masked_is_not_taken_for_the_value(kind: Kind, cell: Cell) -> None:
    assert fault_of(parse_cell(of(kind), cell)) == "cell.masked"


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.TICK, Kind.MARK, Kind.CHOICE}))
def test_none_is_blank_where_it_is_no_answer(kind: Kind) -> None:
    assert parse_cell(of(kind), "无") is None


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.TEXT, " 溪口镇 河东村 ", "溪口镇河东村"),
        (Kind.TEXT, 3, "3"),
        (Kind.TEXT, 3.0, "3"),
        (Kind.TEXT, 0.00001, "0.00001"),
        (Kind.TEXT, date(2026, 9, 1), "2026-09-01"),
        (Kind.NAME, "张  三", "张三"),
        (Kind.CLASS, "八(5)班", "八(5)班"),
        (Kind.PHONE, "10000000000", "10000000000"),
        (Kind.PHONE, 10000000000.0, "10000000000"),
        (Kind.PHONE, "100-0000-0000", "10000000000"),
        (Kind.PHONE, "+86 100 0000 0000", "10000000000"),
        (Kind.PHONE, "0598-1234567", "0598-1234567"),
        (Kind.PHONE, "（0598）1234567", "0598-1234567"),
        (Kind.PHONE, "10000000000/12000000000", "10000000000、12000000000"),
        (Kind.PHONE, "10000000000 12000000000", "10000000000、12000000000"),
        (Kind.ID, "11010519491231002x", CitizenId("11010519491231002X")),
        (Kind.AREA, "350430100001", AreaCode("350430100001")),
        (Kind.AREA, 350430100001, AreaCode("350430100001")),
        (Kind.AREA, "河东村", "河东村"),
        (Kind.AREA, "3组", "3组"),
        (Kind.SEX, "男", Sex.MALE),
        (Kind.SEX, "02", Sex.FEMALE),
        (Kind.SEX, 1.0, Sex.MALE),
        (Kind.SEX, "2.0", Sex.FEMALE),
        (Kind.GRADE, "初二", ClassName(8)),
        (Kind.GRADE, 8, ClassName(8)),
        (Kind.GRADE, "2024级3班", ClassName(number=3, entry_year=2024)),
        (Kind.GRADE, "大班", ClassName()),
        (Kind.GRADE, "高一", ClassName()),
        (Kind.DATE, "2026.9.1", WrittenDate(2026, 9, 1)),
        (Kind.DATE, datetime(2026, 9, 1, 8, 30), WrittenDate(2026, 9, 1, time(8, 30))),
        (Kind.DATE, date(2026, 9, 1), WrittenDate(2026, 9, 1)),
        (Kind.DATE, 46266, WrittenDate(2026, 9, 1)),
        (Kind.MONTH, "2026.9", WrittenDate(2026, 9)),
        (Kind.MONTH, 202609, WrittenDate(2026, 9)),
        (Kind.MONTH, 2026.9, WrittenDate(2026, 9)),
        (Kind.MONTH, "2026.10", WrittenDate(2026, 10)),
        (Kind.MOMENT, "2026-09-01 19:30", WrittenDate(2026, 9, 1, time(19, 30))),
        (Kind.YEAR, "2026届", 2026),
        (Kind.YEAR, 2026.0, 2026),
        (Kind.INTEGER, "12岁", 12),
        (Kind.INTEGER, 3.0, 3),
        (Kind.INTEGER, "三", 3),
        (Kind.INTEGER, "0", 0),
        (Kind.INTEGER, "1O", 10),
        (Kind.RATE, "0.8%", Fraction(8, 1000)),
        (Kind.RATE, "O.8%", Fraction(8, 1000)),
        (Kind.RATE, 0.008, Fraction(8, 1000)),
        (Kind.RATE, "98.5", Fraction(985, 1000)),
        (Kind.RATE, "100%", Fraction(1)),
        (Kind.RATE, "0", Fraction(0)),
        (Kind.TICK, "√", True),
        (Kind.TICK, True, True),
        (Kind.TICK, 0, False),
        (Kind.MARK, "无", Mark(False)),
        (Kind.MARK, date(2026, 9, 1), Mark(True, WrittenDate(2026, 9, 1))),
    ],
)
def test_values_by_kind(kind: Kind, cell: Cell, value: Value) -> None:
    assert parse_cell(of(kind), cell, TODAY) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        (Kind.ID, 350430201501010000, "id.number_cell"),
        (Kind.ID, 3.5e17, "id.number_cell"),
        (Kind.REGISTRY, 3.5e18, "id.number_cell"),
        (Kind.CARD, 3.5e19, "id.number_cell"),
        (Kind.ID, "3.5E+17", "id.scientific"),
        (Kind.ID, date(2026, 9, 1), "cell.became_date"),
        (Kind.CLASS, date(2026, 8, 5), "cell.became_date"),
        (Kind.CLASS, "2026-08-05 00:00:00", "cell.became_date"),
        (Kind.GRADE, datetime(2026, 8, 5), "cell.became_date"),
        (Kind.INTEGER, date(2026, 8, 5), "cell.became_date"),
        (Kind.MONTH, 2026.1, "date.lost_zero"),
        (Kind.DATE, "2026.9", "date.no_day"),
        (Kind.DATE, "2026", "date.no_month"),
        (Kind.MOMENT, "2026.9", "date.no_day"),
        (Kind.MONTH, "2026", "date.no_month"),
        (Kind.MONTH, "2026.13", "date.month"),
        (Kind.DATE, "2026-11-23", "date.future"),
        (Kind.YEAR, "第三届", "year.unreadable"),
        (Kind.SEX, "未知", "sex.unknown"),
        (Kind.SEX, "3", "sex.unknown"),
        (Kind.GRADE, "某班", "grade.unknown"),
        (Kind.PHONE, "12345", "phone.form"),
        (Kind.PHONE, "1000000000", "phone.form"),
        (Kind.PHONE, "10000000000/12", "phone.form"),
        (Kind.AREA, "3504301000011", "area_code.length"),
        (Kind.AREA, "990000000000", "area_code.province"),
        (Kind.INTEGER, "3.5", "number.not_whole"),
        (Kind.INTEGER, "2-3", "number.not_whole"),
        (Kind.INTEGER, "3%", "number.not_whole"),
        (Kind.INTEGER, "91581余", "number.approximate"),
        (Kind.INTEGER, "-1", "number.negative"),
        (Kind.INTEGER, "几个", "number.unreadable"),
        (Kind.RATE, "100.01%", "rate.over"),
        (Kind.RATE, "101", "rate.over"),
        (Kind.RATE, "-1%", "rate.unreadable"),
        (Kind.RATE, "2%-3%", "rate.unreadable"),
        (Kind.RATE, "%", "number.no_digits"),
        (Kind.TICK, "也许", "tick.unknown"),
        (Kind.CHOICE, "什么", "choice.unknown"),
    ],
)
def test_faults_by_kind(kind: Kind, cell: Cell, code: str) -> None:
    assert fault_of(parse_cell(of(kind), cell, TODAY)) == code


def test_the_last_day_is_not_the_future_and_without_a_day_nothing_is() -> None:
    assert parse_cell(of(Kind.DATE), "2026-11-22", TODAY) == WrittenDate(2026, 11, 22)
    assert parse_cell(of(Kind.MONTH), "2026-11", TODAY) == WrittenDate(2026, 11)
    assert fault_of(parse_cell(of(Kind.MONTH), "2026-12", TODAY)) == "date.future"
    assert parse_cell(of(Kind.DATE), "2030-01-01") == WrittenDate(2030, 1, 1)


@pytest.mark.parametrize(("code", "field"), [("L11", "due"), ("L12", "deadline"), ("L14", "valid_to")])
def test_deadlines_may_lie_ahead(code: str, field: str) -> None:
    assert parse_cell(ledger(code).column(field), "2027-01-01", TODAY) == WrittenDate(2027, 1, 1)


def test_a_net_increase_may_be_negative() -> None:
    assert parse_cell(ledger("L16").column("net"), "-3") == -3
    assert fault_of(parse_cell(ledger("L16").column("in_n"), "-3")) == "number.negative"


def test_a_birth_lies_in_the_past() -> None:
    future = parse_cell(ledger("L0").column("id_no"), "99999920270101001X", TODAY)
    assert fault_of(future) == "id.future"


@given(st.sampled_from(list(Kind)), CELLS)
def test_any_cell_can_be_read(kind: Kind, cell: Cell) -> None:
    found = parse_cell(of(kind), cell, TODAY)
    assert not isinstance(found, Fault) or found.say() != f"fault.{found.code}"


@given(st.integers(0, 10**6))
def test_whole_numbers_read_the_same_from_every_kind_of_cell(number: int) -> None:
    cells: list[Cell] = [number, float(number), str(number), f"{number}.0", f"{number}人"]
    assert {parse_cell(of(Kind.INTEGER), cell) for cell in cells} == {number}
