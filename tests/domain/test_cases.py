import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import usual_calendar
from domain.cases import (
    OUT_OF_SCHOOL,
    Branch,
    CaseHistory,
    CaseInterval,
    CaseStatus,
    CaseStep,
    case_intervals,
    days_overdue,
    is_open,
    is_overdue,
    missed_rungs_of,
)
from domain.visits import SEED_LADDER, LadderSettings, NextStep

CALENDAR = usual_calendar()
UNTIL = date(2027, 8, 31)
MONDAY = date(2026, 9, 7)
AT_RISK, SUSPECTED, DROPOUT, PERSUASION, RETURNED, CLOSED = CaseStatus


def after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def intervals(history: CaseHistory, settings: LadderSettings = SEED_LADDER, until: date = UNTIL) -> tuple[CaseInterval, ...]:
    return case_intervals(history, CALENDAR, settings, until)


def on(history: CaseHistory, day: date, settings: LadderSettings = SEED_LADDER) -> CaseInterval:
    return next(interval for interval in intervals(history, settings) if interval.valid_from <= day < interval.valid_to)


def absent(events: Sequence[CaseStep] = (), visits: Sequence[int] = (), **more: object) -> CaseHistory:
    plain = CaseHistory(MONDAY, MONDAY, tuple(events), tuple(after(day) for day in visits))
    return replace(plain, **more)


@st.composite
def histories(draw: st.DrawFn) -> CaseHistory:
    opened = date(2026, 3, 1) + timedelta(days=draw(st.integers(0, 300)))
    days = st.integers(-10, 300).map(lambda n: opened + timedelta(days=n))
    steps = [CaseStep(draw(days), status) for status in draw(st.lists(st.sampled_from(OUT_OF_SCHOOL), max_size=3))]
    if draw(st.booleans()):
        steps.append(CaseStep(draw(days), RETURNED))
    if draw(st.booleans()):
        steps.append(CaseStep(draw(days), CLOSED))
    return CaseHistory(
        opened,
        draw(st.none() | days),
        tuple(steps),
        tuple(draw(st.lists(days, max_size=5))),
        tuple(draw(st.lists(days, max_size=4))),
        draw(st.integers(0, 2)),
        draw(st.none() | st.sampled_from(Branch)),
        draw(st.none() | days),
        draw(st.none() | days),
        draw(st.none() | st.just("transfer_certificate")),
    )


LADDERS = st.builds(
    LadderSettings,
    many_times=st.none() | st.integers(1, 4),
    auto_dropout=st.booleans(),
    repeat_every_school_days=st.integers(1, 12),
    follow_up_every_days=st.integers(10, 60),
)


@given(histories(), LADDERS)
def test_intervals_touch_and_cover_the_open_case(history: CaseHistory, settings: LadderSettings) -> None:
    found = intervals(history, settings)
    closed = history.first_day_of(CLOSED)
    if closed <= history.opened_on:
        assert found == ()
        return
    assert found[0].valid_from == history.opened_on
    assert found[-1].valid_to == closed
    assert all(interval.valid_from < interval.valid_to for interval in found)
    assert all(left.valid_to == right.valid_from for left, right in pairwise(found))


@given(histories(), LADDERS)
def test_rung_and_status_never_go_backwards(history: CaseHistory, settings: LadderSettings) -> None:
    found = intervals(history, settings)
    order = (*OUT_OF_SCHOOL, RETURNED)
    assert all(order.index(left.status) <= order.index(right.status) for left, right in pairwise(found))
    rungs = [interval.rung for interval in found if interval.rung is not None]
    assert rungs == sorted(rungs)


@given(histories(), LADDERS)
def test_every_day_has_one_step_that_fits_its_status(history: CaseHistory, settings: LadderSettings) -> None:
    after_return = {NextStep.FOLLOW_UP, NextStep.CLOSE_CASE}
    for interval in intervals(history, settings):
        assert interval.status is not CLOSED
        assert interval.due_on >= history.opened_on
        assert interval.rung is None or interval.status is not RETURNED
        assert interval.status is not RETURNED or interval.next_step in after_return


@given(histories())
def test_looking_less_far_ahead_changes_nothing_before(history: CaseHistory) -> None:
    near = history.opened_on + timedelta(days=30)
    for interval in intervals(history, until=near):
        for far in intervals(history):
            shared = max(interval.valid_from, far.valid_from)
            if shared < min(interval.valid_to, far.valid_to) and shared <= near:
                assert interval[2:] == far[2:]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (0, AT_RISK),
        (6, AT_RISK),  # Sunday: five school days missed, one week, not more
        (7, SUSPECTED),  # the sixth
    ],
)
def test_suspected_after_more_than_a_week_of_school(day: int, status: CaseStatus) -> None:
    assert on(absent(), after(day)).status is status


def test_dropout_after_more_than_four_weeks_of_school() -> None:
    twentieth = CALENDAR.nth_absent_day(MONDAY, 20)
    twenty_first = CALENDAR.nth_absent_day(MONDAY, 21)
    assert on(absent(), twenty_first - timedelta(days=1)).status is SUSPECTED
    assert on(absent(), twentieth).status is SUSPECTED
    assert on(absent(), twenty_first).status is DROPOUT


def test_without_auto_dropout_only_a_record_makes_a_dropout() -> None:
    settings = replace(SEED_LADDER, auto_dropout=False)
    assert on(absent(), after(200), settings).status is SUSPECTED
    assert on(absent([CaseStep(after(9), DROPOUT)]), after(9), settings).status is DROPOUT


def test_holidays_make_no_dropout() -> None:
    """Absent for the last three days of the school year: two months of summer add no day of absence."""
    last_days = date(2026, 7, 8)
    history = CaseHistory(last_days, last_days)
    assert on(history, date(2026, 8, 31)).status is AT_RISK


def test_a_record_never_lowers_what_length_says() -> None:
    history = absent([CaseStep(after(8), SUSPECTED), CaseStep(after(60), SUSPECTED)])
    assert on(history, after(60)).status is DROPOUT


def test_a_recorded_status_comes_before_its_time() -> None:
    history = absent([CaseStep(after(1), SUSPECTED), CaseStep(after(2), DROPOUT), CaseStep(after(3), PERSUASION)])
    assert [on(history, after(day)).status for day in range(4)] == [AT_RISK, SUSPECTED, DROPOUT, PERSUASION]


def test_a_case_opened_as_dropout_is_a_dropout_from_its_first_day() -> None:
    assert intervals(absent([CaseStep(MONDAY, DROPOUT)]))[0].status is DROPOUT


def test_steps_and_due_dates_of_an_absence_that_nobody_visits() -> None:
    found = intervals(absent())
    assert [(i.valid_from, i.rung, i.next_step) for i in found[:5]] == [
        (after(0), 1, NextStep.FIRST_VISIT),
        (after(1), 2, NextStep.JOINT_VISIT),
        (after(2), 3, NextStep.PRINCIPAL_VISIT),
        (after(3), 4, NextStep.VILLAGE_VISIT),
        (after(7), 5, NextStep.TOWNSHIP_VISIT),
    ]
    assert {interval.due_on for interval in found} == {MONDAY}  # climbing forgives nothing


def test_a_case_becomes_overdue_at_midnight_without_any_write() -> None:
    today = on(absent(), MONDAY)
    assert not is_overdue(today.due_on, MONDAY)
    assert is_overdue(on(absent(), after(1)).due_on, after(1))


def test_a_visit_settles_what_was_owed_and_moves_the_step_on() -> None:
    history = absent(visits=[0, 1])
    assert on(history, after(0))[3:] == (1, NextStep.JOINT_VISIT, after(1))
    assert on(history, after(1))[3:] == (2, NextStep.PRINCIPAL_VISIT, after(2))
    assert on(history, after(2))[3:] == (3, NextStep.PRINCIPAL_VISIT, after(2))
    assert on(history, after(3))[3:] == (4, NextStep.VILLAGE_VISIT, after(2))  # the principal did not come


def test_a_visit_is_repeated_where_no_rung_comes_sooner() -> None:
    visited = after(8)  # a Tuesday on rung 5
    repeat = CALENDAR.add_school_days(visited, SEED_LADDER.repeat_every_school_days)
    assert on(absent(visits=[8]), visited)[3:] == (5, NextStep.TOWNSHIP_VISIT, repeat)


def test_a_rung_that_comes_sooner_takes_the_place_of_the_repeat() -> None:
    """Visited on a Friday on rung 4: rung 5 begins on Monday and gives three school days."""
    assert on(absent(visits=[4]), after(4))[3:] == (4, NextStep.TOWNSHIP_VISIT, after(10))


def test_the_last_rung_is_repeated_for_ever() -> None:
    day = CALENDAR.nth_absent_day(MONDAY, 45)
    repeat = CALENDAR.add_school_days(day, SEED_LADDER.repeat_every_school_days)
    history = replace(absent(), doorstep_visits=(day,))
    assert on(history, day)[3:] == (7, NextStep.LEGAL_ACTION, repeat)


def test_a_case_opened_late_owes_the_rung_of_its_opening_day() -> None:
    history = replace(absent(), opened_on=after(9))
    first = intervals(history)[0]
    assert first[3:] == (5, NextStep.TOWNSHIP_VISIT, CALENDAR.add_school_days(after(9), 3))


def test_a_visit_made_before_the_opening_counts_for_the_rung_in_force() -> None:
    history = replace(absent(visits=[8]), opened_on=after(9))
    assert intervals(history)[0].due_on > after(14)


def test_a_relapse_starts_on_rung_3() -> None:
    history = absent(relapse_count=1)
    assert on(history, MONDAY)[3:] == (3, NextStep.PRINCIPAL_VISIT, MONDAY)


def test_many_visits_in_vain_lead_to_joint_persuasion() -> None:
    settings = replace(SEED_LADDER, many_times=2)
    assert on(absent(visits=[0, 1]), after(2), settings).next_step is NextStep.JOINT_PERSUASION


def test_a_child_at_risk_that_is_not_absent_has_no_rung() -> None:
    history = CaseHistory(MONDAY)
    (only,) = intervals(history)
    assert only == (MONDAY, date.max, AT_RISK, None, NextStep.WARNING_VISIT, CALENDAR.add_school_days(MONDAY, 5))
    visited = replace(history, doorstep_visits=(after(2),))
    assert on(visited, after(2)).due_on == CALENDAR.add_school_days(after(32), 0)


def test_absence_that_begins_later_enters_the_ladder_then() -> None:
    history = CaseHistory(MONDAY, after(14))
    assert on(history, after(13)).rung is None
    assert on(history, after(14))[3:5] == (1, NextStep.FIRST_VISIT)


@pytest.mark.parametrize(
    ("more", "step", "days"),
    [
        ({"missing_paper": "transfer_certificate"}, NextStep.HAND_IN_PAPERS, SEED_LADDER.papers_school_days),
        ({"branch": Branch.STUDYING_ELSEWHERE}, NextStep.URGE_TRANSFER, SEED_LADDER.transfer_school_days),
    ],
)
def test_where_papers_are_owed_the_child_is_suspected_and_off_the_ladder(
    more: dict[str, object], step: NextStep, days: int
) -> None:
    (only,) = intervals(absent(**more))
    assert only[2:] == (SUSPECTED, None, step, CALENDAR.add_school_days(MONDAY, days))


def test_papers_handed_in_leave_the_closing() -> None:
    history = absent(missing_paper="host_acceptance", branch_done_on=after(3))
    assert on(history, after(2)).next_step is NextStep.HAND_IN_PAPERS
    assert on(history, after(3))[3:] == (None, NextStep.CLOSE_CASE, CALENDAR.add_working_days(after(3), 5))


def test_a_branch_leaves_the_ladder_on_its_day() -> None:
    history = absent(branch=Branch.STUDYING_ELSEWHERE, branch_from=after(3))
    assert on(history, after(2)).rung == 3
    assert on(history, after(3))[2:5] == (SUSPECTED, None, NextStep.URGE_TRANSFER)


def test_an_unreachable_family_is_reported_the_same_day_and_the_ladder_goes_on() -> None:
    """R038."""
    history = absent(branch=Branch.UNREACHABLE, branch_from=after(2), visits=[0, 1], branch_done_on=after(8))
    assert on(history, after(1)).next_step is NextStep.PRINCIPAL_VISIT
    assert on(history, after(2))[3:] == (3, NextStep.REPORT_UNREACHABLE, after(2))
    assert on(history, after(7))[2:5] == (SUSPECTED, 5, NextStep.REPORT_UNREACHABLE)
    assert on(history, after(8))[3:] == (5, NextStep.TOWNSHIP_VISIT, after(2))  # rung 3 is still owed


def test_an_unreachable_family_not_yet_reported_stays_so() -> None:
    history = absent(branch=Branch.UNREACHABLE)
    assert {interval.next_step for interval in intervals(history)} == {NextStep.REPORT_UNREACHABLE}


def test_follow_ups_after_a_return_and_then_the_closing() -> None:
    history = absent([CaseStep(after(10), RETURNED)], follow_ups=tuple(after(10 + 30 * n) for n in range(1, 7)))
    assert on(history, after(10))[2:] == (RETURNED, None, NextStep.FOLLOW_UP, after(40))
    assert on(history, after(40)).due_on == after(70)
    last = on(history, after(190))
    assert last[3:] == (None, NextStep.CLOSE_CASE, CALENDAR.add_working_days(after(190), 5))


def test_a_missed_follow_up_stays_due() -> None:
    history = absent([CaseStep(after(10), RETURNED)])
    assert on(history, after(300))[3:] == (None, NextStep.FOLLOW_UP, after(40))


def test_a_case_closed_on_its_opening_day_has_no_intervals() -> None:
    assert intervals(absent([CaseStep(MONDAY, CLOSED)])) == ()


def test_a_child_back_on_the_opening_day_is_followed_up_at_once() -> None:
    assert intervals(absent([CaseStep(MONDAY, RETURNED)]))[0].status is RETURNED


def test_rungs_missed_until_the_child_came_back() -> None:
    history = absent([CaseStep(after(2), RETURNED)], visits=[1])
    assert missed_rungs_of(history, CALENDAR, SEED_LADDER, after(200)) == (1,)
    assert missed_rungs_of(CaseHistory(MONDAY), CALENDAR, SEED_LADDER, after(200)) == ()


@pytest.mark.parametrize(("days", "overdue", "by"), [(-1, False, 0), (0, False, 0), (1, True, 1), (8, True, 8)])
def test_overdue_is_strictly_after_the_due_date(days: int, overdue: bool, by: int) -> None:
    assert is_overdue(MONDAY, after(days)) is overdue
    assert days_overdue(MONDAY, after(days)) == by


def test_what_has_no_due_date_is_never_overdue() -> None:
    assert not is_overdue(None, MONDAY)
    assert days_overdue(None, MONDAY) == 0


def test_every_status_but_closed_is_open() -> None:
    assert [status for status in CaseStatus if not is_open(status)] == [CLOSED]


def test_a_prefecture_of_cases_is_foreseen_in_seconds() -> None:
    """20,000 cases take about 1.5 s; a quarter of them may take no more than that."""
    many = [CaseHistory(after(n % 300), after(n % 300), (), (after(n % 300 + 9),)) for n in range(5_000)]
    CALENDAR.add_school_days(MONDAY, 0)  # the days of the calendar are counted once, not per case
    started = time.process_time()
    assert sum(len(intervals(one)) for one in many) > 5_000
    assert time.process_time() - started < 1.5
