"""The geography page: who may open it, what each part says, and that it writes nothing by being looked at."""

from typing import Any

import pytest

from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from geo.crs import Datum
from pages.shared.page_list import may_open
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import COUNTY, SCHOOLS

PARTS = ("unplaced", "no_position", "upload", "merge")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(open_page: OpenPage, part: str, lang: Lang) -> None:
    at = open_page("geography", {"layer": part, "lang": lang})
    assert_ordinary(at)
    assert say("page.geography", lang) in texts(at)


def test_children_without_a_village_are_listed_with_what_was_written(open_page: OpenPage) -> None:
    at = open_page("geography", role=Role.TOWNSHIP)
    assert_ordinary(at)
    assert "外村" in set(at.dataframe[0].value["text"])
    assert len(open_page("geography").dataframe[1].value) == len(SCHOOLS)


def test_every_village_of_the_tiny_county_has_a_position(open_page: OpenPage) -> None:
    assert say("geography.all_placed") in texts(open_page("geography", {"layer": "no_position"}))


def test_an_administrator_loads_areas_and_sees_no_child(open_page: OpenPage) -> None:
    at = open_page("geography", role=Role.ADMINISTRATOR)
    assert_ordinary(at)
    assert not [frame for frame in at.dataframe if "child_name" in frame.value]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SCHOOL, Role.SCREEN, Role.VILLAGE, Role.PREFECTURE])
def test_others_have_no_such_page(role: Role) -> None:
    assert not may_open(Scope("x", role, (COUNTY,)), "geography")


def test_a_township_loads_no_areas(open_page: OpenPage) -> None:
    at = open_page("geography", {"layer": "upload"}, role=Role.TOWNSHIP)
    assert_ordinary(at)
    assert say("geography.upload_help") not in texts(at)


def test_a_file_that_cannot_be_read_is_called_by_its_own_name(open_page: OpenPage) -> None:
    at = open_page("geography", {"layer": "upload"})
    uploader: Any = at.file_uploader[0]
    uploader.upload("建宁县边界_2026.zip", b"no archive", "application/zip")
    at.radio[-1].set_value(Datum.WGS84)
    assert say("areas.unreadable", file="建宁县边界_2026.zip") in [error.value.replace("\\", "") for error in at.run().error]
