"""Who is covered: spans by the calendar, visits at the door only, exact fractions, nothing known before a span begins."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import usual_calendar
from domain.coverage import VISITS, Coverage, SpanKind, TargetGroup, VisitSpan, term_span, visit_spans
from domain.rates import Rate
from domain.terms import all_words
from domain.visits import VisitMode

CALENDAR = usual_calendar()


@pytest.mark.parametrize("mode", VisitMode)
def test_only_a_visit_at_the_door_is_a_visit(mode: VisitMode) -> None:
    assert (mode in VISITS) == (mode is VisitMode.DOORSTEP)


@given(st.dates(date(2020, 9, 1), date(2032, 8, 31)))
def test_the_term_is_the_one_of_the_day_or_the_last_before_it(day: date) -> None:
    starts, ends = term_span(CALENDAR, day)
    assert starts <= day
    term = CALENDAR.term_of(day)
    if term is not None:
        assert (starts, ends) == (term.starts, term.ends)
    else:
        assert ends < day
        assert not any(CALENDAR.is_school_day(ends + timedelta(days=n)) for n in range(1, (day - ends).days + 1))


def test_the_windows_of_a_school_year_stand_in_order_around_their_holidays() -> None:
    spans = visit_spans(CALENDAR, date(2026, 11, 20), 7, 7)
    assert set(spans) == set(SpanKind) - {SpanKind.CAMPAIGN}
    assert spans[SpanKind.NATIONAL_DAY].starts == date(2026, 9, 24)
    windows = [spans[kind] for kind in list(SpanKind)[1:5]]
    assert [one.starts for one in windows] == sorted(one.starts for one in windows)


@pytest.mark.parametrize(
    ("day", "until", "begun"),
    [
        (date(2026, 9, 30), date(2026, 9, 30), False),
        (date(2026, 10, 1), date(2026, 10, 1), True),
        (date(2026, 10, 8), date(2026, 10, 7), True),
    ],
)
def test_a_span_counts_up_to_the_day_and_not_before_it_begins(day: date, until: date, begun: bool) -> None:
    span = VisitSpan(SpanKind.NATIONAL_DAY, date(2026, 10, 1), date(2026, 10, 7))
    assert (span.until(day), span.has_begun(day)) == (until, begun)


def test_the_rate_is_an_exact_fraction_and_missing_where_nobody_is_owed() -> None:
    assert Coverage(3, 1).rate == Rate(1, 3)
    assert Coverage(3, 1).uncovered == 2
    assert Coverage(0, 0).rate.fraction is None


@pytest.mark.parametrize("key", [*(f"spankind.{one}" for one in SpanKind), *(f"targetgroup.{one}" for one in TargetGroup)])
def test_every_choice_has_words(key: str) -> None:
    assert all(all_words()[key])
