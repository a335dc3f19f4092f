"""Clicks: taken when they are ours, nothing when they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.layers import ShapeLevel
from geo.map_click import AreaClick, parse_click


@pytest.mark.parametrize(
    ("level", "code"),
    [("village", "350430100001"), ("town", "350430100"), ("county", "350430"), ("school", "2135000001")],
)
def test_a_click_is_read(level: str, code: str) -> None:
    assert parse_click({"level": level, "code": code, "t": 1_763_700_000_000}) == AreaClick(
        ShapeLevel(level), code, 1_763_700_000_000
    )


@pytest.mark.parametrize(
    "forged",
    [
        None,
        {},
        [],
        "village",
        {"level": "village", "code": "350430100001"},
        {"level": "village", "code": 350430100001, "t": 1},
        {"level": "village", "code": "350430100", "t": 1},
        {"level": "child", "code": "350430100001", "t": 1},
        {"level": ["village"], "code": "350430100001", "t": 1},
        {"level": "village", "code": "35043010000'", "t": 1},
        {"level": "village", "code": "３５０４３０１００００１", "t": 1},
        {"level": "village", "code": "350430100001", "t": float("nan")},
        {"level": "village", "code": "350430100001", "t": -1},
        {"level": "village", "code": "350430100001", "t": 10**30},
        {"level": "village", "code": "350430100001", "t": "now"},
    ],
)
def test_a_forged_click_is_nothing(forged: object) -> None:
    assert parse_click(forged) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["level", "code", "t", "x"]), inner, max_size=4),
)


@given(json_values)
def test_nothing_that_a_browser_sends_raises(value: object) -> None:
    click = parse_click(value)
    assert click is None or click.code.isdecimal()
