"""The demo's switch of role."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert

from data_access.accounts import read_scope
from data_access.schema import app_state
from data_access.visitors import session_id_of
from domain.scope import Role
from tests.access.callers import AWAY, Caller

Calling = Callable[..., Caller]


@pytest.fixture
def visitor(caller: Calling, demo: Engine) -> Caller:
    """Somebody at the open demo."""
    person = caller(demo)
    person.token = person.look().token
    return person


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SCHOOL, Role.TOWNSHIP, Role.VILLAGE}])
def test_another_role(role: Role, visitor: Caller, demo: Engine) -> None:
    before = str(visitor.token)
    answer = visitor.look(f"/demo-role/{role}", sec_fetch_site="same-origin")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    scope = read_scope(demo, session_id_of(str(answer.token)))
    assert scope is not None
    assert scope.role is role
    assert read_scope(demo, session_id_of(before)) is None


@pytest.mark.parametrize("role", ["", "root", "COUNTY", "demo:county", "county/x"])
def test_no_such_role(role: str, visitor: Caller) -> None:
    answer = visitor.look(f"/demo-role/{role}")
    assert answer.token is None
    assert answer.status == 404 or "path" in answer.text


def test_not_from_another_site_and_not_from_elsewhere(visitor: Caller) -> None:
    assert visitor.look("/demo-role/administrator", sec_fetch_site="cross-site").token is None
    visitor.client = AWAY
    assert visitor.look("/demo-role/administrator").status == 404


def test_not_with_a_bureaus_data(signed_in: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")
    assert person.look("/demo-role/administrator").status == 404
    with bureau.begin() as conn:
        conn.execute(insert(app_state).values(name="demo", value="0"))
    assert person.look("/demo-role/administrator").status == 404
