"""Many rows at once: executemany on SQLite, COPY on PostgreSQL, inside the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, DateTime, Result, Table, func, null, select, text
from sqlalchemy.schema import CreateIndex, DropIndex

Row = Sequence[Any]
FETCHED = 10_000  # rows a time


def copy_rows(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row], *, move_sequence: bool = True) -> int:
    """Write `rows`, each in the order of `columns`, and return how many there were; a generator is streamed.

    Columns left out get the table's own default. Values are what SQLAlchemy takes: dates, times, bytes, numbers, text, None.
    Rows may bring their own `id`; PostgreSQL's sequence is then moved behind the largest, unless the numbers were taken from
    it (`take_numbers`). Constraints hold as for any insert.
    """
    rest = {column.name: _default(column.default) for column in table.columns if column.default and column.name not in columns}
    names, tail = [*columns, *rest], tuple(rest.values())
    cursor = conn.connection.cursor()
    try:
        if conn.dialect.name == "postgresql":
            return _copy(cursor, table, names, rows, tail, move_sequence=move_sequence)
        return _execute_many(cursor, table, names, rows, tail)
    finally:
        cursor.close()


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


def _quoted(names: Sequence[str]) -> str:
    return ",".join(f'"{name}"' for name in names)


def _execute_many(cursor: Any, table: Table, names: Sequence[str], rows: Iterable[Row], tail: Row) -> int:
    kinds = [table.columns[name].type for name in names]
    dated = [at for at, kind in enumerate(kinds) if isinstance(kind, Date | DateTime)]
    marks = ",".join("?" * len(names))
    statement = f'INSERT INTO "{table.name}" ({_quoted(names)}) VALUES ({marks})'  # noqa: S608
    cursor.executemany(statement, _with_text_dates(rows, tail, dated))
    return max(0, int(cursor.rowcount))  # -1 when there were no rows


class _DateText(dict[Any, Any]):
    """Dates as SQLAlchemy writes them to SQLite, each worked out once."""

    def __missing__(self, value: date | datetime | None) -> str | None:
        if isinstance(value, datetime):
            told: str | None = value.isoformat(" ", "microseconds")
        else:
            told = None if value is None else value.isoformat()
        self[value] = told
        return told


def _with_text_dates(rows: Iterable[Row], tail: Row, dated: Sequence[int]) -> Iterator[list[Any]]:
    told = _DateText()
    for row in rows:
        out = [*row, *tail]
        for at in dated:
            out[at] = told[out[at]]
        yield out


def _copy(cursor: Any, table: Table, names: Sequence[str], rows: Iterable[Row], tail: Row, *, move_sequence: bool) -> int:
    """COPY; behind a wall, where PostgreSQL takes none, by way of a table of this transaction's own."""
    cursor.execute("SELECT row_security_active(%s)", (f'"{table.name}"',))
    is_walled, columns = cursor.fetchone()[0], _quoted(names)
    if is_walled:
        cursor.execute(f'CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {columns} FROM "{table.name}" WITH NO DATA')  # noqa: S608
    with cursor.copy(f"COPY {'arriving' if is_walled else _quoted([table.name])} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, *tail))
    written = int(cursor.rowcount)
    if is_walled:
        cursor.execute(f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM arriving')  # noqa: S608
        cursor.execute("DROP TABLE arriving")
    if "id" in names and move_sequence:
        sequence = f"""pg_get_serial_sequence('"{table.name}"', 'id')"""
        cursor.execute(f'SELECT setval({sequence}, max(id)) FROM "{table.name}" HAVING max(id) > 0')  # noqa: S608
    return written


def streamed(result: Result[Any]) -> Iterator[Any]:
    """The rows of a large result, many at a time: one by one each costs twice as much, all at once they fill the memory."""
    for part in result.partitions(FETCHED):
        yield from part


def by_scan(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, for a query grouped by it that must not walk the column's own index row by row, as SQLite else would."""
    return func.coalesce(column, null())


def take_numbers(conn: Connection, table: Table, count: int) -> range | list[int]:
    """Numbers for `count` new rows of `table`; on SQLite they hold until somebody else inserts, so write before that."""
    if conn.dialect.name == "postgresql":
        sequence = f"""pg_get_serial_sequence('"{table.name}"', 'id')"""
        drawn = text(f"SELECT nextval({sequence}) FROM generate_series(1, :count)")  # noqa: S608 - our own table's name
        return list(conn.execute(drawn, {"count": count}).scalars())
    last = conn.execute(select(func.max(table.c.id))).scalar() or 0
    return range(last + 1, last + 1 + count)


@contextmanager
def without_indexes(conn: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Drop the secondary indexes of `tables` and, on PostgreSQL, their foreign keys; make them again at the end.

    An index is then sorted once, not grown row by row, and a key is checked by one join, not by a look-up for each row. For the
    first filling of a database. In the caller's transaction, so an error brings them back. Who does not own the tables
    (PostgreSQL) may not change them: all stays, and the rows take longer.
    """
    owned = [table for table in tables if _is_owner(conn, table)]
    indexes = [index for table in owned for index in sorted(table.indexes, key=lambda index: str(index.name))]
    keys = [(table.name, *key) for table in owned for key in _foreign_keys(conn, table)]
    for index in indexes:
        conn.execute(DropIndex(index))
    for table, name, _ in keys:
        conn.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    yield
    for index in indexes:
        conn.execute(CreateIndex(index))
    for table, name, definition in keys:
        conn.exec_driver_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def _foreign_keys(conn: Connection, table: Table) -> list[tuple[str, str]]:
    """Name and definition of each, as the database has them; none on SQLite, which cannot take a key away."""
    if conn.dialect.name != "postgresql":
        return []
    query = text("""SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND conrelid = CAST(:name AS regclass) ORDER BY conname""")
    return [(row[0], row[1]) for row in conn.execute(query, {"name": f'"{table.name}"'})]


def update_statistics(conn: Connection, tables: Sequence[Table] | None = None) -> None:
    """Tell the query planner what is in the tables now (in all, unless told which); both engines otherwise guess after a load."""
    if conn.dialect.name == "sqlite":
        conn.execute(text("PRAGMA analysis_limit=1000"))  # a sample is enough, and takes a tenth of a second
    for named in [""] if tables is None else [f' "{table.name}"' for table in tables]:
        conn.execute(text(f"ANALYZE{named}"))


def _is_owner(conn: Connection, table: Table) -> bool:
    if conn.dialect.name != "postgresql":
        return True
    query = text("SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = CAST(:name AS regclass)")
    return bool(conn.execute(query, {"name": f'"{table.name}"'}).scalar())
