from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SchoolCalendar, usual_calendar
from domain.reporting_calendar import (
    DUTIES,
    Due,
    Reporter,
    ReportingSettings,
    dropout_form_due,
    dues_of,
    feedback_due,
    say_due,
)
from domain.school_year import AUTUMN, SPRING, Period, Term
from domain.terms import LANGS

USUAL = usual_calendar()
SEED = ReportingSettings()
COUNTY = SchoolCalendar(
    (Term(2025, AUTUMN, date(2025, 9, 1), date(2026, 1, 23)), Term(2025, SPRING, date(2026, 3, 2), date(2026, 7, 3))), USUAL.days
)


def dues(reporter: Reporter, duty: str, settings: ReportingSettings = SEED) -> list[Due]:
    return [due for due in dues_of(reporter, COUNTY, 2025, settings) if due.duty == duty]


def days(reporter: Reporter, duty: str, settings: ReportingSettings = SEED) -> list[date]:
    return [due.due for due in dues(reporter, duty, settings)]


@pytest.mark.parametrize("duty", ["daily_report", "registry_log_in"])
def test_schools_report_on_every_school_day_and_on_no_other(duty: str) -> None:
    found = days(Reporter.SCHOOL, duty)
    everyday = [date(2025, 9, 1) + timedelta(days=n) for n in range(365)]
    assert found == [day for day in everyday if COUNTY.is_school_day(day)]
    assert all(due.covers_from == due.covers_to == due.due for due in dues(Reporter.SCHOOL, duty))


def test_weekly_reports_fall_on_the_last_school_day_of_the_week() -> None:
    found = days(Reporter.SCHOOL, "weekly_report")
    assert found[:5] == [date(2025, 9, 5), date(2025, 9, 12), date(2025, 9, 19), date(2025, 9, 28), date(2025, 9, 30)]
    assert date(2025, 10, 3) not in found  # National Day
    assert date(2025, 10, 11) in found  # a Saturday that makes up
    assert all(COUNTY.is_school_day(day) for day in found)
    assert len({day.isocalendar()[:2] for day in found}) == len(found)


def test_monthly_reports_come_by_the_28th_or_the_next_working_day() -> None:
    found = days(Reporter.SCHOOL, "monthly_ledger")
    assert len(found) == 12
    assert found[0] == date(2025, 9, 28)  # a Sunday that makes up for National Day
    assert found[5] == date(2026, 2, 28)  # a Saturday that makes up for Spring Festival
    assert found[1] == date(2025, 10, 28)
    assert found[2] == date(2025, 11, 28)
    assert found[8] == date(2026, 5, 28)
    assert found[7] == date(2026, 4, 28)
    assert found[10] == date(2026, 7, 28)
    assert days(Reporter.KEY_UNIT, "key_unit_report") == found


def test_the_day_of_the_month_is_a_setting_and_never_past_its_end() -> None:
    found = days(Reporter.SCHOOL, "monthly_ledger", replace(SEED, monthly_day=31))
    assert found[9] == date(2026, 6, 30)
    assert found[5] == date(2026, 2, 28)
    assert days(Reporter.SCHOOL, "monthly_ledger", replace(SEED, monthly_day=1))[0] == date(2025, 9, 1)


def test_towns_write_in_october_december_april_and_june() -> None:
    assert days(Reporter.TOWNSHIP, "written_report") == [
        date(2025, 10, 31),
        date(2025, 12, 31),
        date(2026, 4, 30),
        date(2026, 6, 30),
    ]


def test_schools_report_early_in_september_and_march() -> None:
    assert days(Reporter.SCHOOL, "term_report") == [date(2025, 9, 10), date(2026, 3, 10)]
    assert days(Reporter.SCHOOL, "term_report", replace(SEED, early_days=20)) == [date(2025, 9, 22), date(2026, 3, 20)]


def test_left_behind_data_are_new_every_quarter() -> None:
    found = dues(Reporter.SCHOOL, "left_behind_update")
    assert [(due.covers_from, due.due) for due in found] == [
        (date(2025, 7, 1), date(2025, 9, 30)),
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
    ]


def test_the_census_ends_with_the_second_week_of_term() -> None:
    assert days(Reporter.SCHOOL, "census") == [date(2025, 9, 14), date(2026, 3, 15)]
    assert days(Reporter.SCHOOL, "guardianship_update") == days(Reporter.SCHOOL, "census")
    assert days(Reporter.SCHOOL, "census", replace(SEED, census_weeks=1)) == [date(2025, 9, 7), date(2026, 3, 8)]


def test_every_pupil_is_visited_by_the_end_of_each_term() -> None:
    assert [(due.covers_from, due.due) for due in dues(Reporter.TEACHER, "visit_every_pupil")] == [
        (date(2025, 9, 1), date(2026, 1, 23)),
        (date(2026, 3, 2), date(2026, 7, 3)),
    ]


def test_after_each_holiday_everybody_is_counted() -> None:
    assert days(Reporter.SCHOOL, "return_roll_call") == [date(2025, 10, 9), date(2026, 3, 2), date(2026, 5, 6), date(2026, 9, 1)]


def test_special_checks_come_a_month_after_each_start_and_in_march_and_september() -> None:
    assert days(Reporter.BUREAU, "special_check") == [date(2025, 10, 9), date(2026, 4, 1)]  # 1 October moves behind the holiday
    assert days(Reporter.BUREAU, "special_supervision") == [date(2025, 9, 30), date(2026, 3, 31)]


def test_yearly_days_are_settings() -> None:
    assert days(Reporter.BUREAU, "key_list") == [date(2026, 2, 2)]  # 31 January 2026 is a Saturday
    assert days(Reporter.SCHOOL, "school_age_list") == [date(2026, 5, 20)]
    assert days(Reporter.SCHOOL, "screening") == [date(2025, 12, 1)]  # 30 November 2025 is a Sunday
    assert days(Reporter.SCHOOL, "school_age_list", replace(SEED, school_age_list=(9, 1))) == [date(2025, 9, 1)]


def test_limits_in_working_days_are_unset_until_set() -> None:
    assert dropout_form_due(COUNTY, date(2025, 9, 26), SEED) is None
    assert feedback_due(COUNTY, date(2025, 9, 26), SEED) is None
    assert say_due(None) == "未配置"
    assert say_due(None, "en") == "Not set"


@pytest.mark.parametrize(
    ("limit", "due"),
    [(0, date(2025, 9, 26)), (1, date(2025, 9, 28)), (3, date(2025, 9, 30)), (4, date(2025, 10, 9)), (5, date(2025, 10, 10))],
)
def test_limits_in_working_days_once_set(limit: int, due: date) -> None:
    known = date(2025, 9, 26)  # a Friday before a Sunday that is worked
    assert dropout_form_due(COUNTY, known, replace(SEED, dropout_form_days=limit)) == due
    assert feedback_due(COUNTY, known, replace(SEED, feedback_days=limit)) == due
    assert say_due(due) == due.isoformat()


@pytest.mark.parametrize("reporter", list(Reporter))
def test_every_kind_of_unit_owes_something_in_order_of_time(reporter: Reporter) -> None:
    owed = dues_of(reporter, COUNTY, 2025, SEED)
    assert owed
    assert [due.due for due in owed] == sorted(due.due for due in owed)
    unset = {"activity_month"}  # never owed until its months are set
    assert {due.duty for due in owed} == {duty.code for duty in DUTIES if duty.reporter is reporter} - unset


def test_duties_are_named_once_and_in_both_languages() -> None:
    assert max(Counter(duty.code for duty in DUTIES).values()) == 1
    for duty in DUTIES:
        assert duty.source
        said = [duty.say(lang) for lang in LANGS]
        assert said[0] != said[1]
        assert f"duty.{duty.code}" not in said


@given(st.integers(2001, 2090), st.sampled_from(list(Reporter)))
def test_due_days_can_be_computed_for_any_year(year: int, reporter: Reporter) -> None:
    for due in dues_of(reporter, USUAL, year, SEED):
        assert due.covers_from <= due.due
        assert Period(year).starts <= due.due <= Period(year).ends + timedelta(days=7)


@pytest.mark.parametrize(("first", "second", "months"), [(None, None, []), (3, None, [3]), (10, 3, [10, 3]), (9, 9, [9])])
def test_months_of_activity_are_those_that_are_set(first: int | None, second: int | None, months: list[int]) -> None:
    found = dues(Reporter.TOWNSHIP, "activity_month", replace(SEED, activity_month_1=first, activity_month_2=second))
    assert [due.due.month for due in found] == months
    assert all(due.covers_from.day == 1 and (due.due + timedelta(days=1)).day == 1 for due in found)


@pytest.mark.parametrize(("before", "after"), [(7, 14), (1, 1), (60, 60)])
def test_publicity_lies_around_the_start_of_each_term(before: int, after: int) -> None:
    found = dues(Reporter.SCHOOL, "publicity", replace(SEED, publicity_before_days=before, publicity_after_days=after))
    for due, starts in zip(found, (date(2025, 9, 1), date(2026, 3, 2)), strict=True):
        told = starts - due.covers_from, due.covers_to - starts
        assert told == (timedelta(days=before), timedelta(days=after))
        assert due.due == due.covers_to
