from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.left_behind import (
    REQUIRED_ITEMS,
    FamilyFacts,
    LeftBehindType,
    PairingLoad,
    PairingSettings,
    Parent,
    Standing,
    add_months,
    blank_items,
    education_type,
    file_coverage,
    is_left_behind_civil,
    is_left_behind_education,
    is_stale,
    pairing_load,
    standing,
    teachers_needed,
)

DAY = date(2026, 11, 20)
AWAY, JUST_LEFT, HOME = Parent(date(2026, 2, 20)), Parent(date(2026, 11, 1)), Parent(None, is_able=True)
UNABLE = Parent(None, is_able=False)


def family(father: Parent | None = AWAY, mother: Parent | None = AWAY, **more: object) -> FamilyFacts:
    plain = FamilyFacts(date(2015, 5, 5), True, True, True, father, mother)
    return replace(plain, **more)


@pytest.mark.parametrize(
    ("father", "mother", "education", "civil"),
    [
        (AWAY, AWAY, True, True),
        (AWAY, HOME, True, False),  # the able parent at home: left behind for education only
        (AWAY, UNABLE, True, True),
        (HOME, HOME, False, False),
        (UNABLE, UNABLE, False, False),  # nobody went away
        (JUST_LEFT, JUST_LEFT, False, True),  # under three months: civil affairs knows no minimum
        (JUST_LEFT, UNABLE, False, True),
        (AWAY, Parent(None, None), True, None),  # is the one at home able? not known
        (AWAY, None, True, None),
        (HOME, None, None, None),
        (None, None, None, None),
    ],
)
def test_both_definitions_side_by_side(
    father: Parent | None, mother: Parent | None, education: bool | None, civil: bool | None
) -> None:
    assert standing(family(father, mother), DAY) == Standing(education, civil)


@pytest.mark.parametrize(
    ("found", "disagree"),
    [(Standing(True, False), True), (Standing(True, True), False), (Standing(True, None), False), (Standing(None, None), False)],
)
def test_they_disagree_only_where_both_are_known(found: Standing, disagree: bool) -> None:
    assert found.disagree is disagree


@pytest.mark.parametrize(
    ("father", "mother", "kind"),
    [
        (AWAY, AWAY, LeftBehindType.TWO_PARENTS),
        (AWAY, HOME, LeftBehindType.ONE_PARENT),
        (AWAY, JUST_LEFT, LeftBehindType.ONE_PARENT),
        (HOME, HOME, LeftBehindType.NONE),
        (AWAY, None, None),  # left behind, but by one or by both?
        (HOME, None, None),
    ],
)
def test_registry_types(father: Parent | None, mother: Parent | None, kind: LeftBehindType | None) -> None:
    assert education_type(family(father, mother), DAY) is kind


@pytest.mark.parametrize(
    ("left", "holds"),
    [(date(2026, 8, 21), False), (date(2026, 8, 20), True), (date(2026, 8, 19), True)],
)
def test_three_months_away_just_under_at_and_over(left: date, holds: bool) -> None:
    assert is_left_behind_education(family(Parent(left), HOME), DAY) is holds


@pytest.mark.parametrize(
    ("birth", "holds"),
    [(date(2010, 11, 21), True), (date(2010, 11, 20), False), (date(2010, 11, 19), False)],
)
def test_under_sixteen_ends_on_the_birthday(birth: date, holds: bool) -> None:
    assert is_left_behind_civil(family(birth_date=birth), DAY) is holds


@pytest.mark.parametrize(
    ("more", "education", "civil"),
    [
        ({"in_compulsory_school": False}, False, True),
        ({"has_rural_register": False}, True, False),
        ({"stays_home": False}, False, False),
        ({"in_compulsory_school": None}, None, True),
        ({"has_rural_register": None}, True, None),
        ({"birth_date": None}, True, None),
        ({"stays_home": None}, None, None),
    ],
)
def test_the_other_conditions_and_what_is_not_known(more: dict[str, object], education: bool | None, civil: bool | None) -> None:
    assert standing(family(**more), DAY) == Standing(education, civil)


def test_one_condition_that_fails_decides_whatever_is_unknown() -> None:
    unknown = FamilyFacts(None, False, False, None, None, None)
    assert standing(unknown, DAY) == Standing(False, False)


def test_a_parent_who_leaves_tomorrow_is_at_home_today() -> None:
    assert not Parent(date(2026, 11, 21)).is_away(DAY)
    assert Parent(DAY).is_away(DAY)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 20), 3, date(2026, 11, 20)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(2012, 2, 29), 192, date(2028, 2, 29)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 200))
def test_months_never_go_backwards(day: date, months: int) -> None:
    assert day <= add_months(day, months) <= add_months(day, months + 1)


@pytest.mark.parametrize(
    ("checked", "stale"),
    [(date(2026, 8, 21), False), (date(2026, 8, 20), False), (date(2026, 8, 19), True), (None, True)],
)
def test_a_record_is_fresh_for_a_quarter(checked: date | None, stale: bool) -> None:
    """R065."""
    assert is_stale(checked, DAY) is stale


def test_blank_items_are_named() -> None:
    """R065-R067."""
    whole = dict.fromkeys(REQUIRED_ITEMS, "told")
    assert blank_items(whole) == ()
    assert blank_items({**whole, "carer": "  ", "helper": None}) == ("carer", "helper")
    assert blank_items({}) == REQUIRED_ITEMS


@pytest.mark.parametrize(
    ("children", "load"),
    [
        (0, PairingLoad.TOO_FEW),
        (1, PairingLoad.TOO_FEW),
        (2, PairingLoad.AS_PLANNED),
        (3, PairingLoad.AS_PLANNED),
        (4, PairingLoad.TOO_MANY),
    ],
)
def test_two_or_three_children_a_teacher(children: int, load: PairingLoad) -> None:
    """R182."""
    assert pairing_load(children) is load


@pytest.mark.parametrize(("children", "teachers"), [(0, 0), (1, 1), (3, 1), (4, 2), (2400, 800)])
def test_how_many_teachers_it_takes(children: int, teachers: int) -> None:
    assert teachers_needed(children) == teachers
    assert teachers_needed(children, PairingSettings(most=1)) == children


def test_file_coverage_of_the_seed() -> None:
    """R177."""
    assert file_coverage(134_630, 135_308).show_with_counts("en") == "99.50 %  134,630/135,308"
