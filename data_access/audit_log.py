"""The audit read by those who keep it: searched on screen, and packed for the yearly compliance review."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, BinaryIO

from sqlalchemy import Engine, Select, func, select

from data_access.audit import anchor_file, open_audit, verify_chain
from data_access.csv_out import guard_formula
from data_access.engine import SHANGHAI
from data_access.schema import audit_event
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope

COLUMNS = (
    *("id", "at", "user", "role", "act", "county_code", "filter", "row_count", "row_ids", "reason", "file_hash"),
    *("previous_hash", "row_hash"),
)
PACK_TYPE = "application/zip"


@dataclass(frozen=True)
class AuditFilter:
    """Which acts are looked at: days of Shanghai, included; `user` and `act` as written in the audit, blank for all."""

    first: date
    last: date
    user: str = ""
    act: str = ""


@dataclass(frozen=True)
class AuditEvent:
    """One act: who did what, on how many rows, why. `at` is UTC; `row_ids` are record numbers."""

    id: int
    at: datetime
    user: str
    role: str
    act: str
    county_code: str | None
    filter: str | None
    row_count: int | None
    row_ids: str | None
    reason: str | None


def read_events(engine: Engine, scope: Scope, asked: AuditFilter, *, limit: int = 50, offset: int = 0) -> list[AuditEvent]:
    """One page of the acts, the latest first. Raises ScopeError for all but administrators."""
    require_keeper(scope)
    names = AuditEvent.__dataclass_fields__
    query = _chosen(select(*(audit_event.c[name] for name in names)), asked).order_by(audit_event.c.id.desc())
    with open_audit(engine).connect() as conn:
        return [AuditEvent(**row._mapping) for row in conn.execute(query.limit(limit).offset(offset))]


def count_events(engine: Engine, scope: Scope, asked: AuditFilter) -> int:
    """How many acts the filter chooses."""
    require_keeper(scope)
    with open_audit(engine).connect() as conn:
        return int(conn.execute(_chosen(select(func.count()).select_from(audit_event), asked)).scalar_one())


def read_acts(engine: Engine, scope: Scope) -> list[str]:
    """The kinds of act there are, for a filter to choose from."""
    require_keeper(scope)
    with open_audit(engine).connect() as conn:
        return list(conn.execute(select(audit_event.c.act).distinct().order_by(audit_event.c.act)).scalars())


def require_keeper(scope: Scope) -> None:
    """Raise ScopeError unless the role keeps the audit."""
    if scope.role is not Role.ADMINISTRATOR:
        raise ScopeError("scope.no_audit")


def midnight(day: date) -> datetime:
    """When a day begins in Shanghai, as moments are kept (UTC)."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC).replace(tzinfo=None)


def _chosen(query: Select[Any], asked: AuditFilter) -> Select[Any]:
    begins, ends = midnight(asked.first), midnight(asked.last + timedelta(days=1))
    query = query.where(audit_event.c.at >= begins, audit_event.c.at < ends)
    if asked.user:
        query = query.where(audit_event.c.user == asked.user)
    return query.where(audit_event.c.act == asked.act) if asked.act else query


def write_pack(engine: Engine, scope: Scope, year: int, out: BinaryIO) -> int:
    """Write the compliance pack of a calendar year as a ZIP and return its number of acts.

    It holds every act with its seal (`acts.csv`), how often each was done by each role (`summary.csv`), the daily seals
    (`anchors.txt`) and whether the chain holds (`chain.txt`). Raises ScopeError for all but administrators.
    """
    require_keeper(scope)
    asked = AuditFilter(date(year, 1, 1), date(year, 12, 31))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        with pack.open("acts.csv", "w") as acts, io.TextIOWrapper(acts, "utf-8-sig", newline="") as text:
            count = _write_csv(text, COLUMNS, _rows(engine, _chosen(select(*(audit_event.c[one] for one in COLUMNS)), asked)))
        pack.writestr("summary.csv", _summary(engine, asked))
        anchors = anchor_file(engine)
        pack.writestr("anchors.txt", anchors.read_bytes() if anchors.exists() else b"")
        pack.writestr("chain.txt", _say_chain(engine))
    return count


def _rows(engine: Engine, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    with open_audit(engine).connect() as conn:
        yield from (tuple(row) for row in conn.execute(query.order_by(*query.selected_columns[:1])))


def _write_csv(out: Any, header: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> int:
    writer, count = csv.writer(out), 0
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if value is None else guard_formula(str(value)) for value in row])
        count += 1
    return count


def _summary(engine: Engine, asked: AuditFilter) -> str:
    columns = (audit_event.c.act, audit_event.c.role)
    query = _chosen(select(*columns, func.count(), func.sum(audit_event.c.row_count)).group_by(*columns), asked)
    out = io.StringIO()
    _write_csv(out, ("act", "role", "times", "rows"), _rows(engine, query))
    return out.getvalue()


def _say_chain(engine: Engine) -> str:
    try:
        return f"{verify_chain(engine)} acts, every seal fits the one before it and the daily anchors.\n"
    except ProblemError as problem:
        return f"{problem.say('zh')}\n{problem.say('en')}\n"
