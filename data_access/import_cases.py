"""L1, the persuasion-and-return ledger, and L2, the roster of the suspected: a row a case, a relapse a case of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import FromClause, select

from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import known_children
from data_access.import_persons import find_person, first_name, last_helper, name_of
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import say_reason, says_suspected
from data_access.ledger_sheet import LedgerRow
from data_access.schema import (
    OPEN_END,
    absence_day,
    assignment,
    case_event,
    case_file,
    case_interval,
    child_place,
    notice,
    person,
)
from data_access.scoped import on
from domain.cases import GRAVITY, CaseStatus, Outcome
from domain.cell_words import Mark
from domain.faults import Fault
from domain.ledger_words import VERIFIED
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
LENGTHS = {"whereabouts": 120}
ROLES = {DutyLine.SCHOOL: DutyRole.CLASS_TEACHER, DutyLine.GOVERNMENT: DutyRole.TOWNSHIP_OFFICIAL}
OF_CASE = (case_event, assignment, notice)
UNNUMBERED = ""  # the ledger says that the notice was served, not under which number
# No table has these, or not as exactly: a month without a day, several reasons.
BESIDE = ("persuade_count", "letter", "placement", "return_school", "helper", "persuaded_at", "drop_date", "reason")


@dataclass(frozen=True)
class _Told:
    """What a row says of a case: its status, the columns of its file, and the days of its events."""

    status: CaseStatus
    file: dict[str, Any]
    events: tuple[tuple[date | None, str], ...] = ()


def write_cases(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L1 that stand. A row without a known child, without a return date where it says returned, or with a
    return before the absence is refused."""
    applied = []
    for row, known in known_children(context, rows):
        _check_dates(row)
        if row.faults:
            continue
        case, action = _write_case(context, known, _told(row))
        owners = _write_owners(context, row, case)
        papers = _write_notice(context, row, case)
        said = {"drop_date": (case["first_absent_on"] or case["opened_on"]).isoformat(), "reason": say_reason(case["reason"])}
        said["helper"] = last_helper(context, known.id)
        beside = put_line(context, row, f"case:{case['id']}", said, child_id=known.id, fields=BESIDE)
        applied.append((row, _or_changed(action, owners or papers or beside), int(case["id"])))
        if action is not Action.UNCHANGED or owners:
            context.touched.add(known.id)
    return applied


def write_suspected(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L2 that stand: the child's open case, or a new one, and the absence of its first day."""
    applied = []
    for row, known in known_children(context, rows):
        day = row.values["first_absent"].earliest
        status, branch = VERIFIED[str(row.values["verify"])]
        told = {"first_absent_on": day, "opened_on": day, "branch": branch.value if branch else None}
        told |= {"reason": _reason_of(row)} | _texts(row, {"whereabouts": "whereabouts", "action": "measures"})
        case, action = _write_case(
            context, known, _Told(status, {k: v for k, v in told.items() if v is not None}), joins_open=True
        )
        absence, noted = _write_absence(context, row, known.id, day, is_new=action is Action.NEW)
        said = says_suspected(case, absence)
        beside = put_line(context, row, f"suspected:{case['id']}", said, child_id=known.id)
        applied.append((row, _or_changed(action, noted or beside), int(case["id"])))
        if action is not Action.UNCHANGED:
            context.touched.add(known.id)
    return applied


def _or_changed(action: Action, changed: bool) -> Action:
    return Action.CHANGED if action is Action.UNCHANGED and changed else action


def _check_dates(row: LedgerRow) -> None:
    dropped, returned = row.values["drop_date"], row.values.get("return_date")
    if STATUSES[str(row.values["status"])] is CaseStatus.RETURNED and returned is None:
        row.refuse("return_date", Fault("import.return_date_missing"))
    if returned is not None and returned.latest < dropped.earliest:
        row.refuse("return_date", Fault("import.return_before_drop"))


def _reason_of(row: LedgerRow) -> str | None:
    reasons = row.values.get("reason") or ()
    return reasons[0].value if reasons else None


def _texts(row: LedgerRow, fields: dict[str, str]) -> dict[str, str]:
    found = {column: str(row.values[field]) for field, column in fields.items() if field in row.values}
    return {column: text[: LENGTHS.get(column, len(text))] for column, text in found.items()}


def _told(row: LedgerRow) -> _Told:
    values = row.values
    dropped = values["drop_date"].earliest
    reported = getattr(values.get("reported_at"), "exact", None)
    status = STATUSES[str(values["status"])]
    told: dict[str, Any] = {
        "case_no": str(values["case_no"])[:40] if "case_no" in values else None,
        "first_absent_on": dropped,
        "opened_on": min(dropped, reported) if reported else dropped,
        "reason": _reason_of(row),
        **_texts(row, TEXTS),
    }
    closed = _closed_on(row)
    if closed:
        told |= {"closed_on": closed, "outcome": OUTCOMES.get(str(values["status"]), Outcome.EXPLAINED).value}
    returned = getattr(values.get("return_date"), "latest", None)
    events = (
        (returned, CaseStatus.RETURNED.value),
        (closed, CaseStatus.CLOSED.value),
        (reported, "reported_bureau"),
        (getattr(values.get("reported_town_at"), "exact", None), "reported_township"),
    )
    return _Told(status, {name: value for name, value in told.items() if value is not None}, events)


def _closed_on(row: LedgerRow) -> date | None:
    mark, status = row.values.get("closed_at"), STATUSES[str(row.values["status"])]
    if isinstance(mark, Mark) and mark.present and mark.on:
        return mark.on.latest
    if status is not CaseStatus.CLOSED and not (isinstance(mark, Mark) and mark.present):
        return None
    dates = (row.values.get(field) for field in ("return_date", "reported_at", "drop_date"))
    return next((day.latest for day in dates if day is not None), None)


def _write_case(context: ImportContext, known: KnownChild, told: _Told, *, joins_open: bool = False) -> tuple[Record, Action]:
    """The case made or brought to what the row says; `joins_open`: any open case of the child is the row's."""
    old = _same_case(context, known, told, joins_open=joins_open)
    if old is not None:
        said = old["first_absent_on"] or old["opened_on"]
        kept = {"opened_on"} | ({"first_absent_on"} if joins_open or told.file["first_absent_on"] == said else set())
        if old["case_no"] is None and told.file.get("case_no") == str(old["id"]):
            kept.add("case_no")  # our own number, as an export without another writes it
        changed = context.records.change(case_file, old, **{k: v for k, v in told.file.items() if k not in kept})
        changed |= _write_events(context, old, told)
        return old, Action.CHANGED if changed else Action.UNCHANGED
    case = _open_case(context, known, told)
    _write_events(context, case, told)
    return case, Action.NEW


def _open_case(context: ImportContext, known: KnownChild, told: _Told) -> Record:
    opened = told.file["opened_on"]
    place = context.conn.execute(
        select(child_place.c.school_code, child_place.c.stage).where(child_place.c.child_id == known.id, on(child_place, opened))
    ).first()
    earlier = max(context.records.of(case_file, known.id), key=lambda one: int(one["id"]), default=None)
    values = {**told.file, "child_id": known.id, "relapse_count": len(context.records.of(case_file, known.id))}
    values |= {"relapse_of": earlier["id"]} if earlier else {}
    values |= {"school_code": place.school_code, "stage": place.stage} if place else {}
    case = context.records.add(case_file, **values)
    context.records.hold_new(OF_CASE, int(case["id"]))
    if earlier is not None and earlier["closed_on"] is None:  # a child has one open case at most
        context.records.change(case_file, earlier, closed_on=opened, outcome=Outcome.RELAPSED.value)
        _add_event(context, earlier, opened, CaseStatus.CLOSED.value)
    return case


def _same_case(context: ImportContext, known: KnownChild, told: _Told, *, joins_open: bool) -> Record | None:
    """The case a row already is: the child's case of the same first day, else its open one under the same number."""
    files = context.records.of(case_file, known.id)
    for one in files:
        if (one["first_absent_on"] or one["opened_on"]) == told.file["first_absent_on"]:
            return one
    still_open = [one for one in files if one["closed_on"] is None]
    if joins_open and still_open:
        return still_open[-1]
    number = told.file.get("case_no")
    return next((one for one in still_open if number and one["case_no"] == number), None)


def _write_events(context: ImportContext, case: Record, told: _Told) -> bool:
    first = CaseStatus.AT_RISK if told.status in (CaseStatus.RETURNED, CaseStatus.CLOSED) else told.status
    standing = _standing(context, case).status
    known = {one["kind"] for one in context.records.of(case_event, int(case["id"]))} | {standing}
    if standing in GRAVITY and GRAVITY.get(first, 0) < GRAVITY[CaseStatus(standing)]:
        known.add(first.value)  # a roster of the suspected takes nothing back
    steps = list(told.events)
    begun = bool(known & {status.value for status in CaseStatus})
    if not begun or (first.value not in known and told.status is first and case["closed_on"] is None):
        steps.insert(0, (told.file["opened_on"] if not begun else context.as_of, first.value))
    added = [_add_event(context, case, day, kind) for day, kind in steps if day]
    return any(added)


class _Standing(NamedTuple):
    """What a case is on the import's day, and who answers for it, by the rules."""

    status: str | None = None
    school: str | None = None
    government: str | None = None


def _standing(context: ImportContext, case: Record) -> _Standing:
    if case["batch_id"] == context.batch_id:
        return _Standing()
    owners = [person.alias(line.value) for line in DutyLine]
    query = select(case_interval.c.status, *(owner.c.name for owner in owners)).where(
        case_interval.c.case_id == case["id"], on(case_interval, context.as_of)
    )
    columns = (case_interval.c.school_owner_id, case_interval.c.government_owner_id)
    joined: FromClause = case_interval
    for owner, column in zip(owners, columns, strict=True):
        joined = joined.outerjoin(owner, owner.c.id == column)
    row = context.conn.execute(query.select_from(joined)).first()
    return _Standing(*row) if row else _Standing()


def _add_event(context: ImportContext, case: Record, day: date, kind: str) -> bool:
    case_id = int(case["id"])
    if kind == CaseStatus.CLOSED.value and case["closed_on"] is not None and case["batch_id"] != context.batch_id:
        day = case["closed_on"]
    if any(one["kind"] == kind for one in context.records.of(case_event, case_id)):
        return False
    context.records.add(case_event, case_id=case_id, on_date=day, kind=kind, actor=context.scope.user, evidence="ledger")
    return True


def _write_absence(
    context: ImportContext, row: LedgerRow, child_id: int, day: date, *, is_new: bool
) -> tuple[Record | None, bool]:
    """The absence of the first day, where the row says something of it or the case is new."""
    contact = row.values.get("contact_at")
    told: dict[str, Any] = {"contacted_at": contact.moment} if contact is not None and contact.moment else {}
    if str(row.values["verify"]) == "病假":
        told["state"] = "sick"
    noted = next((one for one in context.records.of(absence_day, child_id) if one["on_date"] == day), None)
    if not told and not is_new:
        return noted, False
    if noted is None:
        told.setdefault("state", "truant")
    return context.records.put(absence_day, child_id, {"on_date": day}, told)


def _write_owners(context: ImportContext, row: LedgerRow, case: Record) -> bool:
    changed, standing = False, _standing(context, case)
    for field, line in (("persuaders", DutyLine.SCHOOL), ("gov_owner", DutyLine.GOVERNMENT)):
        name = first_name(str(row.values.get(field) or ""))
        if not name:
            continue
        spells = context.records.of(assignment, int(case["id"]))
        current = next((one for one in spells if one["line"] == line.value and one["valid_to"] == OPEN_END), None)
        stands = name_of(context, int(current["person_id"])) if current is not None else getattr(standing, line.value)
        if stands == name:
            continue
        at = {"school_code": case["school_code"]} if line is DutyLine.SCHOOL else {"area_code": _town_of(context, case)}
        owner = find_person(context, name, ROLES[line], **at)
        if current is not None:
            context.records.change(assignment, current, valid_to=max(context.as_of, current["valid_from"]))
        values = {"line": line.value, "person_id": owner, "role": ROLES[line].value, "assigned_by": context.scope.user}
        begins = context.as_of if current is not None else case["opened_on"]
        context.records.add(assignment, case_id=case["id"], **values, valid_from=begins, valid_to=OPEN_END)
        changed = True
    return changed


def _town_of(context: ImportContext, case: Record) -> str:
    return context.town_of_school(case["school_code"]) if case["school_code"] else context.county


def _write_notice(context: ImportContext, row: LedgerRow, case: Record) -> bool:
    mark = row.values.get("notice_no")
    if not isinstance(mark, Mark) or not mark.present:
        return False
    if any(one["kind"] == "return_notice" for one in context.records.of(notice, int(case["id"]))):
        return False
    day = mark.on.latest if mark.on else context.as_of
    values = {
        "kind": "return_notice",
        "number": mark.note[:60] if mark.note else UNNUMBERED,
        "month": f"{day:%Y-%m}",
        "issued_on": day,
    }
    context.records.add(notice, case_id=case["id"], **values)
    return True
