"""More records of the demo that disagree on purpose: numbers, days and movements, and the lists of 四查三比对."""

import json
from collections.abc import Callable
from datetime import date, timedelta

from data_access.demo_disorder import Disorder
from data_access.demo_names import full_names
from data_access.demo_numbers import number_of
from data_access.demo_people import Standing
from data_access.schema import (
    OPEN_END,
    absence_day,
    aid,
    case_file,
    child,
    enrolment_spell,
    movement_event,
    placement,
    residence_spell,
    setting,
    survey_entry,
)
from domain.cases import COUNTED_AS_DROPOUT, CaseStatus, Outcome
from domain.groups import Aid, Group
from domain.key_units import KeyMark
from domain.movements import Movement

LONG_AGO = timedelta(days=60)
TRUANT_DAYS = 4  # of the last five school days, and nobody opened a case
LISTED_ON = (9, 1)
LIVING = frozenset({Aid.GRANT.value, Aid.BOARDING_AID.value})
SURVEYED_ON = (5, 20)
RECTIFIED_WITHIN = timedelta(days=150)


def _unreadable(it: Disorder) -> None:
    """A citizen number with a wrong check character; the registry number goes with it."""
    at = next(it.plain)
    id_no = number_of(it.numbers, at)[0] or ""
    wrong = id_no[:17] + ("1" if id_no[17] != "1" else "2")
    it.change(at, **it.identity(wrong, f"G{wrong}"))
    it.world.contradict("id_unreadable", "child", at + 1)


def _unborn(it: Disorder) -> None:
    """A child of the village list that is not born yet."""
    birth = it.world.as_of + timedelta(days=20)
    home, at = it.world.villages[0].code, next(it.plain)
    name = next(full_names(it.children.surname[[at]], it.children.given[[at]]))
    number = it.world.book.add(child, county_code=home[:6], name=name, sex="female", birth_date=birth)
    it.world.book.add(residence_spell, child_id=number, home_code=home, registered_code=home, valid_from=it.world.as_of)
    it.world.contradict("birth_in_future", "child", number)


def _impossible_days(it: Disorder) -> None:
    """A span in a school and a suspension that end before they begin, a case whose absence began after it was opened."""
    at = next(it.plain)
    school_code, _ = it.moves.place_then(at, it.world.as_of)
    begins = it.world.school_days[-60]
    told = {"stage": "primary", "entry_year": it.world.school_year, "graduates_on": date(it.world.school_year + 6, 9, 1)}
    ends = begins - timedelta(days=30)
    spell = it.world.book.add(enrolment_spell, child_id=at + 1, school_code=school_code, valid_from=begins, valid_to=ends, **told)
    it.world.contradict("school_days_impossible", "enrolment_spell", spell)
    number, life = it.closed_case(Outcome.EXPLAINED)
    row = next(row for row in it.world.book.rows(case_file) if row["id"] == number)
    row["first_absent_on"] = life.opened + timedelta(days=5)
    it.world.contradict("case_days_impossible", "case_file", number)
    resumed = {move.child for move in it.moves.done[Movement.RESUMPTION]}
    move = next(move for move in it.moves.done[Movement.SUSPENSION] if move.child in resumed)
    row = next(row for row in it.world.book.rows(movement_event) if row["id"] == move.number)
    row["ends_on"] = move.on - timedelta(days=3)
    it.world.contradict("movement_days_impossible", "movement_event", move.number)


def _unmatched(it: Disorder) -> None:
    """A transfer with its certificate that no other school has confirmed for two months."""
    leavers = [move for move in it.moves.done[Movement.TRANSFER_OUT] if it.children.standing[move.child] == Standing.LEAVER]
    move = max((move for move in leavers if move.on < it.world.as_of - LONG_AGO), key=lambda move: (move.on, move.number))
    row = next(row for row in it.world.book.rows(movement_event) if row["id"] == move.number)
    row["matched_on"] = None
    it.world.contradict("transfer_unmatched", "movement_event", move.number)


def _taught_and_lost(it: Disorder) -> None:
    """A dropout whom another ledger has as taught at home from today on; the absence of today contradicts it too."""
    number, life = it.open_case(CaseStatus.PERSUASION)
    told = {"kind": "home_teaching", "plan": True, "valid_from": it.world.as_of}
    it.world.book.add(placement, child_id=life.child + 1, **told)
    it.world.contradict("dropout_while_taught_at_home", "case_file", number)
    absent = [row for row in it.world.book.rows(absence_day) if row["child_id"] == life.child + 1]
    today = [row["id"] for row in absent if row["on_date"] == it.world.as_of and row["state"] in ("truant", "unknown")]
    it.world.contradict("absent_while_taught_at_home", "absence_day", *today)
    begun = {move.child + 1: move.on for move in it.moves.done[Movement.HOME_TEACHING]}
    late = [row for row in it.world.book.rows(absence_day) if row["on_date"] >= begun.get(row["child_id"], date.max)]
    numbers = {row["id"] for row in late if row["state"] in ("truant", "unknown")} - _said(it, "absent_while_taught_at_home")
    it.world.contradict("absent_while_taught_at_home", "absence_day", *sorted(numbers))


def _said(it: Disorder, rule: str) -> set[int]:
    return {number for told in it.world.contradictions if told.rule == rule for number in told.ids}


def _absent_unnoticed(it: Disorder) -> None:
    """A pupil without leave on four of the last five school days, and no case."""
    days = it.world.school_days[-TRUANT_DAYS:]
    taken = {row["child_id"] for row in it.world.book.rows(absence_day) if row["on_date"] in days}
    at = next(at for at in it.plain if at + 1 not in taken)
    for day in days:
        it.world.book.add(absence_day, child_id=at + 1, on_date=day, state="truant", reported_by="class_teacher")
    it.world.contradict("absent_without_case", "child", at + 1)


def _key_unit(it: Disorder) -> None:
    """The school that hands in nothing stands on the list of key units."""
    silent = next(one for one in it.moves.schools if one.kind == "primary")
    since = date(it.world.school_year, *LISTED_ON)
    told = {"mark": KeyMark.KEY_UNIT.value, "since": since.isoformat(), "published_on": since.isoformat()}
    listed = json.dumps({silent.code: told | {"rectify_by": (since + RECTIFIED_WITHIN).isoformat()}})
    paper = f"演示文件〔{it.world.school_year}〕重点名单"
    named = {"county_code": silent.county, "name": "key_units", "set_by": "bureau"}
    it.world.book.add(setting, **named, value=listed, document=paper, valid_from=since)
    it.world.contradict("key_unit_without_report", "school", int(silent.code))


def _lists(it: Disorder) -> None:
    """What the demo holds anyway: children never enrolled, poor dropouts, disabled children whom nobody has placed."""
    elsewhere = (it.children.standing == Standing.ELSEWHERE) & ~it.children.outside
    unknown = elsewhere.nonzero()[0].tolist()
    it.world.contradict("never_enrolled", "child", *(at + 1 for at in unknown))
    _survey(it, unknown)
    _aid(it, unknown[-1])
    poor = set(it.groups.members[Group.POOR].tolist())
    lost = [life.child for life in it.cases.values() if life.closed is None and life.steps[-1].status in COUNTED_AS_DROPOUT]
    it.world.contradict("poor_dropout", "child", *(at + 1 for at in lost if at in poor))
    placed = {row["child_id"] for row in it.world.book.rows(placement) if row.get("valid_to", OPEN_END) > it.world.as_of}
    disabled = [at + 1 for at in it.groups.members[Group.DISABLED].tolist() if at + 1 not in placed]
    it.world.contradict("disabled_without_place", "child", *disabled)
    unapproved = [row["id"] for row in it.world.book.rows(movement_event) if _is_unapproved(row)]
    it.world.contradict("suspension_without_approval", "movement_event", *unapproved)


def _aid(it: Disorder, nowhere: int) -> None:
    """Poor pupils whom the list of aid does not have, and aid that goes to a child on no register."""
    paid = {
        "kind": Aid.GRANT.value,
        "granted_on": it.world.as_of.replace(day=1),
        "valid_from": date(it.world.school_year, *LISTED_ON),
    }
    it.world.contradict("aid_without_registry", "aid", it.world.book.add(aid, child_id=nowhere + 1, **paid))
    aided = {row["child_id"] for row in it.world.book.rows(aid) if row["kind"] in LIVING}
    lost = {life.child for life in it.cases.values() if life.closed is None and life.steps[-1].status in COUNTED_AS_DROPOUT}
    here = (it.children.standing == Standing.PUPIL) & ~it.children.outside
    poor = [at for at in it.groups.members[Group.POOR].tolist() if here[at] and at not in lost]
    it.world.contradict("poor_without_aid", "child", *(at + 1 for at in poor if at + 1 not in aided))


def _survey(it: Disorder, children: list[int]) -> None:
    """What the households said in May of the children on no register: some learn elsewhere, the others nobody accounts for."""
    surveyed_on = date(it.world.school_year, *SURVEYED_ON)
    said = (("elsewhere", "other_province"), ("elsewhere", "province"), ("in_school", "abroad"), ("not_enrolled", None))
    for at, (schooling, place) in zip(children, said, strict=False):
        told = {"stage": it.children.stage_of(at), "schooling": schooling, "place": place}
        it.world.book.add(survey_entry, child_id=at + 1, surveyed_on=surveyed_on, **told)


def _is_unapproved(row: dict[str, object]) -> bool:
    return row["kind"] == Movement.SUSPENSION.value and row.get("approved_on") is None


MORE: tuple[Callable[[Disorder], None], ...] = (
    *(_unreadable, _unborn, _impossible_days, _unmatched, _taught_and_lost, _absent_unnoticed, _key_unit, _lists),
)
