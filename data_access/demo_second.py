"""A second process for a large demo: it draws the same demo from the same dice and derives what some counties' children need.

Half of the time goes into the derived tables, one statement after the other on one processor. As the demo is the same
wherever it is drawn, the second process needs nothing of the first: it fills a scratch database of its own, without what
nothing is derived from, and the first takes the rows over into its own transaction.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection as PipeEnd
from multiprocessing.process import BaseProcess
from os import cpu_count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, text
from sqlalchemy.schema import CreateIndex, CreateTable

from data_access.areas import write_areas
from data_access.bulk import copy_rows, update_statistics
from data_access.collector import uncollected
from data_access.demo_base import draw_up, write_base
from data_access.demo_people import Children
from data_access.demo_plan import DemoPlan
from data_access.demo_rows import counties_of
from data_access.demo_steps import Steps
from data_access.demo_world import World
from data_access.derive import DERIVED, OF_SCHOOLS, rebuild_of_children
from data_access.engine import open_scratch
from data_access.schema import child, cohort_count, loss_spell, metadata, register_change
from data_access.secrets import Cipher
from data_access.writing import write_state

WORTH_IT = 100_000  # pupils from which two processes are faster than one
THEIRS = 0.6  # of the children: the first process also writes what the second leaves out
SCRATCH = "scratch.db"
SCHOOL_TABLES = (cohort_count, register_change)  # of schools, from the registers and from whom both processes found lost


class SecondProcess:
    """The other process, from its start to the rows it brings; `left` are the children of the first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._process: BaseProcess | None = None
        self._pipe: PipeEnd | None = None
        self._folder: Path | None = None
        self.left: Collection[int] = ()

    def start(self, database: Path) -> None:
        """Begin, with a folder beside the database that only this account may open."""
        folder = Path(mkdtemp(prefix=f".{database.name}-", dir=database.parent))
        self._folder = folder
        world, context = self._world, get_context("spawn")
        self._pipe, theirs = context.Pipe()
        given = (world.plan, world.seed, world.as_of, folder / SCRATCH, theirs)
        self._process = context.Process(target=_work, args=given, daemon=True)
        self._process.start()
        theirs.close()  # so that the pipe ends when the process does

    def shared(self, children: Children) -> "SecondProcess | None":
        """This, knowing which of the children drawn up are left to the first; None when it was never started."""
        if self._process is None:
            return None
        counties = county_by_number(self._world, children)
        theirs = counties_of_second(counties.values())
        self.left = [number for number, county in counties.items() if county not in theirs]
        return self

    def bring_children(self, conn: Connection, tables: Sequence[Table]) -> bool:
        """Write its children's rows of these tables, once it has them; False when it did not come so far.

        It is told which children the first found lost, and goes on with the schools.
        """
        if self._told() is None or self._pipe is None or self._folder is None:
            return False
        with suppress(OSError):
            self._pipe.send(_rows(conn, loss_spell))
        conn.execute(text("ATTACH :file AS second"), {"file": str(self._folder / SCRATCH)})
        for table in tables:
            names = ", ".join(_names(table))
            conn.execute(text(f"INSERT INTO main.{table.name} ({names}) SELECT {names} FROM second.{table.name}"))  # noqa: S608
        return True

    def bring_schools(self, conn: Connection, table: Table) -> bool:
        """Write its rows of a table of schools; False when it has none, or ended before."""
        if table not in SCHOOL_TABLES or (rows := self._told()) is None:
            return False
        copy_rows(conn, table, _names(table), rows)
        return True

    def _told(self) -> Any:
        """What it sends next; None when it has ended."""
        try:
            return self._pipe and self._pipe.recv()
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        """Stop it if it still runs, and leave nothing of it."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns if column is not table.autoincrement_column]


def _rows(conn: Connection, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.execute(select(*(table.c[name] for name in _names(table))))]


@contextmanager
def second_process(world: World) -> Iterator[SecondProcess]:
    """The second process, not started yet; ended with the block."""
    second = SecondProcess(world)
    try:
        yield second
    finally:
        second.end()


def is_worth_it(plan: DemoPlan, engine: Engine) -> bool:
    """Whether two processes are faster: much to do, two processors, and SQLite, where one statement runs at a time."""
    return plan.pupils >= WORTH_IT and (cpu_count() or 1) > 1 and engine.dialect.name == "sqlite"


def county_by_number(world: World, children: Children) -> dict[int, str]:
    """The county of every child, those added by hand included, once the demo is drawn up and before it is written."""
    found = dict(enumerate(counties_of(world, children).tolist(), start=1))
    return found | {row["id"]: row["county_code"] for row in world.book.rows(child)}


def counties_of_second(counties: Iterable[str]) -> set[str]:
    """The counties of the second process, from those of all children: the largest ones, until they hold THEIRS of them.

    Whole counties, as each row of the counts by village speaks of the children of one.
    """
    sizes, chosen = Counter(counties), set[str]()
    for county, _ in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
        if sum(sizes[one] for one in chosen) < THEIRS * sizes.total():
            chosen.add(county)
    return chosen


class _Unsealed(Cipher):
    """Leaves numbers as they are: they are invented, nothing is derived from them, and sealing them takes its time."""

    def __init__(self) -> None:
        super().__init__(b"", {1: bytes(32)})

    def seal(self, text: str | None) -> bytes | None:
        """The text itself."""
        return None if text is None else text.encode()

    mac = seal


def _work(plan: DemoPlan, seed: int, as_of: date, path: Path, pipe: PipeEnd) -> None:
    """What the second process does; whatever stops it closes the pipe, and the first does without it."""
    with suppress(Exception, KeyboardInterrupt), uncollected():
        engine = open_scratch(path)
        with engine.begin() as conn:
            _derive_children(conn, World(plan, seed, as_of, _Unsealed()), path.parent)
        pipe.send(True)
        with engine.connect() as conn, conn.begin() as never_committed:  # for the first reads the file meanwhile
            copy_rows(conn, loss_spell, _names(loss_spell), pipe.recv())
            for step, table in OF_SCHOOLS:
                if table in SCHOOL_TABLES:
                    step(conn)
                    pipe.send(_rows(conn, table))
            never_committed.rollback()
    _leave_with_first(path.parent)


def _derive_children(conn: Connection, world: World, folder: Path) -> None:
    steps = Steps(lambda _step, _share: _leave_with_first(folder))
    for table in metadata.sorted_tables:
        conn.execute(CreateTable(table))
    write_areas(conn, world.areas)
    write_state(conn, "business_date", world.as_of.isoformat())
    drawn = draw_up(world)
    counties = county_by_number(world, drawn.children)
    theirs = counties_of_second(counties.values())
    mine = {number for number, county in counties.items() if county in theirs}
    write_base(conn, drawn, steps, mine)
    for index in (index for table in metadata.sorted_tables if table not in DERIVED for index in table.indexes):
        conn.execute(CreateIndex(index))
    update_statistics(conn)
    rebuild_of_children(conn, mine, lambda _step, _share: _leave_with_first(folder))


def _leave_with_first(folder: Path) -> None:
    """End when the first process is no more, and take the folder along that nobody else would remove."""
    first = parent_process()
    if first is not None and not first.is_alive():
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(1)
