"""L3 home teaching, L4 relocated families, L5 the placement of disabled children: one row a child."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import found_or_made, known_children
from data_access.import_pupils import set_group
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import says_home_teaching, says_placement, says_relocated
from data_access.ledger_sheet import LedgerRow
from data_access.schema import enrolment_spell, group_spell, placement
from domain.cell_words import Mark
from domain.faults import Fault
from domain.groups import Group
from domain.ledger_words import LEVELS, PLACEMENTS
from domain.movements import Movement

Applied = list[tuple[LedgerRow, Action, int]]
Apply = Callable[[ImportContext, LedgerRow, KnownChild], tuple[Record, Action]]
WEEKS_A_MONTH = 4


def write_home_teaching(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L3 that stand: the school that teaches at home must be known."""
    return once_a_child(context, known_children(context, rows), _teach_at_home)


def write_relocated(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L4 that stand."""
    return once_a_child(context, found_or_made(context, rows), _relocate)


def write_placements(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L5 that stand."""
    return once_a_child(context, found_or_made(context, rows), _place)


def once_a_child(
    context: ImportContext, found: Sequence[tuple[LedgerRow, KnownChild]], apply: Apply, day: str | None = None
) -> Applied:
    """Apply row after row; a second row of the same child (and of the same date in the field `day`) in one file is refused."""
    seen: dict[tuple[int, date | None], LedgerRow] = {}
    applied: Applied = []
    for row, known in found:
        key = known.id, row.values[day].exact if day else None
        if key in seen:
            row.refuse(day or "student_name", Fault("import.row_twice", {"row": seen[key].number}))
            continue
        record, action = apply(context, row, known)
        if row.faults:
            continue
        seen[key] = row
        if action is not Action.UNCHANGED:
            context.touched.add(known.id)
        applied.append((row, action, int(record["id"])))
    return applied


def _disability(context: ImportContext, row: LedgerRow, old: Record | None) -> dict[str, Any]:
    """Kind, level and card as columns of placement; a card that is the same stays sealed as it is."""
    values = row.values
    level = str(values.get("dis_level") or "")
    card = getattr(values.get("dis_card"), "text", None)
    told: dict[str, Any] = {"disability": values.get("dis_type"), "disability_level": LEVELS.index(level) + 1 if level else None}
    if card and (old is None or context.cipher.unseal(old["card"]) != card):
        told["card"] = context.cipher.seal(card)
    return {name: value for name, value in told.items() if value is not None}


def _in_group(context: ImportContext, row: LedgerRow, child_id: int) -> bool:
    """The disabled are a group, with kind and level as the card says them."""
    words = [str(row.values[field]) for field in ("dis_type", "dis_level") if field in row.values]
    return set_group(context, child_id, Group.DISABLED, is_in=True, begins=context.as_of, detail=" ".join(words))


def _open_placement(context: ImportContext, child_id: int) -> Record | None:
    return context.records.open_spell(placement, child_id, {})


def _put_placement(context: ImportContext, child_id: int, told: dict[str, Any], begins: date) -> tuple[Record, Action]:
    """The child's placement brought to what is told; another kind of placement ends the one before."""
    old = _open_placement(context, child_id)
    if old is not None and old["kind"] == told["kind"]:
        return old, Action.CHANGED if context.records.change(placement, old, **told) else Action.UNCHANGED
    if old is not None:
        context.records.change(placement, old, valid_to=max(context.as_of, old["valid_from"]))
        begins = max(begins, context.as_of)
    made = context.records.add(placement, child_id=child_id, **told, valid_from=min(begins, context.as_of))
    return made, Action.NEW if old is None else Action.CHANGED


def _plan(row: LedgerRow) -> dict[str, bool]:
    mark = row.values.get("iep")
    return {"plan": mark.present} if isinstance(mark, Mark) else {}


def _teach_at_home(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    named = str(row.values["send_school"])
    code = context.find_school(None, named, None, None)
    if isinstance(code, Fault):
        row.refuse("send_school", code)
        return {"id": 0}, Action.REFUSED
    told: dict[str, Any] = {"kind": Movement.HOME_TEACHING.value, "school_code": code}
    told |= _disability(context, row, _open_placement(context, known.id)) | _plan(row)
    if "send_teacher" in row.values:
        told["teacher"] = str(row.values["send_teacher"])[:80]
    if "freq" in row.values and (lessons := _per_month(str(row.values["freq"]))):
        told["per_month"] = lessons
    record, action = _put_placement(context, known.id, told, context.as_of)
    said = says_home_teaching(record, context.school_name(code), context.cipher.unseal)
    changed = [
        _in_group(context, row, known.id),
        set_group(context, known.id, Group.HOME_TEACHING, is_in=True, begins=context.as_of),
        put_line(context, row, f"child:{known.id}", said, child_id=known.id),
    ]
    return record, _or_changed(action, any(changed))


def _per_month(text: str) -> int | None:
    """Lessons a month of 4, 每月4次, 每周1次, 2次/周: a number a week is taken four times; None for what cannot be told."""
    numbers = re.findall(r"\d+", unicodedata.normalize("NFKC", text))
    if len(numbers) != 1:
        return None
    return int(numbers[0]) * (WEEKS_A_MONTH if "周" in text else 1)


def _relocate(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    moved = row.values.get("moved_on")
    begins = moved.earliest if moved is not None else context.as_of
    was_in = context.records.open_spell(group_spell, known.id, {"group_name": Group.RELOCATED.value})
    site = str(row.values["site"])[:60] if "site" in row.values else None
    changed = set_group(context, known.id, Group.RELOCATED, is_in=True, begins=begins, detail=site)
    spell = context.records.open_spell(group_spell, known.id, {"group_name": Group.RELOCATED.value}) or {"id": 0}
    school_code, stage = enrolled_at(context, known.id)
    said = says_relocated(spell, context.school_name(school_code), stage)
    changed |= put_line(context, row, f"child:{known.id}", said, child_id=known.id)
    return spell, Action.NEW if was_in is None else Action.CHANGED if changed else Action.UNCHANGED


def enrolled_at(context: ImportContext, child_id: int) -> tuple[str | None, str | None]:
    """School and stage of the child on the import's day."""
    spell = enrolment_at(context, child_id)
    return (spell["school_code"], spell["stage"]) if spell else (None, None)


def enrolment_at(context: ImportContext, child_id: int) -> Record | None:
    """The enrolment of the child on the import's day; of two, the one begun later."""
    spells = [
        one
        for one in context.records.of(enrolment_spell, child_id)
        if one["valid_from"] <= context.as_of < min(one["valid_to"], one["graduates_on"])
    ]
    return max(spells, key=lambda one: (one["valid_from"], one["id"]), default=None)


def _place(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    kind = PLACEMENTS[str(row.values["placement"])]
    code = context.school_called(str(row.values["cur_school"]))
    told: dict[str, Any] = {"kind": kind} | _disability(context, row, _open_placement(context, known.id)) | _plan(row)
    told |= {"school_code": code} if code else {}
    if "resource_teacher" in row.values and kind != Movement.HOME_TEACHING.value:
        told["teacher"] = str(row.values["resource_teacher"])[:80]
    deferral = row.values.get("deferral")
    if isinstance(deferral, Mark) and deferral.present and deferral.note:
        told["approval_no"] = deferral.note[:60]
    entered = row.values.get("enter_date")
    record, action = _put_placement(context, known.id, told, entered.earliest if entered is not None else context.as_of)
    said = says_placement(record, context.school_name(code), context.cipher.unseal)
    changed = [_in_group(context, row, known.id), put_line(context, row, f"child:{known.id}", said, child_id=known.id)]
    return record, _or_changed(action, any(changed))


def _or_changed(action: Action, changed: bool) -> Action:
    return Action.CHANGED if action is Action.UNCHANGED and changed else action
