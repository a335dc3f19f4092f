from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.faults import Fault
from domain.header_layouts import header_key
from domain.header_match import HeaderMatch, match_header
from domain.ledgers import Ledger, ledger, read_ledgers

LEDGERS = list(read_ledgers().values())
CODES = st.sampled_from(list(read_ledgers()))


def found(rows: Sequence[Sequence[str | None]], code: str | None = None, sheet_name: str = "") -> HeaderMatch:
    match = match_header(rows, ledger(code) if code else None, sheet_name)
    assert isinstance(match, HeaderMatch)
    return match


def headers(code: str) -> list[str]:
    return [column.header for column in ledger(code).columns]


def in_order(code: str) -> dict[str, int]:
    return {column.field: at for at, column in enumerate(ledger(code).columns)}


@pytest.mark.parametrize("wanted", LEDGERS, ids=lambda wanted: wanted.code)
def test_every_ledger_knows_its_own_layout_among_all(wanted: Ledger) -> None:
    match = found([headers(wanted.code), ["x"] * len(wanted.columns)])
    assert match.ledger is wanted
    assert match.columns == in_order(wanted.code)
    assert (match.unmatched, match.ambiguous, match.missing_required) == ({}, {}, ())
    assert (match.header_rows, match.first_data_row) == ((0,), 1)


@pytest.mark.parametrize("wanted", LEDGERS, ids=lambda wanted: wanted.code)
def test_every_ledger_is_known_by_its_required_columns(wanted: Ledger) -> None:
    match = found([[wanted.column(field).header for field in wanted.required]])
    assert match.ledger is wanted
    assert match.missing_required == ()


@pytest.mark.parametrize("wanted", LEDGERS, ids=lambda wanted: wanted.code)
def test_every_synonym_stands_for_its_column_unless_the_ledger_has_a_better(wanted: Ledger) -> None:
    own = {header_key(text) for field in wanted.own for text in (wanted.column(field).header, *wanted.column(field).synonyms)}
    for column in wanted.columns:
        for word in column.synonyms:
            shared = column.field == "school" and "cur_school" in wanted.own  # one column for the school tells both
            beaten = column.field not in wanted.own and header_key(word) in own and not shared
            others = [other.header for other in wanted.columns if other.field not in {column.field, "school", "class", "grade"}][
                :4
            ]
            match = found([[*others[:1], "无关列", word, *others[1:]]], wanted.code)
            assert (match.columns.get(column.field) == 2) != beaten, word


@pytest.mark.parametrize(
    ("code", "header", "field"),
    [
        ("L4", "就读学校", "cur_school"),
        ("L5", "就读学校", "cur_school"),
        ("L4", "户主姓名", "household_head"),
        ("L6", "与被监护人关系", "carer_rel"),
        ("L1", "就读学校", "school"),
        ("L1", "户主姓名", "guardian"),
    ],
)
def test_a_ledgers_own_column_beats_the_identity_block(code: str, header: str, field: str) -> None:
    match = found([["学生姓名", "性别", header]], code)
    assert match.columns[field] == 2


@pytest.mark.parametrize(
    "written",
    [
        "身份证号",
        "身 份 证 号",
        "身份\n证号",
        "*身份证号",
        "身份证号（必填）",
        "【必填】身份证号",
        "3、身份证号",
        "身份证号：",
        "居民身份证号(18位)",
    ],
)
def test_headers_are_known_through_spaces_breaks_brackets_and_stars(written: str) -> None:
    assert found([["学生姓名", written]], "L0").columns["id_no"] == 1


def test_the_header_is_found_under_titles_and_column_numbers_are_skipped() -> None:
    rows = [
        ["某某县2026年秋季学期辍学学生劝返复学台帐"],
        [],
        ["填报单位：某某小学", None, None, "填报时间：2026.9"],
        ["序号", "姓名", "性别", "辍学时间", "辍学原因"],
        ["1", "2", "3", "4", "5"],
        [],
        ["1", "张三", "男", "2026.9", "厌学"],
    ]
    match = found(rows)
    assert match.ledger.code == "L1"
    assert (match.header_rows, match.first_data_row) == ((3,), 6)


def test_a_header_across_two_rows_with_merged_cells() -> None:
    rows = [
        ["序号", "学生\n姓名", "监护人信息", None, None, "辍学情况", None, "备注"],
        [None, None, "监护人姓名", "与学生关系", "联系电话", "辍学时间", "辍学原因", None],
        ["1", "张三", "李四", "父", "10000000000", "2026.9", "厌学", None],
    ]
    match = found(rows, "L1")
    assert (match.header_rows, match.first_data_row) == ((0, 1), 2)
    assert match.columns == {
        "case_no": 0, "student_name": 1, "guardian": 2, "guardian_rel": 3, "guardian_phone": 4, "drop_date": 5, "reason": 6,
        "remark": 7,
    }  # fmt: skip


def test_group_and_column_together_name_a_column() -> None:
    rows = [
        ["学校名称", "届", "入学人数", "增加", None, None, "减少", None, None],
        [None, None, None, "转进", "借读", "其它", "转出", "休学", "其它"],
    ]
    match = found(rows, "L16")
    assert match.columns == {
        "school": 0, "cohort": 1, "entered": 2, "in_n": 3, "jd": 4, "in_other": 5, "out_n": 6, "susp": 7, "out_other": 8,
    }  # fmt: skip


def test_the_name_of_another_person_is_not_the_childs() -> None:
    rows = [["学生", None, "帮扶教师", None], ["姓名", "性别", "姓名", "电话"], ["张三", "男", "王五", "10000000000"]]
    match = found(rows, "L1")
    assert match.columns["student_name"] == 0
    assert match.columns["helper"] == 2
    assert match.unmatched == {3: "帮扶教师电话"}


def test_a_first_record_with_gaps_is_not_taken_into_the_header() -> None:
    rows = [["学生姓名", "性别", "是否建档立卡", "备注"], ["张三", None, "低保", None]]
    match = found(rows, "L0")
    assert (match.header_rows, match.first_data_row) == ((0,), 1)


def test_an_ambiguous_header_is_asked_about_and_never_guessed() -> None:
    match = found([["序号", "姓名", "劝返时间", "复学时间"]], "L1")
    assert match.ambiguous == {2: ("return_date", "persuaded_at")}
    assert match.columns["return_date"] == 3
    assert "persuaded_at" not in match.columns


def test_two_equal_headers_are_ambiguous() -> None:
    match = found([["学生姓名", "性别", "联系电话", "联系电话"]], "L0")
    assert match.ambiguous == {2: ("guardian_phone",), 3: ("guardian_phone",)}
    assert "guardian_phone" not in match.columns


def test_of_two_headers_for_one_field_the_more_usual_wins() -> None:
    match = found([["学生姓名", "家长电话", "联系电话", "性别"]], "L0")
    assert match.columns["guardian_phone"] == 2
    assert match.unmatched == {1: "家长电话"}


def test_one_cell_with_two_fields_serves_both() -> None:
    match = found([["学生姓名", "就读学校及年级", "性别"]], "L1")
    assert (match.columns["school"], match.columns["grade"]) == (1, 1)
    assert not {"school", "grade"} & set(match.missing_required)
    beside = found([["学生姓名", "年级班级", "年级"]], "L1")
    assert (beside.columns["grade"], beside.columns["class"]) == (2, 1)


@pytest.mark.parametrize("word", ["学校名称", "就读学校", "所在学校"])
def test_one_column_for_the_school_tells_where_a_disabled_child_is_registered_and_where_it_goes(word: str) -> None:
    match = found([["学生姓名", word, "残疾类别", "安置方式"]], "L5")
    assert (match.columns["school"], match.columns["cur_school"]) == (1, 1)
    both = found([["学生姓名", "学校名称", "就读学校", "残疾类别"]], "L5")
    assert (both.columns["school"], both.columns["cur_school"]) == (1, 2)


def test_a_column_of_its_own_is_known_by_the_words_of_the_identity_block_too() -> None:
    match = found([["学生", "所在班级", "家访日期时间", "家访方式", "家访教师", "家访内容"]], "L9")
    assert match.missing_required == ()
    assert (match.columns["student_name"], match.columns["class"], match.columns["visit_at"]) == (0, 1, 2)


def test_what_is_missing_and_what_is_unknown_is_reported() -> None:
    match = found([["学生姓名", "家访时间", "天气", None, "家访内容"]], "L9")
    assert match.unmatched == {2: "天气"}
    assert match.missing_required == ("class", "mode", "visitors")


@pytest.mark.parametrize(
    ("title", "sheet_name", "code"),
    [
        ("某某镇留守儿童花名册", "", "L7"),
        ("农村留守儿童基本情况登记表", "", "L6"),
        ("", "疑似辍学学生花名册", "L2"),
        ("学籍导出", "", "L0"),
    ],
)
def test_where_columns_do_not_decide_the_title_does(title: str, sheet_name: str, code: str) -> None:
    rows = [[title], ["姓名", "性别", "身份证号", "学籍号", "学校", "乡镇", "年级", "监护人"]]
    assert found(rows, sheet_name=sheet_name).ledger.code == code


def test_a_header_that_several_ledgers_fit_about_equally_is_asked_about() -> None:
    rows = [["姓名", "性别", "身份证号", "学籍号", "学校", "乡镇", "年级", "监护人"]]
    asked = match_header(rows)
    assert isinstance(asked, Fault)
    assert asked.code == "header.which_ledger"
    assert {"L0", "L17", "L18"} <= set(asked.params["codes"])  # type: ignore[call-overload]
    assert "学生基础库" in asked.say()
    assert "--ledger" in asked.mend("en")
    assert found(rows, "L0").ledger.code == "L0"
    assert found([[*rows[0], "学籍状态"]]).ledger.code == "L0"


@pytest.mark.parametrize("code", [f"L{number}" for number in range(19)])
def test_a_ledger_with_its_required_columns_alone_is_known(code: str) -> None:
    one = ledger(code)
    assert found([[one.column(field).header for field in one.required]]).ledger.code == code


@pytest.mark.parametrize("rows", [[], [[]], [["一份通知"]], [["张三", "男"], ["李四", "女"]], [["学生姓名"], ["张三"]]])
def test_no_header_is_a_fault_with_words(rows: list[list[str | None]]) -> None:
    match = match_header(rows)
    assert isinstance(match, Fault)
    assert match.code == "header.none"
    assert match_header(rows, ledger("L0")) == match


def test_a_header_below_the_searched_rows_is_not_found() -> None:
    titles: list[list[str | None]] = [["说明"]] * 20
    assert isinstance(match_header([*titles, [*headers("L9")]]), Fault)
    assert isinstance(match_header([*titles[:19], [*headers("L9")]]), HeaderMatch)


def test_the_header_repeated_on_the_next_page_is_recognised() -> None:
    match = found([headers("L9"), ["x"] * 14])
    assert match.repeats_header(headers("L9"))
    assert match.repeats_header(["序 号", "学生\n姓名", "班级", *headers("L9")[3:]])
    assert not match.repeats_header(["1", "张三", "八(5)班", "2026.10.1", "上门"])
    assert not match.repeats_header([*headers("L9")[:13], "另一列"])
    assert not match.repeats_header(["序号", None])
    assert not match.repeats_header([])


def test_both_rows_of_a_header_repeated_are_recognised() -> None:
    top, bottom = ["序号", "学生姓名", "监护人", None, "备注"], [None, None, "监护人姓名", "联系电话", None]
    match = found([top, bottom, ["1", "张三", "李四", "10000000000", None]], "L1")
    assert match.header_rows == (0, 1)
    assert match.repeats_header(top)
    assert match.repeats_header(bottom)
    assert not match.repeats_header(["1", "张三", "李四", "联系电话", None])


@st.composite
def messy_sheets(draw: st.DrawFn) -> tuple[str, list[list[str | None]], int]:
    """A ledger's own header with spaces, breaks and stars in it, in any order, under title lines."""
    code = draw(CODES)
    names = draw(st.permutations(headers(code)))
    noise = st.sampled_from([" ", "\n", "\u3000", "", ""])
    written = [draw(st.sampled_from(["", "*"])) + "".join(char + draw(noise) for char in name) for name in names]
    titles = draw(st.lists(st.sampled_from(["某某县统计表", "填报单位：某某小学", "", "2026年9月"]), max_size=6))
    return code, [*([title or None] for title in titles), [*written], ["x"] * len(written)], len(titles)


@settings(max_examples=40)
@given(messy_sheets())
def test_a_messy_header_is_found_whole(sheet: tuple[str, list[list[str | None]], int]) -> None:
    code, rows, at = sheet
    match = found(rows, code)
    assert (match.header_rows, match.first_data_row) == ((at,), at + 1)
    assert {header_key(rows[at][column] or ""): field for field, column in match.columns.items()} == {
        header_key(column.header): column.field for column in ledger(code).columns
    }
    assert found(rows).ledger.code == code


@given(st.lists(st.lists(st.none() | st.text(max_size=8), max_size=8), max_size=6))
def test_any_sheet_can_be_asked(rows: list[list[str | None]]) -> None:
    match = match_header(rows)
    assert isinstance(match, Fault) or match.first_data_row <= len(rows)
