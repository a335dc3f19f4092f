"""The filter in the URL: total on anything, lossless, dates settled once, said in words in both languages."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.case_filter import Basis, CaseFilter, Round, resolve
from domain.cases import CaseStatus
from domain.grades import Stage
from domain.groups import Group
from domain.reasons import Reason
from domain.school_year import FIRST_YEAR, LAST_YEAR, Period, school_year_of
from domain.terms import LANGS, Lang, all_words
from domain.visits import DutyLine

TODAY = date(2026, 11, 20)
AUTUMN = Round("2026-09", "2026年秋季督导", date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30), Period(2026, 1))
ROUNDS = {AUTUMN.code: AUTUMN}
DIGITS = "0123456789"
DAYS = st.dates(date(FIRST_YEAR, 9, 1), date(LAST_YEAR + 1, 8, 31))
PERIODS = st.builds(Period, st.integers(FIRST_YEAR, LAST_YEAR), st.sampled_from([None, 1, 2]))


def code(*lengths: int) -> st.SearchStrategy[str]:
    return st.one_of(*(st.text(DIGITS, min_size=length, max_size=length) for length in lengths))


FILTERS = st.builds(
    CaseFilter,
    area=st.none() | code(4, 6, 9) | code(12).filter(lambda padded: not padded.endswith("000")),
    school=st.none() | code(10),
    stage=st.none() | st.sampled_from(Stage),
    grade=st.none() | st.integers(1, 9),
    groups=st.lists(st.sampled_from(Group), max_size=4).map(tuple),
    statuses=st.lists(st.sampled_from(CaseStatus), max_size=4).map(tuple),
    reasons=st.lists(st.sampled_from(Reason), max_size=4).map(tuple),
    rung=st.none() | st.integers(0, 7),
    overdue=st.booleans(),
    nobody=st.booleans(),
    nobody_line=st.none() | st.sampled_from(DutyLine),
    orphaned=st.booleans(),
    severe=st.booleans(),
    owner=st.none() | st.integers(1, 2**53 - 1),
    owner_line=st.none() | st.sampled_from(DutyLine),
    unlocated=st.booleans(),
    period=st.none() | PERIODS,
    round_code=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda day: day.isoformat()[:7]),
    as_of=st.none() | DAYS,
    basis=st.sampled_from(Basis),
)
KEYS = (
    "area",
    "school",
    "stage",
    "grade",
    "group",
    "status",
    "reason",
    "rung",
    "overdue",
    "nobody",
    "nobody_line",
    "orphaned",
    "severe",
    "owner",
    "owner_line",
    "unlocated",
    "period",
    "round",
    "asof",
    "basis",
)
NEARLY = (
    "350430",
    "2135000001",
    "primary",
    "8",
    "poor,poor",
    "open",
    "1",
    "0",
    "2026-2027",
    "2026-09",
    "2026-11-20",
    "registered",
    "0001-01-01",
    "9999-12-31",
)
GARBAGE = st.dictionaries(
    st.sampled_from(KEYS) | st.text(max_size=6), st.text(max_size=30) | st.sampled_from(NEARLY), max_size=14
)


@given(FILTERS)
def test_what_the_url_says_is_what_was_written(chosen: CaseFilter) -> None:
    assert CaseFilter.from_query(chosen.to_query()) == chosen


@given(GARBAGE)
@example({"asof": "0001-01-01"})
@example({"asof": "9999-12-31"})
@example({"period": "2099-2100-2"})
def test_any_query_gives_a_filter_that_can_be_settled_and_said(query: dict[str, str]) -> None:
    chosen = CaseFilter.from_query(query)
    settled = resolve(chosen, TODAY, ROUNDS)
    assert CaseFilter.from_query(chosen.to_query()) == chosen
    assert settled.as_of is not None
    assert settled.period is not None
    assert settled.period.starts <= settled.period.ends
    assert all(settled.describe(lang, {}, "建宁县") for lang in LANGS)


@given(FILTERS)
def test_urls_hold_codes_only(chosen: CaseFilter) -> None:
    """Letters, digits, `-`, `_`, `,`: nothing of a name, nothing that a URL has to escape."""
    assert all(
        text.isascii() and text.replace(",", "").replace("-", "").replace("_", "").isalnum()
        for text in chosen.to_query().values()
    )


@given(FILTERS, st.sampled_from([item.name for item in fields(CaseFilter)]))
def test_a_part_taken_away_is_gone_and_the_others_stay(chosen: CaseFilter, name: str) -> None:
    rest = chosen.without(name)
    assert name not in rest.changed()
    assert set(rest.changed()) == set(chosen.changed()) - {name, f"{name}_line"}  # a line goes with what it narrows


@given(FILTERS)
def test_changed_names_the_parts_that_the_url_holds(chosen: CaseFilter) -> None:
    assert len(chosen.changed()) == len(chosen.to_query())


@given(FILTERS, DAYS)
def test_settling_twice_changes_nothing(chosen: CaseFilter, today: date) -> None:
    settled = resolve(chosen, today, ROUNDS)
    assert resolve(settled, today, ROUNDS) == settled


@given(FILTERS, DAYS)
def test_a_settled_link_means_the_same_on_any_later_day(chosen: CaseFilter, today: date) -> None:
    settled = resolve(chosen, today, ROUNDS)
    again = resolve(CaseFilter.from_query(settled.to_query()), today + timedelta(days=400), ROUNDS)
    assert again == settled


@given(FILTERS)
def test_settling_touches_dates_and_round_only(chosen: CaseFilter) -> None:
    settled = resolve(chosen, TODAY, ROUNDS)
    blank = {"as_of": None, "period": None, "round_code": None}
    assert replace(settled, **blank) == replace(chosen, **blank)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chosen", "as_of", "period", "round_code"),
    [
        (CaseFilter(), TODAY, Period(2026), None),
        (CaseFilter(as_of=date(2026, 8, 31)), date(2026, 8, 31), Period(2025), None),
        (CaseFilter(as_of=date(2026, 9, 1)), date(2026, 9, 1), Period(2026), None),
        (CaseFilter(period=Period(2025)), date(2026, 8, 31), Period(2025), None),
        (CaseFilter(period=Period(2026, 1)), TODAY, Period(2026, 1), None),
        (CaseFilter(period=Period(2025), as_of=date(2026, 3, 1)), date(2026, 3, 1), Period(2025), None),
        (CaseFilter(round_code="2026-09"), AUTUMN.as_of, AUTUMN.period, "2026-09"),
        (CaseFilter(round_code="2026-09", as_of=TODAY, period=Period(2025)), AUTUMN.as_of, AUTUMN.period, "2026-09"),
        (CaseFilter(round_code="2019-03"), TODAY, Period(2026), None),
    ],
)
def test_dates_are_settled(chosen: CaseFilter, as_of: date, period: Period, round_code: str | None) -> None:
    settled = resolve(chosen, TODAY, ROUNDS)
    assert (settled.as_of, settled.period, settled.round_code) == (as_of, period, round_code)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(
            ("area", text)
            for text in ("35043", "3504301", "35043010000", "350430100200x", "３５０４３０", "建宁县", "' OR 1=1", "%")
        ),
        *(("school", text) for text in ("213500000", "21350000011", "x135000001", "测试小学")),
        *(("grade", text) for text in ("0", "10", "八", "8.0", "")),
        *(("rung", text) for text in ("8", "99", "-1")),
        *((flag, text) for flag in ("overdue", "nobody", "orphaned") for text in ("0", "true", "yes", "11")),
        *(("owner", text) for text in ("0", "-1", "x", "１", "9" * 17, "陈")),
        *(
            ("asof", text)
            for text in ("2026-02-30", "20/11/2026", "yesterday", "0001-01-01", "1999-08-31", "9999-12-31", "2100-09-01")
        ),
        *(("period", text) for text in ("2026", "2026-2028", "1999-2000", "2100-2101", "2026-2027-3")),
        *(("round", text) for text in ("2026-13", "2026-9", "2026-09-01", "秋季", "2026/09")),
        *(("stage", text) for text in ("PRIMARY", "senior", "初中")),
        *(("status", text) for text in ("open", "at_risk;closed", "")),
        *(("group", text) for text in ("rich", ",,", "poor ")),
        ("basis", "home"),
        ("name", "张三"),
    ],
)
def test_a_bad_value_is_dropped(key: str, text: str) -> None:
    assert (
        CaseFilter.from_query({key: text, "stage": "junior"} if key != "stage" else {key: text}).without("stage") == CaseFilter()
    )


def test_of_several_values_the_known_ones_stay() -> None:
    chosen = CaseFilter.from_query({"status": "dropout,nonsense,suspected,dropout"})
    assert chosen.statuses == (CaseStatus.DROPOUT, CaseStatus.SUSPECTED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": "35"}, {"area": ""}, {"school": "1"}, {"grade": 0}, {"grade": 10}, {"rung": 8}, {"round_code": "2026-00"},
        {"as_of": date(1999, 8, 31)}, {"as_of": date(2100, 9, 1)},
    ],
)  # fmt: skip
def test_a_filter_of_the_wrong_form_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        CaseFilter(**wrong)  # type: ignore[arg-type]


def test_order_and_doubles_of_several_values_do_not_matter() -> None:
    some, other = (Group.POOR, Group.ORPHAN, Group.POOR), (Group.ORPHAN, Group.POOR)
    assert CaseFilter(groups=some) == CaseFilter(groups=other)


@pytest.mark.parametrize(
    ("chosen", "needs_case", "from_summary"),
    [
        (CaseFilter(), False, True),
        (CaseFilter(area="350430", school="2135000001", stage=Stage.JUNIOR, unlocated=True, basis=Basis.REGISTERED), False, True),
        (CaseFilter(grade=8), False, False),
        (CaseFilter(groups=(Group.POOR,)), False, False),
        (CaseFilter(statuses=(CaseStatus.DROPOUT,)), True, False),
        (CaseFilter(reasons=(Reason.TIRED_OF_SCHOOL,)), True, False),
        (CaseFilter(rung=1), True, False),
        (CaseFilter(rung=0), True, False),
        (CaseFilter(overdue=True), True, False),
        (CaseFilter(nobody=True), True, False),
        (CaseFilter(orphaned=True), True, False),
        (CaseFilter(owner=7), True, False),
    ],
)
def test_what_a_filter_needs(chosen: CaseFilter, needs_case: bool, from_summary: bool) -> None:
    assert (chosen.needs_case, chosen.from_summary) == (needs_case, from_summary)


NAMES = {"350430": "建宁县", "350430100": "甲镇", "3135000002": "甲镇中学", "2026-09": AUTUMN.name}


@pytest.mark.parametrize(
    ("chosen", "lang", "sentence"),
    [
        (CaseFilter(), "zh", "建宁县 · 2026-2027学年 · 截至 2026-11-20"),
        (CaseFilter(), "en", "建宁县 · School year 2026-2027 · as of 2026-11-20"),
        (CaseFilter(area="350430100", stage=Stage.JUNIOR), "zh", "甲镇 · 初中 · 2026-2027学年 · 截至 2026-11-20"),
        (CaseFilter(area="999999"), "zh", "999999 · 2026-2027学年 · 截至 2026-11-20"),
        (
            CaseFilter(school="3135000002", grade=8, overdue=True),
            "zh",
            "建宁县 · 甲镇中学 · 8 年级 · 只看逾期 · 2026-2027学年 · 截至 2026-11-20",
        ),
        (
            CaseFilter(statuses=(CaseStatus.DROPOUT, CaseStatus.SUSPECTED)),
            "zh",
            "建宁县 · 辍学、疑似辍学 · 2026-2027学年 · 截至 2026-11-20",
        ),
        (
            CaseFilter(statuses=(CaseStatus.DROPOUT, CaseStatus.SUSPECTED)),
            "en",
            "建宁县 · Dropout, Suspected dropout · School year 2026-2027 · as of 2026-11-20",
        ),
        (CaseFilter(round_code="2026-09"), "zh", "建宁县 · 2026年秋季督导 · 2026-2027学年第一学期（秋季） · 截至 2026-09-30"),
        (
            CaseFilter(basis=Basis.REGISTERED, rung=3, unlocated=True),
            "zh",
            "建宁县 · 第 3 级处置 · 未定位 · 按户籍地 · 2026-2027学年 · 截至 2026-11-20",
        ),
    ],
)
def test_the_sentence(chosen: CaseFilter, lang: Lang, sentence: str) -> None:
    assert resolve(chosen, TODAY, ROUNDS).describe(lang, NAMES, "建宁县") == sentence


@given(FILTERS, st.sampled_from(LANGS))
def test_every_part_has_words(chosen: CaseFilter, lang: Lang) -> None:
    """No key of a word shows through, whatever is chosen."""
    keys = set(all_words())
    told = {part for name in chosen.changed() for part in chosen.say_part(name, lang, {}).replace("、", ", ").split(", ")}
    assert not told & keys
    assert not {text for text in told if text.startswith(("filter.", "group.", "reason.", "casestatus.", "stage.", "basis."))}


@given(DAYS)
def test_the_default_period_holds_the_day(day: date) -> None:
    settled = resolve(CaseFilter(as_of=day), TODAY, {})
    assert settled.period == Period(school_year_of(day))
    assert settled.period.contains(day)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("350430102000", "350430102"),
        ("350430000000", "350430"),
        ("350400000000", "3504"),
        ("350430102200", "350430102200"),
        ("350430100000", "350430100"),
        ("350430", "350430"),
    ],
)
def test_a_code_padded_to_twelve_digits_means_the_town_or_county(written: str, meant: str) -> None:
    assert CaseFilter.from_query({"area": written}).area == meant


def test_a_line_alone_narrows_nothing_and_is_dropped() -> None:
    line = DutyLine.SCHOOL
    assert CaseFilter(nobody_line=line, owner_line=line) == CaseFilter()
    assert CaseFilter(nobody=True, nobody_line=line, owner=7, owner_line=line).without("owner") == CaseFilter(
        nobody=True, nobody_line=line
    )
    assert CaseFilter.from_query({"owner_line": "school", "owner": "7"}) == CaseFilter(owner=7, owner_line=line)
