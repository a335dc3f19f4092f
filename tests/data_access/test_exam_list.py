"""The exam list of grade 9 (L18): who sat makes the three-year retention, who was not entered is a contradiction (R158, R201)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from data_access import schema
from data_access.batches import undo_batch
from data_access.check_lists import read_lists
from data_access.check_look import Look
from data_access.cohorts import read_last_grades
from data_access.derive import rebuild_all
from data_access.import_ledger import import_file
from data_access.import_result import Action, ImportResult
from data_access.schema import exam_entry, exam_sitting
from data_access.secrets import Cipher
from domain.rates import Rate
from domain.scope import Role, Scope
from tests.data_access.all_ledgers import id_number
from tests.data_access.small_world import COUNTY, TOWNS, lay_out
from tests.data_access.test_import_ledger import pupil, save

AS_OF, EXAM = date(2026, 11, 20), date(2026, 6, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
JUNIOR = "测试2校"
HEADER = ["姓名", "学籍号", "中考时间", "是否参加考试", "准考证号"]
TITLE = ["2026年中考名单"]


def number_of(number: int) -> str:
    return id_number(number, "20101012")


def leaver(number: int, grade: str = "九年级") -> list[Any]:
    return pupil(number, id=number_of(number), school=JUNIOR, grade=grade)


def line(number: int, sat: str | None = "参加", day: str = "2026.6.20", no: str | None = None) -> list[Any]:
    return [f"试学{number}", f"G{number_of(number)}", day, sat, no]


@pytest.fixture
def county(engine: Engine, cipher: Cipher, tmp_path: Path) -> Engine:
    """Ten pupils of grade 9 and one of grade 8, on the register since their grade 7."""
    lay_out(engine, AS_OF)
    rows = [*(leaver(n, "七年级") for n in range(31, 41)), leaver(41, "六年级")]
    import_file(engine, cipher, CLERK, save(tmp_path / "L0.xlsx", rows), as_of=date(2023, 9, 1))
    return engine


def bring(engine: Engine, cipher: Cipher, folder: Path, *rows: list[Any], **more: Any) -> ImportResult:
    path = save(folder / "exam.xlsx", rows, HEADER, TITLE)
    return import_file(engine, cipher, more.pop("scope", CLERK), path, **{"as_of": AS_OF, **more})


def retention(engine: Engine, day: date) -> Rate:
    with engine.connect() as conn:
        return read_last_grades(conn, 2025, day)["3135000003", "junior"].three_year


def faults(result: ImportResult) -> list[tuple[str, str]]:
    return [(one.cell, one.fault.code) for one in result.problems]


def test_who_sat_over_who_entered_three_years_before(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    rows = [*(line(n) for n in range(31, 38)), line(38, "缺考"), line(39, None, no="E39")]
    result = bring(county, cipher, tmp_path, *rows)
    assert result.ledger == "L18"
    assert (result.actions[Action.NEW], faults(result)) == (9, [])
    again = bring(county, cipher, tmp_path, *rows)
    assert again.actions == {Action.UNCHANGED: 9}
    assert retention(county, EXAM) == Rate(7, 10)  # absent, not told and not entered: none of them sat
    assert retention(county, date(2026, 6, 19)).fraction is None  # before the exam nothing is known
    with county.begin() as conn:
        kept = conn.execute(select(schema.cohort_count)).all()
        rebuild_all(conn)
        assert sorted(conn.execute(select(schema.cohort_count)).all()) == sorted(kept)
    late = bring(county, cipher, tmp_path, line(39, "参加", no="E39"))
    assert late.actions == {Action.CHANGED: 1}
    assert retention(county, EXAM) == Rate(8, 10)


def test_rows_that_cannot_be_are_refused_where_they_stand(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    result = bring(
        county,
        cipher,
        tmp_path,
        line(31),
        line(41),  # grade 8 that year
        line(32, day="2025.6.20"),  # a year early
        line(33, day="2027.6.20"),  # a year late, and not yet held
        line(31, "缺考"),  # twice
        line(99),  # nobody
        line(34, "也许"),
    )
    assert result.actions == {Action.NEW: 1, Action.REFUSED: 6}
    assert sorted(faults(result)) == [
        ("A7", "import.row_twice"),
        ("A8", "import.child_unknown"),
        ("C4", "import.not_in_grade_nine"),
        ("C5", "import.not_in_grade_nine"),
        ("C6", "import.not_in_grade_nine"),
        ("D6", "import.exam_in_future"),
        ("D9", "choice.unknown"),
    ]
    assert bring(county, cipher, tmp_path, line(31), line(41), strict=True).batch_id is None


def test_an_exam_to_come_enters_children_and_counts_nobody(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    early = date(2026, 5, 20)
    result = bring(county, cipher, tmp_path, line(31, None), line(32), as_of=early)
    assert (result.actions[Action.NEW], faults(result)) == (1, [("D4", "import.exam_in_future")])
    with county.connect() as conn:
        assert conn.execute(select(exam_sitting)).all() == []
        assert len(conn.execute(select(exam_entry)).all()) == 1
    assert retention(county, EXAM).fraction is None


def test_another_town_s_list_and_an_undone_one_leave_nothing(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    foreign = Scope("t", Role.TOWNSHIP, (TOWNS[1],))
    assert bring(county, cipher, tmp_path, line(31), scope=foreign).actions == {Action.REFUSED: 1}
    batch = bring(county, cipher, tmp_path, line(31)).batch_id
    assert batch is not None
    undo_batch(county, cipher, CLERK, batch)
    with county.connect() as conn:
        assert conn.execute(select(exam_sitting)).all() == conn.execute(select(exam_entry)).all() == []
    assert retention(county, EXAM).fraction is None


def test_only_a_school_that_handed_in_a_list_can_lack_children_on_it(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    bring(county, cipher, tmp_path, *(line(n) for n in range(31, 39)), as_of=EXAM)
    with county.begin() as conn:
        look = Look(conn, cipher, AS_OF)
        missing = {one.child_id for one in read_lists(look) if one.comparison == "not_on_exam_list"}
        named = set(conn.execute(select(schema.child.c.name).where(schema.child.c.id.in_(missing))).scalars())
        assert named == {"试学39", "试学40"}
        conn.execute(delete(exam_entry))
        assert not [one for one in read_lists(look) if one.comparison == "not_on_exam_list"]
