"""Where the app may listen."""

import pytest
from sqlalchemy import Engine, text

from access.bind import require_safe_bind
from data_access.accounts import disable
from domain.errors import ProblemError


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_always_safe(address: str, engine: Engine) -> None:
    require_safe_bind(engine, address, tls=False)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.5", "kongchuo.example"])
def test_elsewhere_only_with_an_administrator(address: str, bureau: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    require_safe_bind(bureau, address, tls=True)
    assert capsys.readouterr().err == ""
    require_safe_bind(bureau, address, tls=False)
    assert "TLS" in capsys.readouterr().err
    disable(bureau, "admin")
    with pytest.raises(ProblemError, match="user add NAME --role administrator"):
        require_safe_bind(bureau, address, tls=True)


def test_an_open_demo_stays_on_this_machine(demo: Engine) -> None:
    with pytest.raises(ProblemError, match=r"Refusing to listen on 0\.0\.0\.0"):
        require_safe_bind(demo, "0.0.0.0", tls=True)


def test_a_database_that_is_away_opens_nothing(engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(text("ALTER TABLE user_account RENAME TO gone"))
    with pytest.raises(ProblemError, match="cannot be reached"):
        require_safe_bind(engine, "0.0.0.0", tls=True)
