"""The demo prefecture, drawn up but not written: the numbers it must have."""

from collections import Counter

import numpy as np
import pytest

from data_access.demo_base import draw_up
from data_access.demo_people import NONE, Standing
from data_access.demo_plan import DEMO_DATE, PREFECTURE
from data_access.demo_world import World
from data_access.schema import home_visit, supervision_round
from data_access.secrets import Cipher
from domain.groups import Group

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo():  # type: ignore[no-untyped-def]
    """The prefecture of seed 1."""
    return draw_up(World(PREFECTURE, 1, DEMO_DATE, Cipher(bytes(32), {1: bytes(32)})))


def test_seven_hundred_thousand_pupils_in_nine_hundred_schools(demo) -> None:  # type: ignore[no-untyped-def]
    assert len(demo.children.pupils) == 700_000
    assert len({one.code for one in demo.schools}) == 900
    assert len(demo.world.villages) == 2_947
    attended = set(demo.children.schools()[demo.children.pupils].tolist())
    assert NONE not in attended
    assert len(attended) > 890


def test_every_county_and_nearly_every_village_has_children(demo) -> None:  # type: ignore[no-untyped-def]
    lived_in = np.unique(demo.children.village)
    assert len(lived_in) == 2_947
    assert {demo.world.villages[at].code[:6] for at in lived_in.tolist()} == set(demo.world.counties)


def test_the_left_behind_are_the_figure_of_the_sources(demo) -> None:  # type: ignore[no-untyped-def]
    now = [spell for spell in demo.spells if spell.group is Group.LEFT_BEHIND_EDUCATION and spell.ends > DEMO_DATE]
    assert len({spell.child for spell in now}) == len(now) == 135_308
    at = np.array([spell.child for spell in now])
    assert set(demo.children.standing[at].tolist()) == {Standing.PUPIL}


def test_cases_and_visits_are_as_many_as_planned(demo) -> None:  # type: ignore[no-untyped-def]
    cases = demo.disorder.cases.values()
    assert sum(life.closed is None for life in cases) == 20_000
    assert sum(life.closed is not None for life in cases) > 9_000
    on_purpose = 2
    assert len(demo.world.book.rows(home_visit)) == 60_000 + on_purpose


def test_rounds_are_held_in_every_county(demo) -> None:  # type: ignore[no-untyped-def]
    codes = Counter(row["code"] for row in demo.world.book.rows(supervision_round))
    assert set(codes.values()) == {10}
