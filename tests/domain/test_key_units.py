from datetime import date
from fractions import Fraction

import pytest

from domain.errors import ProblemError
from domain.grades import Stage
from domain.key_units import (
    Badge,
    Completeness,
    KeyMark,
    ListedUnit,
    Listing,
    Recognition,
    badge,
    batch_progress,
    check_recognition,
    key_list,
    listing,
    merge_completeness,
)
from domain.rate_families import LossCounts, listing_rate
from domain.rates import Rate

PRIMARY, JUNIOR = Stage.PRIMARY, Stage.JUNIOR
WHOLE = Completeness(reports_due=10, reports_submitted=10, unverified_absences=0, headcount_explained=True)


@pytest.mark.parametrize(
    ("primary", "junior", "town", "school"),
    [
        (Rate(1, 1000), Rate(7, 1000), KeyMark.NONE, KeyMark.NONE),
        (Rate(2, 1000), Rate(8, 1000), KeyMark.NONE, KeyMark.NONE),  # at both lines: 超过 is strict
        (Rate(201, 100_000), Rate(8, 1000), KeyMark.KEY_UNIT, KeyMark.KEY_UNIT),
        (Rate(2, 1000), Rate(804, 100_000), KeyMark.KEY_UNIT, KeyMark.KEY_UNIT),  # shows 0.80 %
        (Rate(3, 1000), Rate(9, 1000), KeyMark.KEY_TOWN, KeyMark.KEY_UNIT),  # only towns are key towns
    ],
)
def test_listing_at_and_around_the_lines(primary: Rate, junior: Rate, town: KeyMark, school: KeyMark) -> None:
    """R011, R139-R140."""
    rates = {PRIMARY: primary, JUNIOR: junior}
    assert listing(rates, is_town=True).mark is town
    assert listing(rates, is_town=False).mark is school


def test_losses_between_primary_and_junior_can_list_a_town() -> None:
    """R012: 2 of 1,000 is at the line; a graduate lost on the way puts it over."""
    counts = LossCounts(start_count=1000, dropped_out=2)
    assert listing({PRIMARY: listing_rate(counts)}, is_town=True).mark is KeyMark.NONE
    lost_on_the_way = LossCounts(start_count=1000, dropped_out=2, transition_loss=1)
    assert listing({PRIMARY: listing_rate(lost_on_the_way)}, is_town=True).mark is KeyMark.KEY_UNIT


@pytest.mark.parametrize("missing", [None, Rate(0, 0)])
def test_a_stage_without_data_is_named_and_not_cleared(missing: Rate | None) -> None:
    found = listing({PRIMARY: missing, JUNIOR: Rate(9, 1000)}, is_town=True)
    assert found == Listing(KeyMark.KEY_UNIT, over=(JUNIOR,), missing=(PRIMARY,))


def test_the_lines_are_settings_and_special_schools_have_none() -> None:
    assert listing({JUNIOR: Rate(3, 1000), Stage.SPECIAL: Rate(1, 10)}, True, {JUNIOR: Fraction(2, 1000)}).over == (JUNIOR,)


def test_a_listed_unit_has_a_deadline_after_its_publication() -> None:
    """R115."""
    day = date(2026, 1, 5)
    ListedUnit("2199000001", KeyMark.KEY_UNIT, day, day, day)
    with pytest.raises(ProblemError) as problem:
        ListedUnit("2199000001", KeyMark.KEY_UNIT, day, day, date(2026, 1, 4))
    assert problem.value.key == "keyunit.deadline_before_publication"


def test_the_list_names_who_is_over_a_line_and_since_when() -> None:
    over, under = listing({JUNIOR: Rate(9, 1000)}, is_town=False), listing({JUNIOR: Rate(8, 1000)}, is_town=False)
    before, day, deadline = date(2025, 1, 6), date(2026, 1, 5), date(2026, 6, 30)
    told = key_list({"b": over, "a": over, "c": under}, {"b": before, "c": before}, day, deadline)
    assert [(one.unit_code, one.listed_since, one.rectify_by) for one in told] == [("a", day, deadline), ("b", before, deadline)]
    assert [told[0].is_overdue(KeyMark.KEY_UNIT, on) for on in (deadline, date(2026, 7, 1))] == [False, True]
    assert not told[0].is_overdue(KeyMark.NONE, date(2026, 7, 1))  # it has mended the matter


@pytest.mark.parametrize(
    ("due", "submitted", "unverified", "explained", "complete"),
    [
        (10, 10, 0, True, True),
        (10, 11, 0, True, True),
        (10, 9, 0, True, False),  # a report is missing: missing is not zero
        (10, 10, 1, True, False),
        (10, 10, 0, False, False),
        (0, 0, 0, True, False),
    ],
)
def test_when_data_are_complete(due: int, submitted: int, unverified: int, explained: bool, complete: bool) -> None:
    assert Completeness(due, submitted, unverified, explained).is_complete is complete


@pytest.mark.parametrize(
    ("lost", "completeness", "year_over", "mark"),
    [
        (0, WHOLE, True, Badge.EARNED),
        (0, WHOLE, False, Badge.SO_FAR),
        (1, WHOLE, True, Badge.NOT_EARNED),
        (0, Completeness(10, 9, 0, True), True, Badge.DATA_INCOMPLETE),
        (1, Completeness(10, 9, 0, True), False, Badge.NOT_EARNED),  # a known loss decides
        (None, WHOLE, True, Badge.DATA_INCOMPLETE),
    ],
)
def test_badges_only_where_data_are_complete(lost: int | None, completeness: Completeness, year_over: bool, mark: Badge) -> None:
    """R143-R146."""
    assert badge(lost, completeness, year_over) is mark


LEGAL = {
    (None, Recognition.APPLIED),
    (Recognition.APPLIED, Recognition.INSPECTED),
    (Recognition.INSPECTED, Recognition.PASSED),
    (Recognition.INSPECTED, Recognition.FAILED),
    (Recognition.FAILED, Recognition.APPLIED),
}


@pytest.mark.parametrize("before", [None, *Recognition])
@pytest.mark.parametrize("after", Recognition)
def test_nobody_passes_without_an_inspection(before: Recognition | None, after: Recognition) -> None:
    if (before, after) in LEGAL:
        check_recognition(before, after)
        return
    with pytest.raises(ProblemError) as problem:
        check_recognition(before, after)
    assert problem.value.key == "keyunit.recognition_out_of_order"


def test_the_batch_plan_counts_early_passes_and_not_late_ones() -> None:
    """R145."""
    planned = {"town a": 2026, "town b": 2026, "town c": 2027, "town d": 2027}
    passed = {"town a": 2026, "town b": 2027, "town c": 2026}
    assert batch_progress(planned, passed) == {2026: Rate(1, 2), 2027: Rate(1, 2)}


def test_a_town_is_as_complete_as_all_its_schools() -> None:
    whole, silent = Completeness(20, 20, 0, True), Completeness(20, 19, 0, True)
    assert merge_completeness([whole, whole]).is_complete
    assert not merge_completeness([whole, silent]).is_complete
    assert not merge_completeness([whole, Completeness(20, 20, 1, True)]).is_complete
    assert not merge_completeness([whole, Completeness(20, 20, 0, False)]).is_complete
    assert not merge_completeness([Completeness(20, 21, 0, True), silent]).is_complete
    assert not merge_completeness([]).is_complete
