"""Two records found to be one child: merged, and parted again."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select, update

from data_access import audit
from data_access.chunks import chunks
from data_access.derive import Touched
from data_access.engine import WALL
from data_access.schema import (
    absence_day,
    child,
    child_merge,
    child_place,
    ledger_line,
    metadata,
    now,
    survey_entry,
)
from data_access.walls import open_scoped
from data_access.walls_postgres import settings_for
from data_access.writing import write
from domain.errors import ProblemError
from domain.scope import Scope, Write

LEFT_ALONE = {
    "child_place",
    "child_scope",
    "case_interval",
    "care_interval",
    "loss_spell",
    "match_review",
}  # worked out anew, or about the doubt itself
ONCE_A_DAY = {absence_day.name: "on_date", survey_entry.name: "surveyed_on"}
FILLED_IN = (
    *("sex", "birth_date", "school_age_from", "school_age_to", "sixteen_on", "ethnicity"),
    *("id_no", "id_mac", "registry_no", "registry_mac"),
)


def county_of_child(engine: Engine, child_id: int) -> str:
    """The county whose data a child belongs to."""
    with _owning(engine) as conn:
        return str(conn.execute(select(child.c.county_code).where(child.c.id == child_id)).scalar_one())


def merge_children(engine: Engine, scope: Scope, kept_id: int, gone_id: int) -> int:
    """Put everything recorded of one child under another, who is the same; returns the number of the merge.

    What the kept record lacks is filled in from the other. Raises ProblemError match.no_merge for children outside the
    scope, of two counties, or merged before.
    """
    scope.require(Write.IMPORT)
    _require_visible(engine, scope, {kept_id, gone_id})
    with write(engine, county_of_child(engine, kept_id)) as conn:
        pair = {row.id: row for row in conn.execute(select(child).where(child.c.id.in_([kept_id, gone_id])))}
        kept, gone = pair[kept_id], pair[gone_id]
        if kept.merged_into or gone.merged_into or kept.county_code != gone.county_code:
            raise ProblemError("match.no_merge")
        touched = Touched(conn, {kept_id, gone_id})
        moved: dict[str, list[Any]] = {table.name: _move(conn, table, gone_id, kept_id) for table in _tables()}
        filled = {
            name: getattr(gone, name) for name in FILLED_IN if getattr(kept, name) is None and getattr(gone, name) is not None
        }
        if filled:
            conn.execute(update(child).where(child.c.id == kept_id).values(filled))
        moved["child"] = list(filled)
        conn.execute(update(child).where(child.c.id == gone_id).values(merged_into=kept_id))
        told = {"county_code": kept.county_code, "kept_id": kept_id, "gone_id": gone_id, "merged_by": scope.user}
        moved = {name: ids for name, ids in moved.items() if ids}
        key = conn.execute(insert(child_merge).values(**told, moved=json.dumps(moved))).inserted_primary_key
        touched.rebuild()
    number = int(key[0]) if key else 0
    audit.record(engine, scope, "merge_children", filter_text=str(number), row_ids=[kept_id, gone_id])
    return number


def find_merge(engine: Engine, kept_id: int, gone_id: int) -> int | None:
    """The number of the merge that put one record under another and still stands."""
    same = (child_merge.c.kept_id == kept_id) & (child_merge.c.gone_id == gone_id)
    with _owning(engine) as conn:
        found = conn.execute(select(child_merge.c.id).where(same, child_merge.c.undone_at.is_(None))).scalar()
    return None if found is None else int(found)


def part_children(engine: Engine, scope: Scope, merge_id: int) -> None:
    """Undo a merge: what was moved goes back, what was filled in is taken out. Raises ProblemError match.no_merge."""
    scope.require(Write.IMPORT)
    with _owning(engine) as conn:
        found = conn.execute(select(child_merge).where(child_merge.c.id == merge_id, child_merge.c.undone_at.is_(None))).first()
    if found is None:
        raise ProblemError("match.no_merge")
    _require_visible(engine, scope, {found.kept_id})
    with write(engine, found.county_code) as conn:
        touched = Touched(conn, {found.kept_id, found.gone_id})
        moved = json.loads(found.moved)
        filled = moved.pop("child", [])
        for name, ids in moved.items():
            table = metadata.tables[name]
            for part in chunks(ids):
                conn.execute(update(table).where(table.c.id.in_(part)).values(child_id=found.gone_id))
        _name_lines(conn, found.kept_id, found.gone_id, moved.get(ledger_line.name, []))
        if filled:
            conn.execute(update(child).where(child.c.id == found.kept_id).values(dict.fromkeys(filled)))
        conn.execute(update(child).where(child.c.id == found.gone_id).values(merged_into=None))
        undone = {"undone_by": scope.user, "undone_at": now()}
        conn.execute(update(child_merge).where(child_merge.c.id == merge_id).values(undone))
        touched.rebuild()
    audit.record(engine, scope, "part_children", filter_text=str(merge_id), row_ids=[found.kept_id, found.gone_id])


def _owning(engine: Engine) -> Any:
    """A connection for looking up numbers, by the owner of the tables: it shows no values of children."""
    return engine.connect().execution_options(**{WALL: settings_for(None)})


def _require_visible(engine: Engine, scope: Scope, children: set[int]) -> None:
    with open_scoped(engine, scope) as conn:
        seen = set(conn.execute(select(child_place.c.child_id).where(child_place.c.child_id.in_(children)).distinct()).scalars())
    if seen != children:
        raise ProblemError("match.no_merge")


def _tables() -> list[Table]:
    return [
        table for table in metadata.sorted_tables if "child_id" in table.c and table.name not in LEFT_ALONE and "id" in table.c
    ]


def _move(conn: Connection, table: Table, gone_id: int, kept_id: int) -> list[int]:
    """Move the rows of one table; a day, or a line, that the kept child has already stays where it is."""
    query = select(table.c.id).where(table.c.child_id == gone_id)
    if table.name in ONCE_A_DAY:
        day = table.c[ONCE_A_DAY[table.name]]
        query = query.where(day.not_in(select(day).where(table.c.child_id == kept_id)))
    if table is ledger_line:
        had = select(ledger_line.c.ledger).where(ledger_line.c.line_key == f"child:{kept_id}")
        query = query.where((ledger_line.c.line_key != f"child:{gone_id}") | ledger_line.c.ledger.not_in(had))
    ids = list(conn.execute(query).scalars())
    for part in chunks(ids):
        conn.execute(update(table).where(table.c.id.in_(part)).values(child_id=kept_id))
    if table is ledger_line:
        _name_lines(conn, gone_id, kept_id, ids)
    return ids


def _name_lines(conn: Connection, was: int, becomes: int, ids: list[int]) -> None:
    for part in chunks(ids):
        mine = ledger_line.c.id.in_(part) & (ledger_line.c.line_key == f"child:{was}")
        conn.execute(update(ledger_line).where(mine).values(line_key=f"child:{becomes}"))
