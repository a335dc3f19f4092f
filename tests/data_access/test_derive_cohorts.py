"""cohort_count on any day is what stands in the dated rows that day, child by child; and nobody is left unexplained by it."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select

from data_access import schema
from data_access.derive import Touched, rebuild_all
from data_access.derive_cohorts import PROVEN, Spell, cohort_steps
from data_access.derive_losses import LOST
from data_access.schema import COHORT, OPEN_END, cohort_count, enrolment_spell, loss_spell
from data_access.scoped import on
from data_access.writing import write, write_state
from tests.data_access.small_world import COUNTY, SmallWorld

DAYS = (date(2024, 9, 1), date(2025, 3, 15), date(2025, 9, 1), date(2026, 1, 20), date(2026, 11, 20), date(2027, 9, 20))
Key = tuple[str, str, int]


def recount(conn: Connection, day: date) -> dict[Key, Counter[str]]:
    """Every year group on a day, straight from the rows: on the register, lost, gone with proof, elsewhere."""
    spells, losses = defaultdict(list), defaultdict(list)
    for row in conn.execute(select(enrolment_spell)):
        spells[row.child_id].append(row)
    for row in conn.execute(select(loss_spell)):
        losses[row.child_id].append(row)
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for child_id, enrolled in spells.items():
        for key in {(row.school_code, row.stage, row.entry_year) for row in enrolled}:
            for name in _standing(key, enrolled, losses[child_id], day):
                found[key][name] += 1
    return found


def _standing(key: Key, enrolled: list[Any], losses: list[Any], day: date) -> list[str]:
    own = [row for row in enrolled if (row.school_code, row.stage, row.entry_year) == key]
    entry, then = date(key[2], 9, 1), min(day, own[0].graduates_on - timedelta(days=1))
    first = min(row.valid_from for row in own)

    def here(rows: list[Any]) -> bool:
        return any(row.valid_from <= then < row.valid_to for row in rows)

    told = []
    was_there = any(row.valid_from <= entry < row.valid_to for row in own)
    if day >= (entry if was_there else max(entry, first)):
        told.append("entrants" if was_there else "moved_in")
    if here(own) and not here([row for row in losses if row.kind in LOST]):
        told.append("kept")
    others = [row for row in enrolled if row not in own and row.stage == key[1] and row.valid_from >= first]
    proven = [row for row in losses if row.kind in PROVEN and row.valid_from >= first]
    if not here(own) and here([*others, *proven]):
        told.append("moved_out")
    return told


def summed(conn: Connection, day: date) -> dict[Key, Counter[str]]:
    rows = conn.execute(select(cohort_count).where(on(cohort_count, day)))
    return {
        (row.school_code, row.stage, row.entry_year): Counter({name: getattr(row, name) for name in COHORT if getattr(row, name)})
        for row in rows
        if any(getattr(row, name) for name in COHORT)
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_summary_equals_a_recount_on_every_day(engine: Engine, seed: int) -> None:
    with write(engine, COUNTY, role=None) as conn:
        write_state(conn, "business_date", "2026-11-20")
        made = SmallWorld(conn, seed)
        for _ in range(50):
            made.add_child()
        rebuild_all(conn)
        for day in DAYS:
            assert summed(conn, day) == {key: told for key, told in recount(conn, day).items() if told}, day


def test_the_demo_county_equals_a_recount_and_losses_explain_the_rest(demo_engine: Engine) -> None:
    with demo_engine.connect() as conn:
        for day in (date(2026, 6, 30), date(2026, 11, 20)):
            counted = summed(conn, day)
            assert counted == {key: told for key, told in recount(conn, day).items() if told}
            gap = sum(one["entrants"] + one["moved_in"] - one["moved_out"] - one["kept"] for one in counted.values())
            assert 0 < gap < sum(one["entrants"] for one in counted.values()) / 50


def test_who_sat_the_exam_is_known_from_the_day_of_the_list(engine: Engine) -> None:
    with write(engine, COUNTY, role=None) as conn:
        write_state(conn, "business_date", "2026-11-20")
        made = SmallWorld(conn, 1)
        for _ in range(20):
            made.add_child()
        rebuild_all(conn)
        day = date(2026, 6, 20)
        for child_id, sat in ((1, True), (2, True), (3, False), (4, None)):
            row = {"child_id": child_id, "school_code": "3135000003", "school_year": 2025, "on_date": day, "sat": sat}
            conn.execute(insert(schema.exam_sitting).values(row))
        touched = Touched(conn, [1, 2, 3, 4])
        touched.rebuild()
        sitters = select(cohort_count.c.sitters).where(
            cohort_count.c.school_code == "3135000003", cohort_count.c.entry_year == 2023
        )
        eve = conn.execute(sitters.where(on(cohort_count, day - timedelta(days=1)))).scalar()
        assert eve is None
        assert conn.execute(sitters.where(on(cohort_count, day))).scalar() == 2


HOME, AWAY, YEAR = ("2135000001", "primary", 2024), ("2135000002", "primary", 2024), date(2030, 9, 1)
ENTRY, LEFT, BACK = date(2024, 9, 1), date(2025, 3, 3), date(2025, 10, 1)


@pytest.mark.parametrize(
    ("spells", "losses", "steps"),
    [
        ([Spell(HOME, ENTRY, YEAR, YEAR)], [], [(ENTRY, "entrants", 1), (ENTRY, "kept", 1)]),
        ([Spell(HOME, LEFT, YEAR, YEAR)], [], [(LEFT, "moved_in", 1), (LEFT, "kept", 1)]),
        (
            [Spell(HOME, ENTRY, LEFT, YEAR)],
            [("transfer_out_proven", LEFT, OPEN_END)],
            [(ENTRY, "entrants", 1), (ENTRY, "kept", 1), (LEFT, "kept", -1), (LEFT, "moved_out", 1)],
        ),
        (
            [Spell(HOME, ENTRY, LEFT, YEAR)],
            [("unproven_transfer", LEFT, OPEN_END)],
            [(ENTRY, "entrants", 1), (ENTRY, "kept", 1), (LEFT, "kept", -1)],
        ),
        (
            [Spell(HOME, ENTRY, YEAR, YEAR)],
            [("dropped_out", LEFT, BACK)],
            [(ENTRY, "entrants", 1), (ENTRY, "kept", 1), (LEFT, "kept", -1), (BACK, "kept", 1)],
        ),
        (
            [Spell(HOME, ENTRY, LEFT, YEAR), Spell(AWAY, LEFT, YEAR, YEAR)],
            [("transfer_out_proven", LEFT, OPEN_END)],
            [(ENTRY, "entrants", 1), (ENTRY, "kept", 1), (LEFT, "kept", -1), (LEFT, "moved_out", 1)],
        ),
        (
            [Spell(HOME, ENTRY, LEFT, YEAR), Spell(AWAY, LEFT, BACK, YEAR), Spell(HOME, BACK, YEAR, YEAR)],
            [],
            [
                (ENTRY, "entrants", 1),
                (ENTRY, "kept", 1),
                (LEFT, "kept", -1),
                (BACK, "kept", 1),
                (LEFT, "moved_out", 1),
                (BACK, "moved_out", -1),
            ],
        ),
    ],
    ids=["stays", "joins", "left with proof", "left without", "out and back", "to another school", "there and back again"],
)
def test_what_one_child_adds(
    spells: list[Spell], losses: list[tuple[str, date, date]], steps: list[tuple[date, str, int]]
) -> None:
    assert list(cohort_steps(HOME, spells, losses)) == steps
