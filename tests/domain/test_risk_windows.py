from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SchoolCalendar, usual_calendar
from domain.risk_windows import RiskHoliday, risk_windows
from domain.school_year import AUTUMN, SPRING, Term

USUAL = usual_calendar()


def test_the_four_windows_of_a_year_with_announced_holidays() -> None:
    windows = {window.holiday: window for window in risk_windows(USUAL, 2025, before_days=7, after_days=3)}
    national, labour = windows[RiskHoliday.NATIONAL_DAY], windows[RiskHoliday.LABOUR_DAY]
    assert (national.holiday_starts, national.holiday_ends) == (date(2025, 10, 1), date(2025, 10, 8))
    assert (national.opens, national.closes) == (date(2025, 9, 24), date(2025, 10, 11))
    assert national.roll_call == date(2025, 10, 9)
    assert (labour.holiday_starts, labour.holiday_ends) == (date(2026, 5, 1), date(2026, 5, 5))


def test_a_long_weekend_that_begins_before_the_holiday_belongs_to_it() -> None:
    national = risk_windows(USUAL, 2023, 0, 0)[0]
    assert (national.holiday_starts, national.holiday_ends) == (date(2023, 9, 29), date(2023, 10, 6))
    labour = risk_windows(USUAL, 2022, 0, 0)[2]
    assert (labour.holiday_starts, labour.holiday_ends) == (date(2023, 4, 29), date(2023, 5, 3))


def test_without_announcement_the_holidays_have_their_usual_length() -> None:
    national, _, labour, _ = risk_windows(SchoolCalendar(), 2030, 1, 1)
    assert (national.holiday_starts, national.holiday_ends) == (date(2030, 10, 1), date(2030, 10, 7))
    assert (labour.holiday_starts, labour.holiday_ends) == (date(2031, 5, 1), date(2031, 5, 5))


def test_winter_and_summer_follow_the_countys_terms() -> None:
    terms = (
        Term(2026, AUTUMN, date(2026, 9, 1), date(2027, 1, 15)),
        Term(2026, SPRING, date(2027, 3, 1), date(2027, 7, 9)),
        Term(2027, AUTUMN, date(2027, 8, 30), date(2028, 1, 14)),
    )
    _, winter, _, summer = risk_windows(SchoolCalendar(terms), 2026, 10, 5)
    assert (winter.holiday_starts, winter.holiday_ends) == (date(2027, 1, 16), date(2027, 2, 28))
    assert (winter.opens, winter.closes, winter.roll_call) == (date(2027, 1, 6), date(2027, 3, 5), date(2027, 3, 1))
    assert (summer.holiday_starts, summer.holiday_ends) == (date(2027, 7, 10), date(2027, 8, 29))
    assert summer.roll_call == date(2027, 8, 30)


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2026, 9, 23), False), (date(2026, 9, 24), True), (date(2026, 10, 10), True), (date(2026, 10, 11), False)],
)
def test_both_edges_of_a_window_belong_to_it(day: date, inside: bool) -> None:
    national = risk_windows(USUAL, 2026, before_days=7, after_days=3)[0]
    assert national.contains(day) is inside


@given(st.integers(2001, 2095), st.integers(0, 30), st.integers(0, 30))
def test_windows_come_in_order_and_the_roll_call_follows_the_holiday(year: int, before: int, after: int) -> None:
    windows = risk_windows(USUAL, year, before, after)
    assert [window.holiday for window in windows] == list(RiskHoliday)
    for window in windows:
        assert window.opens == window.holiday_starts - timedelta(days=before)
        assert window.closes == window.holiday_ends + timedelta(days=after)
        assert window.roll_call > window.holiday_ends
        assert USUAL.is_school_day(window.roll_call)
        assert USUAL.absence_days(window.holiday_starts, window.holiday_ends) == 0
