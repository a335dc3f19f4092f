"""The page of data checks: every part in both languages, nothing checked yet, and an explanation written and read back."""

from datetime import date

import pytest

from data_access.checking import check_all
from data_access.engine import open_engine
from data_access.secrets import Cipher
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from pages.shared.charts import LIGHT
from pages.shared.page_list import may_open
from pages.shared.weeks_chart import draw_weeks
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


def test_the_weeks_are_bars_that_have_room() -> None:
    days = [date(2026, 11, 13), date(2026, 11, 20)]
    spec = draw_weeks([(days[0], 0, 0), (days[1], 54, 76)], "zh", dark=False)
    rows = [(row["day"], row["kind"], row["count"]) for row in spec["layer"][0]["data"]["values"]]
    assert rows[2:] == [("2026-11-20", "错误", 54), ("2026-11-20", "待说明", 76)]
    assert spec["layer"][0]["layer"][0]["encoding"]["x"]["axis"]["labelAngle"] == 0  # upright days took the room of the bars
    assert spec["config"]["axis"]["labelColor"] == LIGHT.grey


def test_where_no_rule_is_broken_no_empty_table_stands(open_page: OpenPage, checked_url: str) -> None:
    at = open_page("data_checks", {"area": "350430400498"}, url=checked_url)
    assert_ordinary(at)
    assert not at.dataframe
    assert say("checks.none_open") in texts(at)


def test_roles_that_list_no_children_have_no_such_page() -> None:
    assert [role for role in Role if not may_open(Scope("x", role, ("350430",)), "data_checks")] == [
        Role.ADMINISTRATOR,
        Role.SCREEN,
    ]
