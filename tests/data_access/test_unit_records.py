"""The register of what was done about units: who may add, what is refused, corrections stand in, each sees the own units."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from data_access.schema import unit_record
from data_access.unit_records import read_unit_records, record_unit_act
from domain.case_filter import CaseFilter, resolve
from domain.errors import ScopeError
from domain.scope import Role, Scope
from domain.unit_records import UnitEntry, UnitRecordKind
from tests.data_access.test_case_work import OFFICIAL, SCHOOL, TOWN, acts, count, county, refused
from tests.pages.tiny_county import COUNTY, TODAY

__all__ = ["county"]
HERE = resolve(CaseFilter(), TODAY, {})
TALK = UnitEntry(UnitRecordKind.TALK, TODAY, "3135000002", "建教督〔2026〕2号", "", "两周内整改", "校长到会")
MEETING = UnitEntry(UnitRecordKind.MEETING, TODAY - timedelta(days=3), COUNTY, "建教〔2026〕5号")
PLAN = UnitEntry(UnitRecordKind.PLAN, TODAY + timedelta(days=300), "350430200", note="第二批创建无流生乡镇")


def listed(engine: Engine, scope: Scope, chosen: CaseFilter = HERE) -> list[tuple[str, str]]:
    with engine.connect() as conn:
        return [(one.kind.value, one.unit_code) for one in read_unit_records(conn, scope, chosen)]


def test_entries_are_kept_once_on_record_and_seen_by_whom_they_concern(county: Engine) -> None:
    assert not record_unit_act(county, OFFICIAL, MEETING, "a")
    assert record_unit_act(county, OFFICIAL, MEETING, "a")
    record_unit_act(county, OFFICIAL, PLAN, "b")
    record_unit_act(county, TOWN, TALK, "c")
    assert listed(county, OFFICIAL) == [("plan", "350430200"), ("talk", "3135000002"), ("meeting", COUNTY)]
    assert listed(county, TOWN) == listed(county, SCHOOL) == [("talk", "3135000002")]
    assert listed(county, OFFICIAL, replace(HERE, area="350430200")) == [("plan", "350430200")]
    assert listed(county, OFFICIAL, replace(HERE, as_of=TODAY - timedelta(days=1)))[1:] == [("meeting", COUNTY)]
    assert acts(county) == ["unit.record"] * 3


def test_a_correction_stands_in_for_the_wrong_one_once(county: Engine) -> None:
    record_unit_act(county, OFFICIAL, TALK, "a")
    with county.connect() as conn:
        (wrong,) = read_unit_records(conn, OFFICIAL, HERE)
    mended = replace(TALK, result="一个月内整改")
    record_unit_act(county, OFFICIAL, mended, "b", corrects=wrong.record_id)
    with county.connect() as conn:
        (stands,) = read_unit_records(conn, OFFICIAL, HERE)
    assert (stands.result, stands.unit_name, stands.recorded_by) == ("一个月内整改", "甲镇中学", "official")
    refused("record.no_record", lambda: record_unit_act(county, OFFICIAL, mended, "c", corrects=wrong.record_id))
    assert count(county, unit_record) == 2  # the wrong one stays


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("record.in_future", replace(TALK, on=TODAY + timedelta(days=1))),
        ("record.text_missing", replace(TALK, result=" ")),
        ("record.too_long", replace(MEETING, number="长" * 61)),
        ("record.no_unit", replace(TALK, unit_code="350431")),
        ("record.no_unit", replace(TALK, unit_code="")),
    ],
)
def test_what_cannot_be_is_refused(county: Engine, key: str, entry: UnitEntry) -> None:
    refused(key, lambda: record_unit_act(county, OFFICIAL, entry, "t"))
    assert count(county, unit_record) == 0
    assert acts(county) == []


@pytest.mark.parametrize("scope", [SCHOOL, Scope("i", Role.INSPECTOR, (COUNTY,)), Scope("v", Role.VILLAGE, ("350430100201",))])
def test_a_unit_does_not_write_about_itself(county: Engine, scope: Scope) -> None:
    with pytest.raises(ScopeError):
        record_unit_act(county, scope, TALK, "t")


def test_a_township_writes_about_its_own_alone(county: Engine) -> None:
    refused("record.no_unit", lambda: record_unit_act(county, TOWN, replace(TALK, unit_code="2135000003"), "a"))
    refused("record.no_unit", lambda: record_unit_act(county, TOWN, replace(TALK, unit_code=COUNTY), "b"))
    record_unit_act(county, TOWN, replace(MEETING, kind=UnitRecordKind.CRITICISM, unit_code="350430100"), "c")
    assert count(county, unit_record) == 1
