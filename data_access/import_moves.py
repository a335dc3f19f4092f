"""L8, movements, and L14, hosted study: what happened, the papers behind it, and what it does to the enrolment."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data_access.import_care import Applied, enrolled_at
from data_access.import_context import ImportContext, KnownChild
from data_access.import_identity import found_or_made, known_children
from data_access.import_pupils import enrolment_told
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line
from data_access.ledger_says import says_hosted, says_movement
from data_access.ledger_sheet import LedgerRow
from data_access.schema import OPEN_END, enrolment_spell, movement_event, paper
from domain.cell_words import Mark
from domain.faults import Fault
from domain.identifiers import SchoolCode, parse_school_code
from domain.ledger_words import HOSTED_PAPERS, MOVEMENTS, PROOFS
from domain.movements import Movement

LEAVES = frozenset({Movement.TRANSFER_OUT, Movement.DEATH, Movement.ABROAD})


def write_movements(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L8 that stand. The same child, kind and day is the same movement; repetition is refused, for it does
    not exist in compulsory education."""
    for row in rows:
        if str(row.values.get("move_type")) == "留级":
            row.refuse("move_type", Fault("import.no_repetition"))
    found = found_or_made(context, rows, makes=lambda row: str(row.values["move_type"]) == "转入")
    seen: dict[tuple[int, str, date], LedgerRow] = {}
    applied: Applied = []
    for row, known in found:
        key = (known.id, str(row.values["move_type"]), row.values["move_date"].exact)
        if key in seen:
            row.refuse("student_name", Fault("import.row_twice", {"row": seen[key].number}))
            continue
        move, action = _move(context, row, known)
        if row.faults:
            continue
        seen[key] = row
        if action is not Action.UNCHANGED:
            context.touched.add(known.id)
        applied.append((row, action, int(move["id"])))
    return applied


def _school(context: ImportContext, written: object) -> tuple[str | None, str | None]:
    """The code of a school as written, where the county has it, and the text."""
    text = str(written).strip() if written is not None else ""
    if not text:
        return None, None
    code = parse_school_code(text) if text.isdecimal() else None
    if isinstance(code, SchoolCode):
        return code.text, None if context.school_name(code.text) else text
    found = context.school_called(text)
    return found, None if found else text[:120]


def _move(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    values = row.values
    kind, on = MOVEMENTS[str(values["move_type"])], values["move_date"].exact
    if on > context.as_of:
        row.refuse("move_date", Fault("import.move_in_future"))
        return {"id": 0}, Action.REFUSED
    told = _told(context, row)
    same = {"kind": kind.value, "on_date": on}
    moves = context.records.of(movement_event, known.id)
    move = next((one for one in moves if all(one[name] == value for name, value in same.items())), None)
    is_new = move is None
    if move is None:
        school_code, stage = enrolled_at(context, known.id)
        side = "to_school" if kind in (Movement.TRANSFER_IN, Movement.RESUMPTION) else "from_school"
        own = row.values.get("school")
        told.setdefault(side, (context.school_called(str(own)) if own else None) or context.only_school or school_code)
        told.setdefault("stage", stage)
        move = context.records.add(movement_event, child_id=known.id, **same, **told)
        changed = _enrol(context, row, known.id, move)
    else:
        changed = context.records.change(movement_event, move, **told)
    changed |= _prove(context, row, known.id, move, kind)
    held = {one["kind"] for one in context.records.of(paper, known.id) if one["movement_id"] == move["id"]}
    said = says_movement(move, held, *(context.school_name(move[side]) for side in ("from_school", "to_school")))
    changed |= put_line(context, row, f"movement:{move['id']}", said, child_id=known.id)
    return move, Action.NEW if is_new else Action.CHANGED if changed else Action.UNCHANGED


def _told(context: ImportContext, row: LedgerRow) -> dict[str, Any]:
    values = row.values
    from_code, _ = _school(context, values.get("from_school"))
    to_code, to_text = _school(context, values.get("to_school"))
    told: dict[str, Any] = {
        "from_school": from_code,
        "to_school": to_code,
        "to_text": to_text,
        "reason": str(values["move_reason"])[:40] if "move_reason" in values else None,
        "approved_on": getattr(values.get("approve_date"), "exact", None),
        "approval_no": str(values["approve_no"])[:60] if "approve_no" in values else None,
        "progress": values.get("progress"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _prove(context: ImportContext, row: LedgerRow, child_id: int, move: Record, kind: Movement) -> bool:
    """The paper that the row says is there, once."""
    proof, wanted = row.values.get("proof"), PROOFS.get(kind)
    if not isinstance(proof, Mark) or not proof.present or wanted is None:
        return False
    held = [one for one in context.records.of(paper, child_id) if one["movement_id"] == move["id"]]
    if any(one["kind"] == wanted.value for one in held):
        return False
    dated = (proof.on.exact if proof.on else None) or move["approved_on"] or move["on_date"]
    context.records.add(
        paper, child_id=child_id, movement_id=move["id"], kind=wanted.value, dated_on=dated, note=proof.note or None
    )
    return True


def _enrol(context: ImportContext, row: LedgerRow, child_id: int, move: Record) -> bool:
    """A child that left ends its enrolment on that day; one that came begins one, where the county has the school."""
    kind, on = Movement(move["kind"]), move["on_date"]
    spells = [one for one in context.records.of(enrolment_spell, child_id) if one["valid_to"] == OPEN_END]
    if kind in LEAVES:
        gone = [one for one in spells if move["from_school"] in (None, one["school_code"])]
        ended = [context.records.change(enrolment_spell, one, valid_to=max(on, one["valid_from"])) for one in gone]
        return any(ended)
    code = move["to_school"]
    if kind is not Movement.TRANSFER_IN or not context.school_name(code) or any(one["school_code"] == code for one in spells):
        return False
    told = enrolment_told(context, row, str(code))
    if told is None:
        return False
    for one in spells:
        context.records.change(enrolment_spell, one, valid_to=max(on, one["valid_from"]))
    context.records.add(enrolment_spell, child_id=child_id, **told, valid_from=on, valid_to=OPEN_END)
    return True


def write_hosted(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L14 that stand: hosted study with its three papers; a paper said to be missing is no longer valid."""
    seen: dict[tuple[int, str], LedgerRow] = {}
    applied: Applied = []
    for row, known in known_children(context, rows):
        key = (known.id, str(row.values["host_school"]))
        if key in seen:
            row.refuse("student_name", Fault("import.row_twice", {"row": seen[key].number}))
            continue
        seen[key] = row
        move, action = _host(context, row, known)
        if action is not Action.UNCHANGED:
            context.touched.add(known.id)
        applied.append((row, action, int(move["id"])))
    return applied


def _host(context: ImportContext, row: LedgerRow, known: KnownChild) -> tuple[Record, Action]:
    code, text = _school(context, row.values["host_school"])
    ends = getattr(row.values.get("valid_to"), "latest", None)
    move = _hosted_there(context, known.id, code, text)
    is_new = move is None
    if move is None:
        school_code, stage = enrolled_at(context, known.id)
        dated = [mark.on.latest for field in HOSTED_PAPERS if isinstance(mark := row.values.get(field), Mark) and mark.on]
        place = {"from_school": school_code, "stage": stage, "to_school": code, "to_text": text, "ends_on": ends}
        begins = min(max(dated, default=context.as_of), context.as_of)
        move = context.records.add(movement_event, child_id=known.id, kind=Movement.HOSTED.value, on_date=begins, **place)
    changed = not is_new and ends is not None and context.records.change(movement_event, move, ends_on=ends)
    for field, kind in HOSTED_PAPERS.items():
        changed |= _keep_paper(context, row, known.id, move, field, kind.value)
    papers = {one["kind"]: one["dated_on"] for one in _papers(context, known.id, move)}
    said = says_hosted(move, papers, context.school_name(move["to_school"]))
    changed |= put_line(context, row, f"hosted:{move['id']}", said, child_id=known.id)
    return move, Action.NEW if is_new else Action.CHANGED if changed else Action.UNCHANGED


def _hosted_there(context: ImportContext, child_id: int, code: str | None, text: str | None) -> Record | None:
    """The hosted study at that school which is not over yet, else the latest there."""
    there = [
        one
        for one in context.records.of(movement_event, child_id)
        if one["kind"] == Movement.HOSTED.value and ((code and one["to_school"] == code) or (text and one["to_text"] == text))
    ]
    lasting = [one for one in there if one["ends_on"] is None or one["ends_on"] >= context.as_of]
    chosen = lasting or there
    return chosen[-1] if chosen else None


def _papers(context: ImportContext, child_id: int, move: Record) -> list[Record]:
    return [
        one
        for one in context.records.of(paper, child_id)
        if one["movement_id"] == move["id"] and (one["valid_to"] is None or one["valid_to"] > context.as_of)
    ]


def _keep_paper(context: ImportContext, row: LedgerRow, child_id: int, move: Record, field: str, kind: str) -> bool:
    mark = row.values.get(field)
    if not isinstance(mark, Mark):
        return False
    held = next((one for one in _papers(context, child_id, move) if one["kind"] == kind), None)
    if not mark.present:
        return held is not None and context.records.change(paper, held, valid_to=context.as_of)
    dated = mark.on.exact if mark.on else None
    if held is not None:
        return dated is not None and context.records.change(paper, held, dated_on=dated)
    context.records.add(paper, child_id=child_id, movement_id=move["id"], kind=kind, dated_on=dated, valid_to=move["ends_on"])
    return True
