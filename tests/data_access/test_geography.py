"""Mending a bureau's geography: every gap has a mend, each is audited, and what it moves counts at once, on both engines."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from data_access import audit
from data_access.area_tables import read_aliases, read_drawn, read_merges
from data_access.areas import AreaRow, read_areas, read_bundles
from data_access.catchments import read_catchments
from data_access.geography import (
    Merge,
    add_alias,
    assign_village,
    count_areas,
    load_areas,
    load_catchments,
    merge_villages,
    read_unplaced,
    read_without_position,
)
from data_access.map_counts import read_area_counts
from data_access.schema import area_alias, audit_event, residence_spell, school
from domain.area_counts import WHOLE
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.grades import Stage
from domain.map_counts import MapCount
from domain.scope import Role, Scope
from geo import bundles

COUNTY, TODAY = "350430", date(2026, 11, 20)
OFFICIAL = Scope("county", Role.COUNTY, (COUNTY,))
TOWN = Scope("town", Role.TOWNSHIP, ("350430100",))
EVERYONE = resolve(CaseFilter(), TODAY, {})
LOST = resolve(CaseFilter(area=COUNTY, unlocated=True), TODAY, {})


def villages(conn: Connection, count: int = 2) -> list[str]:
    return [row.code for row in read_areas(conn, OFFICIAL) if row.level == "village" and row.code.startswith("350430100")][:count]


def children_at(engine: Engine, code: str) -> Any:
    with engine.connect() as conn:
        return read_area_counts(conn, OFFICIAL, EVERYONE, MapCount.CHILDREN).totals.get(code)


def acts(engine: Engine) -> Sequence[str]:
    with audit.open_audit(engine).connect() as conn:
        return conn.execute(select(audit_event.c.act)).scalars().all()


def test_a_child_placed_in_a_village_counts_there_at_once(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        rows, texts = read_unplaced(conn, OFFICIAL, LOST)
        [village] = villages(conn, 1)
    assert sum(one.children for one in texts) == len(rows)
    before, whole = children_at(demo_copy, village), children_at(demo_copy, WHOLE)
    assign_village(demo_copy, OFFICIAL, rows[0].child_id, village)
    assert (children_at(demo_copy, village), children_at(demo_copy, WHOLE)) == (before + 1, whole)
    with demo_copy.connect() as conn:
        assert len(read_unplaced(conn, OFFICIAL, LOST)[0]) == len(rows) - 1
    assert "assign_village" in acts(demo_copy)
    with pytest.raises(ScopeError):  # placed already: nothing to mend
        assign_village(demo_copy, OFFICIAL, rows[0].child_id, village)


def test_an_alias_places_all_who_are_written_so(demo_copy: Engine) -> None:
    with demo_copy.begin() as conn:
        rows, _ = read_unplaced(conn, OFFICIAL, LOST)
        [village] = villages(conn, 1)
        two = [row.child_id for row in rows[:2]]
        conn.execute(residence_spell.update().where(residence_spell.c.child_id.in_(two)).values(home_text="老河东"))
    before = children_at(demo_copy, village)
    assert add_alias(demo_copy, OFFICIAL, village, " 老河东 ") == 2
    assert children_at(demo_copy, village) == before + 2
    assert "add_alias" in acts(demo_copy)


@pytest.mark.parametrize("alias", ["", "   ", "长" * 81])
def test_names_that_are_none_are_refused(demo_copy: Engine, alias: str) -> None:
    with demo_copy.connect() as conn:
        [village] = villages(conn, 1)
    with pytest.raises(ProblemError):
        add_alias(demo_copy, OFFICIAL, village, alias)


def test_a_name_of_another_village_is_refused_and_nothing_is_written(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        one, other = villages(conn)
        name = next(row.name for row in read_areas(conn, OFFICIAL) if row.code == other)
    with pytest.raises(ProblemError, match=other):
        add_alias(demo_copy, OFFICIAL, one, name)
    with demo_copy.connect() as conn:
        assert name not in conn.execute(select(area_alias.c.alias).where(area_alias.c.area_code == one)).scalars().all()


def test_merged_villages_count_and_are_drawn_as_one(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        old, new = villages(conn)
        name = next(row.name for row in read_areas(conn, OFFICIAL) if row.code == old)
    counts = [children_at(demo_copy, code) for code in (old, new, WHOLE)]
    merge_villages(demo_copy, OFFICIAL, [Merge(old, new, date(2026, 9, 1), "民发〔2026〕1号")], bundles)
    assert [children_at(demo_copy, code) for code in (old, new, WHOLE)] == [None, counts[0] + counts[1], counts[2]]
    with demo_copy.connect() as conn:
        assert old not in read_bundles(conn, COUNTY)["village"].codes
        assert name in conn.execute(select(area_alias.c.alias).where(area_alias.c.area_code == new)).scalars().all()
    assert "merge_villages" in acts(demo_copy)


def test_areas_that_are_loaded_close_the_gap_and_are_drawn(demo_copy: Engine) -> None:
    code = "350430100299"
    bare = AreaRow(code, "village", code[:9], "新立村")
    assert load_areas(demo_copy, OFFICIAL, [bare], bundles)[:2] == (1, 0)
    with demo_copy.connect() as conn:
        assert [row.code for row in read_without_position(conn, OFFICIAL)] == [code]
        known = count_areas(conn, COUNTY)["village"]
    placed = AreaRow(code, "village", code[:9], "新立村", lon=116.8, lat=26.8, position_source="gps")
    assert load_areas(demo_copy, OFFICIAL, [placed], bundles)[:2] == (0, 1)
    with demo_copy.connect() as conn:
        assert read_without_position(conn, OFFICIAL) == []
        assert count_areas(conn, COUNTY)["village"] == (known[0], known[1] + 1)
        assert code in read_bundles(conn, COUNTY)["village"].codes


def test_declared_catchments_stay(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        [village] = villages(conn, 1)
        served = read_catchments(conn, Stage.PRIMARY)
        other = next(code for code in conn.execute(select(school.c.code)).scalars() if code != served[village])
    assert load_catchments(demo_copy, OFFICIAL, COUNTY, {Stage.PRIMARY: {village: other}}, bundles) == 1
    load_areas(demo_copy, OFFICIAL, [AreaRow("350430100298", "village", "350430100", "某村")], bundles)  # derives the others anew
    with demo_copy.connect() as conn:
        assert read_catchments(conn, Stage.PRIMARY)[village] == other


def test_nobody_mends_what_is_not_theirs(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        [village] = villages(conn, 1)
        foreign = next(row.code for row in read_areas(conn, OFFICIAL) if row.level == "village" and row.code[:9] != village[:9])
        child = read_unplaced(conn, OFFICIAL, LOST)[0][0].child_id
    inspector = Scope("i", Role.INSPECTOR, (COUNTY,))
    for act in (
        lambda: assign_village(demo_copy, inspector, child, village),
        lambda: assign_village(demo_copy, TOWN, child, foreign),
        lambda: add_alias(demo_copy, TOWN, foreign, "别名"),
        lambda: load_areas(demo_copy, TOWN, [AreaRow(village, "village", village[:9], "x")], bundles),
        lambda: merge_villages(demo_copy, TOWN, [Merge(village, foreign, TODAY, "x")], bundles),
    ):
        with pytest.raises(ScopeError):
            act()  # type: ignore[no-untyped-call]


def test_a_town_places_its_own_children_only(demo_copy: Engine) -> None:
    """A place makes a child visible there: by a number or a name that it knows a town would fetch others' children."""
    with demo_copy.begin() as conn:
        lost = [row.child_id for row in read_unplaced(conn, OFFICIAL, LOST)[0]]
        mine = [row.child_id for row in read_unplaced(conn, TOWN, LOST)[0]]
        foreign = sorted(set(lost) - set(mine))
        village = next(row.code for row in read_areas(conn, TOWN) if row.level == "village")
        conn.execute(residence_spell.update().where(residence_spell.c.child_id.in_(lost)).values(home_text="老河东"))
    assert mine
    assert foreign
    with pytest.raises(ScopeError):
        assign_village(demo_copy, TOWN, foreign[0], village)
    assert add_alias(demo_copy, TOWN, village, "老河东") == len(mine)
    with demo_copy.connect() as conn:
        assert sorted(row.child_id for row in read_unplaced(conn, OFFICIAL, LOST)[0]) == foreign


def test_tables_are_read_by_their_headers_and_refused_by_name() -> None:
    assert read_aliases([["村代码", "别名"], ["350430100201", "老河东"], [None, None]]) == [("350430100201", "老河东")]
    merged = read_merges([["old_code", "new_code", "on_date", "document"], ["1", "2", "2026-09-01", "文"]])
    assert merged == [Merge("1", "2", date(2026, 9, 1), "文")]
    assert read_drawn([["village_code", "学段", "学校代码"], ["1", "小学", "9"]]) == {Stage.PRIMARY: {"1": "9"}}
    for cells, key in (
        ([["村代码"], ["1"]], "geography.no_column"),
        ([["村代码", "别名"], ["1", None]], "geography.blank"),
        ([["村代码", "别名"]], "areas.empty"),
    ):
        with pytest.raises(ProblemError) as refused:
            read_aliases(cells)  # type: ignore[arg-type]
        assert refused.value.key == key
