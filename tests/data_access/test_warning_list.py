"""The warning list and the matrix: counts, lists and the pure rules agree child by child; roles see what they may."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, select

from data_access.children import read_children
from data_access.measures import Measure
from data_access.returns import read_returns, read_visit_coverage
from data_access.schema import child, loss_spell
from data_access.schooling import AT_SCHOOL, count_matrix, groups_for, read_enrolment, read_in_cell, read_not_enrolled
from data_access.warning_list import _rules, count_signs, read_facts, read_warned
from domain.case_filter import CaseFilter, resolve
from domain.errors import ScopeError
from domain.grades import Stage, is_school_age, usual_grade
from domain.groups import RESTRICTED, Group, Pupil, Schooling, WarningSign, group_matrix, warnings
from domain.retention import return_rates
from domain.scope import Role, Scope

OFFICIAL, TODAY = Scope("official", Role.COUNTY, ("350430",)), date(2026, 11, 20)
NOW = resolve(CaseFilter(), TODAY, {})
TOWN = replace(NOW, area="350430100")


@pytest.fixture
def conn(demo_engine: Engine):  # type: ignore[no-untyped-def]
    with demo_engine.connect() as conn:
        yield conn


def test_every_sign_holds_for_whom_the_rule_says(conn: Connection) -> None:
    """The SQL of each sign and `warnings` over the facts of every pupil of a town give the same children."""
    rules = _rules(conn, OFFICIAL, TOWN)
    pupils = [row for row in read_children(conn, OFFICIAL, TOWN, Measure.CHILDREN, limit=None) if row.school_code]
    signs = {
        child_id: set(warnings(told, rules.limits))
        for child_id, told in read_facts(conn, [row.child_id for row in pupils], rules).items()
    }
    counts = count_signs(conn, OFFICIAL, TOWN)
    for sign in WarningSign:
        listed = read_warned(conn, OFFICIAL, TOWN, sign, limit=100_000)
        assert len(listed) == counts[sign]
        assert all(sign in one.signs for one in listed)
        of_age = {one.child.child_id for one in listed} & signs.keys()
        assert of_age == {child_id for child_id, told in signs.items() if sign in told}, sign
    assert counts[WarningSign.NOT_VISITED] > counts[WarningSign.DROPPED_OUT_BEFORE] > 0


def test_the_matrix_equals_the_lists_behind_its_cells(conn: Connection) -> None:
    counts = count_matrix(conn, OFFICIAL, TOWN)
    listed = {cell: read_in_cell(conn, OFFICIAL, TOWN, *cell, limit=100_000) for cell in counts}
    assert {cell: len(rows) for cell, rows in listed.items()} == counts
    members: dict[int, set[Group]] = {}
    where: dict[int, Schooling | None] = {}
    for (group, schooling), rows in listed.items():
        for row in rows:
            members.setdefault(row.child_id, set()).add(group)
            assert where.setdefault(row.child_id, schooling) == schooling
    pupils = [Pupil(str(child_id), frozenset(groups), where[child_id]) for child_id, groups in members.items()]
    assert {cell: len(told) for cell, told in group_matrix(pupils).items()} == counts


def test_restricted_groups_are_for_those_who_work_on_the_case(conn: Connection) -> None:
    inspector = Scope("i", Role.INSPECTOR, ("350430",))
    assert set(groups_for(OFFICIAL)) == set(Group)
    assert not RESTRICTED & set(groups_for(inspector))
    assert not {group for group, _ in count_matrix(conn, inspector, NOW)} & RESTRICTED
    assert read_in_cell(conn, inspector, NOW, Group.PARENT_IN_CUSTODY, Schooling.IN_SCHOOL) == []
    for read in (count_matrix, count_signs):
        with pytest.raises(ScopeError):
            read(conn, Scope("s", Role.SCREEN, ("350430",)), NOW)


def test_enrolment_and_the_children_short_of_it(conn: Connection) -> None:
    found = read_enrolment(conn, OFFICIAL, NOW)
    births = {row.id: row.birth_date for row in conn.execute(select(child))}
    everyone = read_children(conn, OFFICIAL, NOW, Measure.CHILDREN, limit=None)
    grades = [usual_grade(births[row.child_id], 2026) for row in everyone if is_school_age(births[row.child_id], 2026)]
    assert found[Stage.PRIMARY].of_age == sum(1 <= grade <= 6 for grade in grades)
    assert found[Stage.JUNIOR].of_age == sum(7 <= grade <= 9 for grade in grades)
    short = read_not_enrolled(conn, OFFICIAL, NOW, limit=100_000)
    assert len(short) == sum(one.of_age - one.of_age_in_school for one in found.values()) > 0
    assert all(one.net.within(one.net.fraction or 0) and one.of_age_in_school <= one.of_age for one in found.values())
    of_age, any_age = (sum(getattr(one, name) for one in found.values()) for name in ("of_age_in_school", "any_age_in_school"))
    assert any_age >= of_age  # each child of age at any school stands in one of the two stages, whoever is older comes on top
    assert Schooling.SUSPENDED not in AT_SCHOOL


def test_returns_are_counted_child_by_child(conn: Connection) -> None:
    found = read_returns(conn, OFFICIAL, NOW)
    losses = [row for row in conn.execute(select(loss_spell)) if row.school_year == 2026 and row.valid_from <= TODAY]
    due = {row.child_id for row in losses if row.kind in ("dropped_out", "other_loss", "suspended_unapproved")}
    back = {row.child_id for row in losses if row.back_until and row.valid_to <= TODAY}
    now = {row.child_id for row in losses if row.back_until and row.valid_to <= TODAY < row.back_until}
    assert found.rates == return_rates(len(due), len(back), len(now))
    assert now <= back <= due
    assert 0 < read_visit_coverage(conn, OFFICIAL, NOW).numerator < read_visit_coverage(conn, OFFICIAL, NOW).denominator
