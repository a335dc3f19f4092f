from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import usual_calendar
from domain.errors import ProblemError
from domain.visits import (
    SEED_LADDER,
    SEED_RUNGS,
    DutyLine,
    DutyRole,
    LadderSettings,
    VisitMode,
    contact_due,
    is_contact_late,
    ladder_dates,
    missed_rungs,
    rung_in_force,
    rung_on,
)

CALENDAR = usual_calendar()
MONDAY = date(2026, 9, 7)
CLASS_TEACHER, PRINCIPAL = DutyRole.CLASS_TEACHER, DutyRole.PRINCIPAL


def days_later(days: int) -> date:
    return MONDAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("absent_days", "rung"),
    [(0, None), (1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (6, 5), (20, 5), (21, 6), (40, 6), (41, 7), (400, 7)],
)
def test_rungs_just_before_at_and_after_each_day(absent_days: int, rung: int | None) -> None:
    found = rung_on(absent_days)
    assert (found.number if found else None) == rung


@pytest.mark.parametrize(("absent_days", "rung"), [(0, None), (1, 3), (2, 4), (3, 4), (4, 5), (18, 5), (19, 6), (38, 6), (39, 7)])
def test_a_relapse_begins_higher_and_climbs_sooner(absent_days: int, rung: int | None) -> None:
    found = rung_on(absent_days, relapse=True)
    assert (found.number if found else None) == rung


@given(
    st.lists(st.integers(1, 20), min_size=7, max_size=7),
    st.integers(1, 7),
    st.booleans(),
    st.lists(st.integers(0, 200), min_size=2, max_size=2),
)
def test_the_ladder_never_goes_backwards(gaps: list[int], start: int, relapse: bool, days: list[int]) -> None:
    begins = [sum(gaps[: n + 1]) for n in range(7)]
    rungs = tuple(replace(rung, starts_on_absent_day=day) for rung, day in zip(SEED_RUNGS, begins, strict=True))
    settings = LadderSettings(rungs=rungs, relapse_starts_at_rung=start)
    low, high = (rung_on(day, settings, relapse) for day in sorted(days))
    assert (low.number if low else 0) <= (high.number if high else 0)


@given(st.integers(0, 120))
def test_a_relapse_is_never_on_a_lower_rung(days: int) -> None:
    first, again = rung_on(days), rung_on(days, relapse=True)
    assert (first.number if first else 0) <= (again.number if again else 0)


def test_who_must_come_on_the_seeds_rungs() -> None:
    """R022-R025."""
    assert [rung.must_visit for rung in SEED_RUNGS[:4]] == [
        (CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER),
        (CLASS_TEACHER, DutyRole.COMPANION),
        (PRINCIPAL, CLASS_TEACHER),
        (CLASS_TEACHER, DutyRole.VILLAGE_COMMITTEE),
    ]
    assert SEED_RUNGS[2].filed_with is DutyRole.TEACHING_OFFICE


def test_higher_rungs_bring_in_the_government_line() -> None:
    """R222, R226-R230: village, township, bureau, court."""
    lines = [{role.line for role in rung.must_visit} for rung in SEED_RUNGS]
    assert all(DutyLine.GOVERNMENT not in line for line in lines[:3])
    assert all(DutyLine.GOVERNMENT in line for line in lines[3:])


@pytest.mark.parametrize(
    ("rung", "mode", "visitors", "satisfied"),
    [
        (1, VisitMode.DOORSTEP, {CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER}, True),
        (1, VisitMode.DOORSTEP, {CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER, PRINCIPAL}, True),
        (1, VisitMode.PHONE, {CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER}, False),
        (1, VisitMode.ONLINE, {CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER}, False),
        (1, VisitMode.AT_SCHOOL, {CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER}, False),
        (1, VisitMode.DOORSTEP, {CLASS_TEACHER}, False),
        (2, VisitMode.DOORSTEP, {CLASS_TEACHER}, False),
        (2, VisitMode.DOORSTEP, {CLASS_TEACHER, DutyRole.SUBJECT_TEACHER}, True),  # any companion
        (2, VisitMode.DOORSTEP, {CLASS_TEACHER, DutyRole.COMPANION}, True),
        (2, VisitMode.DOORSTEP, {PRINCIPAL, DutyRole.SUBJECT_TEACHER}, False),
        (3, VisitMode.DOORSTEP, {CLASS_TEACHER, DutyRole.COMPANION}, False),
        (3, VisitMode.DOORSTEP, {CLASS_TEACHER, PRINCIPAL}, True),
        (4, VisitMode.DOORSTEP, {CLASS_TEACHER, PRINCIPAL}, False),
        (4, VisitMode.DOORSTEP, {CLASS_TEACHER, DutyRole.VILLAGE_COMMITTEE}, True),
    ],
)
def test_only_the_right_people_at_the_door_satisfy_a_rung(
    rung: int, mode: VisitMode, visitors: set[DutyRole], satisfied: bool
) -> None:
    assert SEED_RUNGS[rung - 1].satisfied_by(mode, visitors) is satisfied


def test_rungs_begin_on_school_days_only() -> None:
    """Absent from a Thursday before a weekend: day 3 is the Monday."""
    ladder = ladder_dates(date(2026, 9, 10), [], CALENDAR, SEED_LADDER, relapse=False)
    assert [day for day, _ in ladder[:4]] == [date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 15)]


def test_an_absence_that_begins_in_a_holiday_counts_from_the_first_school_day() -> None:
    ladder = ladder_dates(date(2026, 8, 20), [], CALENDAR, SEED_LADDER, relapse=False)
    assert ladder[0][0] == date(2026, 9, 1)


def test_the_rung_in_force_on_a_day() -> None:
    ladder = ladder_dates(MONDAY, [], CALENDAR, SEED_LADDER, relapse=False)
    assert rung_in_force(ladder, days_later(-1)) is None
    assert rung_in_force(ladder, days_later(0)) == (MONDAY, SEED_RUNGS[0])
    assert rung_in_force(ladder, days_later(6)) == (days_later(3), SEED_RUNGS[3])
    assert rung_in_force(ladder, days_later(7)) == (days_later(7), SEED_RUNGS[4])


def test_many_visits_in_vain_bring_the_joint_persuasion_forward() -> None:
    """R044: after N visits, rung 6 begins on the next school day and the rungs between are left out."""
    visits = [days_later(n) for n in (0, 1, 2)]
    settings = replace(SEED_LADDER, many_times=3)
    ladder = ladder_dates(MONDAY, visits, CALENDAR, settings, relapse=False)
    assert [(rung.number, day) for day, rung in ladder[:4]] == [
        (1, days_later(0)),
        (2, days_later(1)),
        (3, days_later(2)),
        (6, days_later(3)),
    ]


@pytest.mark.parametrize(("many_times", "visits"), [(None, 9), (3, 2)])
def test_without_a_number_or_below_it_the_days_decide(many_times: int | None, visits: int) -> None:
    done = [days_later(n) for n in range(visits)]
    settings = replace(SEED_LADDER, many_times=many_times)
    plain = ladder_dates(MONDAY, [], CALENDAR, SEED_LADDER, relapse=False)
    assert ladder_dates(MONDAY, done, CALENDAR, settings, relapse=False) == plain


def test_visits_before_the_absence_were_not_in_vain() -> None:
    settings = replace(SEED_LADDER, many_times=2)
    plain = ladder_dates(MONDAY, [], CALENDAR, SEED_LADDER, relapse=False)
    assert ladder_dates(MONDAY, [days_later(-9), days_later(1)], CALENDAR, settings, relapse=False) == plain


def test_a_ladder_without_joint_persuasion_is_climbed_by_days_alone() -> None:
    settings = replace(SEED_LADDER, many_times=1, rungs=SEED_RUNGS[:5])
    ladder = ladder_dates(MONDAY, [MONDAY], CALENDAR, settings, relapse=False)
    assert [rung.number for _, rung in ladder] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("visits", "as_of", "missed"),
    [
        ([], 0, ()),  # on the due day itself nothing is missed
        ([], 1, (1,)),
        ([], 3, (1, 2, 3)),
        ([0, 1, 2], 3, ()),
        ([0, 2], 3, (2,)),
        ([], 6, (1, 2, 3)),  # rung 4 lasts to the eve of rung 5, over the weekend
        ([], 7, (1, 2, 3, 4)),
        ([5], 7, (1, 2, 3)),
        ([1], 3, (1, 3)),  # a visit counts for the rung of its day, not for the one missed before
    ],
)
def test_missed_rungs(visits: list[int], as_of: int, missed: tuple[int, ...]) -> None:
    ladder = ladder_dates(MONDAY, [], CALENDAR, SEED_LADDER, relapse=False)
    assert missed_rungs(ladder, [days_later(n) for n in visits], CALENDAR, days_later(as_of)) == missed


@given(st.integers(0, 90), st.integers(0, 90), st.lists(st.integers(0, 90), max_size=6))
def test_a_missed_rung_stays_missed(sooner: int, later: int, visits: list[int]) -> None:
    ladder = ladder_dates(MONDAY, [], CALENDAR, SEED_LADDER, relapse=False)
    done = [days_later(n) for n in visits]
    before, after = (missed_rungs(ladder, done, CALENDAR, days_later(day)) for day in sorted((sooner, later)))
    assert set(before) <= set(after)


@pytest.mark.parametrize(
    "days",
    [[1, 2, 3, 4, 6, 21, 21], [1, 3, 2, 4, 6, 21, 41], [0, 1, 2, 3, 4, 5, 6]],
)
def test_rungs_out_of_order_are_refused(days: list[int]) -> None:
    rungs = tuple(replace(rung, starts_on_absent_day=day) for rung, day in zip(SEED_RUNGS, days, strict=True))
    with pytest.raises(ProblemError) as problem:
        LadderSettings(rungs=rungs)
    assert problem.value.key == "ladder.rungs_out_of_order"


@pytest.mark.parametrize("rungs", [(), SEED_RUNGS[1:]])
def test_rungs_are_numbered_from_one(rungs: tuple[object, ...]) -> None:
    with pytest.raises(ProblemError):
        replace(SEED_LADDER, rungs=rungs)


@pytest.mark.parametrize("rung", [0, 8])
def test_a_relapse_must_begin_on_a_rung_that_exists(rung: int) -> None:
    with pytest.raises(ProblemError) as problem:
        LadderSettings(relapse_starts_at_rung=rung)
    assert problem.value.key == "ladder.no_such_rung"


@pytest.mark.parametrize(
    ("contacted", "now", "late"),
    [
        ((8, 29), (9, 0), False),
        ((8, 30), (9, 0), False),  # within half an hour: the 30th minute is in time
        ((8, 31), (9, 0), True),
        (None, (8, 30), False),
        (None, (8, 31), True),
    ],
)
def test_the_family_is_reached_within_half_an_hour(contacted: tuple[int, int] | None, now: tuple[int, int], late: bool) -> None:
    """R020."""
    noticed = datetime(2026, 9, 7, 8, 0)
    reached = datetime(2026, 9, 7, *contacted) if contacted else None
    assert contact_due(noticed) == datetime(2026, 9, 7, 8, 30)
    assert is_contact_late(noticed, reached, datetime(2026, 9, 7, *now)) is late
