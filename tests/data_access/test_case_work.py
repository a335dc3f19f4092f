"""Entries on a case: written once, by those who may, never over one another's, on record; on both engines."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update

from data_access import audit
from data_access.attempts import read_attempts
from data_access.case_work import read_case
from data_access.child_file import view_child
from data_access.open_case import open_case
from data_access.reassign import reassign
from data_access.record_after import name_helper, record_follow_up
from data_access.record_event import decide_proposal, propose_closing, propose_return, record_event
from data_access.record_persuasion import correct_persuasion, record_persuasion
from data_access.record_visit import correct_visit, record_visit
from data_access.schema import (
    assignment,
    audit_event,
    case_event,
    case_file,
    case_interval,
    child_place,
    follow_up,
    home_visit,
    pairing,
    person,
    persuasion,
    visit_person,
)
from data_access.scoped import on
from data_access.visits import read_visits
from data_access.writing import insert_row, write
from domain.case_entries import Assessment, Dimension, FollowUpEntry, PersuasionEntry, PersuasionKind, VisitEntry, Visitor
from domain.case_events import CaseEvent
from domain.case_filter import CaseFilter, resolve
from domain.cases import CaseStatus, Outcome
from domain.errors import ProblemError, ScopeError
from domain.movements import Paper
from domain.scope import Role, Scope
from domain.visits import DutyLine, DutyRole, VisitMode
from tests.pages.tiny_county import COUNTY, TODAY, write_tiny_county

SCHOOL = Scope("teacher", Role.SCHOOL, (), ("3135000002",))
TOWN = Scope("town", Role.TOWNSHIP, ("350430100",))
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
TEACHER = Visitor(DutyRole.CLASS_TEACHER, "干部1", 1)
LONG, NEW = 1, 5  # a dropout case since 12 October, and one opened today
VISIT = VisitEntry(TODAY, VisitMode.DOORSTEP, (TEACHER, Visitor(DutyRole.TOWNSHIP_OFFICIAL, "乙")), "谈话", "承诺返校")


@pytest.fixture
def county(engine: Engine, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
    write_tiny_county(engine)
    if engine.dialect.name == "postgresql":
        with engine.begin() as conn:
            for table in (case_file, person):  # the county's rows bring their own numbers
                name = table.name
                conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
    return engine


def count(engine: Engine, table: Any, **where: Any) -> int:
    with engine.connect() as conn:
        query = select(func.count()).select_from(table).where(*(table.c[name] == value for name, value in where.items()))
        return conn.execute(query).scalar_one()


def acts(engine: Engine) -> list[str]:
    with audit.open_audit(engine).connect() as conn:
        return list(conn.execute(select(audit_event.c.act).order_by(audit_event.c.id)).scalars())


def mark(engine: Engine, case_id: int = LONG) -> str:
    return read_case(engine, OFFICIAL, case_id).mark


def refused(key: str, act: Callable[[], object]) -> None:
    with pytest.raises(ProblemError) as found:
        act()
    assert found.value.key == key
    assert found.value.say("zh") != key != found.value.say("en")


def test_a_visit_is_written_with_who_came_moves_the_next_step_and_is_on_record(county: Engine) -> None:
    before = read_case(county, SCHOOL, NEW)
    both = (TEACHER, Visitor(DutyRole.CONTROL_GROUP_MEMBER, "丙"))
    saved = record_visit(county, SCHOOL, NEW, replace(VISIT, visitors=both), "t")
    assert (before.next_step, before.due_on) == ("first_visit", TODAY)
    assert saved.case.next_step == "joint_visit"
    assert saved.case.due_on is not None
    assert saved.case.due_on > TODAY
    assert saved.case.mark != before.mark
    assert count(county, visit_person, visit_id=saved.record_id) == 1
    assert acts(county) == ["visit.record"]
    assert audit.verify_chain(county) == 1


@pytest.mark.parametrize("same_token", [True, False])
def test_the_same_visit_sent_by_eight_at_once_is_one_row(county: Engine, same_token: bool) -> None:
    def send(number: int) -> str:
        try:
            saved = record_visit(county, SCHOOL, LONG, VISIT, "one" if same_token else f"token{number}")
        except ProblemError as problem:
            return problem.key
        return "repeated" if saved.repeated else "written"

    with ThreadPoolExecutor(8) as pool:
        said = Counter(pool.map(send, range(8)))
    assert said == {"written": 1, ("repeated" if same_token else "record.visit_there"): 7}
    assert count(county, home_visit, case_id=LONG) == 1
    assert acts(county) == ["visit.record"]


def test_different_entries_at_once_are_all_kept(county: Engine) -> None:
    def send(number: int) -> bool:
        came = (Visitor(DutyRole.CLASS_TEACHER, f"甲{number}"),)
        entry = replace(VISIT, visited_on=TODAY - timedelta(days=number), visitors=came)
        return record_visit(county, SCHOOL, LONG, entry, f"token{number}").repeated

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(send, range(12)))
    assert count(county, home_visit, case_id=LONG) == 12
    assert audit.verify_chain(county) == 12


def test_another_visit_of_the_day_is_asked_about_first(county: Engine) -> None:
    record_visit(county, SCHOOL, LONG, VISIT, "a")
    other = replace(VISIT, visitors=(Visitor(DutyRole.HELPER_CADRE, "丁"),))
    refused("record.visit_same_day", lambda: record_visit(county, SCHOOL, LONG, other, "b"))
    record_visit(county, SCHOOL, LONG, other, "c", another=True)
    assert count(county, home_visit, case_id=LONG) == 2


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("record.in_future", replace(VISIT, visited_on=TODAY + timedelta(days=1))),
        ("record.too_early", replace(VISIT, visited_on=date(2026, 10, 11))),
        ("record.nobody_came", replace(VISIT, visitors=())),
        ("record.nobody_came", replace(VISIT, visitors=(Visitor(DutyRole.PRINCIPAL, " "),))),
        ("record.text_missing", replace(VISIT, content=" ")),
        ("record.bad_clock", replace(VISIT, visited_at="25:00")),
        ("record.too_long", replace(VISIT, family="长" * 2001)),
    ],
)
def test_a_visit_that_cannot_be_is_refused_and_nothing_is_written(county: Engine, key: str, entry: VisitEntry) -> None:
    refused(key, lambda: record_visit(county, SCHOOL, LONG, entry, "t"))
    assert count(county, home_visit) == 0
    assert acts(county) == []


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        (Scope("other", Role.SCHOOL, (), ("2135000001",)), ProblemError),
        (Scope("village", Role.VILLAGE, ("350430200201",)), ProblemError),
        (Scope("inspector", Role.INSPECTOR, (COUNTY,)), ScopeError),
        (Scope("screen", Role.SCREEN, (COUNTY,)), ScopeError),
        (Scope("prefecture", Role.PREFECTURE, ("3504",)), ScopeError),
    ],
)
def test_whoever_may_not_or_sits_elsewhere_writes_nothing(county: Engine, scope: Scope, error: type[ProblemError]) -> None:
    with pytest.raises(error):
        record_visit(county, scope, LONG, VISIT, "t")
    with pytest.raises(error):
        reassign(county, scope, {LONG: 1}, DutyLine.SCHOOL, 1, "r", "t")
    assert count(county, home_visit) == 0


def test_a_village_cadre_records_a_visit_in_the_own_village_and_closes_nothing(county: Engine) -> None:
    with county.connect() as conn:
        here = (child_place.c.child_id == 43) & on(child_place, TODAY)
        home = conn.execute(select(child_place.c.home_code).where(here)).scalar_one()
    cadre = Scope("cadre", Role.VILLAGE, (home,))
    record_visit(county, cadre, 3, VISIT, "t")
    with pytest.raises(ScopeError):
        propose_return(county, cadre, 3, TODAY, "签到", mark(county, 3), "u")


def test_without_its_audit_nothing_is_written(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_named: object) -> str:
        raise RuntimeError("disk full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        record_visit(county, SCHOOL, LONG, VISIT, "t")
    assert count(county, home_visit) == 0


def test_a_correction_stands_in_for_the_wrong_visit_which_stays(county: Engine) -> None:
    wrong = record_visit(county, SCHOOL, LONG, VISIT, "a").record_id
    right = replace(VISIT, result="拒绝")
    refused("record.text_missing", lambda: correct_visit(county, SCHOOL, LONG, wrong, right, " ", "b"))
    saved = correct_visit(county, SCHOOL, LONG, wrong, right, "写错了结果", "c")
    refused("record.corrected_before", lambda: correct_visit(county, SCHOOL, LONG, wrong, right, "又错", "d"))
    refused("record.no_visit", lambda: correct_visit(county, SCHOOL, NEW, wrong, right, "错案", "e"))
    assert count(county, home_visit, case_id=LONG) == 2
    with county.connect() as conn:
        rows = read_visits(conn, OFFICIAL, resolve(CaseFilter(), TODAY, {}), case_id=LONG)
    assert [(row.visit_id, row.result) for row in rows] == [(saved.record_id, "拒绝")]


def test_a_correction_does_not_make_two_of_one_visit(county: Engine) -> None:
    wrong = record_visit(county, SCHOOL, LONG, VISIT, "a").record_id
    other = replace(VISIT, visitors=(Visitor(DutyRole.COMPANION, "试访丁"),))
    record_visit(county, SCHOOL, LONG, other, "b", another=True)
    refused("record.visit_there", lambda: correct_visit(county, SCHOOL, LONG, wrong, other, "写错了人", "c"))
    correct_visit(county, SCHOOL, LONG, wrong, replace(VISIT, content="写清了"), "不够清楚", "d")
    assert count(county, home_visit, case_id=LONG) == 3


def test_the_first_persuasion_turns_a_dropout_and_attempts_are_numbered(county: Engine) -> None:
    first = PersuasionEntry(TODAY, PersuasionKind.HOME, "班主任甲、村干部乙", "班主任", "动员", "拒绝")
    saved = record_persuasion(county, SCHOOL, LONG, first, "a")
    assert saved.case.status is CaseStatus.PERSUASION
    refused("record.persuasion_there", lambda: record_persuasion(county, SCHOOL, LONG, first, "b"))
    record_persuasion(county, SCHOOL, LONG, replace(first, people="乡镇干部丙", kind=PersuasionKind.JOINT), "c")
    with county.connect() as conn:
        assert list(conn.execute(select(persuasion.c.nth).order_by(persuasion.c.id)).scalars()) == [1, 2]


def events_of(engine: Engine, kind: str) -> list[tuple[date, int | None]]:
    with engine.connect() as conn:
        mine = select(case_event.c.on_date, case_event.c.corrects).where(case_event.c.kind == kind)
        return [(row.on_date, row.corrects) for row in conn.execute(mine.order_by(case_event.c.id))]


def test_a_correction_stands_in_for_the_wrong_attempt_which_stays(county: Engine) -> None:
    first = PersuasionEntry(TODAY, PersuasionKind.HOME, "班主任甲", "班主任", "动员", "拒绝", place="乙村村部")
    wrong = record_persuasion(county, SCHOOL, LONG, first, "a").record_id
    earlier = TODAY - timedelta(days=2)
    right = replace(first, on=earlier, result="承诺返校")
    refused("record.text_missing", lambda: correct_persuasion(county, SCHOOL, LONG, wrong, right, " ", "b"))
    saved = correct_persuasion(county, SCHOOL, LONG, wrong, right, "日期写错", "c")
    assert correct_persuasion(county, SCHOOL, LONG, wrong, right, "日期写错", "c").repeated
    refused("record.corrected_before", lambda: correct_persuasion(county, SCHOOL, LONG, wrong, right, "又错", "d"))
    refused("record.no_attempt", lambda: correct_persuasion(county, SCHOOL, NEW, wrong, first, "错案", "e"))
    refused("record.persuasion_there", lambda: record_persuasion(county, SCHOOL, LONG, right, "f"))
    assert count(county, persuasion, case_id=LONG, nth=1) == 2
    with county.connect() as conn:
        rows = read_attempts(conn, OFFICIAL, LONG)
    assert [(row.attempt_id, row.nth, row.on) for row in rows] == [(saved.record_id, 1, earlier)]
    assert saved.case.status is CaseStatus.PERSUASION
    (_, none), (day, turned) = events_of(county, "persuasion")  # the day on which the case turned follows
    assert (none, day, turned is None) == (None, earlier, False)
    again = record_persuasion(county, SCHOOL, LONG, first, "g")  # nothing stands on the wrong day any more
    assert acts(county) == ["persuasion.record", "persuasion.correct", "persuasion.record"]
    with county.connect() as conn:
        assert conn.execute(select(persuasion.c.nth).where(persuasion.c.id == again.record_id)).scalar_one() == 2


def test_a_correction_of_another_than_the_first_attempt_turns_nothing(county: Engine) -> None:
    first = PersuasionEntry(TODAY - timedelta(days=3), PersuasionKind.HOME, "班主任甲", "班主任", "动员", "拒绝")
    record_persuasion(county, SCHOOL, LONG, first, "a")
    wrong = record_persuasion(county, SCHOOL, LONG, replace(first, on=TODAY), "b").record_id
    refused("record.persuasion_there", lambda: correct_persuasion(county, SCHOOL, LONG, wrong, first, "重复", "c"))
    correct_persuasion(county, SCHOOL, LONG, wrong, replace(first, on=TODAY - timedelta(days=5)), "日期写错", "d")
    assert len(events_of(county, "persuasion")) == 1


def test_a_return_counts_once_a_second_person_of_another_unit_agrees(county: Engine) -> None:
    refused("record.text_missing", lambda: propose_return(county, SCHOOL, LONG, TODAY, "", mark(county), "a"))
    seen = mark(county)
    proposed = propose_return(county, SCHOOL, LONG, TODAY, "到校签到表", seen, "b")
    assert proposed.case.status is CaseStatus.DROPOUT
    refused("record.changed", lambda: propose_return(county, SCHOOL, LONG, TODAY, "再报", seen, "c"))
    refused("record.proposal_there", lambda: propose_return(county, SCHOOL, LONG, TODAY, "再报", mark(county), "d"))
    refused("case.second_person_missing", lambda: decide_proposal(county, SCHOOL, LONG, True, "", mark(county), "e"))
    colleague = replace(SCHOOL, user="another teacher")
    refused("case.second_person_missing", lambda: decide_proposal(county, colleague, LONG, True, "", mark(county), "f"))
    back = decide_proposal(county, TOWN, LONG, True, "", mark(county), "g")
    assert (back.case.status, back.case.next_step) == (CaseStatus.RETURNED, "follow_up")
    assert back.case.due_on == TODAY + timedelta(days=30)
    with county.connect() as conn:
        event = conn.execute(select(case_event).where(case_event.c.kind == "returned")).one()
    assert (event.actor, event.confirmed_by, event.evidence) == ("teacher", "town", "到校签到表")
    refused("record.no_proposal", lambda: decide_proposal(county, TOWN, LONG, True, "", mark(county), "h"))


def test_a_proposal_sent_back_leaves_the_case_as_it_was_and_can_be_made_again(county: Engine) -> None:
    propose_return(county, SCHOOL, LONG, TODAY, "签到表", mark(county), "a")
    refused("record.text_missing", lambda: decide_proposal(county, TOWN, LONG, False, "", mark(county), "b"))
    saved = decide_proposal(county, TOWN, LONG, False, "签到表无签字", mark(county), "c")
    assert saved.case.status is CaseStatus.DROPOUT
    propose_return(county, SCHOOL, LONG, TODAY, "补签", mark(county), "d")


def test_a_closing_needs_its_papers_and_a_second_person(county: Engine) -> None:
    def propose(papers: list[Paper], token: str) -> object:
        return propose_closing(county, SCHOOL, NEW, TODAY, Outcome.EXPLAINED, papers, "", mark(county, NEW), token)

    refused("case.evidence_missing", lambda: propose([], "a"))
    refused(
        "case.outcome_does_not_fit",
        lambda: propose_closing(county, SCHOOL, NEW, TODAY, Outcome.FOLLOW_UP_PASSED, [], "", mark(county, NEW), "b"),
    )
    propose([Paper.LEAVE_RECORD], "c")
    closed = decide_proposal(county, OFFICIAL, NEW, True, "", mark(county, NEW), "d")
    assert (closed.case.status, closed.case.next_step) == (CaseStatus.CLOSED, None)
    refused("record.closed", lambda: record_visit(county, SCHOOL, NEW, VISIT, "e"))
    assert acts(county) == ["closing.propose", "proposal.decide"]


def test_two_who_decide_at_once_close_it_once(county: Engine) -> None:
    propose_closing(county, SCHOOL, NEW, TODAY, Outcome.EXPLAINED, [Paper.LEAVE_RECORD], "", mark(county, NEW), "a")
    seen = mark(county, NEW)

    def decide(scope: Scope) -> str:
        try:
            decide_proposal(county, scope, NEW, True, "", seen, scope.user)
        except ProblemError as problem:
            return problem.key
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (TOWN, OFFICIAL))) == ["closed", "record.changed"]
    assert count(county, case_event, case_id=NEW, kind="closed") == 1


def test_notifications_carry_their_day_and_both_reports_settle_an_unreachable_case(county: Engine) -> None:
    found = record_event(county, SCHOOL, LONG, CaseEvent.UNREACHABLE, TODAY, "三次上门无人", "a")
    assert found.case.next_step == "report_unreachable"
    record_event(county, SCHOOL, LONG, CaseEvent.REPORTED_TOWNSHIP, TODAY, "", "b")
    refused("record.event_there", lambda: record_event(county, SCHOOL, LONG, CaseEvent.REPORTED_TOWNSHIP, TODAY, "", "c"))
    done = record_event(county, SCHOOL, LONG, CaseEvent.REPORTED_BUREAU, TODAY, "", "d")
    assert done.case.next_step != "report_unreachable"


def test_a_case_is_opened_once_from_an_absence(county: Engine) -> None:
    saved = open_case(county, SCHOOL, 60, date(2026, 11, 18), None, "", "a")
    assert (saved.case.rung, saved.case.status) == (3, CaseStatus.AT_RISK)
    assert open_case(county, SCHOOL, 60, date(2026, 11, 18), None, "", "a").repeated
    refused("record.case_open", lambda: open_case(county, SCHOOL, 60, TODAY, None, "", "b"))
    refused("record.no_school_day", lambda: open_case(county, SCHOOL, 61, date(2026, 11, 15), None, "", "c"))
    refused("record.no_child", lambda: open_case(county, SCHOOL, 1, TODAY, None, "", "d"))


def returned(county: Engine, day: date = TODAY - timedelta(days=2)) -> None:
    propose_return(county, SCHOOL, LONG, day, "签到表", mark(county), "r1")
    decide_proposal(county, TOWN, LONG, True, "", mark(county), "r2")


def test_a_relapse_closes_the_returned_case_and_opens_a_linked_one_with_the_faster_ladder(county: Engine) -> None:
    with county.begin() as conn:
        conn.execute(update(case_file).where(case_file.c.id == LONG).values(case_no="KC202610-00001"))
    returned(county)
    refused("record.before_return", lambda: open_case(county, SCHOOL, 41, TODAY - timedelta(days=3), None, "", "a"))
    again = open_case(county, SCHOOL, 41, TODAY, None, "", "b")
    assert (again.case.rung, again.case.relapse_count, again.case.next_step) == (3, 1, "principal_visit")
    with county.connect() as conn:
        files = {row.id: row for row in conn.execute(select(case_file).where(case_file.c.child_id == 41))}
    assert (files[LONG].closed_on, files[LONG].outcome) == (TODAY, "relapsed")
    assert files[again.record_id].relapse_of == LONG
    told = [dict(entry.facts) for entry in view_child(county, SCHOOL, 41, TODAY).entries]  # type: ignore[union-attr]
    assert [facts["continues"] for facts in told if "continues" in facts] == ["KC202610-00001"]
    assert [facts["outcome"] for facts in told if "people" in facts and "outcome" in facts] == ["outcome.relapsed"]


def test_follow_ups_assess_three_dimensions_and_set_the_next_day(county: Engine) -> None:
    whole = dict.fromkeys(Dimension, (Assessment.GOOD, ""))
    entry = FollowUpEntry(TODAY, "干部1", whole)
    refused("record.not_returned", lambda: record_follow_up(county, SCHOOL, LONG, entry, "a"))
    returned(county)
    refused("record.dimension_missing", lambda: record_follow_up(county, SCHOOL, LONG, replace(entry, found={}), "b"))
    saved = record_follow_up(county, SCHOOL, LONG, entry, "c")
    assert saved.case.due_on == TODAY + timedelta(days=30)
    assert record_follow_up(county, SCHOOL, LONG, entry, "c").repeated
    refused("record.follow_up_there", lambda: record_follow_up(county, SCHOOL, LONG, entry, "d"))
    assert count(county, follow_up, case_id=LONG) == 3
    name_helper(county, SCHOOL, LONG, 1, "每周谈心", "e")
    name_helper(county, SCHOOL, LONG, 1, "每日作业", "f")
    assert count(county, pairing, child_id=41) == 2
    assert count(county, pairing, child_id=41, valid_to=date(9999, 12, 31)) == 1


def test_cases_are_handed_over_together_with_a_reason_or_not_at_all(county: Engine) -> None:
    with write(county, COUNTY) as conn:
        told = {"county_code": COUNTY, "school_code": "3135000002", "valid_from": date(2024, 9, 1)}
        new = insert_row(conn, person, name="新班主任", role="class_teacher", **told)
    with county.connect() as conn:
        now = {row.case_id: row.school_owner_id for row in conn.execute(select(case_interval).where(on(case_interval, TODAY)))}
    seen = {number: now[number] for number in (1, 2, 5, 6)}
    refused("record.text_missing", lambda: reassign(county, OFFICIAL, seen, DutyLine.SCHOOL, new, "", "a"))
    refused("record.no_person", lambda: reassign(county, OFFICIAL, seen, DutyLine.GOVERNMENT, new, "调岗", "b"))
    refused("record.owner_changed", lambda: reassign(county, OFFICIAL, {**seen, 5: 2}, DutyLine.SCHOOL, new, "调岗", "c"))
    refused("record.no_case", lambda: reassign(county, OFFICIAL, {**seen, 99: None}, DutyLine.SCHOOL, new, "调岗", "d"))
    assert count(county, assignment) == 0
    assert reassign(county, OFFICIAL, seen, DutyLine.SCHOOL, new, "调岗", "e").cases == 4
    assert reassign(county, OFFICIAL, seen, DutyLine.SCHOOL, new, "调岗", "e").repeated
    assert read_case(county, OFFICIAL, 5).school.name == "新班主任"
    with audit.open_audit(county).connect() as conn:
        row = conn.execute(select(audit_event)).one()
    assert (row.act, row.reason, row.row_ids) == ("case.assign", "调岗", "1,2,5,6")
