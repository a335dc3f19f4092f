"""Children and cases whose records disagree on purpose (数据打架): one or a few of each kind that the checks must find."""

from datetime import date, timedelta

from data_access.demo_disorder import Disorder
from data_access.demo_groups import DISABILITIES
from data_access.demo_more_contradictions import MORE
from data_access.demo_names import full_names
from data_access.demo_numbers import citizen_number, number_of
from data_access.demo_people import PRIMARY_YEARS, Standing
from data_access.demo_texts import CONTENT
from data_access.schema import (
    absence_day,
    case_event,
    case_file,
    child,
    enrolment_spell,
    home_visit,
    movement_event,
    paper,
    placement,
    residence_spell,
)
from domain.cases import CaseStatus, Outcome
from domain.grades import school_age_from, school_age_to
from domain.groups import Schooling
from domain.movements import Movement
from domain.reasons import Reason
from domain.visits import VisitMode

FREE_SERIALS = 901  # citizen numbers beyond those that are dealt out
FAR_TOO_OLD = timedelta(days=365 * 14)
LABOUR_AGE_DAYS = 16 * 366


def record_contradictions(disorder: Disorder) -> None:
    """Every kind, into rows that are not written yet or to be changed by `correct_children`."""
    for kind in (
        _same_number_twice, _registry_tail, _birth_and_sex, _age_and_grade, _dropout_at_school_elsewhere, _card_and_kind,
        _absent_while_taught_at_home, _registry_missing, _ill_but_healthy, _returned_too_early, _closed_without_evidence,
        _impossible_visits, _expelled, _labour_past_sixteen, _as_they_are, *MORE,
    ):  # fmt: skip
        kind(disorder)


def _same_number_twice(it: Disorder) -> None:
    """Two registers hold the same citizen number."""
    at, other = next(it.plain), next(it.plain)
    id_no, registry_no = number_of(it.numbers, at)
    birth = date.fromordinal(int(it.children.birth[at]))
    name = next(full_names(it.children.surname[[at]], it.children.given[[at]]))
    home = it.world.villages[int(it.children.village[at])].code
    told = {"name": name, "sex": "male" if it.children.male[at] else "female"}
    twin = it.world.book.add(child, county_code=home[:6], **told, **_ages(birth), **it.identity(id_no, registry_no))
    entry, since = it.world.school_year - int(it.children.grade[at]) + 1, it.world.school_days[-40]
    school_code, _ = it.moves.place_then(other, it.world.as_of)
    spell = {"valid_from": since, "stage": "primary", "entry_year": entry, "graduates_on": date(entry + PRIMARY_YEARS, 9, 1)}
    it.world.book.add(enrolment_spell, child_id=twin, school_code=school_code, class_no=1, mode="ordinary", **spell)
    it.world.book.add(residence_spell, child_id=twin, home_code=home, registered_code=home, valid_from=since)
    it.world.contradict("same_id_twice", "child", at + 1, twin)
    it.uncounted(school_code, "primary", entry)


def _ages(birth: date) -> dict[str, date]:
    return {
        "birth_date": birth,
        "school_age_from": school_age_from(birth),
        "school_age_to": school_age_to(birth),
        "sixteen_on": birth.replace(year=birth.year + 16),
    }


def _registry_tail(it: Disorder) -> None:
    """A registry number with somebody else's citizen number behind the G."""
    at, other = next(it.plain), next(it.plain)
    it.change(at, **it.identity(number_of(it.numbers, at)[0], number_of(it.numbers, other)[1]))
    it.world.contradict("registry_tail", "child", at + 1)
    it.world.contradict("same_registry_twice", "child", at + 1, other + 1)


def _birth_and_sex(it: Disorder) -> None:
    """A birth date and a sex that the citizen number denies."""
    at, other = next(it.plain), next(it.plain)
    it.change(at, birth_date=date.fromordinal(int(it.children.birth[at]) + 1))
    it.world.contradict("birth_not_of_id", "child", at + 1)
    it.change(other, sex="female" if it.children.male[other] else "male")
    it.world.contradict("sex_not_of_id", "child", other + 1)


def _age_and_grade(it: Disorder) -> None:
    """A primary pupil of fourteen."""
    at = next(it.plain)
    _born(it, at, it.world.as_of - FAR_TOO_OLD, FREE_SERIALS)
    it.world.contradict("age_not_of_grade", "child", at + 1)


def _born(it: Disorder, at: int, birth: date, serial: int) -> None:
    id_no = citizen_number(birth, serial + (serial + int(it.children.male[at])) % 2)
    it.change(at, **_ages(birth), **it.identity(id_no, f"G{id_no}"))


def _dropout_at_school_elsewhere(it: Disorder) -> None:
    """A dropout of one school stands on the register of another."""
    number, life = it.open_case(CaseStatus.PERSUASION)
    on = it.world.school_days[-2]
    entry = it.world.school_year - int(it.children.grade[life.child]) + PRIMARY_YEARS + 1
    there = next(one.code for one in it.moves.schools if one.kind == "junior")
    if it.children.stage_of(life.child) == "junior":
        spell = {"stage": "junior", "entry_year": entry, "graduates_on": date(entry + 3, 9, 1), "class_no": 1, "mode": "ordinary"}
        it.world.book.add(enrolment_spell, child_id=life.child + 1, school_code=there, valid_from=on, **spell)
        it.world.contradict("dropout_at_school_elsewhere", "case_file", number)
        it.uncounted(there, "junior", entry)


def _card_and_kind(it: Disorder) -> None:
    """A disability card of another kind than the one recorded."""
    row = next(row for row in it.world.book.rows(placement) if row["card"])
    id_no = number_of(it.numbers, row["child_id"] - 1)[0]
    other = DISABILITIES.index(row["disability"]) % len(DISABILITIES) + 2
    row["card"] = it.world.cipher.seal(f"{id_no}{min(other, len(DISABILITIES))}{row['disability_level'] % 4 + 1}")
    it.world.contradict("card_not_of_disability", "placement", row["id"])


def _absent_while_taught_at_home(it: Disorder) -> None:
    """A pupil taught at home is listed as a truant."""
    at = next(at for at, mode in it.care.modes.items() if mode == Schooling.HOME_TEACHING)
    day = it.world.school_days[-it.world.plan.report_days - 1]
    number = it.world.book.add(absence_day, child_id=at + 1, on_date=day, state="truant", reported_by="class_teacher")
    it.world.contradict("absent_while_taught_at_home", "absence_day", number)


def _registry_missing(it: Disorder) -> None:
    """A disabled pupil of an ordinary class and a dropout whose registry numbers are gone (R079, R200)."""
    included = next(at for at, mode in it.care.modes.items() if mode == Schooling.INCLUSIVE)
    _, life = it.open_case(CaseStatus.DROPOUT)
    for at, rule in ((included, "inclusive_without_registry"), (life.child, "dropout_without_registry")):
        it.change(at, registry_no=None, registry_mac=None)
        it.world.contradict(rule, "child", at + 1)


def _ill_but_healthy(it: Disorder) -> None:
    """A case that gives disability as its reason, of a child recorded as healthy."""
    number, life = it.open_case(CaseStatus.SUSPECTED)
    if life.child not in it.care.health:
        row = next(row for row in it.world.book.rows(case_file) if row["id"] == number)
        row["reason"] = Reason.DISABILITY.value
        it.world.contradict("ill_but_healthy", "case_file", number)


def _returned_too_early(it: Disorder) -> None:
    """A return that is dated before the absence."""
    number, life = it.closed_case(Outcome.FOLLOW_UP_PASSED)
    events = it.world.book.rows(case_event)
    row = next(row for row in events if row["case_id"] == number and row["kind"] == CaseStatus.RETURNED.value)
    row["on_date"] = life.opened - timedelta(days=3)
    it.world.contradict("returned_before_lost", "case_file", number)


def _closed_without_evidence(it: Disorder) -> None:
    """A closed case with no paper and no second person."""
    number, _ = it.closed_case(Outcome.FOLLOW_UP_PASSED)
    papers = it.world.book.rows(paper)
    papers[:] = [row for row in papers if row.get("case_id") != number]
    for row in it.world.book.rows(case_event):
        if row["case_id"] == number and row["kind"] == CaseStatus.CLOSED.value:
            row["confirmed_by"] = row["evidence"] = None
    it.world.contradict("closed_without_evidence", "case_file", number)


def _impossible_visits(it: Disorder) -> None:
    """A visit that has not happened yet, and one to a pupil who had moved away."""
    book, told = it.world.book, {"mode": VisitMode.DOORSTEP.value, "visitors": "学校教师", "content": CONTENT["term"]}
    future = book.add(home_visit, child_id=next(it.plain) + 1, visited_on=it.world.as_of + timedelta(days=9), **told)
    it.world.contradict("visit_in_future", "home_visit", future)
    gone = min(it.moves.done[Movement.TRANSFER_OUT], key=lambda move: (move.on, move.number))
    late = book.add(home_visit, child_id=gone.child + 1, visited_on=gone.on + timedelta(days=40), **told)
    it.world.contradict("visit_after_transfer", "home_visit", late)


def _expelled(it: Disorder) -> None:
    """A movement that the law does not know, from an old record (R109)."""
    at = next(it.plain)
    school_code, stage = it.moves.place_then(at, it.world.as_of)
    on, told = it.world.school_days[-30], {"from_school": school_code, "stage": stage}
    number = it.world.book.add(movement_event, child_id=at + 1, kind=Movement.EXPULSION.value, on_date=on, **told)
    it.world.contradict("expelled", "movement_event", number)


def _labour_past_sixteen(it: Disorder) -> None:
    """A case of child labour whose child is sixteen by now."""
    number, life = it.open_case(CaseStatus.PERSUASION)
    _born(it, life.child, it.world.as_of - timedelta(days=LABOUR_AGE_DAYS), FREE_SERIALS)
    row = next(row for row in it.world.book.rows(case_file) if row["id"] == number)
    row["reason"] = Reason.GONE_TO_WORK.value
    it.world.contradict("labour_past_sixteen", "case_file", number)


def _as_they_are(it: Disorder) -> None:
    """What the demo holds anyway: papers that are missing, and graduates of grade 6 in no grade 7."""
    owed = {Movement.TRANSFER_OUT: "transfer_without_proof", Movement.HOSTED: "hosted_without_papers"}
    lacking = {life.movement for life in it.cases.values() if life.missing_paper and life.closed is None}
    for movement, rule in owed.items():
        numbers = [move.number for move in it.moves.done[movement] if move.number in lacking]
        it.world.contradict(rule, "movement_event", *numbers)
    lost = (it.children.standing == Standing.LOST).nonzero()[0].tolist()
    it.world.contradict("graduate_in_no_grade_seven", "child", *(at + 1 for at in lost))
