"""The left-behind page: the parts make the whole, each lists its rows, every state is an ordinary page."""

import pytest

from data_access.left_behind_parts import LeftBehindPart
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("query", [{}, {"measure": "nonsense", "area": "x"}, {"area": "350430100"}], ids=str)
def test_every_state_is_an_ordinary_page(open_page: OpenPage, lang: Lang, query: dict[str, str]) -> None:
    assert_ordinary(open_page("left_behind", {**query, "lang": lang}))


def test_the_parts_make_the_whole(open_page: OpenPage) -> None:
    told = numbers(open_page("left_behind"))
    whole, *parts = (int(told[say(f"tile.left_{part}")]) for part in list(LeftBehindPart)[:4])
    assert sum(parts) == whole > 0


@pytest.mark.parametrize("part", LeftBehindPart)
def test_a_part_lists_the_rows_it_counts(open_page: OpenPage, part: LeftBehindPart) -> None:
    at = open_page("left_behind", {"measure": part})
    assert len(at.dataframe[0].value) == int(numbers(at)[say(f"tile.left_{part}")])


def test_a_definition_without_detail_still_holds(open_page: OpenPage) -> None:
    rows = open_page("left_behind", {"measure": "civil_only"}).dataframe[0].value
    assert set(rows["civil"]) == {say("left_behind.holds")}


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("left_behind", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert not at.dataframe


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    at = open_page("left_behind", role=None)
    assert say("frame.nobody") in texts(at)
    assert not at.dataframe
