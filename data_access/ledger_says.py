"""What the tables say in the words of each ledger: written by the exports, and compared by the imports.

A function takes rows as mappings and answers field -> text, None where the tables say nothing. What a ledger's row says
beyond that is kept as its line (`data_access.ledger_lines`), so that an export gives back what came in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from data_access.schema import OPEN_END
from domain.cases import Branch
from domain.ledger_words import (
    ABSENCES,
    DUTIES,
    EXAM_OUTCOMES,
    HOSTED_PAPERS,
    LEFT_BEHIND,
    LEVELS,
    MOVEMENTS,
    PLACEMENTS,
    PROOFS,
    RELATIONS,
    REPORTERS,
    SURVEY_PLACES,
    SURVEY_STAGES,
    SURVEYED,
    label_of,
)
from domain.movements import Movement
from domain.reasons import Reason
from domain.terms import say
from domain.visits import DutyRole

Row = Mapping[Any, Any]
Said = dict[str, str | None]
Unseal = Callable[[bytes | None], str | None]
REASONS = frozenset(reason.value for reason in Reason)
PARENTS = frozenset({"father", "mother"})
STAGE_WORDS = {"primary": "小学", "junior": "初中", "special": "小学"}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _yes(value: bool | None, yes: str = "有", no: str = "无") -> str | None:
    return None if value is None else yes if value else no


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def say_reason(code: str | None) -> str | None:
    """The word of a reason's code."""
    return say(f"reason.{code}", "zh") if code in REASONS else None


def says_suspected(case: Row, absence: Row | None) -> Said:
    """L2: the case of a child who is suspected to have left, and the first day's absence."""
    verified = {Branch.UNREACHABLE.value: "失联", Branch.STUDYING_ELSEWHERE.value: "在外就读"}.get(case["branch"] or "")
    if verified is None:
        verified = "病假" if absence and absence["state"] == "sick" else "疑似辍学"
    contacted: datetime | None = absence["contacted_at"] if absence else None
    return {
        "first_absent": _day(case["first_absent_on"] or case["opened_on"]),
        "contact_at": f"{contacted:%Y-%m-%d %H:%M}" if contacted else None,
        "reason": say_reason(case["reason"]),
        "whereabouts": case["whereabouts"],
        "verify": verified,
        "action": case["measures"],
    }


def says_home_teaching(placement: Row, school_name: str | None, unseal: Unseal) -> Said:
    """L3: a placement of home teaching."""
    return {
        **_says_disability(placement, unseal),
        "send_school": school_name,
        "send_teacher": placement["teacher"],
        "freq": _number(placement["per_month"]),
        "iep": _yes(placement["plan"]),
    }


def says_placement(placement: Row, school_name: str | None, unseal: Unseal) -> Said:
    """L5: any placement of a disabled child."""
    return {
        **_says_disability(placement, unseal),
        "placement": label_of(PLACEMENTS, placement["kind"]),
        "cur_school": school_name,
        "enter_date": _day(placement["valid_from"]),
        "resource_teacher": placement["teacher"],
        "iep": _yes(placement["plan"]),
        "deferral": placement["approval_no"],
    }


def _says_disability(placement: Row, unseal: Unseal) -> Said:
    level = placement["disability_level"]
    card = {"dis_card": unseal(placement["card"])}
    return {"dis_type": placement["disability"], "dis_level": LEVELS[level - 1] if level else None, **card}


def says_relocated(spell: Row, school_name: str | None, stage: str | None) -> Said:
    """L4: a child of a relocated family."""
    return {
        "site": spell["detail"],
        "moved_on": _day(spell["valid_from"]),
        "stage": STAGE_WORDS.get(stage or ""),
        "cur_school": school_name,
    }


def says_civil(
    spell: Row, guardians: Sequence[Row], helper: str | None, help_text: str | None, stage: str | None, unseal: Unseal
) -> Said:
    """L6: a child left behind by the civil definition, those who look after it and those who are away."""
    said: Said = {
        "both_out": _yes(spell["detail"] == "two_parents", "是", "否"),
        "one_out": _yes(spell["detail"] == "one_parent_unable"),
        "schooling": STAGE_WORDS.get(stage or ""),
        "helper": helper,
        "helper_measure": help_text,
        "updated": _day(spell["checked_on"]),
    }
    for field, relation in (("father", "father"), ("mother", "mother")):
        parent = next((one for one in guardians if one["relation"] == relation), None)
        if parent:
            said |= {field: parent["name"], f"{field}_place": parent["away_place"], f"{field}_phone": unseal(parent["phone"])}
    carer = carer_of(guardians)
    if carer:
        said |= {
            "carer": carer["name"],
            "carer_rel": "父母" if carer["relation"] in PARENTS else label_of(RELATIONS, carer["relation"]),
            "carer_phone": unseal(carer["phone"]),
        }
        said["guard_type"] = {True: "一般", False: "受委托监护人监护能力不足"}.get(carer["able"])
    return said


def carer_of(guardians: Sequence[Row]) -> Row | None:
    """Who looks after the child: the latest of those marked so."""
    return next((one for one in reversed(guardians) if one["is_carer"]), None)


def says_left_behind(spell: Row, carer: Row | None, teacher: str | None, boarding: bool | None) -> Said:
    """L7: a child left behind by the education definition."""
    return {
        "lb_type": label_of(LEFT_BEHIND, spell["detail"]) or "留守",
        "cause": spell["cause"],
        "carer": carer["name"] if carer else None,
        "boarding": _yes(boarding, "是", "否"),
        "teacher": teacher,
    }


def says_movement(move: Row, papers: Collection[str], from_name: str | None, to_name: str | None) -> Said:
    """L8: a movement and whether its paper is held."""
    kind = Movement(move["kind"])
    proof = PROOFS.get(kind)
    return {
        "move_type": label_of(MOVEMENTS, kind),
        "move_date": _day(move["on_date"]),
        "move_reason": move["reason"],
        "from_school": from_name,
        "to_school": to_name or move["to_text"],
        "approve_date": _day(move["approved_on"]),
        "approve_no": move["approval_no"],
        "proof": _yes(bool(proof and proof.value in papers)),
        "progress": move["progress"],
    }


def says_hosted(move: Row, papers: Mapping[str, date | None], host_name: str | None) -> Said:
    """L14: hosted study and its three papers."""
    said: Said = {"host_school": host_name or move["to_text"], "valid_to": _day(move["ends_on"])}
    for field, kind in HOSTED_PAPERS.items():
        dated = papers.get(kind.value)
        said[field] = "无" if kind.value not in papers else f"有（{dated.isoformat()}）" if dated else "有"
    return said


def says_persuasion(one: Row, case_no: str, unseal: Unseal) -> Said:
    """L10: one attempt to bring a child back."""
    return {
        "case_no": case_no,
        "nth": str(one["nth"]),
        "people": one["people"],
        "peers": str(one["peers"]) if one["peers"] is not None else None,
        "role": one["people_role"],
        "when": _day(one["on_date"]),
        "place": unseal(one["place"]),
        "kind": one["kind"],
        "content": one["content"],
        "result": one["result"],
        "signs": one["signed_by"],
        "next": one["next_step"],
    }


def says_notice(one: Row, unit_name: str | None) -> Said:
    """L11: a notice of supervision."""
    return {
        "notice_no": one["number"],
        "issued": _day(one["issued_on"]),
        "issuer": one["issuer"],
        "unit": unit_name,
        "owner": one["owner"],
        "matter": one["matter"],
        "require": one["requirement"],
        "due": _day(one["due_on"]),
        "reply": one["reply"],
        "replied": _day(one["replied_on"]),
        "check": one["checked"],
        "closed": _day(one["closed_on"]),
    }


INSPECTED = {  # L12 field -> column
    "item": "item",
    "way": "ways",
    "sample": "sample",
    "register": "registered",
    "present": "present",
    "leave": "on_leave",
    "absent_un": "absent_unexplained",
    "score": "score",
    "problem": "problem",
    "suggest": "suggestion",
    "inspector": "inspector",
}


def says_inspection(one: Row, unit_name: str | None) -> Said:
    """L12: one thing looked at."""
    said: Said = {field: None if one[column] is None else str(one[column]) for field, column in INSPECTED.items()}
    said["unit"] = unit_name
    return {**said, "deadline": _day(one["due_on"]), "unit_sign": _yes(one["unit_signed"]), "date": _day(one["inspected_on"])}


REPORTED = {  # L13 field -> column
    "should": "expected",
    "present": "present",
    "sick": "sick",
    "leave": "on_leave",
    "truant": "truant",
    "in_n": "moved_in",
    "out_n": "moved_out",
    "susp_n": "suspended",
    "resume_n": "resumed",
    "suspect_n": "suspected",
    "drop_n": "dropped",
    "persuaded_n": "persuaded",
    "returned_n": "returned",
    "drop_poor_n": "dropped_poor",
    "drop_disabled_n": "dropped_disabled",
    "drop_left_behind_n": "dropped_left_behind",
}


def says_report(one: Row, unit_name: str | None) -> Said:
    """L13: a unit's return; the period is a day, a month, or the days of a week."""
    starts, ends = one["period_from"], one["period_to"]
    period = starts.isoformat() if starts == ends else f"{starts.isoformat()}至{ends.isoformat()}"
    if one["duty"] == "monthly_ledger":
        period = f"{starts:%Y年}{starts.month}月"
    said = {field: _number(one[column]) for field, column in REPORTED.items()}
    return {**said, "unit": unit_name, "period": period, "rate": one["rate_as_written"], "filler": one["submitted_by"]}


VILLAGE_COUNTS = {  # L15 field -> column
    "should": "should_learn",
    "have": "learning",
    "policy": "aided",
    "not_have": "not_learning",
    "poor_drop": "lost_by_poverty",
}


def says_village(one: Row) -> Said:
    """L15: a village's own count."""
    said = {field: _number(one[column]) for field, column in VILLAGE_COUNTS.items()}
    return {**said, "hamlet": one["hamlet"], "rate": one["rate_as_written"]}


RETAINED = {  # L16 field -> column
    "cohort": "cohort",
    "entered": "entered",
    "in_n": "moved_in",
    "jd": "hosted",
    "in_other": "other_in",
    "in_sum": "sum_in",
    "out_n": "moved_out",
    "susp": "suspended",
    "out_other": "other_out",
    "out_sum": "sum_out",
    "net": "net",
    "grads": "graduated",
}


def says_retention(one: Row, school_name: str | None) -> Said:
    """L16: a school's own arithmetic of a cohort's retention."""
    said = {field: _number(one[column]) for field, column in RETAINED.items()}
    return {**said, "school": school_name, "rate": one["rate_as_written"]}


def says_duty(one: Row, phone: str | None) -> Said:
    """L19: who answers for what since when, and whether the letter is signed."""
    return {
        "holder": one["name"],
        "duty": label_of(DUTIES, DutyRole(one["role"])),
        "phone": phone,
        "since": _day(one["valid_from"]),
        "until": None if one["valid_to"] == OPEN_END else _day(one["valid_to"] - timedelta(days=1)),
        "signed": _day(one["letter_signed_on"]),
    }


def says_exam(on_date: date | None, sat: bool | None) -> Said:
    """L18: the day of the exam, and whether the child sat it, where that is known."""
    return {"exam_date": _day(on_date), "sat": None if sat is None else label_of(EXAM_OUTCOMES, sat)}


def says_absence(one: Row) -> Said:
    """L20: a school day that a child missed, when that was noticed and the family reached, and the reason as verified."""
    return {
        "absent_on": _day(one["on_date"]),
        "absence": label_of(ABSENCES, one["state"]),
        "noticed": _clock(one["noticed_at"]),
        "contacted": _clock(one["contacted_at"]),
        "reporter": label_of(REPORTERS, one["reported_by"]),
        "called": _clock(one["called_at"]),
        "verified": one["verified_reason"],
        "verified_on": _day(one["verified_on"]),
    }


def _clock(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"


def says_survey(one: Row) -> Said:
    """L17: what a household survey found."""
    return {
        "stage": label_of(SURVEY_STAGES, one["stage"]),
        "schooling": label_of(SURVEYED, one["schooling"]),
        "where": label_of(SURVEY_PLACES, one["place"]),
        "no_reason": say_reason(one["reason"]),
        "surveyor": one["surveyor"],
        "survey_date": _day(one["surveyed_on"]),
    }
