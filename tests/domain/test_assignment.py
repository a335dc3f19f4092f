"""Who owns a case: the named person, the holder of the role, the next one up the chain, nobody; and who comes to the door."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import CHAINS, NOBODY, Holder, OwnerState, chain_from, find_owner, find_visitor, must_come, rung_of_step
from domain.visits import SEED_LADDER, DutyLine, DutyRole, NextStep

R, S = DutyRole, OwnerState
BEGAN, DAY, OPEN = date(2026, 9, 1), date(2026, 11, 20), date(9999, 12, 31)
TEACHER = Holder(1, R.CLASS_TEACHER, BEGAN, OPEN)
OFFICE = Holder(2, R.TEACHING_OFFICE, BEGAN, OPEN)
PRINCIPAL = Holder(3, R.PRINCIPAL, BEGAN, OPEN)
NAMED = Holder(9, R.SUBJECT_TEACHER, BEGAN, OPEN)


def owner(*holders: Holder, assigned: tuple[Holder, ...] = (), rung: int | None = 1, on: date = DAY, placed: bool = True):  # type: ignore[no-untyped-def]
    return find_owner(
        DutyLine.SCHOOL, rung, on, assigned, lambda role: [one for one in holders if one.role is role], placed=placed
    )


@pytest.mark.parametrize(
    ("found", "person", "role", "state", "levels"),
    [
        (owner(TEACHER, OFFICE, PRINCIPAL), 1, R.CLASS_TEACHER, S.ON_DUTY, 0),
        (owner(TEACHER, PRINCIPAL, rung=3), 3, R.PRINCIPAL, S.ON_DUTY, 0),
        (owner(OFFICE, PRINCIPAL), 2, R.TEACHING_OFFICE, S.FALLBACK, 2),
        (owner(PRINCIPAL), 3, R.PRINCIPAL, S.FALLBACK, 4),
        (owner(TEACHER, assigned=(NAMED,)), 9, R.SUBJECT_TEACHER, S.ASSIGNED, 0),
        (owner(), None, None, S.VACANT, 0),
        (owner(placed=False), None, None, S.NO_PLACE, 0),
        (owner(TEACHER, rung=3), None, None, S.VACANT, 0),
        (owner(TEACHER._replace(valid_to=DAY)), None, None, S.ALL_GONE, 0),
        (owner(TEACHER._replace(valid_to=DAY + timedelta(days=1))), 1, R.CLASS_TEACHER, S.ON_DUTY, 0),
        (owner(TEACHER, on=BEGAN - timedelta(days=1)), None, None, S.VACANT, 0),
    ],
)
def test_the_owner_and_why(found, person, role, state, levels) -> None:  # type: ignore[no-untyped-def]
    assert (found.person_id, found.role, found.state, found.levels_up) == (person, role, state, levels)


@pytest.mark.parametrize(
    ("on", "state", "person", "gone"),
    [
        (date(2026, 11, 9), S.ON_DUTY, 1, None),
        (date(2026, 11, 10), S.ORPHANED, 2, 1),
        (date(2026, 11, 12), S.ON_DUTY, 5, None),
    ],
)
def test_a_teacher_who_leaves_is_shown_as_gone_until_a_successor_comes(
    on: date, state: OwnerState, person: int, gone: int | None
) -> None:
    left = TEACHER.until(date(2026, 11, 10))
    after = Holder(5, R.CLASS_TEACHER, date(2026, 11, 12), OPEN)
    found = owner(after, left, OFFICE, on=on)
    assert (found.state, found.person_id, found.gone_id) == (state, person, gone)


def test_a_named_owner_who_leaves_orphans_the_case_though_the_teacher_answers_meanwhile() -> None:
    found = owner(TEACHER, assigned=(NAMED.until(DAY),))
    assert (found.state, found.person_id, found.gone_id) == (S.ORPHANED, 1, 9)


def test_a_task_handed_on_leaves_nobody_gone() -> None:
    handed_on = NAMED._replace(valid_to=DAY)
    assert owner(TEACHER, assigned=(handed_on,)).state is S.ON_DUTY


@given(
    rung=st.none() | st.integers(1, 7),
    line=st.sampled_from(DutyLine),
    spells=st.lists(st.tuples(st.sampled_from(DutyRole), st.integers(-30, 30), st.integers(1, 60), st.booleans()), max_size=8),
)
def test_an_owner_holds_the_role_that_day_or_nobody_does(rung, line, spells) -> None:  # type: ignore[no-untyped-def]
    held = [
        Holder(number, role, DAY + timedelta(start), DAY + timedelta(start + length), leaves)
        for number, (role, start, length, leaves) in enumerate(spells)
    ]
    found = find_owner(line, rung, DAY, [], lambda role: [one for one in held if one.role is role])
    able = [one for one in held if one.role in chain_from(line, rung) and one.holds_on(DAY)]
    assert (found.person_id is None) is (not able) is (found.state in NOBODY)
    if able:
        nearest = min(CHAINS[line].index(one.role) for one in able)
        assert found.role is CHAINS[line][nearest]


def test_each_rung_s_step_is_answered_by_its_own_people() -> None:
    assert {rung.step: rung_of_step(rung.step, 1, SEED_LADDER) for rung in SEED_LADDER.rungs} == {
        rung.step: rung.number for rung in SEED_LADDER.rungs
    }
    assert rung_of_step(NextStep.REPORT_UNREACHABLE, 4, SEED_LADDER) == 4
    assert rung_of_step(NextStep.FOLLOW_UP, None, SEED_LADDER) is None
    assert must_come(NextStep.PRINCIPAL_VISIT, SEED_LADDER) == (R.PRINCIPAL, R.CLASS_TEACHER)
    assert must_come(NextStep.FOLLOW_UP, SEED_LADDER) == (R.CLASS_TEACHER,)


def visitor(asked: DutyRole, *holders: Holder, taken: tuple[int, ...] = ()):  # type: ignore[no-untyped-def]
    found = find_visitor(asked, DAY, lambda role: [one for one in holders if one.role is role], taken)
    return found.person_id, found.role, found.state


@pytest.mark.parametrize("asked", DutyRole)
def test_every_visitor_has_a_stand_in_up_to_the_end_of_the_chain(asked: DutyRole) -> None:
    top = R.BUREAU_OFFICIAL if asked.line is DutyLine.GOVERNMENT else R.PRINCIPAL
    holder = Holder(7, top, BEGAN, OPEN)
    assert visitor(asked, holder) == (7, top, S.ON_DUTY if asked is top else S.FALLBACK)
    assert visitor(asked) == (None, None, S.VACANT)


def test_a_companion_is_somebody_else() -> None:
    member = Holder(4, R.CONTROL_GROUP_MEMBER, BEGAN, OPEN)
    assert visitor(R.COMPANION, member, OFFICE) == (4, R.CONTROL_GROUP_MEMBER, S.FALLBACK)
    assert visitor(R.COMPANION, member, OFFICE, taken=(4,)) == (2, R.TEACHING_OFFICE, S.FALLBACK)
