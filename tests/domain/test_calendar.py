from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    AUTUMN,
    SPRING,
    DayKind,
    SchoolCalendar,
    Term,
    read_statutory_days,
    usual_calendar,
    usual_term,
)
from domain.errors import ProblemError

USUAL = usual_calendar()
AUTUMN_2026 = Term(2026, AUTUMN, date(2026, 9, 1), date(2027, 1, 15))
SPRING_2026 = Term(2026, SPRING, date(2027, 3, 1), date(2027, 7, 9))
COUNTY = SchoolCalendar((AUTUMN_2026, SPRING_2026), read_statutory_days())
DAYS = st.dates(date(2001, 1, 1), date(2095, 12, 31))
COUNTS = st.integers(1, 600)


@pytest.mark.parametrize(
    ("day", "working", "school"),
    [
        (date(2026, 8, 31), True, False),  # the Monday before term
        (date(2026, 9, 1), True, True),
        (date(2026, 9, 5), False, False),  # Saturday
        (date(2026, 9, 20), True, True),  # a Sunday that makes up for National Day
        (date(2026, 9, 25), False, False),  # Mid-autumn, a Friday
        (date(2026, 10, 1), False, False),
        (date(2026, 10, 7), False, False),
        (date(2026, 10, 8), True, True),
        (date(2026, 10, 10), True, True),  # a Saturday that makes up
        (date(2026, 10, 11), False, False),
        (date(2027, 1, 15), True, True),
        (date(2027, 1, 18), True, False),  # winter holidays: offices work, schools do not
        (date(2027, 3, 1), True, True),
        (date(2027, 7, 9), True, True),
        (date(2027, 7, 12), True, False),
    ],
)
def test_school_days_and_working_days(day: date, working: bool, school: bool) -> None:
    assert (COUNTY.is_working_day(day), COUNTY.is_school_day(day)) == (working, school)


def test_the_announced_days_of_a_year_keep_the_number_of_holidays() -> None:
    days = read_statutory_days()
    for year, most in [(2022, 7), (2023, 7), (2024, 8), (2025, 5), (2026, 6)]:
        makeup = [day for day, kind in days.items() if day.year == year and kind is DayKind.MAKEUP]
        assert len(makeup) == most
        assert all(day.weekday() >= 5 for day in makeup)
        assert days[date(year, 10, 1)] is days[date(year, 5, 1)] is DayKind.HOLIDAY


def test_a_month_without_given_holidays_has_the_usual_ones() -> None:
    calendar = SchoolCalendar(days={date(2030, 4, 4): DayKind.HOLIDAY})
    assert not calendar.is_working_day(date(2030, 10, 1))
    assert not calendar.is_working_day(date(2030, 5, 3))
    assert not calendar.is_working_day(date(2030, 1, 1))
    assert calendar.is_working_day(date(2030, 10, 8))


def test_given_holidays_of_a_month_replace_the_usual_ones() -> None:
    calendar = SchoolCalendar(days={date(2030, 10, 1): DayKind.HOLIDAY, date(2030, 10, 5): DayKind.MAKEUP})
    assert not calendar.is_working_day(date(2030, 10, 1))
    assert calendar.is_working_day(date(2030, 10, 2))
    assert calendar.is_working_day(date(2030, 10, 5))  # a Saturday


@pytest.mark.parametrize(
    ("first_absent", "as_of", "days"),
    [
        (date(2026, 9, 7), date(2026, 9, 6), 0),
        (date(2026, 9, 7), date(2026, 9, 7), 1),
        (date(2026, 9, 7), date(2026, 9, 8), 2),
        (date(2026, 9, 11), date(2026, 9, 13), 1),  # Friday to Sunday
        (date(2026, 9, 12), date(2026, 9, 14), 1),  # first missed on a Saturday: Monday is day 1
        (date(2026, 9, 30), date(2026, 10, 8), 2),  # across National Day
        (date(2027, 1, 15), date(2027, 3, 1), 2),  # across the winter holidays
    ],
)
def test_days_of_absence_are_school_days_both_ends_counted(first_absent: date, as_of: date, days: int) -> None:
    assert COUNTY.absence_days(first_absent, as_of) == days


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 7), 0, date(2026, 9, 7)),
        (date(2026, 9, 5), 0, date(2026, 9, 7)),  # Saturday: the first school day on or after
        (date(2026, 9, 5), 1, date(2026, 9, 7)),  # the day itself is never counted
        (date(2026, 9, 7), 1, date(2026, 9, 8)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2027, 1, 15), 1, date(2027, 3, 1)),
        (date(2027, 7, 9), 1, date(2027, 9, 1)),  # into a year with usual terms
    ],
)
def test_school_days_are_added_after_the_day(day: date, count: int, expected: date) -> None:
    assert COUNTY.add_school_days(day, count) == expected


def test_working_days_run_through_school_holidays() -> None:
    assert COUNTY.add_working_days(date(2027, 1, 15), 3) == date(2027, 1, 20)
    assert COUNTY.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert COUNTY.add_working_days(date(2026, 9, 19), 0) == date(2026, 9, 20)
    assert COUNTY.working_days_between(date(2026, 9, 30), date(2026, 10, 12)) == 4


@given(DAYS, COUNTS)
def test_adding_school_days_then_counting_between_gives_them_back(day: date, count: int) -> None:
    later = USUAL.add_school_days(day, count)
    assert USUAL.is_school_day(later)
    assert USUAL.school_days_between(day, later) == count
    assert USUAL.school_days_between(day, later - timedelta(days=1)) == count - 1


@given(DAYS)
def test_adding_no_day_goes_to_the_first_school_day_on_or_after(day: date) -> None:
    later = USUAL.add_school_days(day, 0)
    assert later == day or not USUAL.is_school_day(day)
    assert USUAL.absence_days(day, later) == 1


@given(DAYS, COUNTS)
def test_adding_working_days_then_counting_between_gives_them_back(day: date, count: int) -> None:
    later = USUAL.add_working_days(day, count)
    assert USUAL.is_working_day(later)
    assert USUAL.working_days_between(day, later) == count


@given(DAYS, COUNTS, COUNTS)
def test_adding_in_two_steps_is_adding_once(day: date, one: int, two: int) -> None:
    assert USUAL.add_school_days(USUAL.add_school_days(day, one), two) == USUAL.add_school_days(day, one + two)
    assert USUAL.add_school_days(day, one) < USUAL.add_school_days(day, one + two)


@given(DAYS, DAYS, DAYS)
def test_days_between_add_up(a: date, b: date, c: date) -> None:
    first, middle, last = sorted([a, b, c])
    parts = USUAL.school_days_between(first, middle) + USUAL.school_days_between(middle, last)
    assert parts == USUAL.school_days_between(first, last)
    assert USUAL.school_days_between(last, first) == 0


@given(DAYS, st.integers(1, 400))
def test_the_nth_day_of_an_absence_is_the_inverse_of_counting_it(first_absent: date, nth: int) -> None:
    day = USUAL.nth_absent_day(first_absent, nth)
    assert USUAL.absence_days(first_absent, day) == nth
    assert USUAL.absence_days(first_absent, day - timedelta(days=1)) == nth - 1


@given(DAYS)
def test_counting_agrees_with_looking_at_every_day(day: date) -> None:
    week = [day + timedelta(days=n) for n in range(1, 15)]
    assert USUAL.school_days_between(day, week[-1]) == sum(map(USUAL.is_school_day, week))
    assert USUAL.working_days_between(day, week[-1]) == sum(map(USUAL.is_working_day, week))
    assert all(USUAL.is_working_day(one) for one in week if USUAL.is_school_day(one))


@pytest.mark.parametrize("count", [-1, -100])
def test_negative_counts_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="cannot count"):
        USUAL.add_school_days(date(2026, 9, 1), count)
    with pytest.raises(ValueError, match="no day"):
        USUAL.nth_absent_day(date(2026, 9, 1), 0)


def test_beyond_the_calendar_there_is_no_day() -> None:
    with pytest.raises(ValueError, match="end of the calendar"):
        USUAL.add_school_days(date(2100, 8, 1), 1)
    assert USUAL.absence_days(date(1900, 1, 1), date(1990, 1, 1)) == 0


def test_overlapping_terms_are_refused() -> None:
    early_spring = Term(2026, SPRING, AUTUMN_2026.ends, date(2027, 7, 1))
    with pytest.raises(ProblemError, match="2026-2027-2"):
        SchoolCalendar((early_spring, AUTUMN_2026))


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), AUTUMN_2026),
        (date(2027, 1, 15), AUTUMN_2026),
        (date(2027, 1, 16), None),
        (date(2027, 2, 28), None),  # the bureau's own term replaces the usual one
        (date(2027, 3, 1), SPRING_2026),
        (date(2031, 10, 1), usual_term(2031, AUTUMN)),
    ],
)
def test_the_term_of_a_day(day: date, term: Term | None) -> None:
    assert COUNTY.term_of(day) == term


def test_a_term_that_opens_in_august_holds_its_august_days() -> None:
    early = Term(2026, AUTUMN, date(2026, 8, 27), date(2027, 1, 15))
    calendar = SchoolCalendar((early,))
    assert calendar.term_of(date(2026, 8, 28)) == early
    assert calendar.is_school_day(date(2026, 8, 28))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 9, 1), 1),  # a Tuesday
        (date(2026, 9, 6), 1),
        (date(2026, 9, 7), 2),
        (date(2026, 9, 13), 2),
        (date(2026, 9, 14), 3),
        (date(2027, 1, 15), 20),
        (date(2027, 1, 16), None),
    ],
)
def test_weeks_run_from_monday_to_sunday(day: date, week: int | None) -> None:
    assert COUNTY.week_of(day) == week


def test_a_term_that_starts_on_a_weekend_has_its_first_week_after_it() -> None:
    calendar = SchoolCalendar((Term(2024, AUTUMN, date(2024, 9, 1), date(2025, 1, 17)),))
    assert calendar.week_of(date(2024, 9, 1)) == 1  # a Sunday
    assert calendar.week_of(date(2024, 9, 2)) == 1
    assert calendar.week_of(date(2024, 9, 9)) == 2
    assert calendar.end_of_week(calendar.terms[0], 2) == date(2024, 9, 15)


@given(st.integers(2001, 2090), st.sampled_from([AUTUMN, SPRING]), st.integers(1, 15))
def test_the_end_of_a_week_is_a_sunday_of_that_week(year: int, number: int, week: int) -> None:
    term = USUAL.term(year, AUTUMN if number == AUTUMN else SPRING)
    sunday = USUAL.end_of_week(term, week)
    assert sunday.weekday() == 6
    assert USUAL.week_of(sunday) == week
    assert USUAL.week_of(sunday + timedelta(days=1)) == week + 1


def test_next_school_day_is_never_the_day_itself() -> None:
    assert COUNTY.next_school_day(date(2026, 9, 7)) == date(2026, 9, 8)
    assert COUNTY.next_school_day(date(2026, 9, 11)) == date(2026, 9, 14)


def test_equal_calendars_are_one_cache_key() -> None:
    again = SchoolCalendar((AUTUMN_2026, SPRING_2026), dict(read_statutory_days()))
    assert again == COUNTY
    assert hash(again) == hash(COUNTY)
    assert SchoolCalendar((AUTUMN_2026,), read_statutory_days()) != COUNTY


@given(st.dates(date(2026, 9, 1), date(2027, 8, 31)), st.integers(1, 60), st.integers(-3, 3))
def test_an_absence_long_enough_began_by_the_day_it_is_searched_by(as_of: date, days: int, near: int) -> None:
    calendar = usual_calendar()
    since = calendar.absent_since(as_of, days)
    began = since + timedelta(days=near)
    assert (began <= since) is (calendar.absence_days(began, as_of) >= days)


def test_no_absence_began_before_the_calendar_does() -> None:
    assert usual_calendar().absent_since(date(2000, 9, 5), 60) == date.min
