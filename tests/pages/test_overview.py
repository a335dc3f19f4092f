"""The overview: tiles equal the rows behind them, charts say what they should, empty and bad states are ordinary pages."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.cases import count_cases, read_cases
from data_access.children import iterate_left_behind
from data_access.engine import open_engine
from data_access.left_behind_parts import LeftBehindPart, count_left_behind_parts
from data_access.schools import read_schools
from domain.case_filter import CaseFilter, resolve
from domain.rates import Rate
from domain.scope import Role, Scope
from domain.targets import Verdict
from domain.terms import LANGS, Lang, say
from pages.shared.charts import Bullet, Span, draw_bullets, draw_spans
from tests.pages.conftest import OpenPage, assert_ordinary, links, numbers, texts
from tests.pages.tiny_county import COUNTY, OPEN_CASES, TODAY

OFFICIAL = Scope("test", Role.COUNTY, (COUNTY,))
QUERIES: list[dict[str, str]] = [
    {},
    {"area": "350430100"},
    {"area": "350430100201"},
    {"stage": "junior", "grade": "8"},
    {"overdue": "1"},
    {"status": "dropout", "group": "left_behind_education"},
    {"asof": "2026-10-20"},
    {"round": "2026-09"},
    {"unlocated": "1"},
    {"school": "3135000002", "basis": "registered"},
]
STATES = [{}, {"area": "350430100", "lang": "en"}, {"area": "nonsense", "asof": "0001-01-01", "lang": "xx"}]


def tile(at: AppTest, name: str, lang: Lang = "zh") -> str:
    return numbers(at)[say(f"tile.{name}", lang)]


def charts(at: AppTest) -> list[list[dict[str, Any]]]:
    """The rows of every chart on the page."""
    specs = [json.loads(one.proto.spec) for one in at.get("vega_lite_chart")]
    return [spec["layer"][0]["data"]["values"] for spec in specs]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_every_tile_equals_the_rows_behind_it(open_page: OpenPage, tiny_url: str, query: dict[str, str]) -> None:
    at = open_page("overview", query)
    assert_ordinary(at)
    settled = at.session_state["moment"]
    chosen = resolve(CaseFilter.from_query(query), settled.today, _rounds(tiny_url))
    with open_engine(tiny_url).connect() as conn:
        late = replace(chosen, overdue=True)
        assert tile(at, "open_cases") == str(len(read_cases(conn, OFFICIAL, chosen, limit=None)))
        assert tile(at, "overdue") == str(len(read_cases(conn, OFFICIAL, late, limit=None)))
        assert tile(at, "missed") == str(sum(row.verdict is Verdict.MISSED for row in read_schools(conn, OFFICIAL, chosen)))
        stale = [row for row in iterate_left_behind(conn, OFFICIAL, chosen, limit=None) if row.stale]
        assert tile(at, "stale") == str(len(stale)) == str(count_left_behind_parts(conn, OFFICIAL, chosen)[LeftBehindPart.STALE])


def _rounds(url: str) -> dict[str, Any]:
    from data_access.rounds import read_rounds

    with open_engine(url).connect() as conn:
        return read_rounds(conn)


def test_the_numbers_of_the_tiny_county(open_page: OpenPage) -> None:
    at = open_page("overview")
    assert [metric.value for metric in at.metric] == [str(OPEN_CASES), "4", "1", "12", "15"]
    assert at.metric[0].delta == "2"


def test_a_tile_leads_to_its_rows(open_page: OpenPage) -> None:
    """The link of the overdue tile carries the filter and the part that makes the number."""
    at = open_page("overview", {"area": "350430100"})
    targets = [one.proto.query_string for one in at.get("page_link") if one.proto.label == say("panel.rows")]
    assert "area=350430100" in targets
    assert "area=350430100&overdue=1" in targets


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("overview", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert {metric.value for metric in at.metric} == {"0"}
    assert say("overview.nothing_overdue", lang) in texts(at)
    assert say("panel.no_reports", lang) in texts(at)


@pytest.mark.parametrize("query", STATES, ids=str)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_every_role_has_an_overview(open_page: OpenPage, role: Role, query: dict[str, str]) -> None:
    at = open_page("overview", query, role=role)
    assert_ordinary(at)
    assert len(at.metric) == 5


@pytest.mark.parametrize("role", [Role.SCREEN, Role.ADMINISTRATOR])
def test_roles_without_children_see_no_rows_and_no_small_numbers(open_page: OpenPage, role: Role) -> None:
    at = open_page("overview", role=role)
    assert tile(at, "overdue") == say("panel.small", largest=4)
    assert tile(at, "open_cases") == str(OPEN_CASES)
    assert not at.dataframe
    assert all(metric.delta in ("", None) for metric in at.metric)
    assert say("page.cases") not in links(at)


def test_names_are_masked_for_the_county_and_plain_for_the_town(open_page: OpenPage) -> None:
    column = "child_name"
    masked = set(open_page("overview").dataframe[0].value[column])
    plain = set(open_page("overview", role=Role.TOWNSHIP).dataframe[0].value[column])
    assert masked == {"测***"} or all(set(name[1:]) == {"*"} for name in masked)
    assert plain == {"测试41", "测试42", "测试43", "测试44"}


def test_the_most_overdue_step_stands_first_with_both_owners(open_page: OpenPage, tiny_url: str) -> None:
    table = open_page("overview").dataframe[0].value
    assert list(table["days_overdue"]) == sorted(table["days_overdue"], reverse=True)
    with open_engine(tiny_url).connect() as conn:
        assert len(table) == count_cases(conn, OFFICIAL, resolve(CaseFilter(overdue=True), TODAY, {}))
    assert all(" / " in owners for owners in table["owners"])


def test_towns_stand_against_their_targets(open_page: OpenPage) -> None:
    junior, primary, _agenda = charts(open_page("overview"))
    assert [row["words"] for row in junior] == ["甲镇  10.00 %  4/40 · 目标 0.80 % · 未达标"]
    assert [row["words"].split("  ")[0] for row in primary] == ["乙乡", "甲镇"]
    assert {row["rate"] for row in primary} == {0.0}
    assert all(say("verdict.on_course") in row["words"] for row in primary)


def test_the_agenda_is_in_order_and_within_six_weeks(open_page: OpenPage) -> None:
    rows = charts(open_page("overview"))[-1]
    assert rows
    assert [row["ends"] for row in rows] == sorted(row["ends"] for row in rows)
    assert all(TODAY.isoformat() <= row["ends"] <= (TODAY + timedelta(weeks=6)).isoformat() for row in rows)
    assert any(say("duty.screening") in row["words"] for row in rows)


def test_before_a_holiday_the_agenda_warns(open_page: OpenPage) -> None:
    rows = charts(open_page("overview", {"asof": "2027-01-10"}))[-1]
    warning = next(row for row in rows if row["kind"] == say("agenda.risk"))
    assert say("riskholiday.winter") in warning["words"]


def test_what_was_chosen_is_said_with_its_stamp(open_page: OpenPage) -> None:
    at = open_page("overview", {"stage": "junior", "area": "350430100"})
    assert at.caption[1].value == "甲镇 · 初中 · 2026-2027学年 · 截至 2026-11-20 · 1 所学校近五个上学日有未报日报"


RATE = Rate(5, 1293)


def test_words_longer_than_a_phone_is_wide_are_cut_and_not_the_bars() -> None:
    words = draw_bullets([Bullet("甲" * 60, RATE, None, Verdict.UNSET)], "zh", dark=False)["layer"][0]["layer"][-1]["mark"]
    assert (words["type"], words["limit"]) == ("text", {"expr": "width"})


@pytest.mark.parametrize(
    ("bullet", "words"),
    [
        (
            Bullet("甲镇", RATE, Fraction(8, 1000), Verdict.ON_COURSE),
            "甲镇  0.39 %  5/1,293 · 目标 0.80 % · 暂达标（学年未结束）",
        ),
        (Bullet("甲镇", RATE, None, Verdict.UNSET), "甲镇  0.39 %  5/1,293 · 目标 未设定"),
        (Bullet("甲镇", Rate(0, 0), Fraction(0), Verdict.NO_DATA), "甲镇  无数据  0/0 · 目标 0.00 %"),
        (Bullet("甲镇", RATE, Fraction(8, 1000), Verdict.MISSED, "原因"), "甲镇  0.39 %  5/1,293 · 目标 0.80 % · 未达标 · 原因"),
    ],
)
def test_a_bullet_says_rate_fraction_target_and_verdict(bullet: Bullet, words: str) -> None:
    [row] = draw_bullets([bullet], "zh", dark=False)["layer"][0]["data"]["values"]
    assert row["words"] == words
    assert (row["colour"] == "#b3261e") == (bullet.verdict is Verdict.MISSED)
    assert (row["rate"] is None) == (bullet.rate.denominator == 0)
    assert (row["target"] is None) == (bullet.target is None)


@pytest.mark.parametrize("dark", [False, True])
def test_charts_need_nothing_from_elsewhere(dark: bool) -> None:
    day = date(2026, 11, 20)
    spans = [Span("国庆", day - timedelta(days=9), day + timedelta(days=3), "risk"), Span("月报", day, day, "due")]
    for spec in (
        draw_bullets([Bullet("甲", RATE, None, Verdict.UNSET)], "en", dark),
        draw_spans(spans, day, day + timedelta(weeks=6), "en", dark),
    ):
        assert "://" not in json.dumps(spec)


def test_a_span_is_cut_to_the_weeks_shown_and_keeps_its_days_in_words() -> None:
    day = date(2026, 11, 20)
    spec = draw_spans(
        [Span("寒假", day - timedelta(days=9), day + timedelta(days=90), "risk")], day, day + timedelta(weeks=6), "zh", dark=False
    )
    [row] = spec["layer"][0]["data"]["values"]
    assert (row["starts"], row["ends"]) == ("2026-11-20", "2027-01-01")
    assert row["words"] == "2026-11-11 – 2027-02-18  寒假"


@pytest.mark.parametrize("lang", LANGS)
def test_a_county_without_data_says_so_beside_its_zeros(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("overview", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert say("panel.no_data", lang) in texts(at)
    assert say("panel.no_data", lang) not in texts(open_page("overview", {"lang": lang}))


@pytest.mark.parametrize("name", ["overview", "supervision"])
def test_a_term_to_come_has_no_school_over_its_target_and_none_under_it(open_page: OpenPage, name: str) -> None:
    assert numbers(open_page(name, {"asof": "2030-05-01"}))[say("tile.missed")] == "—"


@pytest.mark.parametrize("name", ["overview", "schools"])
def test_a_school_alone_stands_for_itself_and_not_for_its_town(open_page: OpenPage, name: str) -> None:
    at = open_page(name, {"school": "2135000001"}, role=Role.COUNTY)
    assert_ordinary(at)
    charts = [json.loads(one.proto.spec)["layer"][0]["data"]["values"] for one in at.get("vega_lite_chart")]
    words = [row["words"] for rows in charts for row in rows if "rate" in row]
    assert all(not told.startswith("甲镇  ") for told in words)
    assert say("schools.towns") not in texts(at)
