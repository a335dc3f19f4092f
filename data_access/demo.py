"""The synthetic demo: a county to work with, or a prefecture to see that it holds up; the same seed gives the same rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection, Engine, Table, func, select

from data_access.areas import write_areas
from data_access.bulk import Row, update_statistics, without_indexes
from data_access.collector import uncollected
from data_access.demo_bad_reports import spoil_reports
from data_access.demo_care import PAIRING, Care, Pair, draw_pairs, pair_rows, record_care
from data_access.demo_case_life import CasePool
from data_access.demo_case_rows import CaseWriter
from data_access.demo_classes import class_sizes, record_baselines, record_classes
from data_access.demo_closed_cases import ClosedCases
from data_access.demo_contradictions import record_contradictions
from data_access.demo_disorder import Disorder, correct_children
from data_access.demo_duties import Duties
from data_access.demo_exams import EXAM, exam_sittings
from data_access.demo_families import GUARDIAN, Guardians, Homes
from data_access.demo_groups import Groups, GroupSpell, draw_groups, group_spells
from data_access.demo_moves import Moves, record_moves
from data_access.demo_numbers import Numbers, draw_numbers
from data_access.demo_open_cases import OpenCases
from data_access.demo_people import EPOCH, Children, draw_children
from data_access.demo_plan import DEMO_DATE, PLANS, DemoSize
from data_access.demo_reports import Reports, draw_absences, record_absences
from data_access.demo_rows import CHILD, ENROLMENT, RESIDENCE, child_rows, enrolment_rows, first_days
from data_access.demo_rules import record_rules
from data_access.demo_schools import DemoSchool, place_schools, record_schools, village_weights
from data_access.demo_true_reports import straighten_reports, write_exam_list
from data_access.demo_unit_work import UnitWork
from data_access.demo_visits import Visits, record_term_visits
from data_access.demo_world import Contradiction, World
from data_access.derive import rebuild_all
from data_access.engine import opened_to_fill
from data_access.schema import (
    area,
    case_event,
    child,
    enrolment_spell,
    exam_sitting,
    group_spell,
    guardian,
    home_visit,
    metadata,
    pairing,
    person,
    residence_spell,
    responsibility,
    school,
    school_class,
    school_stage,
    visit_person,
)
from data_access.secrets import Cipher
from data_access.writing import write, write_state
from domain.errors import ProblemError
from domain.groups import Group
from domain.terms import say

Progress = Callable[[str, float], None]
FIRST_DATE, LAST_DATE = date(2015, 10, 1), date(2090, 12, 31)
LARGE = (child, guardian, residence_spell, enrolment_spell, group_spell, pairing, case_event, home_visit, visit_person)
BEFORE_CHILDREN = (school, school_stage, school_class, person, responsibility)
GROUP = ("child_id", "group_name", "detail", "cause", "checked_on", "valid_from", "valid_to")
LOST_CASES = 40  # of so many children with a case one lives nobody knows where
REPORT_EVERY = 20_000  # rows between two words of progress
# When each step begins, as a share of the whole time.
STEPS = {
    "demo.areas": 0.0,
    "demo.plan": 0.01,
    "demo.children": 0.07,
    "demo.families": 0.12,
    "demo.homes": 0.155,
    "demo.enrolment": 0.175,
    "demo.groups": 0.2,
    "demo.cases": 0.21,
    "demo.indexes": 0.24,
    "demo.summaries": 0.27,
    "demo.shapes": 0.86,  # this and what follows is the command's
    "demo.checks": 0.89,
    "demo.done": 1.0,
}


@dataclass(frozen=True)
class DemoSummary:
    """What was written: rows by table, and the contradictions put in on purpose with the rows concerned."""

    size: DemoSize
    seed: int
    as_of: date
    rows: Mapping[str, int]
    contradictions: tuple[Contradiction, ...]


def write_demo(
    engine: Engine,
    cipher: Cipher,
    *,
    size: DemoSize | str = DemoSize.COUNTY,
    seed: int = 1,
    as_of: date = DEMO_DATE,
    progress: Progress = lambda _step, _share: None,
) -> DemoSummary:
    """Fill an empty, migrated database with the demo, all of it or nothing, derived tables included.

    Deterministic: the same size, seed and date give the same rows, except for `recorded_at` and the sealed values.
    `progress(step, share)` is called as the work goes on. Raises ProblemError demo.not_empty when the database holds areas
    or children, demo.bad_date for a day far from the present.
    """
    if not FIRST_DATE <= as_of <= LAST_DATE:
        raise ProblemError("demo.bad_date", day=as_of, first=FIRST_DATE, last=LAST_DATE)
    world = World(PLANS[DemoSize(size)], seed, as_of, cipher)
    with uncollected(), opened_to_fill(engine) as filling, write(filling, world.plan.root, role=None) as conn:
        _require_empty(conn)
        steps = Steps(progress)
        steps.begin("demo.areas")
        write_areas(conn, world.areas)
        write_state(conn, "demo", "1")
        write_state(conn, "business_date", as_of.isoformat())
        steps.begin("demo.plan")
        demo = _draw_up(world)
        with without_indexes(conn, LARGE):
            _write(conn, demo, steps)
            steps.begin("demo.indexes")
        update_statistics(conn)
        steps.begin("demo.summaries")
        rebuild_all(conn, lambda _step, share: steps.within(share))
        write_exam_list(conn, world)
        straighten_reports(conn, world)
        if as_of == DEMO_DATE:  # other days hold other reports than those it spoils
            spoil_reports(conn, world)
        update_statistics(conn)
    return DemoSummary(world.plan.size, seed, as_of, dict(world.book.written), tuple(world.contradictions))


def _require_empty(conn: Connection) -> None:
    for table in (area, child):
        if conn.execute(select(func.count()).select_from(table.select().limit(1).subquery())).scalar():
            raise ProblemError("demo.not_empty")


@dataclass(frozen=True)
class _Demo:
    """Everything drawn up and not written yet."""

    world: World
    schools: list[DemoSchool]
    children: Children
    numbers: Numbers
    groups: Groups
    spells: list[GroupSpell]
    homes: Homes
    guardians: Guardians
    care: Care
    pairs: list[Pair]
    disorder: Disorder


def _draw_up(world: World) -> _Demo:
    weights = village_weights(world)
    schools = place_schools(world, weights)
    record_schools(world, schools)
    record_rules(world, schools)
    children = draw_children(world, schools, weights)
    world.book.reserve(child, len(children))
    moves = Moves(world, children, schools)
    record_moves(moves)
    numbers = draw_numbers(world.rng("numbers"), children.birth - EPOCH, children.male)
    groups = draw_groups(world, children)
    care = record_care(world, children, schools, groups, numbers, moves)
    since = first_days(world, children)
    homes, guardians = Homes(world, children, groups, since), Guardians(world, children, groups, since)
    visits = _draw_duties(world, children, schools)
    cases = _record_cases(world, children, groups, moves, visits)
    homes.lose([life.child for life in cases.cases.values() if life.closed is None and not life.relapse_count][::LOST_CASES])
    absences = draw_absences(world, children, cases.cases)
    record_absences(world, absences)
    Reports(world, children, schools, cases.cases).record(absences)
    pairs = draw_pairs(world, children, schools, groups, visits.duties)
    care.believe(cases.cases.values())
    disorder = Disorder(world, children, numbers, moves, care, cases.cases, groups)
    record_contradictions(disorder)
    UnitWork(world, schools).record(schools, cases.cases)
    spells = list(group_spells(world, children, groups))
    return _Demo(world, schools, children, numbers, groups, spells, homes, guardians, care, pairs, disorder)


def _draw_duties(world: World, children: Children, schools: list[DemoSchool]) -> Visits:
    classes = record_classes(world, children, schools)
    sizes = class_sizes(world, children)
    record_baselines(world, classes, sizes)
    return Visits(world, children, schools, classes, Duties(world, schools, classes))


def _record_cases(world: World, children: Children, groups: Groups, moves: Moves, visits: Visits) -> CaseWriter:
    left_behind, poor = np.zeros(len(children), dtype=bool), np.zeros(len(children), dtype=bool)
    left_behind[groups.left_behind], poor[groups.members[Group.POOR]] = True, True
    pool, writer = CasePool(world, children, left_behind, poor), CaseWriter(world, moves, visits)
    for source in (OpenCases(world, pool, moves), ClosedCases(world, pool, moves)):
        for lives in source.draw():
            writer.record(lives)
    record_term_visits(visits)
    return writer


def _write(conn: Connection, demo: _Demo, steps: "Steps") -> None:
    world, children, book = demo.world, demo.children, demo.world.book
    unassessed = np.isin(np.arange(len(children)), list(demo.care.unassessed))
    book.write(conn, BEFORE_CHILDREN)
    total = len(children)

    def stream(table: Table, columns: tuple[str, ...], rows: Iterable[Row], expected: int = total) -> None:
        book.stream(conn, table, columns, steps.counting(rows, expected))

    steps.begin("demo.children")
    stream(child, CHILD, child_rows(world, children, demo.numbers, demo.care.health))
    steps.begin("demo.families")
    stream(guardian, GUARDIAN, demo.guardians.carers())
    stream(guardian, GUARDIAN, demo.guardians.away(), len(demo.groups.left_behind))
    steps.begin("demo.homes")
    stream(residence_spell, RESIDENCE, demo.homes.rows())
    steps.begin("demo.enrolment")
    stream(enrolment_spell, ENROLMENT, enrolment_rows(world, children, demo.schools, demo.care.modes, unassessed))
    stream(exam_sitting, EXAM, exam_sittings(world, children, demo.schools), 2 * world.plan.graduates)
    steps.begin("demo.groups")
    flags = ((spell.child + 1, spell.group.value, *spell[2:]) for spell in demo.spells)
    stream(group_spell, GROUP, flags, len(demo.spells))
    stream(pairing, PAIRING, pair_rows(world, demo.pairs, demo.spells), len(demo.pairs))
    steps.begin("demo.cases")
    book.write(conn, metadata.sorted_tables)
    correct_children(conn, demo.disorder)


class Steps:
    """Turns steps and counted rows into a share of the whole."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.keys = list(STEPS)
        self.at = 0

    def begin(self, key: str) -> None:
        """A step begins."""
        self.at = self.keys.index(key)
        self.within(0.0)

    def within(self, share: float) -> None:
        """How much of the step is done."""
        key = self.keys[self.at]
        begins, ends = STEPS[key], STEPS[self.keys[min(self.at + 1, len(self.keys) - 1)]]
        self.progress(f"{say(key, 'zh')} {say(key, 'en')}", begins + (ends - begins) * min(1.0, share))

    def counting(self, rows: Iterable[Row], expected: int) -> Iterator[Row]:
        """The same rows; progress is told now and then."""
        for number, row in enumerate(rows):
            if number % REPORT_EVERY == 0:
                self.within(number / max(1, expected))
            yield row
