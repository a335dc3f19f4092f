"""Data of children who have left school age: how long they are kept, who is due to go, and the going."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, exists, or_, select, update

from data_access import audit
from data_access.chunks import among, chunks
from data_access.derive import Touched
from data_access.engine import read_state
from data_access.login_roles import IMPORT
from data_access.schema import area, case_file, child, home_visit, import_change, metadata, movement_event, notice
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
    children = _find_old(conn, county, last)
    if not children:
        return Leaving(county, (), {})
    touched = Touched(conn, children)
    rows = _delete_all(conn, children)
    touched.rebuild()
    return Leaving(county, tuple(children), rows)


def _find_old(conn: Connection, county: str, last: date) -> list[int]:
    """Whose school age ended by `last`, and the records merged into theirs, which are of the same child and go with it alone."""
    opened = exists().where(case_file.c.child_id == child.c.id, case_file.c.closed_on.is_(None))
    old = select(child.c.id).where(child.c.county_code == county, child.c.school_age_to <= last, ~opened)
    found = set(conn.execute(old.where(child.c.merged_into.is_(None))).scalars())
    merged = conn.execute(select(child.c.id, child.c.merged_into).where(child.c.merged_into.is_not(None))).all()
    while more := {gone for gone, kept in merged if kept in found} - found:
        found |= more
    return sorted(found)


def _delete_all(conn: Connection, children: Collection[int]) -> dict[str, int]:
    """Every row about the children, those that point at others first, and what imports keep of how it was before."""
    rows: Counter[str] = Counter()
    for part in chunks(children):
        conn.execute(update(child).where(among(child.c.merged_into, part)).values(merged_into=None))
    for table in reversed(metadata.sorted_tables):
        for part in chunks(children):
            mine = _of_children(table, part)
            if mine is None:
                break
            if "id" in table.c:
                its = import_change.c.record_id.in_(select(table.c.id).where(mine))
                rows[import_change.name] += conn.execute(
                    delete(import_change).where(import_change.c.table_name == table.name, its)
                ).rowcount
            for name in ("corrects", "relapse_of"):
                if name in table.c:
                    conn.execute(update(table).where(mine).values({name: None}))
            rows[table.name] += conn.execute(delete(table).where(mine)).rowcount
    return dict(+rows)


def _of_children(table: Table, part: list[int]) -> ColumnElement[bool] | None:
    """The rows of one table that point at these children (a second one too), or at their cases, visits, movements or notices."""
    if table is child:
        return among(child.c.id, part)
    cases = select(case_file.c.id).where(among(case_file.c.child_id, part))
    owners = {
        case_file: cases,
        home_visit: select(home_visit.c.id).where(among(home_visit.c.child_id, part)),
        movement_event: select(movement_event.c.id).where(among(movement_event.c.child_id, part)),
        notice: select(notice.c.id).where(notice.c.case_id.in_(cases)),
    }
    named = [(column, one.column.table) for column in table.c for one in column.foreign_keys if one.column.table is not table]
    mine: list[ColumnElement[bool]] = [among(column, part) for column, owner in named if owner is child]
    mine += [column.in_(owners[owner]) for column, owner in named if owner in owners]
    return or_(*mine) if mine else None
