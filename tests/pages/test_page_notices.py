"""The notices page: the run, the board and its lists, the steps of one notice, who sees which button."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.notices import NoticePart
from domain.notices import NoticeState
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, _written, assert_ordinary, numbers, texts
from tests.pages.tiny_county import OPEN_CASES, write_tiny_county


@pytest.fixture
def own_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny county of one's own, to be written to."""
    return _written(tmp_path_factory.mktemp("own"), write_tiny_county)


def press(at: AppTest, label: str) -> AppTest:
    button: Any = next(one for one in at.button if one.label == say(label))
    return button.click().run()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("query", [{}, {"measure": "nonsense"}, {"measure": "overdue", "area": "350430100"}], ids=str)
def test_every_state_is_an_ordinary_page(open_page: OpenPage, lang: Lang, query: dict[str, str]) -> None:
    assert_ordinary(open_page("notices", {**query, "lang": lang}))


def test_the_run_says_what_it_did_and_that_the_limit_is_not_set(open_page: OpenPage, own_url: str) -> None:
    at = press(open_page("notices", url=own_url), "notices.run")
    assert_ordinary(at)
    assert say("notices.ran", month="2026-11", issued=OPEN_CASES, kept=0) in texts(at)
    assert say("notices.unset") in texts(at)
    assert numbers(at)[say("tile.notice_open")] == str(OPEN_CASES)
    assert set(at.dataframe[0].value["due"]) == {say("duty.unset")}
    again = press(at, "notices.run")
    assert say("notices.ran", month="2026-11", issued=0, kept=OPEN_CASES) in texts(again)


def test_a_part_lists_the_rows_its_tile_counts(open_page: OpenPage, own_url: str) -> None:
    press(open_page("notices", url=own_url), "notices.run")
    for part in NoticePart:
        at = open_page("notices", {"measure": part}, url=own_url)
        told = numbers(at)
        wanted = sum(int(told[say(f"tile.notice_{state}")]) for state in NoticeState if part.state in (None, state))
        assert (len(at.dataframe[0].value) if wanted else 0) == wanted


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.SCHOOL, Role.INSPECTOR])
def test_only_the_county_runs_the_month(open_page: OpenPage, role: Role) -> None:
    at = open_page("notices", role=role)
    assert_ordinary(at)
    assert say("notices.run") not in [one.label for one in at.button]


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("notices", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert not at.dataframe


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    at = open_page("notices", role=None)
    assert say("frame.nobody") in texts(at)
    assert not at.dataframe
