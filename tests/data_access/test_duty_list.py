"""Who answers for what (L19): a real county's cases get their owners by name, a successor takes over, undone it leaves none."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access import schema
from data_access.batches import undo_batch
from data_access.case_visitors import read_callers
from data_access.case_work import read_state
from data_access.derive import rebuild_all
from data_access.export_files import FileKind, write_table
from data_access.import_ledger import import_file
from data_access.import_result import Action, ImportResult
from data_access.ledger_out import ledger_tables
from data_access.letters import count_letters
from data_access.schema import case_interval, person, responsibility
from data_access.scoped import on
from data_access.secrets import Cipher
from data_access.unit_duties import count_officers, read_grade_heads, read_monitoring, read_officers
from domain.case_filter import CaseFilter, resolve
from domain.ledgers import ledger
from domain.rates import Rate
from domain.scope import Role, Scope
from domain.visits import DutyRole
from tests.data_access.small_world import COUNTY, TOWNS, lay_out
from tests.data_access.test_import_ledger import PRIMARY, pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
HEADER = ["责任人", "职务", "学校", "班级", "乡镇", "村(社区)", "任职起始", "任职截止", "责任书签订日期"]
TEACHER = ["甲师", "班主任", PRIMARY, "五(2)班", None, None, "2026-09-01", None, "2026-09-10"]
PRINCIPAL = ["乙校长", "校长", PRIMARY, None, None, None, "2026-09-01", None, None]
CADRE = ["丙支书", "村干部", None, None, "甲100", "甲200", "2026-09-01", None, None]
OFFICIAL = ["丁副镇长", "乡镇干部", None, None, "甲100", None, None, None, None]


@pytest.fixture
def county(engine: Engine, cipher: Cipher, tmp_path: Path) -> Engine:
    """Twenty pupils of grade 5 class 2, one of them away since Monday."""
    lay_out(engine, AS_OF)
    import_file(engine, cipher, CLERK, save(tmp_path / "L0.xlsx", [pupil(n) for n in range(1, 21)]), as_of=AS_OF)
    header = ["姓名", "学籍号", "流失时间", "目前状况", "失学原因", "承包老师"]
    row = ["试学1", "G" + str(pupil(1)[3]), "2026-11-16", "临界", "厌学", None]
    result = import_file(engine, cipher, CLERK, save(tmp_path / "L1.xlsx", [row], header, ["控辍保学台账"]), as_of=AS_OF)
    assert result.accepted == 1, result.problems
    return engine


def bring(engine: Engine, cipher: Cipher, folder: Path, *rows: list[Any], scope: Scope = CLERK, **more: Any) -> ImportResult:
    path = save(folder / "duties.xlsx", rows, HEADER, ["双线四包责任表"])
    return import_file(engine, cipher, scope, path, **{"as_of": AS_OF, **more})


def owners(engine: Engine, day: date = AS_OF) -> tuple[str | None, str | None]:
    """Who answers for the one case on a day, by name: school line, government line."""
    with engine.connect() as conn:
        row = conn.execute(select(case_interval).where(on(case_interval, day))).one()
        names = dict(conn.execute(select(person.c.id, person.c.name)).all())
    return names.get(row.school_owner_id), names.get(row.government_owner_id)


def faults(result: ImportResult) -> list[tuple[str, str]]:
    return sorted((one.cell, one.fault.code) for one in result.problems)


def test_a_case_gets_its_owners_by_name_and_the_same_list_changes_nothing(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    assert owners(county) == (None, None)
    result = bring(county, cipher, tmp_path, TEACHER, PRINCIPAL, CADRE, OFFICIAL)
    assert (result.ledger, result.actions[Action.NEW], faults(result)) == ("L19", 4, [])
    assert owners(county) == ("乙校长", "丙支书")  # away on the fifth day: the principal's rung
    assert owners(county, date(2026, 11, 16)) == ("甲师", "丙支书")
    assert bring(county, cipher, tmp_path, TEACHER, PRINCIPAL, CADRE, OFFICIAL).actions == {Action.UNCHANGED: 4}
    with county.begin() as conn:
        kept = conn.execute(select(case_interval)).all()
        rebuild_all(conn)
        assert [row[1:] for row in conn.execute(select(case_interval)).all()] == [row[1:] for row in kept]


def test_a_new_principal_takes_the_place_of_the_one_before(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    bring(county, cipher, tmp_path, PRINCIPAL, CADRE)
    bring(county, cipher, tmp_path, ["戊校长", "校长", PRIMARY, None, None, None, "2026-11-19", None, None])
    assert [owners(county, date(2026, 11, day))[0] for day in (18, 19)] == ["乙校长", "戊校长"]
    until = [*CADRE[:6], "2026-09-01", "2026-11-18", None]
    assert bring(county, cipher, tmp_path, until, OFFICIAL).actions == {Action.CHANGED: 1, Action.NEW: 1}
    assert [owners(county, date(2026, 11, day))[1] for day in (18, 20)] == ["丙支书", "丁副镇长"]


def test_letters_signed_of_those_owed_by_role_and_day(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    """R207, R233: a letter counts from the day it was signed; who is outside the scope is not counted."""
    bring(county, cipher, tmp_path, TEACHER, PRINCIPAL, CADRE, OFFICIAL)
    signed = {DutyRole.CLASS_TEACHER: Rate(1, 1), DutyRole.PRINCIPAL: Rate(0, 1), DutyRole.VILLAGE_COMMITTEE: Rate(0, 1)}

    def count(scope: Scope, day: date = AS_OF, **parts: str) -> dict[DutyRole, Rate]:
        with county.connect() as conn:
            return count_letters(conn, scope, resolve(CaseFilter(as_of=day, **parts), AS_OF, {}))

    assert count(CLERK) == {**signed, DutyRole.TOWNSHIP_OFFICIAL: Rate(0, 1)}
    assert count(CLERK, date(2026, 9, 9)) == {**signed, DutyRole.CLASS_TEACHER: Rate(0, 1)}
    assert count(CLERK, date(2026, 8, 31)) == {}
    school = {role: rate for role, rate in signed.items() if role is not DutyRole.VILLAGE_COMMITTEE}
    assert count(Scope("s", Role.SCHOOL, schools=("2135000001",))) == count(CLERK, school="2135000001") == school
    assert count(Scope("t", Role.TOWNSHIP, (TOWNS[1],))) == count(CLERK, area=TOWNS[1]) == {}


def test_rows_that_cannot_be_are_refused_where_they_stand(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    result = bring(
        county,
        cipher,
        tmp_path,
        TEACHER,
        ["甲师", "班主任", PRIMARY, "2班", None, None, None, None, None],
        ["甲师", "校长", None, None, None, None, None, None, None],
        ["丙支书", "村干部", None, None, None, "无此村", None, None, None],
        [*PRINCIPAL[:6], "2026-09-01", "2026-08-01", None],
        TEACHER,
        ["庚", "保安", PRIMARY, None, None, None, None, None, None],
    )
    assert result.actions == {Action.NEW: 1, Action.REFUSED: 6}
    assert faults(result) == [
        ("A8", "import.row_twice"),
        ("B9", "choice.unknown"),
        ("C5", "import.duty_needs_school"),
        ("D4", "import.duty_needs_class"),
        ("F6", "import.duty_needs_area"),
        ("H7", "import.duty_backwards"),
    ]


def test_nobody_names_people_for_places_that_are_not_his(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    other = Scope("t", Role.TOWNSHIP, (TOWNS[1],))
    assert bring(county, cipher, tmp_path, TEACHER, CADRE, OFFICIAL, scope=other).actions == {Action.REFUSED: 3}
    bureau = ["己", "教育局干部", None, None, None, None, None, None, None]
    town = Scope("t", Role.TOWNSHIP, (TOWNS[0],))
    assert bring(county, cipher, tmp_path, CADRE, bureau, scope=town).actions == {Action.NEW: 1, Action.REFUSED: 1}


def test_an_undone_list_leaves_nobody(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    batch = bring(county, cipher, tmp_path, TEACHER, PRINCIPAL, CADRE).batch_id
    assert batch is not None
    undo_batch(county, cipher, CLERK, batch)
    assert owners(county) == (None, None)
    with county.connect() as conn:
        assert conn.execute(select(responsibility)).all() == conn.execute(select(schema.school_class)).all() == []


def test_everybody_of_the_demo_goes_out_and_comes_in_unchanged(demo_copy: Engine, cipher: Cipher, tmp_path: Path) -> None:
    """Special schools among them, whose grade 3 is no primary grade."""
    official, out = Scope("official", Role.COUNTY, ("350430",)), tmp_path / "L19.csv"
    with demo_copy.connect() as conn:
        table = ledger_tables(cipher)["L19"]
        count = write_table(conn, official, resolve(CaseFilter(), AS_OF, {}), table, FileKind.CSV, out, header="zh")
        special = select(schema.school_class.c.id).where(schema.school_class.c.stage == "special")
        assert conn.execute(select(responsibility.c.id).where(responsibility.c.class_id.in_(special))).first()
    back = import_file(demo_copy, cipher, official, out, ledger=ledger("L19"), as_of=AS_OF)
    assert (back.actions, faults(back)) == ({Action.UNCHANGED: count}, [])


GRADE = ["己组长", "年级组长", PRIMARY, "五年级", None, None, "2026-09-01", None, None]
OFFICER = ["庚信息员", "信息专人", PRIMARY, None, None, None, "2026-09-01", None, None]
POINT = ["辛副县长", "监测点挂帮领导", None, None, "甲100", "甲200", "2026-09-01", None, None]
SCHOOL_POINT = ["壬局长", "监测点挂帮领导", PRIMARY, None, None, None, "2026-10-01", None, None]


def test_a_grade_head_answers_for_the_grade_where_a_class_has_no_teacher(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    other = [*GRADE[:3], "四年级", *GRADE[4:]]
    monday = date(2026, 11, 16)
    assert bring(county, cipher, tmp_path, PRINCIPAL, other).actions == {Action.NEW: 2}
    assert owners(county, monday)[0] == "乙校长"  # the head of another grade answers for nothing here
    result = bring(county, cipher, tmp_path, GRADE)
    assert (result.actions, faults(result)) == ({Action.NEW: 1}, [])
    assert owners(county, monday)[0] == "己组长"
    bring(county, cipher, tmp_path, TEACHER)
    assert owners(county, monday)[0] == "甲师"
    with county.connect() as conn:
        here = resolve(CaseFilter(school=read_school(conn)), AS_OF, {})
        heads = read_grade_heads(conn, CLERK, here)
        assert heads == {("primary", 5): "己组长", ("primary", 4): "己组长"}
        case = conn.execute(select(case_interval.c.case_id)).scalars().first()
        assert case is not None
        called = [one.name for one in read_callers(conn, CLERK, read_state(conn, case, AS_OF), AS_OF)]
        assert called.count("己组长") == 1
    nobody = bring(county, cipher, tmp_path, [*GRADE[:3], None, *GRADE[4:]])
    assert faults(nobody) == [("D3", "import.duty_needs_grade")]


def test_grades_officers_and_points_come_out_as_they_came_in(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    bring(county, cipher, tmp_path, GRADE, OFFICER, POINT, SCHOOL_POINT)
    with county.connect() as conn:
        table, chosen = ledger_tables(cipher)["L19"], resolve(CaseFilter(), AS_OF, {})
        out = tmp_path / "L19.csv"
        write_table(conn, CLERK, chosen, table, FileKind.CSV, out, header="zh")
        school = read_school(conn)
        assert read_officers(conn, AS_OF) == {school: "庚信息员"}
        share = count_officers(conn, CLERK, chosen)
        assert share.numerator == 1 < share.denominator
        points = [(one.unit_name, one.leaders, one.since) for one in read_monitoring(conn, CLERK, chosen)]
    assert len(points) == 2
    assert {(leaders, since) for _, leaders, since in points} == {
        (("辛副县长",), date(2026, 9, 1)),
        (("壬局长",), date(2026, 10, 1)),
    }
    again = import_file(county, cipher, CLERK, out, as_of=AS_OF)
    assert (set(again.actions), faults(again)) == ({Action.UNCHANGED}, [])


def read_school(conn: Any) -> str:
    return str(conn.execute(select(schema.school.c.code).where(schema.school.c.name == PRIMARY)).scalar())
