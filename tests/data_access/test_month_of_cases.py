"""A month on the demo county: absences arrive and nobody acts; then everyone acts; then half of those back are absent again.

Afterwards every child is accounted for: none lost, none with two open cases, every change of status legal and on record.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select

from data_access import audit
from data_access.case_visitors import read_callers
from data_access.case_work import read_case
from data_access.cases import count_cases, read_cases
from data_access.open_case import open_case
from data_access.record_event import decide_proposal, propose_return
from data_access.record_visit import record_visit
from data_access.schema import audit_event, case_event, case_file, case_interval, child_place
from data_access.scoped import on
from data_access.settings import read_calendar
from data_access.walls import open_scoped
from data_access.writing import write, write_state
from domain.case_entries import VisitEntry, Visitor
from domain.case_filter import CaseFilter, resolve
from domain.case_transitions import LEGAL, OPENING
from domain.cases import CaseStatus, Outcome
from domain.scope import Role, Scope
from domain.visits import VisitMode

COUNTY = "350430"
OFFICIAL = Scope("bureau", Role.COUNTY, (COUNTY,))
CHILDREN = 12
FIRST = date(2026, 11, 23)  # the Monday after the demo's day


def turn_to(engine: Engine, day: date) -> None:
    with write(engine, COUNTY) as conn:
        write_state(conn, "business_date", day.isoformat())


def school_days(engine: Engine, first: date, count: int) -> Iterator[date]:
    with engine.connect() as conn:
        calendar = read_calendar(conn, COUNTY)
    for number in range(count):
        yield calendar.add_school_days(first, number)


def some_children(engine: Engine) -> dict[int, Scope]:
    """Pupils without any case, each with the scope of the school."""
    with engine.connect() as conn:
        query = (
            select(child_place.c.child_id, child_place.c.school_code)
            .where(on(child_place, FIRST), child_place.c.stage == "junior", child_place.c.home_code.is_not(None))
            .where(child_place.c.child_id.not_in(select(case_file.c.child_id)))
            .order_by(child_place.c.child_id)
            .limit(CHILDREN)
        )
        return {row.child_id: Scope("school", Role.SCHOOL, (), (row.school_code,)) for row in conn.execute(query)}


def visit(engine: Engine, scope: Scope, case_id: int, day: date) -> None:
    case = read_case(engine, scope, case_id)
    with open_scoped(engine, scope) as conn:
        callers = [one for one in read_callers(conn, scope, case, day) if one.required]
    who = tuple(Visitor(one.role, one.name or "代访", one.person_id) for one in callers)
    entry = VisitEntry(day, VisitMode.DOORSTEP, who, "上门了解情况", "承诺返校")
    record_visit(engine, scope, case_id, entry, f"visit-{case_id}-{day}")


def bring_back(engine: Engine, scope: Scope, case_id: int, day: date) -> None:
    seen = read_case(engine, scope, case_id).mark
    propose_return(engine, scope, case_id, day, "到校签到表", seen, f"back-{case_id}")
    decide_proposal(engine, OFFICIAL, case_id, True, "", read_case(engine, OFFICIAL, case_id).mark, f"agree-{case_id}")


def states(engine: Engine, cases: dict[int, int], day: date) -> dict[int, tuple[str, int | None, bool]]:
    """Case -> status, rung, overdue on a day; each has exactly one."""
    spans = case_interval.c
    with engine.connect() as conn:
        query = select(spans.case_id, spans.status, spans.rung, spans.due_on).where(
            spans.case_id.in_(list(cases.values())), on(case_interval, day)
        )
        rows = conn.execute(query).all()
    assert len(rows) == len(cases)
    return {row.case_id: (row.status, row.rung, row.due_on is not None and row.due_on < day) for row in rows}


@pytest.mark.slow
def test_a_month_ends_with_every_child_accounted_for(demo_copy: Engine) -> None:
    engine, children = demo_copy, some_children(demo_copy)
    days = list(school_days(engine, FIRST, 24))
    with engine.connect() as conn:
        before = count_cases(conn, OFFICIAL, resolve(CaseFilter(as_of=days[-1]), days[-1], {}))
    turn_to(engine, days[0])
    cases = {
        child: open_case(engine, scope, child, days[0], None, "", f"open-{child}").record_id for child, scope in children.items()
    }

    # Nobody acts: the ladder climbs and what is owed is overdue, without a single write.
    for number, rung in ((0, 1), (1, 2), (2, 3), (3, 4), (5, 5)):
        assert {found[1] for found in states(engine, cases, days[number]).values()} == {rung}
    assert {found[0] for found in states(engine, cases, days[5]).values()} == {"suspected"}
    assert all(found[2] for found in states(engine, cases, days[8]).values())

    # Everyone acts: a visit by those who must come, and the children come back.
    turn_to(engine, days[8])
    for child, scope in children.items():
        visit(engine, scope, cases[child], days[8])
        assert not states(engine, {child: cases[child]}, days[8])[cases[child]][2]
    turn_to(engine, days[10])
    for child, scope in children.items():
        bring_back(engine, scope, cases[child], days[10])
    assert Counter(found[0] for found in states(engine, cases, days[10]).values()) == {"returned": CHILDREN}

    # Half relapse: a linked case on the faster ladder.
    turn_to(engine, days[15])
    again = {
        child: open_case(engine, scope, child, days[15], None, "", f"again-{child}").record_id
        for child, scope in list(children.items())[: CHILDREN // 2]
    }
    assert {found[1] for found in states(engine, again, days[15]).values()} == {3}
    check_accounts(engine, children, cases, again, days[15])
    with engine.connect() as conn:
        after = read_cases(conn, OFFICIAL, resolve(CaseFilter(as_of=days[-1]), days[-1], {}), limit=None)
    assert len(after) == before + CHILDREN
    assert len({row.child_id for row in after}) == len(after)


def check_accounts(engine: Engine, children: dict[int, Scope], cases: dict[int, int], again: dict[int, int], day: date) -> None:
    """No case lost, none doubled, every step legal, every act on record."""
    with engine.connect() as conn:
        files = conn.execute(select(case_file).where(case_file.c.child_id.in_(list(children)))).all()
        events = conn.execute(select(case_event).order_by(case_event.c.on_date, case_event.c.id)).all()
    assert {row.id for row in files} == {*cases.values(), *again.values()}
    open_ones = Counter(row.child_id for row in files if row.closed_on is None)
    assert open_ones == dict.fromkeys(children, 1)
    for row in files:
        closed = row.id in cases.values() and row.child_id in again
        assert (row.outcome == Outcome.RELAPSED.value) is closed is (row.closed_on == day)
        assert row.relapse_of == (cases[row.child_id] if row.id in again.values() else None)
        statuses = [CaseStatus(one.kind) for one in events if one.case_id == row.id and one.kind in set(CaseStatus)]
        assert statuses[0] in OPENING
        with engine.connect() as conn:
            spans = case_interval.c
            query = select(spans.status, spans.valid_from).where(spans.case_id == row.id, spans.valid_from <= day)
            lived = [CaseStatus(one.status) for one in conn.execute(query.order_by(spans.valid_from))]
        assert all(now is then or now in LEGAL[then] for then, now in pairwise(lived))
    with audit.open_audit(engine).connect() as conn:
        acts = Counter(conn.execute(select(audit_event.c.act)).scalars())
    wanted = {"case.open": CHILDREN + len(again), "visit.record": CHILDREN}
    wanted |= {"return.propose": CHILDREN, "proposal.decide": CHILDREN}
    assert {act: acts[act] for act in wanted} == wanted
    audit.verify_chain(engine)
