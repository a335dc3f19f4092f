"""Coverage and completeness in the database: counted as a plain recount counts, in every grouping, for every group."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from data_access.campaigns import open_campaign, read_campaigns, read_spans
from data_access.coverage import CoverageBy, count_coverage, count_coverage_by, iterate_coverage
from data_access.file_parts import read_class_files, read_completeness
from data_access.schema import child_place, group_spell, home_visit
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter, resolve
from domain.coverage import Coverage, CoveragePart, SpanKind, TargetGroup, VisitSpan
from domain.errors import ProblemError, ScopeError
from domain.file_completeness import FilePart
from domain.grades import Stage
from domain.scope import Role, Scope
from tests.pages.tiny_county import COUNTY, OPEN_CASES, PUPILS_EACH, SCHOOLS, TODAY, TOWNS, write_tiny_county

OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
JUNIOR = "3135000002"
CHOSEN = resolve(CaseFilter(), TODAY, {})
TERM = VisitSpan(SpanKind.TERM, date(2026, 9, 1), date(2027, 1, 20))
VISITED = (1, 2, 3, 41, 42, 90)


@pytest.fixture
def county(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The tiny county; six pupils visited at the door, one of them twice, others phoned, too early, or by a corrected visit."""
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    write_tiny_county(engine)
    with engine.begin() as conn:
        for number, child in enumerate((*VISITED, 1), 1):
            add_visit(conn, number, child)
        add_visit(conn, 20, 4, mode="phone")
        add_visit(conn, 21, 5, on=date(2026, 8, 31))
        add_visit(conn, 22, 6)
        add_visit(conn, 23, 6, mode="phone", corrects=22)
        add_visit(conn, 24, 7, on=TODAY + timedelta(days=1))
        for child in range(1, 21):
            conn.execute(insert(group_spell).values(child_id=child, group_name="poor", valid_from=date(2026, 9, 1)))
    return engine


def add_visit(conn: Connection, number: int, child: int, on: date = date(2026, 9, 1), **told: object) -> None:
    values = {"mode": "doorstep", "visitors": "教师甲", **told}
    conn.execute(insert(home_visit).values(id=number, child_id=child, visited_on=on, **values))


@pytest.mark.parametrize(
    ("group", "owed", "visited"),
    [
        (TargetGroup.ALL, 3 * PUPILS_EACH, len(VISITED)),
        (TargetGroup.POOR, 20, 3),
        (TargetGroup.SUSPECTED, OPEN_CASES, 2),
        (TargetGroup.LEARNING_DIFFICULTY, 0, 0),
        (TargetGroup.LEFT_BEHIND, None, None),
    ],
)
def test_each_pupil_counts_once_by_visits_at_the_door_in_the_span(
    county: Engine, group: TargetGroup, owed: int | None, visited: int | None
) -> None:
    with open_scoped(county, OFFICIAL) as conn:
        found = count_coverage(conn, OFFICIAL, CHOSEN, TERM, group)
        rows = list(iterate_coverage(conn, OFFICIAL, CHOSEN, TERM, group, limit=None))
    assert len(rows) == len({row.child_id for row in rows}) == found.uncovered
    assert not {row.child_id for row in rows} & set(VISITED)
    if owed is not None:
        assert found == Coverage(owed, visited or 0)


@pytest.mark.parametrize("part", CoveragePart)
def test_the_list_behind_each_number_holds_as_many_as_it_says(county: Engine, part: CoveragePart) -> None:
    with open_scoped(county, OFFICIAL) as conn:
        found = count_coverage(conn, OFFICIAL, CHOSEN, TERM, TargetGroup.ALL)
        listed = {row.child_id for row in iterate_coverage(conn, OFFICIAL, CHOSEN, TERM, TargetGroup.ALL, part, limit=None)}
    assert len(listed) == found.count(part)
    assert (listed & set(VISITED) == set(VISITED)) is (part is not CoveragePart.UNVISITED)
    assert (listed <= set(VISITED)) is (part is CoveragePart.VISITED)


@pytest.mark.parametrize("by", CoverageBy)
def test_every_grouping_adds_up_to_the_whole(county: Engine, by: CoverageBy) -> None:
    with open_scoped(county, OFFICIAL) as conn:
        parts = count_coverage_by(conn, OFFICIAL, CHOSEN, TERM, TargetGroup.ALL, by)
    assert sum(one.owed for one in parts.values()) == 3 * PUPILS_EACH
    assert sum(one.visited for one in parts.values()) == len(VISITED)
    if by is CoverageBy.TOWN:
        assert {key.code for key in parts} == {None, *TOWNS}
    if by is CoverageBy.SCHOOL:
        assert {key.code: one.visited for key, one in parts.items()} == dict(zip(SCHOOLS, (3, 2, 1), strict=True))


def test_the_same_counts_come_out_of_a_plain_recount(county: Engine) -> None:
    with county.connect() as conn:
        pupils = conn.execute(select(child_place).where(child_place.c.valid_from <= TODAY, child_place.c.valid_to > TODAY)).all()
    recount = Counter((row.school_code, row.child_id in VISITED) for row in pupils)
    with open_scoped(county, OFFICIAL) as conn:
        parts = count_coverage_by(conn, OFFICIAL, CHOSEN, TERM, TargetGroup.ALL, CoverageBy.SCHOOL)
    for key, one in parts.items():
        assert (one.visited, one.uncovered) == (recount[key.code, True], recount[key.code, False])


def test_a_school_sees_its_own_pupils_by_name_and_others_not_at_all(county: Engine) -> None:
    school = Scope("school", Role.SCHOOL, schools=(JUNIOR,))
    with open_scoped(county, school) as conn:
        rows = list(iterate_coverage(conn, school, CHOSEN, TERM, TargetGroup.ALL, limit=None))
    assert {row.school_code for row in rows} == {JUNIOR}
    assert all(row.child_name.startswith("测试") for row in rows)
    with open_scoped(county, OFFICIAL) as conn:
        masked = list(iterate_coverage(conn, OFFICIAL, CHOSEN, TERM, TargetGroup.ALL, limit=3))
    assert [row.child_name[0] + "*" for row in masked] == [row.child_name[:2] for row in masked]
    screen = Scope("screen", Role.SCREEN, (COUNTY,))
    with open_scoped(county, screen) as conn, pytest.raises(ScopeError):
        next(iterate_coverage(conn, screen, CHOSEN, TERM, TargetGroup.ALL))


def test_spans_come_from_the_county_s_calendar(county: Engine) -> None:
    with open_scoped(county, OFFICIAL) as conn:
        spans = read_spans(conn, OFFICIAL, None, TODAY)
        assert spans[SpanKind.TERM].starts == date(2026, 9, 1)
        assert spans == read_spans(conn, Scope("s", Role.SCHOOL, schools=(JUNIOR,)), None, TODAY)


def test_a_campaign_is_set_once_and_counts_its_days_only(county: Engine) -> None:
    first, last = date(2026, 9, 1), date(2026, 9, 3)
    number = open_campaign(county, OFFICIAL, COUNTY, "秋季大家访", first, last, TargetGroup.POOR)
    with open_scoped(county, OFFICIAL) as conn:
        campaigns = read_campaigns(conn, OFFICIAL, None, TODAY)
        assert [(one.campaign_id, one.name) for one in campaigns] == [(number, "秋季大家访")]
        assert count_coverage(conn, OFFICIAL, CHOSEN, campaigns[0].span, campaigns[0].group) == Coverage(20, 3)
        assert read_campaigns(conn, OFFICIAL, None, date(2026, 8, 31)) == []


@pytest.mark.parametrize(
    ("scope", "name", "days", "key"),
    [
        (OFFICIAL, " ", (0, 2), "campaign.no_name"),
        (OFFICIAL, "大家访", (2, 0), "campaign.bad_days"),
        (OFFICIAL, "大家访", (0, 62), "campaign.bad_days"),
        (Scope("t", Role.TOWNSHIP, ("350430100",)), "大家访", (0, 2), "scope.no_write"),
        (Scope("c", Role.COUNTY, ("350481",)), "大家访", (0, 2), "scope.no_write"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(county: Engine, scope: Scope, name: str, days: tuple[int, int], key: str) -> None:
    starts, ends = (TODAY + timedelta(days=number) for number in days)
    with pytest.raises(ProblemError) as refused:
        open_campaign(county, scope, COUNTY, name, starts, ends, TargetGroup.ALL)
    assert refused.value.key == key


def test_a_file_lacks_what_is_not_there_and_a_class_file_sums_its_files(county: Engine) -> None:
    chosen = resolve(CaseFilter(school=JUNIOR, stage=Stage.JUNIOR), TODAY, {})
    with open_scoped(county, OFFICIAL) as conn:
        files = read_class_files(conn, OFFICIAL, chosen, 1)
        assert {one.child_id for one in files} == set(range(41, 81, 2))
        alone = read_completeness(conn, [41, 43], TODAY)
    by_child = {one.child_id: one.completeness for one in files}
    assert alone == {41: by_child[41], 43: by_child[43]}
    assert FilePart.TERM_VISIT not in by_child[41].missing
    assert FilePart.TERM_VISIT in by_child[43].missing
    assert {FilePart.PERSUASION, FilePart.RETURN_NOTICE} <= set(by_child[41].missing)
    assert FilePart.PERSUASION not in by_child[51].needed
    assert [len(one.completeness.missing) for one in files] == sorted(
        (len(one.completeness.missing) for one in files), reverse=True
    )
