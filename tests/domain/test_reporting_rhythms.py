from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import usual_calendar
from domain.reporting_rhythms import (
    ReportingSettings,
    Rhythm,
    Year,
    after_term_start,
    by_weeks_end,
    early_in,
    every_month,
    every_quarter,
    every_school_day,
    every_week,
    in_months,
    last_of_month,
    on_day,
)

USUAL = usual_calendar()
YEARS = st.integers(2001, 2090).map(lambda year: Year(USUAL, year, ReportingSettings()))
SETTLED: list[Rhythm] = [every_month, every_quarter, in_months(10, 4), early_in(3, 9), on_day(lambda told: told.key_list)]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2026, 12, 5), date(2026, 12, 31)),
        (date(2026, 4, 30), date(2026, 4, 30)),
    ],
)
def test_the_last_day_of_a_month(day: date, last: date) -> None:
    assert last_of_month(day) == last


@given(YEARS)
def test_the_twelve_months_are_the_school_year(year: Year) -> None:
    months = list(year.months())
    assert len(months) == 12
    assert (months[0][0], months[-1][1]) == (year.period.starts, year.period.ends)
    assert all(before[1] + timedelta(days=1) == after[0] for before, after in pairwise(months))


@given(YEARS)
def test_weeks_hold_every_school_day_once(year: Year) -> None:
    school_days = [span[0] for span in every_school_day(year)]
    weeks = list(every_week(year))
    assert all(first.weekday() == 0 and (last - first).days == 6 and first <= due <= last for first, last, due in weeks)
    assert all(sum(first <= day <= last for first, last, _ in weeks) == 1 for day in school_days)
    assert all(year.period.contains(due) for *_, due in weeks)


@given(YEARS)
def test_quarters_share_the_months(year: Year) -> None:
    quarters = list(every_quarter(year))
    assert [last.month for _, last, _ in quarters] == [9, 12, 3, 6]
    assert all(first.day == 1 and first.month == last.month - 2 and due == last for first, last, due in quarters)


@given(YEARS)
def test_rhythms_run_in_order_of_time(year: Year) -> None:
    for rhythm in SETTLED:
        due = [span[2] for span in rhythm(year)]
        assert due == sorted(due)


@given(YEARS, st.integers(1, 60))
def test_days_after_the_start_of_term_are_working_days(year: Year, count: int) -> None:
    for first, last, due in after_term_start(lambda told: count)(year):
        assert first + timedelta(days=count) <= due
        assert USUAL.is_working_day(due)
        assert first < last


@given(YEARS, st.integers(1, 15))
def test_weeks_end_on_sundays(year: Year, weeks: int) -> None:
    for first, last, due in by_weeks_end(lambda told: weeks)(year):
        assert due.weekday() == 6
        assert first <= due <= last
        assert USUAL.week_of(due) == weeks
