"""Every ledger goes in, is counted row by row, comes out in the canonical layout, and goes in again without a change."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_access import schema
from data_access.export_files import FileKind, write_table
from data_access.import_ledger import WRITERS, import_file
from data_access.import_result import Action, ImportResult
from data_access.ledger_out import ledger_tables
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter, resolve
from domain.ledgers import ledger, read_ledgers
from domain.scope import Role, Scope
from tests.data_access.all_ledgers import LEDGERS, TITLES, id_number
from tests.data_access.small_world import COUNTY, TOWNS, lay_out
from tests.data_access.test_import_ledger import pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
TOWN = Scope("town", Role.TOWNSHIP, TOWNS)
Run = Callable[[Path], ImportResult]


@pytest.fixture
def county(engine: Engine, cipher: Cipher, tmp_path: Path) -> Engine:
    """A county with twenty pupils of grade 5 and one of grade 9."""
    lay_out(engine, AS_OF)
    leaver = pupil(31, name="试中考", id=id_number(31, "20111012"), school="测试2校", grade="九年级")
    import_file(engine, cipher, CLERK, save(tmp_path / "L0.xlsx", [*map(pupil, range(1, 21)), leaver]), as_of=AS_OF)
    return engine


def workbook_of(code: str, folder: Path) -> Path:
    header, rows = LEDGERS[code]
    return save(folder / f"{code}.xlsx", rows, header, TITLES[code] or (ledger(code).title,))


def take_out(engine: Engine, cipher: Cipher, code: str, out: Path) -> int:
    chosen = resolve(CaseFilter(), AS_OF, {})
    with engine.connect() as conn:
        return write_table(conn, TOWN, chosen, ledger_tables(cipher)[code], FileKind(out.suffix[1:]), out, header="zh")


def say_problems(result: ImportResult) -> list[tuple[str, str]]:
    return [(problem.cell, problem.fault.say("en")) for problem in result.problems]


def test_every_ledger_goes_in_and_comes_out_and_changes_nothing(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    for code, (_, rows) in LEDGERS.items():
        path = workbook_of(code, tmp_path)
        result = import_file(county, cipher, CLERK, path, as_of=AS_OF)
        assert result.ledger == code, (code, result.ledger)
        assert result.actions[Action.NEW] + result.actions[Action.CHANGED] == len(rows), (code, say_problems(result))
        again = import_file(county, cipher, CLERK, path, as_of=AS_OF)
        assert again.actions == Counter({Action.UNCHANGED: len(rows)}), (code, again.actions, say_problems(again))
        assert again.same_file_on
    for code in read_ledgers():
        for kind in ("csv", "xlsx"):
            out = tmp_path / f"out-{code}.{kind}"
            count = take_out(county, cipher, code, out)
            assert count >= len(LEDGERS.get(code, ((), ()))[1]) - 1, code
            back = import_file(county, cipher, TOWN, out, ledger=ledger(code), as_of=AS_OF)
            assert back.actions == Counter({Action.UNCHANGED: count}), (code, kind, back.actions, say_problems(back))


def test_what_a_ledger_said_comes_back_word_for_word(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    for code in ("L4", "L6", "L10", "L14"):
        if code == "L10":
            import_file(county, cipher, CLERK, workbook_of("L1", tmp_path), as_of=AS_OF)
        import_file(county, cipher, CLERK, workbook_of(code, tmp_path), as_of=AS_OF)
        out = tmp_path / f"{code}.csv"
        take_out(county, cipher, code, out)
        text = out.read_text(encoding="utf-8-sig")
        for word in {
            "L4": ["试户主", "老村二组", "幸福安置区", "2024-06", "老村小学", "办理中", "营养餐"],
            "L6": ["试父", "浙江杭州", "10012340001", "试奶奶", "打工、种养殖", "低保", "试帮扶", "每月走访", "2026-10-08"],
            "L10": ["10012345678", "2026-10-09", "2026-10,", "家长、学校", "再访"],
            "L14": ["外省某小学", "浙江省杭州市", "有（2026-09-01）", "无", "2027-07"],
        }[code]:
            assert word in text, (code, word)


def test_the_ledgers_do_what_they_say(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    for code in LEDGERS:
        import_file(county, cipher, CLERK, workbook_of(code, tmp_path), as_of=AS_OF)
    with county.connect() as conn:
        events = Counter(conn.execute(select(schema.movement_event.c.kind)).scalars())
        assert events == Counter({"transfer_out": 1, "suspension": 1, "transfer_in": 1, "hosted": 1})
        losses = Counter(conn.execute(select(schema.loss_spell.c.kind)).scalars())
        assert losses["hosted_missing_papers"] == 1  # one of the three papers is missing
        assert losses["transfer_out_proven"] == 1
        assert losses["suspended_approved"] == 1
        placed = dict(conn.execute(select(schema.placement.c.kind, func.count()).group_by(schema.placement.c.kind)).all())
        assert placed == {"home_teaching": 1, "inclusive": 1, "special_school": 1}
        zero = select(func.count()).where(schema.unit_report.c.dropped == 0, schema.unit_report.c.suspected == 0)
        assert conn.execute(zero).scalar_one() == 3
        never = select(schema.child.c.name).join(schema.survey_entry).where(schema.survey_entry.c.schooling == "not_enrolled")
        assert conn.execute(never).scalars().all() == ["试未入学"]


def test_every_ledger_has_a_way_in_and_a_way_out(cipher: Cipher) -> None:
    assert set(WRITERS) == set(read_ledgers()) == set(ledger_tables(cipher))


def test_a_school_imports_only_its_own(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    foreign = Scope("s", Role.SCHOOL, schools=("2135000002",))
    for code, (_, rows) in LEDGERS.items():
        result = import_file(county, cipher, foreign, workbook_of(code, tmp_path), as_of=AS_OF)
        ours = {"L13": 1}.get(code, 0)
        assert result.accepted == ours, (code, result.actions)
        assert result.accepted + result.refused == len(rows)
