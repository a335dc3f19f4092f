import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sheet_rows import Row, cell_text, counts_columns, is_blank_row, is_footer


@pytest.mark.parametrize("row", [[], [None], ["", " ", None], ["\u3000", "\u200b", "\n"]])
def test_blank_rows(row: Row) -> None:
    assert is_blank_row(row)
    assert not is_footer(row)


def test_a_zero_is_not_blank() -> None:
    assert not is_blank_row([None, "0"])


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "5", "6"],
        ["合 计"],
        [None, "合计", "5"],
        ["1", "", "小计", "7"],
        ["总计："],
        ["某某镇", "3", "合计", "7"],
        ["合计（人）", "12"],
        ["注：以上数据截至9月"],
        ["备注: 无"],
        ["填表说明：一、本表由学校填写"],
        ["填报单位（盖章）：某某小学", None, "填报时间：2026.9"],
        ["填表人：李某", "审核人：王某", "联系电话：10000000000"],
        ["校长签字："],
        ["单位负责人： 张某"],
        ["学校：某某小学"],
        ["第 1 页 共 3 页"],
        ["以下空白"],
        ["本表一式三份，学校、乡镇、教育局各存一份"],
        ["一年级1班（班主任：李某）"],
        [None, "八(5)班"],
        ["八（5）班"],
        ["松洲小学"],
        ["本班共计4人"],
        ["全校合计", "8人"],
        ["１２"],
        ["户数：7户", None, "人数：8人"],
        ["例", "张三", "男"],
        ["（示例）", "张三"],
        ["1", "张三（样例）", "男"],
        ["7"],
        [None, "30", None],
    ],
)
def test_rows_of_the_sheet_and_not_of_a_child(row: Row) -> None:
    assert is_footer(row)


@pytest.mark.parametrize(
    "row",
    [
        ["1", "张三", "男"],
        ["张三"],
        ["班超"],
        ["计然"],
        ["户数：7户", "张三"],
        ["1", "合小计", "男"],
        ["1", "张三", "男", "合计"],  # far to the right it is a remark
        ["某某学校", "3"],
        ["单位职工子女", "张三"],
        ["溪口镇河东村村民委员会第三村民小组", "张三"],
        ["0"],
        ["注册", "张三"],
        ["例行检查", "张三"],
        ["7", "张三"],
    ],
)
def test_rows_of_children_are_not_taken_for_footers(row: Row) -> None:
    assert not is_footer(row)


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (["1", "2", "3", "4"], True),
        (["甲", "乙", "1", "2", "3"], True),
        ([None, "1", "2"], True),
        (["必填", "选填", "（必填）"], True),
        (["1", "2", "4"], False),
        (["①", "②", "③"], True),
        (["１", "２"], True),
        (["1"], False),
        (["1", "张三"], False),
        (["2", "3"], False),
        ([], False),
    ],
)
def test_rows_that_only_number_the_columns(row: Row, counts: bool) -> None:
    assert counts_columns(row) is counts


def test_cells_beyond_the_row_are_empty() -> None:
    assert [cell_text([" 张三 ", None], at) for at in range(3)] == ["张三", "", ""]


@given(st.lists(st.none() | st.text(), max_size=6))
def test_any_row_can_be_asked(row: list[str | None]) -> None:
    assert not (is_blank_row(row) and (is_footer(row) or counts_columns(row)))
