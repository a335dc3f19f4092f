"""Severe cases: each line at, under and over, none for a child that is back, none where nothing is set (R121)."""

from dataclasses import replace

import pytest

from domain.cases import CaseStatus
from domain.severity import SevereSign, severe_signs
from domain.visits import SEED_LADDER

LINES = replace(SEED_LADDER, severe_school_days=20)
LONG, HIGH, AGAIN = SevereSign


@pytest.mark.parametrize(
    ("absent", "rung", "relapses", "signs"),
    [
        (19, 6, 1, ()),
        (20, 6, 1, (LONG,)),
        (19, 7, 1, (HIGH,)),
        (19, 6, 2, (AGAIN,)),
        (21, 7, 3, (LONG, HIGH, AGAIN)),
        (None, None, 0, ()),
    ],
)
def test_one_line_reached_is_enough(absent: int | None, rung: int | None, relapses: int, signs: tuple[SevereSign, ...]) -> None:
    assert severe_signs(LINES, CaseStatus.PERSUASION, absent, rung, relapses) == signs


@pytest.mark.parametrize("status", CaseStatus)
def test_a_child_that_is_back_is_no_severe_case(status: CaseStatus) -> None:
    is_out = status not in (CaseStatus.RETURNED, CaseStatus.CLOSED)
    assert bool(severe_signs(LINES, status, 100, 7, 5)) is is_out


def test_a_line_that_is_not_set_is_never_reached() -> None:
    unset = replace(SEED_LADDER, severe_school_days=None, severe_from_rung=None, severe_relapses=None)
    assert severe_signs(unset, CaseStatus.DROPOUT, 500, 7, 9) == ()
    assert severe_signs(SEED_LADDER, CaseStatus.DROPOUT, 500, 6, 1) == ()  # no policy gives a number of days
