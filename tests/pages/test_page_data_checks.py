"""The page of data checks: every part in both languages, nothing checked yet, and an explanation written and read back."""

import pytest

from data_access.checking import check_all
from data_access.engine import open_engine
from data_access.secrets import Cipher
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from pages.shared.page_list import may_open
from tests.conftest import Store
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts


@pytest.fixture(scope="module")
def checked_url(sqlite_store: Store, demo_of, cipher: Cipher) -> str:  # type: ignore[no-untyped-def]
    """The demo county with its contradictions."""
    url = sqlite_store.create(like=demo_of(sqlite_store))
    engine = open_engine(url)
    check_all(engine, cipher)
    engine.dispose()
    return url


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["", "lists", "reports", "nonsense"])
def test_every_part_is_an_ordinary_page(open_page: OpenPage, checked_url: str, lang: Lang, part: str) -> None:
    at = open_page("data_checks", {"lang": lang, "measure": part}, url=checked_url)
    assert_ordinary(at)
    assert int(numbers(at)[say("tile.check_errors", lang)]) > 40


def test_a_database_that_was_never_checked_says_what_to_run(open_page: OpenPage) -> None:
    at = open_page("data_checks")
    assert_ordinary(at)
    assert "data_access check" in texts(at)


def test_a_rule_of_the_address_narrows_the_list(open_page: OpenPage, checked_url: str) -> None:
    at = open_page("data_checks", {"layer": "expelled"}, url=checked_url)
    listed = at.dataframe[1].value
    assert list(listed["check_rule"]) == [say("checkrule.expelled")]
    assert open_page("data_checks", {"layer": "nonsense"}, url=checked_url).dataframe[1].value.shape[0] == 50


def test_roles_that_list_no_children_have_no_such_page() -> None:
    assert [role for role in Role if not may_open(Scope("x", role, ("350430",)), "data_checks")] == [
        Role.ADMINISTRATOR,
        Role.SCREEN,
    ]
