"""Accounts from the screen: an administrator's own area only, and one's own sessions only."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access import account_desk
from data_access.accounts import list_sessions
from data_access.door_policy import read_policy
from data_access.schema import user_account
from data_access.sessions import open_session
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope

KEEPER = Scope("admin", Role.ADMINISTRATOR, ("350430",))
TOWN = ("350430100",)


def session_of(engine: Engine, name: str) -> str:
    """A session of an account, opened as the door does."""
    with engine.begin() as conn:
        number = conn.execute(select(user_account.c.id).where(user_account.c.name == name)).scalar_one()
        open_session(conn, number, read_policy(conn), "10.0.0.1")
    return list_sessions(engine, name)[0].session_id


def test_an_account_is_opened_listed_renewed_and_shut_out(engine: Engine) -> None:
    first = account_desk.open_account(engine, KEEPER, "Wang", Role.TOWNSHIP, TOWN, (), shown_name="王老师")
    (row,) = account_desk.list_accounts(engine, KEEPER)
    assert (row.name, row.shown_name, row.role, row.areas, row.disabled, row.sessions) == (
        "wang",
        "王老师",
        Role.TOWNSHIP,
        TOWN,
        False,
        0,
    )
    session_of(engine, "wang")
    assert account_desk.list_accounts(engine, KEEPER)[0].sessions == 1
    assert account_desk.renew_password(engine, KEEPER, "wang") != first
    assert account_desk.list_accounts(engine, KEEPER)[0].sessions == 0, "a new password ends what is open"
    session_of(engine, "wang")
    assert account_desk.end_all_sessions(engine, KEEPER, "wang") == 1
    account_desk.shut_out(engine, KEEPER, "wang", disabled=True)
    assert account_desk.list_accounts(engine, KEEPER)[0].disabled


@pytest.mark.parametrize(
    ("areas", "role", "problem"),
    [
        (("350431100",), Role.TOWNSHIP, "scope.no_write"),
        (("3504",), Role.PREFECTURE, "scope.no_write"),
        (TOWN, Role.INSPECTOR, "account.no_until"),
        ((), Role.TOWNSHIP, "scope.empty"),
    ],
)
def test_what_may_not_be_opened(engine: Engine, areas: tuple[str, ...], role: Role, problem: str) -> None:
    with pytest.raises(ProblemError) as refused:
        account_desk.open_account(engine, KEEPER, "wang", role, areas, ())
    assert refused.value.key == problem
    assert account_desk.list_accounts(engine, KEEPER) == []


def test_an_inspector_comes_for_a_round(engine: Engine) -> None:
    account_desk.open_account(engine, KEEPER, "inspector", Role.INSPECTOR, ("350430",), (), until=date(2026, 9, 30))
    assert account_desk.list_accounts(engine, KEEPER)[0].until == date(2026, 9, 30)


ACTS: dict[str, Any] = {
    "list": account_desk.list_accounts,
    "open": lambda engine, scope: account_desk.open_account(engine, scope, "x1", Role.TOWNSHIP, TOWN, ()),
    "renew": lambda engine, scope: account_desk.renew_password(engine, scope, "wang"),
    "shut out": lambda engine, scope: account_desk.shut_out(engine, scope, "wang", disabled=True),
    "end": lambda engine, scope: account_desk.end_all_sessions(engine, scope, "wang"),
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_and_no_administrator_of_another_place(engine: Engine, act: str) -> None:
    account_desk.open_account(engine, KEEPER, "wang", Role.TOWNSHIP, TOWN, ())
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(ScopeError):
            ACTS[act](engine, Scope("x", role, ("350430",)))
    other = Scope("x", Role.ADMINISTRATOR, ("350431",))
    if act == "list":
        assert account_desk.list_accounts(engine, other) == []
    else:
        with pytest.raises(ScopeError):
            ACTS[act](engine, other)


def test_one_ends_ones_own_sessions_and_no_one_else_s(engine: Engine) -> None:
    for name in ("wang", "zhang"):
        account_desk.open_account(engine, KEEPER, name, Role.TOWNSHIP, TOWN, ())
    own, other = session_of(engine, "wang"), session_of(engine, "zhang")
    wang = Scope("wang", Role.TOWNSHIP, TOWN)
    assert [row.session_id for row in account_desk.list_own_sessions(engine, wang)] == [own]
    with pytest.raises(ScopeError):
        account_desk.end_own_session(engine, wang, other)
    account_desk.end_own_session(engine, wang, own)
    assert account_desk.list_own_sessions(engine, wang) == []
    assert len(list_sessions(engine, "zhang")) == 1


def test_nobody_shuts_himself_out(engine: Engine) -> None:
    account_desk.open_account(engine, KEEPER, "admin", Role.ADMINISTRATOR, ("350430",), ())
    with pytest.raises(ProblemError, match="own account"):
        account_desk.shut_out(engine, KEEPER, "admin", disabled=True)
