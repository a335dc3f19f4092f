"""The supervision page: a round sets the filter, schools stand with their reasons, every state is an ordinary page."""

from datetime import date

import pytest

from data_access.engine import open_engine
from data_access.schema import supervision_round
from data_access.writing import write
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from domain.visits import DutyLine
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import COUNTY, TODAY


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("query", [{}, {"round": "2026-09"}, {"round": "1999-01"}, {"round": "nonsense"}], ids=str)
def test_every_state_is_an_ordinary_page(open_page: OpenPage, lang: Lang, query: dict[str, str]) -> None:
    assert_ordinary(open_page("supervision", {**query, "lang": lang}))


def test_choosing_a_round_sets_it_and_choosing_it_again_leaves_it(open_page: OpenPage) -> None:
    at = open_page("supervision")
    at.button(key="round.2026-03").click().run()
    assert at.query_params["round"] in ("2026-03", ["2026-03"])
    assert "2026-03-30" in texts(at)
    at.button(key="round.2026-03").click().run()
    assert "round" not in at.query_params


def test_a_round_to_come_has_figures_of_today(open_page: OpenPage, own_url: str) -> None:
    engine, (starts, ends) = open_engine(own_url), (date(2027, 3, 1), date(2027, 3, 31))
    days = {"starts": starts, "ends": ends, "as_of": ends, "school_year": 2026, "term": 2}
    with write(engine, COUNTY) as conn:
        conn.execute(supervision_round.insert().values(code="2027-03", county_code=COUNTY, name="2027年春季督导", **days))
    engine.dispose()
    told = say("supervision.dates", starts="2027-03-01", ends="2027-03-31", as_of=TODAY, state=say("supervision.ahead"))
    assert told in texts(open_page("supervision", {"round": "2027-03"}, url=own_url))


def test_the_neediest_school_comes_first_with_its_reasons(open_page: OpenPage) -> None:
    first = open_page("supervision").dataframe[0].value.iloc[0]
    assert first["school_name"] == "甲镇中学"
    assert say("need.overdue_steps", count=4) in first["needs"]


def test_the_rounds_are_among_the_tables_to_take_along(open_page: OpenPage) -> None:
    told = [one.value for one in open_page("supervision").caption]
    assert [
        name for name in ("cases", "schools", "villages", "visits", "left-behind", "rounds") if say(f"table.{name}") not in told
    ] == []


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("supervision", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert [one.key for one in at.button if str(one.key).startswith("round.20")]


@pytest.mark.parametrize("lang", LANGS)
def test_letters_stand_by_role_and_an_empty_county_says_what_to_bring(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("supervision", {"lang": lang})
    table = next(one.value for one in at.dataframe if "missing" in one.value.columns)
    assert set(table["line"]) <= {say(f"dutyline.{line}", lang) for line in DutyLine}
    assert table["missing"].sum() > 0
    assert say("letters.none", lang) in texts(open_page("supervision", {"lang": lang}, url=bare_url))


def test_a_screen_sees_totals_only(open_page: OpenPage) -> None:
    at = open_page("supervision", role=Role.SCREEN)
    assert_ordinary(at)
    assert not at.dataframe


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    assert say("frame.nobody") in texts(open_page("supervision", role=None))


@pytest.mark.parametrize(("role", "offered"), [(Role.COUNTY, True), (Role.TOWNSHIP, True), (Role.INSPECTOR, False)])
def test_who_keeps_the_register_of_units(open_page: OpenPage, role: Role, offered: bool) -> None:
    at = open_page("supervision", role=role)
    assert_ordinary(at)
    assert say("unit_records.none") in texts(at)
    assert any(button.key == "unit_records.add" for button in at.button) is offered


@pytest.mark.parametrize("lang", LANGS)
def test_the_register_opens_in_words(open_page: OpenPage, lang: Lang) -> None:
    at = open_page("supervision", {"lang": lang})
    at.button(key="unit_records.add").click().run()
    assert_ordinary(at)
    assert say("column.act_result", lang) in [one.label for one in at.text_input]
