"""Catchments: who serves a village, and sums that lose nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.area_counts import HIDDEN, WHOLE, AreaCounts, add_cells, attach_counts
from domain.catchments import serving_schools, sum_catchments

VILLAGES = tuple(f"350430100{number:03}" for number in range(1, 6))
SCHOOLS = ("2135000001", "2135000002")
AREAS = ("350430", "350430100", *VILLAGES)


def test_the_school_of_most_pupils_serves_and_of_equals_the_lower_code() -> None:
    pupils = {("a", "2"): 3, ("a", "1"): 2, ("b", "2"): 4, ("b", "1"): 4, ("c", "1"): 0}
    assert serving_schools(pupils) == {"a": "2", "b": "1"}


@given(
    st.dictionaries(st.sampled_from([*VILLAGES, "350430100", "350430", ""]), st.integers(0, 500)),
    st.dictionaries(st.sampled_from(VILLAGES), st.sampled_from(SCHOOLS)),
)
def test_catchments_and_what_no_school_serves_add_up_to_the_whole(counts: dict[str, int], served: dict[str, str]) -> None:
    by_village = attach_counts(counts, AREAS)
    by_school = sum_catchments(by_village, served)
    assert by_school.totals[WHOLE] == by_village.totals[WHOLE]
    drawn = frozenset(by_school.totals.keys() - {WHOLE})
    total = by_school.unplaced[WHOLE]
    for school in drawn:
        total = add_cells(total, by_school.totals[school])
    assert (total or 0) == sum(counts.values())


@pytest.mark.parametrize(("cells", "expected"), [((3, HIDDEN), HIDDEN), ((3, None), 3), ((None, None), None), ((0, 0), 0)])
def test_hidden_villages_hide_their_catchment(cells: tuple[object, object], expected: object) -> None:
    counts = AreaCounts({WHOLE: 9, VILLAGES[0]: cells[0], VILLAGES[1]: cells[1]}, {WHOLE: 0})  # type: ignore[dict-item]
    assert sum_catchments(counts, dict.fromkeys(VILLAGES[:2], SCHOOLS[0])).totals[SCHOOLS[0]] is expected
