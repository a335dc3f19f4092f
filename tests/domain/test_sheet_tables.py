import pytest

from domain.sheet_rows import Row
from domain.sheet_tables import table_starts

PUPILS = ["学生姓名", "性别", "身份证号", "班级"]
MOVED = ["姓名", "性别", "学籍号", "异动类别", "异动日期"]
GROUPS = ["序号", "学生基本情况", None, "监护人姓名", "联系电话", "乡镇"]
CHILD = ["张三", "男", "999999201403150012", "1班"]


@pytest.mark.parametrize(
    ("rows", "starts"),
    [
        ([], []),
        ([PUPILS, CHILD], []),
        ([["花名册"], PUPILS, CHILD, PUPILS, CHILD], []),  # the same header on every page
        ([PUPILS, CHILD, MOVED, ["张三", "男"]], [2]),
        ([PUPILS, CHILD, [], ["学生异动花名册"], [None], MOVED, ["张三", "男"]], [2]),  # its title goes with it
        ([PUPILS, CHILD, ["合计", "1人"], ["异动"], MOVED], [3]),  # the sum stays with the first
        ([PUPILS, CHILD, ["*姓名", "性别", "学籍号 ", "异动类别"]], [2]),
        ([GROUPS, [None, "姓名", "性别", None, None, None], CHILD, GROUPS, [None, "姓名", "性别"], CHILD], []),
        ([PUPILS, CHILD, GROUPS, ["", "姓名", "性别", "身份证号"], CHILD], [2]),  # two rows are one header
        ([PUPILS, CHILD, ["张三", "转出", "病假", "2026-09-01", "1班", "溪口镇", "同意"]], []),  # words of a record
        ([PUPILS, MOVED, CHILD], []),
    ],
)
def test_a_second_header_begins_another_table(rows: list[Row], starts: list[int]) -> None:
    assert table_starts(rows) == starts
