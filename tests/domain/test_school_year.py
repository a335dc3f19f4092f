from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProblemError
from domain.school_year import (
    AUTUMN,
    FIRST_YEAR,
    LAST_YEAR,
    SPRING,
    Period,
    Term,
    TermNumber,
    parse_period,
    school_year_label,
    school_year_of,
    usual_term,
)

YEARS = st.integers(FIRST_YEAR, LAST_YEAR)
PERIODS = st.builds(Period, YEARS, st.sampled_from([None, AUTUMN, SPRING]))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 8, 31), 2026),
        (date(2027, 9, 1), 2027),
    ],
)
def test_the_school_year_turns_on_the_first_of_september(day: date, year: int) -> None:
    assert school_year_of(day) == year


def test_the_label_names_both_calendar_years() -> None:
    assert school_year_label(2026) == "2026-2027"


@pytest.mark.parametrize(
    ("text", "year", "term"),
    [
        ("2026-2027", 2026, None),
        (" 2026 - 2027 ", 2026, None),
        ("2026—2027学年", 2026, None),
        ("2026-2027学年度", 2026, None),
        ("2026-2027-1", 2026, AUTUMN),
        ("2026-2027-2", 2026, SPRING),
        ("2026-2027学年第一学期", 2026, AUTUMN),
        ("2026-2027学年第二学期", 2026, SPRING),
        ("2026-2027学年度上学期", 2026, AUTUMN),
        ("2026-2027学年 秋季学期", 2026, AUTUMN),
        ("2026-2027学年春季", 2026, SPRING),
        ("2026年秋季学期", 2026, AUTUMN),
        ("2026秋", 2026, AUTUMN),
        ("2016年春季", 2015, SPRING),
    ],
)
def test_periods_are_read_as_people_write_them(text: str, year: int, term: TermNumber | None) -> None:
    assert parse_period(text) == Period(year, term)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-2028", "2027-2026", "2026-2027-3", "2026-2027x", "1999-2000", "2100-2101", "第一学期"]
)
def test_what_names_no_period_is_none(text: str) -> None:
    assert parse_period(text) is None


@given(PERIODS)
def test_a_period_reads_back_from_its_code(period: Period) -> None:
    assert parse_period(period.code) == period


@given(st.text())
def test_reading_a_period_never_fails(text: str) -> None:
    found = parse_period(text)
    assert found is None or parse_period(found.code) == found


@given(YEARS)
def test_the_terms_share_every_day_of_the_year(year: int) -> None:
    whole, autumn, spring = Period(year), Period(year, AUTUMN), Period(year, SPRING)
    assert (autumn.starts, spring.ends) == (whole.starts, whole.ends)
    assert autumn.ends + timedelta(days=1) == spring.starts


@given(st.dates(date(2000, 9, 1), date(2100, 8, 31)))
def test_every_day_lies_in_the_period_of_its_school_year(day: date) -> None:
    year = school_year_of(day)
    assert Period(year).contains(day)
    assert not Period(year - 1).contains(day)
    assert Period(year, AUTUMN).contains(day) != Period(year, SPRING).contains(day)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        (Period(2026), "2026-2027学年", "School year 2026-2027"),
        (Period(2026, AUTUMN), "2026-2027学年第一学期（秋季）", "School year 2026-2027, autumn term"),
        (Period(2026, SPRING), "2026-2027学年第二学期（春季）", "School year 2026-2027, spring term"),
    ],
)
def test_a_period_in_words(period: Period, zh: str, en: str) -> None:
    assert (period.label(), period.label("en")) == (zh, en)


def test_a_term_holds_its_first_and_last_day() -> None:
    term = Term(2026, AUTUMN, date(2026, 8, 28), date(2027, 1, 15))
    assert term.contains(date(2026, 8, 28))
    assert term.contains(date(2027, 1, 15))
    assert not term.contains(date(2026, 8, 27))
    assert not term.contains(date(2027, 1, 16))


def test_a_term_of_one_day_is_a_term_and_a_backward_one_is_refused() -> None:
    assert Term(2026, SPRING, date(2027, 3, 1), date(2027, 3, 1)).contains(date(2027, 3, 1))
    with pytest.raises(ProblemError, match="2026-2027-2"):
        Term(2026, SPRING, date(2027, 3, 1), date(2027, 2, 28))


@given(YEARS)
def test_usual_terms_lie_in_their_halves_of_the_year(year: int) -> None:
    for number in (AUTUMN, SPRING):
        term, half = usual_term(year, number), Period(year, number)
        assert half.contains(term.starts)
        assert half.contains(term.ends)
