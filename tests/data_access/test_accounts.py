"""Accounts, and the sessions that live and die with them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, insert, select, text, update

from data_access import accounts, audit, passwords, sessions, visitors
from data_access.accounts import (
    add_user,
    disable,
    end_sessions,
    has_administrator,
    list_sessions,
    read_scope,
    set_password,
    set_role,
)
from data_access.door_policy import DoorPolicy
from data_access.schema import app_state, area, audit_event, school, user_account, user_session
from data_access.visitors import read_visitor, session_id_of
from domain.errors import AuditError, ProblemError, ScopeError
from domain.scope import Role, Scope

PASSWORD = "Kou-chuo_2026"
COUNTY = "350430"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A clock moved on by hand."""
    moment = [datetime(2026, 11, 21, 9)]
    for module in (accounts, sessions, visitors):
        monkeypatch.setattr(module, "now", lambda: moment[0])

    def move(by: timedelta) -> None:
        moment[0] += by

    return move


@pytest.fixture
def zhang(engine: Engine) -> Engine:
    """A database with one county official."""
    add_user(engine, "zhang", PASSWORD, Role.COUNTY, [COUNTY])
    set_password(engine, "zhang", PASSWORD, must_change=False)
    return engine


def open_for(engine: Engine, name: str, policy: DoorPolicy | None = None) -> str:
    """A session as the door knows it."""
    with audit.in_turn(engine, "session") as conn:
        user_id = conn.execute(select(user_account.c.id).where(user_account.c.name == name)).scalar_one()
        return session_id_of(sessions.open_session(conn, user_id, policy or DoorPolicy(), "10.0.0.7"))


def use(engine: Engine, session: str) -> None:
    """What the door does when a session is used."""
    with engine.connect() as conn:
        visitor = read_visitor(conn, session)
    assert visitor
    sessions.touch_session(engine, visitor)


def acts(engine: Engine) -> list[str]:
    with audit.open_audit(engine).connect() as conn:
        return list(conn.execute(select(audit_event.c.act).order_by(audit_event.c.id)).scalars())


def test_an_account_gives_its_scope(engine: Engine) -> None:
    add_user(engine, " Li.Wei ", PASSWORD, Role.TOWNSHIP, ["350430100", "350430101"], until=date(2026, 12, 31))
    set_password(engine, "LI.WEI", PASSWORD, must_change=False)
    expected = Scope("li.wei", Role.TOWNSHIP, ("350430100", "350430101"), (), date(2026, 12, 31))
    assert read_scope(engine, open_for(engine, "li.wei")) == expected


def test_who_got_a_password_from_somebody_else_sees_nothing_yet(engine: Engine) -> None:
    add_user(engine, "li", PASSWORD, Role.COUNTY, [COUNTY])
    session = open_for(engine, "li")
    assert read_scope(engine, session) is None
    with engine.connect() as conn:
        visitor = read_visitor(conn, session)
    assert visitor is not None
    assert visitor.must_change


@pytest.mark.parametrize("name", ["", "a", "a b", "demo:county", "<b>", "a" * 61, "x'--", "a/b"])
def test_bad_names(name: str, engine: Engine) -> None:
    with pytest.raises(ProblemError, match="2 to 60"):
        add_user(engine, name, PASSWORD, Role.COUNTY, [COUNTY])


@pytest.mark.parametrize("name", ["zhang", "ZHANG", "ｚｈａｎｇ", " zhang "])
def test_a_name_is_taken_in_every_spelling(name: str, zhang: Engine) -> None:
    with pytest.raises(ProblemError, match="taken"):
        add_user(zhang, name, PASSWORD, Role.COUNTY, [COUNTY])


@pytest.mark.parametrize(("areas", "schools"), [([], []), (["3504301"], []), ([], ["12"]), (["35043x"], [])])
def test_an_account_without_a_place_is_refused(areas: list[str], schools: list[str], engine: Engine) -> None:
    with pytest.raises(ScopeError):
        add_user(engine, "li", PASSWORD, Role.COUNTY, areas, schools)
    with engine.connect() as conn:
        assert conn.execute(select(user_account)).first() is None


def test_a_weak_password_opens_no_account(engine: Engine) -> None:
    with pytest.raises(ProblemError, match="too weak"):
        add_user(engine, "li", "password", Role.COUNTY, [COUNTY])


def test_the_audit_says_until_when_an_account_may_see_what(engine: Engine) -> None:
    add_user(engine, "du", PASSWORD, Role.INSPECTOR, [COUNTY], until=date(2026, 12, 5))
    set_role(engine, "du", Role.INSPECTOR, [COUNTY], until=date(2026, 12, 31))
    with audit.open_audit(engine).connect() as conn:
        told = conn.execute(select(audit_event.c.filter).order_by(audit_event.c.id)).scalars().all()
    assert told == [f"du: inspector {COUNTY}  until 2026-12-05", f"du: inspector {COUNTY}  until 2026-12-31"]


def test_changes_are_audited_and_end_what_is_open(zhang: Engine) -> None:
    for change in (
        lambda: set_role(zhang, "zhang", Role.SCHOOL, schools=["2135000001"], by="admin"),
        lambda: set_password(zhang, "zhang", "Neu-es_Passwort1", by="admin"),
        lambda: disable(zhang, "zhang", by="admin"),
    ):
        session = open_for(zhang, "zhang")
        change()
        assert read_scope(zhang, session) is None
    assert acts(zhang) == ["account.add", "account.password", "account.role", "account.password", "account.disable"]
    with audit.open_audit(zhang).connect() as conn:
        told = " ".join(str(value) for row in conn.execute(select(audit_event)) for value in row)
    assert PASSWORD not in told
    assert "argon2" not in told


def test_without_audit_no_change(zhang: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", broken)
    session = open_for(zhang, "zhang")
    with pytest.raises(OSError, match="disk full"):
        disable(zhang, "zhang")
    assert read_scope(zhang, session)


def test_a_disabled_account_can_be_let_in_again(zhang: Engine) -> None:
    disable(zhang, "zhang")
    assert read_scope(zhang, open_for(zhang, "zhang")) is None
    disable(zhang, "zhang", disabled=False)
    assert read_scope(zhang, open_for(zhang, "zhang"))


@pytest.mark.parametrize(
    "act",
    [
        lambda engine: set_password(engine, "nobody", PASSWORD),
        lambda engine: set_role(engine, "nobody", Role.COUNTY, [COUNTY]),
        lambda engine: disable(engine, "nobody"),
        lambda engine: end_sessions(engine, "nobody"),
    ],
)
def test_unknown_users(act: Callable[[Engine], object], engine: Engine) -> None:
    with pytest.raises(ProblemError, match="no such user: nobody"):
        act(engine)


def test_sessions_are_listed_and_ended(zhang: Engine) -> None:
    add_user(zhang, "wang", PASSWORD, Role.COUNTY, [COUNTY])
    mine, hers = {open_for(zhang, "zhang"), open_for(zhang, "zhang")}, open_for(zhang, "wang")
    assert {row.session_id for row in list_sessions(zhang, "ZHANG")} == mine
    assert {(row.session_id, row.user, row.client) for row in list_sessions(zhang)} >= {(hers, "wang", "10.0.0.7")}
    assert end_sessions(zhang, "zhang") == 2
    assert [row.session_id for row in list_sessions(zhang)] == [hers]
    assert end_sessions(zhang, "zhang") == 0


@pytest.mark.parametrize(
    ("role", "password", "disabled", "expected"),
    [
        (Role.ADMINISTRATOR, PASSWORD, False, True),
        (Role.COUNTY, PASSWORD, False, False),
        (Role.ADMINISTRATOR, PASSWORD, True, False),
        (Role.ADMINISTRATOR, None, False, False),
    ],
)
def test_has_administrator(role: Role, password: str | None, disabled: bool, expected: bool, engine: Engine) -> None:
    assert not has_administrator(engine)
    add_user(engine, "li", PASSWORD, role, [COUNTY])
    disable(engine, "li", disabled=disabled)
    if password is None:
        with engine.begin() as conn:
            conn.execute(update(user_account).values(password_hash=None))
    assert has_administrator(engine) == expected


class TestSessions:
    """How long a session lives."""

    MINUTE = timedelta(minutes=1)

    @pytest.mark.parametrize(("idle", "live"), [(29, True), (30, False), (31, False)])
    def test_idle(self, idle: int, live: bool, zhang: Engine, clock: Callable[[timedelta], None]) -> None:
        session = open_for(zhang, "zhang")
        clock(idle * self.MINUTE)
        assert (read_scope(zhang, session) is not None) == live

    def test_use_keeps_it_alive_until_its_absolute_end(self, zhang: Engine, clock: Callable[[timedelta], None]) -> None:
        session = open_for(zhang, "zhang")
        for _ in range(12 * 3 - 1):
            clock(20 * self.MINUTE)
            use(zhang, session)
        clock(20 * self.MINUTE)
        assert read_scope(zhang, session) is None

    def test_use_is_written_down_once_a_minute(self, zhang: Engine, clock: Callable[[timedelta], None]) -> None:
        session = open_for(zhang, "zhang")
        seen = []
        for step in (20, 50, 70):
            clock(timedelta(seconds=step))
            use(zhang, session)
            seen.append(list_sessions(zhang)[0].seen_at)
        assert [moment.strftime("%H:%M:%S") for moment in seen] == ["09:00:00", "09:01:10", "09:02:20"]

    def test_an_import_in_progress_does_not_hold_up_use(self, zhang: Engine, clock: Callable[[timedelta], None]) -> None:
        if zhang.dialect.name != "sqlite":
            pytest.skip("PostgreSQL locks rows, not files")
        session = open_for(zhang, "zhang")
        clock(5 * self.MINUTE)
        with audit.in_turn(zhang, "import"):
            use(zhang, session)
            assert read_scope(zhang, session)

    def test_the_database_knows_no_token(self, zhang: Engine) -> None:
        with audit.in_turn(zhang, "session") as conn:
            token = sessions.open_session(conn, conn.execute(select(user_account.c.id)).scalar_one(), DoorPolicy(), "")
            kept = conn.execute(select(user_session)).one()
        assert token not in str(tuple(kept))
        assert kept.token_hash.hex() == session_id_of(token)
        assert len(token) >= 43

    @pytest.mark.parametrize("session", ["", "x", "00" * 32, "zz" * 32, "'", "\x00"])
    def test_invented_sessions(self, session: str, zhang: Engine) -> None:
        open_for(zhang, "zhang")
        assert read_scope(zhang, session) is None

    def test_sign_out(self, zhang: Engine) -> None:
        one, other = open_for(zhang, "zhang"), open_for(zhang, "zhang")
        sessions.end_session(zhang, one)
        assert (read_scope(zhang, one), bool(read_scope(zhang, other))) == (None, True)

    def test_a_sign_out_is_on_record_once(self, zhang: Engine) -> None:
        one = open_for(zhang, "zhang")
        for _ in range(2):
            sessions.end_session(zhang, one)
        assert [act for act in acts(zhang) if act == "sign_out"] == ["sign_out"]

    def test_a_sign_out_that_cannot_be_recorded_still_ends_the_session(
        self, zhang: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> str:
            raise AuditError("audit.unwritable")

        one = open_for(zhang, "zhang")
        monkeypatch.setattr(sessions, "append", refuse)
        sessions.end_session(zhang, one)
        assert read_scope(zhang, one) is None

    def test_old_sessions_are_forgotten(self, zhang: Engine, clock: Callable[[timedelta], None]) -> None:
        open_for(zhang, "zhang")
        clock(timedelta(days=185))
        open_for(zhang, "zhang")
        with zhang.connect() as conn:
            assert len(conn.execute(select(user_session)).all()) == 1

    @pytest.mark.parametrize(("until", "live"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True)])
    def test_the_last_day_of_an_inspector(self, until: date, live: bool, engine: Engine) -> None:
        with engine.begin() as conn:
            conn.execute(insert(app_state).values(name="business_date", value="2026-11-21"))
        add_user(engine, "li", PASSWORD, Role.INSPECTOR, [COUNTY], until=until)
        set_password(engine, "li", PASSWORD, must_change=False)
        assert (read_scope(engine, open_for(engine, "li")) is not None) == live

    @pytest.mark.parametrize(("days", "must_change"), [(89, False), (91, True)])
    def test_an_old_password_must_be_changed(
        self, days: int, must_change: bool, zhang: Engine, clock: Callable[[timedelta], None]
    ) -> None:
        clock(timedelta(0))
        with zhang.begin() as conn:
            conn.execute(update(user_account).values(password_set_at=datetime(2026, 11, 21, 9)))
        clock(timedelta(days=days))
        with zhang.connect() as conn:
            visitor = read_visitor(conn, open_for(zhang, "zhang"))
        assert visitor is not None
        assert visitor.must_change == must_change

    def test_a_spoilt_row_is_nobody(self, zhang: Engine) -> None:
        session = open_for(zhang, "zhang")
        with zhang.begin() as conn:
            conn.execute(text("UPDATE user_account SET areas = ''"))
        assert read_scope(zhang, session) is None


class TestDemo:
    """The demo's own accounts."""

    @pytest.fixture
    def demo(self, engine: Engine) -> Engine:
        with engine.begin() as conn:
            conn.execute(insert(app_state).values(name="demo", value="1"))
            places = [(COUNTY, "county", "建宁县"), ("350430100", "town", "濉溪镇"), ("350430100001", "village", "村")]
            for code, level, name in places:
                conn.execute(insert(area).values(code=code, level=level, name=name, valid_from=date(2000, 1, 1)))
            place = {"county_code": COUNTY, "town_code": "350430100", "village_code": "350430100001"}
            named = {"code": "2135000001", "name": "甲小学", "category": "1", "kind": "primary"}
            conn.execute(insert(school).values(valid_from=date(2000, 1, 1), **place, **named))
        return engine

    @pytest.mark.parametrize(
        ("role", "areas", "schools"),
        [
            (Role.PREFECTURE, ("3504",), ()),
            (Role.COUNTY, (COUNTY,), ()),
            (Role.ADMINISTRATOR, (COUNTY,), ()),
            (Role.SCREEN, (COUNTY,), ()),
            (Role.INSPECTOR, (COUNTY,), ()),
            (Role.TOWNSHIP, ("350430100",), ()),
            (Role.VILLAGE, ("350430100001",), ()),
            (Role.SCHOOL, (), ("2135000001",)),
        ],
    )
    def test_each_role_has_a_place(self, role: Role, areas: tuple[str, ...], schools: tuple[str, ...], demo: Engine) -> None:
        for _ in range(2):
            session = session_id_of(sessions.open_demo_session(demo, role, "127.0.0.1"))
            assert read_scope(demo, session) == Scope(f"demo:{role}", role, areas, schools)

    def test_only_while_the_database_is_a_demo(self, demo: Engine) -> None:
        session = session_id_of(sessions.open_demo_session(demo, Role.COUNTY, "127.0.0.1"))
        with demo.begin() as conn:
            conn.execute(text("UPDATE app_state SET value = '0'"))
        assert read_scope(demo, session) is None

    def test_it_does_not_idle_out(self, demo: Engine, clock: Callable[[timedelta], None]) -> None:
        session = session_id_of(sessions.open_demo_session(demo, Role.COUNTY, "127.0.0.1"))
        clock(timedelta(hours=11))
        assert read_scope(demo, session)
        clock(timedelta(hours=2))
        assert read_scope(demo, session) is None

    def test_nobody_is_vouched_for_as_the_demo(self, demo: Engine) -> None:
        sessions.open_demo_session(demo, Role.ADMINISTRATOR, "127.0.0.1")
        assert sessions.open_vouched_session(demo, "demo:administrator", "10.0.0.7") is None
