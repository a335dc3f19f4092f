from datetime import date
from fractions import Fraction

import pytest

from domain.published_figures import (
    Figure,
    Finding,
    check_change,
    check_has_counts,
    check_headcount,
    check_moves,
    check_not_copied,
    check_part_of_whole,
    check_partition,
    check_rate,
    check_removed,
    check_signed,
    check_visits_per_pair,
)
from domain.rates import Rate, parse_fraction


@pytest.mark.parametrize(
    ("finding", "holds"),
    [
        (check_headcount(466, 6, 2, 470), True),  # R170
        (check_headcount(466, 6, 2, 471), False),
        (check_headcount(466, None, 2, 470), None),  # a blank is not 0
        (check_headcount(466, 6, None, 472), None),
        (check_moves(8, 6, 2), True),
        (check_moves(7, 6, 2), False),
        (check_partition(676, (470, 206)), True),
        (check_partition(23, (14, 3, 6)), True),  # R173
        (check_partition(205, (13, 192)), True),  # R176
        (check_partition(24, (14, 3, 6)), False),
        (check_partition(None, (14, 3, 6)), None),
        (check_partition(23, (14, None, 6)), None),
        (check_removed(23, 19, {"moved": 3, "counted twice": 1}), True),  # R174
        (check_removed(23, 19, {"moved": 3}), False),
        (check_removed(23, None, {}), None),
    ],
)
def test_sums(finding: Finding, holds: bool | None) -> None:
    assert finding.holds is holds


@pytest.mark.parametrize(
    ("stated", "rate", "places", "holds"),
    [
        ("0.39%", Rate(5, 1293), 2, True),  # R171
        ("0.38%", Rate(5, 1293), 2, False),
        ("0.4%", Rate(5, 1293), 1, True),  # as many decimals as were written
        ("99.50%", Rate(134_630, 135_308), 2, True),  # R177
        ("12%", Rate(7, 64), 0, False),  # printed 12 %, is 10.94 %
        ("", Rate(5, 1293), 2, None),
        ("0%", Rate(0, 0), 2, None),
    ],
)
def test_published_rates(stated: str, rate: Rate, places: int, holds: bool | None) -> None:
    assert check_rate(parse_fraction(stated), rate, places).holds is holds


@pytest.mark.parametrize(
    ("stated", "before", "after", "holds"),
    [
        (Fraction(20, 100), 2200, 2640, True),  # R180
        (Fraction(2375, 10_000), 400, 495, True),  # R181
        (Fraction(24, 100), 400, 495, False),
        (Fraction(-1, 2), 10, 5, True),
        (Fraction(1, 2), 10, 5, False),
        (Fraction(1, 2), 0, 5, None),
        (None, 10, 5, None),
        (Fraction(1, 2), None, 5, None),
    ],
)
def test_published_changes(stated: Fraction | None, before: int | None, after: int | None, holds: bool | None) -> None:
    assert check_change(stated, before, after).holds is holds


@pytest.mark.parametrize(
    ("finding", "holds"),
    [
        (check_has_counts(Fraction(72, 100), 72, 100), True),
        (check_has_counts(Fraction(72, 100), None, 100), False),  # R179
        (check_has_counts(Fraction(72, 100), 72, None), False),
        (check_visits_per_pair(38_431, 91_581), False),  # R178
        (check_visits_per_pair(91_581, 91_581), True),
        (check_visits_per_pair(None, 91_581), None),
        (check_part_of_whole(134_630, 135_308), True),
        (check_part_of_whole(5, 5), True),
        (check_part_of_whole(6, 5), False),
        (check_part_of_whole(6, None), None),
        (check_not_copied((466, 470, 206), (466, 470, 206)), False),  # R197
        (check_not_copied((466, 470, 206), (466, 470, 207)), True),
        (check_not_copied((0, 0), (0, 0)), None),  # too little to tell
        (check_not_copied((0, 0, None), (0, 0, None)), None),
        (check_signed(date(2015, 3, 10), date(2016, 2, 20)), False),  # R197
        (check_signed(date(2016, 2, 20), date(2016, 2, 20)), True),
        (check_signed(None, date(2016, 2, 20)), None),
    ],
)
def test_other_contradictions(finding: Finding, holds: bool | None) -> None:
    assert finding.holds is holds


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (check_headcount(1466, 6, 2, 470), "Headcount (last + in - out = now): written 470, recomputed 1,470"),
        (check_rate(Fraction(39, 10_000), Rate(5, 1293)), "Rate: holds (0.39 %)"),
        (check_partition(None, (1, 2)), "Sum of the parts: a figure is blank, nothing to check"),
    ],
)
def test_a_finding_says_what_was_written_and_what_comes_out(finding: Finding, said: str) -> None:
    assert finding.say("en") == said


def test_a_finding_in_chinese() -> None:
    assert Finding(Figure.PARTITION, False, "24", "23").say("zh") == "分项之和：填报 24，核算 23"
