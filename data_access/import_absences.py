"""L20, the absences by child: who missed which school day, when that was noticed, the reason as verified (R020, R028, R032)."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from data_access.import_care import Applied, once_a_child
from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import known_children
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import says_absence
from data_access.ledger_sheet import LedgerRow
from data_access.schema import absence_day, ledger_line
from domain.faults import Fault
from domain.ledger_words import ABSENCES, REPORTERS

CLOCK = re.compile(r"(?a)(?:.*[ T日])?([01]?\d|2[0-3])[:：时点]([0-5]\d)?分?(?::\d\d)?")
LONGEST_REASON = 60


def write_absences(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L20 that stand: one row a child and day; a day that is there already is brought up to date.

    A blank cell leaves what is known. A second row of the same child and day in one file is refused.
    """
    found = known_children(context, rows)
    for table in (absence_day, ledger_line):
        context.records.load(table, {known.id for _, known in found})
    return once_a_child(context, found, _put, day="absent_on")


def _put(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    on = row.values["absent_on"].exact
    told = _told(row, on)
    if row.faults:
        return {"id": 0}, Action.REFUSED
    is_new = all(one["on_date"] != on for one in context.records.of(absence_day, known.id))
    record, changed = context.records.put(absence_day, known.id, {"on_date": on}, told)
    changed |= put_line(context, row, f"absence:{record['id']}", says_absence(record), child_id=known.id)
    return record, Action.NEW if is_new else Action.CHANGED if changed else Action.UNCHANGED


def _told(row: LedgerRow, on: date) -> dict[str, Any]:
    """What the filled cells say, as columns of absence_day; what cannot be is refused."""
    verified_on = row.values["verified_on"].exact if row.values.get("verified_on") else None
    told: dict[str, Any] = {
        "state": ABSENCES[str(row.values["absence"])],
        "noticed_at": _moment(row, "noticed", on),
        "contacted_at": _moment(row, "contacted", on),
        "called_at": _moment(row, "called", on),
        "reported_by": REPORTERS.get(str(row.values.get("reporter"))),
        "verified_reason": str(row.values.get("verified") or "")[:LONGEST_REASON] or None,
        "verified_on": verified_on,
    }
    if told["noticed_at"] and told["contacted_at"] and told["contacted_at"] < told["noticed_at"]:
        row.refuse("contacted", Fault("import.contact_before_notice"))
    if verified_on and verified_on < on:
        row.refuse("verified_on", Fault("import.verified_before_absence"))
    return {name: value for name, value in told.items() if value is not None}


def _moment(row: LedgerRow, field: str, on: date) -> datetime | None:
    """A time of the day that was missed."""
    text = str(row.values.get(field) or "")
    if not text:
        return None
    found = CLOCK.fullmatch(text)
    if found is None:
        row.refuse(field, Fault("import.clock"))
        return None
    return datetime.combine(on, time(int(found[1]), int(found[2] or 0)))
