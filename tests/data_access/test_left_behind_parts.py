"""The parts of the left-behind children make the whole, and each equals what a recount of the rows says."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine, select, update

from data_access.children import count_children, count_left_behind, iterate_left_behind
from data_access.derive import rebuild_all
from data_access.left_behind_parts import Freshness, LeftBehindPart, count_left_behind_parts, first_fresh_day, read_freshness
from data_access.measures import Measure
from data_access.schema import group_spell
from data_access.writing import write
from domain.case_filter import Basis, CaseFilter, resolve
from domain.left_behind import is_stale
from domain.rates import Rate
from domain.scope import Role, Scope
from tests.data_access.small_world import COUNTY, TOWNS, VILLAGES, SmallWorld

WHOLE = Scope("t", Role.COUNTY, (COUNTY,))
SCOPES = (WHOLE, Scope("t", Role.TOWNSHIP, (TOWNS[0],)), Scope("t", Role.VILLAGE, (VILLAGES[1],)))
DAYS = (date(2025, 3, 15), date(2026, 5, 31), date(2026, 11, 20))
SHARES = (LeftBehindPart.BOTH, LeftBehindPart.EDUCATION_ONLY, LeftBehindPart.CIVIL_ONLY)


@pytest.fixture(scope="module", params=["sqlite_store", "postgresql_store"])
def conn(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A small county of random children, some of whose records were checked."""
    from data_access.engine import open_engine
    from data_access.migrate import migrate

    store = request.getfixturevalue(request.param)
    url = store.create()
    engine = open_engine(url)
    migrate(engine)
    _fill(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
    store.drop(url)


def _fill(engine: Engine) -> None:
    with write(engine, COUNTY) as conn:
        world = SmallWorld(conn, 11)
        for _ in range(150):
            world.add_child()
        for number, begins in conn.execute(select(group_spell.c.id, group_spell.c.valid_from)).all():
            if world.random.random() < 0.8:
                checked = begins + timedelta(days=world.random.randint(0, 700))
                conn.execute(update(group_spell).where(group_spell.c.id == number).values(checked_on=checked))
        rebuild_all(conn)


@pytest.fixture(params=DAYS, ids=str)
def chosen(request: pytest.FixtureRequest) -> CaseFilter:
    return resolve(CaseFilter(), request.param, {})


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: str(scope.role))
def test_the_parts_make_the_whole(conn: Connection, scope: Scope, chosen: CaseFilter) -> None:
    counts = {part: count_left_behind(conn, scope, chosen, part) for part in LeftBehindPart}
    assert sum(counts[part] for part in SHARES) == counts[LeftBehindPart.ALL] == count_left_behind(conn, scope, chosen)
    both = counts[LeftBehindPart.BOTH]
    assert both + counts[LeftBehindPart.EDUCATION_ONLY] == count_children(conn, scope, chosen, Measure.LEFT_BEHIND)
    assert both + counts[LeftBehindPart.CIVIL_ONLY] == count_children(conn, scope, chosen, Measure.LEFT_BEHIND_CIVIL)
    if scope is WHOLE:
        assert min(counts.values()) > 0


@pytest.mark.parametrize("part", LeftBehindPart)
def test_a_part_counts_the_rows_it_lists(conn: Connection, chosen: CaseFilter, part: LeftBehindPart) -> None:
    rows = list(iterate_left_behind(conn, WHOLE, chosen, part=part, limit=None))
    assert len(rows) == len({row.child_id for row in rows}) == count_left_behind(conn, WHOLE, chosen, part)
    assert len(rows) == count_left_behind_parts(conn, WHOLE, chosen)[part]
    known = {(row.education is not None, row.civil is not None) for row in rows}
    allowed = {
        LeftBehindPart.BOTH: {(True, True)},
        # a spell that outlasts the age limit of its definition still says so in its own column
        LeftBehindPart.EDUCATION_ONLY: {(True, False), (True, True)},
        LeftBehindPart.CIVIL_ONLY: {(False, True), (True, True)},
    }
    assert known <= allowed.get(part, known)


def test_stale_rows_are_the_stale_part(conn: Connection, chosen: CaseFilter) -> None:
    everyone = list(iterate_left_behind(conn, WHOLE, chosen, limit=None))
    stale = {row.child_id for row in everyone if row.stale}
    assert {row.child_id for row in iterate_left_behind(conn, WHOLE, chosen, part=LeftBehindPart.STALE, limit=None)} == stale
    assert len(stale) == count_left_behind_parts(conn, WHOLE, chosen)[LeftBehindPart.STALE]
    assert 0 < len(stale) < len(everyone)


def test_pages_of_a_part_are_its_rows_in_order(conn: Connection, chosen: CaseFilter) -> None:
    part = LeftBehindPart.EDUCATION_ONLY
    whole = list(iterate_left_behind(conn, WHOLE, chosen, part=part, limit=None))
    pages = [
        list(iterate_left_behind(conn, WHOLE, chosen, part=part, limit=7, offset=first)) for first in range(0, len(whole), 7)
    ]
    assert [row for page in pages for row in page] == whole


@pytest.mark.parametrize("basis", Basis)
def test_freshness_adds_up_to_the_list(conn: Connection, chosen: CaseFilter, basis: Basis) -> None:
    here = resolve(CaseFilter(basis=basis), chosen.as_of, {})  # type: ignore[arg-type]
    rows = list(iterate_left_behind(conn, WHOLE, here, limit=None))
    expected: dict[str, Counter[str]] = {}
    for row in rows:
        kind = "never" if row.checked_on is None else "older" if row.stale else "fresh"
        expected.setdefault((row.village_code or "")[:9], Counter())[kind] += 1
    assert read_freshness(conn, WHOLE, here) == {
        town: Freshness(found["fresh"], found["older"], found["never"]) for town, found in expected.items()
    }


def test_freshness_is_a_rate() -> None:
    assert Freshness(41, 8, 1).rate == Rate(41, 50)
    assert Freshness(0, 0, 0).rate.fraction is None


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 5, 31), date(2026, 3, 1), date(2028, 2, 29)])
def test_the_first_fresh_day_is_the_edge(day: date) -> None:
    edge = first_fresh_day(day)
    assert not is_stale(edge, day)
    assert is_stale(edge - timedelta(days=1), day)
