"""An absence written down by hand: once, by those who may, never over one another's, put right only with a reason."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from data_access import audit
from data_access.record_absence import read_absence, record_absence
from data_access.schema import absence_day, audit_event
from domain.absences import Absence, AbsenceEntry, Reporter
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope
from tests.data_access.test_case_work import OFFICIAL, SCHOOL, count, county, refused
from tests.pages.tiny_county import TODAY

__all__ = ["county"]
CHILD = 43
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0)
FIRST = AbsenceEntry(DAY, Absence.UNKNOWN, "8:10")


def mark(engine: Engine) -> str:
    return read_absence(engine, SCHOOL, CHILD, DAY).mark


def test_a_day_is_written_once_and_more_is_added_to_it(county: Engine) -> None:
    first = record_absence(county, SCHOOL, CHILD, FIRST, "", NOW, "a")
    again = record_absence(county, SCHOOL, CHILD, FIRST, "", NOW, "a")
    assert (first.record_id, first.repeated, again.repeated) == (again.record_id, False, True)
    more = AbsenceEntry(DAY, Absence.SICK, contacted_at="8:40", reason="发烧", called_at="", reported_by=Reporter.PARENT)
    assert record_absence(county, SCHOOL, CHILD, more, mark(county), NOW, "b").record_id == first.record_id
    with county.connect() as conn:
        row = conn.execute(select(absence_day).where(absence_day.c.id == first.record_id)).one()
    assert (row.state, row.noticed_at, row.contacted_at) == ("sick", datetime(2026, 11, 20, 8, 10), datetime(2026, 11, 20, 8, 40))
    assert (row.verified_reason, row.verified_on, row.reported_by) == ("发烧", TODAY, "parent")
    assert count(county, absence_day, child_id=CHILD, on_date=DAY) == 1


def test_eight_at_once_are_one_row_and_seven_are_told(county: Engine) -> None:
    def send(number: int) -> str:
        try:
            record_absence(county, SCHOOL, CHILD, replace(FIRST, noticed_at=f"8:1{number}"), "", NOW, f"token{number}")
        except ProblemError as problem:
            return problem.key
        return "written"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(send, range(8))) == {"written": 1, "record.changed_day": 7}
    assert count(county, absence_day, child_id=CHILD, on_date=DAY) == 1


def test_an_hour_that_stands_is_put_right_only_with_a_reason_and_the_audit_keeps_what_stood(county: Engine) -> None:
    record_absence(county, SCHOOL, CHILD, replace(FIRST, state=Absence.TRUANT, contacted_at="8:55"), "", NOW, "a")
    better = replace(FIRST, state=Absence.TRUANT, contacted_at="8:25")
    refused("record.text_missing", lambda: record_absence(county, SCHOOL, CHILD, better, mark(county), NOW, "b"))
    record_absence(county, SCHOOL, CHILD, replace(better, why="看错了钟"), mark(county), NOW, "b")
    with audit.open_audit(county).connect() as conn:
        acts = conn.execute(
            select(audit_event.c.act, audit_event.c.filter, audit_event.c.reason).order_by(audit_event.c.id)
        ).all()
    assert [tuple(row) for row in acts] == [
        ("absence.record", None, None),
        ("absence.correct", "2026-11-20 truant noticed_at=08:10 contacted_at=08:55", "看错了钟"),
    ]


def test_nobody_writes_outside_their_own_or_without_the_right(county: Engine) -> None:
    elsewhere = Scope("other", Role.SCHOOL, (), ("3135000099",))
    refused("record.no_child", lambda: record_absence(county, elsewhere, CHILD, FIRST, "", NOW, "a"))
    for role in (Role.INSPECTOR, Role.VILLAGE, Role.PREFECTURE):
        with pytest.raises(ScopeError):
            record_absence(county, Scope("x", role, OFFICIAL.areas), CHILD, FIRST, "", NOW, "a")
    assert count(county, absence_day, child_id=CHILD, on_date=DAY) == 0


def test_a_day_without_school_or_to_come_is_refused_and_nothing_is_written(county: Engine) -> None:
    sunday = replace(FIRST, on=DAY + timedelta(days=(6 - DAY.weekday()) - 7))
    refused("record.no_school_day", lambda: record_absence(county, SCHOOL, CHILD, sunday, "", NOW, "a"))
    tomorrow = replace(FIRST, on=TODAY + timedelta(days=1))
    refused("record.in_future", lambda: record_absence(county, SCHOOL, CHILD, tomorrow, "", NOW, "a"))
    assert count(county, absence_day, child_id=CHILD, on_date=DAY) == 0


def test_a_reason_is_shown_again_only_to_who_may_read_it(county: Engine) -> None:
    record_absence(county, SCHOOL, CHILD, replace(FIRST, state=Absence.SICK, reason="发烧"), "", NOW, "a")
    assert read_absence(county, SCHOOL, CHILD, DAY).entry.reason == "发烧"
    assert read_absence(county, OFFICIAL, CHILD, DAY).entry.reason == ""
    kept = replace(FIRST, state=Absence.SICK)
    record_absence(county, OFFICIAL, CHILD, kept, read_absence(county, OFFICIAL, CHILD, DAY).mark, NOW, "b")
    assert read_absence(county, SCHOOL, CHILD, DAY).entry.reason == "发烧"
