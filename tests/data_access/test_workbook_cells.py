from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.workbook_address import cell_name, column_index, column_letters
from data_access.workbook_cells import clean_text, damaged_columns, look_like, row_texts

NUMBERS = [
    (1.0, "1"),
    (-0.0, "0"),
    (12, "12"),
    (0.1 + 0.2, "0.3"),
    (1e-7, "0.0000001"),
    (201403.0, "201403"),
    (999_999_999_999_999.0, "999999999999999"),
    (1_000_000_000_000_000.0, "1.00000E+15"),
    (350430201403150012.0, "3.50430E+17"),
    (float("inf"), "INF"),
]
OTHERS = [
    (True, "TRUE"),
    (False, "FALSE"),
    (date(2014, 3, 15), "2014-03-15"),
    (datetime(2014, 3, 15, 8, 29, 59, 999_999), "2014-03-15 08:30:00"),
    (time(8, 30), "08:30:00"),
    (timedelta(hours=30), "1 day, 6:00:00"),
    ("", None),
    (" \u3000", None),
    (" 张三 ", " 张三 "),
    ("张\x00\x01三\ufeff", "张三"),
    ("一\r\n二\r三", "一\n二\n三"),
    ("\x01", None),
]


@pytest.mark.parametrize(("value", "text"), [*NUMBERS, *OTHERS])
def test_values_become_what_people_see(value: object, text: str | None) -> None:
    assert row_texts([value]) == [text]


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("3.50430E+17", True),
        ("3.5043e+17", True),
        (" 9E+15 ", True),
        ("9E+14", False),
        ("1.2E+30", False),
        ("E+17", False),
        ("350430", False),
    ],
)
def test_long_numbers_in_scientific_notation_are_damaged(text: str, damaged: bool) -> None:
    assert damaged_columns([None, text]) == ([1] if damaged else [])


@pytest.mark.parametrize(
    ("text", "code", "seen"),
    [
        ("12", "0000", "0012"),
        ("12345", "0000", "12345"),
        ("-12", "0000", "-012"),
        ("0.0039", "0.00%", "0.39%"),
        ("1", "0%", "100%"),
        ("0", "0%", "0%"),
        ("无", "0000", "无"),
        (None, "0%", None),
    ],
)
def test_formats_show(text: str | None, code: str, seen: str | None) -> None:
    assert look_like(text, code) == seen


@pytest.mark.parametrize(
    ("cell", "name"), [((1, 0), "A1"), ((7, 2), "C7"), ((9, 25), "Z9"), ((9, 26), "AA9"), ((1_048_576, 16_383), "XFD1048576")]
)
def test_cells_have_the_names_people_use(cell: tuple[int, int], name: str) -> None:
    assert cell_name(*cell) == name


@given(st.integers(0, 20_000))
def test_column_letters_lead_back(column: int) -> None:
    assert column_index(column_letters(column)) == column


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert once is None or clean_text(once) == once
