"""Data of children who have left school age: how long they are kept, who is due to go, and the going."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, Table, delete, exists, or_, select, update

from data_access import audit
from data_access.chunks import chunks
from data_access.derive import Touched
from data_access.engine import read_state
from data_access.login_roles import IMPORT
from data_access.schema import area, case_file, child, home_visit, metadata, movement_event
from data_access.writing import write, write_state
from domain.errors import ProblemError

YEARS, KEPT_YEARS, FEWEST, MOST = "retention_years", 3, 1, 30


@dataclass(frozen=True)
class Leaving:
    """What goes from one county: children, and rows by table."""

    county: str
    children: tuple[int, ...]
    rows: dict[str, int]


def read_kept_years(conn: Connection) -> int:
    """For how many years after the end of school age a child's data are kept."""
    return int(read_state(conn, YEARS) or KEPT_YEARS)


def set_kept_years(engine: Engine, years: int, *, by: str) -> None:
    """Change it, on record. Raises ProblemError retention.bad_years outside 1-30."""
    require_years(years)
    with engine.connect() as conn:
        county = next(iter(_counties(conn)), None)
    if county is None:
        raise ProblemError("cli.no_data")
    with write(engine, county) as conn:
        write_state(conn, YEARS, str(years))
        audit.append(engine, user=by, role="", act="retention.years", filter=str(years))


def require_years(years: int) -> int:
    """The number again. Raises ProblemError retention.bad_years outside 1-30."""
    if not FEWEST <= years <= MOST:
        raise ProblemError("retention.bad_years", fewest=FEWEST, most=MOST)
    return years


def _counties(conn: Connection) -> list[str]:
    return list(conn.execute(select(area.c.code).where(area.c.level == "county").order_by(area.c.code)).scalars())


def remove_old_children(engine: Engine, today: date, *, by: str, dry_run: bool, years: int | None = None) -> list[Leaving]:
    """Remove what is kept about children whose school age ended too long ago; with `dry_run` only say what would go.

    Too long ago: more than `years`, by default those of read_kept_years. A child stays whose birth date is unknown or who
    has a case that is still open. Counts of past days are derived anew without them: what must stay as it was is in the
    frozen books. Each county is one transaction with its audit row.
    """
    with engine.connect() as conn:
        counties = _counties(conn)
        last = today.replace(year=today.year - (years or read_kept_years(conn)), day=min(today.day, 28))
    found = []
    for county in counties:
        try:
            with write(engine, county, role=IMPORT) as conn:
                leaving = _remove(conn, county, last)
                found.append(leaving)
                if dry_run:
                    raise _DryRunError
                told = " ".join(f"{table}={count}" for table, count in leaving.rows.items())
                audit.append(
                    engine, user=by, role="", act="retention", county_code=county, filter=told, row_count=len(leaving.children)
                )
        except _DryRunError:
            continue
    return [one for one in found if one.children]


class _DryRunError(Exception):
    """Nothing is to be written."""


def _remove(conn: Connection, county: str, last: date) -> Leaving:
    opened = exists().where(case_file.c.child_id == child.c.id, case_file.c.closed_on.is_(None))
    old = select(child.c.id).where(child.c.county_code == county, child.c.school_age_to <= last, ~opened)
    children = sorted(conn.execute(old).scalars())
    if not children:
        return Leaving(county, (), {})
    touched = Touched(conn, children)
    rows = dict(_delete_all(conn, children))
    touched.rebuild()
    return Leaving(county, tuple(children), rows)


def _delete_all(conn: Connection, children: Collection[int]) -> Iterator[tuple[str, int]]:
    """Every row about the children, those that point at others first."""
    for part in chunks(children):
        conn.execute(update(child).where(child.c.merged_into.in_(part)).values(merged_into=None))
    for table in reversed(metadata.sorted_tables):
        count = sum(_delete(conn, table, part) for part in chunks(children))
        if count:
            yield table.name, count


def _delete(conn: Connection, table: Table, part: list[int]) -> int:
    """The rows of one table about these children, by child, case, visit or movement."""
    owners = {
        "case_id": select(case_file.c.id).where(case_file.c.child_id.in_(part)),
        "visit_id": select(home_visit.c.id).where(home_visit.c.child_id.in_(part)),
        "movement_id": select(movement_event.c.id).where(movement_event.c.child_id.in_(part)),
    }
    mine = [table.c[name].in_(query) for name, query in owners.items() if name in table.c]
    if table is child:
        mine = [child.c.id.in_(part)]
    elif "child_id" in table.c:
        mine = [table.c.child_id.in_(part)]
    if not mine:
        return 0
    for name in ("corrects", "relapse_of"):
        if name in table.c:
            conn.execute(update(table).where(or_(*mine)).values({name: None}))
    return conn.execute(delete(table).where(or_(*mine))).rowcount
