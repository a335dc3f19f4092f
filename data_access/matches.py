"""Doubtful matches for a person to decide, and two records found to be one child: merged, and parted again."""

import json
from dataclasses import dataclass
from datetime import datetime
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
    match_review,
    metadata,
    now,
    survey_entry,
)
from data_access.secrets import Cipher
from data_access.walls import open_scoped
from data_access.walls_postgres import settings_for
from data_access.writing import write
from domain.errors import ProblemError
from domain.masking import PiiKind, mask
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


@dataclass(frozen=True)
class Review:
    """A row that may be a known child: why it is doubtful, how the row names the child, and whom it may be."""

    id: int
    kind: str
    child_id: int
    other_id: int | None
    said: str
    file_name: str
    row_no: int | None
    found_at: datetime


def read_reviews(engine: Engine, cipher: Cipher, scope: Scope) -> list[Review]:
    """The doubts that nobody has decided yet about children in the scope, the oldest first."""
    scope.require(Write.IMPORT)
    with open_scoped(engine, scope) as conn:
        open_ones = select(match_review).where(match_review.c.decided.is_(None)).order_by(match_review.c.id)
        return [_review(row, cipher, scope) for row in conn.execute(open_ones)]


def _review(row: Any, cipher: Cipher, scope: Scope) -> Review:
    told = json.loads(cipher.unseal(row.content) or "{}")
    name = str(told.pop("student_name", ""))
    told.pop("guardian", None)
    shown = name if scope.sees_names else mask(name, PiiKind.NAME)
    said = " · ".join([str(shown), *(str(value) for value in told.values())])
    return Review(row.id, row.kind, row.child_id, row.other_id, said, row.file_name or "", row.row_no, row.found_at)


def decide(engine: Engine, cipher: Cipher, scope: Scope, review_id: int, *, same: bool) -> None:
    """Say whether a doubtful row is that child: the next import of the row goes by it. Two records that are one are merged.

    Raises ProblemError match.unknown for a doubt that is not there, not in the scope, or decided.
    """
    found = next((one for one in read_reviews(engine, cipher, scope) if one.id == review_id), None)
    if found is None:
        raise ProblemError("match.unknown", number=review_id)
    if same and found.kind == "two_children" and found.other_id:
        merge_children(engine, scope, found.child_id, found.other_id)
    told = {"decided": "same" if same else "other", "decided_by": scope.user, "decided_at": now()}
    with write(engine, _county(engine, found.child_id)) as conn:
        conn.execute(update(match_review).where(match_review.c.id == review_id).values(told))
    audit.record(engine, scope, "decide_match", filter_text=f"{review_id} {told['decided']}", row_ids=[found.child_id])


def _county(engine: Engine, child_id: int) -> str:
    with _owning(engine) as conn:
        return str(conn.execute(select(child.c.county_code).where(child.c.id == child_id)).scalar_one())


def merge_children(engine: Engine, scope: Scope, kept_id: int, gone_id: int) -> int:
    """Put everything recorded of one child under another, who is the same; returns the number of the merge.

    What the kept record lacks is filled in from the other. Raises ProblemError match.no_merge for children outside the
    scope, of two counties, or merged before.
    """
    scope.require(Write.IMPORT)
    _require_visible(engine, scope, {kept_id, gone_id})
    with write(engine, _county(engine, kept_id)) as conn:
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
