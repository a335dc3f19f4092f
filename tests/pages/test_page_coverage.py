"""The coverage page: every span, group and grouping is an ordinary page; the numbers agree with the list; a campaign is set."""

from urllib.parse import parse_qs

import pytest

from data_access.coverage import CoverageBy
from domain.coverage import CoveragePart, SpanKind, TargetGroup
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "query",
    [*({"measure": one} for one in SpanKind), *({"layer": one} for one in TargetGroup), {"measure": "x", "sort": "y"}],
    ids=str,
)
def test_every_span_and_group_is_an_ordinary_page(open_page: OpenPage, lang: Lang, query: dict[str, str]) -> None:
    assert_ordinary(open_page("coverage", {**query, "lang": lang}))


@pytest.mark.parametrize("by", CoverageBy)
def test_every_grouping_is_an_ordinary_page(open_page: OpenPage, by: CoverageBy) -> None:
    assert_ordinary(open_page("coverage", {"sort": by}))


@pytest.mark.parametrize("part", CoveragePart)
def test_the_list_holds_whom_the_tile_counts(open_page: OpenPage, part: CoveragePart) -> None:
    at = open_page("coverage", {"layer": "suspected", "level": part.value})
    counted = int(numbers(at)[say(f"coverage.tile_{part}")])
    if counted:
        assert len(at.dataframe[-1].value) == counted
    else:
        assert say("coverage.none_visited") in texts(at)
    assert "测试" not in texts(at)


def test_every_number_leads_to_its_list_and_keeps_span_and_group(open_page: OpenPage) -> None:
    at = open_page("coverage", {"layer": "suspected", "sort": "class"})
    found = [one.proto for one in at.get("page_link")]
    lists = [parse_qs(link.query_string) for link in found if link.label == say("panel.rows")]
    assert [query.get("level") for query in lists] == [["owed"], ["visited"], ["unvisited"]]
    assert all(query["layer"] == ["suspected"] and query["sort"] == ["class"] for query in lists)


def test_a_span_that_has_not_begun_has_no_coverage(open_page: OpenPage) -> None:
    at = open_page("coverage", {"measure": "labour_day"})
    assert not numbers(at)
    assert not at.dataframe


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("coverage", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert say("coverage.nobody", lang) in texts(at)


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    assert say("frame.nobody") in texts(open_page("coverage", role=None))


def test_a_file_says_how_complete_it_is(open_page: OpenPage) -> None:
    said = texts(open_page("child_file", {"child": "41"}, role=Role.TOWNSHIP))
    assert say("filepart.return_notice") in said


def test_class_files_follow_school_and_grade(open_page: OpenPage) -> None:
    at = open_page("child_file", {"school": "3135000002", "grade": "8"})
    assert_ordinary(at)
    assert say("completeness.everybody") in texts(at) or at.dataframe
