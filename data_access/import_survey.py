"""L17, the base list of children of school age: what a household survey found, row by row."""

from collections.abc import Sequence
from typing import Any

from data_access.import_care import Applied, once_a_child
from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import OF_CHILD, found_or_made
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import says_survey
from data_access.ledger_sheet import LedgerRow
from data_access.schema import ledger_line, survey_entry
from domain.ledger_words import SURVEY_PLACES, SURVEY_STAGES, SURVEYED
from domain.school_year import school_year_of


def write_survey(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L17 that stand. A child whom no registry knows is taken in where it lives: it may never have enrolled."""
    found = found_or_made(context, rows)
    for table in (*OF_CHILD, survey_entry, ledger_line):
        context.records.load(table, {known.id for _, known in found})
    return once_a_child(context, found, _survey)


def _survey(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    values = row.values
    reasons = values.get("no_reason") or ()
    told: dict[str, Any] = {
        "stage": SURVEY_STAGES[str(values["stage"])],
        "schooling": SURVEYED[str(values["schooling"])].value,
        "place": SURVEY_PLACES.get(str(values.get("where"))),
        "reason": reasons[0].value if reasons else None,
        "surveyor": str(values["surveyor"])[:80] if "surveyor" in values else None,
    }
    told = {name: value for name, value in told.items() if value is not None}
    on = getattr(values.get("survey_date"), "exact", None)
    entry = _same_survey(context, known.id, on)
    is_new = entry is None
    if entry is None:
        entry = context.records.add(survey_entry, child_id=known.id, surveyed_on=on or context.as_of, **told)
        changed = True
    else:
        changed = context.records.change(survey_entry, entry, **told)
    changed |= put_line(context, row, f"survey:{entry['id']}", says_survey(entry), child_id=known.id)
    return entry, Action.NEW if is_new else Action.CHANGED if changed else Action.UNCHANGED


def _same_survey(context: ImportContext, child_id: int, on: object) -> Record | None:
    """The survey of that day; of a row without a day, the latest of the school year."""
    entries = context.records.of(survey_entry, child_id)
    if on is not None:
        return next((one for one in entries if one["surveyed_on"] == on), None)
    year = school_year_of(context.as_of)
    return next((one for one in reversed(entries) if school_year_of(one["surveyed_on"]) == year), None)
