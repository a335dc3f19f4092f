"""What the summaries say of each school, year and formula is what the pure functions say of the dated rows, child by child."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from data_access.cohorts import entry_year, read_nine_years, read_transition, read_year_groups
from data_access.derive_losses import LOST
from data_access.headcounts import read_headcounts
from data_access.schema import child_place, enrolment_spell, exam_sitting, group_spell, loss_spell, movement_event, paper
from data_access.schools import read_schools
from domain.case_filter import CaseFilter, resolve
from domain.grades import Stage
from domain.movements import Movement, loss_component
from domain.rate_families import LossCounts, RateFamily, dropout_rate, gross_dropout_rate
from domain.retention import three_year_retention, transition
from domain.school_year import Period
from domain.scope import Role, Scope
from domain.targets import Verdict

OFFICIAL, TODAY = Scope("official", Role.COUNTY, ("350430",)), date(2026, 11, 20)
YEARS = (2024, 2025, 2026)


@pytest.fixture
def conn(demo_engine: Engine):  # type: ignore[no-untyped-def]
    with demo_engine.connect() as conn:
        yield conn


def of_year(year: int) -> CaseFilter:
    return resolve(CaseFilter(period=Period(year)), TODAY, {})


def recount(conn: Connection, year: int, day: date) -> dict[tuple[str, str], LossCounts]:
    """Every child once, straight from the rows: who was there on 1 September, and what became of whom by the day."""
    starts, found = date(year, 9, 1), defaultdict(Counter)
    losses = conn.execute(select(loss_spell)).all()
    gone = {row.child_id for row in losses if row.kind in LOST and row.valid_from < starts < row.valid_to}
    for row in conn.execute(select(child_place).where(child_place.c.school_code.is_not(None))):
        if row.valid_from <= starts < row.valid_to and row.child_id not in gone:
            found[row.school_code, row.stage]["start_count"] += 1
    for row in losses:
        if row.school_year == year and row.valid_from <= day:
            is_back = row.back_until is not None and row.valid_to <= day < row.back_until
            name = row.kind if day < row.valid_to else "returned" if is_back else None
            if name:
                found[row.school_code, row.stage][name] += 1
    return {key: LossCounts(**counts) for key, counts in found.items()}


@pytest.mark.parametrize("year", YEARS)
def test_every_school_year_and_formula(conn: Connection, year: int) -> None:
    chosen = of_year(year)
    counted = recount(conn, year, chosen.as_of or TODAY)
    rows = read_schools(conn, OFFICIAL, chosen)
    assert len(rows) == 44
    for row in rows:
        counts = counted.get((row.school_code, row.stage), LossCounts())
        assert row.rate == dropout_rate(counts, row.family)
        for family in RateFamily:
            assert dropout_rate(row.counts, family) == dropout_rate(counts, family)
            assert row._replace(family=family).gross_rate == gross_dropout_rate(counts, family)
    assert sum(row.gross_rate.numerator for row in rows) > 10


@pytest.mark.parametrize("year", YEARS)
def test_no_poor_child_that_is_lost_is_overlooked(conn: Connection, year: int) -> None:
    """R003: dropouts and graduates in no grade 7 alike, by what the child was on the day it was lost."""
    chosen, found = of_year(year), Counter[tuple[str, str]]()
    day = chosen.as_of or TODAY
    poor = defaultdict(list)
    for row in conn.execute(select(group_spell).where(group_spell.c.group_name == "poor")):
        poor[row.child_id].append(row)
    for loss in conn.execute(select(loss_spell).where(loss_spell.c.school_year == year)):
        was_poor = any(row.valid_from <= loss.valid_from < row.valid_to for row in poor[loss.child_id])
        if was_poor and loss.kind in {*LOST, "transition_loss"} and loss.valid_from <= day < loss.valid_to:
            found[loss.school_code, loss.stage] += 1
    rows = read_schools(conn, OFFICIAL, chosen)
    assert {(row.school_code, row.stage): row.poor_lost for row in rows if row.poor_lost} == dict(found)
    assert all(row.verdict is Verdict.MISSED for row in rows if row.poor_lost)


def test_a_movement_counts_as_its_papers_say(conn: Connection) -> None:
    held: defaultdict[int, set[str]] = defaultdict(set)
    for row in conn.execute(select(paper).where(paper.c.movement_id.is_not(None))):
        if (row.dated_on or TODAY) <= TODAY < (row.valid_to or date.max):
            held[row.movement_id].add(row.kind)
    found = {row.movement_id: row.kind for row in conn.execute(select(loss_spell)) if row.valid_from <= TODAY < row.valid_to}
    seen = Counter[str]()
    for move in conn.execute(select(movement_event).where(movement_event.c.on_date <= TODAY)):
        if move.id in found and Movement(move.kind) is not Movement.SUSPENSION:
            papers = held[move.id] | ({"transfer_certificate"} if move.matched_on else set())
            assert found[move.id] == loss_component(Movement(move.kind), papers), move.kind
            seen[move.kind] += 1
    assert set(seen) >= {"transfer_in", "transfer_out", "hosted", "expulsion", "abroad"}


@pytest.mark.parametrize("year", YEARS)
def test_three_year_retention_is_the_exam_list_over_grade_seven(conn: Connection, year: int) -> None:
    entered = entry_year(Stage.JUNIOR, year)
    sat = Counter(
        conn.execute(select(exam_sitting.c.school_code).where(exam_sitting.c.school_year == year, exam_sitting.c.sat)).scalars()
    )
    sevenths: Counter[str] = Counter()
    for row in conn.execute(select(enrolment_spell).where(enrolment_spell.c.entry_year == entered)):
        if row.stage == Stage.JUNIOR and row.valid_from <= date(entered, 9, 1) < row.valid_to:
            sevenths[row.school_code] += 1
    rows = [row for row in read_schools(conn, OFFICIAL, of_year(year)) if row.stage == Stage.JUNIOR]
    for row in rows:
        assert row.cohort is not None
        code = row.school_code
        assert row.cohort.three_year == (three_year_retention(sat[code], sevenths[code]) if sat else row.cohort.three_year)
        assert (row.cohort.three_year.fraction is None) == (not sat)
    assert bool(sat) == (year < 2026)


def test_the_transition_of_the_county_is_traced_child_by_child(conn: Connection) -> None:
    ended = date(2026, 9, 1)
    last, junior = set(), set()
    lost = {
        row.child_id for row in conn.execute(select(loss_spell)) if row.kind in LOST and row.valid_from < ended <= row.valid_to
    }
    for row in conn.execute(select(enrolment_spell)):
        if row.stage == Stage.PRIMARY and row.graduates_on == ended and row.valid_to >= ended and row.child_id not in lost:
            last.add(str(row.child_id))
        if row.stage == Stage.JUNIOR and row.valid_from <= ended:
            junior.add(str(row.child_id))
    explained = {str(row.child_id) for row in conn.execute(select(movement_event)) if row.on_date <= TODAY} - junior
    traced = transition(last, junior, explained)
    assert read_transition(conn, OFFICIAL, of_year(2026)) == traced.rate
    assert 0 < len(traced.missing) < 20
    assert read_transition(conn, OFFICIAL, resolve(CaseFilter(as_of=date(2026, 9, 14)), TODAY, {})).fraction is None


def test_nine_years_stand_over_the_first_grade_of_then(conn: Connection) -> None:
    rate, moves = read_nine_years(conn, OFFICIAL, of_year(2026))
    assert rate.denominator == moves.entrants > 1500
    ninth = [row.cohort for row in read_schools(conn, OFFICIAL, of_year(2026)) if row.stage == "junior"]
    assert rate.numerator == sum(cohort.kept for cohort in ninth if cohort)
    assert read_nine_years(conn, OFFICIAL, of_year(2025))[0].fraction is None


def test_losses_grade_by_grade_and_the_headcount_of_every_school(conn: Connection) -> None:
    off = 0
    for row in read_schools(conn, OFFICIAL, of_year(2026)):
        chosen = replace(of_year(2026), school=row.school_code)
        for group in read_year_groups(conn, OFFICIAL, chosen, Stage(row.stage)):
            assert group.kept[0] - sum(loss or 0 for loss in group.losses) == group.kept[-1] == group.counts.kept
        counts: list[Any] = read_headcounts(conn, OFFICIAL, chosen, Stage(row.stage))
        assert [one.before for one in counts[:-1]] == [one.now for one in counts[1:]]
        off += sum(not one.finding.holds for one in counts)
    assert off > 0
