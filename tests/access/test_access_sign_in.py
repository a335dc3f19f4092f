"""The pages of the door: signing in, setting a password, going out."""

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import Engine, insert, select

from access.flood import PER_MINUTE
from access.page import PAGE_POLICY
from data_access import audit
from data_access.accounts import set_password
from data_access.schema import app_state, user_session
from domain.terms import say
from tests.access.callers import AWAY, PASSWORD, Caller

Calling = Callable[..., Caller]
FORM = f"name=zhang&password={PASSWORD}"


@pytest.fixture
def person(caller: Calling, bureau: Engine) -> Caller:
    """Somebody in front of a bureau's door."""
    return caller(bureau, client=AWAY, host="kongchuo.example")


def test_the_form_speaks_the_language_of_the_page_it_leads_to(person: Caller) -> None:
    """A tab in English whose session is over loads itself again: there is no page it comes from."""
    place = person.look("/cases?lang=en").headers["location"]
    assert say("access.sign_in.submit", "en") in person.look(place).text
    assert say("access.sign_in.submit", "zh") in person.look(f"{place}&lang=zh").text


def test_the_form_needs_no_script_and_loads_nothing(person: Caller) -> None:
    answer = person.look("/sign-in?next=/cases")
    assert answer.status == 200
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert "//" not in answer.text
    assert 'name="viewport"' in answer.text
    assert 'autocomplete="current-password"' in answer.text


@pytest.mark.parametrize(
    ("lang", "word"), [("", "登录"), ("zh", "登录"), ("en", "Sign in"), ("xx", "登录"), ('"><script>', "登录")]
)
def test_in_both_languages(lang: str, word: str, person: Caller) -> None:
    answer = person.look(f"/sign-in?lang={quote(lang)}")
    assert f"<h1>{word}</h1>" in answer.text
    assert "<script" not in answer.text


def test_the_right_password_sets_a_cookie_and_goes_on(person: Caller) -> None:
    answer = person.post("/sign-in?next=/cases%3Farea%3D350430", FORM)
    assert (answer.status, answer.headers["location"]) == (303, "/cases?area=350430")
    (cookie,) = answer.cookies
    assert cookie.startswith("kongchuo=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=strict"}
    person.token = answer.token
    assert person.ask("/cases").status == 200
    assert person.look("/sign-in?next=/cases").headers["location"] == "/cases"


def test_behind_tls_the_cookie_is_bound_to_it(caller: Calling, bureau: Engine) -> None:
    person = caller(bureau, scheme="https")
    (cookie,) = person.post("/sign-in", FORM).cookies
    assert cookie.startswith("__Host-kongchuo=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=strict", "Secure"}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/a\r\nX-Evil: 1",
        "\\/evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(target: str, person: Caller) -> None:
    answer = person.post(f"/sign-in?{urlencode({'next': target})}", FORM)
    assert answer.headers["location"] == "/"
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e"])
def test_nor_from_the_path(path: str, person: Caller) -> None:
    assert person.look(path).headers["location"] == "/sign-in?next=%2F"


@pytest.mark.parametrize(
    "form",
    [
        "", "name=zhang", "name=zhang&password=x", "name=%00&password=%FF%FE", f"name=zhang&password={'x' * 5000}",
        "a=1&" * 50, "&&&=", f"name=zhang'--&password={PASSWORD}",
    ],
)  # fmt: skip
def test_all_that_is_wrong_shows_the_form_again(form: str, person: Caller) -> None:
    answer = person.post("/sign-in?next=/cases", form)
    assert answer.status == 401
    assert "用户名、密码或验证码不正确" in answer.text
    assert answer.token is None


def test_what_was_typed_is_not_written_back(person: Caller) -> None:
    answer = person.post("/sign-in", "name=%3Cscript%3E&password=hunter2-Secret")
    assert "hunter2" not in answer.text
    assert "script" not in answer.text


def test_a_form_from_another_site_is_refused(person: Caller) -> None:
    for origin in ("http://evil.example", "null", ""):
        assert person.post("/sign-in", FORM, origin=origin).status == 403


def test_signing_in_again_ends_the_session_before(signed_in: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")
    person.post("/sign-in", FORM)
    assert person.ask("/cases").status == 401


def test_a_token_given_before_signing_in_is_not_taken_over(person: Caller) -> None:
    person.token = "planted-by-somebody-else"
    assert person.post("/sign-in", FORM).token not in {None, "planted-by-somebody-else"}


def test_a_flood_from_one_address_waits_and_others_do_not(caller: Calling, bureau: Engine) -> None:
    person = caller(bureau, client=AWAY)
    statuses = [person.post("/sign-in", f"name=user{number}&password=x").status for number in range(PER_MINUTE + 1)]
    assert statuses == [401] * PER_MINUTE + [429]
    person.client = ("10.0.0.8", 1)
    assert person.post("/sign-in", FORM).status == 303


def test_a_school_behind_one_address_signs_in(person: Caller) -> None:
    assert {person.post("/sign-in", FORM).status for _ in range(PER_MINUTE + 5)} == {303}


def test_a_form_larger_than_any_of_ours_is_not_read(person: Caller) -> None:
    assert person.post("/sign-in", f"{FORM}&more={'x' * 3900}").status == 303
    assert person.post("/sign-in", f"{FORM}&more={'x' * 4096}").status == 401


@pytest.mark.parametrize("path", ["/sign-in", "/password"])
def test_a_form_that_breaks_off_is_no_error(path: str, signed_in: Calling) -> None:
    """Each would leave a trace in the log, and anybody can send thousands."""
    person = signed_in("zhang")
    parts = iter([{"type": "http.request", "body": b"name=zh", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(parts)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(person.app(person.scope("http", path, {"origin": f"http://{person.host}"}, "POST"), receive, send))
    assert sent[0]["status"] == 401


def test_a_character_that_postgresql_cannot_keep_is_left_out(person: Caller) -> None:
    assert person.post("/sign-in", f"name=zha%00ng&password={PASSWORD}").status == 303


def test_the_code_is_asked_for_where_it_is_wanted(person: Caller, bureau: Engine) -> None:
    assert "one-time-code" not in person.look("/sign-in").text
    with bureau.begin() as conn:
        conn.execute(insert(app_state).values(name="door.second_factor", value="optional"))
    assert "one-time-code" in person.look("/sign-in").text


def test_without_any_account_the_form_says_what_to_do(caller: Calling, engine: Engine) -> None:
    assert "user add NAME --role administrator" in caller(engine).look("/sign-in").text


def test_without_the_keys_nobody_gets_in_and_it_says_why(person: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_KEY_FILE", "/nowhere/kongchuo.key")
    answer = person.post("/sign-in", FORM)
    assert (answer.status, answer.token) == (401, None)
    assert "kongchuo.key" in answer.text


class TestSignOut:
    """Going out."""

    def test_the_session_is_over_and_the_cookie_gone(self, signed_in: Calling, bureau: Engine) -> None:
        person = signed_in("zhang")
        answer = person.look("/sign-out")
        assert (answer.status, answer.headers["location"]) == (303, "/sign-in")
        assert "Max-Age=0" in answer.cookies[0]
        assert person.ask("/cases").status == 401
        with bureau.connect() as conn:
            assert conn.execute(select(user_session.c.ended_at)).scalar_one()

    def test_a_picture_in_a_text_cannot_do_it(self, signed_in: Calling) -> None:
        person = signed_in("zhang")
        assert person.ask("/sign-out", sec_fetch_mode="no-cors", accept="image/*").status == 404
        assert person.ask("/cases").status == 200

    def test_without_a_session(self, person: Caller) -> None:
        assert person.look("/sign-out").status == 303


class TestPassword:
    """Setting one's own password."""

    NEW = "Neu-es_Passwort1"

    @pytest.fixture
    def fresh(self, caller: Calling, bureau: Engine) -> Caller:
        """Somebody whose password was set by an administrator."""
        set_password(bureau, "zhang", PASSWORD)
        person = caller(bureau)
        person.token = person.post("/sign-in", FORM).token
        return person

    def test_from_the_given_password_to_the_page(self, fresh: Caller) -> None:
        assert fresh.look("/cases").headers["location"] == "/password?next=%2Fcases"
        assert "至少 8 个字符" in fresh.look("/password").text
        answer = fresh.post("/password?next=/cases", f"old={PASSWORD}&new={self.NEW}&again={self.NEW}")
        assert (answer.status, answer.headers["location"]) == (303, "/cases")
        fresh.token = answer.token
        assert fresh.ask("/cases").status == 200

    @pytest.mark.parametrize(
        ("old", "new", "again", "problem"),
        [
            ("x", NEW, NEW, "不正确"),
            (PASSWORD, NEW, "other", "不一致"),
            (PASSWORD, "weak", "weak", "密码太弱"),
            (PASSWORD, PASSWORD, PASSWORD, "不能与当前密码相同"),
        ],
    )
    def test_refused(self, old: str, new: str, again: str, problem: str, fresh: Caller) -> None:
        answer = fresh.post("/password?next=/cases", f"old={old}&new={new}&again={again}")
        assert answer.status == 401
        assert problem in answer.text
        assert fresh.look("/cases").headers["location"].startswith("/password")

    def test_not_without_a_session(self, person: Caller) -> None:
        assert person.post("/password", f"old={PASSWORD}&new={self.NEW}&again={self.NEW}").status == 401


@pytest.mark.parametrize(("lang", "word"), [("zh", "审计记录写不进去"), ("en", "audit cannot be written")])
def test_without_an_audit_nobody_comes_in_and_it_says_why(lang: str, word: str, person: Caller) -> None:
    with patch.object(audit, "_append", side_effect=OSError(28, "no space left")):
        entered = person.post(f"/sign-in?lang={lang}", f"name=zhang&password={PASSWORD}")
    assert (entered.status, entered.token) == (401, None)
    assert word in entered.text
