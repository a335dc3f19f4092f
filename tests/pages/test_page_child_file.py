"""The page of one child's file: found, not found and out of scope, masked, in both languages."""

import pytest

from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, texts

WITH_CASE, IN_OTHER_TOWN = "41", "81"


@pytest.mark.parametrize("lang", LANGS)
def test_a_file_says_who_and_what_is_owed(open_page: OpenPage, lang: Lang) -> None:
    at = open_page("child_file", {"child": WITH_CASE, "lang": lang})
    assert_ordinary(at)
    said = texts(at)
    assert "甲镇中学" in said
    assert say("entry.case", lang) in said
    assert say("child_file.masked", lang) in said
    assert "测试41" not in said


def test_the_town_reads_the_name(open_page: OpenPage) -> None:
    assert "测试41" in texts(open_page("child_file", {"child": WITH_CASE}, role=Role.TOWNSHIP))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("child", "role"), [("999999", Role.COUNTY), (IN_OTHER_TOWN, Role.TOWNSHIP)])
def test_unknown_and_out_of_scope_look_alike(open_page: OpenPage, lang: Lang, child: str, role: Role) -> None:
    at = open_page("child_file", {"child": child, "lang": lang}, role=role)
    assert_ordinary(at)
    assert [one.value for one in at.warning] == [say("child_file.not_found", lang)]
    assert not at.dataframe


@pytest.mark.parametrize("query", [{}, {"child": "x"}, {"child": "-1"}, {"child": "9" * 30}], ids=str)
def test_without_a_child_the_page_says_where_to_choose_one(open_page: OpenPage, query: dict[str, str]) -> None:
    at = open_page("child_file", query)
    assert_ordinary(at)
    assert say("child_file.none_chosen") in texts(at)


def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str) -> None:
    at = open_page("child_file", {"child": "1"}, url=bare_url)
    assert_ordinary(at)
    assert say("child_file.not_found") in texts(at)


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    at = open_page("child_file", {"child": WITH_CASE}, role=None)
    assert say("frame.nobody") in texts(at)
    assert not at.dataframe


def test_where_the_records_come_from_is_told_on_demand(open_page: OpenPage) -> None:
    at = open_page("child_file", {"child": WITH_CASE})
    asked = next(one for one in at.toggle if one.label == say("origins.show"))
    assert say("origins.none") not in texts(at)
    asked.set_value(True)
    at = at.run()
    assert_ordinary(at)
    assert say("origins.none") in texts(at)
