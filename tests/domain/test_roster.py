"""Who comes off the rosters of dropouts and why; the reasons always add up to what was taken away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.roster import Removed, Roster, Standing, removed_for


@pytest.mark.parametrize(
    ("lost", "registered", "papers", "of_age", "reason"),
    [
        (True, True, False, True, None),  # a dropout stays on the register (R200)
        (True, False, True, True, None),
        (True, True, False, False, Removed.AGED_OUT),
        (False, True, True, True, Removed.BACK),
        (False, False, True, False, Removed.PAPERS),
        (False, False, False, False, Removed.AGED_OUT),
        (False, False, False, True, Removed.OTHER),
    ],
)
def test_each_child_has_one_reason(lost: bool, registered: bool, papers: bool, of_age: bool, reason: Removed | None) -> None:
    assert removed_for(Standing(lost, registered, papers, of_age)) is reason


@given(st.dictionaries(st.sampled_from(Removed), st.integers(0, 99)), st.integers(0, 99))
def test_both_totals_and_the_reasons_agree(removed: dict[Removed, int], left: int) -> None:
    assert Roster(left + sum(removed.values()), left, 0, removed).finding.holds is True
    assert Roster(left + sum(removed.values()) + 1, left, 0, removed).finding.holds is False
