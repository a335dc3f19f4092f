"""The reads behind the pages, straight from the database."""

from collections.abc import Callable
from dataclasses import replace
from time import process_time

from sqlalchemy import Connection

from benchmarks.demo_database import find_demo
from benchmarks.report import describe_machine, measure, median, p95, write_section
from data_access.case_groups import CaseGrouping, count_cases_by
from data_access.cases import count_cases, read_cases
from data_access.children import count_left_behind, iterate_left_behind
from data_access.collector import settle_collector
from data_access.commands import console_scope
from data_access.engine import business_date, open_engine
from data_access.queues import count_queues
from data_access.schools import read_schools
from data_access.village_counts import count_villages, read_village_counts
from data_access.worklist import read_worklist
from domain.case_filter import CaseFilter, resolve
from domain.school_year import Period
from domain.scope import Scope

TIMES = 15
NOTE = f"Up to {TIMES} runs, fewer of what takes seconds, after one to warm up. " + (
    "Processor time is this process alone: what a busy machine does not distort."
)


def list_reads(conn: Connection, scope: Scope, chosen: CaseFilter, owners: tuple[int, int]) -> dict[str, Callable[[], object]]:
    """What is timed, by its name; `owners`: whose worklists, as find_owners tells them."""
    year = chosen.period.school_year if chosen.period else 0
    usual, busiest = owners
    years = [replace(chosen, period=Period(year - back)) for back in range(3)]
    return {
        "read_village_counts, whole area, from the summary": lambda: read_village_counts(conn, scope, chosen),
        "the same, counted child by child, as for a grade": lambda: count_villages(conn, scope, chosen),
        "read_schools, this school year": lambda: read_schools(conn, scope, chosen),
        "read_schools, three school years": lambda: [read_schools(conn, scope, one) for one in years],
        "read_cases, 50 rows, most overdue first": lambda: read_cases(conn, scope, chosen),
        "count_cases": lambda: count_cases(conn, scope, chosen),
        "count_cases_by rung": lambda: count_cases_by(conn, scope, chosen, CaseGrouping.RUNG),
        "count_cases_by status": lambda: count_cases_by(conn, scope, chosen, CaseGrouping.STATUS),
        "count_cases_by village": lambda: count_cases_by(conn, scope, chosen, CaseGrouping.VILLAGE),
        "count_cases_by school owner": lambda: count_cases_by(conn, scope, chosen, CaseGrouping.SCHOOL_OWNER),
        "read_worklist, an ordinary owner": lambda: read_worklist(conn, scope, replace(chosen, owner=usual)),
        "read_worklist, the busiest owner": lambda: read_worklist(conn, scope, replace(chosen, owner=busiest)),
        "count_queues": lambda: count_queues(conn, scope, chosen),
        "50 left-behind children": lambda: list(iterate_left_behind(conn, scope, chosen, limit=50, offset=0, name="")),
        "count_left_behind": lambda: count_left_behind(conn, scope, chosen),
    }


def find_owners(conn: Connection, scope: Scope, chosen: CaseFilter) -> tuple[int, int]:
    """Whoever has as many cases as most, and whoever has the most, on the government line."""
    groups = count_cases_by(conn, scope, chosen, CaseGrouping.GOVERNMENT_OWNER)
    owners = sorted((who for who in groups if isinstance(who, int)), key=lambda who: (groups[who], who))
    return owners[len(owners) // 2], owners[-1]


def measure_queries(size: str) -> None:
    """Measure and write the section."""
    url, machine = find_demo(size), describe_machine()
    engine, rows = open_engine(url), []
    settle_collector()  # as the app does when it starts
    with engine.connect() as conn:
        scope, chosen = console_scope(conn), resolve(CaseFilter(), business_date(conn), {})
        for name, read in list_reads(conn, scope, chosen, find_owners(conn, scope, chosen)).items():
            read()
            begun = process_time()
            times = measure(read, TIMES)
            rows.append((name, median(times), p95(times), (process_time() - begun) * 1000 / len(times)))
    kind = engine.dialect.name
    engine.dispose()
    header = ("read", "ms, median", "p95", "processor ms, mean")
    write_section(f"Queries, {size}, {kind}", machine, header, rows, NOTE)
