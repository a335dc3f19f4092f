"""Pairing loads count each child once a person, over the children in view, on the day."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from data_access import schema
from data_access.derive import rebuild_all
from data_access.pairings import BusyPerson, count_loads, count_unpaired, read_busiest
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.grades import Stage
from domain.scope import Role, Scope
from domain.visits import DutyRole

COUNTY, TOWN, OTHER_TOWN = "999901", "999901100", "999901101"
VILLAGES = {TOWN: "999901100200", OTHER_TOWN: "999901101200"}
SCHOOL = "3199000001"
BEGINS, TODAY = date(2025, 9, 1), date(2026, 11, 20)
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
CHOSEN = resolve(CaseFilter(), TODAY, {})
TEACHER, CADRE, HELPER = 1, 2, 3


@pytest.fixture
def engine_with_pairs(engine: Engine) -> Engine:
    """Six left-behind children and one who is not: the teacher has three, the cadre one, two have nobody."""
    with write(engine, COUNTY) as conn:
        _fill(conn)
        rebuild_all(conn)
    return engine


def _fill(conn: Connection) -> None:
    def add(table: Any, **values: Any) -> None:
        conn.execute(insert(table).values(**values))

    add(
        schema.school,
        code=SCHOOL,
        name="甲中学",
        category="31",
        county_code=COUNTY,
        town_code=TOWN,
        kind="junior",
        valid_from=BEGINS,
    )
    at_school, in_village = {"school_code": SCHOOL}, {"area_code": VILLAGES[OTHER_TOWN]}
    people = {TEACHER: ("subject_teacher", at_school), CADRE: ("village_liaison", in_village), HELPER: ("helper_cadre", {})}
    for number, (role, place) in people.items():
        add(schema.person, id=number, county_code=COUNTY, name=f"干部{number}", role=role, valid_from=BEGINS, **place)
    for child in range(1, 8):
        add(schema.child, id=child, county_code=COUNTY, name=f"测试{child}")
        add(schema.residence_spell, child_id=child, home_code=VILLAGES[OTHER_TOWN if child > 3 else TOWN], valid_from=BEGINS)
        learns = {"school_code": SCHOOL, "stage": "junior", "entry_year": 2025, "graduates_on": date(2028, 9, 1)}
        add(schema.enrolment_spell, child_id=child, **learns, valid_from=BEGINS)
        if child < 7:
            add(schema.group_spell, child_id=child, group_name="left_behind_education", valid_from=BEGINS)
    pairs = [(1, TEACHER), (2, TEACHER), (3, TEACHER), (4, CADRE), (7, CADRE)]
    for child, who in pairs:
        add(schema.pairing, child_id=child, person_id=who, kind="one_to_many", valid_from=BEGINS)
    add(schema.pairing, child_id=1, person_id=TEACHER, kind="one_to_one", valid_from=BEGINS)  # the same pair once more
    add(schema.pairing, child_id=5, person_id=CADRE, kind="one_to_one", valid_from=BEGINS, valid_to=TODAY)  # over
    add(schema.pairing, child_id=6, person_id=HELPER, kind="helper_after_return", valid_from=BEGINS)  # another duty (R224)


def test_loads_count_children_once_and_persons_by_town(engine_with_pairs: Engine) -> None:
    with engine_with_pairs.connect() as conn:
        assert count_loads(conn, OFFICIAL, CHOSEN) == {(TOWN, 3): 1, (OTHER_TOWN, 1): 1}


def test_an_ended_pairing_counts_until_its_end(engine_with_pairs: Engine) -> None:
    before = resolve(CaseFilter(as_of=date(2026, 11, 19)), TODAY, {})
    with engine_with_pairs.connect() as conn:
        assert count_loads(conn, OFFICIAL, before)[OTHER_TOWN, 2] == 1
        assert (count_unpaired(conn, OFFICIAL, before), count_unpaired(conn, OFFICIAL, CHOSEN)) == (1, 2)


def test_the_busiest_are_over_the_plan(engine_with_pairs: Engine) -> None:
    teacher = BusyPerson("干部1", DutyRole.SUBJECT_TEACHER, "甲中学", 3)
    with engine_with_pairs.connect() as conn:
        assert read_busiest(conn, OFFICIAL, CHOSEN, 3, 10) == []
        assert read_busiest(conn, OFFICIAL, CHOSEN, 2, 10) == [teacher]
        assert [one.children for one in read_busiest(conn, OFFICIAL, CHOSEN, 0, 10)] == [3, 1]
        assert read_busiest(conn, OFFICIAL, CHOSEN, 0, 1) == [teacher]


@pytest.mark.parametrize(
    ("scope", "chosen", "loads", "unpaired"),
    [
        (OFFICIAL, CaseFilter(area=TOWN), {(TOWN, 3): 1}, 0),
        (OFFICIAL, CaseFilter(stage=Stage.PRIMARY), {}, 0),
        (Scope("v", Role.VILLAGE, (VILLAGES[OTHER_TOWN],)), CaseFilter(), {(OTHER_TOWN, 1): 1}, 2),
        (Scope("c", Role.COUNTY, ("999902",)), CaseFilter(), {}, 0),
    ],
)
def test_scope_and_filter_narrow_the_children(
    engine_with_pairs: Engine, scope: Scope, chosen: CaseFilter, loads: dict[tuple[str, int], int], unpaired: int
) -> None:
    settled = resolve(chosen, TODAY, {})
    with engine_with_pairs.connect() as conn:
        assert count_loads(conn, scope, settled) == loads
        assert count_unpaired(conn, scope, settled) == unpaired
