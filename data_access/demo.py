"""The synthetic demo: a county to work with, or a prefecture to see that it holds up; the same seed gives the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from data_access.areas import write_areas
from data_access.bulk import update_statistics, without_indexes
from data_access.collector import uncollected
from data_access.demo_bad_reports import spoil_reports
from data_access.demo_base import draw_up, write_base
from data_access.demo_plan import DEMO_DATE, PLANS, DemoSize
from data_access.demo_second import is_worth_it, second_process
from data_access.demo_steps import Progress, Steps
from data_access.demo_true_reports import straighten_reports, write_exam_list
from data_access.demo_world import Contradiction, World
from data_access.derive import rebuild_all
from data_access.engine import opened_to_fill
from data_access.schema import (
    area,
    case_event,
    child,
    enrolment_spell,
    group_spell,
    guardian,
    home_visit,
    pairing,
    residence_spell,
    visit_person,
)
from data_access.secrets import Cipher
from data_access.writing import write, write_state
from domain.errors import ProblemError

FIRST_DATE, LAST_DATE = date(2015, 10, 1), date(2090, 12, 31)
LARGE = (child, guardian, residence_spell, enrolment_spell, group_spell, pairing, case_event, home_visit, visit_person)


@dataclass(frozen=True)
class DemoSummary:
    """What was written: rows by table, and the contradictions put in on purpose with the rows concerned."""

    size: DemoSize
    seed: int
    as_of: date
    rows: Mapping[str, int]
    contradictions: tuple[Contradiction, ...]


def write_demo(
    engine: Engine,
    cipher: Cipher,
    *,
    size: DemoSize | str = DemoSize.COUNTY,
    seed: int = 1,
    as_of: date = DEMO_DATE,
    progress: Progress = lambda _step, _share: None,
) -> DemoSummary:
    """Fill an empty, migrated database with the demo, all of it or nothing, derived tables included.

    Deterministic: the same size, seed and date give the same rows, except for `recorded_at` and the sealed values.
    `progress(step, share)` is called as the work goes on. Raises ProblemError demo.not_empty when the database holds areas
    or children, demo.bad_date for a day far from the present.
    """
    if not FIRST_DATE <= as_of <= LAST_DATE:
        raise ProblemError("demo.bad_date", day=as_of, first=FIRST_DATE, last=LAST_DATE)
    world = World(PLANS[DemoSize(size)], seed, as_of, cipher)
    with (
        uncollected(),
        second_process(world) as second,
        opened_to_fill(engine) as filling,
        write(filling, world.plan.root, role=None) as conn,
    ):
        _require_empty(conn)
        if filling is not engine and is_worth_it(world.plan, engine):
            second.start(Path(str(engine.url.database)))
        steps = Steps(progress)
        steps.begin("demo.areas")
        write_areas(conn, world.areas)
        write_state(conn, "demo", "1")
        write_state(conn, "business_date", as_of.isoformat())
        steps.begin("demo.plan")
        drawn = draw_up(world)
        others = second.shared(drawn.children)
        with without_indexes(conn, LARGE):
            write_base(conn, drawn, steps)
            steps.begin("demo.indexes")
        update_statistics(conn)
        steps.begin("demo.summaries")
        rebuild_all(conn, lambda _step, share: steps.within(share), others)
        write_exam_list(conn, world)
        straighten_reports(conn, world)
        if as_of == DEMO_DATE:  # other days hold other reports than those it spoils
            spoil_reports(conn, world)
        update_statistics(conn)
    return DemoSummary(world.plan.size, seed, as_of, dict(world.book.written), tuple(world.contradictions))


def _require_empty(conn: Connection) -> None:
    for table in (area, child):
        if conn.execute(select(func.count()).select_from(table.select().limit(1).subquery())).scalar():
            raise ProblemError("demo.not_empty")
