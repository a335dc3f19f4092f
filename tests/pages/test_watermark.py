"""The mark across the screen."""

import pytest

from domain.scope import Role, Scope
from pages.shared.watermark import STYLE, mark_of
from tests.pages.conftest import OpenPage


@pytest.mark.parametrize(("setting", "shown"), [("on", True), ("", False), ("off", False)])
def test_it_is_there_when_it_is_set(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, setting: str, shown: bool) -> None:
    monkeypatch.setenv("KONGCHUO_WATERMARK", setting)
    at = open_page("methods")
    assert any("stApp::after" in str(one.proto) for one in at.get("html")) is shown


@pytest.mark.parametrize("name", ['a";}</style><script>x()</script>', "a\\", "a\n*/", "李老师"])
def test_a_name_stays_a_text(name: str) -> None:
    told = STYLE.format(text=mark_of(Scope(name, Role.COUNTY, ("350430",))))
    assert told.count('"') == 2
    assert told.count("<") == 2
    assert told.count("}") == 1
    assert "\\" not in told
    assert "\n*" not in told
