"""L1, the persuasion-and-return ledger: a row a case, a relapse a case of its own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from data_access.import_context import ImportContext, KnownChild
from data_access.import_result import Action
from data_access.ledger_sheet import LedgerRow
from data_access.schema import OPEN_END, assignment, case_event, case_file, child_place, notice, person, school
from data_access.scoped import in_scope, on
from data_access.writing import insert_row
from domain.cases import CaseStatus, Outcome
from domain.cell_words import Mark
from domain.faults import Fault
from domain.identifiers import CitizenId, RegistryNumber
from domain.visits import DutyLine, DutyRole

STATUSES = {
    "临界": CaseStatus.AT_RISK,
    "疑似辍学": CaseStatus.SUSPECTED,
    "辍学": CaseStatus.DROPOUT,
    "劝返中": CaseStatus.PERSUASION,
    "已返校": CaseStatus.RETURNED,
    "已转学": CaseStatus.CLOSED,
    "送教": CaseStatus.CLOSED,
    "其他": CaseStatus.AT_RISK,
}
OUTCOMES = {"已转学": Outcome.TRANSFERRED, "送教": Outcome.HOME_TEACHING, "已返校": Outcome.FOLLOW_UP_PASSED}
TEXTS = {"whereabouts": "whereabouts", "family": "family", "measures": "measures"}
ROLES = {DutyLine.SCHOOL: DutyRole.CLASS_TEACHER, DutyLine.GOVERNMENT: DutyRole.TOWNSHIP_OFFICIAL}


def find_child(context: ImportContext, row: LedgerRow) -> KnownChild | Fault:
    """The child of a row: by registry number or ID, else the only one of that name in the school; never a guess."""
    citizen, registry = row.values.get("id_no"), row.values.get("registry_no")
    found = context.match_child(
        citizen if isinstance(citizen, CitizenId) else None, registry if isinstance(registry, RegistryNumber) else None
    )
    if found is not None:
        return found
    code = context.find_school(row.values.get("school_code"), row.values.get("school"), None, None)
    named = context.children_called(str(row.values.get("student_name")), None if isinstance(code, Fault) else code)
    if len(named) == 1 and not citizen and not registry:
        return named[0]
    if len(named) > 1 and not citizen and not registry:
        return Fault("import.name_twice", {"classes": "、".join(classes_of(context, named))})
    return Fault("import.child_unknown")


def classes_of(context: ImportContext, children: Sequence[KnownChild]) -> list[str]:
    """School and class of each child, so that a clerk can tell children of one name apart."""
    place = child_place.c
    query = select(school.c.name, place.entry_year, place.class_no).outerjoin(school, school.c.code == place.school_code)
    found = []
    for one in children:
        at = context.conn.execute(
            query.select_from(child_place).where(place.child_id == one.id, on(child_place, context.as_of))
        ).first()
        found.append(f"{at.name or '—'} {at.entry_year or ''}级{at.class_no or '—'}班" if at else "—")
    return found


def may_touch(context: ImportContext, known: KnownChild) -> bool:
    """Whether the child stands inside the scope of the one who imports."""
    place = select(child_place.c.child_id).where(child_place.c.child_id == known.id, in_scope(context.scope, child_place))
    return context.conn.execute(place).first() is not None


def write_cases(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L1 that stand. A row without a known child, without a return date where it says returned, or with a
    return before the absence is refused."""
    context.load_children(
        (_of(row, "id_no", CitizenId) for row in rows), (_of(row, "registry_no", RegistryNumber) for row in rows)
    )
    applied = []
    for row in rows:
        if row.faults:
            continue
        known = find_child(context, row)
        if isinstance(known, Fault):
            row.refuse("student_name", known)
            continue
        if not may_touch(context, known):
            row.refuse("student_name", Fault("import.out_of_scope"))
        _check_dates(row)
        if not row.faults:
            case_id, action = _write_case(context, row, known)
            applied.append((row, action, case_id))
    return applied


def _of(row: LedgerRow, field: str, kind: type) -> Any:
    found = row.values.get(field)
    return found if isinstance(found, kind) else None


def _check_dates(row: LedgerRow) -> None:
    dropped, returned = row.values["drop_date"], row.values.get("return_date")
    if STATUSES[str(row.values["status"])] is CaseStatus.RETURNED and returned is None:
        row.refuse("return_date", Fault("import.return_date_missing"))
    if returned is not None and returned.latest < dropped.earliest:
        row.refuse("return_date", Fault("import.return_before_drop"))


def _write_case(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[int, Action]:
    told = _told(row)
    old = _same_case(context, row, known, told["first_absent_on"])
    if old is not None and _unchanged(context, old, told, row):
        return int(old.id), Action.UNCHANGED
    context.touched.add(known.id)
    if old is None:
        place = context.conn.execute(
            select(child_place.c.school_code, child_place.c.stage).where(
                child_place.c.child_id == known.id, on(child_place, told["opened_on"])
            )
        ).first()
        earlier = context.conn.execute(select(func.max(case_file.c.id)).where(case_file.c.child_id == known.id)).scalar()
        count = context.conn.execute(
            select(func.count()).select_from(case_file).where(case_file.c.child_id == known.id)
        ).scalar_one()
        values = {**told, "child_id": known.id, "batch_id": context.batch_id, "relapse_of": earlier, "relapse_count": count}
        values |= {"school_code": place.school_code, "stage": place.stage} if place else {}
        case_id = insert_row(context.conn, case_file, **values)
        _close_before(context, earlier, told["opened_on"])
    else:
        case_id = int(old.id)
        context.conn.execute(
            update(case_file).where(case_file.c.id == case_id).values({k: v for k, v in told.items() if k != "opened_on"})
        )
    _write_events(context, row, case_id, told)
    _write_owners(context, row, case_id, told)
    _write_notice(context, row, case_id)
    return case_id, Action.NEW if old is None else Action.CHANGED


def _close_before(context: ImportContext, earlier: int | None, day: date) -> None:
    """A relapse closes the case before it: a child has one open case at most."""
    if earlier is None:
        return
    still_open = (case_file.c.id == earlier) & case_file.c.closed_on.is_(None)
    closed = context.conn.execute(update(case_file).where(still_open).values(closed_on=day, outcome=Outcome.RELAPSED.value))
    if closed.rowcount:
        _add_event(context, earlier, day, CaseStatus.CLOSED.value)


def _told(row: LedgerRow) -> dict[str, Any]:
    values = row.values
    dropped = values["drop_date"].earliest
    reported = getattr(values.get("reported_at"), "exact", None)
    reasons = values.get("reason") or ()
    told: dict[str, Any] = {
        "case_no": str(values["case_no"]) if "case_no" in values else None,
        "first_absent_on": dropped,
        "opened_on": min(dropped, reported) if reported else dropped,
        "reason": reasons[0].value if reasons else None,
    }
    told |= {column: str(values[field]) for field, column in TEXTS.items() if field in values}
    closed = _closed_on(row)
    if closed:
        outcome = OUTCOMES.get(str(values["status"]), Outcome.EXPLAINED)
        told |= {"closed_on": closed, "outcome": outcome.value}
    return {name: value for name, value in told.items() if value is not None}


def _closed_on(row: LedgerRow) -> date | None:
    mark, status = row.values.get("closed_at"), STATUSES[str(row.values["status"])]
    if isinstance(mark, Mark) and mark.present and mark.on:
        return mark.on.latest
    if status is not CaseStatus.CLOSED and not (isinstance(mark, Mark) and mark.present):
        return None
    dates = (row.values.get(field) for field in ("return_date", "reported_at", "drop_date"))
    return next((day.latest for day in dates if day is not None), None)


def _same_case(context: ImportContext, row: LedgerRow, known: KnownChild, dropped: date) -> Any:
    """The case a row already is: the child's case of the same first day, else its open one under the same number."""
    files = select(case_file).where(case_file.c.child_id == known.id)
    same_day = context.conn.execute(files.where(case_file.c.first_absent_on == dropped)).first()
    if same_day is not None or "case_no" not in row.values:
        return same_day
    return context.conn.execute(
        files.where(case_file.c.case_no == str(row.values["case_no"]), case_file.c.closed_on.is_(None))
    ).first()


def _unchanged(context: ImportContext, old: Any, told: dict[str, Any], row: LedgerRow) -> bool:
    if any(getattr(old, name) != value for name, value in told.items() if name != "opened_on"):
        return False
    kinds = set(context.conn.execute(select(case_event.c.kind).where(case_event.c.case_id == old.id)).scalars())
    return STATUSES[str(row.values["status"])].value in kinds or old.closed_on is not None


def _write_events(context: ImportContext, row: LedgerRow, case_id: int, told: dict[str, Any]) -> None:
    status = STATUSES[str(row.values["status"])]
    returned = getattr(row.values.get("return_date"), "latest", None)
    first = CaseStatus.AT_RISK if status in (CaseStatus.RETURNED, CaseStatus.CLOSED) else status
    _add_event(context, case_id, told["opened_on"], first.value)
    if returned:
        _add_event(context, case_id, returned, CaseStatus.RETURNED.value)
    if "closed_on" in told:
        _add_event(context, case_id, told["closed_on"], CaseStatus.CLOSED.value)
    for field, kind in (("reported_at", "reported_bureau"), ("reported_town_at", "reported_township")):
        day = getattr(row.values.get(field), "exact", None)
        if day:
            _add_event(context, case_id, day, kind)


def _add_event(context: ImportContext, case_id: int, day: date, kind: str) -> None:
    same = select(case_event.c.id).where(case_event.c.case_id == case_id, case_event.c.kind == kind)
    if context.conn.execute(same).first() is None:
        values = {
            "case_id": case_id,
            "on_date": day,
            "kind": kind,
            "actor": context.scope.user,
            "evidence": "L1",
            "batch_id": context.batch_id,
        }
        context.conn.execute(insert(case_event).values(values))


def _write_owners(context: ImportContext, row: LedgerRow, case_id: int, told: dict[str, Any]) -> None:
    for field, line in (("persuaders", DutyLine.SCHOOL), ("gov_owner", DutyLine.GOVERNMENT)):
        name = _first_name(str(row.values.get(field) or ""))
        if not name:
            continue
        owner = _person(context, name, ROLES[line], case_id)
        mine = (assignment.c.case_id == case_id) & (assignment.c.line == line.value) & (assignment.c.valid_to == OPEN_END)
        current = context.conn.execute(select(assignment).where(mine)).first()
        if current is not None and current.person_id == owner:
            continue
        if current is not None:
            context.conn.execute(
                update(assignment).where(assignment.c.id == current.id).values(valid_to=max(context.as_of, current.valid_from))
            )
        values = {
            "case_id": case_id,
            "line": line.value,
            "person_id": owner,
            "role": ROLES[line].value,
            "assigned_by": context.scope.user,
            "valid_from": context.as_of if current is not None else told["opened_on"],
            "valid_to": OPEN_END,
            "batch_id": context.batch_id,
        }
        context.conn.execute(insert(assignment).values(values))


def _first_name(text: str) -> str:
    for sign in "、,，;；/ \n":
        text = text.split(sign, maxsplit=1)[0] if text.split(sign, maxsplit=1)[0] else text
    return text.strip()


def _person(context: ImportContext, name: str, role: DutyRole, case_id: int) -> int:
    unit = context.conn.execute(select(case_file.c.school_code).where(case_file.c.id == case_id)).scalar()
    at = (
        {"school_code": unit}
        if role.line is DutyLine.SCHOOL
        else {"area_code": context.town_of_school(unit) if unit else context.county}
    )
    same = select(person.c.id).where(
        person.c.name == name, person.c.county_code == context.county, *(person.c[key] == value for key, value in at.items())
    )
    found = context.conn.execute(same.order_by(person.c.id)).scalar()
    if found:
        return int(found)
    values = {
        **at,
        "name": name,
        "role": role.value,
        "county_code": context.county,
        "valid_from": context.as_of,
        "batch_id": context.batch_id,
    }
    return insert_row(context.conn, person, **values)


def _write_notice(context: ImportContext, row: LedgerRow, case_id: int) -> None:
    mark = row.values.get("notice_no")
    if not isinstance(mark, Mark) or not mark.present:
        return
    day = mark.on.latest if mark.on else context.as_of
    month = f"{day:%Y-%m}"
    same = select(notice.c.id).where(notice.c.case_id == case_id, notice.c.kind == "return_notice")
    if context.conn.execute(same).first() is None:
        values = {
            "case_id": case_id,
            "kind": "return_notice",
            "number": mark.note or f"{case_id}",
            "month": month,
            "issued_on": day,
        }
        context.conn.execute(insert(notice).values({**values, "batch_id": context.batch_id}))
