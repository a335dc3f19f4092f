"""The line of a ledger's row: whatever it says that no table holds, sealed whole, so that nothing that came in is lost."""

import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Connection, select

from data_access.import_context import ImportContext
from data_access.import_records import Record
from data_access.ledger_sheet import LedgerRow
from data_access.schema import ledger_line
from data_access.secrets import Cipher
from domain.ledger_words import write_value
from domain.ledgers import Kind

RECOMPUTED = frozenset({"age", "idx", "visit_no", "rate"})  # never trusted, or only a number of the row


def said_by(row: LedgerRow, fields: Iterable[str]) -> dict[str, str]:
    """The row's own words for these fields in canonical form; a reason as it was written; a blank cell says nothing."""
    ledger = row.sheet.match.ledger
    found = {}
    for field in fields:
        value = row.values.get(field)
        text = row.text(field) if value is not None and ledger.column(field).kind is Kind.REASON else write_value(value)
        if text:
            found[field] = text
    return found


def put_line(
    context: ImportContext,
    row: LedgerRow,
    key: str,
    said: Mapping[str, str | None],
    *,
    child_id: int | None = None,
    unit_code: str | None = None,
    fields: Iterable[str] | None = None,
) -> bool:
    """Keep what the row says in `fields` (its ledger's own ones) beyond what the tables say; returns whether that is news."""
    ledger = row.sheet.match.ledger
    own = fields if fields is not None else [*ledger.own, *(column.field for column in ledger.extras)]
    told = said_by(row, (field for field in own if field not in RECOMPUTED))
    old = _line(context, ledger.code, key, child_id)
    if old is None:
        beyond = {field: text for field, text in told.items() if said.get(field) != text}
        if beyond:
            text = _write(beyond)
            where = {"child_id": child_id, "unit_code": unit_code or (None if child_id else context.county)}
            content = {"content": context.cipher.seal(text), "content_mac": context.cipher.mac(text)}
            named = {"county_code": context.county, "ledger": ledger.code, "line_key": key, "seen_on": context.as_of}
            record = context.records.add(ledger_line, **named, **where, **content)
            if child_id is None:
                context.lines[ledger.code, key] = record
        return bool(beyond)
    kept = json.loads(context.cipher.unseal(old["content"]) or "{}")
    merged = {field: text for field, text in {**kept, **told}.items() if field in kept or said.get(field) != text}
    merged = {field: text for field, text in merged.items() if said.get(field) != text}
    if merged == kept:
        return False
    text = _write(merged)
    return context.records.change(
        ledger_line, old, content_mac=context.cipher.mac(text), content=context.cipher.seal(text), seen_on=context.as_of
    )


def _line(context: ImportContext, code: str, key: str, child_id: int | None) -> Record | None:
    if child_id is not None:
        lines = context.records.of(ledger_line, child_id)
        return next((one for one in lines if one["ledger"] == code and one["line_key"] == key), None)
    if (code, key) not in context.lines:
        found = select(ledger_line).where(
            ledger_line.c.county_code == context.county, ledger_line.c.ledger == code, ledger_line.c.line_key == key
        )
        row = context.conn.execute(found).first()
        if row is not None:
            context.lines[code, key] = dict(row._mapping)
    return context.lines.get((code, key))


def _write(told: Mapping[str, str]) -> str:
    """As `json.dumps` writes it, keys in order; that one makes an encoder anew for each call, which takes twice as long."""
    return "{" + ", ".join([f"{encode_basestring(key)}: {encode_basestring(told[key])}" for key in sorted(told)]) + "}"


def read_lines(conn: Connection, cipher: Cipher, code: str) -> dict[str, dict[str, str]]:
    """What the lines of a ledger say, by key: for an export, which shows it only beside rows in its scope."""
    query = select(ledger_line.c.line_key, ledger_line.c.content).where(ledger_line.c.ledger == code)
    return {row.line_key: json.loads(cipher.unseal(row.content) or "{}") for row in conn.execute(query)}


def read_line_rows(conn: Connection, code: str, *where: Any) -> list[Any]:
    """The lines of a ledger that stand for themselves, in the order they came."""
    return list(conn.execute(select(ledger_line).where(ledger_line.c.ledger == code, *where).order_by(ledger_line.c.id)))
