"""Workbooks of ledgers, generated: what is odd or wrong in each is known, and so is what must come of every row.

They are about the children 1 to 30 of `tests.corpus.people`, who all go to 晨光小学 in 晨光镇.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.corpus.people import HEADERS, SCHOOL, TOWN, Pupil, rows
from tests.corpus.specimen import Rows, column_of, old, table, text, write, xlsx

FIRST = 40  # numbers of pupils whom nobody knows yet
NEW = [HEADERS, *rows(5, FIRST)]
WHO = ["学生姓名", "学籍号"]
Dress = Callable[[Any, Any], object]


@dataclass(frozen=True)
class Sheet:
    """A workbook, the ledger asked for, how many rows go in, and for each wrong cell the fault; `notes` are told besides."""

    name: str
    make: Callable[[], bytes]
    accepted: int
    faults: tuple[tuple[str, str], ...] = ()
    ledger: str | None = "L0"
    notes: tuple[str, ...] = ()


def who(number: int) -> list[str]:
    pupil = Pupil(number)
    return [pupil.name, f"G{pupil.id_no}"]


def right(name: str, make: Callable[[], bytes], accepted: int = 5, ledger: str | None = "L0", **other: Any) -> Sheet:
    return Sheet(name, make, accepted, ledger=ledger, **other)


def with_column(header: str, values: Sequence[Any], lines: Rows = NEW) -> Rows:
    """The registry with one more column."""
    head, *body = lines
    return [[*head, header], *([*line, value] for line, value in zip(body, values, strict=True))]


def without(*headers: str) -> Rows:
    kept = [at for at, header in enumerate(HEADERS) if header not in headers]
    return [[line[at] for at in kept] for line in NEW]


def cell(column: str, row: int, value: Any) -> Rows:
    """The registry with one cell changed; rows as Excel counts."""
    at = HEADERS.index(column)
    values = [line[at] for line in NEW[1:]]
    values[row - 2] = value
    return column_of(at, values, NEW)


def renamed(**headers: str) -> Rows:
    return [[headers.get(header, header) for header in HEADERS], *NEW[1:]]


def joined() -> Rows:
    """School and grade in one column, as many schools write it."""
    lines = column_of(5, [f"{line[5]}{line[7]}" for line in NEW[1:]], NEW)
    head, *body = ([*line[:7], *line[8:]] for line in lines)
    return [["就读学校及年级" if text == "学校名称" else text for text in head], *body]


def two_rows() -> bytes:
    def dress(book: Any, page: Any) -> None:
        page.merge_range("B1:E1", "学生基本信息")
        page.merge_range("F1:H1", "就读情况")
        page.merge_range("A1:A2", "序号")

    return table([["", *HEADERS[1:]], *NEW[1:]], row=1, dress=dress)


def several_sheets() -> bytes:
    def draw(book: Any) -> None:
        write(book.add_worksheet("填写说明"), [["请按学籍信息填写"]])
        write(book.add_worksheet("1班"), [HEADERS, *rows(3, FIRST)])
        write(book.add_worksheet("2班"), [HEADERS, *rows(2, FIRST + 3)])

    return xlsx(draw)


def and_sheet(name: str, lines: Rows) -> Callable[[], bytes]:
    """The registry, and a second sheet."""

    def draw(book: Any) -> None:
        write(book.add_worksheet("学生"), NEW)
        write(book.add_worksheet(name), lines)

    return lambda: xlsx(draw)


def in_class() -> Rows:
    """Class names that hold the grade, and no column for it."""
    head, *body = without("年级")
    return [[*head, "班级"], *([*line, f"四({at})班"] for at, line in enumerate(body, 1))]


def by_code() -> Rows:
    """The school by its code alone."""
    head, *body = without("学校名称")
    return [[*head, "学校标识码"], *([*line, "2135000009"] for line in body)]


def dressed(dress: Dress) -> Callable[[], bytes]:
    return lambda: table(NEW, dress=dress)


def sheet(header: Sequence[str], *lines: Sequence[Any], title: str = "") -> Callable[[], bytes]:
    """A workbook of another ledger, with its title above."""
    return lambda: table([*([[title]] if title else []), header, *lines])


def day(book: Any, page: Any) -> None:
    page.write(0, 10, "出生日期")
    for at in range(5):
        born = Pupil(FIRST + at).birth_date
        page.write_datetime(at + 1, 10, born, book.add_format({"num_format": "yyyy/m/d"}))


def two_tables() -> bytes:
    """One class below the other, the second with its columns in another order."""
    head, *body = NEW
    turned = [line[::-1] for line in (head, *body[2:])]
    return table([["五年级1班花名册"], head, *body[:2], ["合计", "2人"], [], ["五年级2班花名册"], *turned, ["合计"]])


def merged_dates() -> bytes:
    """One day beside all who were absent on it, shown without its year."""

    def dress(book: Any, page: Any) -> None:
        shown = book.add_format({"num_format": 'm"月"d"日"'})
        page.merge_range("A2:A3", "", shown)
        page.write_datetime("A2", date(2026, 11, 17), shown)
        page.write_datetime("A4", date(2026, 11, 18), shown)

    absent = zip(map(who, (11, 12, 13)), ("病假", "请事假", "旷课"), strict=True)
    return table([["日期", *WHO, "缺勤类型"], *([None, *one, kind] for one, kind in absent)], dress=dress)


BIRTHS = [Pupil(FIRST + at).birth_date for at in range(5)]
WRITTEN = [
    f"{BIRTHS[0]:%Y.%m.%d}",
    f"{BIRTHS[1]:%Y年%m月%d日}",
    f"{BIRTHS[2]:%Y%m%d}",
    f"{BIRTHS[3]:%Y-%m}",
    f"{BIRTHS[4]:%Y/%m/%d}",
]
ID = Pupil(FIRST).id_no
WRONG_CHECK = ID[:-1] + ("0" if ID[-1] != "0" else "1")

RIGHT = [
    right("plain.xlsx", lambda: table(NEW)),
    right("recognised.xlsx", lambda: table(NEW), ledger=None),
    right("titles.xlsx", lambda: table([["晨光镇2026年秋季学生基础库"], ["填报单位：晨光小学　填报时间：2026.9.10"], *NEW])),
    right("two_header_rows.xlsx", two_rows),
    right("header_far_down.xlsx", lambda: table([*[["晨光镇"]] * 9, *NEW])),
    right("line_breaks.xlsx", lambda: table([[f" {h[:2]}\n{h[2:]} " for h in HEADERS], *NEW[1:]])),
    right(
        "synonyms.xlsx",
        lambda: table(
            renamed(学生姓名="孩子姓名", 身份证号="公民身份号码", 全国学籍号="国网学籍号", 年级="所在年级", 学籍状态="就读状态")
        ),
    ),
    right("starred_headers.xlsx", lambda: table([[f"*{h}（必填）" for h in HEADERS], *NEW[1:]])),
    right("other_order.xlsx", lambda: table([line[::-1] for line in NEW])),
    right("unknown_columns.xlsx", lambda: table(with_column("班主任评语", ["好"] * 5))),
    right(
        "totals_and_signatures.xlsx",
        lambda: table([*NEW, ["合计", "5人"], ["注：已与学籍系统核对"], ["审核人：", "", "填表人："]]),
    ),
    right("header_on_every_page.xlsx", lambda: table([*NEW[:3], HEADERS, *NEW[3:]])),
    right("numbered_columns.xlsx", lambda: table([HEADERS, [str(n + 1) for n in range(10)], *NEW[1:]])),
    right("blank_rows.xlsx", lambda: table([*NEW[:3], [], [], *NEW[3:]])),
    right("several_sheets.xlsx", several_sheets),
    right("merged_school.xlsx", dressed(lambda book, page: page.merge_range("F2:F6", SCHOOL))),
    right("hidden_rows.xlsx", dressed(lambda book, page: page.set_row(2, None, None, {"hidden": True})), notes=("hidden_rows",)),
    right(
        "hidden_columns.xlsx",
        dressed(lambda book, page: page.set_column("D:D", None, None, {"hidden": True})),
        notes=("hidden_columns",),
    ),
    right("old_format.xls", lambda: old(NEW)),
    right("utf8.csv", lambda: text("utf-8", NEW)),
    right("utf8_mark.csv", lambda: text("utf-8-sig", NEW)),
    right("gb18030.csv", lambda: text("gb18030", NEW)),
    right("utf16.csv", lambda: text("utf-16-le", NEW, delimiter="\t", mark=b"\xff\xfe")),
    right("semicolons.csv", lambda: text("utf-8", NEW, delimiter=";")),
    right("workbook_in_name_only.xls", lambda: table(NEW), notes=("renamed",)),
    right("date_cells.xlsx", lambda: table(NEW, dress=day)),
    right("dates_as_written.xlsx", lambda: table(with_column("出生日期", WRITTEN))),
    right(
        "full_width_numbers.xlsx",
        lambda: table(cell("身份证号", 2, ID.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}))),
    ),
    right("zero_width.xlsx", lambda: table(cell("身份证号", 2, f"\u200b{ID[:6]}\u200b{ID[6:]}\ufeff"))),
    right("apostrophe.csv", lambda: text("utf-8", cell("身份证号", 2, f"'{ID}"))),
    right("gap_in_a_name.xlsx", lambda: table(cell("学生姓名", 2, f"{Pupil(FIRST).name[0]} {Pupil(FIRST).name[1:]}"))),
    right("rare_characters.xlsx", lambda: table(cell("学生姓名", 2, "𠮷㛃䶮"))),
    right("sex_codes.xlsx", lambda: table(column_of(2, ["2", "01", "2.0", "男", "02"], NEW))),
    right("grade_words.xlsx", lambda: table(column_of(7, ["五", "5", "小学六年级", "一年级(2)班", "2"], NEW))),
    right("school_and_grade.xlsx", lambda: table(joined())),
    right("nothing_written.xlsx", lambda: table(with_column("民族", ["NA", "无", "/", "—", ""]))),
    right(
        "telephones.xlsx",
        lambda: table(with_column("联系电话", [10012345678, "100-1234-5678", "100 1234 5678", "０１００１２３４５６７", ""])),
    ),
    right("ticks.xlsx", lambda: table(with_column("是否孤儿", ["√", "否", "0-否", "无", ""]))),
    right("lines_with_nothing_but_a_number.xlsx", lambda: table([*NEW, *([str(number)] for number in range(6, 31))])),
    right("an_example_above.xlsx", lambda: table([HEADERS, ["例", *Pupil(80).row()[1:]], *NEW[1:]])),
    right("a_marked_example.xlsx", lambda: table([HEADERS, ["1", "张三（示例）", *Pupil(80).row()[2:]], *NEW[1:]])),
    right("town_before_school.xlsx", lambda: table(cell("学校名称", 2, f"晨光县{TOWN}{SCHOOL}"))),
    right("grade_in_class.xlsx", lambda: table(in_class())),
    right("school_by_code.xlsx", lambda: table(by_code())),
    right("sex_in_words.xlsx", lambda: table(column_of(2, ["女生", "男生", "女孩", "男孩", "女性"], NEW))),
    right(
        "a_sheet_of_sums.xlsx", and_sheet("汇总", [["班级", "人数"], ["四1班", 30], ["合计", 30]]), notes=("sheet_passed_over",)
    ),
    right("another_town.xlsx", lambda: table(cell("乡镇", 2, "火星镇")), notes=("town_unknown",)),
    right("grade_the_school_lacks.xlsx", lambda: table(cell("年级", 2, "初二")), notes=("stage_new",)),
    right(
        "titles_of_classes.xlsx",
        lambda: table([HEADERS, ["五年级1班（班主任：某某）"], *NEW[1:3], ["本班共计2人"], [], [SCHOOL], *NEW[3:]]),
    ),
    right("sum_of_the_school.xlsx", lambda: table([*NEW, ["全校合计", "5人"], ["户数：5户", "", "人数：5人"]])),
    right("signs_number_the_columns.xlsx", lambda: table([HEADERS, list("①②③④⑤⑥⑦⑧⑨⑩"), *NEW[1:]])),
    right("two_tables_in_a_sheet.xlsx", two_tables),
    right("dates_merged_down.xlsx", merged_dates, 3, "L20"),
    right("twice_the_same_file.xlsx", lambda: table([HEADERS, *rows(5)])),
]

L1 = [*WHO, "辍学时间", "当前状态", "辍学原因", "劝返人员", "复学时间"]
L8 = [*WHO, "异动类别", "异动日期", "佐证材料"]
L9 = ["学生姓名", "班级", "家访时间", "家访形式", "家访教师", "家访内容"]
L13 = ["填报单位", "填报时间", "应到人数", "实到人数", "旷课(未说明)", "疑似辍学人数", "辍学人数", "复学(返校)人数", "填表人"]
L16 = ["学校名称", "届", "入学人数", "转进", "转出", "毕业生人数", "巩固率"]
L17 = [*WHO, "身份证号", "应读学段", "就学状况", "村(社区)"]
RETURN = [SCHOOL, "2026-11-19", 30, 29, 1, 0, 0, 0, "某某"]


def wrong(name: str, lines: Rows, place: str, code: str, accepted: int = 4) -> Sheet:
    return Sheet(f"{name}.xlsx", lambda: table(lines), accepted, ((place, code),))


def of(code: str, name: str, header: Sequence[str], line: Sequence[Any], place: str, fault: str, title: str = "") -> Sheet:
    """One wrong row of another ledger."""
    faults = ((place, fault),) if fault else ()
    return Sheet(f"{code}_{name}.xlsx", sheet(header, line, title=title), 0 if fault else 1, faults, code)


def changed(line: Sequence[Any], at: int, value: Any) -> list[Any]:
    return [*line[:at], value, *line[at + 1 :]]


WRONG = [
    wrong("check_character", cell("身份证号", 2, WRONG_CHECK), "D2", "id.check"),
    wrong("fifteen_digits", cell("身份证号", 2, ID[:6] + ID[8:17]), "D2", "id.fifteen"),
    wrong("short_number", cell("身份证号", 2, ID[:-2]), "D2", "id.length"),
    wrong("letter_in_number", cell("身份证号", 2, "O" + ID[1:]), "D2", "id.characters"),
    wrong("no_such_birthday", cell("身份证号", 2, ID[:10] + "1341" + ID[14:]), "D2", "id.birth"),
    wrong("number_cell", cell("身份证号", 2, float(ID[:17] + "0")), "D2", "id.number_cell"),
    Sheet("saved_by_excel.csv", lambda: text("gb18030", cell("身份证号", 2, "9.99999E+17")), 4, (("D2", "id.number_cell"),)),
    wrong("registry_prefix", cell("全国学籍号", 3, "X" + Pupil(FIRST + 1).id_no), "E3", "registry.prefix"),
    wrong("registry_length", cell("全国学籍号", 3, "G" + Pupil(FIRST + 1).id_no[:-1]), "E3", "registry.length"),
    wrong("registry_of_another", cell("全国学籍号", 3, "G" + Pupil(77).id_no), "E3", "registry.other_id"),
    wrong("sex_contradicts", cell("性别", 2, "男"), "C2", "id.other_sex"),
    wrong("no_such_sex", cell("性别", 2, "雄"), "C2", "sex.unknown"),
    wrong("birth_contradicts", with_column("出生日期", ["2014-01-02", *WRITTEN[1:]]), "K2", "id.other_birth"),
    wrong("no_name", cell("学生姓名", 4, ""), "B4", "cell.missing"),
    wrong("no_number", cell("身份证号", 4, ""), "D4", "cell.missing"),
    wrong("no_state", cell("学籍状态", 6, None), "J6", "cell.missing"),
    wrong("no_such_state", cell("学籍状态", 6, "云游"), "J6", "choice.unknown"),
    wrong("misspelt_school", cell("学校名称", 5, "晨光小字"), "F5", "import.school_unknown"),
    wrong("no_such_grade", cell("年级", 5, "十二年级"), "H5", "grade.unknown"),
    wrong("telephone_too_short", with_column("联系电话", ["12345", "", "", "", ""]), "K2", "phone.form"),
    wrong("future_birth", with_column("出生日期", ["2027-01-02", *WRITTEN[1:]]), "K2", "date.future"),
    wrong("class_became_date", with_column("班级", ["2026-08-05", "1班", "1班", "1班", "1班"]), "K2", "cell.became_date"),
    wrong("twice_in_a_file", [*NEW, NEW[1]], "D7", "import.row_twice", 5),
    wrong("number_of_another_name", [*NEW, changed(Pupil(1).row(), 1, "乜某")], "D7", "import.other_name", 5),
    Sheet("twice_in_two_schools.xlsx", lambda: table([*NEW, changed(NEW[1], 5, "无名小学")]), 5,
          (("F7", "import.school_unknown"), ("D7", "import.twice_elsewhere"))),
    Sheet("L13_one_unit_twice.xlsx", lambda: table([L13, RETURN, changed(RETURN, 3, 28)]), 1, (("A3", "import.unit_twice"),), "L13"),
    Sheet("no_state_column.xlsx", lambda: table(without("学籍状态")), 0, (("A1", "header.missing"),)),
    Sheet("two_name_columns.xlsx", lambda: table(with_column("学生姓名", ["甲"] * 5)), 0, (("B1", "header.ambiguous"), ("K1", "header.ambiguous"))),
    wrong("code_of_another_school", with_column("学校标识码", ["2135000010", "", "", "", ""]), "K2", "import.school_disagrees"),
    wrong("name_without_end", cell("学生姓名", 2, "甲" * 61), "B2", "text.too_long"),
    wrong("class_without_grade", [in_class()[0], *(changed(line, 9, "2班") if at == 0 else line for at, line in enumerate(in_class()[1:]))], "J2", "grade.unknown"),
    Sheet("two_ledgers.xlsx", and_sheet("异动", [L8, [*who(8), "转出", "2026-10-08", "有"]]), 5, (("A1", "import.other_ledger"),), None),
    Sheet(
        "two_ledgers_in_a_sheet.xlsx",
        lambda: table([*NEW, [], ["学生异动花名册"], L8, [*who(8), "转出", "2026-10-08", "有"]]),
        5,
        (("A9", "import.other_ledger"),),
        None,
    ),
    Sheet("fits_several_ledgers.xlsx", lambda: table(without("学籍状态")), 0, (("A1", "header.which_ledger"),), None),
    Sheet("header_only.xlsx", lambda: table([HEADERS]), 0, (("A2", "import.no_rows"),)),
    Sheet("empty.xlsx", lambda: table([]), 0, (("", "header.none"),)),
    Sheet("no_ledger.xlsx", lambda: table([["甲", "乙"], ["1", "2"]]), 0, (("A1", "header.none"),)),
    of("L1", "ambiguous_date", [*L1[:-1], "劝返时间"], [*who(1), "2026-10-08", "辍学", "厌学", "某某", "2026-10-09"], "G2", "header.ambiguous", "控辍保学台账"),
    of("L1", "right", L1, [*who(1), "2026.10", "辍学", "厌学", "某某", None], "", ""),
    of("L1", "returned_without_date", L1, [*who(1), "2026-10-08", "已返校", "厌学", "某某", None], "G2", "import.return_date_missing"),
    of("L1", "returned_too_early", L1, [*who(1), "2026-10-08", "已返校", "厌学", "某某", "2026-10-01"], "G2", "import.return_before_drop"),
    of("L1", "no_such_status", L1, [*who(1), "2026-10-08", "在外面玩", "厌学", "某某", None], "D2", "choice.unknown"),
    of("L1", "year_only", L1, [*who(1), "2026年", "辍学", "厌学", "某某", None], "C2", "date.no_month"),
    of("L1", "child_unknown", L1, ["没有这人", f"G{Pupil(90).id_no}", "2026-10-08", "辍学", "厌学", "某某", None], "A2", "import.child_unknown"),
    of("L3", "no_such_school", [*WHO, "残疾类别", "残疾等级", "承担送教学校", "送教教师"], [*who(3), "智力", "二级", "无名小学", "某某"], "E2", "import.school_unknown"),
    of("L5", "no_such_kind", [*WHO, "残疾类别", "安置方式", "就读学校"], [*who(5), "懒惰", "随班就读", SCHOOL], "C2", "choice.unknown"),
    of("L5", "one_column_for_the_school", [*WHO, "学校名称", "残疾类别", "安置方式"], [*who(5), SCHOOL, "智力", "随班就读"], "", ""),
    of("L6", "right", [*WHO, "父母双方同时外出", "父母一方外出、另一方无监护能力", "受委托监护人姓名", "监护类型", "就学情况", "更新日期"],
       [*who(6), "√", "×", "某某", "一般", "小学", "2026.10.8"], "", ""),
    of("L6", "not_said", [*WHO, "父母双方同时外出", "父母一方外出、另一方无监护能力", "受委托监护人姓名", "监护类型", "就学情况", "更新日期"],
       [*who(6), None, "否", "某某", "一般", "小学", "2026.10.8"], "C2", "cell.missing"),
    of("L7", "said_otherwise", [*WHO, "留守类型", "父母去向", "监护人情况", "结对教师"], [*who(7), "父母双方外出", "广东", "某某", "某某"], "", ""),
    of("L7", "number_of_another_name", [*WHO, "留守类型", "父母去向", "监护人情况", "结对教师"], ["乜某", who(7)[1], "双亲", "广东", "某某", "某某"], "A2", "import.other_name"),
    of("L7", "no_such_type", [*WHO, "留守类型", "父母去向", "监护人情况", "结对教师"], [*who(7), "可能", "广东", "某某", "某某"], "C2", "choice.unknown"),
    of("L8", "repetition", L8, [*who(8), "留级", "2026-10-08", "有"], "C2", "import.no_repetition"),
    of("L8", "expulsion", L8, [*who(8), "开除", "2026-10-08", "有"], "C2", "choice.expelled"),
    of("L8", "month_only", L8, [*who(8), "转出", "2026-10", "有"], "D2", "date.no_day"),
    of("L9", "right", [*L9, "学籍号"], [who(9)[0], "", "2026年10月8日 下午3:20", "1", "某某", "谈话", who(9)[1]], "", ""),
    of("L9", "other_headers", ["学生", "所在班级", "家访日期时间", "家访方式", "家访教师", "家访内容", "学籍号"], [who(9)[0], "四年级", "2026年10月8日下午3点半", "上门走访", "某某", "谈话", who(9)[1]], "", ""),
    of("L9", "number_of_another_name", [*L9, "学籍号"], ["乜某", "", "2026-10-08", "1", "某某", "谈话", who(9)[1]], "A2", "import.other_name"),
    of("L9", "visit_to_come", L9, [who(9)[0], "四年级", "2026-12-01", "上门", "某某", "谈话"], "C2", "date.future"),
    of("L9", "said_otherwise", [*L9, "学籍号"], [who(9)[0], "", "2026-10-08", "入户走访", "某某", "谈话", who(9)[1]], "", ""),
    of("L9", "no_such_way", L9, [who(9)[0], "四年级", "2026-10-08", "托梦", "某某", "谈话"], "D2", "choice.unknown"),
    of("L10", "no_such_case", ["台账编号", "劝返次数", "劝返人员姓名", "劝返时间", "劝返就读情况记录", "劝返结果"],
       ["404", 1, "某某", "2026-10-08", "谈话", "拒绝"], "A2", "import.case_unknown"),
    of("L11", "no_such_unit", ["督办编号", "下发日期", "督办单位", "承办单位", "责任人", "督办事项", "办理要求", "办结时限"],
       ["1号", "2026-10-08", "教育局", "无名学校", "某某", "台账", "补齐", "2026-12-01"], "D2", "import.unit_unknown"),
    of("L12", "no_date", ["检查内容", "检查方式", "督导人员", "督导时间"], ["台账", "查资料", "某某", None], "D2", "cell.missing"),
    of("L12", "unit_above_with_seal", ["检查内容", "检查方式", "督导人员", "督导时间"], ["台账", "查资料", "某某", "2026-10-08"], "", "", f"被督导单位：{SCHOOL}（盖章）"),
    of("L12", "no_such_unit_above", ["检查内容", "检查方式", "督导人员", "督导时间"], ["台账", "查资料", "某某", "2026-10-08"], "A3", "import.unit_unknown", "被督导单位：无名学校（盖章）"),
    of("L13", "zero_report", L13, [SCHOOL, "2026-11-19", 30, 30, 0, 0, 0, 0, "某某"], "", "", "控辍保学日报表"),
    of("L13", "week_with_one_month", L13, changed(RETURN, 1, "2026年11月16日—20日"), "", "", "控辍保学周报表"),
    of("L13", "blank_is_no_zero", L13, changed(RETURN, 6, None), "G2", "cell.missing"),
    of("L13", "about_thirty", L13, changed(RETURN, 2, "约30"), "C2", "number.approximate"),
    of("L13", "half_a_child", L13, changed(RETURN, 3, 29.5), "D2", "number.not_whole"),
    of("L13", "less_than_none", L13, changed(RETURN, 4, -1), "E2", "number.negative"),
    of("L13", "no_period", L13, changed(RETURN, 1, "上周"), "B2", "period.unknown"),
    of("L13", "period_to_come", L13, changed(RETURN, 1, "2026-12-01"), "B2", "date.future"),
    of("L14", "papers_owed", [*WHO, "借读学校", "家长个人申请", "村组核实证明", "借读学校接收证明"], [*who(14), "外省小学", "待补", "办理中", "没交"], "", ""),
    of("L14", "paper_not_said", [*WHO, "借读学校", "家长个人申请", "村组核实证明", "借读学校接收证明"], [*who(14), "外省小学", "有", None, "无"], "E2", "cell.missing"),
    of("L15", "right", ["自然村(屯)", "适龄儿童少年应接受义务教育人数", "已接受义务教育人数", "未接受义务教育人数"], ["晨光村", 30, 29, 1], "", "", "统计表"),
    of("L16", "no_such_year", L16, [SCHOOL, "二十届", 50, 1, 1, 49, "98%"], "B2", "year.unreadable"),
    of("L16", "more_than_all", L16, [SCHOOL, 2026, 50, 1, 1, 51, "102%"], "G2", "rate.over"),
    of("L17", "no_such_stage", L17, [*who(17), Pupil(17).id_no, "大学", "在校", "晨光村"], "D2", "choice.unknown"),
    of("L17", "child_of_elsewhere", L17, [*who(95), Pupil(95).id_no, "小学", "未入学", "晨光村"], "", ""),
]  # fmt: skip
LEDGERS = [*RIGHT, *WRONG]
TODAY = date(2026, 11, 20)
