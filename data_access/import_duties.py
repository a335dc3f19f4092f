"""L19, who answers for what: the people of both lines for each class, school, village, town and the county (R202-R212, R233)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from data_access.import_context import ImportContext
from data_access.import_persons import find_person
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import says_duty
from data_access.ledger_sheet import LedgerRow
from data_access.schema import OPEN_END, case_file, child, person, responsibility, school_class
from domain.areas import AreaCode
from domain.faults import Fault
from domain.grades import Stage, entry_year_of, parse_class, stage_of
from domain.ledger_words import DUTIES
from domain.school_year import school_year_of
from domain.visits import DutyLine, DutyRole

Applied = list[tuple[LedgerRow, Action, int]]
OF_CLASS = frozenset({DutyRole.CLASS_TEACHER, DutyRole.SUBJECT_TEACHER})
# A new one of these takes the place of the one before.
ALONE = frozenset({DutyRole.CLASS_TEACHER, DutyRole.GRADE_HEAD, DutyRole.PRINCIPAL})


class Place(NamedTuple):
    """What somebody answers for: a class or grade of a school, a school, or an area."""

    class_id: int | None = None
    school_code: str | None = None
    area_code: str | None = None
    stage: str | None = None
    entry_year: int | None = None


def write_duties(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L19 that stand. The same person, role and place is the same duty; a new class teacher, grade head or
    principal ends the duty of the one before. Every case of the county is then asked again who answers for it."""
    seen: dict[tuple[str, str, Place], LedgerRow] = {}
    duties, applied = _Duties(context), Applied()
    for row in rows:
        place = None if row.faults else _place(context, row, duties)
        if place is None:
            continue
        key = (str(row.values["holder"]), str(row.values["duty"]), place)
        if key in seen:
            row.refuse("holder", Fault("import.row_twice", {"row": seen[key].number}))
            continue
        seen[key] = row
        duty, action = duties.put(row, place)
        applied.append((row, action, int(duty["id"])))
    if any(action is not Action.UNCHANGED for _, action, _ in applied):
        cases = select(case_file.c.child_id).join(child, child.c.id == case_file.c.child_id)
        context.touched.update(context.conn.execute(cases.where(child.c.county_code == context.county)).scalars())
    return applied


def _place(context: ImportContext, row: LedgerRow, duties: "_Duties") -> Place | None:
    """What the row's person answers for; the row is refused when it does not say so, or says what lies elsewhere."""
    role = DUTIES[str(row.values["duty"])]
    since, until = _spell(context, row)
    if until < since:
        row.refuse("until", Fault("import.duty_backwards"))
        return None
    if role.line is DutyLine.GOVERNMENT and not (role is DutyRole.MONITORING_LEADER and "school" in row.values):
        return _area(context, row, role)
    code = context.find_school(None, _text(row, "school"), None, None) if "school" in row.values or context.only_school else None
    if code is None or isinstance(code, Fault):
        row.refuse("school", code or Fault("import.duty_needs_school"))
        return None
    if role is DutyRole.GRADE_HEAD:
        return _grade(context, row, code)
    return _class(context, row, code, duties) if role in OF_CLASS else Place(school_code=code)


def _area(context: ImportContext, row: LedgerRow, role: DutyRole) -> Place | None:
    town, written = context.find_town(_text(row, "township")), row.values.get("village")
    code = context.county if role is DutyRole.BUREAU_OFFICIAL else town
    if written is not None:
        code = context.find_village(written if isinstance(written, AreaCode) else str(written), town)
    if code is None:
        row.refuse("village" if written is not None else "township", Fault("import.duty_needs_area"))
    elif not context.holds_area(code):
        row.refuse("township", Fault("import.out_of_scope"))
    else:
        return Place(area_code=code)
    return None


def _class(context: ImportContext, row: LedgerRow, school_code: str, duties: "_Duties") -> Place | None:
    named, year = parse_class(_text(row, "class") or ""), school_year_of(context.as_of)
    if named is None or named.number is None or named.grade is None:
        row.refuse("class", Fault("import.duty_needs_class"))
        return None
    stage = Stage.SPECIAL if context.is_special(school_code) else stage_of(named.grade)
    entered = entry_year_of(named.grade, stage, year)
    return Place(duties.class_of(school_code, stage.value, entered, named.number), school_code)


def _grade(context: ImportContext, row: LedgerRow, school_code: str) -> Place | None:
    """The grade that the class column names, with or without a class."""
    named = parse_class(_text(row, "class") or "")
    if named is None or named.grade is None:
        row.refuse("class", Fault("import.duty_needs_grade"))
        return None
    stage = Stage.SPECIAL if context.is_special(school_code) else stage_of(named.grade)
    entered = entry_year_of(named.grade, stage, school_year_of(context.as_of))
    return Place(school_code=school_code, stage=stage.value, entry_year=entered)


def _text(row: LedgerRow, field: str) -> str | None:
    return str(row.values[field]) if field in row.values else None


def _spell(context: ImportContext, row: LedgerRow) -> tuple[date, date]:
    since = getattr(row.values.get("since"), "exact", None) or context.as_of
    until = getattr(row.values.get("until"), "exact", None)
    return since, until + timedelta(days=1) if until else OPEN_END


class _Duties:
    """The duties and classes of the county, read once; what this import makes is among them."""

    def __init__(self, context: ImportContext) -> None:
        self.context, conn = context, context.conn
        held = select(responsibility).join(person, person.c.id == responsibility.c.person_id)
        rows = conn.execute(held.where(person.c.county_code == context.county).order_by(responsibility.c.id))
        self.duties: list[Record] = [dict(row._mapping) for row in rows]
        self.classes = {
            (row.school_code, row.stage, row.entry_year, row.class_no): int(row.id) for row in conn.execute(select(school_class))
        }

    def class_of(self, school_code: str, stage: str, entered: int, number: int) -> int:
        """The number of a class, made where nobody has named it yet."""
        key = (school_code, stage, entered, number)
        if key not in self.classes:
            told = dict(zip(("school_code", "stage", "entry_year", "class_no"), key, strict=True))
            made = self.context.records.add(school_class, **told, valid_from=date(entered, 9, 1), valid_to=OPEN_END)
            self.classes[key] = int(made["id"])
        return self.classes[key]

    def put(self, row: LedgerRow, place: Place) -> tuple[Record, Action]:
        """The duty that the row tells of, made or brought up to date."""
        context, role = self.context, DUTIES[str(row.values["duty"])]
        who = find_person(context, str(row.values["holder"])[:80], role, place.school_code, place.area_code)
        since, until = _spell(context, row)
        same = {"role": role.value, "class_id": place.class_id, "area_code": place.area_code}
        same["school_code"] = None if place.class_id else place.school_code
        same |= {"stage": place.stage, "entry_year": place.entry_year}
        there = [one for one in self.duties if all(one[name] == value for name, value in same.items())]
        own = next((one for one in there if one["person_id"] == who and one["valid_to"] > since), None)
        told: dict[str, Any] = {"letter_signed_on": getattr(row.values.get("signed"), "exact", None)}
        told |= {"valid_from": since} if "since" in row.values else {}
        told |= {"valid_to": until} if "until" in row.values else {}
        told = {name: value for name, value in told.items() if value is not None}
        is_new = own is None
        if own is None:
            spell = {"valid_from": since, "valid_to": until}
            own = context.records.add(responsibility, person_id=who, line=role.line.value, **same, **{**spell, **told})
            self.duties.append(own)
            changed = self._end_others(there, role, since)
        else:
            changed = context.records.change(responsibility, own, **told)
        name = str(row.values["holder"])
        changed |= put_line(context, row, f"duty:{own['id']}", says_duty({**own, "name": name}, None), fields=("phone",))
        return own, Action.NEW if is_new else Action.CHANGED if changed else Action.UNCHANGED

    def _end_others(self, there: Sequence[Record], role: DutyRole, since: date) -> bool:
        ended = False
        for one in there if role in ALONE else ():
            if one["valid_from"] < since < one["valid_to"]:
                ended |= self.context.records.change(responsibility, one, valid_to=since)
        return ended
