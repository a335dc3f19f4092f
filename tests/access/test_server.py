"""What was shown to leak in a plain Streamlit app, tried against this one as it runs: on both engines, over real sockets."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from websockets.exceptions import InvalidStatus

from access.sockets import SIGNED_OUT
from data_access.accounts import add_user, disable, end_sessions, set_password
from data_access.engine import open_engine
from data_access.visitors import session_id_of
from domain.scope import Role
from tests.access.callers import PASSWORD
from tests.access.live import Person, Tab, started, wait_healthy

BOUNDARY = "b"
FILE = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n1,2\r\n--{BOUNDARY}--\r\n'.encode()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Any:
    """Both engines."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture(scope="session")
def environment(
    store: Any, migrated_of: Any, key_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A bureau's database with its places, as the app is told of them."""
    home = tmp_path_factory.mktemp("places")
    url = store.create(like=migrated_of(store))
    yield {
        "DATABASE_URL": url,
        "KONGCHUO_KEY_FILE": str(key_file),
        "KONGCHUO_SPOOL": str(home / "spool"),
        "KONGCHUO_ANCHORS": str(home / "anchors.txt"),
    }
    store.drop(url)


@pytest.fixture(scope="session")
def database(environment: dict[str, str]) -> Iterator[Engine]:
    """The same database, as an administrator at the console reaches it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KONGCHUO_ANCHORS", environment["KONGCHUO_ANCHORS"])
        opened = open_engine(environment["DATABASE_URL"])
        for name, role in (("admin", Role.ADMINISTRATOR), ("zhang", Role.COUNTY), ("wang", Role.COUNTY)):
            add_user(opened, name, PASSWORD, role, ["350430"])
            set_password(opened, name, PASSWORD, must_change=False)
        yield opened
        opened.dispose()


@pytest.fixture(scope="session")
def running(
    environment: dict[str, str], database: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Path]]:
    """The app: its port and its log. The first to come after the start asks for a page by name."""
    with started(tmp_path_factory.mktemp("app") / "home", environment) as (port, process, log):
        wait_healthy(port, process, log)
        yield port, log


@pytest.fixture
def port(running: tuple[int, Path]) -> int:
    return running[0]


@pytest.fixture
def zhang(port: int) -> Person:
    return Person(port).sign_in("zhang")


@pytest.fixture
def wang(port: int) -> Person:
    return Person(port).sign_in("wang")


@pytest.fixture
def tabs() -> Iterator[list[Tab]]:
    """Tabs to be closed."""
    opened: list[Tab] = []
    yield opened
    for tab in opened:
        tab.socket.close()


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]


def test_the_first_visitor_after_a_start_runs_no_page_on_its_own(zhang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    shown = tabs[0].run(page="cases")
    assert "ran on its own" not in shown
    assert "user=zhang;" in shown


def test_the_sign_in_page_stays_without_script(port: int) -> None:
    assert b"<script" not in Person(port).ask("/sign-in", Accept="text/html").body


def test_memory_is_frozen_and_the_map_component_left_alone(zhang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    assert "frozen=True; folium=False;" in tabs[0].run()


def test_each_gets_the_own_file_and_nobody_anothers(zhang: Person, wang: Person, tabs: list[Tab]) -> None:
    """Two files of the same length: with st.download_button they had the same address."""
    tabs += [zhang.open_tab(), wang.open_tab()]
    hers, his = (found(r"token=([\w-]+);", tab.run("do=export")) for tab in tabs)
    assert hers != his
    assert wang.ask(f"/download/{hers}").status == 404
    assert Person(zhang.port).ask(f"/download/{hers}").status == 401
    answer = zhang.ask(f"/download/{hers}")
    assert (answer.status, answer.body) == (200, b"z" * 2_000_000)
    assert answer.headers["cache-control"] == "no-store, private"
    assert wang.ask(f"/download/{his}").body == b"w" * 2_000_000
    assert zhang.ask(f"/download/{hers}").status == 404


def test_of_many_downloads_at_once_one_succeeds(zhang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    token = found(r"token=([\w-]+);", tabs[0].run("do=export"))
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(lambda _: zhang.ask(f"/download/{token}").status, range(16)))
    assert statuses == [200] + [404] * 15


def test_a_stolen_tab_is_not_taken_over(zhang: Person, wang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    tabs[0].run()
    tabs.append(wang.open_tab(tabs[0].session))
    assert "user=wang;" in tabs[1].run()
    assert tabs[1].session != tabs[0].session
    assert "user=zhang;" in tabs[0].run()


def test_ones_own_tab_comes_back(zhang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    tabs[0].run()
    tabs[0].socket.close()
    tabs.append(zhang.open_tab(tabs[0].session))
    tabs[1].run()
    assert tabs[1].session == tabs[0].session


def test_a_claimed_identity_is_not_believed(zhang: Person, wang: Person, tabs: list[Tab]) -> None:
    stolen = session_id_of(str(wang.token))
    tabs.append(zhang.open_tab(X_App_Session=stolen, x_app_user="wang"))
    assert "user=zhang;" in tabs[0].run()
    with pytest.raises(InvalidStatus, match="403"):
        Person(zhang.port).open_tab(X_App_Session=stolen)
    with pytest.raises(InvalidStatus, match="403"):
        Person(zhang.port, token=stolen).open_tab()


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null", ""])
def test_no_socket_from_another_site(origin: str, zhang: Person) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        zhang.open_tab(Origin=origin)


def test_uploads_only_where_one_was_asked_to(zhang: Person, wang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    tabs[0].run()
    address = tabs[0].ask_upload_address()
    xsrf = found(r"_streamlit_xsrf=([^;]+)", zhang.ask("/_stcore/health").headers["set-cookie"])

    def put(person: Person, path: str = address) -> int:
        cookie = "; ".join(filter(None, (person.cookie.get("Cookie"), f"_streamlit_xsrf={xsrf}")))
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        told = {"Cookie": cookie, "Content_Type": kind, "X_Xsrftoken": xsrf, "Origin": person.origin}
        return person.ask(path, "PUT", FILE, **told).status

    assert put(Person(zhang.port)) == 404
    assert put(wang) == 404
    assert put(zhang, address[:-1] + ("0" if address[-1] != "0" else "1")) == 404
    assert zhang.ask(address, "PUT", FILE).status == 403
    assert put(zhang) == 204


def test_pictures_only_for_whom_they_were_drawn(zhang: Person, wang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    picture = found(r"(/media/\w+\.\w+)", tabs[0].run("do=picture"))
    assert zhang.ask(picture).status == 200
    assert wang.ask(picture).status == 404
    assert Person(zhang.port).ask(picture).status == 404


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/app/static/x", "/media/x", "/auth/login"])
def test_what_streamlit_tells_strangers_is_closed(path: str, zhang: Person) -> None:
    assert Person(zhang.port).ask(path).status == 404
    assert zhang.ask(path).status == 404


def test_an_error_shows_and_logs_no_name(zhang: Person, running: tuple[int, Path], tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    shown = tabs[0].run("do=fail")
    assert "张三" not in shown
    assert "\\345\\274\\240" not in shown  # the same in the escapes of a protobuf's text
    log = running[1].read_text()
    assert "ValueError" in log
    assert "张三" not in log


@pytest.mark.parametrize("end", ["sign_out", "revoke", "disable"])
def test_a_session_that_is_over_is_over_in_open_tabs(end: str, wang: Person, database: Engine, tabs: list[Tab]) -> None:
    tabs.append(wang.open_tab())
    assert "user=wang;" in tabs[0].run()
    if end == "sign_out":
        wang.ask("/sign-out", Accept="text/html")
    elif end == "revoke":
        end_sessions(database, "wang")
    else:
        disable(database, "wang")
    tabs[0].socket.send(b"")
    assert tabs[0].why_closed() == SIGNED_OUT
    assert wang.ask("/", Accept="text/html").headers["location"] == "/sign-in?next=%2F"
    with pytest.raises(InvalidStatus, match="403"):
        wang.open_tab(tabs[0].session)
    disable(database, "wang", disabled=False)


def test_a_flood_of_sign_ins_leaves_the_others_their_pages(zhang: Person, tabs: list[Tab]) -> None:
    tabs.append(zhang.open_tab())
    tabs[0].run()
    form = b"name=nobody&password=x"
    with ThreadPoolExecutor(16) as pool:
        flood = pool.map(lambda _: Person(zhang.port).ask("/sign-in", "POST", form, Origin=zhang.origin).status, range(60))
        assert "user=zhang;" in tabs[0].run()
        assert set(flood) == {401, 429}


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_it_does_not_listen_to_others_before_there_is_an_administrator(
    address: str, store: Any, migrated_of: Any, tmp_path: Path
) -> None:
    url = store.create(like=migrated_of(store))
    try:
        with started(tmp_path / "home", {"DATABASE_URL": url}, "--server.address", address) as (_port, process, log):
            assert process.wait(60) == 2
    finally:
        store.drop(url)
    said = log.read_text()
    assert "user add NAME --role administrator" in said
    assert "Traceback" not in said
