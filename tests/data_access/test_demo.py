"""Writing the demo: all or nothing, the same from the same seed, on any day of the year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, LargeBinary, Table, func, inspect, select

from data_access import demo, demo_plan
from data_access.demo import DemoSummary, write_demo
from data_access.demo_plan import COUNTY, DEMO_DATE, DemoPlan, DemoSize
from data_access.demo_steps import STEPS
from data_access.engine import business_date, is_demo, open_engine
from data_access.migrate import migrate
from data_access.schema import area, case_file, case_interval, child, metadata, school_count, village_count
from data_access.secrets import Cipher
from data_access.writing import read_data_version, write
from domain.errors import ProblemError

DERIVED = {"child_place", "case_interval", "loss_spell", "village_count", "school_count"}
SMALL = replace(
    COUNTY,
    pupils=1_800,
    left_behind=290,
    graduates=190,
    elsewhere=30,
    leavers=120,
    lost_in_transition=(2, 1),
    special_pupils=12,
    unlocated=12,
    living_outside=24,
    open_cases=96,
    closed_cases=120,
    visits=1_500,
    report_days=4,
    reported_rounds=1,
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> DemoPlan:
    """The county in small, so that it can be made many times."""
    monkeypatch.setattr(demo, "PLANS", {DemoSize.COUNTY: SMALL, DemoSize.PREFECTURE: demo_plan.PREFECTURE})
    return SMALL


def digest(conn: Connection) -> dict[str, str]:
    """Every base row, without the moment it was recorded and without what is sealed anew each time."""
    return {table.name: _digest(conn, table) for table in metadata.sorted_tables if table.name not in DERIVED}


def _digest(conn: Connection, table: Table) -> str:
    columns = [column for column in table.columns if column.name != "recorded_at" and not _is_sealed(column)]
    rows = conn.execute(select(*columns).order_by(*table.primary_key.columns)).all()
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def _is_sealed(column: Any) -> bool:
    return isinstance(column.type, LargeBinary) and not column.name.endswith("_mac") and column.name != "shape"


def empty(conn: Connection) -> bool:
    counts = [conn.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables]
    return sum(counts) == 0


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Engine]:
    """An empty embedded database, for what does not depend on the engine."""
    opened = open_engine(f"sqlite:///{tmp_path}/kongchuo.db")
    migrate(opened)
    yield opened
    opened.dispose()


def test_it_fills_base_and_derived_tables_and_says_so(engine: Engine, cipher: Cipher) -> None:
    summary = write_demo(engine, cipher)
    with engine.connect() as conn:
        counted = {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables
        }
        assert is_demo(conn)
        assert business_date(conn) == DEMO_DATE == summary.as_of
        assert read_data_version(conn) == 1
    assert all(counted[name] for name in DERIVED)
    late = {"unit_report", "document"}  # spoilt reports and the exam list's papers come after the count
    assert {name: counted[name] for name in summary.rows if name not in late} == {
        name: count for name, count in summary.rows.items() if name not in late
    }
    assert all(counted[name] >= summary.rows[name] for name in late)
    assert (summary.size, summary.seed) == (DemoSize.COUNTY, 1)


def test_the_same_seed_gives_the_same_rows_on_every_engine(engine: Engine, embedded: Engine, cipher: Cipher) -> None:
    first, again = write_demo(engine, cipher, seed=5), write_demo(embedded, cipher, seed=5)
    assert first == again
    with engine.connect() as one, embedded.connect() as other:
        assert digest(one) == digest(other)


def test_another_seed_gives_another_county(embedded: Engine, cipher: Cipher, tmp_path: Path) -> None:
    other = open_engine(f"sqlite:///{tmp_path}/other.db")
    migrate(other)
    for target, seed in ((embedded, 1), (other, 2)):
        write_demo(target, cipher, seed=seed)
    with embedded.connect() as one, other.connect() as two:
        before, after = digest(one), digest(two)
    other.dispose()
    assert before["area"] == after["area"]
    assert [name for name in ("child", "school", "case_file", "home_visit", "group_spell") if before[name] == after[name]] == []


@pytest.mark.parametrize(
    "as_of",
    [
        pytest.param(date(2026, 9, 1), id="first day of the year"),
        pytest.param(date(2026, 7, 25), id="summer holidays"),
        pytest.param(date(2027, 2, 6), id="winter holidays, a Saturday"),
        pytest.param(date(2025, 3, 3), id="spring"),
        pytest.param(date(2031, 12, 1), id="a year without announced holidays"),
    ],
)
def test_any_day_can_be_the_demo_date(embedded: Engine, cipher: Cipher, as_of: date) -> None:
    summary = write_demo(embedded, cipher, as_of=as_of)
    with embedded.connect() as conn:
        open_now = select(func.count()).where(
            case_interval.c.valid_from <= as_of, case_interval.c.valid_to > as_of, case_interval.c.status != "closed"
        )
        assert conn.execute(open_now).scalar_one() == SMALL.open_cases
        assert conn.execute(select(func.max(case_file.c.opened_on))).scalar_one() <= as_of
        left_behind = select(func.sum(village_count.c.left_behind)).where(
            village_count.c.valid_from <= as_of, village_count.c.valid_to > as_of
        )
        assert conn.execute(left_behind).scalar_one() == SMALL.left_behind
    assert summary.rows["home_visit"] > 0


def test_a_database_that_holds_something_is_left_alone(engine: Engine, cipher: Cipher) -> None:
    with write(engine, "350430") as conn:
        conn.execute(child.insert().values(county_code="350430", name="阙棠"))
    with pytest.raises(ProblemError) as raised:
        write_demo(engine, cipher)
    assert raised.value.key == "demo.not_empty"
    with engine.connect() as conn:
        assert conn.execute(select(func.count()).select_from(child)).scalar_one() == 1
        assert conn.execute(select(func.count()).select_from(area)).scalar_one() == 0


def test_a_second_time_is_refused(embedded: Engine, cipher: Cipher) -> None:
    write_demo(embedded, cipher)
    with pytest.raises(ProblemError, match="empty"):
        write_demo(embedded, cipher)


@pytest.mark.parametrize("as_of", [date(1999, 1, 1), date(2091, 1, 1)])
def test_days_far_from_the_present_are_refused(embedded: Engine, cipher: Cipher, as_of: date) -> None:
    with pytest.raises(ProblemError) as raised:
        write_demo(embedded, cipher, as_of=as_of)
    assert raised.value.key == "demo.bad_date"


def test_an_error_on_the_way_leaves_nothing_behind(engine: Engine, cipher: Cipher, monkeypatch: pytest.MonkeyPatch) -> None:
    def indexes() -> set[str | None]:
        with engine.connect() as conn:
            return {index["name"] for index in inspect(conn).get_indexes("child")}

    before = indexes()

    def fail(*_: object) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr(demo, "rebuild_all", fail)
    with pytest.raises(RuntimeError, match="no room left"):
        write_demo(engine, cipher)
    with engine.connect() as conn:
        assert empty(conn)
    assert indexes() == before


def test_progress_rises_from_nothing_to_what_the_command_still_does(embedded: Engine, cipher: Cipher) -> None:
    told: list[tuple[str, float]] = []
    write_demo(embedded, cipher, progress=lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, STEPS["demo.shapes"])
    assert {step for step, _ in told} >= {"学生 children", "个案 cases", "汇总 summaries"}


def test_the_size_may_be_given_as_text(embedded: Engine, cipher: Cipher) -> None:
    summary = write_demo(embedded, cipher, size="county")
    assert isinstance(summary, DemoSummary)
    with pytest.raises(ValueError, match="province"):
        write_demo(embedded, cipher, size="province")


def test_three_school_years_have_rates(embedded: Engine, cipher: Cipher) -> None:
    write_demo(embedded, cipher)
    with embedded.connect() as conn:
        rows = conn.execute(
            select(school_count.c.school_year, school_count.c.stage, func.sum(school_count.c.start_count))
            .where(school_count.c.valid_from <= DEMO_DATE, school_count.c.valid_to > DEMO_DATE)
            .group_by(school_count.c.school_year, school_count.c.stage)
        ).all()
    pupils = {(year, stage): count for year, stage, count in rows}
    for year in (2024, 2025, 2026):
        assert 0.9 * SMALL.pupils < pupils[year, "primary"] + pupils[year, "junior"] < 1.1 * SMALL.pupils
