"""Signing in: who gets in, who waits, and that nobody learns why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Engine, insert, select, update

from data_access import accounts, audit, passwords, second_factor, sessions, sign_in, visitors
from data_access.accounts import add_user, disable, read_scope, set_password
from data_access.schema import app_state, audit_event, sign_in_attempt, user_account
from data_access.second_factor import remove_second_factor, set_second_factor, step_of
from data_access.secrets import Cipher
from data_access.visitors import read_visitor, session_id_of
from domain.errors import ProblemError
from domain.scope import Role

PASSWORD = "Kou-chuo_2026"
WRONG = "User name, password or code is wrong"
Clock = Callable[[timedelta], None]
Enter = Callable[..., str]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock moved on by hand."""
    moment = [datetime(2026, 11, 21, 9)]
    for module in (accounts, sign_in, sessions, visitors):
        monkeypatch.setattr(module, "now", lambda: moment[0])
    monkeypatch.setattr(second_factor, "time", lambda: datetime.timestamp(moment[0]))

    def move(by: timedelta) -> None:
        moment[0] += by

    return move


@pytest.fixture
def zhang(engine: Engine) -> Engine:
    """A database with one county official."""
    add_user(engine, "zhang", PASSWORD, Role.COUNTY, ["350430"])
    set_password(engine, "zhang", PASSWORD, must_change=False)
    return engine


@pytest.fixture
def enter(zhang: Engine, cipher: Cipher, clock: Clock) -> Enter:
    """Try to come in as zhang."""

    def entered(password: str = PASSWORD, name: str = "zhang", code: str = "") -> str:
        return sign_in.sign_in(zhang, cipher, name, password, code, "10.0.0.7")

    return entered


def refused(enter: Enter, **how: str) -> str:
    with pytest.raises(ProblemError, match=WRONG) as problem:
        enter(**how)
    return problem.value.say("en")


def set_rule(engine: Engine, name: str, value: str) -> None:
    with engine.begin() as conn:
        conn.execute(insert(app_state).values(name=f"door.{name}", value=value))


@pytest.mark.parametrize("name", ["zhang", "ZHANG", " zhang", "ｚｈａｎｇ"])
def test_the_right_password_opens_a_session(name: str, enter: Enter, zhang: Engine) -> None:
    scope = read_scope(zhang, session_id_of(enter(name=name)))
    assert scope is not None
    assert scope.user == "zhang"


def test_every_session_has_a_token_of_its_own(enter: Enter) -> None:
    assert enter() != enter()


def test_whatever_is_wrong_the_answer_is_the_same(enter: Enter, zhang: Engine) -> None:
    answers = {refused(enter, password="x"), refused(enter, name="nobody"), refused(enter, name="", password="")}
    disable(zhang, "zhang")
    answers.add(refused(enter))
    for _ in range(9):
        answers.add(refused(enter, name="locked"))
    assert len(answers) == 1


@pytest.mark.parametrize(("tries", "locked"), [(4, False), (5, True), (6, True)])
def test_five_wrong_tries_lock_a_name(tries: int, locked: bool, enter: Enter) -> None:
    for _ in range(tries):
        refused(enter, password="x")
    if locked:
        refused(enter)
    else:
        assert enter()


@pytest.mark.parametrize(("minutes", "locked"), [(14, True), (15, False)])
def test_a_locked_name_waits_fifteen_minutes(minutes: int, locked: bool, enter: Enter, clock: Clock) -> None:
    for _ in range(5):
        refused(enter, password="x")
    clock(timedelta(minutes=minutes))
    if locked:
        refused(enter)
    else:
        assert enter()


def test_trying_on_does_not_make_the_wait_longer(enter: Enter, clock: Clock) -> None:
    for _ in range(5):
        refused(enter, password="x")
    for _ in range(14):
        clock(timedelta(minutes=1))
        refused(enter)
    clock(timedelta(minutes=1))
    assert enter()


def test_coming_in_forgets_the_wrong_tries(enter: Enter) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(enter, password="x")
        assert enter()


def test_one_name_does_not_lock_another(enter: Enter) -> None:
    for number in range(20):
        refused(enter, name=f"user{number}")
    assert enter()


def test_tries_at_the_same_moment_count_each_other(enter: Enter, zhang: Engine) -> None:
    def attempt(number: int) -> bool:
        try:
            return bool(enter(password=PASSWORD if number == 29 else "x"))
        except ProblemError:
            return False

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, range(29)))
    with zhang.connect() as conn:
        assert len(conn.execute(select(sign_in_attempt)).all()) == 5
    refused(enter)


def test_the_database_does_not_hold_what_was_typed_as_a_name(enter: Enter, zhang: Engine) -> None:
    refused(enter, name="My-Secret-Passw0rd")
    with zhang.connect() as conn, audit.open_audit(zhang).connect() as book:
        kept = f"{conn.execute(select(sign_in_attempt)).all()} {book.execute(select(audit_event)).all()}"
    assert "secret" not in kept.lower()


def test_old_tries_are_forgotten(enter: Enter, zhang: Engine, clock: Clock) -> None:
    refused(enter, password="x")
    clock(timedelta(days=2))
    enter()
    with zhang.connect() as conn:
        assert len(conn.execute(select(sign_in_attempt)).all()) == 1


def test_sign_ins_are_audited(enter: Enter, zhang: Engine) -> None:
    refused(enter, name="nobody")
    enter()
    with audit.open_audit(zhang).connect() as conn:
        rows = conn.execute(select(audit_event).order_by(audit_event.c.id.desc()).limit(2)).all()
    assert [(row.act, row.user, row.reason) for row in rows] == [
        ("sign_in", "zhang", "10.0.0.7"),
        ("sign_in.refused", "", "10.0.0.7"),
    ]


@pytest.mark.parametrize(("until", "enters"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True), (None, True)])
def test_the_last_day(until: date | None, enters: bool, enter: Enter, zhang: Engine) -> None:
    with zhang.begin() as conn:
        conn.execute(insert(app_state).values(name="business_date", value="2026-11-21"))
        conn.execute(update(user_account).values(until=until))
    if enters:
        assert enter()
    else:
        refused(enter)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch, zhang: Engine) -> Callable[[Callable[[], Any]], None]:
    """While the next password is judged, which takes a while, somebody else does this."""

    def set_up(act: Callable[[], Any]) -> None:
        def fits(*given: Any) -> bool:
            monkeypatch.setattr(sign_in, "fits_password", passwords.fits_password)
            right = passwords.fits_password(*given)
            act()
            return right

        monkeypatch.setattr(sign_in, "fits_password", fits)

    return set_up


@pytest.mark.parametrize("act", ["password", "disable"])
def test_what_changes_while_a_password_is_judged_counts(
    act: str, meanwhile: Callable[[Callable[[], Any]], None], enter: Enter, zhang: Engine
) -> None:
    """A new password ends all sessions; one opened with the old password a moment later would outlive it."""
    acts: dict[str, Callable[[], Any]] = {
        "password": lambda: set_password(zhang, "zhang", "Neu-es_Passwort1", must_change=False),
        "disable": lambda: disable(zhang, "zhang"),
    }
    meanwhile(acts[act])
    refused(enter)
    assert accounts.list_sessions(zhang) == []


def test_a_password_that_was_reset_meanwhile_is_not_set_over(
    meanwhile: Callable[[Callable[[], Any]], None], enter: Enter, zhang: Engine, cipher: Cipher
) -> None:
    with zhang.connect() as conn:
        visitor = read_visitor(conn, session_id_of(enter()))
    assert visitor
    meanwhile(lambda: set_password(zhang, "zhang", "Neu-es_Passwort1", must_change=False))
    with pytest.raises(ProblemError, match="changed elsewhere"):
        sign_in.change_password(zhang, cipher, visitor, PASSWORD, "An-deres_Passwort2", "")
    assert accounts.list_sessions(zhang) == []
    assert enter("Neu-es_Passwort1")


def test_an_account_without_a_password_cannot_sign_in(enter: Enter, zhang: Engine) -> None:
    with zhang.begin() as conn:
        conn.execute(update(user_account).values(password_hash=None))
    for password in ("", "nobody", "None"):
        refused(enter, password=password)


class TestSecondFactor:
    """One-time codes."""

    @pytest.fixture
    def code(self, zhang: Engine, cipher: Cipher) -> Callable[[datetime], str]:
        """What zhang's app shows at a moment."""
        address = set_second_factor(zhang, cipher, "zhang")
        secret = parse_qs(urlsplit(address).query)["secret"][0]
        assert address.startswith("otpauth://totp/kongchuo:zhang?")
        totp = TOTP(second_factor.b32decode(secret), 6, SHA1(), 30)
        return lambda moment: totp.generate(int(moment.timestamp())).decode()

    NOW = datetime(2026, 11, 21, 9)

    @pytest.mark.parametrize(
        ("rule", "given", "enters"),
        [
            ("off", None, True),
            ("optional", None, False),
            ("optional", 0, True),
            ("required", 0, True),
            ("required", None, False),
            ("required", -30, True),
            ("required", 30, True),
            ("required", -61, False),
            ("required", 61, False),
        ],
    )
    def test_with_a_secret(
        self, rule: str, given: int | None, enters: bool, enter: Enter, zhang: Engine, code: Callable[[datetime], str]
    ) -> None:
        set_rule(zhang, "second_factor", rule)
        told = "" if given is None else code(self.NOW + timedelta(seconds=given))
        if enters:
            assert enter(code=told)
        else:
            refused(enter, code=told)

    @pytest.mark.parametrize(("rule", "enters"), [("off", True), ("optional", True), ("required", False)])
    def test_without_a_secret(self, rule: str, enters: bool, enter: Enter, zhang: Engine) -> None:
        set_rule(zhang, "second_factor", rule)
        if enters:
            assert enter()
        else:
            refused(enter, code="000000")

    def test_a_code_is_good_once(self, enter: Enter, zhang: Engine, code: Callable[[datetime], str], clock: Clock) -> None:
        set_rule(zhang, "second_factor", "required")
        told = code(self.NOW)
        assert enter(code=told)
        refused(enter, code=told)
        clock(timedelta(seconds=25))
        refused(enter, code=told)
        refused(enter, code=code(self.NOW - timedelta(seconds=30)))
        assert enter(code=code(self.NOW + timedelta(seconds=30))), "the next one: a second browser need not wait"
        refused(enter, code=told)

    def test_of_many_with_one_code_at_the_same_moment_one_gets_in(
        self, enter: Enter, zhang: Engine, code: Callable[[datetime], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All of them have passed the password before the first one is let in."""
        set_rule(zhang, "second_factor", "required")
        told, together = code(self.NOW), Barrier(4)
        checked = sign_in.fits_password
        monkeypatch.setattr(sign_in, "fits_password", lambda *given: (checked(*given), together.wait(20))[0])

        def attempt(_: int) -> bool:
            try:
                return bool(enter(code=told))
            except ProblemError:
                return False

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]

    def test_a_new_secret_begins_anew(self, enter: Enter, zhang: Engine, cipher: Cipher, code: Callable[[datetime], str]) -> None:
        set_rule(zhang, "second_factor", "required")
        assert enter(code=code(self.NOW))
        secret = parse_qs(urlsplit(set_second_factor(zhang, cipher, "zhang")).query)["secret"][0]
        assert enter(code=TOTP(second_factor.b32decode(secret), 6, SHA1(), 30).generate(int(self.NOW.timestamp())).decode())

    def test_wrong_codes_lock_too(self, enter: Enter, zhang: Engine, code: Callable[[datetime], str]) -> None:
        set_rule(zhang, "second_factor", "required")
        for number in range(5):
            refused(enter, code=f"{number:06}")
        refused(enter, code=code(self.NOW))

    def test_taken_away(self, enter: Enter, zhang: Engine, code: Callable[[datetime], str]) -> None:
        set_rule(zhang, "second_factor", "optional")
        remove_second_factor(zhang, "zhang")
        assert enter()

    def test_the_secret_is_sealed(self, zhang: Engine, cipher: Cipher) -> None:
        secret = parse_qs(urlsplit(set_second_factor(zhang, cipher, "zhang")).query)["secret"][0]
        with zhang.connect() as conn:
            kept = conn.execute(select(user_account.c.totp_secret)).scalar_one()
        assert secret.encode() not in kept
        assert cipher.unseal(kept) == secret

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 456", "\x00"])
    def test_what_is_no_code(self, code: str) -> None:
        assert step_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code) is None

    def test_the_standards_own_example(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """RFC 6238, appendix B: the ASCII secret 12345678901234567890 at 59 seconds gives ...287082."""
        monkeypatch.setattr(second_factor, "time", lambda: 59.0)
        assert step_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "287082") == 1

    @pytest.mark.parametrize(
        "act",
        [
            lambda engine, cipher: set_second_factor(engine, cipher, "nobody"),
            lambda engine, _: remove_second_factor(engine, "nobody"),
        ],
    )
    def test_unknown_users(self, act: Callable[[Engine, Cipher], Any], engine: Engine, cipher: Cipher) -> None:
        with pytest.raises(ProblemError, match="no such user"):
            act(engine, cipher)


class TestChangePassword:
    """One's own password."""

    NEW = "Neu-es_Passwort1"

    @pytest.fixture
    def change(self, enter: Enter, zhang: Engine, cipher: Cipher) -> Callable[[str, str], tuple[str, str]]:
        """Sign in and change the password; the session before and the token after."""

        def changed(old: str, new: str) -> tuple[str, str]:
            session = session_id_of(enter())
            with zhang.connect() as conn:
                visitor = read_visitor(conn, session)
            assert visitor
            return session, sign_in.change_password(zhang, cipher, visitor, old, new, "10.0.0.7")

        return changed

    def test_changed(self, change: Callable[[str, str], tuple[str, str]], enter: Enter, zhang: Engine) -> None:
        before, token = change(PASSWORD, self.NEW)
        assert read_scope(zhang, before) is None
        assert read_scope(zhang, session_id_of(token))
        refused(enter)
        assert enter(password=self.NEW)

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("wrong", NEW, WRONG),
            (PASSWORD, PASSWORD, "must differ"),
            (PASSWORD, "weak", "too weak"),
            (PASSWORD, "Zhang-zhang1", "too weak"),
        ],
    )
    def test_refused(self, old: str, new: str, problem: str, change: Callable[[str, str], tuple[str, str]], enter: Enter) -> None:
        with pytest.raises(ProblemError, match=problem):
            change(old, new)
        assert enter()

    def test_trying_old_passwords_locks_too(
        self, change: Callable[[str, str], tuple[str, str]], enter: Enter, zhang: Engine
    ) -> None:
        with pytest.raises(ProblemError, match=WRONG):
            change("wrong", self.NEW)
        for _ in range(4):
            refused(enter, password="x")
        refused(enter)
