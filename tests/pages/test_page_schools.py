"""The schools page: the rates of the tiny county, verdicts narrow the list, roles without children see totals only."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, update

from data_access import audit
from data_access.schema import school
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import SCHOOLS


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "query",
    [{}, {"measure": "nonsense", "page": "99"}, {"area": "350430100", "stage": "junior"}, {"school": "3135000002"}],
    ids=str,
)
def test_every_state_is_an_ordinary_page(open_page: OpenPage, lang: Lang, query: dict[str, str]) -> None:
    assert_ordinary(open_page("schools", {**query, "lang": lang}))


def test_rates_stand_with_their_fraction_and_target(open_page: OpenPage) -> None:
    rows = open_page("schools").dataframe[0].value
    assert len(rows) == len(SCHOOLS)
    worst = rows.iloc[0]
    assert worst["school_name"] == "甲镇中学"
    lost, pupils = map(int, worst["fraction"].split("/"))
    assert worst["dropout_rate"] == pytest.approx(100 * lost / pupils, abs=0.005)
    assert worst["target"] == f"0.80 % · {say('level.county')}"
    assert worst["mark"] == say("keymark.key_unit")


def test_a_verdict_narrows_the_list(open_page: OpenPage) -> None:
    rows = open_page("schools", {"measure": "missed"}).dataframe[0].value
    assert set(rows["school_name"]) == {"甲镇中学"}


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("schools", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert not at.dataframe


def test_a_screen_sees_no_single_school(open_page: OpenPage) -> None:
    at = open_page("schools", role=Role.SCREEN)
    assert_ordinary(at)
    assert say("schools.towns_only") in texts(at)
    assert not at.dataframe


@pytest.mark.parametrize("lang", LANGS)
def test_a_village_has_children_and_no_school(
    open_page: OpenPage, own_url: str, use_database: Callable[[str], Engine], lang: Lang
) -> None:
    with use_database(own_url).begin() as conn:
        conn.execute(update(school).values(village_code="350430100201"))  # the demo's cadre is of the first school's village
    at = open_page("schools", {"lang": lang}, role=Role.VILLAGE, url=own_url)
    assert_ordinary(at)
    assert not at.dataframe
    assert say("schools.of_village", lang) in texts(at)
    overview = open_page("overview", {"lang": lang}, role=Role.VILLAGE, url=own_url)
    assert_ordinary(overview)
    assert say("panel.no_data", lang) not in texts(overview)


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    at = open_page("schools", role=None)
    assert say("frame.nobody") in texts(at)
    assert not at.dataframe


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_put_on_record_is_not_exported(
    open_page: OpenPage, lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONGCHUO_SPOOL", str(tmp_path))
    at = open_page("schools", {"lang": lang}, role=Role.TOWNSHIP)
    with patch.object(audit, "_append", side_effect=OSError(28, "no space left")):
        at.button(key="schools.schools.build").click().run()
    assert [one.value for one in at.error] == [say("audit.unwritable", lang)]
    assert not at.get("link_button")
    assert not list(tmp_path.iterdir())
