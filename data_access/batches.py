"""What was imported: the history of batches, what each did, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Engine, Select, Table, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from data_access import audit
from data_access.checking import check_touched
from data_access.chunks import MOST, chunks
from data_access.derive import Touched
from data_access.import_records import read_values
from data_access.login_roles import IMPORT
from data_access.schema import (
    care_interval,
    case_file,
    case_interval,
    child_place,
    child_scope,
    contradiction,
    import_batch,
    import_change,
    import_problem,
    import_row,
    loss_spell,
    match_review,
    metadata,
    now,
    responsibility,
    school,
)
from data_access.scoped import begins_with
from data_access.secrets import Cipher
from data_access.writing import write
from domain.errors import ProblemError, ScopeError
from domain.scope import Scope, Write


@dataclass(frozen=True)
class Batch:
    """One import that was written: what came from where, by whom, and what became of its rows."""

    id: int
    ledger: str
    file_name: str
    started_at: datetime
    imported_by: str
    as_of: date
    rows_read: int
    rows_accepted: int
    rows_refused: int
    undone_at: datetime | None


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: the batch, and the sheet and row of its file."""

    batch_id: int
    ledger: str
    file_name: str
    sheet: str
    row_no: int | None
    imported_by: str
    started_at: datetime


WORKED_OUT = (child_place, child_scope, case_interval, loss_spell, care_interval)  # made anew at the end
ABOUT = (match_review.c.child_id, contradiction.c.child_id, contradiction.c.other_child_id)  # doubts that go with their child
COLUMNS = tuple(import_batch.c[name] for name in Batch.__dataclass_fields__)


def read_batches(conn: Connection, scope: Scope, limit: int = 50) -> list[Batch]:
    """The latest imports that this scope may see, the newest first: a school and a town see their own."""
    query = select(*COLUMNS).where(_visible(scope)).order_by(import_batch.c.id.desc()).limit(limit)
    return [Batch(*row) for row in conn.execute(query)]


def _visible(scope: Scope) -> Any:
    own = import_batch.c.imported_by == scope.user
    wide = [begins_with(import_batch.c.county_code, code) for code in scope.areas if len(code) <= 6]
    schools = [begins_with(school.c.town_code, code) for code in scope.areas if len(code) > 6]
    inside = select(school.c.code).where(or_(*schools, school.c.code.in_(scope.schools)))
    return or_(own, *wide, import_batch.c.unit_code.in_(inside))


def read_problem_counts(conn: Connection, batch_id: int) -> list[tuple[str, int]]:
    """How often each fault occurred in a batch, the commonest first."""
    one = import_problem.c
    query = select(one.code, func.count()).where(one.batch_id == batch_id).group_by(one.code).order_by(func.count().desc())
    return [(code, count) for code, count in conn.execute(query)]


def read_origins(conn: Connection, scope: Scope, table_name: str, record_id: int) -> list[Origin]:
    """Every import that made or changed a record, the first first: provenance of its values."""
    scope.require_children()
    made = metadata.tables[table_name].c
    first = select(made.batch_id).where(made.id == record_id, made.batch_id.is_not(None))
    later = select(import_change.c.batch_id).where(
        import_change.c.table_name == table_name, import_change.c.record_id == record_id
    )
    batches = {*conn.execute(first).scalars(), *conn.execute(later).scalars()}
    return list(_origins(conn, table_name, record_id, batches))


def _origins(conn: Connection, table_name: str, record_id: int, batches: set[int]) -> Iterator[Origin]:
    one, row = import_batch.c, import_row.c
    same = (row.batch_id == one.id) & (row.table_name == table_name) & (row.record_id == record_id)
    columns = (one.id, one.ledger, one.file_name, func.coalesce(row.sheet, ""), row.row_no, one.imported_by, one.started_at)
    query = select(*columns).outerjoin_from(import_batch, import_row, same).where(one.id.in_(batches), one.undone_at.is_(None))
    yield from (Origin(*found) for found in conn.execute(query.order_by(one.id)))


def undo_batch(engine: Engine, cipher: Cipher, scope: Scope, batch_id: int) -> int:
    """Take back what a batch did: its rows go, what it changed says again what it said before. Returns the rows taken back.

    Raises ProblemError batch.unknown, batch.undone (already), batch.built_on (a later import or a person has worked on what it
    brought: undo that first), ScopeError for a batch of another unit.
    """
    scope.require(Write.IMPORT)
    with engine.connect() as conn:
        batch = conn.execute(select(import_batch).where(import_batch.c.id == batch_id)).first()
        mine = conn.execute(select(import_batch.c.id).where(import_batch.c.id == batch_id, _visible(scope))).first()
    if batch is None:
        raise ProblemError("batch.unknown", number=batch_id)
    if mine is None:
        raise ScopeError("scope.no_write")
    if batch.undone_at is not None:
        raise ProblemError("batch.undone", number=batch_id)
    try:
        with write(engine, batch.county_code, IMPORT) as conn:
            count, children = _take_back(conn, cipher, batch_id)
            undone = {"undone_at": now(), "undone_by": scope.user}
            conn.execute(update(import_batch).where(import_batch.c.id == batch_id).values(undone))
    except IntegrityError:
        raise ProblemError("batch.built_on", number=batch_id) from None
    check_touched(engine, cipher, children)
    audit.record(
        engine, scope, "undo_import", county=batch.county_code, filter_text=f"{batch.ledger} {batch_id}", row_count=count
    )
    return count


def _take_back(conn: Connection, cipher: Cipher, batch_id: int) -> tuple[int, set[int]]:
    """The number of records taken back, and the children who are still there and must be held against the rules anew."""
    made = _made_by(conn, batch_id)
    changes = list(conn.execute(select(import_change).where(import_change.c.batch_id == batch_id)))
    children = _children_of(conn, made, changes)
    touched = Touched(conn, children)
    for change in changes:
        _restore(conn, cipher, change, batch_id)
    for column, owners in (*((one.c.child_id, children) for one in WORKED_OUT), *((one, made.get("child", [])) for one in ABOUT)):
        for part in chunks(owners):
            conn.execute(delete(column.table).where(column.in_(part)))
    count = len(changes)
    for table in reversed(metadata.sorted_tables):
        ids = made.get(table.name, [])
        count += len(ids)
        for start in range(0, len(ids), MOST):
            conn.execute(delete(table).where(_key(table).in_(ids[start : start + MOST])))
    touched.forget(made.get("child", []))
    touched.rebuild()
    return count, children - set(made.get("child", []))


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key))


def _made_by(conn: Connection, batch_id: int) -> dict[str, list[Any]]:
    """The numbers of the rows a batch made, by table."""
    own = {import_row.name, import_problem.name, import_change.name}
    found: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        if "batch_id" in table.c and table.name not in own:
            ids = list(conn.execute(select(_key(table)).where(table.c.batch_id == batch_id)).scalars())
            if ids:
                found[table.name] = ids
    return found


def _children_of(conn: Connection, made: dict[str, list[Any]], changes: list[Any]) -> set[int]:
    """The children whom a batch's rows and changes are about."""
    by_table: dict[str, set[Any]] = {name: set(ids) for name, ids in made.items()}
    for change in changes:
        by_table.setdefault(change.table_name, set()).add(change.record_id)
    found: set[int] = set(by_table.get("child", ()))
    for name, ids in by_table.items():
        table = metadata.tables[name]
        for part in chunks(ids) if "id" in table.c else []:
            query = _child_of(table, part)
            found |= set(conn.execute(query).scalars()) if query is not None else set()
    if responsibility.name in by_table:  # who answers for a class or a village answers for the cases there
        found |= set(conn.execute(select(case_file.c.child_id)).scalars())
    return found


def _child_of(table: Any, part: list[int]) -> Select[Any] | None:
    files = metadata.tables["case_file"]
    if "child_id" in table.c:
        return select(table.c.child_id).where(table.c.id.in_(part), table.c.child_id.is_not(None))
    if "case_id" in table.c:
        return select(files.c.child_id).join(table, table.c.case_id == files.c.id).where(table.c.id.in_(part))
    return None


def _restore(conn: Connection, cipher: Cipher, change: Any, batch_id: int) -> None:
    """Put back what a changed row said, if it still says what the batch wrote."""
    table = metadata.tables[change.table_name]
    before, after = (read_values(table, cipher.unseal(text) or "{}") for text in (change.before, change.after))
    row = conn.execute(select(table).where(table.c.id == change.record_id)).first()
    if row is None or any(getattr(row, name) != value for name, value in after.items()):
        raise ProblemError("batch.built_on", number=batch_id)
    conn.execute(update(table).where(table.c.id == change.record_id).values(before))
