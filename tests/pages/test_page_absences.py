"""The page of absences: every part opens in words, a clicked row is for roles that may write, an empty county is well."""

import pytest
from sqlalchemy import insert

from data_access.absences import AbsencePart
from data_access.engine import open_engine
from data_access.schema import absence_day
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import TODAY


@pytest.mark.parametrize("lang", LANGS)
def test_every_part_is_an_ordinary_page(open_page: OpenPage, own_url: str, lang: Lang) -> None:
    engine = open_engine(own_url)
    with engine.begin() as conn:
        conn.execute(insert(absence_day).values(child_id=49, on_date=TODAY, state="truant"))
    engine.dispose()
    for part in AbsencePart:
        at = open_page("absences", {"lang": lang, "layer": part.value}, url=own_url)
        assert_ordinary(at)
        if part is AbsencePart.CALL:
            assert say("absences.nothing", lang) in texts(at)
        else:
            assert list(at.dataframe[0].value["absence_kind"]) == [say("absence.truant", lang)]


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.SCHOOL, Role.INSPECTOR, Role.VILLAGE])
def test_each_role_that_lists_children_may_open_it(open_page: OpenPage, role: Role) -> None:
    assert_ordinary(open_page("absences", role=role))


def test_an_empty_database_is_well(open_page: OpenPage, bare_url: str) -> None:
    assert_ordinary(open_page("absences", url=bare_url))
