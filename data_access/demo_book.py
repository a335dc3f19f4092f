"""The demo's rows on their way to the database, numbered so that the same seed gives the same rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from data_access.bulk import Row, copy_rows
from data_access.schema import child, enrolment_spell, exam_sitting, metadata, movement_event

OF_SCHOOLS = (enrolment_spell, exam_sitting, movement_event)  # rows of children that schools count together


class RowBook:
    """Rows of the smaller tables, kept until all are known; the larger tables are streamed past it with `stream`."""

    def __init__(self) -> None:
        self._rows: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._last: defaultdict[Table, int] = defaultdict(int)
        self._numbered: dict[Table, bool] = {}
        self.written: dict[str, int] = {}

    def add(self, table: Table, **values: Any) -> int:
        """Keep a row and return the number it gets; 0 for a table that is not numbered."""
        if table not in self._numbered:
            self._numbered[table] = "id" in table.columns
        number = self._next(table) if self._numbered[table] else 0
        if number:
            values["id"] = number
        self._rows[table].append(values)
        return number

    def reserve(self, table: Table, count: int) -> None:
        """Leave the first numbers of a table to rows that bring their own."""
        self._last[table] = count

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """The rows kept for a table so far."""
        return self._rows[table]

    def _next(self, table: Table) -> int:
        self._last[table] += 1
        return self._last[table]

    def stream(
        self, conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row], mine: Collection[int] | None = None
    ) -> int:
        """Write rows at once, numbered in order unless they bring their numbers; returns how many there were.

        `mine`: of the numbered rows only those of these children, unless they are of schools as well.
        """
        bare = "id" not in columns
        numbered = ((self._next(table), *row) for row in rows) if bare else rows
        names = ["id", *columns] if bare else columns
        if mine is not None and table not in OF_SCHOOLS:
            whose = names.index(_whose(table))
            numbered = (row for row in numbered if row[whose] in mine)
        count = copy_rows(conn, table, names, numbered)
        self.written[table.name] = self.written.get(table.name, 0) + count
        return count

    def write(self, conn: Connection, tables: Collection[Table], mine: Collection[int] | None = None) -> None:
        """Write the rows kept for these tables, parents before children, and forget them; `mine`: no other children's."""
        for table in (table for table in metadata.sorted_tables if table in tables):
            rows = self._rows.pop(table, [])
            if mine is not None and table not in OF_SCHOOLS and (whose := _whose(table)) in table.columns:
                rows = [row for row in rows if row.get(whose) is None or row[whose] in mine]
            if rows:
                columns = [column for column in table.columns if any(column.name in row for row in rows)]
                fallback = {column.name: getattr(column.default, "arg", None) for column in columns}
                copied = copy_rows(conn, table, [column.name for column in columns], _in_order(rows, fallback))
                self.written[table.name] = self.written.get(table.name, 0) + copied


def _whose(table: Table) -> str:
    """The column that says whose row it is, where there is one."""
    return "id" if table is child else "child_id"


def _in_order(rows: list[dict[str, Any]], fallback: dict[str, Any]) -> Iterator[Row]:
    for row in rows:
        yield [row.get(name, default) for name, default in fallback.items()]
