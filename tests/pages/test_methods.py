"""The methods page: every rate with formula, words and source; the worked examples are the numbers of the other pages."""

from datetime import date

import pytest
from sqlalchemy import insert

from data_access.engine import open_engine
from data_access.measures import Measure
from data_access.schema import OPEN_END, area
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.rate_families import COEFFICIENTS, LossCounts, RateFamily
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, all_words, say
from domain.visits import SEED_LADDER
from pages.shared import indicators
from pages.shared.indicators import METHODS, Section, say_sum
from pages.shared.method_panels import say_times
from tests.pages.conftest import OpenPage, assert_ordinary, texts


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("role", [Role.COUNTY, Role.SCREEN, Role.ADMINISTRATOR, Role.SCHOOL])
def test_every_section_is_there_for_everyone(open_page: OpenPage, role: Role, section: Section, lang: Lang) -> None:
    assert_ordinary(open_page("methods", {"measure": section.value, "lang": lang}, role=role))


@pytest.mark.parametrize("section", Section)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, section: Section) -> None:
    assert_ordinary(open_page("methods", {"measure": section.value}, url=bare_url))


def test_every_rate_has_words_and_a_source() -> None:
    for method in METHODS:
        assert {f"method.{method.name}", f"method.{method.name}.what"} <= set(all_words())
        assert method.source.startswith("R")


def test_every_rate_stands_on_the_page_with_its_formula(open_page: OpenPage) -> None:
    at = open_page("methods")
    assert [one.value.strip("$\n") for one in at.latex] == [method.formula for method in METHODS]


def test_the_dropout_rate_is_worked_on_the_rows_in_view(open_page: OpenPage) -> None:
    told = texts(open_page("methods"))
    assert "初中 (辍学未返校 4) / 40 = 4 / 40 = **10.00 %**" in told
    assert "小学 (0) / 80 = 0 / 80 = **0.00 %**" in told
    assert "初中 ⌊0.80 % × 40⌋ − 4 = **−4**" in told


def test_the_worked_example_follows_the_filter(open_page: OpenPage) -> None:
    told = texts(open_page("methods", {"area": "350430200"}))
    assert "小学 (0) / 40" in told
    assert "初中 (" not in told


def test_roles_without_children_see_no_small_example(open_page: OpenPage) -> None:
    told = texts(open_page("methods", role=Role.SCREEN))
    assert "4 / 40" not in told
    assert f"初中 {say('map.hidden')}" in told


def test_roles_without_children_are_told_no_part_of_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is a count of its own; gross less net is how many returned."""
    counts = LossCounts(start_count=1000, dropped_out=10, returned=2)
    monkeypatch.setattr(indicators, "_totals", lambda *_: {Stage.JUNIOR: counts})
    monkeypatch.setattr(indicators, "read_family", lambda *_: RateFamily.SEED)
    monkeypatch.setattr(indicators, "tell", say)
    monkeypatch.setattr(indicators, "read_lang", lambda: "zh")
    screen = Scope("s", Role.SCREEN, ("350430",))
    assert list(indicators.work_net(screen, CaseFilter())) == ["初中 10 / 1,000 = **1.00 %**"]
    assert list(indicators.work_gross(screen, CaseFilter())) == [f"初中 {say('map.hidden')}"]
    assert "+ 已复学 2" in "".join(indicators.work_gross(Scope("c", Role.COUNTY, ("350430",)), CaseFilter()))


def test_the_families_table_says_what_counts() -> None:
    assert [say_times(family, "suspended_approved") for family in RateFamily] == ["·", "+1", "+1"]
    assert [say_times(family, "transfer_in") for family in RateFamily] == ["·", "·", "−1"]


def test_what_a_family_takes_away_stands_with_a_minus_in_the_sum() -> None:
    counts = LossCounts(start_count=100, dropped_out=2, transfer_out_proven=7, transfer_in=4, resumed=1)
    left, came = "辍学未返校 2 + 转出有证明 7", "转入 4 − 上学年流失或休学、本学年返校 1"
    assert say_sum(counts, RateFamily.TWO_BASICS) == f"{left} − {came}"
    assert say_sum(LossCounts(start_count=9, transfer_in=4), RateFamily.TWO_BASICS) == "− 转入 4"
    assert say_sum(LossCounts(start_count=9), RateFamily.SEED) == ""


@pytest.mark.parametrize("family", RateFamily)
def test_every_component_of_a_family_has_words(family: RateFamily) -> None:
    assert {f"losscounts.{name}" for name in COEFFICIENTS[family]} <= set(all_words())


def test_the_counts_are_those_of_the_map(open_page: OpenPage) -> None:
    table = open_page("methods", {"measure": "counts"}).dataframe[0].value
    assert list(table["what"]) == [say(f"measure.{measure}") for measure in Measure]
    assert table["number"].iloc[0] == "120"


def test_the_ladder_in_force_is_told(open_page: OpenPage) -> None:
    rungs, numbers = (frame.value for frame in open_page("methods", {"measure": "ladder"}).dataframe)
    assert len(rungs) == len(SEED_LADDER.rungs)
    assert set(numbers["value"]) >= {str(SEED_LADDER.follow_up_ends_after), say("target.unset"), say("setting.yes")}


def test_the_targets_in_force_are_told(open_page: OpenPage) -> None:
    table = open_page("methods", {"measure": "settings"}).dataframe[0].value
    assert list(table["value"]) == ["不超过 0.00 %", "不超过 0.80 %"]
    assert set(table["document"]) == {"县控辍保学方案"}


def test_enrolment_of_several_counties_is_worked_out_when_asked_for(open_page: OpenPage, own_url: str) -> None:
    engine = open_engine(own_url)
    with engine.begin() as conn:
        other = {"code": "350424", "level": "county", "county_code": "350424", "name": "宁化县"}
        conn.execute(insert(area).values(**other, valid_from=date(2000, 1, 1), valid_to=OPEN_END))
    engine.dispose()
    at = open_page("methods", role=Role.PREFECTURE, url=own_url)
    at = at.button(key="enrolment.work").click().run()
    assert_ordinary(at)
    table = next(one.value for one in at.dataframe if "primary_net" in one.value)
    assert list(table["county"]) == ["宁化县", "建宁县", say("enrolment.whole")]
    assert table["primary_net"].iloc[0] == table["junior_gross"].iloc[0] == say("rate.no_data") + "  0/0"
    assert table["primary_net"].iloc[1] == table["primary_net"].iloc[2] != table["primary_net"].iloc[0]


def test_one_county_is_worked_out_at_once(open_page: OpenPage) -> None:
    assert not [one for one in open_page("methods").button if one.key == "enrolment.work"]
