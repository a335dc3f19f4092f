from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.faults import Fault
from domain.written_dates import WrittenDate, parse_date

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
NUMERALS = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


def fault_of(text: str) -> str:
    found = parse_date(text)
    assert isinstance(found, Fault)
    return found.code


@pytest.mark.parametrize(
    "text",
    [
        "2014-03-15",
        "2014-3-15",
        "2014/3/15",
        "2014.3.15",
        "2014.03.15.",
        "20140315",
        "２０１４－０３－１５",
        "2014—3—15",
        "2014年3月15日",
        "2014 年 3 月 15 日",
        "2014年03月15号",
        "2014年三月十五日",
        "二〇一四年三月十五日",
        "二○一四年三月十五日",
        "二零一四年三月十五日",
        "二O一四年三月十五日",
        "二Ｏ一四年三月十五日",
        "二0一四年三月十五日",
        "2014、3、15",
        "2014。3。15",
        "41713",
        "41713.0",
        "2014年3月15日（星期六）",
        "2014.3.15周六",
        "\u200b2014-03-15 ",
    ],
)
def test_a_day_in_all_its_forms(text: str) -> None:
    assert parse_date(text) == WrittenDate(2014, 3, 15)


@pytest.mark.parametrize(
    "text", ["2014.3", "2014-03", "2014/3", "201403", "2014年3月", "2014年3月份", "二〇一四年三月", "2014年3月初", "2014年3月底"]
)
def test_a_month_stays_a_month(text: str) -> None:
    found = parse_date(text)
    assert found == WrittenDate(2014, 3)
    assert isinstance(found, WrittenDate)
    assert (found.precision, found.exact, found.earliest, found.latest) == ("month", None, date(2014, 3, 1), date(2014, 3, 31))


@pytest.mark.parametrize("text", ["2014", "2014年", "二○一四年"])
def test_a_year_stays_a_year(text: str) -> None:
    found = parse_date(text)
    assert found == WrittenDate(2014)
    assert isinstance(found, WrittenDate)
    assert (found.precision, found.exact, found.earliest, found.latest) == ("year", None, date(2014, 1, 1), date(2014, 12, 31))


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2014-03-15 00:00:00", time(0)),
        ("2014-03-15T08:30:05", time(8, 30, 5)),
        ("2014/3/15 8:30", time(8, 30)),
        ("2014-03-15 08:30:00.000", time(8, 30)),
        ("2014年3月15日 8时30分", time(8, 30)),
        ("2014年3月15日8点", time(8)),
        ("2014年3月15日下午3时20分", time(15, 20)),
        ("2014年3月15日下午3点半", time(15, 30)),
        ("2014年3月15日上午8:05", time(8, 5)),
        ("2014.3.15晚上12:00", time(12)),
        ("二〇一四年三月十五日 8：30", time(8, 30)),
    ],
)
def test_the_time_of_day_is_kept(text: str, clock: time) -> None:
    found = parse_date(text)
    assert found == WrittenDate(2014, 3, 15, clock)
    assert isinstance(found, WrittenDate)
    assert found.moment == datetime.combine(date(2014, 3, 15), clock)


def test_half_a_day_is_no_time() -> None:
    assert parse_date("2014年3月15日上午") == WrittenDate(2014, 3, 15)
    assert WrittenDate(2014, 3, 15).moment is None
    assert WrittenDate(2014, 3, clock=time(8)).moment is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2014-13-01", "date.month"),
        ("2014.0", "date.month"),
        ("2014-02-29", "date.day"),
        ("2014-04-31", "date.day"),
        ("2014-03-00", "date.day"),
        ("1899-12-31", "date.year"),
        ("2101-01-01", "date.year"),
        ("140315", "date.year"),
        ("2014-03-15 25:00", "date.clock"),
        ("2014-03-15 8:61", "date.clock"),
        ("3月15日", "date.no_year"),
        ("3.15", "date.no_year"),
        ("14.3.15", "date.short_year"),
        ("14年3月15日", "date.short_year"),
        ("3/15/2014", "date.short_year"),
        ("上学期", "date.unreadable"),
        ("二〇二六年十月初一", "date.unreadable"),  # a day of the lunar calendar, not 1 October
        ("2026年10月中旬5日", "date.unreadable"),
        ("123", "date.unreadable"),
        ("19999", "date.unreadable"),
        ("73051", "date.unreadable"),
        ("8:30", "date.unreadable"),
    ],
)
def test_what_is_no_date_is_explained(text: str, code: str) -> None:
    assert fault_of(text) == code


@pytest.mark.parametrize("text", ["", " ", "无", "—", "/", "NA", None])
def test_blank_is_no_date_and_no_fault(text: str | None) -> None:
    assert parse_date(text) is None


def test_leap_days_exist_in_leap_years_only() -> None:
    assert parse_date("2024-02-29") == WrittenDate(2024, 2, 29)
    assert fault_of("2100-02-29") == "date.day"
    assert WrittenDate(2024, 2).latest == date(2024, 2, 29)


@given(DAYS)
def test_every_day_reads_back_from_every_form(day: date) -> None:
    year, month, number = f"{day.year:04}", day.month, day.day
    chinese = "".join(NUMERALS[int(digit)] for digit in year)
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{chinese}年{in_chinese(month)}月{in_chinese(number)}日",
        WrittenDate(day.year, month, number).text,
    ]
    for form in forms:
        found = parse_date(form)
        assert isinstance(found, WrittenDate)
        assert (found.exact, found.precision, found.clock) == (day, "day", None)


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_every_month_reads_back_and_spans_its_days(year: int, month: int) -> None:
    written = WrittenDate(year, month)
    assert parse_date(written.text) == written
    assert written.earliest.day == 1
    assert (written.latest + timedelta(days=1)).day == 1


@given(st.integers(20000, 73050))
def test_excel_serials_count_days(serial: int) -> None:
    found = parse_date(str(serial))
    assert isinstance(found, WrittenDate)
    assert found.exact == date(1899, 12, 30) + timedelta(days=serial)


@given(st.text())
def test_reading_a_date_never_fails(text: str) -> None:
    found = parse_date(text)
    assert found is None or isinstance(found, Fault) or found.earliest <= found.latest


@pytest.mark.parametrize(("text", "day"), [("二〇二六年元月廿一日", date(2026, 1, 21)), ("二OO八年十月卅日", date(2008, 10, 30))])
def test_the_words_of_old_calendars(text: str, day: date) -> None:
    found = parse_date(text)
    assert isinstance(found, WrittenDate)
    assert found.exact == day


def test_a_letter_in_a_year_of_digits_is_not_mended() -> None:
    assert fault_of("20O4年") == "date.unreadable"
