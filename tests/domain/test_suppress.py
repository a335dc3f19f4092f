"""Small numbers: hidden, and not to be found again by sums."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.area_counts import HIDDEN, WHOLE, AreaCounts, Cell, attach_counts, parts_of
from domain.errors import ProblemError
from domain.map_counts import RESTS, MapCount
from domain.rates import Rate
from domain.suppress import SuppressRule, is_small, publish, suppress_counts, suppress_part, suppress_rates

COUNTY, TOWN, OTHER_TOWN = "350430", "350430100", "350430101"
VILLAGES = ("350430100001", "350430100002", "350430100003")
RULE = SuppressRule()


def town_table(*numbers: int, unplaced: int = 0) -> AreaCounts:
    """One town of one county; villages with `numbers`, and children known to the town only."""
    villages = VILLAGES[: len(numbers)]
    return attach_counts({TOWN: unplaced, **dict(zip(villages, numbers, strict=True))}, [COUNTY, TOWN, *villages])


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((0, 7, 9), [0, 7, 9]),  # zero is shown
        ((5, 30, 40), [5, 30, 40]),  # just over the limit
        ((4, 30, 40), [HIDDEN, HIDDEN, 40]),  # at the limit: the smallest other goes with it
        ((1, 30, 0), [HIDDEN, HIDDEN, 0]),
        ((2, 3, 40), [HIDDEN, HIDDEN, 40]),  # two protect each other: 1+4, 2+3, ...
        ((1, 1, 40), [HIDDEN, HIDDEN, HIDDEN]),  # 1+1 would be certain: hidden cells are at least 1
        ((3, 2, 1), [HIDDEN, HIDDEN, HIDDEN]),
    ],
)
def test_a_second_cell_goes_where_the_total_would_give_the_first_away(numbers: tuple[int, ...], shown: list[Cell]) -> None:
    totals = suppress_counts(town_table(*numbers), RULE).totals
    assert [totals[code] for code in VILLAGES] == shown
    assert totals[TOWN] == sum(numbers)


def test_all_at_the_limit_would_be_certain_too() -> None:
    totals = suppress_counts(town_table(4, 4, 4), RULE).totals
    assert [totals[code] for code in VILLAGES] == [HIDDEN] * 3
    assert totals[TOWN] is HIDDEN, "12 over three cells of at most 4 has one solution"


def test_the_unplaced_are_a_cell_of_their_own() -> None:
    table = suppress_counts(town_table(12, 30, 40, unplaced=2), RULE)
    assert table.unplaced[TOWN] is HIDDEN
    assert table.totals[VILLAGES[0]] is HIDDEN


def test_a_town_of_one_village_hides_its_total_and_another_town() -> None:
    table = attach_counts({VILLAGES[0]: 2, "350430101200": 9, "350430102200": 30},
                          [COUNTY, TOWN, OTHER_TOWN, "350430102", VILLAGES[0], "350430101200", "350430102200"])  # fmt: skip
    totals = suppress_counts(table, RULE).totals
    assert [totals[code] for code in (TOWN, OTHER_TOWN, "350430102", COUNTY)] == [HIDDEN, HIDDEN, 30, 41]
    assert totals["350430101200"] is HIDDEN, "else the village would give the town's total away"


def test_the_limit_is_a_setting() -> None:
    totals = suppress_counts(town_table(9, 20, 40), SuppressRule(largest_hidden=9)).totals
    assert [totals[code] for code in VILLAGES] == [HIDDEN, HIDDEN, 40]


@pytest.mark.parametrize("limit", [0, 1, 10, -1])
def test_limits_out_of_range_are_refused(limit: int) -> None:
    with pytest.raises(ProblemError) as refused:
        SuppressRule(largest_hidden=limit)
    assert str(limit) in refused.value.say("zh")


def test_a_denominator_below_one_is_refused() -> None:
    with pytest.raises(ProblemError):
        SuppressRule(smallest_denominator=0)


def test_what_nobody_reported_stays_unreported() -> None:
    villages = dict(zip(VILLAGES, (None, 3, 30), strict=True))
    totals = suppress_counts(attach_counts(villages, [TOWN, *VILLAGES]), RULE).totals
    assert totals[VILLAGES[0]] is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (0, 20, (0, 20)),
        (0, 19, (HIDDEN, HIDDEN)),
        (5, 20, (5, 20)),
        (4, 200, (HIDDEN, HIDDEN)),
        (0, 0, (0, 0)),  # no child lives there: nothing to hide
    ],
)
def test_rates_over_few_children_are_hidden(numerator: int, denominator: int, shown: tuple[Cell, Cell]) -> None:
    above = attach_counts({VILLAGES[0]: numerator, VILLAGES[1]: 50, VILLAGES[2]: 60}, [TOWN, *VILLAGES])
    below = attach_counts({VILLAGES[0]: denominator, VILLAGES[1]: 500, VILLAGES[2]: 600}, [TOWN, *VILLAGES])
    numerators, denominators = suppress_rates(above, below, RULE)
    assert (numerators.totals[VILLAGES[0]], denominators.totals[VILLAGES[0]]) == shown


two_towns = st.lists(st.integers(0, 7), min_size=6, max_size=6)
Leaf = tuple[str, str]


@given(two_towns, st.sampled_from([2, 3]))
@settings(deadline=None)
def test_no_hidden_number_can_be_solved_for(numbers: list[int], limit: int) -> None:
    """Every hidden number can be another one, at least 1, without changing anything that is shown.

    Moves of -1, 0, +1 suffice to find out: if sums leave a cell any room, they leave it a step.
    """
    first, second, alone, loose, town_loose, outside = numbers
    counted = {VILLAGES[0]: first, VILLAGES[1]: second, "350430101200": alone, TOWN: town_loose, COUNTY: loose, WHOLE: outside}
    exact = attach_counts(counted, [COUNTY, TOWN, OTHER_TOWN, *VILLAGES[:2], "350430101200"])
    shown = suppress_counts(exact, SuppressRule(largest_hidden=limit))
    hidden = {leaf: number(cell) for leaf, cell in leaves(exact).items() if leaves(shown)[leaf] is HIDDEN}
    moves = [dict(zip(hidden, steps, strict=True)) for steps in product((-1, 0, 1), repeat=len(hidden))]
    allowed = [move for move in moves if all(hidden[leaf] + step > 0 for leaf, step in move.items()) and keeps_sums(move, shown)]
    assert [leaf for leaf in hidden if not any(move[leaf] for move in allowed)] == []


@given(two_towns, st.integers(2, 9))
def test_nothing_small_is_shown_and_nothing_shown_is_changed(numbers: list[int], limit: int) -> None:
    exact = attach_counts(dict(zip([*VILLAGES, TOWN, COUNTY, WHOLE], numbers, strict=True)), [COUNTY, TOWN, *VILLAGES])
    shown = suppress_counts(exact, SuppressRule(largest_hidden=limit))
    for before, after in ((exact.totals, shown.totals), (exact.unplaced, shown.unplaced)):
        for code, cell in after.items():
            assert cell is HIDDEN or (cell == before[code] and not 0 < number(cell) <= limit)


def number(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


def leaves(table: AreaCounts) -> dict[Leaf, Cell]:
    """The cells that all others are sums of."""
    inner = parts_of(table.totals)
    return {("total", code): cell for code, cell in table.totals.items() if code not in inner} | {
        ("unplaced", code): cell for code, cell in table.unplaced.items() if code in inner
    }


def keeps_sums(move: dict[Leaf, int], shown: AreaCounts) -> bool:
    """Whether every total that is shown stays as it is."""
    inner = parts_of(shown.totals)

    def change(code: str) -> int:
        if code not in inner:
            return move.get(("total", code), 0)
        return sum(change(part) for part in inner[code]) + move.get(("unplaced", code), 0)

    return not any(change(code) for code, cell in shown.totals.items() if cell is not HIDDEN)


def test_a_small_rest_hides_the_part_that_would_tell_it() -> None:
    whole, part = town_table(97, 60, 70), town_table(95, 30, 40)
    shown = suppress_part(part, whole, RULE).totals
    assert [shown[code] for code in VILLAGES] == [HIDDEN, HIDDEN, 40], "2 of 97 were not visited"


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=5, max_size=5), st.sampled_from([2, 3]))
@settings(deadline=None)
def test_neither_a_part_nor_its_rest_can_be_solved_for(numbers: list[tuple[int, int]], limit: int) -> None:
    """Beside the whole, every small part and every small rest can be another number without changing what is shown."""
    places = [*VILLAGES[:2], "350430101200", TOWN, COUNTY]
    areas = [COUNTY, TOWN, OTHER_TOWN, *VILLAGES[:2], "350430101200"]
    part = attach_counts({code: inside for code, (inside, _) in zip(places, numbers, strict=True)}, areas)
    whole = attach_counts({code: sum(both) for code, both in zip(places, numbers, strict=True)}, areas)
    rule = SuppressRule(largest_hidden=limit)
    parts, shown, wholes = leaves(part), suppress_part(part, whole, rule), suppress_counts(whole, rule)
    most = {leaf: number(cell) for leaf, cell in leaves(wholes).items() if cell is not HIDDEN}
    hidden = {leaf: number(parts[leaf]) for leaf, cell in leaves(shown).items() if cell is HIDDEN}
    moves = [dict(zip(hidden, steps, strict=True)) for steps in product((-1, 0, 1), repeat=len(hidden))]
    allowed = [
        move
        for move in moves
        if all(0 <= hidden[leaf] + step <= most.get(leaf, 99) for leaf, step in move.items()) and keeps_sums(move, shown)
    ]
    rests = {leaf: most[leaf] - number(parts[leaf]) for leaf in most}
    few = [leaf for leaf in parts if 0 < number(parts[leaf]) <= limit or 0 < rests.get(leaf, 0) <= limit]
    assert [leaf for leaf in few if leaf not in hidden or not any(move[leaf] for move in allowed)] == []


@pytest.mark.parametrize(("counted", "rest"), [(counted, rest) for counted, rests in RESTS.items() for rest in rests])
def test_every_count_is_published_with_its_rests_in_mind(counted: MapCount, rest: tuple[MapCount, ...]) -> None:
    counts = dict.fromkeys(MapCount, town_table(0, 0, 0)) | {rest[0]: town_table(97, 60, 70), rest[-1]: town_table(95, 30, 40)}
    assert counted in rest
    assert publish(counts.__getitem__, counted, RULE).totals[VILLAGES[0]] is HIDDEN


@pytest.mark.parametrize(
    ("above", "below", "small"),
    [(0, 20, False), (4, 200, True), (5, 200, False), (196, 200, True), (195, 200, False), (200, 200, False), (5, 19, True)],
)
def test_a_rate_is_small_by_its_children_and_by_those_left_over(above: int, below: int, small: bool) -> None:
    assert is_small(Rate(above, below)) is small
