"""L9, home visits, and L10, attempts to bring a child back: a row a visit, a contact or an attempt."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import find_child, load_numbers
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line, said_by
from data_access.ledger_says import says_persuasion
from data_access.ledger_sheet import LedgerRow
from data_access.schema import case_file, child, child_place, home_visit, persuasion
from data_access.scoped import on
from domain.cell_words import Mark
from domain.faults import Fault
from domain.grades import Stage, grade_of, parse_class
from domain.ledger_words import VISIT_MODES
from domain.school_year import school_year_of

TEXTS = {
    "met": "met",
    "purpose": "purpose",
    "content": "content",
    "family": "family",
    "parent_view": "parent_view",
    "result": "result",
}
LENGTHS = {"met": 80, "purpose": 120, "result": 40}
ATTEMPT = {"people": 200, "people_role": 60, "kind": 20, "result": 40, "signed_by": 60}  # longest text of a column


def write_visits(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L9 that stand. A visit of the same child, day, way and visitors is the same visit.

    The child is found by registry number or case number, else by name and class within the school; a name that fits two
    children is refused with both named by class. A visit after the import's as-of day cannot have happened yet.
    """
    load_numbers(context, rows)
    for table in (home_visit, case_file):
        context.records.load(table, context.loaded())
    applied = []
    for row in rows:
        if row.faults:
            continue
        known = _child(context, row)
        if isinstance(known, Fault):
            row.refuse("student_name", known)
        elif not context.sees(known.id):
            row.refuse("student_name", Fault("import.out_of_scope"))
        elif row.values["visit_at"].exact > context.as_of:
            row.refuse("visit_at", Fault("import.visit_in_future"))
        else:
            visit, action = _write_visit(context, row, known)
            applied.append((row, action, int(visit["id"])))
    return applied


def _child(context: ImportContext, row: LedgerRow) -> KnownChild | Fault:
    if "case_no" in row.values and "registry_no" not in row.values:
        found = [one for one, _ in _of_case(context, str(row.values["case_no"])) if one.name == str(row.values["student_name"])]
        if len(set(found)) == 1:
            return found[0]
    found_by_name = find_child(context, row)
    if isinstance(found_by_name, Fault) and found_by_name.code == "import.name_twice":
        return _of_class(context, row) or found_by_name
    return found_by_name


def _of_case(context: ImportContext, number: str) -> list[tuple[KnownChild, int]]:
    """The children and cases under a case number: the ledger's own, else ours."""
    columns = [child.c[name] for name in KnownChild._fields]
    query = select(*columns, case_file.c.id).join(case_file, case_file.c.child_id == child.c.id)
    query = query.where(child.c.county_code == context.county, child.c.merged_into.is_(None))
    found = context.conn.execute(query.where(case_file.c.case_no == number).order_by(case_file.c.id)).all()
    if not found and number.isdecimal():
        found = context.conn.execute(query.where(case_file.c.id == int(number[:18]))).all()
    return [(KnownChild(*row[:-1]), int(row[-1])) for row in found]


def _of_class(context: ImportContext, row: LedgerRow) -> KnownChild | None:
    """The only child of that name in the class the row names."""
    written = parse_class(str(row.values.get("class", "")))
    if written is None:
        return None
    year, hits = school_year_of(context.as_of), []
    code = context.find_school(row.values.get("school_code"), row.values.get("school"), None, None)
    for one in context.children_called(str(row.values["student_name"]), None if isinstance(code, Fault) else code):
        at = context.conn.execute(
            select(child_place).where(child_place.c.child_id == one.id, on(child_place, context.as_of))
        ).first()
        if at is None or at.stage is None:
            continue
        grade = grade_of(at.entry_year, Stage(at.stage), year)
        if grade == written.grade_in(year, Stage(at.stage)) and written.number in (None, at.class_no):
            hits.append(one)
    return hits[0] if len(hits) == 1 else None


def _write_visit(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    moment = row.values["visit_at"]
    day, clock = moment.exact, moment.clock
    same = {"visited_on": day, "mode": VISIT_MODES[str(row.values["mode"])].value, "visitors": str(row.values["visitors"])[:200]}
    told: dict[str, Any] = {
        column: str(row.values[field])[: LENGTHS.get(column)] for field, column in TEXTS.items() if field in row.values
    }
    told |= {"visited_at": f"{clock:%H:%M}"} if clock else {}
    told |= {"peers": row.values["peers"]} if "peers" in row.values else {}
    sign = row.values.get("sign")
    told |= {"signed": sign.present} if isinstance(sign, Mark) else {}
    old = next((one for one in context.records.of(home_visit, known.id) if all(one[k] == v for k, v in same.items())), None)
    if old is not None:
        changed = context.records.change(home_visit, old, **told)
        if changed:
            context.touched.add(known.id)
        return old, Action.CHANGED if changed else Action.UNCHANGED
    files = [
        one
        for one in context.records.of(case_file, known.id)
        if one["opened_on"] <= day and (one["closed_on"] is None or one["closed_on"] > day)
    ]
    case = max(files, key=lambda one: one["opened_on"], default=None)
    place = row.values.get("place")
    beside = {"case_id": case["id"] if case else None, "place": context.cipher.seal(str(place)) if place else None}
    context.touched.add(known.id)
    return context.records.add(home_visit, child_id=known.id, **same, **told, **beside), Action.NEW


def write_persuasions(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L10 that stand: the n-th attempt of a case. The case is found by its number, else by its child."""
    load_numbers(context, rows)
    applied = []
    for row in rows:
        found = Fault("import.child_unknown") if row.faults else _case_of(context, row)
        if row.faults:
            continue
        if isinstance(found, Fault):
            row.refuse("case_no", found)
            continue
        known, case_id = found
        if not context.sees(known.id):
            row.refuse("case_no", Fault("import.out_of_scope"))
            continue
        attempt, action = _write_attempt(context, row, case_id)
        said = says_persuasion(attempt, str(row.values["case_no"]), context.cipher.unseal)
        beside = put_line(context, row, f"persuasion:{attempt['id']}", said, child_id=known.id, fields=("phone", "when"))
        applied.append((row, Action.CHANGED if beside and action is Action.UNCHANGED else action, int(attempt["id"])))
        if action is not Action.UNCHANGED:
            context.touched.add(known.id)
    return applied


def _case_of(context: ImportContext, row: LedgerRow) -> tuple[KnownChild, int] | Fault:
    """The child and the case that a row is about; a number that two cases bear needs the child named beside it."""
    found = _of_case(context, str(row.values["case_no"]))
    name = row.values.get("student_name")
    fitting = [one for one in found if name is None or one[0].name == str(name)]
    if len(fitting) == 1:
        return fitting[0]
    if name is None:
        return Fault("import.case_twice" if fitting else "import.case_unknown")
    known = find_child(context, row)
    if isinstance(known, Fault):
        return known
    cases = context.records.of(case_file, known.id)
    named = [one for one in cases if one["case_no"] == str(row.values["case_no"])]
    chosen = named or cases
    return (known, int(chosen[-1]["id"])) if chosen else Fault("import.case_unknown")


def _write_attempt(context: ImportContext, row: LedgerRow, case_id: int) -> tuple[Record, Action]:
    values = said_by(row, ("people", "role", "kind", "content", "result", "signs", "next"))
    told: dict[str, Any] = {
        "on_date": row.values["when"].earliest,
        "people": values["people"],
        "people_role": values.get("role"),
        "kind": values.get("kind"),
        "content": values.get("content"),
        "result": values.get("result"),
        "next_step": values.get("next"),
        "signed_by": values.get("signs"),
        "peers": row.values.get("peers"),
    }
    told = {
        name: value[: ATTEMPT.get(name)] if isinstance(value, str) else value
        for name, value in told.items()
        if value not in (None, "")
    }
    known = [one for one in context.records.of(persuasion, case_id) if one["nth"] == row.values["nth"]]
    place = row.values.get("place")
    if known:
        if place and context.cipher.unseal(known[-1]["place"]) != str(place):
            told["place"] = context.cipher.seal(str(place))
        return known[-1], Action.CHANGED if context.records.change(persuasion, known[-1], **told) else Action.UNCHANGED
    told |= {"place": context.cipher.seal(str(place))} if place else {}
    return context.records.add(persuasion, case_id=case_id, nth=row.values["nth"], **told), Action.NEW
