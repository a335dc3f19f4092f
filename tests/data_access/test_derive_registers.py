"""Headcounts from the register's changes equal a recount from enrolments and movements, in any term, on both engines."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from data_access.commands import console_scope
from data_access.completeness import read_completeness
from data_access.derive import Touched, rebuild_all
from data_access.headcounts import HeadCount, Key, count_term, term_of
from data_access.login_roles import IMPORT
from data_access.schema import enrolment_spell, movement_event
from data_access.writing import write, write_state
from domain.case_filter import CaseFilter, resolve
from tests.data_access.small_world import COUNTY, SmallWorld

DAYS = (date(2024, 9, 1), date(2025, 1, 31), date(2025, 2, 1), date(2025, 9, 20), date(2026, 8, 31), date(2026, 11, 20))


def recount(conn: Connection, day: date) -> dict[Key, HeadCount]:
    """The headcounts of a day's term, row by row."""
    year, term = term_of(day)
    starts = date(year, 9, 1) if term == 1 else date(year + 1, 2, 1)
    eve, told = starts - timedelta(days=1), Counter[tuple[str, str, str]]()
    spells = conn.execute(select(enrolment_spell)).all()
    for one in spells:
        unit = (one.school_code, one.stage)
        then, now = (one.valid_from <= on < one.valid_to for on in (eve, day))
        told[(*unit, "before")] += then and one.graduates_on > eve
        told[(*unit, "now")] += now and one.graduates_on > day
        told[(*unit, "graduated")] += then and one.graduates_on == starts
        told[(*unit, "intake")] += term == 1 and one.entry_year == year and one.valid_from == starts
    for move in conn.execute(select(movement_event).where(movement_event.c.on_date.between(starts, day))):
        name, school = ("moved_in", move.to_school) if move.kind == "transfer_in" else ("moved_out", move.from_school)
        if move.kind in ("transfer_in", "transfer_out", "death", "abroad") and school:
            at = [one for one in spells if (one.child_id, one.school_code) == (move.child_id, school)]
            stages = [one.stage for one in at if move.on_date in (one.valid_from, one.valid_to)]
            if stage := move.stage or max(stages, default=None):
                told[school, stage, name] += 1
    names = ("before", "intake", "graduated", "moved_in", "moved_out", "now")
    found = {unit: HeadCount(year, term, *(told[(*unit, name)] for name in names)) for unit in {key[:2] for key in told}}
    return {unit: one for unit, one in found.items() if one.before or one.now or one.intake}


def world(conn: Connection, seed: int) -> SmallWorld:
    write_state(conn, "business_date", "2026-11-20")
    made = SmallWorld(conn, seed)
    for _ in range(50):
        made.add_child()
    rebuild_all(conn)
    return made


@pytest.mark.parametrize("seed", range(2))
def test_headcounts_equal_a_recount_before_and_after_a_change(engine: Engine, seed: int) -> None:
    with write(engine, COUNTY, IMPORT) as conn:
        made = world(conn, seed)
        for day in DAYS:
            assert count_term(conn, *term_of(day), day) == recount(conn, day), day
        touched = Touched(conn, [1, 2, 3, 4, 5])
        conn.execute(update(enrolment_spell).where(enrolment_spell.c.child_id.in_([1, 2])).values(school_code="2135000002"))
        conn.execute(delete(enrolment_spell).where(enrolment_spell.c.child_id == 3))
        moved = {"id": 900, "child_id": 4, "kind": "transfer_out", "from_school": "2135000001", "stage": "primary"}
        conn.execute(insert(movement_event).values(**moved, on_date=date(2026, 10, 9)))
        touched.add([made.add_child() for _ in range(3)])
        touched.rebuild()
        seen = 0
        for day in DAYS:
            counted = count_term(conn, *term_of(day), day)
            assert counted == recount(conn, day), day
            one = {key: found for key, found in counted.items() if key[0] == "2135000001"}
            assert count_term(conn, *term_of(day), day, "2135000001") == one
            seen += sum(head.now + head.intake + head.graduated + head.moved_in + head.moved_out for head in counted.values())
        assert seen > 100


def test_the_demo_county_adds_up_as_a_recount_does(demo_engine: Engine) -> None:
    with demo_engine.connect() as conn:
        day = date(2026, 10, 20)
        assert count_term(conn, *term_of(day), day) == recount(conn, day)
        whole = read_completeness(conn, console_scope(conn), resolve(CaseFilter(), day, {}))
        assert {one.headcount_explained for one in whole.values()} == {True, False}
