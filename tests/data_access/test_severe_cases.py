"""Severe cases follow the setting everywhere, the report above is the bureau's; employers and their referral; on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from data_access.cases import count_cases, read_cases
from data_access.child_file import Duty, view_child
from data_access.employers import Employer, read_at_work, read_employer, record_employer
from data_access.open_case import open_case
from data_access.record_event import record_event
from data_access.schema import employment
from data_access.settings_write import change_settings
from data_access.severe_lines import with_severe_lines
from data_access.walls import open_scoped
from domain.case_events import CaseEvent
from domain.case_filter import CaseFilter, resolve
from domain.errors import ScopeError
from domain.reasons import Reason
from domain.scope import Role, Scope
from domain.severity import SevereSign
from tests.data_access.test_case_work import LONG, OFFICIAL, SCHOOL, acts, count, county, refused
from tests.pages.tiny_county import COUNTY, TODAY

__all__ = ["county"]
HERE = resolve(CaseFilter(), TODAY, {})
FIRM = Employer("某某制衣厂", "浙江省义乌市某街道某社区9号", TODAY, "建教函〔2026〕3号")


def signs(engine: Engine) -> dict[int, tuple[SevereSign, ...]]:
    with engine.connect() as conn:
        return {row.case_id: row.severe for row in read_cases(conn, OFFICIAL, HERE) if row.severe}


def duty(engine: Engine) -> Duty:
    file = view_child(engine, OFFICIAL, 41, TODAY)
    assert file is not None
    assert file.duty is not None
    return file.duty


def test_the_mark_follows_the_setting_on_list_and_file(county: Engine) -> None:
    with county.connect() as conn:
        absent = {row.case_id: row.days_absent for row in read_cases(conn, OFFICIAL, HERE)}
    assert signs(county) == {}
    for line, is_severe in ((absent[LONG], True), ((absent[LONG] or 0) + 1, False)):
        change_settings(
            county, OFFICIAL, COUNTY, {"ladder.severe_school_days": line}, valid_from=TODAY, document="建教〔2026〕1号"
        )
        assert (signs(county).get(LONG) == (SevereSign.LONG_ABSENT,)) is is_severe
        assert (duty(county).severe == (SevereSign.LONG_ABSENT,)) is is_severe
        assert filtered(county) == set(signs(county))
    assert acts(county).count("setting.change") == 2


@pytest.mark.parametrize(
    "lines",
    [
        {"severe_school_days": 1},
        {"severe_school_days": 6, "severe_from_rung": None, "severe_relapses": None},
        {"severe_from_rung": 1},
        {"severe_from_rung": 5, "severe_relapses": 1},
        {"severe_school_days": None, "severe_from_rung": None, "severe_relapses": None},
    ],
    ids=str,
)
def test_the_filter_finds_the_marked_cases_and_no_others(county: Engine, lines: dict[str, int | None]) -> None:
    told = {f"ladder.{name}": value for name, value in lines.items()}
    change_settings(county, OFFICIAL, COUNTY, told, valid_from=TODAY, document="建教〔2026〕1号")
    assert filtered(county) == set(signs(county))
    with county.connect() as conn, pytest.raises(ValueError, match="severe"):
        count_cases(conn, OFFICIAL, replace(HERE, severe=True))


def filtered(engine: Engine) -> set[int]:
    with open_scoped(engine, OFFICIAL) as conn:
        chosen = with_severe_lines(conn, replace(HERE, severe=True))
        found = {row.case_id for row in read_cases(conn, OFFICIAL, chosen)}
        assert count_cases(conn, OFFICIAL, chosen) == len(found)
    return found


def test_the_report_above_is_the_bureaus_and_has_a_reference(county: Engine) -> None:
    above = CaseEvent.REPORTED_PREFECTURE
    refused("record.only_bureau", lambda: record_event(county, SCHOOL, LONG, above, TODAY, "文号1", "a"))
    refused("record.text_missing", lambda: record_event(county, OFFICIAL, LONG, above, TODAY, " ", "b"))
    assert duty(county).reported_up_on is None
    record_event(county, OFFICIAL, LONG, above, TODAY - timedelta(days=1), "建教报〔2026〕7号", "c")
    assert duty(county).reported_up_on == TODAY - timedelta(days=1)
    assert "case.note" in acts(county)


def test_an_employer_is_kept_and_the_referral_stands_in_for_it(county: Engine) -> None:
    record_employer(county, SCHOOL, LONG, TODAY, replace(FIRM, referred_on=None, reference=""), "a")
    assert record_employer(county, SCHOOL, LONG, TODAY, FIRM, "a").repeated
    record_employer(county, SCHOOL, LONG, TODAY, FIRM, "b")
    assert count(county, employment) == 2
    with county.connect() as conn:
        assert read_employer(conn, LONG) == FIRM
        (whole,), (masked,) = (read_at_work(conn, scope, HERE) for scope in (SCHOOL, OFFICIAL))
    assert whole.employer == FIRM
    assert masked.employer == replace(FIRM, place="浙江省义乌市某街道某社区***")
    file = view_child(county, SCHOOL, 41, TODAY)
    assert file is not None
    entries = [dict(entry.facts) for entry in file.entries if entry.kind == "employer"]
    assert entries == [{"employer": FIRM.name, "work_place": FIRM.place, "referred_on": TODAY, "reference": FIRM.reference}]
    assert acts(county).count("employer.record") == 2


def test_a_child_gone_to_work_is_listed_before_anybody_knows_where(county: Engine) -> None:
    opened = open_case(county, SCHOOL, 50, TODAY, Reason.GONE_TO_WORK, "", "a")
    with county.connect() as conn:
        (found,) = read_at_work(conn, OFFICIAL, HERE)
        assert read_at_work(conn, OFFICIAL, replace(HERE, area="350430200")) == []
    assert (found.case.case_id, found.employer) == (opened.record_id, None)


@pytest.mark.parametrize(
    ("key", "employer", "days"),
    [
        ("record.text_missing", replace(FIRM, name=" "), 0),
        ("record.text_missing", replace(FIRM, reference=""), 0),
        ("record.in_future", replace(FIRM, referred_on=TODAY + timedelta(days=1)), 0),
        ("record.in_future", FIRM, 1),
        ("record.too_long", replace(FIRM, place="长" * 121), 0),
    ],
)
def test_what_cannot_be_is_refused(county: Engine, key: str, employer: Employer, days: int) -> None:
    refused(key, lambda: record_employer(county, SCHOOL, LONG, TODAY + timedelta(days=days), employer, "a"))
    with pytest.raises(ScopeError):
        record_employer(county, Scope("x", Role.INSPECTOR, (COUNTY,)), LONG, TODAY, FIRM, "a")
    assert count(county, employment) == 0
