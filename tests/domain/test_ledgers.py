import pytest

from domain.errors import ProblemError
from domain.ledgers import Kind, Ledger, ledger, read_ledgers, word_key
from domain.terms import all_words, say

LEDGERS = list(read_ledgers().values())
IDENTITY = [
    "student_name", "sex", "id_no", "birth_date", "age", "ethnicity", "registry_no", "registry_aux", "school_code", "school",
    "township", "grade", "class", "hukou_addr", "home_addr", "village", "guardian", "guardian_rel", "guardian_phone",
    "poor_flag", "remark",
]  # fmt: skip


def test_there_are_the_18_ledgers_with_their_450_columns_and_three_lists_of_our_own() -> None:
    assert list(read_ledgers()) == [f"L{n}" for n in range(21)]
    assert sum(len(found.columns) for found in LEDGERS if found.code not in {"L18", "L19", "L20"}) == 450


@pytest.mark.parametrize(
    ("code", "columns", "title"),
    [
        ("L0", 31, "学生基础库"),
        ("L1", 40, "辍学学生劝返复学台账"),
        ("L2", 30, "疑似辍学学生花名册"),
        ("L3", 33, "送教上门“一生一案”台账"),
        ("L4", 30, "易地搬迁子女入学台账"),
        ("L5", 30, "残疾儿童随班就读台账"),
        ("L6", 43, "留守儿童花名册(民政口径)"),
        ("L7", 29, "留守儿童花名册(教育口径)"),
        ("L8", 33, "学生异动花名册"),
        ("L9", 14, "家访记录表"),
        ("L10", 12, "劝返记录表"),
        ("L11", 14, "督办通知单"),
        ("L12", 14, "督导检查表"),
        ("L13", 17, "控辍保学日报"),
        ("L14", 27, "借读备案表"),
        ("L15", 12, "适龄儿童少年接受义务教育情况统计表"),
        ("L16", 14, "巩固率统计表"),
        ("L17", 27, "适龄儿童台账"),
        ("L18", 24, "中考名单"),
        ("L19", 10, "包保责任表"),
        ("L20", 29, "缺勤登记表"),
    ],
)
def test_each_ledger_has_its_columns_and_title(code: str, columns: int, title: str) -> None:
    assert (len(ledger(code).columns), ledger(code).title) == (columns, title)


@pytest.mark.parametrize("found", LEDGERS, ids=lambda found: found.code)
def test_fields_and_headers_are_unique_within_a_ledger(found: Ledger) -> None:
    fields = [column.field for column in found.all_columns]
    headers = [column.header for column in found.columns]
    assert len(set(fields)) == len(fields)
    assert len(set(headers)) == len(headers)
    assert all(column.field and column.header and column.english for column in found.all_columns)


@pytest.mark.parametrize("found", LEDGERS, ids=lambda found: found.code)
def test_the_identity_block_stands_together_where_there_is_one(found: Ledger) -> None:
    fields = [column.field for column in found.columns]
    assert found.has_identity_block == ("guardian_rel" in fields)
    if found.has_identity_block:
        start = fields.index("student_name")
        assert fields[start : start + len(IDENTITY)] == IDENTITY
        assert not found.own & set(IDENTITY)
    else:
        assert found.own == set(fields)


def test_ledgers_with_a_row_per_child_have_the_block() -> None:
    assert [found.code for found in LEDGERS if found.has_identity_block] == [
        *(f"L{n}" for n in range(9)),
        "L14",
        "L17",
        "L18",
        "L20",
    ]


def test_the_case_number_opens_the_persuasion_ledger() -> None:
    assert [column.field for column in ledger("L1").columns][:2] == ["case_no", "student_name"]
    assert ledger("L1").columns[-1].field == "closed_at"


def test_visits_and_persuasions_may_carry_what_tells_two_children_apart() -> None:
    for code in ("L9", "L10"):
        extras = {column.field for column in ledger(code).extras}
        known = extras | {column.field for column in ledger(code).columns}
        assert {"student_name", "registry_no", "school_code", "case_no"} <= known
        assert not any(column.required for column in ledger(code).extras)


@pytest.mark.parametrize("found", LEDGERS, ids=lambda found: found.code)
def test_sensitive_columns_are_marked(found: Ledger) -> None:
    assert all(column.pii in {0, 1, 2} for column in found.all_columns)
    for column in found.all_columns:
        if column.kind in {Kind.ID, Kind.REGISTRY, Kind.CARD, Kind.PHONE}:
            assert column.pii == 2, column.field
        if column.kind is Kind.NAME:
            assert column.pii >= 1, column.field


@pytest.mark.parametrize("found", LEDGERS, ids=lambda found: found.code)
def test_vocabularies_belong_to_choices_and_have_no_word_twice(found: Ledger) -> None:
    for column in found.all_columns:
        assert bool(column.choices) == (column.kind in {Kind.CHOICE, Kind.CHOICES}), column.field
        words = [word_key(word) for choice in column.choices for word in (choice.label, *choice.aliases)]
        assert len(set(words)) == len(words), (found.code, column.field)
        assert all(column.labels[word_key(choice.label)] == choice.label for choice in column.choices)


@pytest.mark.parametrize(
    ("word", "key"), [("转学（转出）", "转学转出"), ("其它", "其他"), (" 1.0 ", "1"), ("离异 外出", "离异外出"), ("ｙ", "Y")]
)
def test_words_are_compared_folded(word: str, key: str) -> None:
    assert word_key(word) == key


def test_expulsion_is_no_movement() -> None:
    assert dict(ledger("L8").column("move_type").refused)["开除"] == "choice.expelled"


def test_the_ambiguous_header_names_its_meanings() -> None:
    assert ledger("L1").ambiguous == (("劝返时间", ("return_date", "persuaded_at")),)
    assert all(ledger("L1").column(field) for _, fields in ledger("L1").ambiguous for field in fields)


def test_ledgers_are_found_by_code_in_any_case() -> None:
    assert ledger(" l13 ") is ledger("L13")


@pytest.mark.parametrize("code", ["", "L21", "L-1", "cases", "13"])
def test_unknown_ledgers_are_a_problem_said_in_words(code: str) -> None:
    with pytest.raises(ProblemError) as caught:
        ledger(code)
    assert "L20" in caught.value.say("zh")


def test_unknown_columns_are_an_error_of_the_programmer() -> None:
    with pytest.raises(KeyError, match="L1 has no column nothing"):
        ledger("L1").column("nothing")


def test_titles_and_headers_are_words_in_both_languages() -> None:
    assert say("ledger.L9", "zh") == "家访记录表"
    assert say("ledger.L9", "en") == "Home visits"
    assert say("ledger.L1.drop_date", "en") == "Left school on"
    assert all(f"ledger.{found.code}.{column.field}" in all_words() for found in LEDGERS for column in found.all_columns)


def test_required_fields_are_those_of_the_columns() -> None:
    assert set(ledger("L9").required) == {"student_name", "class", "visit_at", "mode", "visitors", "content"}
