"""The join of counts to areas: nothing is dropped, everything adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.area_counts import HIDDEN, WHOLE, AreaCounts, Cell, attach_counts, nearest, neediest_first, parts_of

COUNTY, TOWN, OTHER_TOWN = "350430", "350430100", "350430101"
FIRST, SECOND, THIRD = "350430100001", "350430100003", "350430101200"
AREAS = (COUNTY, TOWN, OTHER_TOWN, FIRST, SECOND, THIRD)


def number(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


@pytest.mark.parametrize(
    ("code", "home"),
    [
        (FIRST, FIRST),
        ("350430100999", TOWN),  # an unknown village of a known town
        (OTHER_TOWN, OTHER_TOWN),
        ("350430999001", COUNTY),  # an unknown town
        ("350430", COUNTY),
        ("520602001001", WHOLE),  # another county
        ("", WHOLE),
        ("河东村", WHOLE),
    ],
)
def test_a_child_counts_at_the_nearest_area_that_is_known(code: str, home: str) -> None:
    assert nearest(code, {WHOLE, *AREAS}) == home


def test_villages_towns_and_county_with_what_could_not_be_placed() -> None:
    counts = attach_counts({FIRST: 2, THIRD: 5, TOWN: 3, "350430101999": 1, COUNTY: 4, "": 6}, AREAS)
    assert counts.totals == {FIRST: 2, SECOND: 0, THIRD: 5, TOWN: 5, OTHER_TOWN: 6, COUNTY: 15, WHOLE: 21}
    assert counts.unplaced == {TOWN: 3, OTHER_TOWN: 1, COUNTY: 4, WHOLE: 6}


def test_an_area_that_has_not_reported_is_not_zero() -> None:
    counts = attach_counts({FIRST: None, SECOND: 2, THIRD: None}, AREAS)
    assert counts.totals[FIRST] is None
    assert counts.totals[TOWN] == 2
    assert counts.totals[OTHER_TOWN] is None
    assert counts.totals[COUNTY] == 2


def test_a_silent_town_with_a_placed_child_shows_the_child() -> None:
    assert attach_counts({THIRD: None, OTHER_TOWN: 1}, AREAS).totals[OTHER_TOWN] == 1


def test_old_records_count_where_the_village_went() -> None:
    merged = {"350430100007": "350430100005", "350430100005": FIRST}
    counts = attach_counts({"350430100007": 3, "350430100005": 1, FIRST: 1}, AREAS, merged)
    assert counts.totals[FIRST] == 5


def test_successors_in_a_ring_do_not_hang() -> None:
    assert attach_counts({"a": 1}, AREAS, {"a": "b", "b": "a"}).totals[WHOLE] == 1


def test_unlocated_are_those_off_the_map() -> None:
    counts = attach_counts({FIRST: 2, SECOND: 7, THIRD: 5, TOWN: 3, COUNTY: 4, "": 6}, AREAS)
    assert counts.unlocated({FIRST, SECOND, THIRD}) == 13
    assert counts.unlocated({FIRST, THIRD}) == 20, "a village without a shape is not on the map"
    assert counts.unlocated({TOWN, OTHER_TOWN}) == 10
    assert counts.unlocated(set()) == 27


def test_unlocated_is_hidden_when_part_of_it_is() -> None:
    counts = AreaCounts({FIRST: 2, WHOLE: 3}, {WHOLE: HIDDEN})
    assert counts.unlocated({FIRST}) is HIDDEN


def test_parts_skip_a_level_that_is_missing() -> None:
    assert parts_of([COUNTY, FIRST]) == {WHOLE: [COUNTY], COUNTY: [FIRST]}


codes = st.sampled_from([*AREAS, "", "350430100999", "350430999001", "520602001001", "x", "3504"])


@given(st.dictionaries(codes, st.integers(0, 500)), st.sets(st.sampled_from(AREAS), min_size=1))
def test_no_child_is_lost_or_doubled(counted: dict[str, int], areas: set[str]) -> None:
    """Villages + unplaced = towns, towns + unplaced = county ..., and the whole is everybody."""
    table = attach_counts(counted, areas)
    assert table.totals[WHOLE] == sum(counted.values())
    for code, parts in parts_of(areas).items():
        assert number(table.totals[code]) == sum(number(table.totals[part]) for part in parts) + number(table.unplaced[code])


@given(st.dictionaries(codes, st.integers(0, 500)), st.sampled_from([6, 9, 12]), st.data())
def test_what_is_drawn_and_the_unlocated_make_the_whole(counted: dict[str, int], digits: int, data: st.DataObject) -> None:
    table = attach_counts(counted, AREAS)
    level = [code for code in AREAS if len(code) == digits]
    drawn = data.draw(st.sets(st.sampled_from(level), min_size=1))
    assert sum(number(table.totals[code]) for code in drawn) + number(table.unlocated(drawn)) == sum(counted.values())


def test_the_neediest_village_stands_first() -> None:
    rows: list[tuple[str, Cell, Cell, Cell]] = [
        ("1", 0, 0, 9),
        ("2", 2, 0, 0),
        ("3", 2, 1, 0),
        ("4", HIDDEN, None, 8),
        ("5", 0, 0, 9),
    ]
    assert [row[0] for row in sorted(rows, key=lambda row: neediest_first(*row))] == ["3", "2", "1", "5", "4"]
