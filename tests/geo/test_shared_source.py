"""What leaves the house: no two files made from one day give away what either of them hides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.area_counts import HIDDEN, WHOLE, AreaCounts, attach_counts
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.grades import Stage
from domain.groups import Group
from domain.map_counts import MapCount
from domain.suppress import SuppressRule
from domain.targets import Verdict
from domain.terms import say
from geo.classes import ClassBreaks, ClassMethod
from geo.drawing import Ratio, Source
from geo.shared_source import SharedSource
from tests.geo.small_county import COUNTY, TOWNS, VILLAGES

AREAS = [COUNTY, *TOWNS, *VILLAGES]


@dataclass(frozen=True)
class Exact:
    """What the database would say: children at risk by village, far more children altogether."""

    at_risk: Mapping[str, int]

    def count(self, chosen: CaseFilter, counted: MapCount, /) -> AreaCounts:
        found = {code: count for code, count in self.at_risk.items() if code.startswith(chosen.area or "")}
        more = 1 if counted is not MapCount.CHILDREN else 100
        return attach_counts({code: count * more for code, count in found.items()}, AREAS)

    def changed(self, chosen: CaseFilter, counted: MapCount, without: CaseFilter, /) -> AreaCounts:
        return self.count(chosen, counted)

    def breaks(
        self, chosen: CaseFilter, share: Ratio, method: ClassMethod, codes: tuple[str, ...], stage: Stage | None, /
    ) -> ClassBreaks:
        raise AssertionError("classes over exact rates would show them as edges")

    def catchments(self, stage: Stage, /) -> Mapping[str, str]:
        return {VILLAGES[0]: "9999990001", VILLAGES[1]: "9999990001"}

    def verdicts(self, chosen: CaseFilter, /) -> Sequence[tuple[str, Verdict]]:
        return []

    def target(self, chosen: CaseFilter, /) -> Fraction | None:
        return None


def shared(*numbers: int) -> SharedSource:
    exact: Source = Exact(dict(zip(VILLAGES, numbers, strict=True)))
    return SharedSource(exact, SuppressRule())


def test_the_sheet_of_a_town_shows_no_total_that_the_county_hides() -> None:
    """The county hides a town beside a small one; the town's own sheet must not tell its total."""
    source = shared(3, 10, 2, 0)
    county, town = (source.count(CaseFilter(area=area), MapCount.AT_RISK) for area in (None, TOWNS[0]))
    assert county.totals[TOWNS[0]] is HIDDEN
    assert town.totals[TOWNS[0]] is HIDDEN
    assert town.totals[WHOLE] is HIDDEN


@given(st.lists(st.integers(0, 12), min_size=4, max_size=4), st.sampled_from([*TOWNS, *VILLAGES]))
def test_sheets_of_all_areas_hide_the_same_cells(numbers: list[int], area: str) -> None:
    source = shared(*numbers)
    county = source.count(CaseFilter(), MapCount.AT_RISK)
    part = source.count(CaseFilter(area=area), MapCount.AT_RISK)
    inside = {code for code in county.totals if code.startswith(area)}
    assert {code: part.totals[code] for code in inside} == {code: county.totals[code] for code in inside}
    assert part.totals.keys() == inside | {code for code in county.totals if area.startswith(code)}
    assert part.unlocated({area}) == 0


@pytest.mark.parametrize("chosen", [CaseFilter(stage=Stage.JUNIOR), CaseFilter(groups=(Group.POOR,)), CaseFilter(overdue=True)])
def test_some_children_of_a_place_are_not_shared(chosen: CaseFilter) -> None:
    with pytest.raises(ProblemError) as refused:
        shared(30, 30, 30, 30).count(chosen, MapCount.AT_RISK)
    assert refused.value.key == "map.shared.narrowed"


def test_what_may_not_be_asked_is_named_in_the_language_of_the_reader() -> None:
    with pytest.raises(ProblemError) as refused:
        shared(30, 30, 30, 30).count(CaseFilter(grade=8, overdue=True), MapCount.AT_RISK)
    assert f"“{say('filter.grade')}、{say('filter.overdue')}”" in refused.value.say("zh")
    assert f"{say('filter.grade', 'en')}, {say('filter.overdue', 'en')}:" in refused.value.say("en")


def test_dropout_is_always_of_one_stage() -> None:
    assert shared(30, 30, 30, 30).count(CaseFilter(stage=Stage.PRIMARY), MapCount.LOST).totals[WHOLE] == 120


def test_who_came_and_left_is_not_shared() -> None:
    with pytest.raises(ProblemError):
        shared(30, 30, 30, 30).changed(CaseFilter(), MapCount.AT_RISK, CaseFilter())


@pytest.mark.parametrize("stage", [None, Stage.PRIMARY])
def test_no_edge_of_a_class_is_the_rate_of_a_hidden_place(stage: Stage | None) -> None:
    codes = ("9999990001",) if stage else VILLAGES
    ratio = (MapCount.AT_RISK, MapCount.CHILDREN)
    assert shared(3, 4, 2, 1).breaks(CaseFilter(), ratio, ClassMethod.EQUAL, codes, stage).edges == ()
