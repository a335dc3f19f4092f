"""Everything one import reads and writes of the tables: gathered, written in bulk, with what was there before kept.

A record is a row as a dictionary, current as of now: what this import has added or changed is in it before it is written.
"""

import json
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, DateTime, LargeBinary, Table, bindparam, select, update

from data_access.bulk import copy_rows, take_numbers
from data_access.chunks import among, chunks
from data_access.schema import OPEN_END, import_change, metadata
from data_access.secrets import Cipher

Record = dict[str, Any]
BLOCK = 200  # numbers taken at once; what an import leaves over is only a gap
LARGEST_BLOCK = 20_000


class Records:
    """The rows of children and units that an import touches; `flush` writes them in the order of their references.

    Rows of other batches are changed in place with their former values in `import_change`; rows of this batch simply change.
    """

    def __init__(self, conn: Connection, cipher: Cipher, batch_id: int) -> None:
        self.conn, self.cipher, self.batch_id = conn, cipher, batch_id
        self._held: dict[str, dict[int, list[Record]]] = {}
        self._new: dict[Table, list[Record]] = {}
        self._blanks: dict[Table, Record] = {}
        self._numbers: dict[Table, Iterator[int]] = {}
        self._blocks: dict[Table, int] = {}
        self._before: dict[tuple[str, int], Record] = {}
        self._dirty: dict[tuple[str, int], tuple[Table, Record, set[str]]] = {}

    # --- reading --------------------------------------------------------------------------------------------------------

    def load(self, table: Table, owners: Collection[int]) -> None:
        """Fetch the rows of these children (or cases, for a table that knows only cases) in a few queries."""
        held, owner = self._held.setdefault(table.name, {}), table.c[_owner(table) or "id"]
        for part in chunks({one for one in owners if one not in held}):
            held.update({one: [] for one in part})
            for row in self.conn.execute(select(table).where(among(owner, part)).order_by(table.c.id)):
                held[getattr(row, owner.name)].append(dict(row._mapping))

    def of(self, table: Table, owner: int) -> list[Record]:
        """The rows of one child (or case), in the order of their numbers; the list is the import's own."""
        held = self._held.setdefault(table.name, {})
        if owner not in held:
            self.load(table, [owner])
        return held[owner]

    def hold_new(self, tables: Collection[Table], owner: int) -> None:
        """A child or case made just now has no rows: nothing needs to be asked."""
        for table in tables:
            self._held.setdefault(table.name, {}).setdefault(owner, [])

    def let_go(self, owner: int) -> None:
        """Hold the rows of one child (or case) no longer; they must have been flushed."""
        for held in self._held.values():
            held.pop(owner, None)

    # --- writing --------------------------------------------------------------------------------------------------------

    def add(self, table: Table, **values: Any) -> Record:
        """A new row, to be written with the next flush; its number is known at once."""
        record: Record = {**self._blank(table), **values, "id": self._next(table)}
        owner = _owner(table)
        if owner and record[owner] is not None:
            self.of(table, record[owner]).append(record)
        self._new.setdefault(table, []).append(record)
        return record

    def _blank(self, table: Table) -> Record:
        """The values of a row that says nothing."""
        if table not in self._blanks:
            self._blanks[table] = {column.name: _default(column) for column in table.columns}
            self._blanks[table] |= {"batch_id": self.batch_id} if "batch_id" in table.c else {}
        return self._blanks[table]

    def change(self, table: Table, record: Record, **values: Any) -> bool:
        """Change a record; returns whether anything differed."""
        changed = {name: value for name, value in values.items() if record[name] != value}
        if not changed:
            return False
        key = (table.name, int(record["id"]))
        if record.get("batch_id") != self.batch_id:
            before = self._before.setdefault(key, {})
            before.update({name: record[name] for name in changed if name not in before})
        self._dirty.setdefault(key, (table, record, set()))[2].update(changed)
        record.update(changed)
        return True

    def put(self, table: Table, owner: int, same: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[Record, bool]:
        """The child's (or case's) row with the values `same`, brought to say `told`; whether it was made or changed."""
        for record in self.of(table, owner):
            if all(record[name] == value for name, value in same.items()):
                return record, self.change(table, record, **told)
        return self.add(table, **{str(_owner(table)): owner, **same, **told}), True

    def put_spell(
        self,
        table: Table,
        child_id: int,
        same: Mapping[str, Any],
        told: Mapping[str, Any],
        extra: Mapping[str, Any],
        begins: date,
        as_of: date,
    ) -> bool:
        """Bring the open spell with the values `same` to say `told`; returns whether anything changed.

        A spell that says otherwise ends on `as_of` and another begins; one begun that very day is mended in place. `extra`
        goes into what is written but makes no difference.
        """
        old = self.open_spell(table, child_id, same)
        if old is None:
            self.add(table, child_id=child_id, **{**same, **told, **extra}, valid_from=min(begins, as_of), valid_to=OPEN_END)
            return True
        if all(old[name] == value for name, value in told.items()):
            return False
        if old["valid_from"] >= as_of:
            return self.change(table, old, **told, **extra)
        self.change(table, old, valid_to=as_of)
        kept = {name: old[name] for name in old if name not in NOT_CARRIED}
        self.add(table, **{**kept, **told, **extra}, valid_from=as_of, valid_to=OPEN_END)
        return True

    def open_spell(self, table: Table, child_id: int, same: Mapping[str, Any]) -> Record | None:
        """The child's latest spell with these values that has no end yet."""
        spells = [one for one in self.of(table, child_id) if one["valid_to"] == OPEN_END]
        return next((one for one in reversed(spells) if all(one[name] == value for name, value in same.items())), None)

    def end_spell(self, table: Table, child_id: int, same: Mapping[str, Any], on: date) -> bool:
        """End the open spell with these values; returns whether there was one."""
        old = self.open_spell(table, child_id, same)
        return old is not None and self.change(table, old, valid_to=max(on, old["valid_from"]))

    def flush(self) -> None:
        """Write what was gathered: new rows table by table, then changes, then what the changed rows said before."""
        for table in (one for one in metadata.sorted_tables if one in self._new):
            columns = table.columns.keys()
            rows = map(itemgetter(*columns), self._new[table])
            copy_rows(self.conn, table, columns, rows, move_sequence=False)
            for record in self._new[table]:
                self._dirty.pop((table.name, record["id"]), None)
        self._write_changes()
        self._new, self._numbers = {}, {}

    def _write_changes(self) -> None:
        by_columns: defaultdict[tuple[Table, tuple[str, ...]], list[Record]] = defaultdict(list)
        for table, record, names in self._dirty.values():
            by_columns[table, tuple(sorted(names))].append(record)
        for (table, columns), records in by_columns.items():
            new: dict[str, Any] = {one: bindparam(f"new_{one}") for one in columns}
            told = [{"this_id": one["id"], **{f"new_{name}": one[name] for name in columns}} for one in records]
            self.conn.execute(update(table).where(table.c.id == bindparam("this_id")).values(new), told)
        kept = ("batch_id", "table_name", "record_id", "before", "after")
        seal = self.cipher.seal
        changes = [
            (self.batch_id, *key, seal(write_values(before)), seal(write_values({n: self._dirty[key][1][n] for n in before})))
            for key, before in self._before.items()
        ]
        if self._before:
            copy_rows(self.conn, import_change, kept, changes)
        self._dirty, self._before = {}, {}

    def _next(self, table: Table) -> int:
        number = next(self._numbers.get(table, iter(())), None)
        if number is None:
            self._blocks[table] = min(self._blocks.get(table, BLOCK // 4) * 4, LARGEST_BLOCK)
            pending = len(self._new.get(table, ())) if self.conn.dialect.name == "sqlite" else 0
            taken = take_numbers(self.conn, table, self._blocks[table] + pending)
            self._numbers[table] = iter(taken[pending:])
            number = next(self._numbers[table])
        return number


NOT_CARRIED = frozenset({"id", "valid_from", "valid_to", "recorded_at", "batch_id"})


@cache
def _owner(table: Table) -> str | None:
    """The column by which the rows of a table belong to a child, or to a case; None for tables of neither."""
    return next((name for name in ("child_id", "case_id") if name in table.c), None)


def _default(column: Any) -> Any:
    default = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def write_values(values: Mapping[str, Any]) -> str:
    """Values of a row as JSON: dates in ISO form, bytes in base64."""
    told = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
    return json.dumps(told, ensure_ascii=False)


def read_values(table: Table, text: str) -> dict[str, Any]:
    """What `write_values` wrote, by the types of the table's columns."""
    return {name: _read_value(table.columns[name].type, value) for name, value in json.loads(text).items()}


def _read_value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(kind, LargeBinary) else value
