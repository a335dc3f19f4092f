"""Who a row is: the identity block read, a child found or made, its guardian and home written."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from data_access.import_context import ImportContext, KnownChild
from data_access.import_records import Record
from data_access.ledger_sheet import LedgerRow
from data_access.schema import (
    OPEN_END,
    child,
    child_place,
    enrolment_spell,
    group_spell,
    guardian,
    ledger_line,
    residence_spell,
    school,
)
from data_access.scoped import on
from domain.areas import AreaCode
from domain.faults import Fault
from domain.grades import school_age_from, school_age_to
from domain.identifiers import CitizenId, RegistryNumber, id_contradictions, registry_contradiction

RELATIONS = (
    ("外祖", "maternal_grandparent"),
    ("外公", "maternal_grandparent"),
    ("外婆", "maternal_grandparent"),
    ("姥", "maternal_grandparent"),
    ("祖", "grandparent"),
    ("爷", "grandparent"),
    ("奶", "grandparent"),
    ("父母", "parents"),
    ("父", "father"),
    ("爸", "father"),
    ("母", "mother"),
    ("妈", "mother"),
    ("亲属", "relative"),
)
OF_CHILD = (enrolment_spell, group_spell, guardian, residence_spell)


def citizen_of(row: LedgerRow) -> CitizenId | None:
    """The row's citizen number, when it holds a right one."""
    found = row.values.get("id_no")
    return found if isinstance(found, CitizenId) else None


def registry_of(row: LedgerRow) -> RegistryNumber | None:
    """The row's registry number, when it holds a right one."""
    found = row.values.get("registry_no")
    return found if isinstance(found, RegistryNumber) else None


def birth_of(row: LedgerRow) -> date | None:
    """The day of birth: as written to the day, else from the numbers."""
    written = getattr(row.values.get("birth_date"), "exact", None)
    citizen, registry = citizen_of(row), registry_of(row)
    return written or (citizen.birth if citizen else registry.birth if registry else None)


def check_identity(row: LedgerRow) -> None:
    """The contradictions inside one row: number against birth date and sex, registry number against ID, a missing number."""
    citizen, registry = citizen_of(row), registry_of(row)
    if citizen:
        birth = row.values.get("birth_date")
        for fault in id_contradictions(citizen, getattr(birth, "exact", None), row.values.get("sex")):
            row.refuse("birth_date" if "birth" in fault.code else "sex", fault)
        if registry and (contradiction := registry_contradiction(registry, citizen)):
            row.refuse("registry_no", contradiction)


def find_child(context: ImportContext, row: LedgerRow) -> KnownChild | Fault:
    """The child of a row: by registry number or ID, else the only one of that name (and birth date, where one is given) in
    the school; never a guess."""
    citizen, registry = citizen_of(row), registry_of(row)
    found = context.match_child(citizen, registry)
    if isinstance(found, Fault):
        context.doubt(row, "two_children", *context.children_of(citizen, registry))
    if found is not None:
        return as_named(context, row, found) if isinstance(found, KnownChild) else found
    if citizen or registry:
        return Fault("import.child_unknown")
    code = context.find_school(row.values.get("school_code"), row.values.get("school"), None, None)
    named = context.children_called(str(row.values.get("student_name")), None if isinstance(code, Fault) else code)
    birth = birth_of(row)
    born = [one for one in named if birth and one.birth_date == birth]
    fitting = born or [one for one in named if birth is None or one.birth_date is None]
    if len(fitting) == 1:
        return fitting[0]
    if len(fitting) > 1:
        return Fault("import.name_twice", {"classes": "、".join(classes_of(context, fitting))})
    return Fault("import.child_unknown")


def as_named(context: ImportContext, row: LedgerRow, known: KnownChild) -> KnownChild | Fault:
    """The child that the numbers of a row mean; a Fault, and a question for a person, where the row names quite another.

    Names that share a sign are the same child's, a slip of the pen or a rare character; a column sorted by itself is not.
    """
    named = str(row.values.get("student_name") or known.name)
    if set(known.name) & set(named) or context.decision(row, "other_name", known.id) == "same":
        return known
    context.doubt(row, "other_name", known.id)
    return Fault("import.other_name")


def classes_of(context: ImportContext, children: Sequence[KnownChild]) -> list[str]:
    """School and class of each child, so that a clerk can tell children of one name apart; of those outside the scope nothing."""
    place = child_place.c
    context.load_visible(one.id for one in children)
    query = select(school.c.name, place.entry_year, place.class_no).outerjoin(school, school.c.code == place.school_code)
    found = []
    for one in children:
        if not context.sees(one.id):
            found.append("—")
            continue
        at = context.conn.execute(
            query.select_from(child_place).where(place.child_id == one.id, on(child_place, context.as_of))
        ).first()
        found.append(f"{at.name or '—'} {at.entry_year or ''}级{at.class_no or '—'}班" if at else "—")
    return found


def known_children(context: ImportContext, rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, KnownChild]]:
    """The rows that stand, each with its child; a row without a child, or with one outside the scope, is refused."""
    return found_or_made(context, rows, makes=lambda _row: False)


def found_or_made(
    context: ImportContext, rows: Sequence[LedgerRow], makes: Callable[[LedgerRow], bool] = lambda _row: True
) -> list[tuple[LedgerRow, KnownChild]]:
    """As `known_children`, but a child with a right number whom nobody knew is made: surveys and rosters meet such children.

    `makes` says for which rows.
    """
    load_numbers(context, rows)
    found = []
    for row in rows:
        check_identity(row)
        if row.faults:
            continue
        known = find_child(context, row)
        is_stranger = isinstance(known, Fault) and known.code == "import.child_unknown"
        if is_stranger and makes(row) and (citizen_of(row) or registry_of(row)):
            known = make_child(context, row)
        if isinstance(known, Fault):
            row.refuse("student_name", known)
        elif not context.sees(known.id):
            row.refuse("student_name", Fault("import.out_of_scope"))
        else:
            context.named.add(known.id)
            found.append((row, known))
    return found


def load_numbers(context: ImportContext, rows: Sequence[LedgerRow]) -> None:
    """Fetch the children that the numbers of these rows mean, and whether they stand inside the scope."""
    context.load_children((citizen_of(row) for row in rows), (registry_of(row) for row in rows))
    context.load_visible(context.loaded())


def make_child(context: ImportContext, row: LedgerRow) -> KnownChild | Fault:
    """A new child with home and guardian; a Fault when neither its home nor its school lies inside the scope."""
    named = next((row.values[field] for field in ("school", "to_school", "cur_school") if field in row.values), None)
    code = context.find_school(row.values.get("school_code"), str(named) if named else None, None, None)
    school_code = None if isinstance(code, Fault) else code
    home, registered, text = home_of(context, row, school_code)
    unlocated = home is None and text is not None and context.holds_area(context.county)
    if school_code is None and not unlocated and not any(place and context.holds_area(place) for place in (home, registered)):
        return Fault("import.out_of_scope" if home or registered else "import.nowhere")
    record, _ = write_child(context, row, None)
    context.made.add(record["id"])
    write_guardian(context, row, record["id"], context.as_of)
    write_home(context, row, record["id"], school_code, context.as_of)
    context.touched.add(record["id"])
    return context.known(record)


# --- writing ----------------------------------------------------------------------------------------------------------


def write_child(context: ImportContext, row: LedgerRow, known: KnownChild | None) -> tuple[Record, bool]:
    """The child's own row made or brought up to date; whether anything changed."""
    cipher, citizen, registry, birth = context.cipher, citizen_of(row), registry_of(row), birth_of(row)
    told: dict[str, Any] = {
        "name": row.values.get("student_name"),
        "sex": getattr(row.values.get("sex"), "value", None),
        "ethnicity": row.values.get("ethnicity"),
        "health": row.values.get("health") if row.sheet.match.ledger.code == "L0" else None,
        "remark": row.values.get("remark") if row.sheet.match.ledger.code == "L0" else None,
        "id_mac": context.mac(citizen.text if citizen else None),
        "registry_mac": context.mac(registry.text if registry else None),
        "birth_date": birth,
    }
    told = {name: value for name, value in told.items() if value is not None}
    old = context.child_record(known.id) if known else None
    changed = {name: value for name, value in told.items() if old is None or old[name] != value}
    if "id_mac" in changed and citizen:
        changed["id_no"] = cipher.seal(citizen.text)
    if "registry_mac" in changed and registry:
        changed["registry_no"] = cipher.seal(registry.text)
    if "birth_date" in changed and birth:
        changed |= _school_age(birth)
    if old is None:
        old = context.records.add(child, county_code=context.county, **changed)
        context.records.hold_new((*OF_CHILD, ledger_line), old["id"])
        context.keep_child(old)
    elif changed:
        context.records.change(child, old, **changed)
        context.keep_child(old)
    return old, bool(changed)


@lru_cache(5_000)  # a register has some three thousand birthdays
def _school_age(birth: date) -> dict[str, date]:
    return {
        "school_age_from": school_age_from(birth),
        "school_age_to": school_age_to(birth),
        "sixteen_on": school_age_sixteen(birth),
    }


def write_guardian(context: ImportContext, row: LedgerRow, child_id: int, begins: date) -> bool:
    """The guardian of the identity block, as the child's carer."""
    name = row.values.get("guardian")
    if name is None:
        return False
    phone = row.values.get("guardian_phone")
    relation = relation_of(str(row.values.get("guardian_rel") or ""))
    told = {"name": name, "relation": relation, "phone_mac": context.cipher.mac(str(phone) if phone else None)}
    told = {key: value for key, value in told.items() if value is not None}
    extra: dict[str, Any] = {"phone": context.cipher.seal(str(phone))} if phone else {}
    spells = [one for one in context.records.of(guardian, child_id) if one["valid_to"] == OPEN_END and not one["is_carer"]]
    same = (name, relation) if relation else (name,)  # father and grandfather may bear one name
    beside = next((one for one in spells if (one["name"], one["relation"])[: len(same)] == same), None)
    if beside is not None:  # a parent who is away, known beside the carer by a later ledger
        return context.records.change(guardian, beside, **told, **(extra if told.get("phone_mac") != beside["phone_mac"] else {}))
    return context.records.put_spell(guardian, child_id, {"is_carer": True}, told, extra, begins, context.as_of)


def home_of(context: ImportContext, row: LedgerRow, school_code: str | None) -> tuple[str | None, str | None, str | None]:
    """Where the row says the child lives and is registered, and the place as written."""
    written = row.values.get("village")
    town = context.find_town(row.values.get("township"))
    if town is None and school_code:
        town = context.town_of_school(school_code)
    address, hukou = row.values.get("home_addr"), row.values.get("hukou_addr")
    written_or_none = written or address
    home = context.find_village(written_or_none, town)
    registered = context.find_village(hukou, town) if hukou else home
    text = written.code if isinstance(written, AreaCode) else str(written_or_none) if written_or_none else None
    return home, registered, text


def write_home(context: ImportContext, row: LedgerRow, child_id: int, school_code: str | None, begins: date) -> bool:
    """Where the child lives and is registered; a village that is not known is kept as text and told."""
    home, registered, text = home_of(context, row, school_code)
    address = row.values.get("home_addr")
    if "township" in row.values and context.find_town(row.values["township"]) is None:
        context.notes.append(Fault("import.town_unknown", {"row": row.number}))
    if home is None and text:
        context.notes.append(Fault("import.village_unlocated", {"row": row.number}))
    told = {"home_code": home, "registered_code": registered, "home_text": None if home else text}
    known = {key: value for key, value in told.items() if value is not None}
    extra: dict[str, Any] = {"home_text": text[:120] if text else None}
    extra |= {"address": context.cipher.seal(str(address))} if address else {}
    if "home_text" in known and text:
        known["home_text"] = text[:120]
    return context.records.put_spell(residence_spell, child_id, {}, known, extra, begins, context.as_of)


def school_age_sixteen(birth: date) -> date:
    """The sixteenth birthday; 1 March for one born on 29 February."""
    try:
        return birth.replace(year=birth.year + 16)
    except ValueError:
        return date(birth.year + 16, 3, 1)


def relation_of(text: str) -> str | None:
    """How a carer is related, by the first word known; `other` for any other word, None for none."""
    return next((name for word, name in RELATIONS if word in text), "other" if text else None)
