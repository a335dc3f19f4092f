"""One meaning of open, due and overdue: overview, cases, groups, map, worklists and exports say the same for the same filter.

On ordinary days, weekends, holidays, the edges of terms and days to come.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, Engine

from data_access.case_groups import CaseGrouping, count_cases_by
from data_access.cases import count_cases, read_cases
from data_access.children import count_children
from data_access.measures import Measure
from data_access.tables import TABLES
from data_access.village_counts import read_village_counts
from data_access.worklist import end_of_week, read_worklist
from domain.case_filter import CaseFilter, resolve
from domain.cases import is_open, is_overdue
from domain.grades import Stage
from domain.scope import Role, Scope

OFFICIAL = Scope("official", Role.COUNTY, ("350430",))
DAYS = {
    "the demo's day": date(2026, 11, 20),
    "a Saturday": date(2026, 11, 14),
    "a Sunday": date(2026, 11, 15),
    "a Monday": date(2026, 11, 16),
    "National Day": date(2026, 10, 1),
    "the last day of that holiday": date(2026, 10, 7),
    "the eve of the school year": date(2026, 8, 31),
    "its first day": date(2026, 9, 1),
    "the summer": date(2026, 7, 20),
    "Spring Festival": date(2026, 2, 17),
    "the spring term's first week": date(2026, 3, 2),
    "a day to come": date(2026, 12, 24),
    "the winter holidays to come": date(2027, 2, 1),
}
PARTS = (CaseFilter(), CaseFilter(area="350430100"), CaseFilter(stage=Stage.JUNIOR))


@pytest.fixture
def conn(demo_engine: Engine) -> Iterator[Connection]:
    with demo_engine.connect() as conn:
        yield conn


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_every_surface_counts_the_same(conn: Connection, day: date) -> None:
    for part in PARTS:
        chosen = resolve(replace(part, as_of=day), day, {})
        late = replace(chosen, overdue=True)
        rows = read_cases(conn, OFFICIAL, chosen, limit=None)
        assert all(is_open(row.status) for row in rows)
        expected = len(rows), sum(is_overdue(row.due_on, day) for row in rows)
        assert expected[1] == sum(row.days_overdue > 0 for row in rows)

        listed = count_cases(conn, OFFICIAL, chosen), count_cases(conn, OFFICIAL, late)
        overview = tuple(count_children(conn, OFFICIAL, chosen, measure) for measure in (Measure.AT_RISK, Measure.OVERDUE))
        villages = read_village_counts(conn, OFFICIAL, chosen)
        on_map = sum(row.at_risk for row in villages), sum(row.overdue for row in villages)
        exported = tuple(len(list(TABLES["cases"].rows(conn, OFFICIAL, which, ""))) for which in (chosen, late))
        assert listed == overview == on_map == exported == expected, (day, part)
        for grouping in CaseGrouping:
            groups = count_cases_by(conn, OFFICIAL, chosen, grouping).values()
            assert (sum(n for n, _ in groups), sum(n for _, n in groups)) == expected, grouping


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_a_worklist_holds_what_the_owner_s_cases_say(conn: Connection, day: date) -> None:
    chosen = resolve(CaseFilter(as_of=day), day, {})
    groups = count_cases_by(conn, OFFICIAL, chosen, CaseGrouping.SCHOOL_OWNER)
    owners = sorted((who for who in groups if isinstance(who, int)), key=lambda who: -groups[who][0])[:3]
    for who in owners:
        mine = replace(chosen, owner=who)
        tasks = read_worklist(conn, OFFICIAL, mine)
        owned = [task.case.case_id for task in tasks if task.part != "comes_along"]
        due = [row for row in read_cases(conn, OFFICIAL, mine, limit=None) if row.due_on and row.due_on <= end_of_week(day)]
        assert sorted(owned) == sorted(row.case_id for row in due)
        late = sum(task.case.days_overdue > 0 for task in tasks if task.part != "comes_along")
        assert late == count_cases(conn, OFFICIAL, replace(mine, overdue=True))
        assert [row[3] for row in TABLES["worklist"].rows(conn, OFFICIAL, mine, "")] == [task.case.next_step for task in tasks]
