"""What a list of cases tells of their visits and events: what no later entry corrects, up to the day; on both engines."""

from datetime import date

import pytest
from sqlalchemy import Connection, Engine, insert

from data_access.case_facts import CaseFacts, read_case_facts
from data_access.schema import case_event, case_file, child, home_visit

DAY, ONE, OTHER = date(2026, 10, 20), 1, 2
Visit = tuple[int, int, str, str | None, int | None]  # number, day of October, mode, result, corrects
Event = tuple[int, int, str, int | None]  # number, day of October, kind, corrects


def on(day: int) -> date:
    return date(2026, 10, day)


def fill(conn: Connection, visits: list[Visit], events: list[Event]) -> None:
    conn.execute(insert(child), [{"id": one, "name": "甲", "county_code": "359901"} for one in (ONE, OTHER)])
    conn.execute(insert(case_file), [{"id": one, "child_id": one, "opened_on": on(1)} for one in (ONE, OTHER)])
    for number, day, mode, result, corrects in visits:
        told = {"id": number, "visited_on": on(day), "mode": mode, "result": result, "corrects": corrects}
        conn.execute(insert(home_visit).values(child_id=ONE, case_id=ONE, visitors="乙", **told))
    for number, day, kind, corrects in events:
        conn.execute(insert(case_event).values(id=number, case_id=ONE, on_date=on(day), kind=kind, corrects=corrects))


@pytest.mark.parametrize(
    ("visits", "events", "expected"),
    [
        ([], [], None),
        ([(1, 20, "doorstep", "答应", None)], [], (None, 20, "答应")),
        ([(1, 21, "doorstep", "答应", None)], [(1, 21, "returned", None)], None),  # the day after
        ([(1, 5, "doorstep", None, None), (2, 9, "phone", "未接", None)], [], (None, 5, "未接")),
        ([(1, 9, "doorstep", "早", None), (2, 9, "doorstep", "晚", None)], [], (None, 9, "晚")),  # of one day by number
        ([(2, 5, "doorstep", "先", None), (1, 9, "doorstep", "后", None)], [], (None, 9, "后")),
        ([(1, 9, "doorstep", "错", None), (2, 8, "phone", "对", 1)], [], (None, None, "对")),
        ([(1, 9, "doorstep", "错", None), (2, 25, "doorstep", "对", 1)], [], None),  # corrected on whatever day
        ([(1, 9, "doorstep", "一", None), (2, 9, "doorstep", "二", 1), (3, 9, "doorstep", None, 2)], [], (None, 9, None)),
        ([], [(1, 8, "returned", None), (2, 12, "returned", None)], (8, None, None)),
        ([], [(1, 8, "returned", None), (2, 25, "persuasion", 1), (3, 12, "returned", None)], (12, None, None)),
        ([], [(1, 8, "persuasion", None)], None),
        ([(1, 9, "doorstep", "在", None)], [(1, 8, "returned", None), (2, 9, "returned", 1)], (9, 9, "在")),
        ([(1, 9, "doorstep", "在", None)], [(2, 9, "persuasion", None), (3, 9, "dropout", 2)], (None, 9, "在")),
        (
            [(1, 9, "doorstep", "在", None), (2, 9, "phone", None, None)],
            [(1, 1, "dropout", None), (2, 8, "returned", 1)],
            (8, 9, "在"),
        ),
    ],
)
def test_the_facts_of_a_case(
    engine: Engine, visits: list[Visit], events: list[Event], expected: tuple[int | None, int | None, str | None] | None
) -> None:
    with engine.connect() as conn:
        fill(conn, visits, events)
        found = read_case_facts(conn, {ONE, OTHER}, DAY)
        assert read_case_facts(conn, {OTHER}, DAY) == {}
        assert read_case_facts(conn, set(), DAY) == {}
    returned, visited, result = expected or (None, None, None)
    told = CaseFacts(on(returned) if returned else None, on(visited) if visited else None, result)
    assert found == ({ONE: told} if expected else {})
