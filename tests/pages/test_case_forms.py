"""Work on a case from its page: the forms a role is offered, what they say, and one row however often they are sent."""

import pytest
from streamlit.testing.v1 import AppTest

from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, texts

CHILD = {"child": "41"}


def offered(at: AppTest) -> set[str]:
    return {button.key.removeprefix("work.open.") for button in at.button if (button.key or "").startswith("work.open.")}


@pytest.mark.parametrize(
    ("role", "forms"),
    [
        (Role.COUNTY, {"visit", "persuasion", "event", "return", "closing"}),
        (Role.TOWNSHIP, {"visit", "persuasion", "event", "return", "closing"}),
        (Role.INSPECTOR, set()),
    ],
)
def test_a_role_is_offered_what_it_may_do(open_page: OpenPage, role: Role, forms: set[str]) -> None:
    at = open_page("child_file", CHILD, role=role)
    assert_ordinary(at)
    assert offered(at) == forms


def test_nothing_is_offered_on_a_day_that_is_over(open_page: OpenPage) -> None:
    assert offered(open_page("child_file", CHILD | {"asof": "2026-11-01"})) == set()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", ["visit", "persuasion", "event", "return", "closing"])
def test_every_form_opens_in_words(open_page: OpenPage, form: str, lang: Lang) -> None:
    at = open_page("child_file", CHILD | {"lang": lang})
    at.button(key=f"work.open.{form}").click().run()
    assert_ordinary(at)
    assert say("work.save", lang) in texts(at)
