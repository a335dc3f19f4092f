import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cell_words import Mark, parse_choice, parse_choices, parse_mark, parse_reasons, parse_tick
from domain.faults import Fault
from domain.ledgers import Column, Kind, ledger, read_ledgers
from domain.reasons import Reason
from domain.written_dates import WrittenDate

CHOICES = [
    pytest.param(column, choice.label, id=f"{code}.{column.field}.{choice.label}")
    for code, found in read_ledgers().items()
    for column in found.all_columns
    if column.kind is Kind.CHOICE
    for choice in column.choices
]


def column(code: str, field: str) -> Column:
    return ledger(code).column(field)


@pytest.mark.parametrize("text", ["√", "✓", "是", "有", "1", "1.0", "Y", "y", "Yes", "TRUE", "1-是", " 是 ", "１", "住校"])
def test_yes(text: str) -> None:
    assert parse_tick(text) is True


@pytest.mark.parametrize("text", ["×", "否", "无", "没有", "0", "0.0", "N", "no", "FALSE", "0-否", "未", "走读"])
def test_no(text: str) -> None:
    assert parse_tick(text) is False


@pytest.mark.parametrize("text", ["", " ", "/", "—", "NA"])
def test_a_blank_tick_is_neither(text: str) -> None:
    assert parse_tick(text) is None
    assert parse_mark(text) is None


@pytest.mark.parametrize("text", ["也许", "2", "是否", "√×"])
def test_an_unclear_tick_is_a_fault(text: str) -> None:
    assert parse_tick(text) == Fault("tick.unknown")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("有", Mark(True)),
        ("√", Mark(True)),
        ("无", Mark(False)),
        ("否", Mark(False)),
        ("有（2026.3.5）", Mark(True, WrittenDate(2026, 3, 5))),
        ("有(2026.3)", Mark(True, WrittenDate(2026, 3))),
        ("是 2026-03-05", Mark(True, WrittenDate(2026, 3, 5))),
        ("有，2026年3月5日", Mark(True, WrittenDate(2026, 3, 5))),
        ("2026-03-05", Mark(True, WrittenDate(2026, 3, 5))),
        ("已下发 2026.3.5", Mark(True, WrittenDate(2026, 3, 5))),
        ("闽教〔2026〕1号", Mark(True, note="闽教〔2026〕1号")),
        ("有（转学证明）", Mark(True, note="转学证明")),
        ("是，父", Mark(True, note="父")),
        ("未，家长拒签", Mark(False, note="家长拒签")),
        ("2次", Mark(True, note="2次")),
        *(
            (owed, Mark(False, note=owed))
            for owed in ("待补", "没交", "缺", "缺接收证明", "尚未办理", "暂缺", "拒签", "不齐", "不清楚")
        ),
        *((owed, Mark(False, note=owed)) for owed in ("正在办理", "办理中", "补办中", "申请中", "欠村组证明")),
        *((there, Mark(True, note=there)) for there in ("不动产登记证", "建宁县第一中", "复印件", "申请", "村组证明")),
        ("2", Mark(True, note="2")),
    ],
)
def test_papers_are_there_or_not_with_what_is_written_beside(text: str, mark: Mark) -> None:
    assert parse_mark(text) == mark


@pytest.mark.parametrize(("chosen", "label"), CHOICES)
def test_every_label_reads_back(chosen: Column, label: str) -> None:
    assert parse_choice(label, chosen) == label
    assert parse_choice(f" {label} ", chosen) == label


@pytest.mark.parametrize(
    ("code", "field", "text", "label"),
    [
        ("L0", "attend_mode", "1", "走读"),
        ("L0", "attend_mode", "2-住校", "住校"),
        ("L0", "attend_mode", "寄宿", "住校"),
        ("L0", "left_behind", "0-非留守", "非留守"),
        ("L0", "left_behind", "2.双亲留守", "双亲留守"),
        ("L0", "left_behind", "3-双亲留守", "双亲留守"),  # some products shift the digit: the words count
        ("L0", "left_behind", "是", "留守"),  # which of the two is not said, and not guessed
        ("L0", "disability", "无", "无"),
        ("L3", "dis_type", "5智力", "智力"),
        ("L3", "dis_level", "二级", "二级"),
        ("L3", "dis_level", "2", "二级"),
        ("L1", "status", "疑似", "疑似辍学"),
        ("L1", "status", "已复学", "已返校"),
        ("L8", "move_type", "22", "转入"),
        ("L8", "move_type", "转学（转出）", "转出"),
        ("L8", "move_type", "其它", "其他"),
        ("L9", "mode", "1上门", "上门"),
        ("L9", "mode", "电话家访", "电话"),
        ("L5", "placement", "延缓入学（批准）", "延缓入学"),
        ("L0", "state", "01", "在籍在校"),
        ("L0", "poor_flag", "一般农户", "否"),
    ],
)
def test_codes_and_other_wordings(code: str, field: str, text: str, label: str) -> None:
    assert parse_choice(text, column(code, field)) == label


def test_an_unknown_word_is_a_fault_that_lists_the_answers() -> None:
    found = parse_choice("说不清", column("L11", "check"))
    assert isinstance(found, Fault)
    assert "通过、退回" in found.say()


@pytest.mark.parametrize("text", ["开除", "开除学籍", "42", " 开 除 "])
def test_expulsion_is_refused_with_its_own_words(text: str) -> None:
    assert parse_choice(text, column("L8", "move_type")) == Fault("choice.expelled")


@pytest.mark.parametrize("text", ["", "/", "—"])
def test_a_blank_choice_is_nothing(text: str) -> None:
    assert parse_choice(text, column("L1", "status")) is None
    assert parse_choices(text, column("L12", "way")) is None
    assert parse_reasons(text) is None


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("听汇报", ("听汇报",)),
        ("听汇报、查资料", ("听汇报", "查资料")),
        ("查资料,听汇报", ("查资料", "听汇报")),
        ("查资料；查阅资料", ("查资料",)),
        ("点名 座谈", ("进班点名", "座谈")),
    ],
)
def test_several_answers_in_one_cell(text: str, labels: tuple[str, ...]) -> None:
    assert parse_choices(text, column("L12", "way")) == labels


def test_one_unknown_answer_spoils_the_cell() -> None:
    assert isinstance(parse_choices("听汇报、看电影", column("L12", "way")), Fault)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("厌学", (Reason.TIRED_OF_SCHOOL,)),
        ("02", (Reason.TIRED_OF_SCHOOL,)),
        ("因贫困辍学", (Reason.FAMILY_POVERTY,)),
        ("厌学、家庭困难", (Reason.TIRED_OF_SCHOOL, Reason.FAMILY_POVERTY)),
        ("外出打工，厌学，打工", (Reason.GONE_TO_WORK, Reason.TIRED_OF_SCHOOL)),
        ("家里养蜂", (Reason.OTHER,)),
    ],
)
def test_reasons_are_found_in_the_wording(text: str, reasons: tuple[Reason, ...]) -> None:
    assert parse_reasons(text) == reasons


@given(st.text())
def test_any_words_can_be_read(text: str) -> None:
    parse_tick(text)
    parse_mark(text)
    parse_reasons(text)
    assert parse_choice(text, column("L1", "status")) is None or text.strip()
