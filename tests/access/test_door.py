"""Who gets through the door, and what is told to the pages behind it."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import escape
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, text, update

from access import sockets
from access.door import CLOSED
from access.settings import DoorSettings
from access.visits import Visits
from data_access import audit
from data_access.accounts import disable, end_sessions, list_sessions, set_password, set_role
from data_access.schema import user_session
from data_access.visitors import session_id_of
from domain.scope import Role
from domain.terms import say
from tests.access.callers import AWAY, PASSWORD, Caller

Calling = Callable[..., Caller]
MEDIA = "/media/" + "ab" * 16 + ".png"
UPLOAD = "/_stcore/upload_file/11111111-2222-3333-4444-555555555555/66666666-7777-8888-9999-000000000000"


def test_a_stranger_is_sent_to_sign_in_and_on_from_there(caller: Calling, bureau: Engine) -> None:
    answer = caller(bureau).look("/cases?area=350430&status=open")
    assert answer.status == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fcases%3Farea%3D350430%26status%3Dopen"


@pytest.mark.parametrize("path", ["/_stcore/host-config", "/static/x.js", "/vendor/leaflet/leaflet.js", "/shapes/a.json"])
def test_a_strangers_browser_gets_no_part_of_a_page(path: str, caller: Calling, bureau: Engine) -> None:
    answer = caller(bureau).ask(path, accept="*/*", sec_fetch_mode="no-cors")
    assert answer.status == 401
    assert "会话已结束" in json.loads(answer.body)  # Streamlit shows it in its dialogue, if it is JSON


def test_health_is_open_and_says_nothing_more(caller: Calling, bureau: Engine) -> None:
    assert caller(bureau, host="10.0.0.1").ask("/_stcore/health").status == 200


def test_pages_learn_the_session_and_never_the_token(signed_in: Calling) -> None:
    person = signed_in("zhang")
    told = json.loads(person.ask("/cases").body)["headers"]
    assert told["x-app-session"] == session_id_of(str(person.token))


def test_headers_that_claim_an_identity_are_dropped(signed_in: Calling) -> None:
    person = signed_in("zhang", headers={"X-App-Session": "f" * 64, "x-app-role": "administrator", "X-APP-Proxy-User": "admin"})
    told = json.loads(person.ask("/cases").body)["headers"]
    assert told["x-app-session"] == session_id_of(str(person.token))
    assert not {"x-app-role", "x-app-proxy-user"} & set(told)


@pytest.mark.parametrize("token", ["", "x", "f" * 64, "../../etc/passwd", "' OR 1=1 --", "中"])
def test_an_invented_token_opens_nothing(token: str, caller: Calling, bureau: Engine) -> None:
    stranger = caller(bureau, token=token.encode().decode("latin-1"))
    assert stranger.look("/cases").status == 303


def test_the_session_id_of_the_pages_is_no_token(signed_in: Calling, caller: Calling, bureau: Engine) -> None:
    stolen = session_id_of(str(signed_in("zhang").token))
    assert caller(bureau, token=stolen).look("/cases").status == 303


def test_a_link_on_another_site_opens_after_one_more_step(caller: Calling, bureau: Engine) -> None:
    answer = caller(bureau).look("/cases", sec_fetch_site="cross-site")
    assert answer.status == 200
    assert 'http-equiv="refresh"' in answer.text
    assert answer.token is None


@pytest.mark.parametrize("path", CLOSED)
def test_closed_paths_are_closed_to_all(path: str, signed_in: Calling) -> None:
    assert signed_in("admin").ask(path + "x" * path.endswith("/")).status == 404


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost:8501", 200), ("http://evil.example", 403), ("http://localhost:9999", 403), ("null", 403), ("", 403)],
)
def test_only_our_own_pages_may_write(origin: str, status: int, signed_in: Calling) -> None:
    assert signed_in("zhang").ask("/anything", "POST", origin=origin).status == status


def test_a_foreign_name_is_refused(caller: Calling, demo: Engine) -> None:
    settings = DoorSettings(hosts=frozenset({"kongchuo.example"}))
    assert caller(demo, settings, host="evil.example").look().status == 421
    assert caller(demo, settings, host="kongchuo.example").look().status == 303
    assert caller(demo, settings, host="localhost:8501").look().token


@pytest.mark.parametrize("path", [MEDIA, UPLOAD])
def test_files_are_open_to_whom_they_were_named(path: str, signed_in: Calling) -> None:
    one, other = signed_in("zhang"), signed_in("wang")
    other.app = one.app

    async def named() -> None:
        async with one.socket() as socket:
            await socket.next()
            await socket.next()
            socket.say(b'\x08x"' + path.encode() + b"2*")
            await socket.next()

    assert one.ask(path).status == 404
    asyncio.run(named())
    assert one.ask(path).status == 200
    assert other.ask(path).status == 404
    other.token = None
    assert other.ask(path, "PUT", origin="http://localhost:8501").status == 404


def test_a_websocket_needs_a_session_and_our_own_page(signed_in: Calling, caller: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")

    async def first(who: Caller, **headers: str) -> dict[str, object]:
        async with who.socket(**headers) as socket:
            return await socket.next()

    refused = {"type": "websocket.close", "code": sockets.SIGNED_OUT}
    assert asyncio.run(first(caller(bureau))) == refused
    assert asyncio.run(first(person, origin="http://evil.example")) == refused
    assert asyncio.run(first(person, origin="")) == refused
    assert asyncio.run(first(person))["type"] == "websocket.accept"


def test_a_websocket_is_told_the_session(signed_in: Calling) -> None:
    person = signed_in("zhang", headers={"x-app-session": "f" * 64})

    async def told() -> str:
        async with person.socket() as socket:
            await socket.next()
            return str((await socket.next())["text"])

    assert json.loads(asyncio.run(told()))["x-app-session"] == session_id_of(str(person.token))


@pytest.mark.parametrize("end", [end_sessions, disable])
def test_a_revoked_user_with_an_open_tab_is_cut_at_the_next_message(
    end: Callable[[Engine, str], object], signed_in: Calling, bureau: Engine
) -> None:
    person = signed_in("zhang")

    async def story() -> tuple[object, object]:
        async with person.socket() as socket:
            await socket.next()
            await socket.next()
            socket.say(b"before")
            before = await socket.next()
            await asyncio.to_thread(end, bureau, "zhang")
            socket.say(b"after")
            return before, await socket.next()

    before, after = asyncio.run(story())
    assert before == {"type": "websocket.send", "bytes": b"before"}
    assert after == {"type": "websocket.close", "code": sockets.SIGNED_OUT}


def test_who_must_change_the_password_gets_nowhere_else(caller: Calling, bureau: Engine) -> None:
    set_password(bureau, "zhang", "Neu-es_Passwort1")
    person = caller(bureau)
    person.token = person.post("/sign-in", "name=zhang&password=Neu-es_Passwort1").token
    assert person.look("/cases").headers["location"] == "/password?next=%2Fcases"
    assert person.ask("/_stcore/host-config").status == 401

    async def first() -> object:
        async with person.socket() as socket:
            return (await socket.next())["type"]

    assert asyncio.run(first()) == "websocket.close"
    assert person.look("/password").status == 200


def test_a_database_that_is_away_is_said_to_be_away(caller: Calling, bureau: Engine, signed_in: Calling) -> None:
    person = signed_in("zhang")
    with bureau.begin() as conn:
        conn.execute(text("ALTER TABLE user_session RENAME TO gone"))
    answer = person.look("/cases")
    assert (answer.status, "数据库暂不可用" in answer.text) == (503, True)
    assert "user_session" not in answer.text
    assert caller(bureau).post("/sign-in", f"name=zhang&password={PASSWORD}").status == 503

    async def first() -> dict[str, object]:
        async with person.socket() as socket:
            return await socket.next()

    assert asyncio.run(first()) == {"type": "websocket.close", "code": sockets.UNAVAILABLE}
    with bureau.begin() as conn:
        conn.execute(text("ALTER TABLE gone RENAME TO user_session"))
    assert person.ask("/cases").status == 200


@pytest.mark.parametrize(("revision", "key"), [("0001", "not_migrated"), ("9999", "newer")])
def test_a_database_of_another_program_says_which_command_helps(
    caller: Calling, bureau: Engine, signed_in: Calling, revision: str, key: str
) -> None:
    person = signed_in("zhang")
    with bureau.begin() as conn:
        conn.execute(text("ALTER TABLE user_session RENAME TO gone"))
        conn.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    for answer in (person.look("/cases?lang=en"), person.post("/sign-in?lang=en", f"name=zhang&password={PASSWORD}")):
        assert (answer.status, escape(say(f"access.{key}.text", "en")) in answer.text) == (503, True)


class TestOpenDemo:
    """The demo opens without a password on one's own machine, and nowhere else."""

    def test_here(self, caller: Calling, demo: Engine) -> None:
        person = caller(demo)
        answer = person.look("/cases?area=350430")
        assert (answer.status, answer.headers["location"]) == (303, "/cases?area=350430")
        person.token = answer.token
        assert person.ask("/cases").status == 200

    @pytest.mark.parametrize(
        "about",
        [
            {"client": AWAY},
            {"host": "kongchuo.example"},
            {"host": "localhost.evil.example"},
            {"headers": {"x-forwarded-for": "127.0.0.1"}},
            {"headers": {"x-real-ip": "127.0.0.1"}},
            {"headers": {"forwarded": "for=127.0.0.1"}},
        ],
    )
    def test_not_from_elsewhere(self, about: dict[str, object], caller: Calling, demo: Engine) -> None:
        answer = caller(demo, **about).look()
        assert answer.headers["location"].startswith("/sign-in")
        assert answer.token is None

    def test_not_with_a_bureaus_data(self, caller: Calling, bureau: Engine) -> None:
        assert caller(bureau).look().headers["location"].startswith("/sign-in")

    def test_its_sessions_end_with_the_demo(self, caller: Calling, demo: Engine) -> None:
        person = caller(demo)
        person.token = person.look().token
        with demo.begin() as conn:
            conn.execute(text("DELETE FROM app_state WHERE name = 'demo'"))
        assert person.ask("/cases").status == 401


class TestProxy:
    """A reverse proxy that knows the secret may say who comes."""

    SETTINGS = DoorSettings(proxy_secret="the-secret")

    def test_vouched_for(self, caller: Calling, bureau: Engine) -> None:
        told = {"x-app-proxy-secret": "the-secret", "x-app-proxy-user": "Zhang"}
        person = caller(bureau, self.SETTINGS, client=AWAY, headers=told)
        person.token = person.look("/cases").token
        assert person.token
        seen = json.loads(person.ask("/cases").body)["headers"]
        assert seen["x-app-session"] == session_id_of(person.token)
        assert "x-app-proxy-secret" not in seen
        person.headers["x-app-proxy-user"] = "wang"  # another person at the same browser
        assert person.ask("/cases").status == 401

    def test_whose_password_must_be_changed_here_has_shown_another_there(self, caller: Calling, bureau: Engine) -> None:
        set_password(bureau, "zhang", "Neu-es_Passwort1")
        person = caller(bureau, self.SETTINGS, headers={"x-app-proxy-secret": "the-secret", "x-app-proxy-user": "zhang"})
        person.token = person.look().token
        assert person.ask("/cases").status == 200

    def test_unrecorded_nobody_comes_in(self, caller: Calling, bureau: Engine) -> None:
        told = {"x-app-proxy-secret": "the-secret", "x-app-proxy-user": "zhang"}
        with patch.object(audit, "_append", side_effect=OSError(28, "no space left")):
            answer = caller(bureau, self.SETTINGS, client=AWAY, headers=told).look("/cases?lang=en")
        assert (answer.status, answer.token) == (503, None)
        assert say("access.no_audit.title", "en") in answer.text

    def test_who_is_shut_out_stays_out(self, caller: Calling, bureau: Engine) -> None:
        disable(bureau, "zhang")
        person = caller(bureau, self.SETTINGS, headers={"x-app-proxy-secret": "the-secret", "x-app-proxy-user": "zhang"})
        assert (person.look().status, person.look().token) == (403, None)

    def test_whose_last_day_is_over_stays_out(self, caller: Calling, bureau: Engine) -> None:
        set_role(bureau, "zhang", Role.INSPECTOR, ["350430"], until=date(2020, 1, 1))
        person = caller(bureau, self.SETTINGS, headers={"x-app-proxy-secret": "the-secret", "x-app-proxy-user": "zhang"})
        assert (person.look().status, person.look().token) == (403, None)

    @pytest.mark.parametrize("secret", ["", "wrong", "the-secre"])
    def test_without_the_secret_nobody_is_believed(self, secret: str, caller: Calling, bureau: Engine) -> None:
        person = caller(bureau, self.SETTINGS, headers={"x-app-proxy-secret": secret, "x-app-proxy-user": "zhang"})
        assert person.look().headers["location"].startswith("/sign-in")

    def test_no_proxy_is_believed_unless_a_secret_is_set(self, caller: Calling, bureau: Engine) -> None:
        person = caller(bureau, headers={"x-app-proxy-secret": "", "x-app-proxy-user": "zhang"})
        assert person.look().headers["location"].startswith("/sign-in")

    @pytest.mark.parametrize("name", ["nobody", "demo:county"])
    def test_without_an_account(self, name: str, caller: Calling, bureau: Engine) -> None:
        person = caller(bureau, self.SETTINGS, headers={"x-app-proxy-secret": "the-secret", "x-app-proxy-user": name})
        assert (person.look().status, person.look().token) == (403, None)


def test_a_quiet_tab_is_closed_when_its_session_is_over(
    signed_in: Calling, bureau: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LOOK_EVERY", 0.05)
    person = signed_in("zhang")

    async def story() -> dict[str, object]:
        async with person.socket() as socket:
            await socket.next()
            await socket.next()
            await asyncio.to_thread(end_sessions, bureau, "zhang")
            return await socket.next()

    assert asyncio.run(story()) == {"type": "websocket.close", "code": sockets.SIGNED_OUT}


@pytest.mark.parametrize(("used", "moves"), [(True, True), (False, False)])
def test_looking_at_a_quiet_tab_does_not_keep_it_alive(used: bool, moves: bool, signed_in: Calling, bureau: Engine) -> None:
    session = session_id_of(str(signed_in("zhang").token))
    long_ago = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(minutes=20)
    with bureau.begin() as conn:
        conn.execute(update(user_session).values(seen_at=long_ago))
    assert Visits(bureau, DoorSettings()).recheck(session, used)
    assert (list_sessions(bureau)[0].seen_at > long_ago) == moves


def test_a_base_path(caller: Calling, bureau: Engine) -> None:
    person = caller(bureau, DoorSettings(base="/kc"))
    assert person.look("/kc/cases").headers["location"] == "/kc/sign-in?next=%2Fkc%2Fcases"
    assert person.look("/kc/sign-in").status == 200
    person.token = person.post("/kc/sign-in?next=/kc/cases", "name=zhang&password=Kou-chuo_2026").token
    assert person.ask("/kc/cases").status == 200
    assert person.ask("/kc/_stcore/metrics").status == 404
