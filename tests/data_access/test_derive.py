"""The derived tables equal a recount from the dated rows: after a rebuild, after changes, on any day, on both engines."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from data_access import schema
from data_access.coverage import CoverageBy, count_coverage_by
from data_access.derive import Touched, rebuild_all
from data_access.login_roles import IMPORT
from data_access.schools import count_losses_live, read_schools
from data_access.village_counts import count_children_live, read_summary, read_village_counts
from data_access.village_losses import count_started, count_started_live
from data_access.walls_postgres import DERIVED
from data_access.writing import write, write_state
from domain.case_filter import Basis, CaseFilter, resolve
from domain.coverage import SpanKind, TargetGroup, VisitSpan
from domain.grades import Stage
from domain.rate_families import LossCounts
from domain.school_year import Period
from domain.scope import Role, Scope
from tests.data_access.small_world import COUNTY, SCHOOLS, TOWNS, VILLAGES, SmallWorld

WHOLE = Scope("t", Role.COUNTY, (COUNTY,))
SCOPES = (
    WHOLE,
    Scope("t", Role.TOWNSHIP, (TOWNS[0],)),
    Scope("t", Role.VILLAGE, (VILLAGES[1],)),
    Scope("t", Role.SCHOOL, (), (next(iter(SCHOOLS)),)),
)
DAYS = (
    date(2024, 9, 1),
    date(2025, 3, 15),
    date(2025, 8, 31),
    date(2025, 9, 1),
    date(2026, 1, 20),
    date(2026, 11, 20),
    date(2027, 9, 20),
)
PLACES = (
    CaseFilter(),
    CaseFilter(area=TOWNS[0]),
    CaseFilter(area=VILLAGES[0]),
    CaseFilter(school="3135000003"),
    CaseFilter(stage=Stage.PRIMARY),
    CaseFilter(unlocated=True),
    CaseFilter(basis=Basis.REGISTERED),
    CaseFilter(area=TOWNS[1], basis=Basis.REGISTERED),
)


@contextmanager
def world(engine: Engine, seed: int, children: int = 60) -> Iterator[tuple[Connection, SmallWorld]]:
    with write(engine, COUNTY, IMPORT) as conn:
        write_state(conn, "business_date", "2026-11-20")
        made = SmallWorld(conn, seed)
        for _ in range(children):
            made.add_child()
        rebuild_all(conn)
        yield conn, made


def settled(place: CaseFilter, day: date) -> CaseFilter:
    return resolve(replace(place, as_of=day), day, {})


@pytest.mark.parametrize("seed", range(3))
def test_village_summary_equals_a_recount_for_every_day_scope_and_place(engine: Engine, seed: int) -> None:
    with world(engine, seed) as (conn, _):
        seen = 0
        for day in DAYS:
            for scope in SCOPES:
                for place in PLACES:
                    chosen = settled(place, day)
                    assert chosen.from_summary
                    counted = count_children_live(conn, scope, chosen)
                    assert read_village_counts(conn, scope, chosen) == counted, (day, scope, place)
                    seen += sum(
                        row.children + row.at_risk + row.left_behind + row.left_behind_civil + row.overdue for row in counted
                    )
        assert seen > 1000


def test_pupils_at_the_start_of_a_period_from_the_summary_equal_a_recount(engine: Engine) -> None:
    with world(engine, 1) as (conn, _):
        seen = 0
        for day in DAYS:
            for scope in SCOPES:
                for place in PLACES:
                    chosen = settled(place, day)
                    counted = count_started_live(conn, scope, chosen)
                    assert count_started(conn, scope, chosen) == counted, (day, scope, place)
                    seen += sum(counted.values())
        assert seen > 1000


def test_pupils_owed_a_visit_from_the_summary_are_those_of_the_classes(engine: Engine) -> None:
    with world(engine, 1) as (conn, _):
        seen = 0
        for day in DAYS:
            span = VisitSpan(SpanKind.TERM, day - timedelta(days=90), day)
            for scope, place in product(SCOPES, PLACES):
                chosen = settled(place, day)
                by_place = {by: count_coverage_by(conn, scope, chosen, span, TargetGroup.ALL, by) for by in CoverageBy}
                schools: Counter[str | None] = Counter()
                for key, one in by_place[CoverageBy.CLASS].items():  # counted pupil by pupil
                    schools[key.code] += one.owed
                assert {key.code: one.owed for key, one in by_place[CoverageBy.SCHOOL].items()} == schools, (day, scope, place)
                for parts in by_place.values():
                    assert sum(one.owed for one in parts.values()) == sum(schools.values()), (day, scope, place)
                seen += sum(schools.values())
        assert seen > 1000


@pytest.mark.parametrize("seed", range(3))
def test_school_summary_equals_a_recount_for_every_year_and_day(engine: Engine, seed: int) -> None:
    with world(engine, seed) as (conn, _):
        lost = 0
        for year in (2024, 2025, 2026):
            for day in DAYS:
                chosen = CaseFilter(period=Period(year), as_of=day)
                live = count_losses_live(conn, chosen)
                for row in read_schools(conn, WHOLE, chosen):
                    counts, poor = live.get((row.school_code, row.stage), (LossCounts(), 0))
                    assert (row.counts, row.poor_lost) == (counts, poor), (year, day, row.school_code)
                    lost += row.gross_rate.numerator
        assert lost > 20


def derived_rows(conn: Connection) -> dict[str, Counter[tuple[Any, ...]]]:
    found = {}
    for name in DERIVED:
        table = schema.metadata.tables[name]
        columns = [column for column in table.c if column.name != "id" or name != "village_count"]
        columns = [
            column for column in columns if column.name != "id" or not column.primary_key or len(table.primary_key.columns) > 1
        ]
        found[name] = Counter(tuple(row) for row in conn.execute(select(*columns)))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_rebuilding_what_a_change_touched_equals_rebuilding_all(engine: Engine, seed: int) -> None:
    with world(engine, seed, 40) as (conn, made):
        touched = Touched(conn, [3, 4, 5, 6, 7])
        conn.execute(
            update(schema.residence_spell)
            .where(schema.residence_spell.c.child_id.in_([3, 4]))
            .values(home_code=VILLAGES[5], outside=False)
        )
        conn.execute(
            update(schema.enrolment_spell).where(schema.enrolment_spell.c.child_id == 5).values(school_code="2135000002")
        )
        conn.execute(delete(schema.group_spell).where(schema.group_spell.c.child_id == 6))
        conn.execute(insert(schema.home_visit).values(child_id=7, visited_on=date(2026, 3, 3), mode="doorstep", visitors="测试"))
        touched.add([made.add_child() for _ in range(3)])
        touched.rebuild()
        after = derived_rows(conn)
        rebuild_all(conn)
        whole = derived_rows(conn)
        for name in DERIVED:
            assert after[name] == whole[name], name


def test_a_child_stands_in_one_place_a_day_and_in_one_losing_kind(engine: Engine) -> None:
    with world(engine, 7) as (conn, _):
        for table in (schema.child_place, schema.loss_spell):
            other = table.alias("other")
            same = (
                (table.c.child_id == other.c.child_id)
                & (table.c.valid_from < other.c.valid_to)
                & (other.c.valid_from < table.c.valid_to)
            )
            if table is schema.loss_spell:
                losing = ["dropped_out", "unproven_transfer", "hosted_missing_papers", "suspended_unapproved", "transition_loss"]
                same = same & table.c.kind.in_(losing) & other.c.kind.in_(losing) & (table.c.id < other.c.id)
            else:
                same = same & (table.c.valid_from < other.c.valid_from)
            assert conn.execute(select(func.count()).select_from(table.join(other, same))).scalar_one() == 0


def test_villages_and_unlocated_add_up_to_towns_and_county(engine: Engine) -> None:
    with world(engine, 1) as (conn, _):
        for day in DAYS:
            whole = read_summary(conn, WHOLE, settled(CaseFilter(), day))
            parts = [
                read_summary(conn, WHOLE, settled(place, day))
                for place in (
                    *(CaseFilter(area=town) for town in TOWNS),
                    CaseFilter(unlocated=True),
                    CaseFilter(area="359902100"),
                )
            ]
            for name in schema.SUMMED:
                assert sum(row[name] for row in whole.values()) == sum(row[name] for part in parts for row in part.values()), (
                    day,
                    name,
                )
