"""Who did what to whose data: append-only, each row sealed to the one before it."""

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from os import SEEK_END
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary
from zlib import crc32

from sqlalchemy import Connection, Engine, event, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from data_access.engine import IMMEDIATE, SHANGHAI, audit_engine
from data_access.schema import AUDIT_TABLES, audit_event, metadata, now
from domain.errors import AuditError, ProblemError
from domain.scope import Scope

log = logging.getLogger(__name__)
SEALED = ("at", "user", "role", "act", "county_code", "filter", "row_count", "row_ids", "reason", "file_hash", "previous_hash")
_engines: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_opening = Lock()

ONLY_APPEND = tuple(  # SQLite asks no trigger of DELETE about what REPLACE takes away
    f"CREATE TRIGGER IF NOT EXISTS audit_no_{name} BEFORE {deed} BEGIN SELECT RAISE(ABORT, 'append only'); END"
    for name, deed in (
        ("UPDATE", "UPDATE ON audit_event"),
        ("DELETE", "DELETE ON audit_event"),
        ("REPLACE", "INSERT ON audit_event WHEN NEW.id IN (SELECT id FROM audit_event)"),
    )
)


@contextmanager
def in_turn(engine: Engine, name: str) -> Iterator[Connection]:
    """A transaction that waits until every other of the same `name` is over; it moves no data version."""
    with engine.connect().execution_options(**{IMMEDIATE: True}) as conn, conn.begin():
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": crc32(name.encode())})
        yield conn


def open_audit(engine: Engine) -> Engine:
    """The engine that holds the audit of this database; on SQLite its file is made when it is missing."""
    with _opening:
        if engine not in _engines:
            found = audit_engine(engine)
            if found is engine:
                return engine
            with in_turn(found, "audit") as conn:
                metadata.create_all(conn, tables=list(AUDIT_TABLES))
                for trigger in ONLY_APPEND:
                    conn.exec_driver_sql(trigger)
            event.listen(engine, "engine_disposed", lambda _engine: found.dispose())
            _engines[engine] = found
        return _engines[engine]


def record(
    engine: Engine,
    scope: Scope,
    act: str,
    *,
    county: str | None = None,
    filter_text: str | None = None,
    row_count: int | None = None,
    row_ids: Sequence[int | str] = (),
    reason: str | None = None,
    file_hash: str | None = None,
) -> str:
    """Append one act of the one who looks and return its seal; whoever must not act unrecorded acts after this returns.

    `row_ids` are record numbers, never names. Raises AuditError when it cannot be written: no audit, no act.
    """
    return append(
        engine,
        user=scope.user,
        role=scope.role,
        act=act,
        county_code=county,
        filter=filter_text,
        row_count=row_count,
        row_ids=",".join(map(str, row_ids)) or None,
        reason=reason,
        file_hash=file_hash,
    )


def append(engine: Engine, **fields: Any) -> str:
    """Append one row under the seal of the last: sign-ins, and other acts of people without a scope. Raises AuditError."""
    try:
        return _append(engine, fields)
    except (SQLAlchemyError, OSError) as error:
        log.error("audit not written: %s", type(error).__qualname__)
        raise AuditError("audit.unwritable") from error


def _append(engine: Engine, fields: Mapping[str, Any]) -> str:
    with in_turn(open_audit(engine), "audit") as conn:
        last = conn.execute(select(audit_event.c.at, audit_event.c.row_hash).order_by(audit_event.c.id.desc()).limit(1)).first()
        row = {**dict.fromkeys(SEALED), **fields, "at": now(), "previous_hash": last.row_hash if last else None}
        row["row_hash"] = seal(row)
        conn.execute(insert(audit_event).values(row))
        if last and day_here(last.at) < day_here(row["at"]):
            _write_anchor(anchor_file(engine), day_here(last.at), last.row_hash)
    return str(row["row_hash"])


def day_here(at: datetime) -> date:
    """The day in Shanghai of a moment as it is kept."""
    return at.replace(tzinfo=UTC).astimezone(SHANGHAI).date()


def seal(row: dict[str, Any]) -> str:
    """SHA-256 over the row's values and the seal before it: changing either changes this and all that follow."""
    values = [row["at"].isoformat(), *(row[name] for name in SEALED[1:])]
    return sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def verify_chain(engine: Engine) -> int:
    """The number of audit rows, all of them found untouched.

    Raises ProblemError audit.broken with the first row number whose seal does not fit, audit.anchor_missing for a day whose
    anchor is not in the chain (rows cut off its end, or the whole chain written anew), and audit.anchor_unreadable.
    """
    anchors = read_anchors(anchor_file(engine))
    previous: str | None = None
    count = 0
    with open_audit(engine).connect() as conn:
        for row in conn.execute(select(audit_event).order_by(audit_event.c.id)):
            if row.previous_hash != previous or row.row_hash != seal(dict(row._mapping)):
                raise ProblemError("audit.broken", row=row.id)
            previous = row.row_hash
            anchors.pop(row.row_hash, None)
            count += 1
    if anchors:
        raise ProblemError("audit.anchor_missing", day=min(anchors.values()))
    return count


def anchor_file(engine: Engine) -> Path:
    """KONGCHUO_ANCHORS, else `audit-anchors.txt` beside the embedded database, else in var/.

    One line a day: the day in Shanghai and its last seal. Kept on another machine, or printed, it shows later that nobody wrote
    the audit anew.
    """
    named = os.environ.get("KONGCHUO_ANCHORS")
    if named:
        return Path(named)
    embedded = engine.dialect.name == "sqlite" and engine.url.database not in {None, "", ":memory:"}
    return (Path(str(engine.url.database)).parent if embedded else Path("var")) / "audit-anchors.txt"


def _write_anchor(path: Path, day: date, last_seal: str) -> None:
    """All of the line or nothing: what a full disk cut off is taken back, and what was left without an end is ended."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as out:
        size = out.seek(0, SEEK_END)
        out.seek(max(0, size - 1))
        torn = out.read(1) not in {b"", b"\n"}
        try:
            out.write(f"{chr(10) if torn else ''}{day} {last_seal}\n".encode("ascii"))
            out.flush()
        except OSError:
            out.truncate(size)
            raise


def read_anchors(path: Path) -> dict[str, date]:
    """The seals noted so far, each with its day. Raises ProblemError audit.anchor_unreadable with the first bad line's number."""
    if not path.exists():
        return {}
    found: dict[str, date] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line:
            continue
        try:
            day, last_seal = line.decode("ascii").split()
            found[last_seal] = date.fromisoformat(day)
        except ValueError:
            raise ProblemError("audit.anchor_unreadable", line=number) from None
    return found
