import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.header_layouts import SEARCHED_ROWS, header_key, layouts_at


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("乡（镇）", "乡镇"),
        ("家访/谈心记录", "家访谈心记录"),
        ("控辍台帐", "控辍台账"),
        ("其它说明", "其他说明"),
        ("ＩＥＰ", "IEP"),
        ("—", ""),
    ],
)
def test_headers_are_compared_without_signs_and_misprints(written: str, key: str) -> None:
    assert header_key(written) == key


@given(st.text("姓名签定台帐其它（）()*：_ \n\u3000aＡ1"))
def test_a_key_is_its_own_key(text: str) -> None:
    assert header_key(header_key(text)) == header_key(text)


def test_a_row_is_read_alone_and_together_with_the_next() -> None:
    alone, both = layouts_at([["学生", None, "备注"], ["姓名", "性别", None], ["张三", "男", None]], 0)
    assert (alone.header_rows, both.header_rows) == ((0,), (0, 1))
    assert alone.shown == ("学生", "", "备注")
    assert both.shown == ("学生姓名", "学生性别", "备注")
    assert both.first_data_row == 2


def test_a_group_reaches_over_blanks_but_not_from_a_cell_of_full_height() -> None:
    rows = [["序号", None, "增加", None, "备注", None], [None, "学校", "转入", "借读", None, "年级"]]
    assert layouts_at(rows, 0)[1].shown == ("序号", "学校", "增加转入", "增加借读", "备注", "年级")


def test_the_texts_of_both_rows_are_kept_for_repeated_headers() -> None:
    both = layouts_at([["学生", None], ["姓 名", "性别"]], 0)[1]
    assert both.header_keys == {0: frozenset({"学生", "姓名"}), 1: frozenset({"", "性别"})}


def test_the_last_row_and_the_last_searched_row_stand_alone() -> None:
    assert len(layouts_at([["姓名"]], 0)) == 1
    assert len(layouts_at([["姓名"]] * 40, SEARCHED_ROWS - 1)) == 1
    assert len(layouts_at([["姓名"]] * 40, SEARCHED_ROWS - 2)) == 2


def test_blank_rows_and_column_numbers_below_are_skipped() -> None:
    rows = [["姓名", "性别"], [], ["1", "2"], [None, " "], ["张三", "男"]]
    assert layouts_at(rows, 0)[0].first_data_row == 4
    assert layouts_at(rows[:3], 0)[0].first_data_row == 3
