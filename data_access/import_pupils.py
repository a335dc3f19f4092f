"""L0, the registry: children, guardians, where they live, where they learn, which groups they are in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, func, insert, select, update

from data_access.import_context import ImportContext, KnownChild
from data_access.import_result import Action
from data_access.ledger_sheet import LedgerRow
from data_access.schema import (
    OPEN_END,
    child,
    enrolment_spell,
    group_spell,
    guardian,
    import_batch,
    movement_event,
    residence_spell,
)
from data_access.writing import insert_row
from domain.areas import AreaCode
from domain.faults import Fault
from domain.grades import Stage, entry_year_of, grades_of, parse_class, school_age_from, school_age_to, stage_of
from domain.groups import Group
from domain.identifiers import CitizenId, RegistryNumber, id_contradictions, registry_contradiction
from domain.movements import Movement
from domain.school_year import school_year_of

ENROLLED = frozenset({"在籍在校", "在籍不在校", "休学"})
LEFT = {"转出": Movement.TRANSFER_OUT, "死亡": Movement.DEATH}
DETAILS = {"单亲留守": "one_parent", "双亲留守": "two_parents", "留守": None}
RELATIONS = (
    ("外祖", "maternal_grandparent"),
    ("外公", "maternal_grandparent"),
    ("外婆", "maternal_grandparent"),
    ("祖", "grandparent"),
    ("爷", "grandparent"),
    ("奶", "grandparent"),
    ("父", "father"),
    ("爸", "father"),
    ("母", "mother"),
    ("妈", "mother"),
)
BOARDING = {"走读": False, "住校": True, "借宿": True}


def check_pupil(row: LedgerRow) -> None:
    """The contradictions inside one row: number against birth date and sex, registry number against ID, a missing number."""
    citizen, registry = row.values.get("id_no"), row.values.get("registry_no")
    if isinstance(citizen, CitizenId):
        birth = row.values.get("birth_date")
        for fault in id_contradictions(citizen, getattr(birth, "exact", None), row.values.get("sex")):
            row.refuse("birth_date" if "birth" in fault.code else "sex", fault)
        if isinstance(registry, RegistryNumber) and (contradiction := registry_contradiction(registry, citizen)):
            row.refuse("registry_no", contradiction)


def write_pupils(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, Action, int]]:
    """Apply the rows of L0 that stand; refuse those whose school is unknown or whose numbers mean two children.

    The first registry of a school in a school year dates its pupils from 1 September; what a later one adds or changes is
    dated from its as-of day, unless the row's 入学年月 says otherwise.
    """
    for row in rows:
        check_pupil(row)
    context.load_children((_citizen(row) for row in rows), (_registry(row) for row in rows))
    pupils = _Pupils(context)
    seen: dict[int, LedgerRow] = {}
    applied = []
    for row in rows:
        if row.faults:
            continue
        school_code = _school(context, row)
        known = context.match_child(_citizen(row), _registry(row))
        if isinstance(school_code, Fault):
            row.refuse("school_code" if "school_code" in row.values else "school", school_code)
        if isinstance(known, Fault):
            row.refuse("id_no", known)
        if known is not None and not isinstance(known, Fault) and known.id in seen:
            row.refuse("id_no", Fault("import.row_twice", {"row": seen[known.id].number}))
        if row.faults or isinstance(school_code, Fault) or isinstance(known, Fault):
            continue
        child_id, action = pupils.write(row, school_code, known)
        seen[child_id] = row
        applied.append((row, action, child_id))
    return applied


def _citizen(row: LedgerRow) -> CitizenId | None:
    found = row.values.get("id_no")
    return found if isinstance(found, CitizenId) else None


def _registry(row: LedgerRow) -> RegistryNumber | None:
    found = row.values.get("registry_no")
    return found if isinstance(found, RegistryNumber) else None


def _grade(row: LedgerRow, school_year: int) -> int | None:
    named = row.values.get("grade")
    if named is None:
        return None
    stages = (Stage.PRIMARY, Stage.JUNIOR)
    return next((grade for stage in stages if (grade := named.grade_in(school_year, stage)) is not None), None)


def _school(context: ImportContext, row: LedgerRow) -> str | Fault:
    grade = _grade(row, school_year_of(context.as_of))
    town = row.values.get("township")
    return context.find_school(row.values.get("school_code"), row.values.get("school"), town, stage_of(grade) if grade else None)


class _Pupils:
    """Writes pupils one by one, closing what ended and opening what began."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.conn, self.as_of = context.conn, context.as_of
        self.school_year = school_year_of(context.as_of)
        self.opened = date(self.school_year, 9, 1)
        self._started: dict[str, date] = {}

    def write(self, row: LedgerRow, school_code: str, known: KnownChild | None) -> tuple[int, Action]:
        """Insert or change one child; returns its number and what happened."""
        child_id, changed = self._write_child(row, known)
        changed |= self._write_guardian(row, child_id)
        changed |= self._write_residence(row, child_id, school_code)
        changed |= self._write_enrolment(row, child_id, school_code)
        changed |= self._write_groups(row, child_id, school_code)
        if changed:
            self.context.touched.add(child_id)
        return child_id, Action.NEW if known is None else Action.CHANGED if changed else Action.UNCHANGED

    # --- the child ------------------------------------------------------------------------------------------------------

    def _write_child(self, row: LedgerRow, known: KnownChild | None) -> tuple[int, bool]:
        cipher, citizen, registry = self.context.cipher, _citizen(row), _registry(row)
        birth = getattr(row.values.get("birth_date"), "exact", None) or (
            citizen.birth if citizen else registry.birth if registry else None
        )
        told: dict[str, Any] = {
            "name": row.values.get("student_name"),
            "sex": getattr(row.values.get("sex"), "value", None),
            "ethnicity": row.values.get("ethnicity"),
            "health": row.values.get("health"),
            "remark": row.values.get("remark"),
            "id_mac": cipher.mac(citizen.text if citizen else None),
            "registry_mac": cipher.mac(registry.text if registry else None),
            "birth_date": birth,
        }
        told = {name: value for name, value in told.items() if value is not None}
        old = self.conn.execute(select(child).where(child.c.id == known.id)).one() if known else None
        changed = {name: value for name, value in told.items() if old is None or getattr(old, name) != value}
        if "id_mac" in changed and citizen:
            changed["id_no"] = cipher.seal(citizen.text)
        if "registry_mac" in changed and registry:
            changed["registry_no"] = cipher.seal(registry.text)
        if "birth_date" in changed and birth:
            sixteen = school_age_sixteen(birth)
            changed |= {"school_age_from": school_age_from(birth), "school_age_to": school_age_to(birth), "sixteen_on": sixteen}
        if old is None:
            values = {**changed, "county_code": self.context.county, "batch_id": self.context.batch_id}
            child_id = insert_row(self.conn, child, **values)
        else:
            child_id = old.id
            if changed:
                self.conn.execute(update(child).where(child.c.id == child_id).values(changed))
        self.context.remember(
            KnownChild(child_id, str(told.get("name", "")), birth, told.get("id_mac"), told.get("registry_mac"))
        )
        return child_id, bool(changed)

    def _write_guardian(self, row: LedgerRow, child_id: int) -> bool:
        name = row.values.get("guardian")
        if name is None:
            return False
        phone = row.values.get("guardian_phone")
        relation = _relation(str(row.values.get("guardian_rel") or ""))
        told = {"name": name, "relation": relation, "phone_mac": self.context.cipher.mac(str(phone) if phone else None)}
        told = {key: value for key, value in told.items() if value is not None}
        extra = {"phone": self.context.cipher.seal(str(phone))} if phone else {}
        return self._replace(guardian, child_id, told, extra | {"is_carer": True}, guardian.c.is_carer)

    def _write_residence(self, row: LedgerRow, child_id: int, school_code: str) -> bool:
        context, written = self.context, row.values.get("village")
        town = context.find_town(row.values.get("township")) or context.town_of_school(school_code)
        address, hukou = row.values.get("home_addr"), row.values.get("hukou_addr")
        written_or_none = written or address
        home = context.find_village(written_or_none, town)
        registered = context.find_village(hukou, town) if hukou else home
        text = written.code if isinstance(written, AreaCode) else str(written_or_none) if written_or_none else None
        if home is None and text:
            context.notes.append(Fault("import.village_unlocated", {"row": row.number}))
        told = {"home_code": home, "registered_code": registered, "home_text": None if home else text}
        known = {key: value for key, value in told.items() if value is not None}
        extra = {"home_text": text} | ({"address": context.cipher.seal(str(address))} if address else {})
        return self._replace(residence_spell, child_id, known, extra, starts=self._first_day(school_code, child_id))

    def _replace(
        self,
        table: Table,
        child_id: int,
        told: Mapping[str, Any],
        extra: Mapping[str, Any],
        where: Any = None,
        starts: date | None = None,
    ) -> bool:
        """Close the open spell and begin another when what is told differs; the spell begun that very day is mended in place."""
        open_now = select(table).where(table.c.child_id == child_id, table.c.valid_to == OPEN_END)
        old = self.conn.execute((open_now if where is None else open_now.where(where)).order_by(table.c.id.desc())).first()
        if old is not None and all(getattr(old, name) == value for name, value in told.items()):
            return False
        if old is not None and old.valid_from >= self.as_of:
            self.conn.execute(update(table).where(table.c.id == old.id).values({**told, **extra}))
            return True
        if old is not None:
            self.conn.execute(update(table).where(table.c.id == old.id).values(valid_to=self.as_of))
        begins = self.as_of if old is not None else min(starts or self.opened, self.as_of)
        values = {
            **told,
            **extra,
            "child_id": child_id,
            "valid_from": begins,
            "valid_to": OPEN_END,
            "batch_id": self.context.batch_id,
        }
        self.conn.execute(insert(table).values(values))
        return True

    # --- schooling ------------------------------------------------------------------------------------------------------

    def _first_day(self, school_code: str, child_id: int) -> date:
        """From when a child of this import is known: the year's start on a school's first registry of the year, else as-of."""
        if school_code not in self._started:
            earlier = select(func.min(import_batch.c.as_of)).join(
                enrolment_spell, enrolment_spell.c.batch_id == import_batch.c.id
            )
            found = self.conn.execute(
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
        state, grade = str(row.values.get("state") or "在籍在校"), _grade(row, self.school_year)
        open_now = select(enrolment_spell).where(enrolment_spell.c.child_id == child_id, enrolment_spell.c.valid_to == OPEN_END)
        old = self.conn.execute(open_now.order_by(enrolment_spell.c.id.desc())).first()
        if state not in ENROLLED or grade is None:
            return self._end_enrolment(old, state, child_id)
        stage = stage_of(grade)
        self.context.teach_stage(school_code, stage)
        entry_year = entry_year_of(grade, stage, self.school_year)
        told: dict[str, Any] = {"school_code": school_code, "stage": stage.value, "entry_year": entry_year}
        number = _class_number(row)
        told |= {"class_no": number} if number else {}
        boarding = BOARDING.get(str(row.values.get("attend_mode")))
        told |= {"boarding": boarding} if boarding is not None else {}
        if old is not None and all(getattr(old, name) == value for name, value in told.items()):
            return False
        begins = self._begins(row, old, entry_year, school_code, child_id)
        if old is not None:
            if old.valid_from >= begins:
                graduates = _graduates(entry_year, stage)
                self.conn.execute(
                    update(enrolment_spell).where(enrolment_spell.c.id == old.id).values({**told, "graduates_on": graduates})
                )
                return True
            self.conn.execute(update(enrolment_spell).where(enrolment_spell.c.id == old.id).values(valid_to=begins))
        values = {
            **told,
            "child_id": child_id,
            "graduates_on": _graduates(entry_year, stage),
            "valid_from": begins,
            "valid_to": OPEN_END,
        }
        self.conn.execute(insert(enrolment_spell).values({**values, "batch_id": self.context.batch_id}))
        return True

    def _begins(self, row: LedgerRow, old: Any, entry_year: int, school_code: str, child_id: int) -> date:
        entered = getattr(row.values.get("enrol_ym"), "earliest", None)
        if entered and date(entry_year, 8, 1) <= entered <= self.as_of and (old is None or entered > old.valid_from):
            return max(entered, date(entry_year, 9, 1)) if entered.month == 8 else entered  # type: ignore[no-any-return]
        if old is not None and old.graduates_on <= self.opened:
            return self.opened
        return self._first_day(school_code, child_id)

    def _end_enrolment(self, old: Any, state: str, child_id: int) -> bool:
        if old is None:
            return False
        self.conn.execute(
            update(enrolment_spell).where(enrolment_spell.c.id == old.id).values(valid_to=max(self.as_of, old.valid_from))
        )
        if state in LEFT:
            values = {
                "child_id": child_id,
                "kind": LEFT[state].value,
                "on_date": self.as_of,
                "from_school": old.school_code,
                "stage": old.stage,
            }
            self.conn.execute(insert(movement_event).values({**values, "batch_id": self.context.batch_id}))
        return True

    def _write_groups(self, row: LedgerRow, child_id: int, school_code: str) -> bool:
        changed = False
        for group, (is_in, detail) in _groups(row).items():
            spell = group_spell.c
            open_now = select(group_spell).where(
                spell.child_id == child_id, spell.group_name == group.value, spell.valid_to == OPEN_END
            )
            old = self.conn.execute(open_now).first()
            if is_in == (old is not None) and (old is None or detail is None or old.detail == detail):
                continue
            changed = True
            if old is not None:
                self.conn.execute(update(group_spell).where(spell.id == old.id).values(valid_to=max(self.as_of, old.valid_from)))
            if is_in:
                begins = self.as_of if old is not None else self._first_day(school_code, child_id)
                values = {
                    "child_id": child_id,
                    "group_name": group.value,
                    "detail": detail,
                    "checked_on": self.as_of,
                    "valid_from": begins,
                }
                self.conn.execute(insert(group_spell).values({**values, "valid_to": OPEN_END, "batch_id": self.context.batch_id}))
        return changed


def school_age_sixteen(birth: date) -> date:
    """The sixteenth birthday; 1 March for one born on 29 February."""
    try:
        return birth.replace(year=birth.year + 16)
    except ValueError:
        return date(birth.year + 16, 3, 1)


def _graduates(entry_year: int, stage: Stage) -> date:
    return date(entry_year + len(grades_of(stage)), 9, 1)


def _class_number(row: LedgerRow) -> int | None:
    named = getattr(row.values.get("grade"), "number", None)
    written = row.values.get("class")
    if written is None:
        return named
    text = str(written)
    digits = "".join(sign for sign in text if sign.isdigit())
    parsed = parse_class(text)
    return parsed.number if parsed and parsed.number else int(digits) if digits and int(digits) < 100 else named


def _relation(text: str) -> str | None:
    return next((name for word, name in RELATIONS if word in text), "other" if text else None)


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
