from datetime import date, timedelta

from domain.calendar import usual_calendar
from domain.case_duties import Duty, follow_up_duties, paper_duties, visit_duties, with_report
from domain.visits import SEED_LADDER, SEED_RUNGS, NextStep, ladder_dates

CALENDAR = usual_calendar()
MONDAY = date(2026, 9, 7)
LADDER = ladder_dates(MONDAY, [], CALENDAR, SEED_LADDER, relapse=False)


def after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def test_the_first_duty_is_the_rung_of_the_opening_day() -> None:
    (duty, *_) = visit_duties(after(1), LADDER, [], CALENDAR, SEED_LADDER, after(400))
    assert duty == Duty(after(1), SEED_RUNGS[1], NextStep.JOINT_VISIT, after(1))


def test_rungs_beyond_the_horizon_are_not_foreseen() -> None:
    duties = visit_duties(MONDAY, LADDER, [], CALENDAR, SEED_LADDER, after(2))
    assert [duty.rung.number for duty in duties if duty.rung] == [1, 2, 3]


def test_a_visit_on_the_day_a_rung_begins_belongs_to_that_rung() -> None:
    duties = visit_duties(MONDAY, LADDER, [after(1)], CALENDAR, SEED_LADDER, after(1))
    assert duties[-1] == Duty(after(1), SEED_RUNGS[1], NextStep.PRINCIPAL_VISIT, after(2))


def test_visits_before_the_rung_in_force_settle_nothing() -> None:
    duties = visit_duties(after(3), LADDER, [after(0)], CALENDAR, SEED_LADDER, after(3))
    assert duties == [Duty(after(3), SEED_RUNGS[3], NextStep.VILLAGE_VISIT, after(4))]


def test_a_report_stands_above_the_ladder_until_it_is_made() -> None:
    duties = visit_duties(MONDAY, LADDER, [], CALENDAR, SEED_LADDER, after(2))
    reported = with_report(duties, after(1), after(2), CALENDAR, SEED_LADDER)
    assert {(duty.on, duty.step) for duty in reported} == {
        (after(0), NextStep.FIRST_VISIT),
        (after(1), NextStep.REPORT_UNREACHABLE),
        (after(2), NextStep.PRINCIPAL_VISIT),
    }


def test_a_report_made_at_once_leaves_the_ladder_alone() -> None:
    duties = visit_duties(MONDAY, LADDER, [], CALENDAR, SEED_LADDER, after(2))
    reported = with_report(duties, MONDAY, MONDAY, CALENDAR, SEED_LADDER)
    assert {duty.step for duty in reported} == {duty.step for duty in duties}


def test_a_report_dated_before_the_loss_of_contact_leaves_the_ladder_alone() -> None:
    duties = visit_duties(MONDAY, LADDER, [], CALENDAR, SEED_LADDER, after(2))
    reported = with_report(duties, MONDAY, after(-3), CALENDAR, SEED_LADDER)
    assert {duty.step for duty in reported} == {duty.step for duty in duties}


def test_a_paper_already_there_when_the_branch_begins() -> None:
    duties = paper_duties(after(4), NextStep.HAND_IN_PAPERS, after(0), 10, CALENDAR, SEED_LADDER)
    assert duties[-1] == Duty(after(4), None, NextStep.CLOSE_CASE, CALENDAR.add_working_days(after(4), 5))


def test_assessments_before_the_return_are_no_follow_ups() -> None:
    (only,) = follow_up_duties(after(10), [after(3)], CALENDAR, SEED_LADDER)
    assert only == Duty(after(10), None, NextStep.FOLLOW_UP, after(40))


def test_the_last_assessment_on_the_last_day_of_the_follow_up() -> None:
    """Every 30 days for 180: the sixth falls on the end itself and is still due; after it only the closing is left."""
    duties = follow_up_duties(MONDAY, [after(30 * n) for n in range(1, 7)], CALENDAR, SEED_LADDER)
    assert [duty.step for duty in duties] == [NextStep.FOLLOW_UP] * 6 + [NextStep.CLOSE_CASE]
    assert duties[5].due_on == after(180)
