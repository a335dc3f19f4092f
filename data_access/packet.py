"""A child's file (一生一案) as values for its printed form: what the screen shows, masked as the screen shows it."""

from datetime import date
from typing import Any

from data_access.child_file import ChildFile, Duty
from data_access.child_timeline import Entry, Word
from data_access.form_reader import say_day, say_owner
from domain.grades import class_label, grade_label
from domain.masking import HIDDEN
from domain.rates import show_percent
from domain.terms import say


def packet_values(file: ChildFile) -> dict[str, Any]:
    """The values of the form child_packet, in Chinese as the form is."""
    found = file.completeness
    share = show_percent(found.rate.fraction) if found.rate.fraction is not None else "—"
    return {
        **_about(file),
        **(_duty(file.duty) if file.duty else {}),
        "as_of": say_day(file.as_of),
        "completeness": f"{share}（{found.rate.numerator}/{found.rate.denominator}）",
        "plan": _plan(file),
        "missing": "、".join(say(f"filepart.{part}") for part in found.missing) or "无",
        "parts": [{"name": say(f"filepart.{part}"), "held": _held(part in found.missing)} for part in found.needed],
        "carers": [
            {
                "name": one.name,
                "relation": say(f"carer.{one.relation}") if one.relation else None,
                "is_carer": "√" if one.is_carer else None,
                "away": one.away_place,
            }
            for one in file.carers
        ],
        "entries": [_entry(one) for one in file.entries],
    }


def _plan(file: ChildFile) -> str | None:
    """The latest plan for catching up that this role may read (R077); none is shown where it was hidden."""
    plans = (str(value) for one in file.entries for name, value in one.facts if name == "plan" and value != HIDDEN)
    return next(plans, None)


def _held(is_missing: bool) -> str:
    return say("completeness.lacks" if is_missing else "completeness.held")


def _about(file: ChildFile) -> dict[str, Any]:
    grade = None
    if file.grade is not None:
        grade = class_label(file.grade, file.class_no, "zh") if file.class_no else grade_label(file.grade, "zh")
    groups = [say(f"group.{group}") + (f"（{_word(detail)}）" if detail else "") for group, detail in file.groups]
    return {
        "child_name": file.name,
        "sex": say(f"sex.{file.sex}") if file.sex else None,
        "birth_date": say_day(file.birth_date),
        "school": file.school_name,
        "class_name": grade,
        "town": file.town_name,
        "village": file.village_name,
        "address": file.place_text,
        "helpers": "、".join(file.helpers),
        "groups": "、".join(groups),
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "status": say(f"casestatus.{duty.status}"),
        "rung": duty.rung,
        "next_step": say(f"nextstep.{duty.next_step}") if duty.next_step else None,
        "due_on": say_day(duty.due_on),
        "school_owner": say_owner(duty.school.name, duty.school.role),
        "government_owner": say_owner(duty.government.name, duty.government.role),
    }


def _entry(one: Entry) -> dict[str, Any]:
    told = [say("child_file.fact", name=say(f"fact.{name}"), value=_word(value)) for name, value in one.facts if value != HIDDEN]
    if one.until and one.until != one.on:
        told.insert(0, say("child_file.until", day=one.until))
    facts = say("child_file.joint").join(told)
    return {"on": one.on, "kind": say(f"entrykind.{one.kind}"), "what": _word(one.what), "facts": facts}


def _word(value: Word | str | int | date) -> str:
    """A value in words; a code that has none yet shows its last part."""
    if not isinstance(value, Word):
        return str(value)
    words = say(value)
    return value.rpartition(".")[2] if words == value else words
