"""The settings page: who may open it, what its forms write, and that one change moves the verdict on every page at once."""

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data_access.engine import open_engine
from data_access.settings import read_family, read_history
from domain.rate_families import RateFamily
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts
from tests.pages.tiny_county import COUNTY, TODAY


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["formula", "targets", "ladder", "calendar", "reports", "classes", "key_list", "history"])
def test_every_part_is_an_ordinary_page(open_page: OpenPage, part: str, lang: Lang) -> None:
    assert_ordinary(open_page("settings", {"measure": part, "lang": lang}, role=Role.ADMINISTRATOR))


def test_an_empty_database_says_that_there_is_no_county(open_page: OpenPage, bare_url: str) -> None:
    assert_ordinary(open_page("settings", url=bare_url))


@pytest.mark.parametrize("role", [Role.PREFECTURE, Role.INSPECTOR, Role.TOWNSHIP, Role.VILLAGE, Role.SCHOOL, Role.SCREEN])
def test_other_roles_have_no_such_page(open_page: OpenPage, role: Role) -> None:
    at = open_page("settings", role=role)
    assert [one.value for one in at.error] == [say("frame.not_for_role", role=say(f"role.{role}"))]
    assert not at.subheader


def put(at: AppTest, key: str, value: str) -> None:
    next(one for one in at.text_input if one.key == key).set_value(value)


def press(at: AppTest, label: str) -> AppTest:
    return next(one for one in at.button if one.label == label).click().run()


def test_a_change_needs_a_paper_and_is_kept_with_it(open_page: OpenPage, own_url: str) -> None:
    at = open_page("settings", {"measure": "formula"}, url=own_url)
    next(one for one in at.selectbox if one.key == f"{COUNTY}.rate.family").set_value("dictionary")
    at = press(at, say("settings.save"))
    assert say("setting.no_document") in texts(at)
    put(at, f"{COUNTY}.rate.paper", "建教〔2026〕12号")
    at = press(at, say("settings.save"))
    assert say("settings.saved", count=1, day=TODAY) in texts(at)
    with open_engine(own_url).connect() as conn:
        assert read_family(conn, COUNTY, TODAY) is RateFamily.DICTIONARY
        assert [line.document for line in read_history(conn, COUNTY)] == ["建教〔2026〕12号"]
    at = open_page("settings", {"measure": "history"}, url=own_url)
    row = at.dataframe[0].value.iloc[0]
    assert (row["what"], row["value"]) == (say("setting.rate.family"), say("ratefamily.dictionary"))


def test_a_value_that_cannot_stand_says_so_and_writes_nothing(open_page: OpenPage, own_url: str) -> None:
    at = open_page("settings", {"measure": "ladder"}, url=own_url)
    put(at, f"{COUNTY}.ladder.rung1.starts", "9")
    put(at, f"{COUNTY}.ladder.paper", "x")
    at = press(at, say("settings.save"))
    assert say("ladder.rungs_out_of_order") in texts(at)
    with open_engine(own_url).connect() as conn:
        assert read_history(conn, COUNTY) == []


def test_a_new_target_moves_the_verdict_on_every_page(open_page: OpenPage, own_url: str) -> None:
    def everywhere() -> list[str]:
        schools = open_page("schools", url=own_url).dataframe[0].value
        worst = schools[schools["school_name"] == "甲镇中学"].iloc[0]
        missed = numbers(open_page("overview", url=own_url))[say("tile.missed")]
        return [worst["target"], worst["verdict"], missed, str("50.00 %" in texts(open_page("methods", url=own_url)))]

    assert everywhere() == [f"0.80 % · {say('level.county')}", say("verdict.missed"), "1", "False"]
    at = open_page("settings", {"measure": "targets"}, url=own_url)
    put(at, "target.value", "50%")
    next(one for one in at.selectbox if one.key == "settings.stage").set_value("junior")
    put(at, f"target.{COUNTY}.paper", "试点")
    at = press(at, say("settings.set_target"))
    assert say("settings.target_set", day=TODAY) in texts(at)
    assert "50.00 %" in at.dataframe[0].value.to_string()  # the table above the form is what holds now
    assert everywhere() == [f"50.00 % · {say('level.county')}", say("verdict.on_course"), "0", "True"]
    history = open_page("settings", {"measure": "history"}, url=own_url).dataframe[0].value
    assert " · 2026-2027" in history["what"].iloc[0]


def test_a_day_off_counts_at_once_in_the_days_of_its_term(open_page: OpenPage, own_url: str) -> None:
    def days(at: AppTest) -> int:
        pattern = say("settings.term_usual", weeks="WEEKS", days="DAYS").replace("WEEKS", r"\d+").replace("DAYS", r"(\d+)")
        return int(re.findall(pattern, texts(at))[0])

    at = open_page("settings", {"measure": "calendar"}, url=own_url)
    before = days(at)
    put(at, "day.paper", "停课")
    at = next(one for one in at.button if one.form_id == f"day.{COUNTY}").click().run()
    assert (days(at), say("settings.day_set") in texts(at)) == (before - 1, True)


def test_the_key_list_is_published_with_a_deadline_and_shown_from_then_on(open_page: OpenPage, own_url: str) -> None:
    at = open_page("settings", {"measure": "key_list"}, url=own_url)
    at = press(at, say("settings.key_list.publish"))
    assert say("settings.key_list.no_deadline") in texts(at)
    next(one for one in at.date_input if one.key == f"{COUNTY}.keylist.by").set_value(date(2027, 3, 31))
    put(at, f"{COUNTY}.keylist.paper", "建教〔2027〕1号")
    at = press(at, say("settings.key_list.publish"))
    count = len(at.dataframe[0].value)
    assert say("settings.key_list.done", count=count) in texts(at)
    rows = open_page("schools", url=own_url).dataframe[2].value
    assert set(rows["rectify_by"]) == {"2027-03-31"}
    row = open_page("settings", {"measure": "history"}, url=own_url).dataframe[0].value.iloc[0]
    assert row["value"] == say("settings.history.key_list", count=count, deadline="2027-03-31")
