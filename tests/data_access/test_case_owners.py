"""Every open case has one next step with an owner on each line, or stands in the red list with the reason, on any day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, update

from data_access.case_groups import CaseGrouping, count_cases_by
from data_access.cases import CaseRow, count_cases, read_cases
from data_access.derive import Touched
from data_access.schema import assignment, case_interval, person, responsibility
from data_access.scoped import open_on
from data_access.writing import write
from domain.assignment import NOBODY, OwnerState
from domain.case_filter import CaseFilter, resolve
from domain.scope import Role, Scope

OFFICIAL = Scope("official", Role.COUNTY, ("350430",))
TODAY = date(2026, 11, 20)
DAYS = (
    date(2025, 10, 5),  # a Sunday inside a holiday
    date(2026, 1, 31),  # the end of a term
    date(2026, 8, 31),  # the eve of a school year
    date(2026, 9, 1),
    date(2026, 11, 8),
    TODAY,
    TODAY + timedelta(days=45),
)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_one_next_step_and_an_owner_or_a_reason_on_each_line(demo_engine: Engine, day: date) -> None:
    with demo_engine.connect() as conn:
        rows = conn.execute(select(case_interval).where(open_on(day))).all()
        assert rows
        assert len({row.case_id for row in rows}) == len(rows)
        assert all(row.next_step and row.due_on for row in rows)
        for line in ("school", "government"):
            for row in rows:
                state = OwnerState(getattr(row, f"{line}_owner_state"))
                assert (getattr(row, f"{line}_owner_id") is None) is (state in NOBODY)
                assert (getattr(row, f"{line}_owner_role") is None) is (state in NOBODY)
                assert (getattr(row, f"{line}_gone_id") is not None) is (state is OwnerState.ORPHANED) or state in NOBODY
            held = [(getattr(row, f"{line}_owner_id"), row.case_id) for row in rows if getattr(row, f"{line}_owner_id")]
            ends = dict(conn.execute(select(person.c.id, person.c.valid_to)).all())  # type: ignore[arg-type]
            assert all(ends[who] > day for who, _ in held), line
        red = {row.case_id for row in rows if None in (row.school_owner_id, row.government_owner_id)}
        chosen = resolve(CaseFilter(nobody=True, as_of=day), day, {})
        assert {row.case_id for row in read_cases(conn, OFFICIAL, chosen, limit=None)} == red


def first_on_duty(conn) -> CaseRow:  # type: ignore[no-untyped-def]
    rows = read_cases(conn, OFFICIAL, resolve(CaseFilter(), TODAY, {}), limit=None)
    return next(row for row in rows if row.school.state is OwnerState.ON_DUTY and row.rung in (1, 2))


def test_an_owner_who_leaves_is_shown_as_gone_from_that_day_and_the_next_level_answers(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before = first_on_duty(conn)
        spans = case_interval.c
        where = (spans.case_id == before.case_id) & open_on(TODAY)
        teacher = conn.execute(select(spans.school_owner_id).where(where)).scalar_one()
    with write(demo_copy, "350430") as conn:
        conn.execute(update(person).where(person.c.id == teacher).values(valid_to=TODAY))
        Touched(conn, [before.child_id]).rebuild()
    with demo_copy.connect() as conn:
        then = {
            day: next(
                row
                for row in read_cases(conn, OFFICIAL, resolve(CaseFilter(as_of=day), day, {}), limit=None)
                if row.case_id == before.case_id
            ).school
            for day in (TODAY - timedelta(days=1), TODAY)
            if day >= before.opened_on
        }
        orphaned = read_cases(conn, OFFICIAL, resolve(CaseFilter(orphaned=True), TODAY, {}), limit=None)
    assert then[TODAY].state is OwnerState.ORPHANED
    assert then[TODAY].gone == before.school.name != then[TODAY].name
    assert before.case_id in {row.case_id for row in orphaned}
    if TODAY - timedelta(days=1) in then:
        assert then[TODAY - timedelta(days=1)].name == before.school.name


def test_without_anybody_the_case_stands_in_the_red_list_with_the_reason(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before = first_on_duty(conn)
    with write(demo_copy, "350430") as conn:
        conn.execute(update(responsibility).values(valid_to=TODAY))
        conn.execute(update(assignment).values(valid_to=TODAY))
        Touched(conn, [before.child_id]).rebuild()
    with demo_copy.connect() as conn:
        red = read_cases(conn, OFFICIAL, resolve(CaseFilter(nobody=True), TODAY, {}), limit=None)
        row = next(row for row in red if row.case_id == before.case_id)
    assert (row.school.name, row.school.state, row.government.state) == (None, OwnerState.ALL_GONE, OwnerState.ALL_GONE)


def test_the_owner_filter_lists_what_the_groups_count(demo_engine: Engine) -> None:
    chosen = resolve(CaseFilter(), TODAY, {})
    with demo_engine.connect() as conn:
        groups = {
            who: count
            for grouping in (CaseGrouping.SCHOOL_OWNER, CaseGrouping.GOVERNMENT_OWNER)
            for who, count in count_cases_by(conn, OFFICIAL, chosen, grouping).items()
            if isinstance(who, int)
        }
        for who, (cases, late) in list(groups.items())[:5]:
            mine = resolve(CaseFilter(owner=who), TODAY, {})
            assert count_cases(conn, OFFICIAL, mine) == cases
            assert sum(row.days_overdue > 0 for row in read_cases(conn, OFFICIAL, mine, limit=None)) == late
