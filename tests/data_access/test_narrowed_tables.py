"""What is taken away is what the page shows: the same rows, in the same order, and the cover says what narrowed them."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, Engine

from data_access.cases import CaseOrder, read_cases
from data_access.children import iterate_left_behind
from data_access.derive import rebuild_all
from data_access.left_behind_parts import LeftBehindPart
from data_access.narrowed_tables import cases_in, left_behind_in, schools_judged
from data_access.rounds import Need, read_needs
from data_access.schools import read_schools
from data_access.tables import TABLES, WORDED, ExportTable
from data_access.visits import read_visits
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.scope import Role, Scope
from domain.targets import Verdict
from domain.terms import LANGS, all_words, say
from tests.data_access.small_world import COUNTY, SmallWorld

OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
CHOSEN = resolve(CaseFilter(), date(2026, 5, 15), {})


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with write(engine, COUNTY) as writing:
        world = SmallWorld(writing, 5)
        for _ in range(120):
            world.add_child()
        rebuild_all(writing)
    with engine.connect() as opened:
        yield opened


def column(conn: Connection, table: ExportTable, field: str) -> list[object]:
    """One column of the file."""
    place = table.fields.index(field)
    return [row[place] for row in table.rows(conn, OFFICIAL, CHOSEN, "")]


def test_cases_leave_in_the_order_on_screen(conn: Connection) -> None:
    taken = {order: column(conn, cases_in(order), "case_id") for order in CaseOrder}
    for order, numbers in taken.items():
        assert numbers == [str(row.case_id) for row in read_cases(conn, OFFICIAL, CHOSEN, order=order, limit=None)]
    assert len({tuple(numbers) for numbers in taken.values()}) > 1
    assert all(set(numbers) == set(taken[CaseOrder.DUE]) for numbers in taken.values())


def test_schools_of_a_verdict(conn: Connection) -> None:
    rows = read_schools(conn, OFFICIAL, CHOSEN)
    assert column(conn, schools_judged(None), "school_code") == [row.school_code for row in rows]
    for verdict in Verdict:
        assert column(conn, schools_judged(verdict), "school_code") == [row.school_code for row in rows if row.verdict is verdict]


def test_visits_leave_in_the_order_on_screen(conn: Connection) -> None:
    shown = read_visits(conn, OFFICIAL, CHOSEN, limit=10_000)
    assert column(conn, TABLES["visits"], "visit_id") == [str(row.visit_id) for row in shown]


def test_schools_by_need_leave_with_every_reason(conn: Connection) -> None:
    table, needy = TABLES["schools-by-need"], [one for one in read_needs(conn, OFFICIAL, CHOSEN) if one.needs]
    assert needy
    assert column(conn, table, "school_code") == [one.school_code for one in needy]
    for need in Need:
        assert column(conn, table, f"need_{need}") == [dict(one.needs).get(need, 0) for one in needy]
    assert column(conn, table, "needs")[0] == "；".join(say(f"need.{need}.what", count=n) for need, n in needy[0].needs)


@pytest.mark.parametrize("part", LeftBehindPart)
def test_left_behind_children_of_a_part(conn: Connection, part: LeftBehindPart) -> None:
    rows = list(iterate_left_behind(conn, OFFICIAL, CHOSEN, part=part, limit=None))
    assert rows
    assert column(conn, left_behind_in(part), "child_id") == [str(row.child_id) for row in rows]
    assert column(conn, left_behind_in(part), "stale") == [row.stale for row in rows]


NARROWED = [*map(cases_in, CaseOrder), *map(schools_judged, Verdict), *map(left_behind_in, LeftBehindPart)]


@pytest.mark.parametrize("table", NARROWED, ids=lambda table: table.note or f"all {table.name}")
def test_the_cover_says_what_narrowed_or_sorted_the_rows(table: ExportTable) -> None:
    assert all(say(table.note, lang) != table.note for lang in LANGS if table.note)
    assert table.columns == TABLES[table.name].columns


def test_what_is_not_narrowed_says_nothing() -> None:
    assert not [
        table.note for table in (cases_in(CaseOrder.DUE), schools_judged(None), left_behind_in(LeftBehindPart.ALL)) if table.note
    ]


def test_every_column_of_codes_has_words() -> None:
    """A prefix that no word begins with would leave the codes in the workbook, and nobody would be told."""
    known = {key.rpartition(".")[0] for key in all_words()}
    assert set(WORDED.values()) <= known
