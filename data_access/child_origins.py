"""Where what is recorded of a child comes from: every import that made or changed any of it."""

from collections.abc import Iterator

from sqlalchemy import Engine, Table, select

from data_access.batches import Origin, read_origins
from data_access.schema import child, metadata
from data_access.walls import open_scoped
from domain.scope import Scope


def read_child_origins(engine: Engine, scope: Scope, child_id: int) -> list[Origin]:
    """Ledger, file, sheet, row, time and person of every import behind a child's records, the latest first.

    None outside the scope; an import that was undone is left out, and what a person entered on a page has no import.
    """
    scope.require_children()
    found: dict[int, set[Origin]] = {}
    with open_scoped(engine, scope) as conn:
        for table in (child, *_of_child()):
            own = table.c.id if table is child else table.c.child_id
            for record_id in conn.execute(select(table.c.id).where(own == child_id)).scalars().all():
                for origin in read_origins(conn, scope, table.name, record_id):
                    found.setdefault(origin.batch_id, set()).add(origin)
    return [one for batch in sorted(found, reverse=True) for one in _rows(found[batch])]


def _of_child() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if {"id", "child_id", "batch_id"} <= set(table.c.keys()))


def _rows(origins: set[Origin]) -> list[Origin]:
    """The rows of a batch; what hangs on a row (guardian, home) has none of its own."""
    named = sorted((one for one in origins if one.row_no is not None), key=lambda one: (one.sheet, one.row_no or 0))
    return named or list(origins)[:1]
