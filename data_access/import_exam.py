"""L18, the exam list of grade 9: who is entered for the exam at the end of junior school, and who sat it (R158-R159, R201)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data_access.import_care import Applied, once_a_child
from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import OF_CHILD, citizen_of, known_children
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import says_exam
from data_access.ledger_sheet import LedgerRow
from data_access.schema import enrolment_spell, exam_entry, exam_sitting, ledger_line
from domain.faults import Fault
from domain.grades import Stage, entry_year_of
from domain.ledger_words import EXAM_OUTCOMES
from domain.school_year import school_year_label, school_year_of

LAST_GRADE = 9


def write_exam(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L18 that stand: a row enters the child, and says whether it sat where the cell is filled.

    A blank cell is not known, never an absence. A child counts for the school on whose register of grade 9 it was.
    """
    found = known_children(context, rows)
    for table in (*OF_CHILD, exam_entry, exam_sitting, ledger_line):
        context.records.load(table, {known.id for _, known in found})
    return once_a_child(context, found, _enter)


def _enter(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    on, sat = row.values["exam_date"].exact, EXAM_OUTCOMES.get(str(row.values.get("sat")))
    year = school_year_of(on)
    school_code = _register(context, known.id, year, on)
    if school_code is None:
        row.refuse("exam_date", Fault("import.not_in_grade_nine", {"year": school_year_label(year)}))
    if sat is not None and on > context.as_of:
        row.refuse("sat", Fault("import.exam_in_future"))
    if row.faults:
        return {"id": 0}, Action.REFUSED
    entry, is_new, changed = _entry(context, row, known, year, school_code)
    changed |= sat is not None and _sit(context, known.id, year, school_code, on, sat)
    sitting = _of_year(context, exam_sitting, known.id, year)
    said = says_exam(sitting["on_date"], sitting["sat"]) if sitting else says_exam(None, None)
    changed |= put_line(context, row, f"exam:{entry['id']}", said, child_id=known.id)
    return entry, Action.NEW if is_new else Action.CHANGED if changed else Action.UNCHANGED


def _register(context: ImportContext, child_id: int, year: int, on: date) -> str | None:
    """The school on whose register of grade 9 the child stood on the day of the exam, or last before it."""
    entered = entry_year_of(LAST_GRADE, Stage.JUNIOR, year)
    spells = [
        one
        for one in context.records.of(enrolment_spell, child_id)
        if (one["stage"], one["entry_year"]) == (Stage.JUNIOR.value, entered) and one["valid_from"] <= on
    ]
    last = max(spells, key=lambda one: (one["valid_from"], one["id"]), default=None)
    return str(last["school_code"]) if last else None


def _of_year(context: ImportContext, table: Any, child_id: int, year: int) -> Record | None:
    return next((one for one in context.records.of(table, child_id) if one["school_year"] == year), None)


def _entry(
    context: ImportContext, row: LedgerRow, known: KnownChild, year: int, school_code: str | None
) -> tuple[Record, bool, bool]:
    """The child's place on the list of the year; whether it is new, and whether it changed."""
    entry = _of_year(context, exam_entry, known.id, year)
    if entry is not None:
        return entry, False, context.records.change(exam_entry, entry, school_code=school_code)
    citizen = citizen_of(row)
    told = {"county_code": context.county, "school_year": year, "listed_on": context.as_of, "school_code": school_code}
    told |= {"name": str(row.values["student_name"])[:80], "id_mac": context.mac(citizen.text if citizen else None)}
    return context.records.add(exam_entry, child_id=known.id, **told), True, True


def _sit(context: ImportContext, child_id: int, year: int, school_code: str | None, on: date, sat: bool) -> bool:
    told = {"school_code": school_code, "on_date": on, "sat": sat}
    return context.records.put(exam_sitting, child_id, {"school_year": year}, told)[1]
