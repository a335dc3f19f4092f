"""L6 and L7, the left-behind by the civil and by the education definition: one row a child."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data_access.import_care import Applied, enrolled_at, enrolment_at, once_a_child
from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import OF_CHILD, found_or_made, known_children
from data_access.import_persons import first_name, pair, paired_with
from data_access.import_pupils import set_group
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import carer_of, says_civil, says_left_behind
from data_access.ledger_sheet import LedgerRow
from data_access.schema import OPEN_END, group_spell, guardian, ledger_line, pairing
from domain.cell_words import Mark
from domain.faults import Fault
from domain.groups import Group
from domain.ledger_words import LEFT_BEHIND, RELATIONS

PARENTS = (("father", "father"), ("mother", "mother"))
LESS_EXACT = {"parents": ("father", "mother", "parents"), "other": tuple(RELATIONS.values())}  # words that say less
ABLE = {"无人监护": False, "父或母无监护能力": False, "受委托监护人监护能力不足": False, "差": False, "一般": True, "较好": True}


def write_civil(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L6 that stand: the civil definition, both parents, the carer, the one at the child's side."""
    found = found_or_made(context, rows)
    _load(context, found)
    return once_a_child(context, found, _civil)


def write_left_behind(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L7 that stand: the education definition, the carer, the teacher at the child's side."""
    found = known_children(context, rows)
    _load(context, found)
    return once_a_child(context, found, _education)


def _load(context: ImportContext, found: Sequence[tuple[LedgerRow, KnownChild]]) -> None:
    for table in (*OF_CHILD, pairing, ledger_line):
        context.records.load(table, {known.id for _, known in found})


def _spell(context: ImportContext, child_id: int, group: Group) -> Record | None:
    return context.records.open_spell(group_spell, child_id, {"group_name": group.value})


def _civil(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    values, child_id = row.values, known.id
    one_out = values.get("one_out")
    detail = "two_parents" if values.get("both_out") else None
    if detail is None and isinstance(one_out, Mark) and one_out.present:
        detail = "one_parent_unable"
    if detail is None:
        context.notes.append(Fault("import.left_behind_neither", {"row": row.number}))
    before = _spell(context, child_id, Group.LEFT_BEHIND_CIVIL)
    checked = getattr(values.get("updated"), "exact", None)
    changed = set_group(
        context,
        child_id,
        Group.LEFT_BEHIND_CIVIL,
        is_in=detail is not None,
        begins=context.as_of,
        detail=detail,
        checked_on=checked,
    )
    changed |= _write_parents(context, row, child_id)
    changed |= _write_carer(context, row, child_id)
    school_code, stage = enrolled_at(context, child_id)
    helper = first_name(str(values.get("helper") or ""))
    content = str(values["helper_measure"]) if "helper_measure" in values else None
    if helper:
        changed |= pair(context, child_id, helper, school_code, checked or context.as_of, content)
    if str(values.get("guard_type")) == "无人监护":
        changed |= set_group(context, child_id, Group.UNATTENDED, is_in=True, begins=context.as_of)
    spell = _spell(context, child_id, Group.LEFT_BEHIND_CIVIL) or before or {**NO_SPELL, "id": child_id}
    said = says_civil(spell, _guardians(context, child_id), *paired_with(context, child_id), stage, context.cipher.unseal)
    changed |= put_line(context, row, f"child:{child_id}", said, child_id=child_id)
    return spell, _action(before, detail is not None, changed)


NO_SPELL: Record = {"id": 0, "detail": None, "cause": None, "checked_on": None}


def _action(before: Record | None, is_in: bool, changed: bool) -> Action:
    if before is None and is_in:
        return Action.NEW
    return Action.CHANGED if changed else Action.UNCHANGED


def _education(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    values, child_id = row.values, known.id
    label = str(values["lb_type"])
    away = values.get("away_since")
    before = _spell(context, child_id, Group.LEFT_BEHIND_EDUCATION)
    changed = set_group(
        context,
        child_id,
        Group.LEFT_BEHIND_EDUCATION,
        is_in=label != "非留守",
        begins=away.earliest if away is not None else context.as_of,
        detail=LEFT_BEHIND.get(label),
        cause=str(values["cause"]) if "cause" in values else None,
    )
    changed |= _write_carer(context, row, child_id)
    school_code, _ = enrolled_at(context, child_id)
    teacher = first_name(str(values.get("teacher") or ""))
    if teacher:
        changed |= pair(context, child_id, teacher, school_code, context.as_of, None)
    spell = _spell(context, child_id, Group.LEFT_BEHIND_EDUCATION) or before or {**NO_SPELL, "id": child_id}
    carer = carer_of(_guardians(context, child_id))
    said = says_left_behind(spell, carer, paired_with(context, child_id)[0], _boards(context, child_id))
    changed |= put_line(context, row, f"child:{child_id}", said, child_id=child_id)
    return spell, _action(before, label != "非留守", changed)


def _boards(context: ImportContext, child_id: int) -> bool | None:
    spell = enrolment_at(context, child_id)
    return spell["boarding"] if spell else None


def _guardians(context: ImportContext, child_id: int) -> list[Record]:
    return [one for one in context.records.of(guardian, child_id) if one["valid_from"] <= context.as_of < one["valid_to"]]


def _write_parents(context: ImportContext, row: LedgerRow, child_id: int) -> bool:
    changed = False
    for field, relation in PARENTS:
        if field in row.values:
            told: dict[str, Any] = {"name": str(row.values[field])[:80], "relation": relation}
            if f"{field}_place" in row.values:
                told["away_place"] = str(row.values[f"{field}_place"])[:120]
            old = next((one for one in _guardians(context, child_id) if one["relation"] == relation), None)
            changed |= _put_guardian(context, child_id, old, told, row.values.get(f"{field}_phone"))
    return changed


def _write_carer(context: ImportContext, row: LedgerRow, child_id: int) -> bool:
    """The carer of the row is the child's only carer from now on; a guardian already known by that name becomes it."""
    if "carer" not in row.values:
        return False
    name = str(row.values["carer"])[:80]
    known = _guardians(context, child_id)
    relation = RELATIONS.get(str(row.values.get("carer_rel")))
    old = next((one for one in reversed(known) if one["name"] == name and _may_be(one["relation"], relation)), None)
    told: dict[str, Any] = {"name": name, "is_carer": True}
    if relation and not (old is not None and old["relation"] in LESS_EXACT.get(relation, (old["relation"],))):
        told["relation"] = relation
    able = ABLE.get(str(row.values.get("guard_type")))
    told |= {} if able is None else {"able": able}
    changed = _put_guardian(context, child_id, old, told, row.values.get("carer_phone"))
    for other in known:
        if other is not old and other["is_carer"]:
            changed |= context.records.change(guardian, other, is_carer=False)
    return changed


def _may_be(known: str | None, told: str | None) -> bool:
    """Whether a guardian of the relation `known` can be the one told of: father and grandfather may bear one name."""
    return told in {None, "other"} or known in {None, "other", told, *LESS_EXACT.get(str(told), ())}


def _put_guardian(context: ImportContext, child_id: int, old: Record | None, told: dict[str, Any], phone: object) -> bool:
    mac = context.cipher.mac(str(phone) if phone else None)
    if mac and (old is None or old["phone_mac"] != mac):
        told |= {"phone_mac": mac, "phone": context.cipher.seal(str(phone))}
    if old is not None:
        return context.records.change(guardian, old, **told)
    begins: date = context.as_of
    context.records.add(guardian, child_id=child_id, **{"is_carer": False, **told}, valid_from=begins, valid_to=OPEN_END)
    return True
