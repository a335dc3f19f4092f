"""The ladder: who must visit an absent child on which day, by when, and which of it did not happen.

Days are school days of absence (`SchoolCalendar.absence_days`). Rungs 1-4 and their visitors are the seeds' own
(R022-R025); for the order after them the seeds give no days (R222, R226-R230), so those days are composed defaults, and all
of them are settings.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from domain.calendar import SchoolCalendar
from domain.errors import ProblemError


class VisitMode(StrEnum):
    """How a family was reached; only a visit at the door satisfies a rung, everything else is a contact."""

    DOORSTEP = "doorstep"
    PHONE = "phone"
    ONLINE = "online"
    AT_SCHOOL = "at_school"


class DutyLine(StrEnum):
    """The two lines of responsibility (R210): every case has an owner on both."""

    SCHOOL = "school"
    GOVERNMENT = "government"


class DutyRole(StrEnum):
    """Who has a duty towards a case (R202-R203, R208-R212, R214, R219, R232). `companion`: any second person, the
    seeds leave open who (R023). `data_officer` and `monitoring_leader` answer for returns and monitoring points, not for cases.
    """

    CLASS_TEACHER = "class_teacher"
    SUBJECT_TEACHER = "subject_teacher"
    GRADE_HEAD = "grade_head"
    CONTROL_GROUP_MEMBER = "control_group_member"
    COMPANION = "companion"
    TEACHING_OFFICE = "teaching_office"
    DEPUTY_PRINCIPAL = "deputy_principal"
    PRINCIPAL = "principal"
    DATA_OFFICER = "data_officer"
    VILLAGE_COMMITTEE = "village_committee"
    VILLAGE_LIAISON = "village_liaison"
    HELPER_CADRE = "helper_cadre"
    TOWNSHIP_OFFICIAL = "township_official"
    BUREAU_OFFICIAL = "bureau_official"
    JUSTICE_OFFICIAL = "justice_official"
    MONITORING_LEADER = "monitoring_leader"

    @property
    def line(self) -> DutyLine:
        """The line this role stands on."""
        return DutyLine.GOVERNMENT if self in GOVERNMENT_ROLES else DutyLine.SCHOOL


GOVERNMENT_ROLES = frozenset(
    {
        DutyRole.VILLAGE_COMMITTEE,
        DutyRole.VILLAGE_LIAISON,
        DutyRole.HELPER_CADRE,
        DutyRole.TOWNSHIP_OFFICIAL,
        DutyRole.BUREAU_OFFICIAL,
        DutyRole.JUSTICE_OFFICIAL,
        DutyRole.MONITORING_LEADER,
    }
)


class NextStep(StrEnum):
    """What is owed next on an open case; there is always exactly one."""

    WARNING_VISIT = "warning_visit"
    FIRST_VISIT = "first_visit"
    JOINT_VISIT = "joint_visit"
    PRINCIPAL_VISIT = "principal_visit"
    VILLAGE_VISIT = "village_visit"
    TOWNSHIP_VISIT = "township_visit"
    JOINT_PERSUASION = "joint_persuasion"
    LEGAL_ACTION = "legal_action"
    REPORT_UNREACHABLE = "report_unreachable"
    URGE_TRANSFER = "urge_transfer"
    HAND_IN_PAPERS = "hand_in_papers"
    FOLLOW_UP = "follow_up"
    CLOSE_CASE = "close_case"


@dataclass(frozen=True)
class Rung:
    """One rung: it is entered on the school day of absence `starts_on_absent_day` (1 = the first day missed).

    `due_school_days`: the visit is due that many school days after the rung is entered; 0 is the same day. `school_line`
    and `government_line` name who must stand at the door together; `filed_with` who must be told in writing.
    """

    number: int
    starts_on_absent_day: int
    due_school_days: int
    step: NextStep
    school_line: tuple[DutyRole, ...] = ()
    government_line: tuple[DutyRole, ...] = ()
    filed_with: DutyRole | None = None

    @property
    def must_visit(self) -> tuple[DutyRole, ...]:
        """Everyone who must come, the school's people first."""
        return (*self.school_line, *self.government_line)

    def satisfied_by(self, mode: VisitMode, visitors: Collection[DutyRole]) -> bool:
        """Whether a visit fulfils this rung: at the door, with everyone who must come; others may come too.

        A companion is anybody beyond the roles that are named.
        """
        named = set(self.must_visit) - {DutyRole.COMPANION}
        extra = set(visitors) - named
        return (
            mode is VisitMode.DOORSTEP and named <= set(visitors) and (DutyRole.COMPANION not in self.must_visit or bool(extra))
        )


SEED_RUNGS = (
    Rung(1, 1, 0, NextStep.FIRST_VISIT, (DutyRole.CLASS_TEACHER, DutyRole.CONTROL_GROUP_MEMBER)),
    Rung(2, 2, 0, NextStep.JOINT_VISIT, (DutyRole.CLASS_TEACHER, DutyRole.COMPANION)),
    Rung(3, 3, 0, NextStep.PRINCIPAL_VISIT, (DutyRole.PRINCIPAL, DutyRole.CLASS_TEACHER), (), DutyRole.TEACHING_OFFICE),
    Rung(4, 4, 1, NextStep.VILLAGE_VISIT, (DutyRole.CLASS_TEACHER,), (DutyRole.VILLAGE_COMMITTEE,)),
    Rung(5, 6, 3, NextStep.TOWNSHIP_VISIT, (DutyRole.CLASS_TEACHER,), (DutyRole.TOWNSHIP_OFFICIAL,)),
    Rung(6, 21, 5, NextStep.JOINT_PERSUASION, (DutyRole.PRINCIPAL,), (DutyRole.TOWNSHIP_OFFICIAL, DutyRole.BUREAU_OFFICIAL)),
    Rung(7, 41, 10, NextStep.LEGAL_ACTION, (), (DutyRole.TOWNSHIP_OFFICIAL, DutyRole.JUSTICE_OFFICIAL)),
)
JOINT_RUNG = 6  # where "many times" leads (R044, R222)


@dataclass(frozen=True)
class LadderSettings:
    """Every number of the ladder and of a case's life, editable by the bureau; the defaults are the seeds' where they give one.

    `relapse_starts_at_rung`: after a relapse the first day absent is this rung, and the later ones come as much sooner.
    `repeat_every_school_days`: a visit without return is repeated after that many school days, unless a rung comes first.
    `many_times`: after that many doorstep visits the joint persuasion of rung 6 begins on the next school day; None: not
    set, as in the seeds (R044). `suspected_after_school_days`, `dropout_after_school_days`: strictly more absence than one
    school week, and than four. `auto_dropout`: whether length alone makes a dropout; True, so that a rate cannot be kept
    down by not writing it down. `follow_up_every_days`, `follow_up_ends_after`: calendar days after the return (R061).
    `contact_minutes`: from an absence noticed to the family reached (R020). `severe_...`: at or over which a case is severe
    (R121): school days absent (no policy gives a number: not set), the rung after the bureau's, the second relapse.
    Raises ProblemError unless the rungs are numbered 1, 2, ... and begin on later and later days.
    """

    rungs: tuple[Rung, ...] = SEED_RUNGS
    relapse_starts_at_rung: int = 3
    repeat_every_school_days: int = 5
    many_times: int | None = None
    suspected_after_school_days: int = 5
    dropout_after_school_days: int = 20
    auto_dropout: bool = True
    follow_up_every_days: int = 30
    follow_up_ends_after: int = 180
    warning_visit_school_days: int = 5
    unreachable_report_school_days: int = 0
    transfer_school_days: int = 10
    papers_school_days: int = 10
    close_working_days: int = 5
    contact_minutes: int = 30
    severe_school_days: int | None = None
    severe_from_rung: int | None = 7
    severe_relapses: int | None = 2

    def __post_init__(self) -> None:
        days = [rung.starts_on_absent_day for rung in self.rungs]
        numbered = [rung.number for rung in self.rungs] == list(range(1, len(self.rungs) + 1))
        if not numbered or not days or days[0] < 1 or any(later <= sooner for sooner, later in pairwise(days)):
            raise ProblemError("ladder.rungs_out_of_order")
        if not 1 <= self.relapse_starts_at_rung <= len(self.rungs):
            raise ProblemError("ladder.no_such_rung", rung=self.relapse_starts_at_rung)

    def absent_days_of(self, relapse: bool) -> tuple[tuple[int, Rung], ...]:
        """Each rung in use with the day of absence on which it begins; a relapse skips the lower ones and moves up the rest."""
        first = self.rungs[self.relapse_starts_at_rung - 1] if relapse else self.rungs[0]
        shift = first.starts_on_absent_day - 1 if relapse else 0
        return tuple((rung.starts_on_absent_day - shift, rung) for rung in self.rungs[first.number - 1 :])


SEED_LADDER = LadderSettings()


def rung_on(absent_days: int, settings: LadderSettings = SEED_LADDER, relapse: bool = False) -> Rung | None:
    """The rung in force after `absent_days` school days of absence; None before the first begins. It never falls as days rise."""
    return next((rung for day, rung in reversed(settings.absent_days_of(relapse)) if day <= absent_days), None)


Ladder = list[tuple[date, Rung]]  # each rung that comes, with the day it begins, in order


def ladder_dates(
    first_absent: date, doorstep_visits: Sequence[date], calendar: SchoolCalendar, settings: LadderSettings, relapse: bool
) -> Ladder:
    """The days on which the rungs begin for an absence that lasts, after a relapse and after many visits in vain.

    `doorstep_visits` in order of time.
    """
    plain = [(calendar.nth_absent_day(first_absent, day), rung) for day, rung in settings.absent_days_of(relapse)]
    in_vain = [day for day in doorstep_visits if day >= first_absent]
    has_joint = any(rung.number == JOINT_RUNG for _, rung in plain)
    if settings.many_times is None or len(in_vain) < settings.many_times or not has_joint:
        return plain
    joint = calendar.add_school_days(in_vain[settings.many_times - 1], 1)
    below = [(begins, rung) for begins, rung in plain if rung.number < JOINT_RUNG and begins < joint]
    above = [(begins, rung) for begins, rung in plain if rung.number >= JOINT_RUNG]
    return below + [(min(begins, joint) if rung.number == JOINT_RUNG else begins, rung) for begins, rung in above]


def rung_in_force(ladder: Ladder, on: date) -> tuple[date, Rung] | None:
    """The rung of a dated ladder on a day, with the day it began; None before the first."""
    return next((entry for entry in reversed(ladder) if entry[0] <= on), None)


def missed_rungs(ladder: Ladder, doorstep_visits: Collection[date], calendar: SchoolCalendar, as_of: date) -> tuple[int, ...]:
    """The rungs whose time is over without a visit at the door.

    A rung's time lasts from the day it begins to its due date, or to the eve of the next rung when that is later. Give the
    day of return or closing as `as_of` when the absence is over.
    """
    return tuple(rung for rung, known_on in misses(ladder, doorstep_visits, calendar) if known_on <= as_of)


def misses(ladder: Ladder, doorstep_visits: Collection[date], calendar: SchoolCalendar) -> Iterator[tuple[int, date]]:
    """The rungs without a visit at the door in their time, each with the first day on which that is certain."""
    eves = [*(begins - timedelta(days=1) for begins, _ in ladder[1:]), date.min]
    for (begins, rung), eve in zip(ladder, eves, strict=False):
        last_chance = max(calendar.add_school_days(begins, rung.due_school_days), eve)
        if not any(begins <= visit <= last_chance for visit in doorstep_visits):
            yield rung.number, last_chance + timedelta(days=1)


def contact_due(noticed_at: datetime, settings: LadderSettings = SEED_LADDER) -> datetime:
    """Until when the family must have been reached, this minute included (R020: 半小时内)."""
    return noticed_at + timedelta(minutes=settings.contact_minutes)


def is_contact_late(
    noticed_at: datetime, contacted_at: datetime | None, now: datetime, settings: LadderSettings = SEED_LADDER
) -> bool:
    """Whether the first contact came, or still has not come, after its time."""
    return (contacted_at or now) > contact_due(noticed_at, settings)
