from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.groups import (
    Aid,
    Group,
    Pupil,
    Schooling,
    Sensitivity,
    WarningFacts,
    WarningLimits,
    WarningSign,
    aids_due,
    group_matrix,
    home_teaching_candidates,
    is_child_labour,
    lacks_placement,
    missing_aids,
    sensitivity,
    warnings,
)

PUPILS = st.builds(
    Pupil,
    st.uuids().map(str),
    st.frozensets(st.sampled_from(Group), max_size=3),
    st.none() | st.sampled_from(Schooling),
)


@pytest.mark.parametrize(
    ("group", "level"),
    [
        (Group.PARENT_IN_CUSTODY, Sensitivity.RESTRICTED),
        (Group.GUIDANCE, Sensitivity.RESTRICTED),
        (Group.DISABLED, Sensitivity.SENSITIVE),
        (Group.POOR, Sensitivity.SENSITIVE),
        (Group.MIGRANT, Sensitivity.OPEN),
    ],
)
def test_how_guarded_a_flag_is(group: Group, level: Sensitivity) -> None:
    """R083."""
    assert sensitivity(group) is level


def test_the_matrix_lists_each_child_under_each_of_its_groups() -> None:
    """R085."""
    pupils = [
        Pupil("a", frozenset({Group.POOR, Group.DISABLED}), Schooling.HOME_TEACHING),
        Pupil("b", frozenset({Group.POOR}), Schooling.HOME_TEACHING),
        Pupil("c", frozenset(), Schooling.IN_SCHOOL),
        Pupil("d", frozenset({Group.POOR}), None),
    ]
    assert group_matrix(pupils) == {
        (Group.POOR, Schooling.HOME_TEACHING): ("a", "b"),
        (Group.DISABLED, Schooling.HOME_TEACHING): ("a",),
        (Group.POOR, None): ("d",),
    }


@given(st.lists(PUPILS, max_size=20))
def test_each_row_of_the_matrix_adds_up_to_its_group(pupils: list[Pupil]) -> None:
    matrix = group_matrix(pupils)
    for group in Group:
        row = [child for (found, _), children in matrix.items() if found is group for child in children]
        assert sorted(row) == sorted(pupil.child_id for pupil in pupils if group in pupil.groups)


@pytest.mark.parametrize(
    ("schooling", "registered", "lacks"),
    [
        (Schooling.INCLUSIVE, True, False),
        (Schooling.SPECIAL_SCHOOL, True, False),
        (Schooling.HOME_TEACHING, True, False),
        (Schooling.HOME_TEACHING, False, True),
        (Schooling.OUT_OF_SCHOOL, True, True),
        (None, True, True),
        (Schooling.DEFERRED, False, False),
    ],
)
def test_a_disabled_child_has_a_placement_and_a_registry_number(
    schooling: Schooling | None, registered: bool, lacks: bool
) -> None:
    """R078-R079."""
    assert lacks_placement(Pupil("a", frozenset({Group.DISABLED}), schooling), registered) is lacks


def test_other_children_are_not_tested_for_placement() -> None:
    assert not lacks_placement(Pupil("a", frozenset({Group.POOR}), None), has_registry_no=False)


def test_home_teaching_candidates_are_those_the_registry_does_not_know() -> None:
    """R080."""
    assert home_teaching_candidates(["c", "a", "b"], ["b", "x"]) == ("a", "c")


@pytest.mark.parametrize(
    ("birth", "as_of", "child"),
    [
        (date(2010, 11, 21), date(2026, 11, 20), True),
        (date(2010, 11, 20), date(2026, 11, 20), False),
        (date(2010, 11, 19), date(2026, 11, 20), False),
        (date(2012, 2, 29), date(2028, 2, 28), True),
        (date(2012, 2, 29), date(2028, 2, 29), False),
        (date(2008, 2, 29), date(2024, 2, 28), True),
    ],
)
def test_child_labour_ends_on_the_sixteenth_birthday(birth: date, as_of: date, child: bool) -> None:
    """R108."""
    assert is_child_labour(birth, at_work=True, as_of=as_of) is child
    assert not is_child_labour(birth, at_work=False, as_of=as_of)


@pytest.mark.parametrize(
    ("facts", "signs"),
    [
        (WarningFacts(), ()),
        (WarningFacts(relapse_count=1), (WarningSign.DROPPED_OUT_BEFORE,)),
        (WarningFacts(unexplained_days=0, leave_days=4), ()),
        (WarningFacts(unexplained_days=1, leave_days=5), (WarningSign.UNEXPLAINED_ABSENCE, WarningSign.MANY_LEAVES)),
        (WarningFacts(absent_after_holiday=True), (WarningSign.ABSENT_AFTER_HOLIDAY,)),
        (WarningFacts(frozenset({Group.LEARNING_DIFFICULTY})), (WarningSign.LEARNING_DIFFICULTY,)),
        (WarningFacts(frozenset({Group.TIRED_OF_SCHOOL})), (WarningSign.TIRED_OF_SCHOOL,)),
        (WarningFacts(frozenset({Group.SEASONAL_MIGRATION})), (WarningSign.FAMILY_LEAVES_SEASONALLY,)),
        (WarningFacts(has_able_carer=False, visited_this_term=False), (WarningSign.NO_ABLE_CARER, WarningSign.NOT_VISITED)),
        (WarningFacts(frozenset({Group.POOR}), receives_aid=False), (WarningSign.POOR_WITHOUT_AID,)),
        (WarningFacts(frozenset({Group.POOR}), receives_aid=None), ()),  # not known is not "no"
        (WarningFacts(receives_aid=False), ()),
    ],
)
def test_every_warning_is_a_reason_that_can_be_read(facts: WarningFacts, signs: tuple[WarningSign, ...]) -> None:
    """R036-R037."""
    assert warnings(facts) == signs


def test_limits_of_absence_are_settings() -> None:
    facts = WarningFacts(unexplained_days=2, leave_days=5)
    assert warnings(facts, WarningLimits(unexplained_days=3, leave_days=6)) == ()


@pytest.mark.parametrize(
    ("groups", "boards", "due"),
    [
        ([], False, (Aid.TUITION_WAIVER, Aid.BOOK_WAIVER)),
        ([], True, (Aid.TUITION_WAIVER, Aid.BOOK_WAIVER)),
        ([Group.POOR], False, (Aid.TUITION_WAIVER, Aid.BOOK_WAIVER, Aid.GRANT)),
        ([Group.POOR], True, (Aid.TUITION_WAIVER, Aid.BOOK_WAIVER, Aid.BOARDING_AID)),
    ],
)
def test_the_aids_that_are_due(groups: list[Group], boards: bool, due: tuple[Aid, ...]) -> None:
    """R105-R107."""
    assert aids_due(groups, boards) == due
    assert missing_aids(groups, boards, due) == ()
    assert missing_aids(groups, boards, due[1:]) == (Aid.TUITION_WAIVER,)
