"""Absences by child: contact at, under and over the half hour, the evening call, and what cannot be written down."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.absences import Absence, AbsenceEntry, Call, Contact, call_of, contact_of, moment_of
from domain.errors import ProblemError
from domain.visits import SEED_LADDER

DAY = date(2026, 11, 20)
NOTICED = datetime(2026, 11, 20, 8, 10)
NOW = datetime(2026, 11, 20, 12, 0)


@pytest.mark.parametrize(
    ("reached_after", "now_after", "contact"),
    [
        (29, 200, Contact.IN_TIME),
        (30, 200, Contact.IN_TIME),
        (31, 200, Contact.LATE),
        (None, 29, Contact.WAITING),
        (None, 30, Contact.WAITING),
        (None, 31, Contact.OVERDUE),
    ],
)
def test_the_family_is_reached_within_half_an_hour(reached_after: int | None, now_after: int, contact: Contact) -> None:
    reached = None if reached_after is None else NOTICED + timedelta(minutes=reached_after)
    assert contact_of(Absence.TRUANT, NOTICED, reached, NOTICED + timedelta(minutes=now_after)) is contact


def test_the_minutes_are_the_bureaus() -> None:
    reached = NOTICED + timedelta(minutes=31)
    assert contact_of(Absence.UNKNOWN, NOTICED, reached, NOW, replace(SEED_LADDER, contact_minutes=31)) is Contact.IN_TIME


@pytest.mark.parametrize(
    ("state", "noticed", "reached", "contact"),
    [
        (Absence.SICK, NOTICED, None, None),
        (Absence.LEAVE, None, None, None),
        (Absence.TRUANT, None, NOTICED, Contact.REACHED),
        (Absence.TRUANT, None, None, Contact.UNTIMED),
    ],
)
def test_leave_asks_for_no_contact_and_a_missing_hour_is_no_success(
    state: Absence, noticed: datetime | None, reached: datetime | None, contact: Contact | None
) -> None:
    assert contact_of(state, noticed, reached, NOW) is contact


@pytest.mark.parametrize(
    ("state", "at_risk", "called", "today", "call"),
    [
        (Absence.SICK, True, None, DAY, Call.DUE),
        (Absence.LEAVE, True, None, DAY + timedelta(days=1), Call.MISSED),
        (Absence.LEAVE, True, NOW, DAY, Call.DONE),
        (Absence.SICK, False, None, DAY, None),
        (Absence.TRUANT, True, None, DAY, None),
    ],
)
def test_a_child_at_risk_on_leave_is_called_the_same_evening(
    state: Absence, at_risk: bool, called: datetime | None, today: date, call: Call | None
) -> None:
    assert call_of(state, at_risk, called, DAY, today) is call


GOOD = AbsenceEntry(DAY, Absence.TRUANT, "8:10", "8:25")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"on": DAY + timedelta(days=1)}, "record.in_future"),
        ({"contacted_at": "12:01"}, "record.hour_in_future"),
        ({"noticed_at": "8.10"}, "record.bad_clock"),
        ({"noticed_at": "24:00"}, "record.bad_clock"),
        ({"contacted_at": "8:09"}, "record.contact_before_notice"),
        ({"called_at": "9:00"}, "record.call_without_leave"),
        ({"reason": "病" * 61}, "record.too_long"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], key: str) -> None:
    with pytest.raises(ProblemError) as found:
        replace(GOOD, **changes).check(NOW)  # type: ignore[arg-type]
    assert found.value.key == key
    assert found.value.say("zh") != key != found.value.say("en")


def test_the_same_minute_and_the_present_one_are_right() -> None:
    replace(GOOD, contacted_at="8:10").check(NOW)
    replace(GOOD, contacted_at="12:00").check(NOW)
    replace(GOOD, state=Absence.SICK, called_at="12：00").check(NOW)


def test_hours_as_people_write_them() -> None:
    assert moment_of(DAY, " 8:05 ") == datetime(2026, 11, 20, 8, 5)
    assert moment_of(DAY, "20：30") == datetime(2026, 11, 20, 20, 30)
    assert moment_of(DAY, "") is None
