"""What one run of the contradiction rules looks at: the day, the keys, and everything or only what a write touched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, true

from data_access.chunks import among, chunks
from data_access.secrets import Cipher

BATCH = 20_000  # rows fetched at a time


@dataclass(frozen=True)
class Look:
    """`children` and `units` None: all of them. Units are schools and towns, by code."""

    conn: Connection
    cipher: Cipher
    day: date
    children: frozenset[int] | None = None
    units: frozenset[str] | None = None
    memo: dict[str, Any] = field(default_factory=dict)  # what several sources need, counted once

    def rows(self, query: Select[Any], child_id: ColumnElement[Any]) -> Iterator[Any]:
        """The rows of a query about children: all, or those of the touched children."""
        for clause in self._parts(child_id):
            yield from self.conn.execute(query.where(clause).execution_options(yield_per=BATCH))

    def _parts(self, child_id: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
        if self.children is None:
            yield true()
            return
        for part in chunks(self.children):
            yield among(child_id, part)

    def of_units(self, unit: ColumnElement[Any]) -> ColumnElement[bool]:
        """The rows of all units, or of the touched ones."""
        return true() if self.units is None else unit.in_(sorted(self.units))

    def on(self, table: FromClause) -> ColumnElement[bool]:
        """Rows of a table of spans that are valid on the day."""
        return (table.c.valid_from <= self.day) & (table.c.valid_to > self.day)
