"""What the summary says of left-behind children and visits equals a recount from the dated rows, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from data_access.children import iterate_left_behind
from data_access.derive import Touched, rebuild_all
from data_access.derive_care import rebuild_care, stale_from
from data_access.left_behind_parts import LEFT_BEHIND, count_left_behind_parts, count_parts_live, freshness_live, read_freshness
from data_access.login_roles import IMPORT
from data_access.map_counts import _checked, count_by_village, read_village_visits
from data_access.pairings import AFTER_RETURN, count_unpaired
from data_access.schema import care_interval, group_spell, pairing, person, residence_spell
from data_access.scoped import on
from data_access.writing import write, write_state
from domain.case_filter import CaseFilter
from domain.left_behind import is_stale
from domain.map_counts import MapCount
from domain.scope import Scope
from tests.data_access.small_world import COUNTY, VILLAGES, SmallWorld
from tests.data_access.test_derive import DAYS, PLACES, SCOPES, WHOLE, settled

CARED = Random(5)


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A small county of random children with checks and pairings, inside a write."""
    with write(engine, COUNTY, IMPORT) as opened:
        write_state(opened, "business_date", "2026-11-20")
        world = SmallWorld(opened, 4)
        for _ in range(70):
            world.add_child()
        opened.execute(
            insert(person).values(id=1, county_code=COUNTY, name="测试师", role="class_teacher", valid_from=date(2020, 9, 1))
        )
        look_after(opened, range(1, 71))
        rebuild_all(opened)
        yield opened


def look_after(conn: Connection, children: range) -> None:
    """Checks for most spells, pairings of several kinds for some children."""
    for number, begins in conn.execute(select(group_spell.c.id, group_spell.c.valid_from)).all():
        if CARED.random() < 0.8:
            checked = begins + timedelta(days=CARED.randint(0, 700))
            conn.execute(update(group_spell).where(group_spell.c.id == number).values(checked_on=checked))
    for child_id in children:
        for _ in range(CARED.randint(0, 2)):
            begins = date(2025, 1, 1) + timedelta(days=CARED.randint(0, 600))
            kind = CARED.choice(("one_to_one", "one_to_many", AFTER_RETURN))
            spell = {"valid_from": begins, "valid_to": begins + timedelta(days=CARED.randint(1, 400))}
            conn.execute(insert(pairing).values(child_id=child_id, person_id=1, kind=kind, **spell))


def count_unpaired_live(conn: Connection, scope: Scope, chosen: CaseFilter) -> int:
    """Of those listed, whom no pairing of the day names."""
    named = on(pairing, chosen.as_of) & (pairing.c.kind != AFTER_RETURN)  # type: ignore[arg-type]
    paired = set(conn.execute(select(pairing.c.child_id).where(named)).scalars())
    held = on(group_spell, chosen.as_of) & group_spell.c.group_name.in_([one.value for one in LEFT_BEHIND])  # type: ignore[arg-type]
    known = set(conn.execute(select(group_spell.c.child_id).where(held)).scalars())
    listed = [row.child_id for row in iterate_left_behind(conn, scope, chosen, limit=None)]
    assert set(listed) <= known
    return sum(one not in paired for one in listed)


def agree(conn: Connection, scope: Scope, chosen: CaseFilter) -> int:
    """Hold everything the summary says against the live counts; how much was counted."""
    parts = count_left_behind_parts(conn, scope, chosen)
    assert parts == count_parts_live(conn, scope, chosen)
    assert read_freshness(conn, scope, chosen) == freshness_live(conn, scope, chosen)
    assert count_unpaired(conn, scope, chosen) == count_unpaired_live(conn, scope, chosen)
    visits = read_village_visits(conn, scope, chosen)
    for counted, live in (
        (MapCount.VISITED, {code: one.visited for code, one in visits.items()}),
        (MapCount.MISSED_VISITS, {code: one.missed for code, one in visits.items()}),
        (MapCount.CASES, {code: one.at_risk for code, one in visits.items()}),
        *(
            (which, {code or "": n for code, n in conn.execute(_checked(scope, chosen, only_fresh=which is MapCount.CHECKED))})
            for which in (MapCount.LEFT_BEHIND_ALL, MapCount.CHECKED)
        ),
    ):
        summed = count_by_village(conn, scope, chosen, counted)
        assert {code: n for code, n in summed.items() if n} == {code: n for code, n in live.items() if n}, counted
    return sum(parts.values()) + sum(one.visited + one.owed for one in visits.values())


def test_the_summary_equals_the_live_counts_for_every_day_scope_and_place(conn: Connection) -> None:
    assert sum(agree(conn, scope, settled(place, day)) for day in DAYS for scope in SCOPES for place in PLACES) > 1000


def test_it_still_does_after_spells_homes_and_pairings_change(conn: Connection) -> None:
    touched = Touched(conn, range(1, 13))
    conn.execute(delete(group_spell).where(group_spell.c.child_id.in_([1, 2, 3])))
    conn.execute(update(group_spell).where(group_spell.c.child_id.in_([4, 5, 6])).values(checked_on=date(2026, 11, 1)))
    conn.execute(delete(pairing).where(pairing.c.child_id.in_([7, 8, 9])))
    conn.execute(update(residence_spell).where(residence_spell.c.child_id.in_([10, 11])).values(home_code=VILLAGES[2]))
    touched.rebuild()
    after = conn.execute(select(care_interval).order_by("child_id", "valid_from")).all()
    for day in (date(2026, 1, 20), date(2026, 11, 20)):
        for place in PLACES:
            agree(conn, WHOLE, settled(place, day))
    rebuild_care(conn)
    assert conn.execute(select(care_interval).order_by("child_id", "valid_from")).all() == after != []


def test_a_child_has_one_row_a_day(conn: Connection) -> None:
    other = care_interval.alias("other")
    same = (care_interval.c.child_id == other.c.child_id) & (care_interval.c.valid_from < other.c.valid_from)
    overlap = select(func.count()).select_from(care_interval.join(other, same & (other.c.valid_from < care_interval.c.valid_to)))
    assert conn.execute(overlap).scalar_one() == 0


@pytest.mark.parametrize("checked_on", [date(2026, 8, 20), date(2026, 11, 30), date(2026, 2, 28)], ids=str)
def test_a_check_is_old_from_the_first_day_on_which_it_is_stale(checked_on: date) -> None:
    first = stale_from(checked_on)
    assert is_stale(checked_on, first)
    assert not is_stale(checked_on, first - timedelta(days=1))


def test_rarer_filters_are_counted_live(conn: Connection) -> None:
    """A grade is none of the summary's business: list, parts and pairings agree all the same."""
    for grade in (2, 5, 7):
        chosen = replace(settled(CaseFilter(grade=grade), date(2026, 3, 15)))
        assert not chosen.from_summary
        agree(conn, WHOLE, chosen)
