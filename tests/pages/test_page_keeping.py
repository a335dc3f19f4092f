"""Audit, accounts, privacy and the reveal button, as pages."""

from pathlib import Path
from unittest.mock import patch

import pytest

from data_access.reveals import Contact, Revealed
from data_access.schema import now
from data_access.secrets import rotate
from domain.errors import ProblemError
from domain.scope import Role
from domain.terms import LANGS, Lang, all_words, say
from pages.shared.reveal_panel import list_values
from tests.pages.conftest import OpenPage, assert_ordinary, texts

KEYS = f"mac {'11' * 32}\n1 {'22' * 32}\n"
CHILD = "41"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", ["audit", "accounts", "privacy"])
def test_the_keeper_s_pages_come_up(open_page: OpenPage, page: str, lang: Lang) -> None:
    at = open_page(page, {"lang": lang}, role=Role.ADMINISTRATOR)
    assert_ordinary(at)
    assert say(f"page.{page}", lang) in texts(at)


@pytest.mark.parametrize("page", ["audit", "accounts"])
@pytest.mark.parametrize("role", [Role.COUNTY, Role.SCREEN])
def test_to_others_they_do_not_exist(open_page: OpenPage, page: str, role: Role) -> None:
    at = open_page(page, role=role)
    assert [one.value for one in at.error] == [say("frame.not_for_role", role=say(f"role.{role}"))]
    assert not at.subheader


def test_everybody_reads_the_notice_and_sees_where_he_is_signed_in(open_page: OpenPage) -> None:
    at = open_page("privacy", role=Role.VILLAGE)
    assert_ordinary(at)
    assert len(at.text) >= 1
    assert len(at.table[0].value) == 11


@pytest.mark.parametrize("role", [Role.COUNTY, Role.TOWNSHIP])
def test_identifiers_appear_for_a_reason_and_go_again(
    open_page: OpenPage, role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ring.key").write_text(KEYS)
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(tmp_path / "ring.key"))
    at = open_page("child_file", {"child": CHILD}, role=role)
    assert at.button("reveal.show").disabled
    at.selectbox("reveal.reason").select("visit").run()
    at.button("reveal.show").click().run()
    assert_ordinary(at)
    shown = [frame.value for frame in at.dataframe if "value" in frame.value.columns]
    assert any("测试41" in str(frame["value"].tolist()) for frame in shown)
    at.button("reveal.hide").click().run()
    assert_ordinary(at)
    assert at.button("reveal.show").disabled


def test_a_running_app_opens_with_the_keys_as_they_are(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It remembered the keys of its start: after a rotation it revealed nothing any more."""
    ring = tmp_path / "ring.key"
    ring.write_text(KEYS)
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(ring))
    at = open_page("child_file", {"child": CHILD})
    at.selectbox("reveal.reason").select("visit").run()
    with patch("pages.shared.reveal_panel.reveal", side_effect=ProblemError("reveal.not_found")) as asked:
        at.button("reveal.show").click().run()
        rotate(ring)
        at.button("reveal.show").click().run()
    assert [max(call.args[1].keys) for call in asked.call_args_list] == [1, 2]


def test_who_a_contact_is_is_said_in_words() -> None:
    relations = [key.removeprefix("carer.") for key in all_words() if key.startswith("carer.")]
    contacts = tuple(Contact("测试", relation, None) for relation in relations)
    rows = list_values(Revealed(1, "测试", None, None, None, None, contacts, now()))
    assert len(contacts) > 3
    assert not [row for row in rows if "." in row["item"]]


@pytest.mark.parametrize("role", [Role.PREFECTURE, Role.VILLAGE])
def test_no_button_for_those_who_may_not(open_page: OpenPage, role: Role) -> None:
    at = open_page("child_file", {"child": CHILD}, role=role)
    assert not [one for one in at.button if str(one.key).startswith("reveal")]


@pytest.mark.parametrize(
    "query", [{"area": "350430101"}, {"area": "350430101", "child": "81"}, {"school": "2135043002"}], ids=str
)
@pytest.mark.parametrize("page", ["cases", "left_behind", "village_map", "schools"])
def test_another_town_s_codes_in_the_address_show_nothing_of_it(open_page: OpenPage, page: str, query: dict[str, str]) -> None:
    """The tiny county's second town holds 测试81; the township signs in for the first."""
    at = open_page(page, query, role=Role.TOWNSHIP)
    assert not at.exception
    assert "测试81" not in texts(at)
