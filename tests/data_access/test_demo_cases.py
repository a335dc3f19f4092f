"""How the demo's cases run: every step legal, every closing proven, every status and rung reached, whatever the seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from data_access.demo_base import draw_up
from data_access.demo_case_life import CaseLife
from data_access.demo_plan import COUNTY, DEMO_DATE
from data_access.demo_world import World
from data_access.schema import case_event, case_file, home_visit, movement_event, notice, paper, persuasion, visit_person
from data_access.secrets import Cipher
from domain.case_transitions import Closing, Signatory, check_transition
from domain.cases import Branch, CaseHistory, CaseInterval, CaseStatus, CaseStep, Outcome, case_intervals
from domain.movements import Movement, Paper, deciding_paper_missing
from domain.visits import SEED_LADDER, VisitMode

AHEAD = date(2027, 12, 31)
PLAIN = Cipher(bytes(32), {1: bytes(32)})
Drawn = tuple[World, dict[int, CaseLife]]


@pytest.fixture(scope="module", params=[1, 2, 3])
def drawn(request: pytest.FixtureRequest) -> Drawn:
    """A county drawn up from three seeds, nothing written."""
    world = World(COUNTY, request.param, DEMO_DATE, PLAIN)
    return world, draw_up(world).disorder.cases


def contradicting(world: World) -> set[int]:
    """The cases that break a rule on purpose."""
    return {number for found in world.contradictions if found.table == "case_file" for number in found.ids}


def history(life: CaseLife) -> CaseHistory:
    steps = [*life.steps, *([CaseStep(life.closed, CaseStatus.CLOSED)] if life.closed else [])]
    return CaseHistory(
        opened_on=life.opened,
        first_absent_on=life.first_absent,
        events=tuple(steps),
        doorstep_visits=tuple(on for on, _ in life.visits),
        follow_ups=tuple(life.follow_ups),
        relapse_count=life.relapse_count,
        branch=life.branch,
        missing_paper=life.missing_paper,
    )


def intervals(world: World, life: CaseLife) -> tuple[CaseInterval, ...]:
    return case_intervals(history(life), world.calendar, SEED_LADDER, AHEAD)


def today(world: World, life: CaseLife) -> CaseInterval:
    return next(one for one in intervals(world, life) if one.valid_from <= DEMO_DATE < one.valid_to)


def open_cases(drawn: Drawn) -> Iterator[tuple[int, CaseLife]]:
    return ((number, life) for number, life in drawn[1].items() if life.closed is None)


def test_every_step_follows_the_one_before(drawn: Drawn) -> None:
    world, cases = drawn
    for life in cases.values():
        before: CaseStatus | None = None
        for step in life.steps:
            check_transition(before, step.status)
            before = step.status
        days = [step.on for step in life.steps]
        assert days == sorted(days)
        assert life.opened == days[0]
        assert days[-1] <= (life.closed or DEMO_DATE)
        assert life.first_absent is None or life.first_absent <= life.opened
        assert all(life.opened <= on <= (life.closed or world.as_of) for on, _ in life.visits)


def test_every_closing_has_what_the_rules_ask_for(drawn: Drawn) -> None:
    world, cases = drawn
    held: dict[int, set[str]] = {}
    for row in world.book.rows(paper):
        held.setdefault(row.get("case_id") or 0, set()).add(row["kind"])
    signed = {row["case_id"]: row for row in world.book.rows(case_event) if row["kind"] == CaseStatus.CLOSED.value}
    for number, life in cases.items():
        if life.closed is None or number in contradicting(world):
            continue
        row = signed[number]
        second = Signatory(row["confirmed_by"], "county", "350430") if row["confirmed_by"] else None
        first = Signatory(row["actor"], "school", "3135900002")
        returned = life.first_day(CaseStatus.RETURNED)
        assert life.outcome is not None
        closing = Closing(life.outcome, life.closed, frozenset(held.get(number, set())), first, second, returned)
        check_transition(life.steps[-1].status, CaseStatus.CLOSED, closing)


def test_all_rungs_and_statuses_are_reached_today(drawn: Drawn) -> None:
    now = [today(drawn[0], life) for _, life in open_cases(drawn)]
    assert {one.rung.number if hasattr(one.rung, "number") else one.rung for one in now} == {None, 1, 2, 3, 4, 5, 6, 7}
    assert {one.status for one in now} == set(CaseStatus) - {CaseStatus.CLOSED}
    assert {life.branch for _, life in open_cases(drawn)} == {None, *Branch}
    overdue = sum(one.due_on < DEMO_DATE for one in now)
    assert 0.15 * len(now) < overdue < 0.6 * len(now)


def test_a_child_has_one_open_case_and_its_cases_do_not_overlap(drawn: Drawn) -> None:
    assert max(Counter(life.child for _, life in open_cases(drawn)).values()) == 1
    by_child: dict[int, list[CaseLife]] = {}
    for life in drawn[1].values():
        by_child.setdefault(life.child, []).append(life)
    for lives in by_child.values():
        for before, after in pairwise(lives):
            assert before.closed == after.opened
            assert (before.outcome, after.relapse_count) == (Outcome.RELAPSED, before.relapse_count + 1)


def test_missing_papers_are_those_that_decide(drawn: Drawn) -> None:
    world, cases = drawn
    moves = {row["id"]: row for row in world.book.rows(movement_event)}
    held: dict[int, list[str]] = {}
    for row in world.book.rows(paper):
        held.setdefault(row.get("movement_id") or 0, []).append(row["kind"])
    owed = [life for life in cases.values() if life.missing_paper]
    assert {Movement(moves[life.movement or 0]["kind"]) for life in owed} == {
        Movement.TRANSFER_OUT,
        Movement.HOSTED,
        Movement.SUSPENSION,
    }
    for life in owed:
        kind = Movement(moves[life.movement or 0]["kind"])
        assert deciding_paper_missing(kind, held.get(life.movement or 0, [])) == life.missing_paper
    assert {life.missing_paper for life in owed} >= {Paper.TRANSFER_CERTIFICATE, Paper.SUSPENSION_APPROVAL}


def test_visits_are_made_by_those_the_rung_needs(drawn: Drawn) -> None:
    world = drawn[0]
    roles: dict[int, set[str]] = {}
    for row in world.book.rows(visit_person):
        roles.setdefault(row["visit_id"], set()).add(row["role"])
    rungs = {rung.number: {role.value for role in rung.must_visit} for rung in SEED_LADDER.rungs}
    answered = [row for row in world.book.rows(home_visit) if row.get("rung")]
    complete = [row for row in answered if roles.get(row["id"]) == rungs[row["rung"]]]
    assert all(roles.get(row["id"], set()) <= rungs[row["rung"]] for row in answered)
    assert len(complete) > 0.8 * len(answered)  # the others lack a class teacher or a village cadre: nobody holds the duty
    assert {row["mode"] for row in answered} == {VisitMode.DOORSTEP.value}
    assert {row["rung"] for row in answered} == set(rungs)


def test_notices_are_one_a_month_and_persuasions_count_up(drawn: Drawn) -> None:
    world = drawn[0]
    months = Counter((row["case_id"], row["month"]) for row in world.book.rows(notice))
    assert set(months.values()) == {1}
    by_case: dict[int, list[int]] = {}
    for row in world.book.rows(persuasion):
        by_case.setdefault(row["case_id"], []).append(row["nth"])
    assert all(turns == list(range(1, len(turns) + 1)) for turns in by_case.values())


def test_cases_are_filed_where_the_child_was_then(drawn: Drawn) -> None:
    stages = Counter(row["stage"] for row in drawn[0].book.rows(case_file))
    assert set(stages) == {"primary", "junior"}
    assert stages["junior"] > 4 * stages["primary"]
