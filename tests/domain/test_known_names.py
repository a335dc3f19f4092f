"""Names among those who came: known adults stand, everybody else is masked, titles stay (R221)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.known_names import names_in, show_known

KNOWN = frozenset({"李明", "王和平", "欧阳娜"})


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("李明", "李明"),
        ("李明、张小三", "李明、张**"),
        ("班主任李明，同学张小三", "班主任李明，同学张**"),
        ("李明老师和张小三", "李明老师和张**"),
        ("王和平", "王和平"),
        ("赵和安", "赵**"),  # 和 is part of a name that nobody knows: what stands around it is no name of its own
        ("欧阳娜（副校长） 钱多多", "欧阳娜（副校长） 钱**"),
        ("班主任、村委干部", "班主任、村委干部"),
        ("乡镇领导、挂村干部、教育局", "乡镇领导、挂村干部、教育局"),
        ("Tom/李明", "T**/李明"),
        ("", ""),
        ("甲", "甲*"),
    ],
)
def test_what_may_be_read(typed: str, shown: str) -> None:
    assert show_known(typed, KNOWN) == shown


@given(st.text(alphabet="李明王和平与张三小老师同学班主任、， /（）ab*", max_size=30))
def test_masking_twice_changes_nothing_and_what_is_known_was_asked_for(typed: str) -> None:
    once = show_known(typed, KNOWN)
    assert show_known(once, KNOWN) == once
    assert show_known(typed, KNOWN & names_in(typed)) == once


@given(st.lists(st.sampled_from(["张小三", "钱多多", "李明", "孙行者"]), min_size=1, max_size=4), st.sampled_from("、，; /和"))
def test_no_unknown_name_stands_whole(came: list[str], between: str) -> None:
    shown = show_known(between.join(came), KNOWN)
    assert not any(name in shown for name in came if name not in KNOWN)
