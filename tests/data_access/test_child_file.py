"""One child's file: complete, true on its day, masked and scoped as everything else, and never read without a record."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select

from data_access import audit, child_file, schema
from data_access.child_file import ChildFile, view_child
from data_access.child_timeline import Entry, EntryKind, Word
from data_access.derive import rebuild_all
from data_access.schema import OPEN_END
from data_access.secrets import Cipher
from data_access.writing import write
from domain.cases import CaseStatus
from domain.errors import ScopeError
from domain.groups import Group
from domain.masking import HIDDEN
from domain.scope import Role, Scope
from domain.terms import say

COUNTY, TOWN, OTHER_TOWN = "999901", "999901100", "999901101"
VILLAGE, OTHER_VILLAGE = "999901100200", "999901101200"
SCHOOL, OTHER_SCHOOL = "3199000001", "3199000002"
BEGINS, TODAY = date(2024, 9, 1), date(2026, 11, 20)  # a Friday
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
TOWNSHIP = Scope("township", Role.TOWNSHIP, (TOWN,))
CHILD, NEIGHBOUR = 1, 2
PLACE = "甲乡乙村三组12号"


class World:
    """Two children in two towns; the first has something in every ledger."""

    def __init__(self, conn: Connection, sealed_place: bytes | None) -> None:
        self.conn, self.sealed_place = conn, sealed_place
        self.add_places()
        for number, (village, school) in enumerate(((VILLAGE, SCHOOL), (OTHER_VILLAGE, OTHER_SCHOOL)), 1):
            self.add_child(number, village, school)
        self.add_people()
        self.add_case()
        self.add_other_papers()
        rebuild_all(conn)

    def add(self, table: Any, **values: Any) -> None:
        self.conn.execute(insert(table).values(**values))

    def add_places(self) -> None:
        codes = ((COUNTY, "county"), (TOWN, "town"), (OTHER_TOWN, "town"), (VILLAGE, "village"), (OTHER_VILLAGE, "village"))
        spell = {"valid_from": BEGINS, "valid_to": OPEN_END}
        for code, level in codes:
            parent = code[: {6: 4, 9: 6, 12: 9}[len(code)]]
            named = {"county_code": COUNTY, "name": f"甲{code[-3:]}"}
            self.add(schema.area, code=code, level=level, parent_code=parent, **named, **spell)
        for code, town in ((SCHOOL, TOWN), (OTHER_SCHOOL, OTHER_TOWN)):
            kind = {"category": "31", "kind": "junior"}
            self.add(schema.school, code=code, name=f"第{code[-1]}中学", county_code=COUNTY, town_code=town, **kind, **spell)
            self.add(schema.school_stage, school_code=code, stage="junior", first_grade=7, last_grade=9)

    def add_child(self, number: int, village: str, school: str) -> None:
        birth = date(2012, 3, 4)
        self.add(schema.child, id=number, county_code=COUNTY, name=f"测试{number}", sex="male", birth_date=birth,
                 school_age_from=date(2018, 9, 1), school_age_to=date(2028, 9, 1), sixteen_on=date(2028, 3, 4))  # fmt: skip
        self.add(schema.residence_spell, child_id=number, home_code=village, home_text="甲乡乙村三组12号",
                 registered_code=village, valid_from=BEGINS)  # fmt: skip
        self.add(schema.enrolment_spell, child_id=number, school_code=school, stage="junior", entry_year=2025, class_no=5,
                 graduates_on=date(2028, 9, 1), valid_from=date(2025, 9, 1))  # fmt: skip

    def add_people(self) -> None:
        duties = (("principal", {"school_code": SCHOOL}), ("township_official", {"area_code": TOWN}))
        for number, (role, place) in enumerate(duties, 1):
            line = "school" if number == 1 else "government"
            self.add(schema.person, id=number, county_code=COUNTY, name=f"干部{number}", role=role, valid_from=BEGINS, **place)
            self.add(schema.responsibility, person_id=number, line=line, role=role, valid_from=BEGINS, **place)
        self.add(schema.guardian, child_id=CHILD, name="李某某", relation="grandparent", is_carer=True, valid_from=BEGINS)
        self.add(
            schema.guardian,
            child_id=CHILD,
            name="张某某",
            relation="father",
            away_place="浙江省义乌市某街道某社区9号",
            valid_from=BEGINS,
        )
        self.add(schema.pairing, child_id=CHILD, person_id=1, kind="one_to_one", content="每周谈心", valid_from=date(2026, 9, 10))

    def add_case(self) -> None:
        opened = date(2026, 11, 9)
        self.add(schema.case_file, id=1, child_id=CHILD, case_no="K1", opened_on=opened, first_absent_on=opened,
                 school_code=SCHOOL, stage="junior", reason="02", family="父亲患病", measures="每周家访",
                 relapse_count=1)  # fmt: skip
        self.add(schema.case_event, case_id=1, on_date=opened, kind="at_risk", actor="干部1", note="张同学未到校")
        self.add(schema.case_event, case_id=1, on_date=date(2026, 11, 17), kind="suspected", actor="干部1")
        visit = {"child_id": CHILD, "case_id": 1, "visitors": "干部1", "mode": "doorstep", "met": "祖母李某某", "content": "谈话"}
        self.add(schema.home_visit, id=1, visited_on=date(2026, 11, 10), result="误记", **visit)
        self.add(schema.home_visit, id=2, visited_on=date(2026, 11, 11), result="承诺返校", corrects=1,
                 place=self.sealed_place, **visit)  # fmt: skip
        self.add(schema.persuasion, id=1, case_id=1, nth=1, on_date=date(2026, 11, 11), people="干部2", result="误记")
        self.add(schema.persuasion, id=2, case_id=1, nth=1, on_date=date(2026, 11, 12), people="干部2", result="拒绝",
                 place=self.sealed_place, corrects=1)  # fmt: skip
        self.add(schema.notice, case_id=1, kind="supervision", number="督1", month="2026-11", issued_on=date(2026, 11, 13),
                 due_on=date(2026, 11, 23), reply="已办", replied_on=date(2026, 11, 19), closed_on=date(2026, 12, 1))  # fmt: skip
        self.add(schema.document, child_id=CHILD, case_id=1, kind="return_notice", number="复1", issued_on=date(2026, 11, 13))
        self.add(schema.employment, case_id=1, found_on=date(2026, 11, 13), name="甲饭店", referred_on=date(2026, 11, 13))
        for dimension in ("study", "life", "mind"):
            self.add(schema.follow_up, case_id=1, on_date=date(2026, 11, 14), dimension=dimension, assessment="良好")

    def add_other_papers(self) -> None:
        self.add(schema.movement_event, id=1, child_id=CHILD, kind="transfer_in", on_date=date(2025, 9, 1), to_school=SCHOOL,
                 from_school="2199000009", reason="家庭原因")  # fmt: skip
        self.add(schema.paper, child_id=CHILD, movement_id=1, kind="application", dated_on=date(2025, 8, 30), holder="教务处")
        for group, ends in (("left_behind_education", OPEN_END), ("parent_in_custody", OPEN_END), ("poor", date(2026, 11, 21))):
            detail = "two_parents" if group == "left_behind_education" else None
            self.add(schema.group_spell, child_id=CHILD, group_name=group, detail=detail, valid_from=BEGINS, valid_to=ends)
        self.add(schema.placement, child_id=CHILD, kind="inclusive", school_code=SCHOOL, valid_from=date(2026, 9, 1))
        self.add(schema.aid, child_id=CHILD, kind="grant", granted_on=date(2026, 11, 1), valid_from=date(2026, 9, 1))
        self.add(schema.absence_day, child_id=CHILD, on_date=date(2026, 11, 9), state="truant", verified_reason="随亲戚外出")


@pytest.fixture
def world(engine: Engine, cipher: Cipher, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
    with write(engine, COUNTY) as conn:
        World(conn, cipher.seal(PLACE))
    return engine


def opened(engine: Engine, scope: Scope = OFFICIAL, day: date = TODAY, child_id: int = CHILD) -> ChildFile:
    found = view_child(engine, scope, child_id, day)
    assert found is not None
    return found


def of_kind(file: ChildFile, kind: EntryKind) -> list[Entry]:
    return [entry for entry in file.entries if entry.kind is kind]


def facts(file: ChildFile, kind: EntryKind) -> dict[str, object]:
    """The facts of the only entry of that kind that stands."""
    (entry,) = [one for one in of_kind(file, kind) if ("correction", "corrected.wrong") not in one.facts]
    return dict(entry.facts)


def audited(engine: Engine) -> list[Any]:
    with audit.open_audit(engine).connect() as conn:
        return list(conn.execute(select(schema.audit_event).order_by(schema.audit_event.c.id)))


# --- what it holds --------------------------------------------------------------------------------------------------------------


def test_the_head_says_who_and_what_is_owed(world: Engine) -> None:
    file = opened(world)
    assert (file.village_name, file.town_name, file.school_name) == ("甲200", "甲100", "第1中学")
    assert (file.grade, file.class_no, file.age, file.sex) == (8, 5, 14, "male")
    assert [carer.relation for carer in file.carers] == ["grandparent", "father"]
    assert file.helpers == ("干部1",)
    assert file.duty is not None
    assert (file.duty.status, file.duty.relapse_count) == (CaseStatus.SUSPECTED, 1)
    assert (file.duty.school.name, file.duty.government.name) == ("干部1", "干部2")
    assert file.duty.days_overdue == (TODAY - file.duty.due_on).days > 0  # type: ignore[operator]


def test_a_case_has_its_own_measures_and_owners(world: Engine) -> None:
    """R218, R223."""
    file = opened(world, TOWNSHIP)
    assert facts(file, EntryKind.CASE)["measures"] == "每周家访"
    assert file.duty is not None
    assert (file.duty.school.name, file.duty.government.name) == ("干部1", "干部2")


def test_a_paper_is_listed_with_its_kind_day_and_holder(world: Engine) -> None:
    """R054."""
    (listed,) = of_kind(opened(world), EntryKind.PAPER)
    assert (str(listed.what), listed.on, listed.facts) == ("paper.application", date(2025, 8, 30), (("holder", "教务处"),))


@pytest.mark.parametrize(("kind", "said"), [("one_to_one", "一对一帮扶"), ("one_to_many", "一对多帮扶")])
def test_a_pairing_says_whether_it_is_one_to_one(world: Engine, kind: str, said: str) -> None:
    """R217."""
    with write(world, COUNTY) as conn:
        conn.execute(schema.pairing.update().values(kind=kind))
    (paired,) = of_kind(opened(world), EntryKind.HELPER)
    assert say(str(paired.what)) == said


def test_a_line_that_nobody_holds_has_no_owner(world: Engine) -> None:
    with write(world, COUNTY) as conn:
        conn.execute(schema.responsibility.delete().where(schema.responsibility.c.line == "government"))
        rebuild_all(conn)
    duty = opened(world).duty
    assert duty is not None
    assert (duty.school.name, duty.government.name, duty.government.role) == ("干部1", None, None)


def test_a_child_without_a_case_owes_nothing(world: Engine) -> None:
    file = opened(world, child_id=NEIGHBOUR)
    assert file.duty is None
    assert file.blanks == ()
    assert {entry.kind for entry in file.entries} == {EntryKind.ENROLMENT}


def test_every_ledger_gives_its_lines_the_latest_first(world: Engine) -> None:
    file = opened(world, TOWNSHIP)
    assert {entry.kind for entry in file.entries} == set(EntryKind)
    days = [entry.on for entry in file.entries]
    assert days == sorted(days, reverse=True)
    assert facts(file, EntryKind.FOLLOW_UP) == {"study": "良好", "life": "良好", "mind": "良好"}
    assert facts(file, EntryKind.MOVEMENT)["to_school"] == "第1中学"


def test_a_corrected_visit_stays_and_says_that_another_stands(world: Engine) -> None:
    right = facts(opened(world), EntryKind.VISIT)
    assert (right["result"], right["correction"]) == ("承诺返校", "corrected.right")
    for kind in (EntryKind.VISIT, EntryKind.PERSUASION):
        both = [dict(entry.facts)["correction"] for entry in of_kind(opened(world), kind)]
        assert sorted(map(str, both)) == ["corrected.right", "corrected.wrong"]


@pytest.mark.parametrize("kind", [EntryKind.VISIT, EntryKind.PERSUASION])
def test_where_it_was_is_told_as_the_role_may_read_it(world: Engine, kind: EntryKind) -> None:
    assert facts(opened(world, TOWNSHIP), kind)["place"] == PLACE
    assert facts(opened(world), kind)["place"] == "甲乡乙村***"


def test_without_the_keys_a_file_opens_and_hides_where_it_was(world: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_KEY_FILE", "/nowhere/kongchuo.key")
    assert facts(opened(world, TOWNSHIP), EntryKind.VISIT)["place"] == HIDDEN


@pytest.mark.parametrize(
    ("days", "runs"),
    [
        ([(9, "sick"), (10, "sick"), (11, "sick")], [("absence.sick", 3)]),
        ([(6, "sick"), (9, "sick")], [("absence.sick", 2)]),  # Friday and Monday
        ([(9, "sick"), (11, "sick")], [("absence.sick", 1), ("absence.sick", 1)]),
        ([(9, "sick"), (10, "truant")], [("absence.sick", 1), ("absence.truant", 1)]),
    ],
)
def test_school_days_missed_in_a_row_are_one_line(
    world: Engine, days: list[tuple[int, str]], runs: list[tuple[str, int]]
) -> None:
    with write(world, COUNTY) as conn:
        rows = [{"child_id": NEIGHBOUR, "on_date": date(2026, 11, day), "state": state} for day, state in days]
        conn.execute(insert(schema.absence_day), rows)
    found = of_kind(opened(world, child_id=NEIGHBOUR), EntryKind.ABSENCE)[::-1]
    assert [(str(entry.what), dict(entry.facts)["days"]) for entry in found] == runs
    assert (found[0].on, found[-1].until) == (date(2026, 11, days[0][0]), date(2026, 11, days[-1][0]))


@pytest.mark.parametrize(
    ("change", "blanks"),
    [
        ({}, ()),
        ({"is_carer": False}, ("carer",)),
        ({"away_place": None}, ("parents_whereabouts",)),
    ],
)
def test_what_a_left_behind_file_lacks(world: Engine, change: dict[str, Any], blanks: tuple[str, ...]) -> None:
    with write(world, COUNTY) as conn:
        if change:
            conn.execute(schema.guardian.update().values(**change))
    assert opened(world).blanks == blanks


# --- as of a day ----------------------------------------------------------------------------------------------------------------


def test_nothing_is_known_before_it_happened(world: Engine) -> None:
    for day in (TODAY, date(2026, 11, 12), date(2026, 9, 1), BEGINS):
        assert all(entry.on <= day and (entry.until is None or entry.until <= day) for entry in opened(world, day=day).entries)


def test_a_later_answer_and_end_are_left_out(world: Engine) -> None:
    told = facts(opened(world), EntryKind.NOTICE)
    assert told["replied_on"] == date(2026, 11, 19)
    assert "closed_on" not in told
    assert "replied_on" not in facts(opened(world, day=date(2026, 11, 18)), EntryKind.NOTICE)


@pytest.mark.parametrize(("day", "until"), [(TODAY, None), (date(2026, 11, 21), TODAY), (date(2026, 12, 1), TODAY)])
def test_a_spell_ends_on_the_day_before_its_excluded_end(world: Engine, day: date, until: date | None) -> None:
    (poor,) = (entry for entry in opened(world, day=day).entries if entry.what == "group.poor")
    assert poor.until == until


# --- who may see it -------------------------------------------------------------------------------------------------------------


def test_names_and_remarks_are_hidden_from_the_county(world: Engine) -> None:
    file = opened(world)
    assert file.is_masked
    assert (file.name, file.birth_date, file.place_text) == ("测**", None, "甲乡乙村***")
    assert file.carers[0].name == "李**"
    assert file.carers[1].away_place == "浙江省义乌市某街道某社区***"
    visit = facts(file, EntryKind.VISIT)
    assert (visit["met"], visit["content"], visit["people"]) == (HIDDEN, HIDDEN, "干部1")
    said = repr(file)
    assert not [text for text in ("测试1", "李某某", "张同学", "父亲患病", "随亲戚外出", "9号", "12号") if text in said]


def test_a_town_reads_its_own_children_whole(world: Engine) -> None:
    file = opened(world, TOWNSHIP)
    assert not file.is_masked
    assert (file.name, file.birth_date, file.place_text) == ("测试1", date(2012, 3, 4), "甲乡乙村三组12号")
    assert facts(file, EntryKind.VISIT)["met"] == "祖母李某某"
    assert HIDDEN not in repr(file)


def test_restricted_flags_are_for_those_who_see_names(world: Engine) -> None:
    """R083: a parent in custody is no matter for the county's screen."""
    restricted = Word("group.parent_in_custody")
    assert Group.PARENT_IN_CUSTODY not in dict(opened(world).groups)
    assert restricted not in {entry.what for entry in opened(world).entries}
    assert Group.PARENT_IN_CUSTODY in dict(opened(world, TOWNSHIP).groups)
    assert restricted in {entry.what for entry in opened(world, TOWNSHIP).entries}


SEEN_BY = {
    "county": (OFFICIAL, True),
    "town": (TOWNSHIP, True),
    "village": (Scope("v", Role.VILLAGE, (VILLAGE,)), True),
    "school": (Scope("s", Role.SCHOOL, (), (SCHOOL,)), True),
    "another county": (Scope("c", Role.COUNTY, ("999902",)), False),
    "another town": (Scope("t", Role.TOWNSHIP, (OTHER_TOWN,)), False),
    "another village": (Scope("v", Role.VILLAGE, ("999901100201",)), False),
    "another school": (Scope("s", Role.SCHOOL, (), (OTHER_SCHOOL,)), False),
}


@pytest.mark.parametrize(("scope", "seen"), SEEN_BY.values(), ids=SEEN_BY.keys())
def test_a_file_opens_inside_the_scope_only(world: Engine, scope: Scope, seen: bool) -> None:
    assert (view_child(world, scope, CHILD, TODAY) is not None) is seen


def test_an_unknown_child_looks_like_one_out_of_scope(world: Engine) -> None:
    assert view_child(world, OFFICIAL, 99, TODAY) is None
    assert view_child(world, OFFICIAL, CHILD, BEGINS - timedelta(days=1)) is None


@pytest.mark.parametrize("role", [Role.SCREEN, Role.ADMINISTRATOR])
def test_roles_without_children_open_no_file(world: Engine, role: Role) -> None:
    with pytest.raises(ScopeError):
        view_child(world, Scope("x", role, (COUNTY,)), CHILD, TODAY)
    assert audited(world) == []


# --- on record ------------------------------------------------------------------------------------------------------------------


def test_every_view_is_on_record(world: Engine) -> None:
    opened(world)
    opened(world, TOWNSHIP, date(2026, 11, 12))
    rows = audited(world)
    assert [(row.user, row.act, row.row_ids, row.county_code, row.filter) for row in rows] == [
        ("official", "view_child", "1", COUNTY, "2026-11-20"),
        ("township", "view_child", "1", COUNTY, "2026-11-12"),
    ]
    assert audit.verify_chain(world) == 2


def test_what_was_not_seen_is_not_recorded_as_seen(world: Engine) -> None:
    view_child(world, Scope("t", Role.TOWNSHIP, (OTHER_TOWN,)), CHILD, TODAY)
    assert audited(world) == []


def test_no_record_no_view(world: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Iterator[None]:
        raise OSError("the audit cannot be written")

    monkeypatch.setattr(child_file.audit, "record", fail)
    with pytest.raises(OSError, match="audit"):
        view_child(world, OFFICIAL, CHILD, TODAY)
