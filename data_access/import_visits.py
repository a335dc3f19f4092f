"""L9, home visits: a row a visit or contact."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from data_access.import_cases import find_child, may_touch
from data_access.import_context import ImportContext, KnownChild
from data_access.import_result import Action
from data_access.ledger_sheet import LedgerRow
from data_access.schema import case_file, child, child_place, home_visit
from data_access.scoped import on
from data_access.writing import insert_row
from domain.cell_words import Mark
from domain.faults import Fault
from domain.grades import Stage, grade_of, parse_class
from domain.identifiers import RegistryNumber
from domain.school_year import school_year_of
from domain.visits import VisitMode

MODES = {"上门": VisitMode.DOORSTEP, "电话": VisitMode.PHONE, "线上": VisitMode.ONLINE, "到校": VisitMode.AT_SCHOOL}
TEXTS = {
    "met": "met",
    "purpose": "purpose",
    "content": "content",
    "family": "family",
    "parent_view": "parent_view",
    "result": "result",
}


def write_visits(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L9 that stand. A visit of the same child, day, way and visitors is the same visit.

    The child is found by registry number or case number, else by name and class within the school; a name that fits two
    children is refused with both named by class. A visit after the import's as-of day cannot have happened yet.
    """
    context.load_children([], (one for row in rows if isinstance(one := row.values.get("registry_no"), RegistryNumber)))
    applied = []
    for row in rows:
        if row.faults:
            continue
        known = _child(context, row)
        if isinstance(known, Fault):
            row.refuse("student_name", known)
        elif not may_touch(context, known):
            row.refuse("student_name", Fault("import.out_of_scope"))
        elif row.values["visit_at"].exact > context.as_of:
            row.refuse("visit_at", Fault("import.visit_in_future"))
        else:
            visit_id, action = _write_visit(context, row, known)
            applied.append((row, action, visit_id))
    return applied


def _child(context: ImportContext, row: LedgerRow) -> KnownChild | Fault:
    if "case_no" in row.values and "registry_no" not in row.values:
        named = str(row.values["student_name"])
        columns = [child.c[name] for name in KnownChild._fields]
        query = (
            select(*columns)
            .join(case_file, case_file.c.child_id == child.c.id)
            .where(
                case_file.c.case_no == str(row.values["case_no"]), child.c.name == named, child.c.county_code == context.county
            )
        )
        found = {KnownChild(*one) for one in context.conn.execute(query)}
        if len(found) == 1:
            return found.pop()
    found_by_name = find_child(context, row)
    if isinstance(found_by_name, Fault) and found_by_name.code == "import.name_twice":
        return _of_class(context, row) or found_by_name
    return found_by_name


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


def _write_visit(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[int, Action]:
    moment = row.values["visit_at"]
    day, clock = moment.exact, moment.clock
    told: dict[str, Any] = {
        "child_id": known.id,
        "visited_on": day,
        "mode": MODES[str(row.values["mode"])].value,
        "visitors": str(row.values["visitors"])[:200],
    }
    same = select(home_visit.c.id).where(*(home_visit.c[name] == value for name, value in told.items()))
    found = context.conn.execute(same).scalar()
    if found:
        return int(found), Action.UNCHANGED
    files = select(case_file.c.id).where(
        case_file.c.child_id == known.id,
        case_file.c.opened_on <= day,
        or_(case_file.c.closed_on.is_(None), case_file.c.closed_on > day),
    )
    told |= {column: str(row.values[field]) for field, column in TEXTS.items() if field in row.values}
    told["result"] = told["result"][:40] if "result" in told else None
    told["visited_at"] = f"{clock:%H:%M}" if clock else None
    told["case_id"] = context.conn.execute(files.order_by(case_file.c.opened_on.desc())).scalar()
    place, sign = row.values.get("place"), row.values.get("sign")
    told["place"] = context.cipher.seal(str(place)) if place else None
    told["signed"] = sign.present if isinstance(sign, Mark) else None
    visit_id = insert_row(context.conn, home_visit, **told, batch_id=context.batch_id)
    context.touched.add(known.id)
    return visit_id, Action.NEW
