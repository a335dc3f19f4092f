"""One definition of open, due, overdue and closed; due days by working days; steps in legal order only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import usual_calendar
from domain.errors import ProblemError
from domain.notices import (
    Check,
    NoticeFacts,
    NoticeState,
    NoticeStep,
    check_step,
    closing_day,
    next_steps,
    notice_due,
    notice_state,
)
from domain.terms import all_words

DUE = date(2026, 11, 20)
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 11, 16), NoticeState.OPEN),
        (date(2026, 11, 17), NoticeState.DUE),
        (date(2026, 11, 20), NoticeState.DUE),
        (date(2026, 11, 21), NoticeState.OVERDUE),
    ],
)
def test_due_begins_three_days_before_and_overdue_the_day_after(day: date, state: NoticeState) -> None:
    assert notice_state(DUE, None, day) is state


@pytest.mark.parametrize(
    ("closed", "state"), [(date(2026, 11, 25), NoticeState.CLOSED), (date(2026, 11, 26), NoticeState.OVERDUE)]
)
def test_it_is_closed_from_its_closing_day_on(closed: date, state: NoticeState) -> None:
    assert notice_state(DUE, closed, date(2026, 11, 25)) is state


@given(DAYS)
def test_without_a_limit_nothing_is_ever_overdue(day: date) -> None:
    assert notice_state(None, None, day) is NoticeState.OPEN


@given(DAYS, st.none() | DAYS)
def test_time_only_carries_a_notice_forward(due: date, closed: date | None) -> None:
    order = list(NoticeState)
    states = [order.index(notice_state(due, closed, due + timedelta(days=n))) for n in range(-10, 400)]
    assert states == sorted(states)


@given(st.none() | DAYS, st.none() | DAYS)
def test_a_notice_closes_with_its_case_at_the_latest(own: date | None, of_case: date | None) -> None:
    days = {day for day in (own, of_case) if day}
    assert closing_day(own, of_case) == (min(days) if days else None)


@pytest.mark.parametrize(
    ("issued", "working_days", "due"),
    [
        (date(2026, 11, 20), 5, date(2026, 11, 27)),  # a Friday: the weekend does not count
        (date(2026, 9, 29), 3, date(2026, 10, 9)),  # nor does the National Day holiday
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), None, None),
    ],
)
def test_the_limit_counts_working_days_and_unset_stays_unset(issued: date, working_days: int | None, due: date | None) -> None:
    assert notice_due(usual_calendar(), issued, working_days) == due


ISSUED, REPLIED = date(2026, 11, 2), date(2026, 11, 5)
NEW = NoticeFacts(ISSUED)
ANSWERED = NoticeFacts(ISSUED, REPLIED, None, None, "school")
RETURNED = NoticeFacts(ISSUED, REPLIED, Check.RETURNED, None, "school")
PASSED = NoticeFacts(ISSUED, REPLIED, Check.PASSED, None, "school")
CLOSED = NoticeFacts(ISSUED, REPLIED, Check.PASSED, REPLIED, "school")


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        (NEW, {NoticeStep.REPLIED}),
        (ANSWERED, {NoticeStep.PASSED, NoticeStep.RETURNED}),
        (RETURNED, {NoticeStep.REPLIED}),
        (PASSED, {NoticeStep.CLOSED}),
        (CLOSED, set()),
    ],
)
def test_steps_come_in_legal_order_only(facts: NoticeFacts, steps: set[NoticeStep]) -> None:
    assert set(next_steps(facts)) == steps
    for step in NoticeStep:
        if step in steps:
            check_step(facts, step, date(2026, 11, 6), "bureau")
        else:
            with pytest.raises(ProblemError) as refused:
                check_step(facts, step, date(2026, 11, 6), "bureau")
            assert refused.value.key == "notice.illegal_step"


@pytest.mark.parametrize(
    ("facts", "step"), [(ANSWERED, NoticeStep.PASSED), (ANSWERED, NoticeStep.RETURNED), (PASSED, NoticeStep.CLOSED)]
)
def test_whoever_replied_neither_checks_nor_closes(facts: NoticeFacts, step: NoticeStep) -> None:
    with pytest.raises(ProblemError, match="Whoever replied"):
        check_step(facts, step, date(2026, 11, 6), "school")


@pytest.mark.parametrize(
    ("facts", "step", "on"),
    [(NEW, NoticeStep.REPLIED, date(2026, 11, 1)), (ANSWERED, NoticeStep.PASSED, date(2026, 11, 4))],
)
def test_no_step_is_dated_before_the_one_it_follows(facts: NoticeFacts, step: NoticeStep, on: date) -> None:
    with pytest.raises(ProblemError) as refused:
        check_step(facts, step, on, "bureau")
    assert refused.value.key == "notice.before_last_step"


@pytest.mark.parametrize("key", [*(f"noticestate.{one}" for one in NoticeState), *(f"noticestep.{one}" for one in NoticeStep)])
def test_every_state_and_step_has_words(key: str) -> None:
    assert all(all_words()[key])
