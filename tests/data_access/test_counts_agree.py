"""Every count equals the rows behind it, on the demo county: map, lists, cases, groups, exports, for every filter tried."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import Connection, Engine

from data_access.areas import read_areas
from data_access.case_groups import CaseGrouping, count_cases_by
from data_access.cases import CaseOrder, count_cases, read_cases
from data_access.children import count_children, read_children
from data_access.measures import Measure
from data_access.schema import COUNTS
from data_access.schools import count_losses_live, read_schools, total_by_stage
from data_access.tables import TABLES
from data_access.village_counts import count_children_live, read_village_counts
from data_access.visits import count_visits, read_visits
from domain.case_filter import Basis, CaseFilter, resolve
from domain.cases import CaseStatus, is_overdue
from domain.grades import Stage
from domain.groups import Group
from domain.rate_families import LossCounts
from domain.reasons import Reason
from domain.school_year import Period
from domain.scope import Role, Scope

COUNTY = "350430"
TOWN = "350430100"
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
TODAY = date(2026, 11, 20)
FILTERS = {
    "all": CaseFilter(),
    "town": CaseFilter(area=TOWN),
    "village": CaseFilter(area="350430100001"),
    "stage": CaseFilter(stage=Stage.JUNIOR),
    "grade": CaseFilter(grade=8),
    "groups": CaseFilter(groups=(Group.POOR, Group.DISABLED)),
    "left behind in a town": CaseFilter(area=TOWN, groups=(Group.LEFT_BEHIND_EDUCATION,)),
    "statuses": CaseFilter(statuses=(CaseStatus.DROPOUT, CaseStatus.PERSUASION)),
    "reasons": CaseFilter(reasons=(Reason.TIRED_OF_SCHOOL,)),
    "rung": CaseFilter(rung=5),
    "overdue": CaseFilter(overdue=True),
    "unlocated": CaseFilter(unlocated=True),
    "registered": CaseFilter(basis=Basis.REGISTERED),
    "last spring": CaseFilter(as_of=date(2026, 3, 31)),
    "a Sunday": CaseFilter(as_of=date(2026, 10, 4), stage=Stage.PRIMARY),
}


@pytest.fixture(params=FILTERS.values(), ids=FILTERS.keys())
def chosen(request: pytest.FixtureRequest) -> CaseFilter:
    return resolve(request.param, TODAY, {})


@pytest.fixture
def conn(demo_engine: Engine):  # type: ignore[no-untyped-def]
    with demo_engine.connect() as conn:
        yield conn


def test_the_counts_equal_a_recount_and_the_lists_behind_them(conn: Connection, chosen: CaseFilter) -> None:
    counted = read_village_counts(conn, OFFICIAL, chosen)
    assert counted == count_children_live(conn, OFFICIAL, chosen)
    totals = {name: sum(getattr(row, name) for row in counted) for name in COUNTS}
    assert totals == {name: count_children(conn, OFFICIAL, chosen, Measure(name)) for name in COUNTS}
    assert totals["at_risk"] == count_cases(conn, OFFICIAL, chosen)
    assert totals["overdue"] == count_cases(conn, OFFICIAL, replace(chosen, overdue=True))


def test_villages_and_unlocated_make_towns_make_the_county(conn: Connection, chosen: CaseFilter) -> None:
    counted = read_village_counts(conn, OFFICIAL, chosen)
    towns = [area.code for area in read_areas(conn, OFFICIAL) if area.level == "town" and area.code.startswith(chosen.area or "")]
    parts = [chosen] if chosen.area or chosen.unlocated else [replace(chosen, area=town) for town in towns]
    parts += [] if chosen.area or chosen.unlocated else [replace(chosen, unlocated=True)]
    for name in COUNTS:
        whole = sum(getattr(row, name) for row in counted)
        by_town = sum(getattr(row, name) for part in parts for row in read_village_counts(conn, OFFICIAL, part))
        elsewhere = sum(getattr(row, name) for row in counted if row.village_code and row.village_code[:6] != COUNTY)
        assert whole == by_town + elsewhere, name


def test_the_case_table_its_groups_and_its_pages_agree(conn: Connection, chosen: CaseFilter) -> None:
    rows = read_cases(conn, OFFICIAL, chosen, limit=None)
    assert len(rows) == count_cases(conn, OFFICIAL, chosen)
    assert len({row.case_id for row in rows}) == len(rows) == len({row.child_id for row in rows})
    late = sum(row.days_overdue > 0 for row in rows)
    assert late == sum(is_overdue(row.due_on, chosen.as_of or TODAY) for row in rows)
    for grouping in CaseGrouping:
        groups = count_cases_by(conn, OFFICIAL, chosen, grouping)
        assert (sum(n for n, _ in groups.values()), sum(n for _, n in groups.values())) == (len(rows), late), grouping
    for order in CaseOrder:
        pages = [
            row.case_id
            for start in range(0, len(rows), 20)
            for row in read_cases(conn, OFFICIAL, chosen, order=order, limit=20, offset=start)
        ]
        assert sorted(pages) == sorted(row.case_id for row in rows), order
    assert [row.days_overdue for row in rows if row.due_on] == sorted(
        (row.days_overdue for row in rows if row.due_on), reverse=True
    )


def test_an_export_has_the_rows_of_the_screen(conn: Connection, chosen: CaseFilter) -> None:
    cases = list(TABLES["cases"].rows(conn, OFFICIAL, chosen, ""))
    assert [row[0] for row in cases] == [str(row.case_id) for row in read_cases(conn, OFFICIAL, chosen, limit=None)]
    visits = list(TABLES["visits"].rows(conn, OFFICIAL, chosen, ""))
    assert len(visits) == count_visits(conn, OFFICIAL, chosen)
    assert [row[0] for row in visits[:50]] == [str(row.visit_id) for row in read_visits(conn, OFFICIAL, chosen)]
    villages = list(TABLES["villages"].rows(conn, OFFICIAL, chosen, ""))
    assert [row[0] for row in villages].count(None) == 1
    fields = TABLES["villages"].fields
    for name in COUNTS:
        at = fields.index(name)
        assert sum(int(str(row[at])) for row in villages) == count_children(conn, OFFICIAL, chosen, Measure(name))
    need = [[-int(str(row[fields.index(name)])) for name in ("at_risk", "overdue", "left_behind")] for row in villages[:-1]]
    assert need == sorted(need)  # as the list below the map has them; the unlocated last
    assert villages[-1][0] is None


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize("day", [date(2025, 6, 30), date(2026, 3, 31), TODAY])
def test_the_school_summary_equals_the_live_count_and_rates_sum(conn: Connection, year: int, day: date) -> None:
    chosen = CaseFilter(period=Period(year), as_of=day)
    live = count_losses_live(conn, chosen)
    rows = read_schools(conn, OFFICIAL, chosen)
    assert {(row.school_code, row.stage) for row in rows} >= set(live)
    for row in rows:
        assert (row.counts, row.poor_lost) == live.get((row.school_code, row.stage), (LossCounts(), 0)), row.school_code
    for stage, counts in total_by_stage(rows).items():
        parts = [row.rate for row in rows if row.stage == stage.value]
        assert counts.start_count == sum(rate.denominator for rate in parts)
        assert all(rate.fraction is None or Fraction(0) <= rate.fraction <= 1 for rate in parts)


def test_names_are_masked_for_the_county_and_whole_for_the_town(conn: Connection) -> None:
    chosen = resolve(CaseFilter(area=TOWN), TODAY, {})
    town = Scope("town", Role.TOWNSHIP, (TOWN,))
    masked, plain = (read_children(conn, scope, chosen, Measure.AT_RISK, limit=None) for scope in (OFFICIAL, town))
    assert [row.child_id for row in masked] == [row.child_id for row in plain]
    assert masked
    for hidden, shown in zip(masked, plain, strict=True):
        assert "*" in hidden.child_name
        assert "*" not in shown.child_name
        assert hidden.child_name[0] == shown.child_name[0]
