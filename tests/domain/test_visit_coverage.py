"""Coverage of a village's visits, and when it should have been visited and was not."""

from fractions import Fraction

import pytest

from domain.visit_coverage import VISIT_STEPS, VillageVisits
from domain.visits import NextStep


@pytest.mark.parametrize(
    ("visits", "missed"),
    [
        (VillageVisits(at_risk=3, visited=0, owed=2), 2),
        (VillageVisits(at_risk=3, visited=1, owed=2), 0),  # somebody was there: the rest is overdue, not 应访未访
        (VillageVisits(at_risk=3, visited=0, owed=0), 0),  # nothing is due yet
        (VillageVisits(), 0),
    ],
)
def test_a_village_is_missed_when_a_visit_is_owed_and_nobody_was_there(visits: VillageVisits, missed: int) -> None:
    assert visits.missed == missed


def test_coverage_is_missing_where_nobody_is_at_risk() -> None:
    assert VillageVisits(4, 3).coverage.fraction == Fraction(3, 4)
    assert VillageVisits().coverage.fraction is None


def test_only_steps_at_the_door_are_visits() -> None:
    others = {NextStep.HAND_IN_PAPERS, NextStep.CLOSE_CASE, NextStep.REPORT_UNREACHABLE, NextStep.URGE_TRANSFER}
    assert not VISIT_STEPS & (others | {NextStep.LEGAL_ACTION, NextStep.FOLLOW_UP})
