"""Many rows at once: executemany on SQLite, COPY on PostgreSQL, inside the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Table, text
from sqlalchemy.schema import CreateIndex, DropIndex

Row = Sequence[Any]


def copy_rows(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write `rows`, each in the order of `columns`, and return how many there were; a generator is streamed.

    Columns left out get the table's own default. Values are what SQLAlchemy takes: dates, times, bytes, numbers, text, None.
    Rows may bring their own `id`; PostgreSQL's sequence is then moved behind the largest. Constraints hold as for any insert.
    """
    rest = {column.name: _default(column.default) for column in table.columns if column.default and column.name not in columns}
    names, tail = [*columns, *rest], tuple(rest.values())
    counter = count()
    counted = ((*row, *tail) for row, _ in zip(rows, counter, strict=False))
    if conn.dialect.name == "postgresql":
        _copy(conn, table, names, counted)
    else:
        _execute_many(conn, table, names, counted)
    return next(counter)


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


def _execute_many(conn: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]) -> None:
    kinds = [table.columns[name].type for name in names]
    dated = [at for at, kind in enumerate(kinds) if isinstance(kind, Date | DateTime)]
    marks = ",".join("?" * len(names))
    quoted = ",".join(f'"{name}"' for name in names)
    cursor = conn.connection.cursor()
    try:
        statement = f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})'  # noqa: S608
        cursor.executemany(statement, _with_text_dates(rows, dated))  # type: ignore[arg-type]  # sqlite3 takes any iterable
    finally:
        cursor.close()


class _DateText(dict[Any, Any]):
    """Dates as SQLAlchemy writes them to SQLite, each worked out once."""

    def __missing__(self, value: date | datetime | None) -> str | None:
        if isinstance(value, datetime):
            told: str | None = value.isoformat(" ", "microseconds")
        else:
            told = None if value is None else value.isoformat()
        self[value] = told
        return told


def _with_text_dates(rows: Iterable[Row], dated: Sequence[int]) -> Iterator[Row]:
    told = _DateText()
    for row in rows:
        out = list(row)
        for at in dated:
            out[at] = told[out[at]]
        yield out


def _copy(conn: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]) -> None:
    quoted = ",".join(f'"{name}"' for name in names)
    cursor = conn.connection.cursor()
    try:
        with cursor.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        if "id" in names:
            sequence = f"""pg_get_serial_sequence('"{table.name}"', 'id')"""
            cursor.execute(f'SELECT setval({sequence}, max(id)) FROM "{table.name}" HAVING max(id) > 0')  # noqa: S608
    finally:
        cursor.close()


@contextmanager
def without_indexes(conn: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Drop the secondary indexes of `tables`, make them again at the end: sorted once, not grown row by row.

    For the first filling of a database. In the caller's transaction, so an error brings them back.
    """
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    for index in indexes:
        conn.execute(DropIndex(index))
    yield
    for index in indexes:
        conn.execute(CreateIndex(index))


def update_statistics(conn: Connection) -> None:
    """Tell the query planner what is in the tables now; both engines otherwise guess after a large load."""
    conn.execute(text("ANALYZE"))
