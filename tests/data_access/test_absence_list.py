"""The absences by child (L20): what comes in day by day, what is refused, and that a case opens from the first day missed."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access.batches import undo_batch
from data_access.export_files import FileKind, write_table
from data_access.import_ledger import import_file
from data_access.import_result import Action, ImportResult
from data_access.ledger_out import ledger_tables
from data_access.open_case import first_absence
from data_access.schema import absence_day, child
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter, resolve
from domain.ledgers import ledger
from domain.scope import Role, Scope
from tests.data_access.all_ledgers import id_number
from tests.data_access.small_world import COUNTY, lay_out
from tests.data_access.test_import_ledger import pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
HEADER = ["姓名", "学籍号", "缺勤日期", "缺勤类型", "发现时间", "联系家长时间", "核实原因", "核实日期"]
TITLE = ["缺勤登记表"]


def line(number: int, day: str, kind: str = "旷课", *more: str | None) -> list[Any]:
    return [f"试学{number}", f"G{id_number(number)}", day, kind, *more, *[None] * (4 - len(more))]


@pytest.fixture
def county(engine: Engine, cipher: Cipher, tmp_path: Path) -> Engine:
    """Five pupils."""
    lay_out(engine, AS_OF)
    import_file(engine, cipher, CLERK, save(tmp_path / "L0.xlsx", [pupil(n) for n in range(1, 6)]), as_of=date(2026, 9, 1))
    return engine


def bring(engine: Engine, cipher: Cipher, folder: Path, *rows: list[Any]) -> ImportResult:
    return import_file(engine, cipher, CLERK, save(folder / "absences.xlsx", list(rows), HEADER, TITLE), as_of=AS_OF)


def days(engine: Engine) -> list[tuple[Any, ...]]:
    kept = absence_day.c
    columns = (kept.on_date, kept.state, kept.noticed_at, kept.contacted_at, kept.verified_reason, kept.verified_on)
    with engine.connect() as conn:
        return [tuple(row) for row in conn.execute(select(*columns).order_by(kept.child_id, kept.on_date))]


def test_a_day_comes_in_once_and_is_brought_up_to_date(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    first = [line(1, "2026.11.18", "生病", "8:10", "8时25分"), line(1, "2026-11-19", "不明"), line(2, "2026.11.19", "请假")]
    result = bring(county, cipher, tmp_path, *first)
    assert (result.ledger, result.actions, list(result.problems)) == ("L20", {Action.NEW: 3}, [])
    noticed, reached = datetime(2026, 11, 18, 8, 10), datetime(2026, 11, 18, 8, 25)
    assert days(county)[0] == (date(2026, 11, 18), "sick", noticed, reached, None, None)
    assert bring(county, cipher, tmp_path, *first).actions == {Action.UNCHANGED: 3}
    later = bring(county, cipher, tmp_path, line(1, "2026.11.19", "病假", None, None, "发烧", "2026.11.20"))
    assert later.actions == {Action.CHANGED: 1}
    assert days(county)[1] == (date(2026, 11, 19), "sick", None, None, "发烧", date(2026, 11, 20))
    assert later.batch_id is not None
    undo_batch(county, cipher, CLERK, later.batch_id)
    assert days(county)[1] == (date(2026, 11, 19), "unknown", None, None, None, None)


def test_rows_that_cannot_be_are_refused_where_they_stand(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    result = bring(
        county,
        cipher,
        tmp_path,
        line(1, "2026.11.19"),
        line(1, "2026.11.19", "病假"),  # twice
        line(2, "2026.11.23"),  # a day to come
        line(3, "2026.11.19", "睡过头"),
        line(4, "2026.11.19", "旷课", "早上"),
        line(5, "2026.11.19", "旷课", "8:30", "8:10"),
        line(2, "2026.11.19", "病假", None, None, "发烧", "2026.11.18"),
        line(9, "2026.11.19"),  # nobody
    )
    assert result.actions == {Action.NEW: 1, Action.REFUSED: 7}
    assert sorted((one.cell, one.fault.code) for one in result.problems) == [
        ("A10", "import.child_unknown"),
        ("C4", "import.row_twice"),
        ("C5", "date.future"),
        ("D6", "choice.unknown"),
        ("E7", "import.clock"),
        ("F8", "import.contact_before_notice"),
        ("H9", "import.verified_before_absence"),
    ]


def test_a_case_opens_from_the_first_day_missed_without_leave(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    bring(county, cipher, tmp_path, line(1, "2026.11.17", "病假"), *(line(1, f"2026.11.{day}") for day in (18, 19, 20)))
    with county.connect() as conn:
        number = conn.execute(select(child.c.id).where(child.c.name == "试学1")).scalar_one()
        assert first_absence(conn, CLERK, number, AS_OF) == date(2026, 11, 18)


def test_the_absences_of_the_demo_go_out_and_come_in_unchanged(demo_copy: Engine, cipher: Cipher, tmp_path: Path) -> None:
    official, out = Scope("official", Role.COUNTY, ("350430",)), tmp_path / "L20.csv"
    town = Scope("town", Role.TOWNSHIP, ("350430100",))
    with demo_copy.connect() as conn:
        chosen = resolve(CaseFilter(), AS_OF, {})
        count = write_table(conn, town, chosen, ledger_tables(cipher)["L20"], FileKind.CSV, out, header="zh")
    assert count
    back = import_file(demo_copy, cipher, official, out, ledger=ledger("L20"), as_of=AS_OF)
    assert (back.actions, list(back.problems)) == ({Action.UNCHANGED: count}, [])
