"""The door's rules and a second factor, set from the console and kept by the door."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from data_access import accounts
from data_access.__main__ import commands
from data_access.audit import open_audit
from data_access.door_policy import DoorPolicy, read_policy
from data_access.door_rules import BOUNDS, check_rule
from data_access.schema import audit_event, user_account
from data_access.secrets import read_cipher
from domain.errors import ProblemError
from domain.scope import Role

Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the database, in which `keeper` is an administrator."""
    accounts.add_user(engine, "keeper", "Quiet-7-harbour", Role.ADMINISTRATOR, ["350430"])
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
    return lambda *words: CliRunner().invoke(commands, list(words), catch_exceptions=False)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_number_stands_within_its_bounds_only(name: str) -> None:
    fewest, most = BOUNDS[name]
    for value in (str(fewest), str(most)):
        check_rule(name, value)
    for wrong in (str(fewest - 1), str(most + 1), "", "-1", "1.5", "often", "８"):
        with pytest.raises(ProblemError) as refused:
            check_rule(name, wrong)
        assert refused.value.key == "door.bad_value"


def test_every_rule_can_be_set() -> None:
    assert {*BOUNDS, "second_factor"} == set(DoorPolicy.__dataclass_fields__)


def test_a_rule_is_changed_shown_and_on_record(run: Run, engine: Engine) -> None:
    told = run("door", "idle_minutes", "10")
    assert told.exit_code == 0
    assert "idle_minutes\t10\n" in told.output
    assert "min_length\t8\n" in run("door").output
    with engine.connect() as conn:
        assert read_policy(conn) == DoorPolicy(idle_minutes=10)
    assert recorded(engine, "door.rule") == ["idle_minutes=10"]


@pytest.mark.parametrize(("words", "said"), [(("idle", "5"), "min_length"), (("lock_after",), "3-10")])
def test_a_wrong_rule_is_refused_and_nothing_changes(run: Run, engine: Engine, words: tuple[str, ...], said: str) -> None:
    told = run("door", *words)
    assert told.exit_code == 2
    assert said in told.stderr
    with engine.connect() as conn:
        assert read_policy(conn) == DoorPolicy()


def test_a_code_for_everybody_comes_after_an_administrators_own(run: Run, engine: Engine, key_file: Path) -> None:
    assert run("door", "second_factor", "required").exit_code == 2
    address = run("user", "code", "keeper").output.strip()
    with engine.connect() as conn:
        sealed = conn.execute(select(user_account.c.totp_secret)).scalar_one()
    assert parse_qs(urlsplit(address).query)["secret"] == [read_cipher(key_file).unseal(sealed)]
    assert run("door", "second_factor", "required").exit_code == 0
    with engine.connect() as conn:
        assert read_policy(conn).second_factor == "required"


def test_a_lost_code_is_taken_away_at_the_console(run: Run, engine: Engine) -> None:
    run("user", "code", "keeper")
    run("door", "second_factor", "required")
    assert run("user", "code", "keeper", "--remove").exit_code == 0
    with engine.connect() as conn:
        assert conn.execute(select(user_account.c.totp_secret)).scalar_one() is None
    assert recorded(engine, "account.no_second_factor") == ["keeper"]


def recorded(engine: Engine, act: str) -> list[Any]:
    """What the audit says of an act."""
    with open_audit(engine).connect() as conn:
        return list(conn.execute(select(audit_event.c.filter).where(audit_event.c.act == act)).scalars())
