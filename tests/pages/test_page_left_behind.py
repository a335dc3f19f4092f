"""The left-behind page: the parts make the whole, each lists its rows, every state is an ordinary page."""

from datetime import date

import pytest
from sqlalchemy import select

from data_access.engine import open_engine
from data_access.left_behind_parts import LeftBehindPart
from data_access.schema import child, guardian
from data_access.writing import insert_row, write
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts
from tests.pages.tiny_county import COUNTY


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


def test_the_list_says_what_each_child_is_and_who_looks_after_it(open_page: OpenPage, own_url: str) -> None:
    """R103: who and how old, how its parents are away, where it learns, who cares for it and who helps."""
    engine = open_engine(own_url)
    with write(engine, COUNTY) as conn:
        begins = {"valid_from": date(2024, 9, 1)}
        for child_id in conn.execute(select(child.c.id)).scalars().all():
            insert_row(conn, guardian, child_id=child_id, name="试某", relation="grandparent", is_carer=True, **begins)
    engine.dispose()
    rows = open_page("left_behind", url=own_url).dataframe[0].value
    assert set(rows["carer_relation"]) == {say("carer.grandparent")}
    told = ["child_name", "age", "sex", "education", "school_name", "class", "village_name", "helper"]
    assert [name for name in told if rows[name].isna().all()] == []


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


def test_a_name_nobody_has_is_told_from_a_filter_that_leaves_nobody(open_page: OpenPage) -> None:
    at = open_page("left_behind")
    at.text_input[0].set_value("某某某").run()
    assert_ordinary(at)
    assert say("left_behind.none_named") in texts(at)
