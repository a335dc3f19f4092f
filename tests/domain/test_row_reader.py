from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cell_values import Cell, parse_cell
from domain.faults import Fault
from domain.grades import ClassName
from domain.header_match import HeaderMatch, match_header
from domain.identifiers import Sex
from domain.ledgers import ledger
from domain.row_reader import REMEMBERED, RowReader

HEADER = ["姓名", "性别", "学校", "年级", "班级", "备注", "无关列"]


def under(header: list[str | None], code: str = "L0") -> HeaderMatch:
    match = match_header([header], ledger(code))
    assert isinstance(match, HeaderMatch)
    return match


def test_a_row_gives_its_values_and_leaves_blanks_out() -> None:
    parsed = RowReader(under([*HEADER])).parse(["张 三", "男", "某某小学", "三年级", "2班", "", "丢弃"])
    assert parsed.values == {"student_name": "张三", "sex": Sex.MALE, "school": "某某小学", "grade": ClassName(3), "class": "2班"}
    assert parsed.faults == {}


def test_every_fault_of_a_row_is_given_at_once() -> None:
    parsed = RowReader(under([*HEADER])).parse([None, "未知", "某某小学", "某年级", "2班", "说明", None])
    assert {field: fault.code for field, fault in parsed.faults.items()} == {
        "student_name": "cell.missing",
        "sex": "sex.unknown",
        "grade": "grade.unknown",
    }
    assert parsed.values == {"school": "某某小学", "class": "2班", "remark": "说明"}


def test_a_short_row_lacks_its_last_cells() -> None:
    parsed = RowReader(under([*HEADER])).parse(["张三", "男"])
    assert {field: fault.code for field, fault in parsed.faults.items()} == {"school": "cell.missing", "grade": "cell.missing"}


@pytest.mark.parametrize(
    ("cell", "school", "grade"),
    [
        ("合成小学三年级", "合成小学", ClassName(3)),
        ("某某中心学校八(5)班", "某某中心学校", ClassName(8, 5)),
        ("某某镇 合成教学点 一年级", "某某镇合成教学点", ClassName(1)),
        ("某某中学初二", "某某中学", ClassName(8)),
    ],
)
def test_school_and_grade_in_one_cell_are_parted(cell: str, school: str, grade: ClassName) -> None:
    parsed = RowReader(under(["姓名", "就读学校及年级", "性别"])).parse(["张三", cell, "男"])
    assert (parsed.values["school"], parsed.values["grade"]) == (school, grade)
    assert parsed.values["student_name"] == "张三"


def test_a_cell_that_names_only_one_of_the_two_is_a_fault() -> None:
    parsed = RowReader(under(["姓名", "就读学校及年级", "性别"])).parse(["张三", "某某学堂", "男"])
    assert parsed.faults["grade"].code == "grade.unknown"


def test_grade_and_class_in_one_cell_are_read_from_the_same_words() -> None:
    parsed = RowReader(under(["姓名", "年级班级", "性别"])).parse(["张三", "八(5)班", "男"])
    assert (parsed.values["grade"], parsed.values["class"]) == (ClassName(8, 5), "八(5)班")


CELLS: st.SearchStrategy[Cell] = st.sampled_from([None, "", "男", "女", "1", 1, 1.0, True, "x", "三年级", "无", "张三", "2班"])


@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=8))
def test_remembering_changes_nothing(rows: list[list[Cell]]) -> None:
    match = under([*HEADER])
    reader = RowReader(match)
    for row in rows:
        parsed = reader.parse(row)
        for field, at in match.columns.items():
            found = parse_cell(match.ledger.column(field), row[at])
            told = parsed.faults.get(field) or parsed.values.get(field)
            assert told == (found or parsed.faults.get(field))
            assert found is not None or field not in parsed.values


def test_only_so_many_texts_are_remembered() -> None:
    reader = RowReader(under([*HEADER]))
    for number in range(REMEMBERED + 10):
        reader.parse([f"张{number}", "男", "某某小学", "三年级", None, None, None])
    assert len(reader._read["student_name"]) == REMEMBERED + 1  # and the blank cell
    assert reader.parse(["李四", "男", "某某小学", "三年级"]).values["student_name"] == "李四"


def test_days_are_held_against_the_as_of_day() -> None:
    match = under(["学生姓名", "首次未到校日期", "疑似辍学原因"], "L2")
    row = ["张三", "2026-09-08", "厌学"]
    assert not RowReader(match, date(2026, 9, 8)).parse(row).faults
    assert RowReader(match, date(2026, 9, 7)).parse(row).faults == {"first_absent": Fault("date.future")}
