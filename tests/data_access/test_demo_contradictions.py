"""The demo's contradictions (数据打架): each that is said to be there can be found in the rows."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, Table, select

from data_access.check_look import Look
from data_access.clashes import Clash, find_clashes
from data_access.demo import DemoSummary, write_demo
from data_access.demo_plan import DEMO_DATE
from data_access.demo_world import Contradiction
from data_access.engine import WALL, open_engine
from data_access.migrate import migrate
from data_access.schema import (
    case_event,
    case_file,
    child,
    class_baseline,
    enrolment_spell,
    metadata,
    movement_event,
    paper,
    school,
    unit_report,
)
from data_access.secrets import Cipher
from data_access.walls_postgres import settings_for
from domain.check_list import RULES
from domain.grades import usual_grade
from domain.identifiers import CitizenId, parse_disability_card, parse_id

SCHOOLS = {"files_over_children", "key_unit_without_report"}  # about a unit, not about one row


@dataclass
class Found:
    """The demo county and what it says of itself."""

    conn: Connection
    summary: DemoSummary
    cipher: Cipher

    def rows(self, rule: str) -> list[Row[Any]]:
        """The rows of every contradiction of this kind."""
        kept: list[Row[Any]] = []
        for told in self.told(rule):
            table = metadata.tables[told.table]
            kept += self.conn.execute(select(table).where(table.c.id.in_(told.ids)).order_by(table.c.id)).all()
        return kept

    def told(self, rule: str) -> list[Contradiction]:
        return [told for told in self.summary.contradictions if told.rule == rule]

    def one(self, rule: str) -> Row[Any]:
        (row,) = self.rows(rule)
        return row

    def citizen(self, row: Row[Any]) -> CitizenId:
        read = parse_id(self.cipher.unseal(row.id_no) or "")
        assert isinstance(read, CitizenId)
        return read

    def of(self, table: Table, **where: Any) -> list[Row[Any]]:
        return list(self.conn.execute(select(table).filter_by(**where)).all())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, cipher: Cipher) -> Iterator[Found]:
    folder: Path = tmp_path_factory.mktemp("demo")
    engine = open_engine(f"sqlite:///{folder}/kongchuo.db")
    migrate(engine)
    summary = write_demo(engine, cipher)
    with engine.connect() as conn:
        yield Found(conn, summary, cipher)
    engine.dispose()


def test_every_kind_is_there_and_names_rows_that_exist(found: Found) -> None:
    assert {told.rule for told in found.summary.contradictions} == set(RULES)
    for rule in set(RULES) - SCHOOLS:
        assert len(found.rows(rule)) == sum(len(told.ids) for told in found.told(rule)) > 0


def test_the_rules_find_every_one_and_nothing_else(found: Found, demo_engine: Engine, cipher: Cipher) -> None:
    """On both engines: precision and recall are 1 for every rule."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for told in found.summary.contradictions:
        said[told.rule] |= {f"{told.table}:{number}" for number in told.ids}
    tables = {told.rule: told.table for told in found.summary.contradictions}
    everything = {WALL: settings_for(None)}
    with demo_engine.connect().execution_options(**everything) as conn:
        for clash in find_clashes(Look(conn, cipher, DEMO_DATE)):
            seen[clash.rule].add(_key(clash, tables.get(clash.rule, "")))
    assert seen == said


def _key(clash: Clash, table: str) -> str:
    if table == child.name:
        return f"child:{clash.child_id}"
    return f"school:{clash.unit}" if table == school.name else clash.left.record


def test_numbers_against_people(found: Found) -> None:
    one, other = found.rows("same_id_twice")
    assert one.id_mac == other.id_mac is not None
    tail = found.one("registry_tail")
    assert (found.cipher.unseal(tail.registry_no) or "")[1:] != found.citizen(tail).text
    birth = found.one("birth_not_of_id")
    assert birth.birth_date != found.citizen(birth).birth
    sex = found.one("sex_not_of_id")
    assert sex.sex != found.citizen(sex).sex
    card = found.one("card_not_of_disability")
    read = parse_disability_card(found.cipher.unseal(card.card) or "")
    kinds = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
    assert kinds[list(type(read.kind)).index(read.kind)] != card.disability or read.level != card.disability_level  # type: ignore[union-attr]


def test_ages_against_grades_and_cases(found: Found) -> None:
    old = found.one("age_not_of_grade")
    spell = found.of(enrolment_spell, child_id=old.id, stage="primary")[0]
    assert usual_grade(old.birth_date, 2026) > 2026 - spell.entry_year + 3
    worker = found.one("labour_past_sixteen")
    assert worker.reason == "04"
    assert found.of(child, id=worker.child_id)[0].sixteen_on < DEMO_DATE


def test_registers_against_each_other(found: Found) -> None:
    twice = found.one("dropout_at_school_elsewhere")
    spells = [row for row in found.of(enrolment_spell, child_id=twice.child_id, stage="junior") if row.valid_to > DEMO_DATE]
    assert len({row.school_code for row in spells}) == 2
    for rule in ("inclusive_without_registry", "dropout_without_registry"):
        assert found.one(rule).registry_no is None is found.one(rule).registry_mac
    for graduate in found.rows("graduate_in_no_grade_seven"):
        assert {row.stage for row in found.of(enrolment_spell, child_id=graduate.id)} == {"primary"}


def test_cases_against_themselves(found: Found) -> None:
    ill = found.one("ill_but_healthy")
    assert (ill.reason, found.of(child, id=ill.child_id)[0].health) == ("07", "健康或良好")
    early = found.one("returned_before_lost")
    assert min(row.on_date for row in found.of(case_event, case_id=early.id, kind="returned")) < early.opened_on
    bare = found.one("closed_without_evidence")
    assert bare.closed_on
    assert found.of(paper, case_id=bare.id) == []
    assert [row.confirmed_by for row in found.of(case_event, case_id=bare.id, kind="closed")] == [None]


def test_movements_against_the_rules(found: Found) -> None:
    assert found.one("expelled").kind == "expulsion"
    for late in found.rows("suspension_past_end"):
        assert late.ends_on < DEMO_DATE
        assert list(found.of(movement_event, child_id=late.child_id, kind="resumption")) == []
    for rule, needed in (
        ("transfer_without_proof", {"transfer_certificate"}),
        ("hosted_without_papers", {"application", "village_certificate", "host_acceptance"}),
    ):
        for move in found.rows(rule):
            assert not needed <= {row.kind for row in found.of(paper, movement_id=move.id)}


def test_days_against_the_calendar(found: Found) -> None:
    assert found.one("visit_in_future").visited_on > DEMO_DATE
    late = found.one("visit_after_transfer")
    (gone,) = found.of(movement_event, child_id=late.child_id, kind="transfer_out")
    assert late.visited_on > gone.on_date
    early = found.one("signed_before_period")
    assert early.submitted_at.date() < early.period_from
    assert {row.state for row in found.rows("absent_while_taught_at_home")} == {"truant"}


def test_reports_against_their_rows(found: Found) -> None:
    assert found.one("letter_in_number").rate_as_written == "O.8%"
    bare = found.one("rate_without_base")
    assert (bare.rate_as_written, bare.expected, bare.dropped) == ("0.4%", None, None)
    odd = found.one("rate_not_recomputed")
    assert odd.dropped / odd.expected < 0.05
    poor = found.one("poor_more_than_all")
    assert poor.dropped_poor > poor.dropped
    first = found.one("identical_figures")
    copy, _ = sorted(found.of(unit_report, unit_code=first.unit_code, duty=first.duty), key=lambda row: row.period_from)
    assert (copy.unit_code, copy.expected, copy.truant, copy.sick) == (first.unit_code, first.expected, first.truant, first.sick)
    assert copy.period_to + timedelta(days=1) == first.period_from == date(2026, 10, 1)
    sums = found.one("absentees_not_listed")
    assert sums.expected - sums.present == sums.sick + sums.on_leave + sums.truant + 3
    baseline = found.one("classes_not_the_school")
    assert found.of(class_baseline, id=baseline.id)
    assert found.of(unit_report, id=sums.id)


def test_a_case_that_contradicts_is_used_once(found: Found) -> None:
    cases = [number for told in found.summary.contradictions if told.table == case_file.name for number in told.ids]
    assert len(cases) == len(set(cases))
