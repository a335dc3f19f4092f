"""Where what is recorded of a child comes from: every import that made or changed any of it."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Engine, Table, or_, select

from data_access.batches import Origin, read_origins
from data_access.schema import child, import_batch, import_row, metadata
from data_access.walls import open_scoped
from domain.scope import Scope

Records = Mapping[str, Sequence[int]]  # table -> the numbers of a child's records


def read_child_origins(engine: Engine, scope: Scope, child_id: int) -> list[Origin]:
    """Ledger, file, sheet, row, time and person of every import behind a child's records, the latest first.

    None outside the scope; an import that was undone is left out, and what a person entered on a page has no import.
    """
    scope.require_children()
    with open_scoped(engine, scope) as conn:
        records = {table.name: _numbers(conn, table, child_id) for table in (child, *_of_child())}
        found = {
            origin.batch_id for name, ids in records.items() for one in ids for origin in read_origins(conn, scope, name, one)
        }
        return _rows(conn, records, found)


def _of_child() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if {"id", "child_id", "batch_id"} <= set(table.c.keys()))


def _numbers(conn: Connection, table: Table, child_id: int) -> list[int]:
    own = table.c.id if table is child else table.c.child_id
    return list(conn.execute(select(table.c.id).where(own == child_id)).scalars())


def _rows(conn: Connection, records: Records, batches: set[int]) -> list[Origin]:
    """The rows of these imports that are about the child: a guardian or a home hangs on the row of another record."""
    one, row = import_batch.c, import_row.c
    about = [(row.table_name == name) & row.record_id.in_(ids) for name, ids in records.items() if ids]
    columns = (one.id, one.ledger, one.file_name, row.sheet, row.row_no, one.imported_by, one.started_at)
    query = select(*columns).join_from(import_batch, import_row, row.batch_id == one.id)
    latest = query.where(one.id.in_(batches), or_(*about)).order_by(one.id.desc(), row.sheet, row.row_no) if about else None
    return [Origin(*found) for found in conn.execute(latest)] if latest is not None else []
