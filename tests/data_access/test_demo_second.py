"""A demo of two processes holds the rows that one process alone writes, and ends well when the second one does not."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, LargeBinary, Table, select

from data_access import demo, demo_second
from data_access.demo import write_demo
from data_access.demo_plan import PREFECTURE, DemoSize
from data_access.derive import DERIVED
from data_access.engine import open_engine
from data_access.migrate import migrate
from data_access.schema import metadata
from data_access.secrets import Cipher

SMALL = replace(
    PREFECTURE,
    schools={"special": 10, "nine_year": 6, "junior": 12, "teaching_point": 6, "primary": 20},
    pupils=4_000,
    left_behind=800,
    graduates=420,
    elsewhere=60,
    leavers=200,
    lost_in_transition=(6, 4),
    special_pupils=60,
    unlocated=30,
    living_outside=60,
    open_cases=160,
    closed_cases=160,
    visits=900,
    report_days=5,
    reported_rounds=1,
)


@pytest.fixture
def several_counties(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prefecture in small, and a machine of two processors on which it is worth a second process."""
    monkeypatch.setattr(demo, "PLANS", {DemoSize.PREFECTURE: SMALL})
    monkeypatch.setattr(demo_second, "cpu_count", lambda: 2)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Engine]:
    """An empty database in a file."""
    engine = open_engine(f"sqlite:///{tmp_path}/two/kongchuo.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def alone(several_counties: None, tmp_path: Path, cipher: Cipher) -> dict[str, str]:
    """What one process writes."""
    engine = open_engine(f"sqlite:///{tmp_path}/one/kongchuo.db")
    migrate(engine)
    write_demo(engine, cipher, size=DemoSize.PREFECTURE)
    with engine.connect() as conn:
        told = digest(conn)
    engine.dispose()
    return told


def digest(conn: Connection) -> dict[str, str]:
    """Each table's rows, without row numbers given by the database, the moment of writing and what is sealed anew each time."""
    return {table.name: _digest(conn, table) for table in metadata.sorted_tables}


def _digest(conn: Connection, table: Table) -> str:
    own = table.autoincrement_column if table in DERIVED else None
    columns = [
        one for one in table.columns if one.name != "recorded_at" and one is not own and not isinstance(one.type, LargeBinary)
    ]
    rows = sorted(repr(tuple(row)) for row in conn.execute(select(*columns)))
    return sha256("".join(rows).encode()).hexdigest()


def test_two_processes_write_what_one_writes(
    alone: dict[str, str], embedded: Engine, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_second, "WORTH_IT", 0)
    brought: list[bool] = []
    for name in ("bring_children", "bring_schools"):
        bring = getattr(demo_second.SecondProcess, name)
        noting = lambda *given, bring=bring: brought.append(bring(*given)) or brought[-1]  # noqa: E731
        monkeypatch.setattr(demo_second.SecondProcess, name, noting)
    write_demo(embedded, cipher, size=DemoSize.PREFECTURE)
    with embedded.connect() as conn:
        assert digest(conn) == alone
    assert brought == [True, False, True, True]  # its children, then of the schools' tables all but the first
    assert [path.name for path in Path(str(embedded.url.database)).parent.iterdir() if path.is_dir()] == []


def test_without_the_second_process_the_first_does_all(
    alone: dict[str, str], embedded: Engine, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_second, "WORTH_IT", 0)
    start = demo_second.SecondProcess.start

    def start_and_lose(second: demo_second.SecondProcess, database: Path) -> None:
        start(second, database)
        assert second._process is not None
        second._process.kill()

    monkeypatch.setattr(demo_second.SecondProcess, "start", start_and_lose)
    write_demo(embedded, cipher, size=DemoSize.PREFECTURE)
    with embedded.connect() as conn:
        assert digest(conn) == alone
