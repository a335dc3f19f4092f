"""What the wall inside the database costs: every read with and without it, in turns, in one run."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import Connection, Engine, func, select, text

from benchmarks.demo_database import find_demo
from benchmarks.queries import find_owners, list_reads
from benchmarks.report import describe_machine, median, write_section
from data_access.engine import business_date, open_engine
from data_access.schema import child_place, village_count
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter, resolve
from domain.scope import Role, Scope

TIMES, FEWEST = 41, 5
BUDGET = 1.5  # seconds a pair may take before it is left at fewer turns
SMALL, FACTOR, EXTRA = 5.0, 1.5, 2.0  # above SMALL ms a read may take FACTOR as long, below it EXTRA ms more
ALONE = "-c max_parallel_workers_per_gather=0"  # PostgreSQL's helpers come and go: their time could not be counted
NOTE = (
    f"{FEWEST} to {TIMES} runs of each after one to warm up, one without and one with the wall in turns, the first of a turn "
    "changing; each takes a connection from a pool of its own: one that changes sides plans every query anew. Processor time, "
    f"of this process and of PostgreSQL's for this database, each query in one process, all on one core where that may be set. "
    f"Allowed: {FACTOR} times as long above {SMALL} ms, {EXTRA} ms more below. "
    "`x`: of medians."
)


def find_clock(engine: Engine) -> Callable[[], float]:
    """Seconds of processor time of this process and, on the same Linux machine, of the database's; else the time by the clock."""
    if engine.dialect.name == "sqlite":
        return process_time
    with engine.connect() as conn:
        asked = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'")
        files = [Path(f"/proc/{pid}/schedstat") for pid in conn.execute(asked).scalars()]
    if engine.url.host not in {None, "", "localhost", "127.0.0.1"} or not all(file.exists() for file in files):
        return perf_counter
    _share_core(int(file.parent.name) for file in files)
    return lambda: process_time() + sum(int(file.read_text().split()[0]) for file in files) / 1e9


def _share_core(processes: Iterable[int]) -> None:
    """Both processes of the database on one core, where this one may say so: of two, a host may slow one for minutes."""
    with suppress(OSError, AttributeError):
        for process in processes:
            os.sched_setaffinity(process, {min(os.sched_getaffinity(process))})


def list_scopes(conn: Connection) -> dict[str, Scope]:
    """The whole, its largest county, town and school."""
    found: dict[str, Scope] = {}
    for name, role, column, length in (
        ("prefecture", Role.PREFECTURE, child_place.c.home_code, 4),
        ("county", Role.COUNTY, child_place.c.home_code, 6),
        ("town", Role.TOWNSHIP, child_place.c.home_code, 9),
        ("school", Role.SCHOOL, child_place.c.school_code, 10),
    ):
        code = func.substr(column, 1, length)
        largest = select(code).where(column.is_not(None)).group_by(code).order_by(func.count().desc()).limit(1)
        code_found = str(conn.execute(largest).scalar_one())
        found[name] = Scope("bench", role, *(((), (code_found,)) if role is Role.SCHOOL else ((code_found,),)))
    return found


def measure_walls(size: str) -> None:
    """Measure and write the section."""
    url, machine = find_demo(size), describe_machine()
    os.environ["PGOPTIONS"] = ALONE
    engine, inner, rows = open_engine(url), open_engine(url), []
    with engine.connect() as conn:
        if conn.execute(select(village_count.c.id).limit(1)).first() is None:
            raise SystemExit("village_count is empty: what reads it would be timed reading nothing. Run `migrate` first.")
        scopes, chosen = list_scopes(conn), resolve(CaseFilter(), business_date(conn), {})
        owners = {place: find_owners(conn, scope, chosen) for place, scope in scopes.items()}
        names = list(list_reads(conn, scopes["town"], chosen, owners["town"]))
    for place, scope in scopes.items():
        for name in names:
            plain, walled = _pair(engine, inner, scope, chosen, owners[place], name)
            ratio, allowed = walled / plain, max(plain * FACTOR, plain + EXTRA) if plain <= SMALL else plain * FACTOR
            rows.append((place, name, plain, walled, f"{ratio:.2f}", "yes" if walled <= allowed else "NO"))
    kind = engine.dialect.name
    engine.dispose()
    inner.dispose()
    write_section(f"Walls, {size}, {kind}", machine, ("scope", "read", "ms without", "ms with", "x", "allowed"), rows, NOTE)


def _pair(
    engine: Engine, inner: Engine, scope: Scope, chosen: CaseFilter, owners: tuple[int, int], name: str
) -> tuple[float, float]:
    def plainly() -> None:
        with engine.connect() as conn:
            list_reads(conn, scope, chosen, owners)[name]()

    def inside() -> None:
        with open_scoped(inner, scope) as conn:
            list_reads(conn, scope, chosen, owners)[name]()

    acts = (plainly, inside)
    for act in acts:  # to warm up, and so that the clock knows both processes of the database
        act()
    clock = find_clock(engine)
    times: dict[Callable[[], None], list[float]] = {plainly: [], inside: []}
    until = perf_counter() + BUDGET
    for turn in range(TIMES):
        if turn >= FEWEST and perf_counter() > until:
            break
        for act in acts if turn % 2 else acts[::-1]:
            begun = clock()
            act()
            times[act].append((clock() - begun) * 1000)
    return median(times[plainly]), median(times[inside])
