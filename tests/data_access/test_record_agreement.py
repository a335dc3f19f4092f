"""A guardian's agreement on assessment: for disabled pupils, once, on record; the class follows and enrolment does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from data_access.classes import read_classes
from data_access.record_agreement import end_agreement, read_agreement, record_agreement
from data_access.record_event import record_event
from data_access.schema import group_spell, paper
from data_access.school_surveys import read_last_survey, record_survey
from data_access.writing import write
from domain.case_events import LAW
from domain.case_filter import CaseFilter, resolve
from domain.errors import ScopeError
from domain.grades import Stage
from domain.scope import Role, Scope
from tests.data_access.test_case_work import LONG, OFFICIAL, SCHOOL, acts, count, county, refused
from tests.pages.tiny_county import COUNTY, TODAY

__all__ = ["county"]
CHILD = 49
HERE = replace(resolve(CaseFilter(), TODAY, {}), school=SCHOOL.schools[0], stage=Stage.JUNIOR)


@pytest.fixture
def disabled(county: Engine) -> Engine:
    """The county with one disabled pupil."""
    told = {"child_id": CHILD, "group_name": "disabled", "valid_from": date(2025, 9, 1)}
    with write(county, COUNTY, role=None) as conn:
        conn.execute(insert(group_spell).values(told))
    return county


def classes(engine: Engine) -> tuple[int, int]:
    """(pupils, of them left out of the assessment) of the school."""
    with engine.connect() as conn:
        rows = read_classes(conn, OFFICIAL, HERE)
    return sum(row.pupils for row in rows), sum(row.unassessed for row in rows)


def test_the_pupil_leaves_the_assessment_and_stays_enrolled_until_the_agreement_ends(disabled: Engine) -> None:
    pupils, _ = classes(disabled)
    assert read_agreement(disabled, SCHOOL, CHILD) == (True, None)
    assert not record_agreement(disabled, SCHOOL, CHILD, date(2026, 9, 5), "母亲", "a")
    assert record_agreement(disabled, SCHOOL, CHILD, date(2026, 9, 5), "母亲", "a")
    assert read_agreement(disabled, SCHOOL, CHILD) == (True, date(2026, 9, 5))
    assert classes(disabled) == (pupils, 1)
    refused("record.agreed_before", lambda: record_agreement(disabled, SCHOOL, CHILD, TODAY, "母亲", "b"))
    refused("record.text_missing", lambda: end_agreement(disabled, SCHOOL, CHILD, " ", "c"))
    assert not end_agreement(disabled, SCHOOL, CHILD, "家长要求", "c")
    assert classes(disabled) == (pupils, 0)
    assert read_agreement(disabled, SCHOOL, CHILD) == (True, None)
    with disabled.connect() as conn:
        kept = conn.execute(select(paper.c.holder, paper.c.valid_to).where(paper.c.child_id == CHILD)).one()
    assert tuple(kept) == ("母亲", TODAY)
    assert acts(disabled) == ["agreement.record", "agreement.end"]


def test_what_cannot_be_agreed_is_refused(disabled: Engine) -> None:
    refused("record.not_disabled", lambda: record_agreement(disabled, SCHOOL, CHILD - 1, TODAY, "父亲", "a"))
    refused("record.in_future", lambda: record_agreement(disabled, SCHOOL, CHILD, TODAY + timedelta(days=1), "父亲", "a"))
    refused("record.text_missing", lambda: record_agreement(disabled, SCHOOL, CHILD, TODAY, "", "a"))
    refused("record.not_agreed", lambda: end_agreement(disabled, SCHOOL, CHILD, "无", "a"))
    elsewhere = Scope("other", Role.SCHOOL, (), ("3135000099",))
    refused("record.no_child", lambda: record_agreement(disabled, elsewhere, CHILD, TODAY, "父亲", "a"))
    with pytest.raises(ScopeError):
        record_agreement(disabled, Scope("x", Role.INSPECTOR, (COUNTY,)), CHILD, TODAY, "父亲", "a")
    assert count(disabled, paper) == 0


def test_the_day_of_a_survey_is_kept_once_for_the_school_and_term(county: Engine) -> None:
    with county.connect() as conn:
        assert read_last_survey(conn, OFFICIAL, HERE) is None
    assert not record_survey(county, SCHOOL, SCHOOL.schools[0], date(2026, 10, 12))
    assert record_survey(county, SCHOOL, SCHOOL.schools[0], date(2026, 10, 12))
    with county.connect() as conn:
        assert read_last_survey(conn, OFFICIAL, HERE) == date(2026, 10, 12)
        assert read_last_survey(conn, OFFICIAL, replace(HERE, as_of=date(2026, 10, 11))) is None
    refused("record.too_early", lambda: record_survey(county, SCHOOL, SCHOOL.schools[0], date(2026, 6, 1)))
    refused("record.no_school", lambda: record_survey(county, SCHOOL, "3135000001", TODAY))


def test_the_steps_of_the_law_are_entries_with_their_day(county: Engine) -> None:
    for number, step in enumerate(LAW):
        record_event(county, OFFICIAL, LONG, step, TODAY - timedelta(days=3 - number), "文号1", f"t{number}")
    refused("record.event_there", lambda: record_event(county, OFFICIAL, LONG, LAW[3], TODAY, "", "again"))
