"""Sealing everything anew with a new key, so that the old ones can be thrown away."""

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, LargeBinary, Table, select, update

from data_access import audit
from data_access.engine import IMMEDIATE, WALL
from data_access.schema import metadata
from data_access.secrets import Cipher, rotate
from data_access.walls_postgres import settings_for

NOT_SEALED = frozenset({"content", "shape", "token_hash", "name_mac"})
PORTION = 2_000


def sealed_columns() -> list[tuple[Table, Column[bytes]]]:
    """Every column that holds sealed values: bytes that are no HMAC, no hash and no shape."""
    return [
        (table, column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not column.name.endswith("_mac") and column.name not in NOT_SEALED
    ]


def rotate_keys(engine: Engine, path: Path, *, by: str) -> int:
    """Add a key to the ring in `path` and seal every value with it; how many were sealed anew.

    In one transaction: an error leaves all values under the keys before, which stay in the ring. Matching is untouched, for
    its key is another. Old keys may be taken out of the file by hand once no backup needs them.
    """
    cipher = rotate(path)
    with engine.connect().execution_options(**{IMMEDIATE: True, WALL: settings_for(None)}) as conn, conn.begin():
        count = sum(_seal_anew(conn, cipher, table, column) for table, column in sealed_columns())
    audit.append(engine, user=by, role="", act="key.rotate", row_count=count)
    return count


def _seal_anew(conn: Connection, cipher: Cipher, table: Table, column: Column[bytes]) -> int:
    key, count, after = next(iter(table.primary_key.columns)), 0, None
    while True:
        query = select(key, column).where(column.is_not(None)).order_by(key).limit(PORTION)
        rows = conn.execute(query if after is None else query.where(key > after)).all()
        for number, value in rows:
            conn.execute(update(table).where(key == number).values({column.name: cipher.seal(cipher.unseal(value))}))
        count += len(rows)
        if len(rows) < PORTION:
            return count
        after = rows[-1][0]
