"""The audit: appended, sealed, and found out when somebody touches it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from data_access import audit, audit_log
from data_access.engine import open_engine
from data_access.schema import audit_event
from domain.errors import AuditError, ProblemError
from domain.scope import Role, Scope

COUNTY = Scope("zhang", Role.COUNTY, ("350430",))


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "anchors.txt"
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(path))
    return path


def rows(engine: Engine) -> list[dict[str, object]]:
    with audit.open_audit(engine).connect() as conn:
        return [dict(row._mapping) for row in conn.execute(select(audit_event).order_by(audit_event.c.id))]


def tamper(engine: Engine, statement: str) -> None:
    """What somebody with the database in hands could do."""
    with audit.open_audit(engine).begin() as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("DROP TRIGGER audit_no_UPDATE"))
            conn.execute(text("DROP TRIGGER audit_no_DELETE"))
        else:
            conn.execute(text("DROP TRIGGER audit_append_only ON audit_event"))
        conn.execute(text(statement))


def test_a_row_says_who_did_what(engine: Engine) -> None:
    sealed = audit.record(
        engine,
        COUNTY,
        "export",
        county="350430",
        filter_text="建宁县 · 初中",
        row_count=3,
        row_ids=[7, 8, 9],
        reason="督导",
        file_hash="ab",
    )
    (row,) = rows(engine)
    assert (row["user"], row["role"], row["act"], row["county_code"]) == ("zhang", "county", "export", "350430")
    assert (row["filter"], row["row_count"], row["row_ids"], row["reason"]) == ("建宁县 · 初中", 3, "7,8,9", "督导")
    assert (row["file_hash"], row["row_hash"], row["previous_hash"]) == ("ab", sealed, None)


def test_each_row_holds_the_seal_before_it(engine: Engine) -> None:
    seals = [audit.record(engine, COUNTY, f"act{number}") for number in range(3)]
    assert [row["previous_hash"] for row in rows(engine)] == [None, *seals[:2]]
    assert audit.verify_chain(engine) == 3


def test_an_empty_audit_is_whole(engine: Engine) -> None:
    assert audit.verify_chain(engine) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET \"user\" = 'li' WHERE id = 2",
        "UPDATE audit_event SET reason = 'other' WHERE id = 2",
        "UPDATE audit_event SET row_count = 1 WHERE id = 2",
        "UPDATE audit_event SET at = '2020-01-01 00:00:00.000000' WHERE id = 2",
        "UPDATE audit_event SET row_hash = previous_hash WHERE id = 2",
        "DELETE FROM audit_event WHERE id = 2",
        "DELETE FROM audit_event WHERE id = 1",
    ],
)
def test_a_touched_row_is_found(statement: str, engine: Engine) -> None:
    for number in range(3):
        audit.record(engine, COUNTY, f"act{number}", reason="x", row_count=5)
    tamper(engine, statement)
    with pytest.raises(ProblemError, match="does not fit its seal") as found:
        audit.verify_chain(engine)
    assert found.value.params["row"] == (int(statement[-1]) + 1 if statement.startswith("DELETE") else 2)


def test_rows_cut_off_the_end_are_found_by_the_anchor(engine: Engine, anchors: Path, clock: Callable[[timedelta], None]) -> None:
    audit.record(engine, COUNTY, "first")
    audit.record(engine, COUNTY, "last of the day")
    clock(timedelta(days=1))
    audit.record(engine, COUNTY, "next day")
    assert list(audit.read_anchors(anchors).values()) == [date(2026, 11, 21)]
    assert audit.verify_chain(engine) == 3
    tamper(engine, "DELETE FROM audit_event WHERE id > 1")
    with pytest.raises(ProblemError, match="2026-11-21"):
        audit.verify_chain(engine)


def test_one_anchor_a_day(engine: Engine, anchors: Path, clock: Callable[[timedelta], None]) -> None:
    for _ in range(3):
        audit.record(engine, COUNTY, "a")
        audit.record(engine, COUNTY, "b")
        clock(timedelta(days=1))
    assert len(anchors.read_text().splitlines()) == 2


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Noon of a day, moved on by hand."""
    moment = [datetime(2026, 11, 21, 12)]
    monkeypatch.setattr(audit, "now", lambda: moment[0])

    def move(by: timedelta) -> None:
        moment[0] += by

    return move


def test_a_day_is_over_at_midnight_in_shanghai(
    engine: Engine, anchors: Path, clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = iter([datetime(2026, 11, 21, 15, 59, 59), datetime(2026, 11, 21, 16), datetime(2026, 11, 22, 15, 59, 59)])
    monkeypatch.setattr(audit, "now", lambda: next(told))
    before = audit.record(engine, COUNTY, "before")
    audit.record(engine, COUNTY, "after")
    audit.record(engine, COUNTY, "late that day")
    assert audit.read_anchors(anchors) == {before: date(2026, 11, 21)}
    assert audit.verify_chain(engine) == 3
    asked = audit_log.AuditFilter(date(2026, 11, 22), date(2026, 11, 22))
    keeper = Scope("admin", Role.ADMINISTRATOR, ("350430",))
    assert [one.act for one in audit_log.read_events(engine, keeper, asked)] == ["late that day", "after"]


def test_an_act_of_yesterday_that_was_changed_is_found(engine: Engine, clock: Callable[[timedelta], None]) -> None:
    audit.record(engine, COUNTY, "yesterday", reason="x")
    clock(timedelta(days=1))
    audit.record(engine, COUNTY, "today")
    tamper(engine, "UPDATE audit_event SET reason = 'y' WHERE id = 1")
    with pytest.raises(ProblemError, match="row 1"):
        audit.verify_chain(engine)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("2026-11-21 " + "0" * 64, "audit.anchor_missing"),
        ("2026-11-21", "audit.anchor_unreadable"),
        ("21 November " + "0" * 64, "audit.anchor_unreadable"),
        ("2026-13-41 " + "0" * 64, "audit.anchor_unreadable"),
        ("锚点", "audit.anchor_unreadable"),
    ],
)
def test_a_changed_anchor_is_found_and_named(line: str, key: str, engine: Engine, anchors: Path) -> None:
    audit.record(engine, COUNTY, "act")
    anchors.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ProblemError) as found:
        audit.verify_chain(engine)
    assert found.value.key == key


def test_a_line_that_was_left_without_an_end_swallows_no_other(
    engine: Engine, anchors: Path, clock: Callable[[timedelta], None]
) -> None:
    audit.record(engine, COUNTY, "a")
    anchors.write_text("2026-11-2")
    clock(timedelta(days=1))
    audit.record(engine, COUNTY, "b")
    torn, whole = anchors.read_text().splitlines()
    assert (torn, len(whole)) == ("2026-11-2", len("2026-11-21 ") + 64)


def test_what_cannot_be_written_down_is_one_clear_error(
    engine: Engine, anchors: Path, clock: Callable[[timedelta], None]
) -> None:
    """A full disk, lost permissions, a table that takes no rows: nobody sees a driver's message, and nothing stands half."""
    audit.record(engine, COUNTY, "a")
    anchors.mkdir()
    clock(timedelta(days=1))
    with pytest.raises(AuditError):
        audit.record(engine, COUNTY, "its day's anchor has no place")
    assert [row["act"] for row in rows(engine)] == ["a"]
    refuse_rows(engine)
    anchors.rmdir()
    with pytest.raises(AuditError, match="nothing was done"):
        audit.record(engine, COUNTY, "b")
    assert [row["act"] for row in rows(engine)] == ["a"]


def refuse_rows(engine: Engine) -> None:
    """An audit that takes no more rows."""
    with audit.open_audit(engine).begin() as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'x'); END"))
        else:
            conn.execute(text("ALTER TABLE audit_event ADD CONSTRAINT full_up CHECK (act = 'a')"))


def test_many_at_once_make_one_chain(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.record(engine, COUNTY, f"act{number}"), range(40)))
    assert audit.verify_chain(engine) == 40
    assert {row["act"] for row in rows(engine)} == {f"act{number}" for number in range(40)}


def test_the_audit_only_grows_and_the_embedded_one_is_a_file_of_its_own(engine: Engine) -> None:
    audit.record(engine, COUNTY, "act")
    if engine.dialect.name == "sqlite":
        assert Path(str(engine.url.database)).with_name("kongchuo.audit.db").exists()
    for statement in ("UPDATE audit_event SET act = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError, match="append only"), audit.open_audit(engine).begin() as conn:
            conn.execute(text(statement))


def test_the_embedded_audit_is_not_replaced_either_also_a_file_made_before(engine: Engine) -> None:
    """REPLACE takes a row away without asking a trigger of DELETE."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE, and its ON CONFLICT is an UPDATE")
    audit.record(engine, COUNTY, "act")
    with audit.open_audit(engine).begin() as conn:
        conn.execute(text("DROP TRIGGER IF EXISTS audit_no_REPLACE"))
    engine.dispose()
    replaced = (
        "REPLACE INTO audit_event (id, at, user, role, act, row_hash) SELECT id, at, 'x', role, act, row_hash FROM audit_event"
    )
    with pytest.raises(DBAPIError, match="append only"), audit.open_audit(open_engine(str(engine.url))).begin() as conn:
        conn.execute(text(replaced))
    assert audit.verify_chain(engine) == 1


def test_an_import_does_not_hold_up_the_embedded_audit(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not files")
    with audit.in_turn(engine, "a long import"):
        audit.record(engine, COUNTY, "export")
    assert audit.verify_chain(engine) == 1


@pytest.mark.parametrize(("named", "expected"), [("/elsewhere/anchors.txt", "/elsewhere/anchors.txt"), ("", "audit-anchors.txt")])
def test_where_the_anchors_are(named: str, expected: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", named)
    assert str(audit.anchor_file(engine)).endswith(expected)
