from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.faults import Fault
from domain.written_numbers import WrittenNumber, is_blank, parse_chinese_number, parse_number

PLACES = ["", "十", "百", "千"]
DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """The full form of a number below a hundred million, as taught: 10500 is 一万零五百."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return in_chinese(high) + "万" + gap + (in_chinese(low) if low else "")
    text = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += DIGITS[digit] + PLACES[place]
        elif text and number % 10**place and not text.endswith("零"):
            text += "零"
    return text or "零"


def read(text: str) -> WrittenNumber:
    found = parse_number(text)
    assert isinstance(found, WrittenNumber)
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("46", 46),
        ("46人", 46),
        ("三个人", 3),
        (" 46 人 ", 46),
        ("１２９３", 1293),
        ("1,293", 1293),
        ("1，757，189人", 1757189),
        ("3.0", 3),
        ("-5", -5),
        ("−5", -5),
        ("3.25", Fraction(13, 4)),
        ("13.5万", 135000),
        ("2亿", 2 * 10**8),
        ("十三万五千三百零八名", 135308),
        ("两千户", 2000),
        ("二〇五", 205),
        ("零点八", Fraction(4, 5)),
        ("二十点二五", Fraction(81, 4)),
        ("500户次", 500),
        ("1千", 1000),
        ("3百人", 300),
        ("12,345,678", 12345678),
    ],
)
def test_plain_numbers(text: str, value: int | Fraction) -> None:
    found = read(text)
    assert found.value == value
    assert (found.per, found.approximate, found.mended) == (1, False, False)


@pytest.mark.parametrize(
    ("text", "value", "per", "mended"),
    [
        ("0.8%", Fraction(8, 1000), 100, False),
        ("0.804%", Fraction(804, 100_000), 100, False),
        ("O.8%", Fraction(8, 1000), 100, True),  # the letter O of the seed
        ("o.4％", Fraction(4, 1000), 100, True),
        ("Ｏ.2%", Fraction(2, 1000), 100, True),
        ("1O0%", Fraction(1), 100, True),
        ("72%", Fraction(72, 100), 100, False),
        ("百分之零点八", Fraction(8, 1000), 100, False),
        ("百分之0.8", Fraction(8, 1000), 100, False),
        ("百分之百", Fraction(1), 100, False),
        ("百分之二十", Fraction(1, 5), 100, False),
        ("千分之三", Fraction(3, 1000), 1000, False),
        ("5‰", Fraction(5, 1000), 1000, False),
    ],
)
def test_percentages_are_exact_fractions(text: str, value: Fraction, per: int, mended: bool) -> None:
    found = read(text)
    assert (found.value, found.per, found.mended) == (value, per, mended)
    assert found.whole is None


def test_a_displayed_tie_is_still_over_the_line() -> None:
    assert read("0.804%").low > read("O.8%").low
    assert read("0.8%").low == read("O.8%").low


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2—3名", 2, 3),
        ("2-3", 2, 3),
        ("2至3人", 2, 3),
        ("2到3", 2, 3),
        ("2~3名", 2, 3),
        ("2～3名", 2, 3),
        ("2〜3名", 2, 3),
        ("2名-3名", 2, 3),
        ("二至三", 2, 3),
    ],
)
def test_ranges_keep_both_ends(text: str, low: int, high: int) -> None:
    found = read(text)
    assert (found.low, found.high, found.value, found.whole) == (low, high, None, None)


def test_a_range_of_percentages() -> None:
    found = read("2%-3%")
    assert (found.low, found.high) == (Fraction(2, 100), Fraction(3, 100))


@pytest.mark.parametrize("text", ["91581余", "91581余对", "约91581对", "近91581", "91581多对", "91581对左右", "91581+"])
def test_about_is_marked_and_the_number_kept(text: str) -> None:
    found = read(text)
    assert (found.whole, found.approximate) == (91581, True)


BLANKS = ["", " ", "\u3000", "无", "—", "－", "--", "——", "/", "\\", "NA", "N/A", "n/a", "null", "None", "暂无", "未填", "…"]
NEVER_FILLED_IN = ["X名", "XX名", "[X]", "____%", "____", "X%"]


@pytest.mark.parametrize("text", BLANKS + NEVER_FILLED_IN)
def test_blank_is_nothing_and_never_zero(text: str) -> None:
    assert parse_number(text) is None


def test_no_cell_is_blank_too() -> None:
    assert parse_number(None) is None
    assert is_blank(None)


@pytest.mark.parametrize("text", ["0", "零", "一", "张三", "无人监护", "不详细", "Nancy", "xiao", "没有办法", "-1"])
def test_what_only_looks_blank_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("%", "number.no_digits"),
        ("百分之", "number.no_digits"),
        ("3-2", "number.backwards"),
        ("abc", "number.unreadable"),
        ("1-2-3", "number.unreadable"),
        ("1.2.3", "number.unreadable"),
        ("名", "number.unreadable"),
        ("一百五", "number.unreadable"),
        ("二三", "number.unreadable"),
        ("1e5", "number.unreadable"),
        ("十几", "number.unreadable"),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, code: str) -> None:
    found = parse_number(text)
    assert isinstance(found, Fault)
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("〇", 0),
        ("十", 10),
        ("一十", 10),
        ("十三", 13),
        ("二十", 20),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一百十", 110),
        ("一千零五十", 1050),
        ("一万零三", 10003),
        ("十万零五百", 100500),
        ("三亿", 3 * 10**8),
        ("二〇一四", 2014),
        ("二○一四", 2014),
        ("", None),
        ("百", None),
        ("一百五", None),
        ("一万三", None),
        ("一千五十", None),
        ("一百零五十", None),
        ("十百", None),
        ("二三", None),
        ("一百零", None),
    ],
)
def test_chinese_numbers(text: str, number: int | None) -> None:
    assert parse_chinese_number(text) == number


@given(st.integers(0, 99_999_999))
def test_chinese_numbers_read_back(number: int) -> None:
    assert parse_chinese_number(in_chinese(number)) == number
    assert read(in_chinese(number) + "人").whole == number


@given(st.integers(-(10**9), 10**9))
def test_whole_numbers_read_back(number: int) -> None:
    assert read(str(number)).whole == number
    assert read(f"{number:,}").whole == number


@given(st.decimals(0, 100, places=3))
def test_percentages_read_back(number: object) -> None:
    assert read(f"{number}%").value == Fraction(str(number)) / 100


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["-", "—", "~", "至", "到"]))
def test_ranges_are_read_in_order_only(one: int, two: int, between: str) -> None:
    found = parse_number(f"{one}{between}{two}")
    assert isinstance(found, Fault) == (one > two)
    assert isinstance(found, Fault) or (found is not None and (found.low, found.high) == (one, two))


@given(st.text())
def test_reading_a_number_never_fails(text: str) -> None:
    found = parse_number(text)
    assert found is None or isinstance(found, Fault) or found.low <= found.high


@pytest.mark.parametrize("text", ["0,8%", "0,800%", "1,23", "1,2345", "1,234,56", ",5"])
def test_a_comma_that_groups_no_thousands_is_never_dropped(text: str) -> None:
    assert isinstance(parse_number(text), Fault)


@pytest.mark.parametrize("text", ["O.8%", "o.8％", "0.8 %", "百分之零点八", "百分之O点八", "百分之0点八", "８‰"])
def test_one_share_however_it_was_typed(text: str) -> None:
    assert read(text).value == Fraction(1, 125)
