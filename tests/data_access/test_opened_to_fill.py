"""An embedded database opened for its first filling: all of it or nothing, and afterwards as it is every day."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from data_access.engine import open_engine, opened_to_fill
from data_access.migrate import migrate
from data_access.schema import child
from tests.conftest import ROOT

FILL_AND_DIE = """
import os, signal, sys
from sqlalchemy import text
from data_access.bulk import copy_rows
from data_access.engine import open_engine, opened_to_fill
from data_access.schema import child

with opened_to_fill(open_engine(sys.argv[1])) as filling, filling.connect() as conn:
    conn.exec_driver_sql("PRAGMA cache_size=10")  # so that rows reach the file long before the end
    conn.rollback()
    with conn.begin():
        copy_rows(conn, child, ("county_code", "name"), (("350430", "试学") for _ in range(50_000)))
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    """An empty database at the program's schema, to which nobody is connected."""
    url = f"sqlite:///{tmp_path}/kongchuo.db"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url


def journal(engine: Engine) -> str:
    with engine.connect() as conn:
        return str(conn.execute(text("PRAGMA journal_mode")).scalar())


def children(engine: Engine) -> int:
    with engine.connect() as conn:
        return conn.execute(select(func.count()).select_from(child)).scalar_one()


def test_what_was_written_is_there_and_the_log_is_back(address: str) -> None:
    engine = open_engine(address)
    with opened_to_fill(engine) as filling:
        assert journal(filling) == "delete"
        with filling.begin() as conn:
            conn.execute(child.insert().values(county_code="350430", name="试学"))
    assert (journal(engine), children(engine)) == ("wal", 1)
    engine.dispose()


def test_killed_halfway_it_is_empty_again(address: str, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", FILL_AND_DIE, address], cwd=ROOT, env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (tmp_path / "kongchuo.db-journal").exists()  # rows had reached the file
    engine = open_engine(address)
    assert (journal(engine), children(engine)) == ("wal", 0)
    engine.dispose()


def test_where_somebody_has_it_open_it_stays_as_it_is(address: str) -> None:
    engine, other = open_engine(address), open_engine(address)
    with other.connect(), opened_to_fill(engine) as filling:
        assert filling is engine
        assert journal(filling) == "wal"
    engine.dispose()
    other.dispose()


def test_in_memory_it_stays_as_it_is() -> None:
    engine = open_engine("sqlite:///:memory:")
    migrate(engine)
    with opened_to_fill(engine) as filling:
        assert filling is engine
        assert children(filling) == 0
    engine.dispose()
