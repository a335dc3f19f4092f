"""The base rows of the demo: drawn up from its dice, then written; what is derived from them is worked out elsewhere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Table

from data_access.bulk import Row
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
from data_access.demo_reports import Reports, draw_absences, record_absences
from data_access.demo_rows import CHILD, ENROLMENT, RESIDENCE, child_rows, enrolment_rows, first_days
from data_access.demo_rules import record_rules
from data_access.demo_schools import DemoSchool, place_schools, record_schools, village_weights
from data_access.demo_steps import Steps
from data_access.demo_unit_work import UnitWork
from data_access.demo_visits import Visits, record_term_visits
from data_access.demo_world import World
from data_access.schema import (
    child,
    enrolment_spell,
    exam_sitting,
    group_spell,
    guardian,
    metadata,
    pairing,
    person,
    residence_spell,
    responsibility,
    school,
    school_class,
    school_stage,
)
from domain.groups import Group

BEFORE_CHILDREN = (school, school_stage, school_class, person, responsibility)
GROUP = ("child_id", "group_name", "detail", "cause", "checked_on", "valid_from", "valid_to")
LOST_CASES = 40  # of so many children with a case one lives nobody knows where


@dataclass(frozen=True)
class Drawn:
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


def draw_up(world: World) -> Drawn:
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
    return Drawn(world, schools, children, numbers, groups, spells, homes, guardians, care, pairs, disorder)


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


def write_base(conn: Connection, drawn: Drawn, steps: Steps, mine: Collection[int] | None = None) -> None:
    """Write the rows that are not derived, into tables without indexes.

    `mine`: of the children's own rows only those of these numbers, all on registers and lists of exams, as schools count them
    together, and none that nothing is derived from; what is left out is numbered as if it were there.
    """
    world, children, book = drawn.world, drawn.children, drawn.world.book
    unassessed = np.isin(np.arange(len(children)), list(drawn.care.unassessed))
    book.write(conn, BEFORE_CHILDREN, mine)
    total = len(children)

    def stream(table: Table, columns: tuple[str, ...], rows: Iterable[Row], expected: int = total) -> None:
        if mine is None or table is not guardian:
            book.stream(conn, table, columns, steps.counting(rows, expected), mine)

    steps.begin("demo.children")
    stream(child, CHILD, child_rows(world, children, drawn.numbers, drawn.care.health))
    steps.begin("demo.families")
    stream(guardian, GUARDIAN, drawn.guardians.carers())
    stream(guardian, GUARDIAN, drawn.guardians.away(), len(drawn.groups.left_behind))
    steps.begin("demo.homes")
    stream(residence_spell, RESIDENCE, drawn.homes.rows())
    steps.begin("demo.enrolment")
    stream(enrolment_spell, ENROLMENT, enrolment_rows(world, children, drawn.schools, drawn.care.modes, unassessed))
    stream(exam_sitting, EXAM, exam_sittings(world, children, drawn.schools), 2 * world.plan.graduates)
    steps.begin("demo.groups")
    flags = ((spell.child + 1, spell.group.value, *spell[2:]) for spell in drawn.spells)
    stream(group_spell, GROUP, flags, len(drawn.spells))
    stream(pairing, PAIRING, pair_rows(world, drawn.pairs, drawn.spells), len(drawn.pairs))
    steps.begin("demo.cases")
    book.write(conn, metadata.sorted_tables, mine)
    correct_children(conn, drawn.disorder)
