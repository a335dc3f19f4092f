"""How long the contradiction rules take: all of them over everything, and again for what an import touched."""

from time import perf_counter, process_time

from sqlalchemy import select

from benchmarks.demo_database import find_demo
from benchmarks.report import describe_machine, write_section
from data_access.check_look import Look
from data_access.check_sources import SOURCES
from data_access.checking import check_all, check_touched
from data_access.clashes import judge_all
from data_access.commands import open_cipher
from data_access.engine import WALL, business_date, open_engine
from data_access.schema import child_place
from data_access.walls_postgres import settings_for
from domain.check_list import rules_for

SCHOOL_FILE = 800  # children of a school's ledger
NOTE = (
    "One run each. `touched`: the children of one school's file and their units, as after an import; allowed 5 s. `all rules`: "
    "found, compared with what is kept and written; allowed 60 s at prefecture size. The parts are the reads of each kind of "
    "record with its rules."
)


def measure_checks(size: str) -> None:
    """Measure and write the section."""
    url, machine = find_demo(size), describe_machine()
    engine = open_engine(url)
    cipher, rows = open_cipher(engine), []

    def timed(name: str, work) -> None:  # type: ignore[no-untyped-def]
        begun, used = perf_counter(), process_time()
        count = work()
        rows.append((name, f"{count:,}", (perf_counter() - begun) * 1000, (process_time() - used) * 1000))

    timed("all rules", lambda: check_all(engine, cipher).found)
    with engine.connect().execution_options(**{WALL: settings_for(None)}) as conn:
        place = child_place.c
        query = select(place.child_id).where(place.school_code.is_not(None)).order_by(place.school_code, place.child_id)
        children = conn.execute(query.distinct().limit(SCHOOL_FILE)).scalars().all()
        look = Look(conn, cipher, business_date(conn))
        for kind, read in SOURCES.items():
            timed(kind.__name__, lambda kind=kind, read=read: sum(1 for _ in judge_all(look, rules_for(kind), read(look))))
    timed(f"touched, {len(children)} children", lambda: check_touched(engine, cipher, children).found)
    dialect = engine.dialect.name
    engine.dispose()
    write_section(f"Checks, {size}, {dialect}", machine, ("what", "found", "ms", "ms of processor"), rows, NOTE)
