"""L0, the registry: children, guardians, where they live, where they learn, which groups they are in."""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import func, select

from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import (
    OF_CHILD,
    as_named,
    birth_of,
    check_identity,
    citizen_of,
    load_numbers,
    registry_of,
    write_child,
    write_guardian,
    write_home,
)
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_sheet import LedgerRow
from data_access.schema import OPEN_END, enrolment_spell, group_spell, import_batch, ledger_line, movement_event
from domain.faults import Fault
from domain.grades import ClassName, Stage, entry_year_of, grades_of, parse_class, stage_of
from domain.groups import Group
from domain.movements import Movement
from domain.school_year import school_year_of

ENROLLED = frozenset({"在籍在校", "在籍不在校", "休学"})
LEFT = {"转出": Movement.TRANSFER_OUT, "死亡": Movement.DEATH}
DETAILS = {"单亲留守": "one_parent", "双亲留守": "two_parents", "留守": None}
BESIDE = ("registry_aux", "origin", "inclusive", "enrol_ym")  # kept as they came: no rule of the tables needs them
SLICE = 2_000  # rows whose records are held at a time
BOARDING = {"走读": False, "住校": True, "借宿": True}


def write_pupils(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L0 that stand; refuse those whose school is unknown or whose numbers mean two children.

    The first registry of a school in a school year dates its pupils from 1 September; what a later one adds or changes is
    dated from its as-of day, unless the row's 入学年月 says otherwise.
    """
    for row in rows:
        check_identity(row)
    load_numbers(context, rows)
    matches = _Matches(context, rows)
    schools = {id(row): school_of(context, row) for row in rows if not row.faults}
    context.named_schools |= {code for code in schools.values() if isinstance(code, str)}
    pupils = _Pupils(context, context.named_schools)
    seen: dict[int, LedgerRow] = {}
    applied = []
    for number, row in enumerate(rows):
        if number % SLICE == 0:
            pupils.load(rows[number : number + SLICE])
        if row.faults:
            continue
        school_code = schools[id(row)]
        known = matches.of(row, school_code)
        if isinstance(school_code, Fault):
            row.refuse("school_code" if "school_code" in row.values else "school", school_code)
        if isinstance(known, Fault):
            row.refuse("id_no", known)
        if isinstance(known, KnownChild) and known.id in seen:
            elsewhere = seen[known.id].values.get("school") != row.values.get("school")
            twice = "import.twice_elsewhere" if elsewhere else "import.row_twice"
            row.refuse("id_no", Fault(twice, {"row": seen[known.id].number}))
            if elsewhere:
                context.doubt(row, "two_schools", known.id, school_code=None if isinstance(school_code, Fault) else school_code)
        if row.faults or isinstance(school_code, Fault) or isinstance(known, Fault):
            continue
        child_id, action = pupils.write(row, school_code, known)
        seen[child_id] = row
        context.named.add(child_id)
        applied.append((row, action, child_id))
    return applied


class _Matches:
    """Which known child each row is: by registry number, by ID, then by name, birth and school."""

    def __init__(self, context: ImportContext, rows: Sequence[LedgerRow]) -> None:
        self.context = context
        strangers = [row for row in rows if not row.faults and not context.children_of(citizen_of(row), registry_of(row))]
        self.named = context.known_names(str(row.values["student_name"]) for row in strangers)
        alike = [one.id for named in self.named.values() for one in named]
        context.records.load(enrolment_spell, alike)

    def of(self, row: LedgerRow, school_code: str | Fault) -> KnownChild | Fault | None:
        """The child; None for a new one; a Fault when the numbers disagree or a person must decide (listed in the queue)."""
        context = self.context
        known = context.match_child(citizen_of(row), registry_of(row))
        if isinstance(known, Fault):
            context.doubt(row, "two_children", *context.children_of(citizen_of(row), registry_of(row)))
        if known is not None:
            return as_named(context, row, known) if isinstance(known, KnownChild) else known
        birth = birth_of(row)
        for one in self.named.get(str(row.values["student_name"]), ()):
            if birth is None or one.birth_date != birth:
                continue
            here = any(spell["school_code"] == school_code for spell in context.records.of(enrolment_spell, one.id))
            numberless = one.id_mac is None and one.registry_mac is None
            if here and numberless:
                return one
            if here or numberless:
                decided = context.decision(row, "same_name", one.id)
                if decided == "same":
                    return one
                if decided is None:
                    context.doubt(row, "same_name", one.id, school_code=None if isinstance(school_code, Fault) else school_code)
                    return Fault("import.doubtful")
        return None


def _grade(row: LedgerRow, school_year: int) -> int | None:
    named = row.values.get("grade")
    return None if named is None else _grade_named(named, school_year)


@cache
def _grade_named(named: ClassName, school_year: int) -> int | None:
    stages = (Stage.PRIMARY, Stage.JUNIOR)
    return next((grade for stage in stages if (grade := named.grade_in(school_year, stage)) is not None), None)


def school_of(context: ImportContext, row: LedgerRow) -> str | Fault:
    """The school the row names; one with an official code may be new."""
    grade = _grade(row, school_year_of(context.as_of))
    town = row.values.get("township")
    return context.find_school(row.values.get("school_code"), row.values.get("school"), town, stage_of(grade) if grade else None)


def enrolment_told(context: ImportContext, row: LedgerRow, school_code: str) -> dict[str, Any] | None:
    """The columns of an enrolment that the row's grade, class and boarding say; None without a grade of compulsory school."""
    school_year = school_year_of(context.as_of)
    grade = _grade(row, school_year)
    if grade is None:
        return None
    stage = Stage.SPECIAL if context.is_special(school_code) else stage_of(grade)
    context.teach_stage(school_code, stage)
    told: dict[str, Any] = {"school_code": school_code, **_year_group(grade, stage, school_year)}
    number = _class_number(row)
    told |= {"class_no": number} if number else {}
    boarding = BOARDING.get(str(row.values.get("attend_mode")))
    return told | ({"boarding": boarding} if boarding is not None else {})


@cache
def _year_group(grade: int, stage: Stage, school_year: int) -> dict[str, Any]:
    entry_year = entry_year_of(grade, stage, school_year)
    return {"stage": stage.value, "entry_year": entry_year, "graduates_on": date(entry_year + len(grades_of(stage)), 9, 1)}


class _Pupils:
    """Writes pupils one by one, closing what ended and opening what began."""

    def __init__(self, context: ImportContext, listed_schools: set[str]) -> None:
        self.context, self.records, self._listed_schools = context, context.records, listed_schools
        self.as_of = context.as_of
        self.school_year = school_year_of(context.as_of)
        self.opened = date(self.school_year, 9, 1)
        self._started: dict[str, date] = {}
        self._written: set[int] = set()

    def load(self, rows: Sequence[LedgerRow]) -> None:
        """Write what the rows before these have said, and fetch what is known of the children of these."""
        self.records.flush()
        self.context.let_go(self._written)
        self._written = set()
        known = {child_id for row in rows for child_id in self.context.children_of(citizen_of(row), registry_of(row))}
        for table in (*OF_CHILD, ledger_line):
            self.records.load(table, known)

    def write(self, row: LedgerRow, school_code: str, known: KnownChild | None) -> tuple[int, Action]:
        """Insert or change one child; returns its number and what happened."""
        record, changed = write_child(self.context, row, known)
        child_id = int(record["id"])
        self._written.add(child_id)
        begins = self._first_day(school_code)
        changed |= write_guardian(self.context, row, child_id, self.opened)
        changed |= write_home(self.context, row, child_id, school_code, begins)
        changed |= self._write_enrolment(row, child_id, school_code)
        changed |= self._write_groups(row, child_id, begins)
        changed |= put_line(self.context, row, f"child:{child_id}", {}, child_id=child_id, fields=BESIDE)
        if changed:
            self.context.touched.add(child_id)
        return child_id, Action.NEW if known is None else Action.CHANGED if changed else Action.UNCHANGED

    # --- schooling ------------------------------------------------------------------------------------------------------

    def _first_day(self, school_code: str) -> date:
        """From when a child of this import is known: the year's start on a school's first registry of the year, else as-of."""
        if school_code not in self._started:
            earlier = select(func.min(import_batch.c.as_of)).join(
                enrolment_spell, enrolment_spell.c.batch_id == import_batch.c.id
            )
            found = self.context.conn.execute(
                earlier.where(
                    enrolment_spell.c.school_code == school_code,
                    import_batch.c.ledger == "L0",
                    import_batch.c.as_of >= self.opened,
                    import_batch.c.id != self.context.batch_id,
                )
            ).scalar()
            self._started[school_code] = self.as_of if found else self.opened
        return self._started[school_code]

    def _write_enrolment(self, row: LedgerRow, child_id: int, school_code: str) -> bool:
        state, told = str(row.values.get("state") or "在籍在校"), enrolment_told(self.context, row, school_code)
        old = self._now_enrolled(child_id, school_code)
        if state not in ENROLLED or told is None:
            return self._end_enrolment(old, state, child_id, school_code)
        if old is not None and all(old[name] == value for name, value in told.items()):
            return False
        begins = self._begins(row, old, int(told["entry_year"]), school_code)
        if old is not None and not self._stays_listed(row, old, child_id, school_code):
            if old["valid_from"] >= begins:
                return self.records.change(enrolment_spell, old, **told)
            self.records.change(enrolment_spell, old, valid_to=begins)
        self.records.add(enrolment_spell, child_id=child_id, **told, valid_from=begins, valid_to=OPEN_END)
        return True

    def _now_enrolled(self, child_id: int, school_code: str) -> Record | None:
        """The spell of the day at this school, else the latest of the day, else the latest without an end."""
        every = self.records.of(enrolment_spell, child_id)
        spells = [one for one in every if one["valid_from"] <= self.as_of < one["valid_to"]]
        spells = spells or [one for one in every if one["valid_to"] == OPEN_END]
        here = [one for one in spells if one["school_code"] == school_code]
        chosen = here or spells
        return chosen[-1] if chosen else None

    def _stays_listed(self, row: LedgerRow, old: Record, child_id: int, school_code: str) -> bool:
        """Whether the child now stands in two schools: the other school is not in this file, and nobody has said that it left.

        Such a child is listed for a person to decide, and counts where it was named last.
        """
        if old["school_code"] == school_code or old["graduates_on"] <= self.as_of or old["school_code"] in self._listed_schools:
            return False
        decided = self.context.decision(row, "two_schools", child_id)
        if decided is None:
            self.context.doubt(row, "two_schools", child_id, school_code=old["school_code"])
            self.context.notes.append(Fault("import.in_two_schools", {"row": row.number}))
        return decided != "same"

    def _begins(self, row: LedgerRow, old: Record | None, entry_year: int, school_code: str) -> date:
        entered = getattr(row.values.get("enrol_ym"), "earliest", None)
        if entered and date(entry_year, 8, 1) <= entered <= self.as_of and (old is None or entered > old["valid_from"]):
            return max(entered, date(entry_year, 9, 1)) if entered.month == 8 else entered  # type: ignore[no-any-return]
        if old is not None and old["graduates_on"] <= self.opened:
            return self.opened
        return self._first_day(school_code)

    def _end_enrolment(self, old: Record | None, state: str, child_id: int, school_code: str) -> bool:
        if old is None or old["school_code"] != school_code:
            return False
        self.records.change(enrolment_spell, old, valid_to=max(self.as_of, old["valid_from"]))
        if state in LEFT:
            values = {"kind": LEFT[state].value, "on_date": self.as_of, "from_school": old["school_code"], "stage": old["stage"]}
            self.records.add(movement_event, child_id=child_id, **values)
        return True

    def _write_groups(self, row: LedgerRow, child_id: int, begins: date) -> bool:
        changed = False
        for group, (is_in, detail) in _groups(row).items():
            changed |= set_group(self.context, child_id, group, detail=detail, is_in=is_in, begins=begins)
        return changed


def set_group(
    context: ImportContext,
    child_id: int,
    group: Group,
    *,
    is_in: bool,
    begins: date,
    detail: str | None = None,
    cause: str | None = None,
    checked_on: date | None = None,
) -> bool:
    """Bring the child's membership of a group to what a ledger says; a blank detail says nothing. Returns whether it differs."""
    same = {"group_name": group.value}
    if not is_in:
        return context.records.end_spell(group_spell, child_id, same, context.as_of)
    old = context.records.open_spell(group_spell, child_id, same)
    more_exact = old is not None and detail is not None and str(old["detail"] or "").startswith(f"{detail} ")
    told = {"detail": detail} if detail and not more_exact else {}
    changed = context.records.put_spell(group_spell, child_id, same, told, {"checked_on": context.as_of}, begins, context.as_of)
    spell = context.records.open_spell(group_spell, child_id, same)
    beside = {name: value for name, value in (("cause", cause), ("checked_on", checked_on)) if value}
    return bool(spell and context.records.change(group_spell, spell, **beside)) or changed


def _class_number(row: LedgerRow) -> int | None:
    named = getattr(row.values.get("grade"), "number", None)
    written = row.values.get("class")
    if written is None:
        return named
    return _number_in(str(written)) or named


@lru_cache(5_000)
def _number_in(text: str) -> int | None:
    parsed = parse_class(text)
    digits = "".join(sign for sign in text if sign.isdigit())
    return parsed.number if parsed and parsed.number else int(digits) if digits and int(digits) < 100 else None


def _groups(row: LedgerRow) -> dict[Group, tuple[bool, str | None]]:
    """What the row says of each group: in it or not, with its detail; a blank cell says nothing."""
    values, found = row.values, {}
    if "left_behind" in values:
        label = str(values["left_behind"])
        found[Group.LEFT_BEHIND_EDUCATION] = (label != "非留守", DETAILS.get(label))
    if "poor_flag" in values:
        label = str(values["poor_flag"])
        found[Group.POOR] = (label != "否", None if label in {"是", "否"} else label)
    if "disability" in values:
        label = str(values["disability"])
        found[Group.DISABLED] = (label != "无", None if label == "无" else label)
    for name, group in (("migrant_child", Group.MIGRANT), ("orphan", Group.ORPHAN)):
        if name in values:
            found[group] = (bool(values[name]), None)
    return found
