"""Work on a case from its page: the forms a role is offered, what they say, and one row however often they are sent."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.case_work import read_case
from data_access.record_event import propose_return
from data_access.record_persuasion import record_persuasion
from domain.case_entries import PersuasionEntry, PersuasionKind
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import COUNTY, TODAY

CHILD = {"child": "41"}


def offered(at: AppTest) -> set[str]:
    return {button.key.removeprefix("work.open.") for button in at.button if (button.key or "").startswith("work.open.")}


@pytest.mark.parametrize(
    ("role", "forms"),
    [
        (Role.COUNTY, {"visit", "persuasion", "event", "employer", "return", "closing"}),
        (Role.TOWNSHIP, {"visit", "persuasion", "event", "employer", "return", "closing"}),
        (Role.INSPECTOR, set()),
    ],
)
def test_a_role_is_offered_what_it_may_do(open_page: OpenPage, role: Role, forms: set[str]) -> None:
    at = open_page("child_file", CHILD, role=role)
    assert_ordinary(at)
    assert offered(at) == forms


def test_nothing_is_offered_on_a_day_that_is_over(open_page: OpenPage) -> None:
    assert offered(open_page("child_file", CHILD | {"asof": "2026-11-01"})) == set()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", ["visit", "persuasion", "event", "employer", "return", "closing"])
def test_every_form_opens_in_words(open_page: OpenPage, form: str, lang: Lang) -> None:
    at = open_page("child_file", CHILD | {"lang": lang})
    at.button(key=f"work.open.{form}").click().run()
    assert_ordinary(at)
    assert say("work.save", lang) in texts(at)


@pytest.mark.parametrize("lang", LANGS)
def test_an_absence_is_written_down_from_the_childs_file(open_page: OpenPage, own_url: str, lang: Lang) -> None:
    at = open_page("child_file", {"child": "43", "lang": lang}, role=Role.TOWNSHIP, url=own_url)
    at.button(key="absence.open").click().run()
    assert_ordinary(at)
    at.text_input(key="absence.noticed_at|2026-11-20|").input("0:01")
    at.button(key="absence.open").click()  # a whole run would close the window: it is opened again as it is sent
    next(one for one in at.button if one.label == say("work.save", lang)).click().run()
    assert_ordinary(at)
    assert say("absence.saved", lang) in texts(at)
    at.button(key="absence.open").click().run()
    assert say("absence.stands", lang) in texts(at)


@pytest.mark.parametrize("lang", LANGS)
def test_a_wrong_attempt_is_corrected_in_words_and_both_stand_in_the_file(
    open_page: OpenPage, own_url: str, use_database: Callable[[str], Engine], lang: Lang
) -> None:
    entry = PersuasionEntry(TODAY, PersuasionKind.HOME, "干部1", "班主任", "动员", "拒绝")
    record_persuasion(use_database(own_url), Scope("official", Role.COUNTY, (COUNTY,)), 1, entry, "token")
    at = open_page("child_file", CHILD | {"lang": lang}, url=own_url)
    at.button(key="work.open.mend_persuasion").click().run()
    assert_ordinary(at)
    told = {"mend_why": "人员写错", "people": "干部2", "content": "再次动员"}
    for name, text in told.items():
        next(one for one in (*at.text_input, *at.text_area) if one.label == say(f"work.{name}", lang)).input(text)
    next(one for one in at.selectbox if one.label == say("work.result", lang)).select_index(0)
    at.button(key="work.open.mend_persuasion").click()  # a whole run would close the window
    next(one for one in at.button if one.label == say("work.save", lang)).click().run()
    assert_ordinary(at)
    shown = texts(at)
    assert say("work.saved.mend_persuasion", lang) in shown
    assert say("corrected.wrong", lang) in shown
    assert say("corrected.right", lang) in shown


@pytest.mark.parametrize(("role", "decides"), [(Role.COUNTY, False), (Role.TOWNSHIP, True)])
def test_whoever_proposed_a_return_is_told_why_another_must_confirm_it(
    open_page: OpenPage, own_url: str, use_database: Callable[[str], Engine], role: Role, decides: bool
) -> None:
    engine, proposer = use_database(own_url), Scope("official", Role.COUNTY, (COUNTY,))
    propose_return(engine, proposer, 1, TODAY, "点名册", read_case(engine, proposer, 1).mark, "token")
    at = open_page("child_file", CHILD, role=role, url=own_url)
    assert_ordinary(at)
    assert ("decide" in offered(at)) is decides
    assert (say("case.second_person_missing") in texts(at)) is not decides


@pytest.mark.parametrize(("role", "offered"), [(Role.TOWNSHIP, True), (Role.INSPECTOR, False)])
def test_who_may_write_absences(open_page: OpenPage, role: Role, offered: bool) -> None:
    at = open_page("child_file", {"child": "43"}, role=role)
    assert any(button.key == "absence.open" for button in at.button) is offered


@pytest.mark.parametrize(("form", "asked"), [("visit", ("place", "parent_view")), ("persuasion", ("place", "signed_by"))])
def test_a_form_asks_where_and_what_the_ledger_asks(open_page: OpenPage, form: str, asked: tuple[str, ...]) -> None:
    at = open_page("child_file", CHILD)
    at.button(key=f"work.open.{form}").click().run()
    labels = {one.label for one in (*at.text_input, *at.text_area)}
    assert {say(f"work.{name}") for name in asked} <= labels
