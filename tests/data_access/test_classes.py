"""The classes of a school: who is on the register that day, the latest baseline, open cases."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from data_access import schema
from data_access.classes import ClassRow, read_classes
from data_access.derive import rebuild_all
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.grades import Stage
from domain.scope import Role, Scope

DOMAIN = Path(__file__).resolve().parents[2] / "domain"
COUNTY, TOWN, VILLAGE = "999901", "999901100", "999901100200"
SCHOOL, OTHER_SCHOOL = "2199000001", "2199000002"
BEGINS, TODAY = date(2024, 9, 1), date(2026, 11, 20)
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))


@pytest.fixture
def engine_with_classes(engine: Engine) -> Engine:
    """A nine-year school: two pupils in 八（1）, one in 八（2）, one in 三年级 of no known class, one elsewhere."""
    with write(engine, COUNTY) as conn:
        _fill(conn)
        rebuild_all(conn)
    return engine


def _fill(conn: Connection) -> None:
    def add(table: Any, **values: Any) -> None:
        conn.execute(insert(table).values(**values))

    for code in (SCHOOL, OTHER_SCHOOL):
        spell = {"county_code": COUNTY, "town_code": TOWN, "valid_from": BEGINS}
        add(schema.school, code=code, name=f"第{code[-1]}学校", category="31", kind="nine_year", **spell)
    eighth = (SCHOOL, "junior", 2025)
    pupils = [(*eighth, 1), (*eighth, 1), (*eighth, 2), (SCHOOL, "primary", 2024, None), (OTHER_SCHOOL, "junior", 2025, 1)]
    for child, (school, stage, entry, number) in enumerate(pupils, 1):
        add(schema.child, id=child, county_code=COUNTY, name=f"测试{child}")
        add(schema.residence_spell, child_id=child, home_code=VILLAGE, valid_from=BEGINS)
        place = {"school_code": school, "stage": stage, "entry_year": entry, "class_no": number}
        add(schema.enrolment_spell, child_id=child, **place, graduates_on=date(2030, 9, 1), valid_from=date(2025, 9, 1))
    add(schema.case_file, id=1, child_id=1, opened_on=date(2026, 11, 2), first_absent_on=date(2026, 11, 2), reason="02")
    add(
        schema.case_file,
        id=2,
        child_id=3,
        opened_on=date(2026, 10, 8),
        closed_on=date(2026, 10, 20),
        outcome="explained",
        reason="02",
    )
    add(schema.school_class, id=1, school_code=SCHOOL, stage="junior", entry_year=2025, class_no=1, valid_from=date(2025, 9, 1))
    for year, day, count in (
        (2025, date(2025, 9, 1), 44),
        (2026, date(2026, 9, 1), 40),
        (2026, date(2026, 11, 15), 41),
        (2026, date(2026, 12, 1), 42),
    ):
        add(schema.class_baseline, class_id=1, school_year=year, term=1, kind="term_start", pupils=count, as_of=day)


def read(engine: Engine, scope: Scope = OFFICIAL, **parts: Any) -> list[ClassRow]:
    with engine.connect() as conn:
        return read_classes(conn, scope, resolve(CaseFilter(**{"school": SCHOOL, **parts}), TODAY, {}))


def test_classes_by_stage_grade_and_number(engine_with_classes: Engine) -> None:
    assert read(engine_with_classes) == [
        ClassRow("primary", 3, None, 1, None, 0),
        ClassRow("junior", 8, 1, 2, 41, 1),
        ClassRow("junior", 8, 2, 1, 1, 0),  # nothing recorded: the register of 1 September
    ]


def test_the_filter_narrows_to_a_stage_and_to_a_day(engine_with_classes: Engine) -> None:
    assert [row.stage for row in read(engine_with_classes, stage=Stage.PRIMARY)] == ["primary"]
    (before, _) = (row for row in read(engine_with_classes, as_of=date(2026, 10, 12)) if row.stage == "junior")
    assert (before.baseline, before.open_cases) == (40, 0)
    year_before = next(row for row in read(engine_with_classes, as_of=date(2026, 3, 2)) if row.class_no == 1)
    assert (year_before.grade, year_before.baseline) == (7, 44)


@pytest.mark.parametrize(
    ("scope", "classes"),
    [
        (Scope("s", Role.SCHOOL, (), (SCHOOL,)), 3),
        (Scope("s", Role.SCHOOL, (), (OTHER_SCHOOL,)), 0),
        (Scope("v", Role.VILLAGE, (VILLAGE,)), 3),
    ],
)
def test_only_children_in_scope_count(engine_with_classes: Engine, scope: Scope, classes: int) -> None:
    assert len(read(engine_with_classes, scope)) == classes


def test_one_school_must_be_named(engine_with_classes: Engine) -> None:
    with pytest.raises(ValueError, match="one school"):
        read(engine_with_classes, school=None)


def test_a_class_taken_over_on_the_way_is_held_against_the_end_of_the_last_term(engine_with_classes: Engine) -> None:
    """R162-R163: the second teacher of 八（2） answers for whom he found; a first teacher does for the start of the year."""
    came, left = date(2026, 10, 12), {"school_code": SCHOOL, "stage": "junior", "entry_year": 2025, "class_no": 2}
    with engine_with_classes.begin() as conn:
        conn.execute(insert(schema.school_class).values(id=2, **left, valid_from=date(2025, 9, 1)))
        for number, begins in ((1, date(2025, 9, 1)), (2, came)):
            who = {"id": number, "county_code": COUNTY, "name": f"师{number}", "role": "class_teacher"}
            conn.execute(insert(schema.person).values(**who, valid_from=begins))
            told = {"class_id": 2, "school_code": SCHOOL, "role": "class_teacher", "line": "school", "valid_from": begins}
            conn.execute(insert(schema.responsibility).values(person_id=number, **told))
        conn.execute(insert(schema.child).values(id=9, county_code=COUNTY, name="测试9"))  # left in August
        spell = {**left, "graduates_on": date(2028, 9, 1), "valid_from": date(2025, 9, 1), "valid_to": date(2026, 8, 1)}
        conn.execute(insert(schema.enrolment_spell).values(child_id=9, **spell))
    days = (came - timedelta(days=1), came)
    found = [next(row.baseline for row in read(engine_with_classes, as_of=day) if row.class_no == 2) for day in days]
    assert found == [1, 2]
    assert [row.baseline for row in read(engine_with_classes, Scope("v", Role.VILLAGE, (VILLAGE,))) if row.class_no == 2] == [
        None
    ]


def test_a_child_lost_this_year_stands_with_the_lost_and_then_with_those_back(engine_with_classes: Engine) -> None:
    """R161, R165: what is taken off and what is rewarded, by the class in which the child was."""
    lost = {"school_code": SCHOOL, "stage": "junior", "kind": "dropped_out", "school_year": 2026}
    with engine_with_classes.begin() as conn:
        spell = {"valid_from": date(2026, 10, 8), "valid_to": date(2026, 11, 2), "back_until": date(9999, 12, 31)}
        conn.execute(insert(schema.loss_spell).values(child_id=1, **lost, **spell))
    days = (date(2026, 10, 7), date(2026, 10, 8), date(2026, 11, 1), date(2026, 11, 2))
    rows = (next(row for row in read(engine_with_classes, as_of=day) if row.class_no == 1) for day in days)
    assert [(row.lost, row.back) for row in rows] == [(0, 0), (1, 0), (1, 0), (0, 1)]


def test_no_class_stands_on_a_tier() -> None:
    """R243: a class is a number and a year, and neither a ledger nor a word of the pages knows a better or a worse one."""
    known = {column.name for column in schema.school_class.c if column.name not in {"id", "recorded_at", "batch_id"}}
    assert known == {"school_code", "stage", "entry_year", "class_no", "valid_from", "valid_to"}
    texts = [path.read_text(encoding="utf-8") for path in DOMAIN.rglob("*") if path.suffix in {".py", ".json"}]
    assert len(texts) > 100
    assert [tier for tier in ("重点班", "实验班", "快班", "慢班", "尖子班", "火箭班") for text in texts if tier in text] == []
