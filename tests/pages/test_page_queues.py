"""The page of work queues: every queue opens in words, the first has its children, roles that only read get no form."""

import pytest

from domain.queues import Queue
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from pages.shared import table
from tests.pages.conftest import OpenPage, assert_ordinary, texts


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("queue", Queue)
def test_every_queue_is_an_ordinary_page(open_page: OpenPage, queue: Queue, lang: Lang) -> None:
    at = open_page("queues", {"lang": lang, "layer": queue.value})
    assert_ordinary(at)
    assert say(f"queue.{queue}.what", lang) in texts(at)
    if not at.dataframe:
        assert say("queues.nothing", lang) in texts(at)


@pytest.mark.parametrize("lang", LANGS)
def test_a_finding_that_is_not_given_is_asked_for(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, lang: Lang) -> None:
    monkeypatch.setattr(table, "show_table", lambda *_, **__: 0)  # the first row is clicked
    at = open_page("queues", {"lang": lang})
    at.button(key="queue.verify").click().run()
    at.button(key="queue.verify").click()  # a whole run would close the window: it is opened again as it is sent
    next(one for one in at.button if one.label == say("work.save", lang)).click().run()
    assert say("record.text_missing", lang, field=say("queues.finding", lang)) in [one.value for one in at.error]


def test_those_on_the_register_who_do_not_attend_are_listed(open_page: OpenPage) -> None:
    at = open_page("queues")
    assert len(at.dataframe[0].value) == 6
    assert list(at.dataframe[0].value["age_days"]) == [39] * 4 + [0] * 2


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.SCHOOL, Role.INSPECTOR])
def test_each_role_that_lists_children_sees_its_own(open_page: OpenPage, role: Role) -> None:
    assert_ordinary(open_page("queues", role=role))
