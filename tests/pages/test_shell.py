"""The frame: nobody sees anything without a session, roles have their pages, links keep the filter, failures keep silent."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from data_access.engine import open_engine
from data_access.migrate import migrate
from data_access.sessions import end_session
from data_access.writing import write_state
from domain.scope import Role
from domain.terms import LANGS, all_words, say
from pages.shared import cached
from pages.shared.page_list import PAGES as LISTED
from pages.shared.page_list import may_open
from pages.shared.plain import plain
from tests.pages.conftest import PAGES, OpenPage, assert_ordinary, links, texts
from tests.pages.tiny_county import TODAY, open_demo, write_bare_county

MINE = ("overview", "village_map", "methods")
SECRET = "测试张三"


def run_alone(name: str, session: str) -> AppTest:
    """A page file run as Streamlit might run it without the frame."""
    at = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=120)
    at.user = {"session": session}
    return at.run()


def shows_nothing(at: AppTest) -> bool:
    return not (at.metric or at.dataframe or at.selectbox or at.subheader or at.get("page_link") or at.get("vega_lite_chart"))


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_session_there_is_only_the_hint(open_page: OpenPage, lang: str) -> None:
    at = open_page("overview", {"lang": lang, "area": "350430"}, role=None)
    assert [one.value for one in at.error] == [say("frame.nobody", lang)]
    assert shows_nothing(at)


@pytest.mark.parametrize("session", ["", "zz", "00" * 32, "' OR 1=1 --"])
@pytest.mark.parametrize("name", MINE)
def test_a_page_run_without_the_frame_fails_closed(
    use_database: Callable[[str], Engine], tiny_url: str, name: str, session: str
) -> None:
    use_database(tiny_url)
    at = run_alone(name, session)
    assert [one.value for one in at.error] == [say("frame.nobody")]
    assert shows_nothing(at)


def test_a_session_that_was_ended_sees_nothing_at_the_next_run(open_page: OpenPage, tiny_url: str) -> None:
    at = open_page("overview")
    assert_ordinary(at)
    end_session(open_engine(tiny_url), at.user["session"])
    assert shows_nothing(at.run())


def test_an_administrator_is_told_that_the_map_is_not_his(use_database: Callable[[str], Engine], tiny_url: str) -> None:
    session = open_demo(use_database(tiny_url), Role.ADMINISTRATOR)
    at = run_alone("village_map", session)
    assert [one.value for one in at.error] == [say("frame.not_for_role", role=say("role.administrator"))]
    assert shows_nothing(at)


@pytest.mark.parametrize("role", Role)
def test_each_role_has_the_pages_of_the_list(open_page: OpenPage, role: Role) -> None:
    at = open_page("methods", role=role)
    assert_ordinary(at)
    scope = at.session_state[cached.MOMENT].scope
    offered = {label for label in links(at) if label in {say(f"page.{page.name}") for page in LISTED}}
    assert offered == {say(f"page.{page.name}") for page in LISTED if page.listed and may_open(scope, page.name)}


def test_every_page_has_a_file_and_words() -> None:
    for page in LISTED:
        assert (PAGES / page.file).is_file()
        assert f"page.{page.name}" in all_words()


def test_menu_links_keep_filter_and_language_and_leave_the_view(open_page: OpenPage) -> None:
    at = open_page("overview", {"stage": "junior", "area": "350430100", "lang": "en", "page": "3", "sort": "due"})
    found = links(at)[say("page.methods", "en")]
    assert found.endswith("methods?area=350430100&stage=junior&lang=en")


def test_the_demo_says_so_on_every_page(open_page: OpenPage) -> None:
    at = open_page("methods")
    assert [say("demo.banner") in str(badge.value) for badge in at.markdown].count(True) == 1


def test_real_data_carry_no_banner(open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('real')}/kongchuo.db"
    engine = open_engine(url)
    migrate(engine)
    write_bare_county(engine)
    at = open_page("methods", url=url)
    with engine.begin() as conn:
        write_state(conn, "demo", "0")
    assert say("demo.banner") in texts(at)
    assert say("demo.banner") not in texts(at.run())


@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh")])
def test_the_language_switch_writes_the_url_and_keeps_the_rest(open_page: OpenPage, lang: str, other: str) -> None:
    at = open_page("methods", {"stage": "junior", "lang": lang})
    assert say("page.methods", lang) == at.subheader[0].value
    at.button(key="lang").click().run()
    assert say("page.methods", other) == at.subheader[0].value
    assert at.query_params == {"stage": "junior"} | ({"lang": "en"} if other == "en" else {})


def test_a_database_that_was_not_migrated_says_what_to_run(
    use_database: Callable[[str], Engine], tmp_path_factory: pytest.TempPathFactory
) -> None:
    use_database(f"sqlite:///{tmp_path_factory.mktemp('old')}/kongchuo.db")
    at = AppTest.from_file(str(PAGES / "_shell.py"), default_timeout=120).run()
    assert plain("python -m data_access migrate") in at.error[0].value
    assert shows_nothing(at)


def failing(error: Exception) -> Callable[..., int]:
    def read(*_given: object, **_named: object) -> int:
        raise error

    return read


@pytest.mark.parametrize(
    ("error", "key"),
    [(RuntimeError(SECRET), "frame.broken"), (OperationalError(SECRET, {}, Exception(SECRET)), "frame.database")],
)
def test_a_failure_is_told_in_words_and_logged_without_its_message(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, key: str
) -> None:
    monkeypatch.setattr(cached, "count_cases", failing(error))
    with caplog.at_level(logging.ERROR):
        at = open_page("overview")
    assert at.error[0].value.startswith(say(key, number="")[:8])
    assert type(error).__qualname__ in caplog.text
    assert "overview.py:" in caplog.text
    assert SECRET not in caplog.text + texts(at)


def test_the_menu_stays_when_a_page_fails(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "count_cases", failing(RuntimeError()))
    assert say("page.methods") in links(open_page("overview"))


WITHOUT_FIGURES = frozenset({"imports", "geography", "settings", "accounts", "audit", "privacy"})


@pytest.mark.parametrize("name", [page.name for page in LISTED if page.listed and page.name not in WITHOUT_FIGURES])
def test_every_page_with_figures_says_how_fresh_they_are(open_page: OpenPage, name: str) -> None:
    """R245: the as-of day, and how many schools the daily reports of the last five school days are still missing from."""
    told = texts(open_page(name))
    stamps = [say("panel.all_reported"), say("panel.silent", count="§").replace("§", "")]
    assert any(stamp in told for stamp in stamps), name
    assert TODAY.isoformat() in told, name


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_that_is_not_for_a_role_says_so_inside_the_frame(open_page: OpenPage, lang: str) -> None:
    at = open_page("settings", {"lang": lang}, role=Role.SCHOOL)
    assert [one.value for one in at.error] == [say("frame.not_for_role", lang, role=say("role.school", lang))]
    assert say("page.cases", lang) in links(at)
