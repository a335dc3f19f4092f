"""A school day that a child missed: how it is written down, whether the family was reached in time, which call is still owed.

Source: domain rules R020 (half an hour), R026 (told by the parents), R028 (verified reasons), R032 (states of attendance),
R033 (a call on the evening of a leave).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from domain.case_entries import check_lengths, require_text
from domain.errors import ProblemError
from domain.visits import SEED_LADDER, LadderSettings, is_contact_late

CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
LONGEST_REASON = 60


class Absence(StrEnum):
    """Why a child is not there, as far as the roll call knows (R032)."""

    SICK = "sick"
    LEAVE = "leave"
    TRUANT = "truant"
    UNKNOWN = "unknown"


UNEXCUSED = frozenset({Absence.TRUANT, Absence.UNKNOWN})  # without leave: the family must be reached (R020)


class Reporter(StrEnum):
    """Who told of the absence: the roll call of the class teacher, or the parents themselves (R026)."""

    CLASS_TEACHER = "class_teacher"
    PARENT = "parent"


class Contact(StrEnum):
    """How the contact with the family of a child absent without leave stands (R020)."""

    IN_TIME = "in_time"
    LATE = "late"
    REACHED = "reached"  # at a known hour, but nobody wrote down when the absence was noticed
    WAITING = "waiting"
    OVERDUE = "overdue"
    UNTIMED = "untimed"  # neither hour is written down


class Call(StrEnum):
    """How the call stands that a child at risk is owed on the evening of a day of leave (R033)."""

    DONE = "done"
    DUE = "due"
    MISSED = "missed"


@dataclass(frozen=True)
class AbsenceEntry:
    """One school day missed, as it is written down; the hours are HH:MM of that day, empty where not known.

    `reason`: as verified. `called_at`: the call on the evening of a leave. `why`: why hours or a state that stand already
    are put right.
    """

    on: date
    state: Absence
    noticed_at: str = ""
    contacted_at: str = ""
    reason: str = ""
    called_at: str = ""
    reported_by: Reporter | None = None
    why: str = ""

    def check(self, now: datetime) -> None:
        """Raise ProblemError for a day or an hour that has not come, one that is none, or a contact before the notice."""
        if self.on > now.date():
            raise ProblemError("record.in_future", today=now.date())
        hours = [moment_of(self.on, text) for text in (self.noticed_at, self.contacted_at, self.called_at)]
        if any(hour > now for hour in hours if hour):
            raise ProblemError("record.hour_in_future", now=f"{now:%H:%M}")
        noticed, contacted, _ = hours
        if noticed and contacted and contacted < noticed:
            raise ProblemError("record.contact_before_notice")
        if self.called_at and self.state in UNEXCUSED:
            raise ProblemError("record.call_without_leave")
        check_lengths(self.reason, longest=LONGEST_REASON)

    def require_why(self) -> None:
        """Raise ProblemError unless it is said why what stands is put right."""
        require_text("reason", self.why, 200)


def moment_of(on: date, text: str) -> datetime | None:
    """HH:MM of a day; None for an empty text. Raises ProblemError record.bad_clock for anything else."""
    if not text.strip():
        return None
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise ProblemError("record.bad_clock")
    return datetime.combine(on, time(int(found[1]), int(found[2])))


def contact_of(
    state: Absence,
    noticed_at: datetime | None,
    contacted_at: datetime | None,
    now: datetime,
    settings: LadderSettings = SEED_LADDER,
) -> Contact | None:
    """How the contact stands; None for an absence with leave, which asks for none.

    In time: within the minutes of the settings, the last one included (半小时内, R020).
    """
    if state not in UNEXCUSED:
        return None
    if noticed_at is None:
        return Contact.REACHED if contacted_at else Contact.UNTIMED
    late = is_contact_late(noticed_at, contacted_at, now, settings)
    if contacted_at is None:
        return Contact.OVERDUE if late else Contact.WAITING
    return Contact.LATE if late else Contact.IN_TIME


def call_of(state: Absence, at_risk: bool, called_at: datetime | None, on: date, today: date) -> Call | None:
    """How the evening call stands; None where none is owed: the child is not at risk, or away without leave."""
    if state in UNEXCUSED or not at_risk:
        return None
    if called_at:
        return Call.DONE
    return Call.DUE if on >= today else Call.MISSED
