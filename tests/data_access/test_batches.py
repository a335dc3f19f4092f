"""The history of imports and the way back: a batch undone leaves the database as it was, later work is never destroyed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select

from data_access import schema
from data_access.batches import read_batches, read_origins, undo_batch
from data_access.child_origins import read_child_origins
from data_access.import_ledger import import_file
from data_access.import_result import Action
from data_access.secrets import Cipher
from data_access.workbook_template import choices_of, write_template
from domain.errors import ProblemError, ScopeError
from domain.ledgers import ledger, read_ledgers
from domain.scope import Role, Scope
from tests.data_access.all_ledgers import LEDGERS, TITLES
from tests.data_access.small_world import COUNTY, TOWNS, lay_out
from tests.data_access.test_import_ledger import pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
DERIVED = {"loss_spell", "case_interval", "village_count"}  # made anew: their numbers tell nothing
FOUND = {"contradiction"}  # found anew by the rules; an open one stays as mended, for its history
MACHINERY = {"import_batch", "import_row", "import_problem", "import_change", "data_version", "audit_event", "app_state"}


@pytest.fixture
def county(engine: Engine, cipher: Cipher, tmp_path: Path) -> Engine:
    lay_out(engine, AS_OF)
    import_file(engine, cipher, CLERK, save(tmp_path / "L0.xlsx", [pupil(n) for n in range(1, 21)]), as_of=AS_OF)
    return engine


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with engine.connect() as conn:
        for name, table in schema.metadata.tables.items():
            columns = [one for one in table.c if not (one.name == "id" and name in DERIVED)]
            if name not in MACHINERY | FOUND:
                found[name] = sorted(map(tuple, conn.execute(select(*columns))), key=repr)
    return found


def test_every_ledger_can_be_undone_to_the_last_value(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    states, batches = [everything(county)], []
    for code, (header, rows) in LEDGERS.items():
        path = save(tmp_path / f"{code}.xlsx", rows, header, TITLES[code] or (ledger(code).title,))
        result = import_file(county, cipher, CLERK, path, as_of=AS_OF)
        batches.append(result.batch_id)
        states.append(everything(county))
    for batch, before in zip(reversed(batches), reversed(states[:-1]), strict=True):
        undo_batch(county, cipher, CLERK, batch or 0)
        assert everything(county) == before, batch
    with county.connect() as conn:
        assert [one.undone_at is not None for one in read_batches(conn, CLERK)] == [True] * len(batches) + [False]


def test_a_changed_registry_is_undone_and_may_come_again(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    before = everything(county)
    later = save(tmp_path / "b.xlsx", [pupil(1, class_="3班"), pupil(2, left="非留守"), pupil(21)])
    first = import_file(county, cipher, CLERK, later, as_of=date(2027, 3, 10))
    assert first.gone == 18
    undo_batch(county, cipher, CLERK, first.batch_id or 0)
    assert everything(county) == before
    again = import_file(county, cipher, CLERK, later, as_of=date(2027, 3, 10))
    assert again.actions == first.actions
    assert again.same_file_on is None


def test_what_others_built_on_is_not_torn_down(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    header, rows = LEDGERS["L1"]
    import_file(county, cipher, CLERK, save(tmp_path / "L1.xlsx", rows, header, TITLES["L1"] or ("控辍保学台账",)), as_of=AS_OF)
    state = everything(county)
    with pytest.raises(ProblemError) as refused:
        undo_batch(county, cipher, CLERK, 1)
    assert refused.value.key == "batch.built_on"
    assert everything(county) == state
    for number, key in ((99, "batch.unknown"),):
        with pytest.raises(ProblemError) as refused:
            undo_batch(county, cipher, CLERK, number)
        assert refused.value.key == key
    with pytest.raises(ScopeError):
        undo_batch(county, cipher, Scope("t", Role.TOWNSHIP, (TOWNS[1],)), 1)
    with county.connect() as conn:
        assert read_batches(conn, Scope("t", Role.TOWNSHIP, (TOWNS[1],))) == []


def test_every_value_knows_its_file_and_row(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    import_file(county, cipher, CLERK, save(tmp_path / "b.xlsx", [pupil(3, name="试改名")]), as_of=AS_OF)
    with county.connect() as conn:
        child_id = conn.execute(select(schema.child.c.id).where(schema.child.c.name == "试改名")).scalar_one()
        origins = read_origins(conn, CLERK, "child", child_id)
    assert [(one.file_name, one.row_no, one.imported_by) for one in origins] == [("L0.xlsx", 6, "clerk"), ("b.xlsx", 4, "clerk")]
    called = [*pupil(3, name="试改名")[:-5], *("10099998888" if text == "10012345678" else text for text in pupil(3)[-5:])]
    import_file(county, cipher, CLERK, save(tmp_path / "c.xlsx", [called]), as_of=AS_OF)  # the guardian's number alone
    whole = read_child_origins(county, CLERK, child_id)
    assert [(one.file_name, one.row_no, one.ledger) for one in whole] == [
        ("c.xlsx", 4, "L0"),
        ("b.xlsx", 4, "L0"),
        ("L0.xlsx", 6, "L0"),
    ]
    assert read_child_origins(county, Scope("t", Role.TOWNSHIP, (TOWNS[1],)), child_id) == []


def test_a_header_is_decided_once_and_remembered(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    header = ["编号", "姓名", "学籍号", "流失时间", "目前状况", "失学原因", "承包老师", "劝返时间"]
    row = [1, "试学1", "G" + str(pupil(1)[3]), "2026-10-08", "已返校", "厌学", "试老师", "2026-10-12"]
    path = save(tmp_path / "a.xlsx", [row], header, ["控辍保学台账"])
    asked = import_file(county, cipher, CLERK, path, ledger=ledger("L1"), as_of=AS_OF)
    assert [(one.cell, one.fault.code) for one in asked.problems] == [("H2", "header.ambiguous")]
    told = import_file(county, cipher, CLERK, path, ledger=ledger("L1"), as_of=AS_OF, choices={"劝返时间": "return_date"})
    assert told.actions[Action.NEW] == 1, told.problems
    again = import_file(county, cipher, CLERK, path, ledger=ledger("L1"), as_of=AS_OF)
    assert again.actions[Action.UNCHANGED] == 1
    # another unit decides for itself
    other = Scope("town", Role.TOWNSHIP, (TOWNS[0],))
    assert (
        import_file(county, cipher, other, path, ledger=ledger("L1"), as_of=AS_OF).exit_code == 2
    )  # another unit decides itself


@pytest.mark.parametrize("code", list(read_ledgers()))
def test_a_blank_workbook_is_read_back_with_its_lists(code: str, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", ledger(code))
    page = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [cell.value for cell in page[1]] == [column.header for column in ledger(code).columns]
    lists = {str(rule.sqref).partition(":")[0][:-1] for rule in page.data_validations.dataValidation}
    wanted = {page.cell(1, at).column_letter for at, column in enumerate(ledger(code).columns, 1) if choices_of(column)}
    assert lists == wanted
