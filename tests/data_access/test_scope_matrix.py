"""Every read x every role x both engines, inside the wall, against a plain oracle, over random filters: not one row differs."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import Enum
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from typing import Any, get_args

import pytest
from sqlalchemy import Connection, Engine, true

import data_access
from data_access import cases, children, schools, village_counts, visits
from data_access.case_groups import CaseGrouping, count_cases_by
from data_access.child_file import view_child
from data_access.derive import rebuild_all
from data_access.engine import open_engine
from data_access.measures import Measure
from data_access.secrets import Cipher
from data_access.walls import open_scoped
from data_access.writing import write
from domain.case_filter import Basis, CaseFilter, resolve
from domain.cases import CaseStatus
from domain.coverage import SpanKind, VisitSpan
from domain.errors import ProblemError
from domain.grades import Stage
from domain.groups import Group
from domain.masking import PiiKind, mask
from domain.reasons import Reason
from domain.scope import SEES_CHILDREN, Role, Scope
from domain.visits import DutyLine
from tests.data_access.plain_oracle import Plain, day_of, pick
from tests.data_access.small_world import COUNTY, FIRST, LAST, OUTSIDE, SCHOOLS, TOWNS, VILLAGES, SmallWorld

CHILDREN = 160
DAY = date(2026, 6, 1)
SAMPLE, LONG, READS = 32, 5_500, 3  # filters an engine; of the long run, reads drawn for each
AREAS = (COUNTY, *TOWNS, *VILLAGES, OUTSIDE, OUTSIDE[:9], OUTSIDE[:6])
PLACES: dict[Role, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    Role.ADMINISTRATOR: (((COUNTY,), ()),),
    Role.PREFECTURE: (((COUNTY[:4],), ()),),
    Role.COUNTY: (((COUNTY,), ()), ((OUTSIDE[:6],), ())),
    Role.INSPECTOR: (((TOWNS[0],), ()), (TOWNS, ()), ((COUNTY,), ())),
    Role.TOWNSHIP: (((TOWNS[0],), ()), ((TOWNS[1],), ()), ((OUTSIDE[:9],), ())),
    Role.VILLAGE: tuple(((village,), ()) for village in VILLAGES),
    Role.SCHOOL: tuple(((), (code,)) for code in SCHOOLS),
    Role.SCREEN: (((COUNTY,), ()), ((TOWNS[1],), ())),
}


@pytest.fixture(scope="module")
def world_of() -> Iterator[Callable[[Any, Callable[[Any], str]], Engine]]:
    """The small county of a store, with its derived tables."""
    made: dict[Any, Engine] = {}

    def build(store: Any, migrated_of: Callable[[Any], str]) -> Engine:
        if store not in made:
            made[store] = open_engine(store.create(like=migrated_of(store)))
            with write(made[store], COUNTY, role=None) as conn:
                world = SmallWorld(conn, 7)
                for _ in range(CHILDREN):
                    world.add_child()
                rebuild_all(conn)
        return made[store]

    yield build
    for engine in made.values():
        engine.dispose()


@pytest.fixture
def world(store: Any, migrated_of: Any, world_of: Any) -> Engine:
    """The small county on this engine."""
    engine: Engine = world_of(store, migrated_of)
    return engine


@pytest.fixture
def plain(world: Engine) -> Plain:
    """Its rows."""
    with world.connect() as conn:
        return Plain(conn)


def draw_scope(random: Random, role: Role) -> Scope:
    areas, codes = random.choice(PLACES[role])
    return Scope("u", role, areas, codes)


def draw_filter(random: Random) -> CaseFilter:
    """Any filter: each part set now and then, also with codes of other places."""
    day = FIRST + timedelta(days=random.randrange((LAST - FIRST).days))
    return resolve(
        CaseFilter(
            area=pick(random, AREAS, 0.4),
            school=pick(random, (*SCHOOLS, "9999999999"), 0.2),
            stage=pick(random, Stage, 0.2),
            grade=pick(random, range(1, 10), 0.15),
            groups=tuple(
                random.sample((Group.LEFT_BEHIND_EDUCATION, Group.LEFT_BEHIND_CIVIL, Group.POOR), random.choice((0, 0, 0, 1, 2)))
            ),
            statuses=tuple(random.sample(list(CaseStatus), random.choice((0, 0, 0, 0, 1, 2)))),
            reasons=tuple(random.sample((Reason("02"), Reason("01")), random.choice((0, 0, 0, 0, 1)))),
            rung=pick(random, range(1, 8), 0.08),
            overdue=random.random() < 0.1,
            unlocated=random.random() < 0.08,
            as_of=day,
            basis=random.choice(list(Basis)),
        ),
        day,
        {},
    )


Check = tuple[str, Callable[[], object], Callable[[], object]]


def checks(conn: Connection, plain: Plain, scope: Scope, chosen: CaseFilter) -> Iterator[Check]:
    """Each read with its name, what it answers and what the oracle says, none of it asked yet."""
    day = day_of(chosen)

    def spans() -> list[Any]:
        return plain.cases(scope, chosen)

    def counted(measure: Measure) -> list[int]:
        return [row.child_id for row in plain.standing(scope, chosen) if plain.counts_in(measure, row.child_id, day)]

    def told(read: Any) -> dict[str | None, tuple[int, ...]]:
        return {row.village_code: tuple(getattr(row, one) for one in Measure) for row in read(conn, scope, chosen)}

    def by_status() -> dict[Any, int]:
        return {key: n for key, (n, _) in count_cases_by(conn, scope, chosen, CaseGrouping.STATUS).items()}

    def units() -> set[Any]:
        return {(row.school_code, row.stage) for row in schools.read_schools(conn, scope, chosen)}

    yield "count_cases", lambda: cases.count_cases(conn, scope, chosen), lambda: len(spans())
    yield "count_cases_by", by_status, lambda: dict(Counter(span.status for span in spans()))
    for read in (village_counts.read_village_counts, village_counts.count_villages, village_counts.count_children_live):
        yield read.__name__, partial(told, read), partial(plain.village_counts, scope, chosen)
    yield "read_schools", units, partial(plain.units, scope, chosen)
    for measure in Measure:
        count = partial(children.count_children, conn, scope, chosen, measure)
        yield f"count_children {measure}", count, lambda measure=measure: len(counted(measure))
    if scope.sees_children:
        yield from list_checks(conn, plain, scope, chosen, spans, counted)


def list_checks(
    conn: Connection,
    plain: Plain,
    scope: Scope,
    chosen: CaseFilter,
    spans: Callable[[], list[Any]],
    counted: Callable[[Measure], list[int]],
) -> Iterator[Check]:
    """The reads that name children."""

    def shown(child_id: int) -> str:
        name = plain.children[child_id].name
        return name if scope.role in (Role.TOWNSHIP, Role.SCHOOL) else str(mask(name, PiiKind.NAME))

    def read_rows() -> set[Any]:
        rows = cases.read_cases(conn, scope, chosen, limit=None)
        return {(row.case_id, row.child_id, row.child_name, row.status.value) for row in rows}

    def list_children(measure: Measure) -> set[Any]:
        return {(row.child_id, row.child_name) for row in children.read_children(conn, scope, chosen, measure, limit=None)}

    def list_left_behind() -> set[int]:
        return {row.child_id for row in children.iterate_left_behind(conn, scope, chosen, limit=None)}

    def list_visits() -> set[int]:
        return {row.visit_id for row in visits.read_visits(conn, scope, chosen, limit=None)}

    def left_behind() -> set[int]:
        return {*counted(Measure.LEFT_BEHIND), *counted(Measure.LEFT_BEHIND_CIVIL)}

    yield "read_cases", read_rows, lambda: {(one.case_id, one.child_id, shown(one.child_id), one.status) for one in spans()}
    for measure in Measure:
        right = partial(lambda measure: {(one, shown(one)) for one in counted(measure)}, measure)
        yield f"read_children {measure}", partial(list_children, measure), right
    yield "iterate_left_behind", list_left_behind, left_behind
    yield "count_left_behind", partial(children.count_left_behind, conn, scope, chosen), lambda: len(left_behind())
    yield "read_visits", list_visits, partial(plain.visits_of, scope, chosen)


def run(world: Engine, plain: Plain, filters: int, seed: int, reads: int | None = None) -> Counter[str]:
    """Hold `filters` pairs of scope and filter against the oracle, each with `reads` of the reads (None: all); how often each."""
    random, roles = Random(seed), list(Role)
    done: Counter[str] = Counter()
    for number in range(filters):
        scope, chosen = draw_scope(random, roles[number % len(roles)]), draw_filter(random)
        with open_scoped(world, scope) as conn:
            asked = list(checks(conn, plain, scope, chosen))
            for name, found, right in asked if reads is None else random.sample(asked, reads):
                assert found() == right(), (name, scope, chosen)
                done[name] += 1
    return done


def test_a_sample_of_filters(world: Engine, plain: Plain) -> None:
    assert min(run(world, plain, SAMPLE, seed=1).values()) >= SAMPLE / 2


@pytest.mark.slow
def test_more_than_ten_thousand_filters_over_both_engines(world: Engine, plain: Plain) -> None:
    done = run(world, plain, LONG, seed=2, reads=READS)
    assert sum(done.values()) == LONG * READS
    assert min(done.values()) > LONG / 30


# --- every read there is, found by its signature: also those that are written tomorrow ---


def list_reads() -> dict[str, Callable[..., Any]]:
    """Functions of data_access that take a connection, a scope and a filter first."""
    found = {}
    for module in iter_modules(data_access.__path__, "data_access."):
        if module.name.endswith("__main__"):
            continue
        for name, one in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if one.__module__ == module.name and not name.startswith("_"):
                parts = inspect.signature(one).parameters
                if list(parts)[:3] == ["conn", "scope", "chosen"] and all(map(is_given, list(parts.values())[3:])):
                    found[f"{module.name}.{name}"] = one
    return found


def is_given(part: inspect.Parameter) -> bool:
    """Whether a parameter can be filled in: it has a default, is known here, or is an enumeration."""
    kind = part.annotation
    is_enum = isinstance(kind, type) and issubclass(kind, Enum)
    return part.name == "limit" or part.name in DEFAULTS or part.default is not inspect.Parameter.empty or is_enum


def call(read: Callable[..., Any], conn: Connection, scope: Scope, chosen: CaseFilter) -> Any:
    """The answer with parameters that fit: enumerations by their first member, lists without a limit."""
    given: dict[str, Any] = {}
    for name, one in list(inspect.signature(read).parameters.items())[3:]:
        if name == "limit":
            given[name] = None
        elif one.default is inspect.Parameter.empty:
            given[name] = DEFAULTS[name] if name in DEFAULTS else next(iter(one.annotation))
    try:
        answer = read(conn, scope, chosen, **given)
        return list(answer) if isinstance(answer, Iterator | list | tuple) else answer
    except ProblemError as refused:
        return refused.key
    except ValueError as refused:  # read of one school, and the filter names none
        return str(refused)


DEFAULTS: dict[str, Any] = {
    **{"name": "", "offset": 0, "lang": "zh", "most": 0},
    "cipher": Cipher(bytes(32), {1: bytes(32)}),  # it opens nothing here: the small county holds no sealed value
}
NO_READS = {"data_access.export_files.write_table"}  # writes a file: its rows are those of the reads


def child_ids(answer: Any) -> set[int]:
    """The children named in rows."""
    return {row.child_id for row in answer if hasattr(row, "child_id")} if isinstance(answer, list) else set()


@pytest.mark.parametrize("role", Role)
def test_every_read_gives_the_same_inside_the_wall_and_nothing_from_outside(world: Engine, plain: Plain, role: Role) -> None:
    """The wall takes nothing that the scope allows, and no read names a child from outside."""
    random = Random(5)
    reads = {name: one for name, one in list_reads().items() if name not in NO_READS}
    assert len(reads) >= 15
    for scope in (draw_scope(random, role) for _ in range(2)):
        for chosen in (resolve(CaseFilter(school=school), DAY, {}) for school in (None, next(iter(SCHOOLS)))):
            for name, read in reads.items():
                with world.connect() as conn:
                    right = call(read, conn, scope, chosen)
                with open_scoped(world, scope) as conn:
                    found = call(read, conn, scope, chosen)
                assert found == right, (name, scope, chosen)
                assert child_ids(found) <= plain.ever(scope), (name, scope)


# --- what takes a scope and is no read of a filter: nothing is left out unseen ---

GIVEN: dict[str, Any] = {
    **{"area": COUNTY, "county": COUNTY, "day": DAY, "today": DAY, "unit_code": TOWNS[0], "school_code": next(iter(SCHOOLS))},
    **{"case_id": 1, "child_id": 1, "person_id": 1, "notice_id": 1, "record_id": 1, "class_no": 1, "ids": range(1, CHILDREN)},
    **{"limit": None, "offset": 0, "clause": true(), "table_name": "child", "page": "cases", "lang": "zh", "seen": ()},
    **{"span": VisitSpan(SpanKind.TERM, FIRST, LAST), "cases": (), "line": DutyLine.SCHOOL, "measure": Measure.CHILDREN},
    **{"chosen": resolve(CaseFilter(school=next(iter(SCHOOLS))), DAY, {}), "without": resolve(CaseFilter(overdue=True), DAY, {})},
    "cipher": DEFAULTS["cipher"],
}
BY_WRITES = {  # asked inside a write, which holds the scope against the child before it begins
    *("case_work.find_sent", "case_work.note_sent", "case_work.read_file", "import_context.county_of", "open_case.read_child"),
    "geography.place_by_name",
}
NO_ROWS = {  # join counts, make conditions, write files of the reads, or begin with the row of a case that was read
    *("map_counts.place_counts", "case_work.children_in_scope", "export_files.write_table", "case_visitors.read_callers"),
}
WITHOUT_A_DAY = {"child_origins.read_child_origins", "record_agreement.read_agreement"}
OF_A_CHILD = {"child_file.view_child", "record_absence.read_absence", *WITHOUT_A_DAY}
OF_A_CASE = {"case_work.read_case"}
OF_THE_KEEPER = {  # accounts, the audit, the nightly look at everything, doubts about rows: tests of their own
    *("audit_log.count_events", "audit_log.read_acts", "audit_log.read_events"),
    *("account_desk.list_accounts", "account_desk.list_own_sessions", "checks.check_database"),
    *("match_reviews.read_decisions", "match_reviews.read_reviews"),
}
READING = ("read_", "count_", "list_", "iterate_", "view_", "check_", "find_")


def list_others(first: str) -> dict[str, Callable[..., Any]]:
    """Public functions whose parameters begin with `first` and hold a scope, but for those of list_reads."""
    found = {}
    for module in iter_modules(data_access.__path__, "data_access."):
        if not module.name.endswith("__main__"):
            for name, one in inspect.getmembers(import_module(module.name), inspect.isfunction):
                parts = list(inspect.signature(one).parameters)
                if one.__module__ == module.name and not name.startswith("_") and parts[:1] == [first] and "scope" in parts:
                    found[f"{module.name}.{name}".removeprefix("data_access.")] = one
    return {name: one for name, one in found.items() if f"data_access.{name}" not in list_reads()}


def ask(read: Callable[..., Any], conn: Connection, scope: Scope) -> Any:
    """The answer with what GIVEN has for its parameters, enumerations by their first member."""
    told: dict[str, Any] = {}
    for name, one in list(inspect.signature(read).parameters.items())[1:]:
        if name == "scope":
            told[name] = scope
        elif name in GIVEN or one.default is one.empty:
            told[name] = GIVEN[name] if name in GIVEN else next(iter((get_args(one.annotation) or (one.annotation,))[0]))
    try:
        answer = read(conn, **told)
        return list(answer) if isinstance(answer, Iterator | list | tuple) else answer
    except ProblemError as refused:
        return refused.key


@pytest.mark.parametrize("role", Role)
def test_so_does_every_read_that_takes_no_filter(world: Engine, plain: Plain, role: Role) -> None:
    random = Random(6)
    reads = {name: one for name, one in list_others("conn").items() if name not in BY_WRITES | NO_ROWS}
    assert len(reads) >= 25
    for scope in (draw_scope(random, role) for _ in range(2)):
        for name, read in reads.items():
            with world.connect() as conn:
                right = ask(read, conn, scope)
            with open_scoped(world, scope) as conn:
                found = ask(read, conn, scope)
            assert found == right, (name, scope)
            assert child_ids(found) <= plain.ever(scope), (name, scope)


def test_no_read_that_opens_its_own_connection_is_left_out() -> None:
    """A new one belongs into a test before it belongs on a page."""
    found = {name for name in list_others("engine") if name.partition(".")[2].startswith(READING)}
    assert found == OF_A_CHILD | OF_A_CASE | OF_THE_KEEPER


@pytest.mark.parametrize("role", sorted(SEES_CHILDREN))
def test_what_opens_one_child_or_case_tells_nothing_of_one_outside(world: Engine, plain: Plain, role: Role) -> None:
    """However the number was come by; what is inside opens."""
    random, scope = Random(12), draw_scope(Random(12), role)
    inside, others = plain.ever(scope), list_others("engine")
    opened = dict.fromkeys(OF_A_CHILD | OF_A_CASE, 0)
    for child_id in random.sample(sorted(plain.children), 10):
        cases_of = sorted({span.case_id for span in plain.spans if span.child_id == child_id})
        for name in opened:
            for number in cases_of if name in OF_A_CASE else [child_id]:
                days = [DAY] if name not in OF_A_CASE | WITHOUT_A_DAY else []
                try:
                    answer = others[name](world, scope, number, *days)
                except ProblemError:
                    answer = None
                told = answer not in (None, (False, None), [])
                assert child_id in inside or not told, (name, scope, child_id)
                opened[name] += told
    assert not inside or opened["child_file.view_child"]


@pytest.mark.parametrize("role", sorted(SEES_CHILDREN))
def test_a_child_s_file_opens_for_those_who_see_the_child_and_no_one_else(world: Engine, plain: Plain, role: Role) -> None:
    random = Random(11)
    scope, day = draw_scope(random, role), DAY
    seen = {
        row.child_id
        for rows in (plain.places, plain.spans)
        for row in rows
        if row.valid_from <= day < row.valid_to and plain.is_inside(scope, row)
    }
    for child_id in random.sample(sorted(plain.children), 25):
        assert (view_child(world, scope, child_id, day) is not None) == (child_id in seen)


def test_the_oracle_is_used_for_what_it_is(plain: Plain) -> None:
    """It sees both sides of a border: a comparison of empty sets would prove nothing."""
    whole = plain.ever(Scope("u", Role.COUNTY, (COUNTY,)))
    town = plain.ever(Scope("u", Role.TOWNSHIP, (TOWNS[0],)))
    assert 0 < len(town) < len(whole) == CHILDREN
    assert Path(__file__).with_name("plain_oracle.py").read_text(encoding="utf-8").count("in_scope") == 0
