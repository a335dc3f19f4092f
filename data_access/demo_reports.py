"""What the schools report: who was away on the last school days, and the returns made of it, zero reports among them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from data_access.demo_case_life import CaseLife
from data_access.demo_dice import Dice
from data_access.demo_people import NONE, Children, Standing
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import absence_day, unit_report
from domain.cases import CaseStatus

SICK, ON_LEAVE = 0.006, 0.004  # of the pupils, on an ordinary day
VERIFIED = 0.9
MISSING = 0.03  # daily reports that never came
LATE_MONTHLY, MISSING_TERM = 0.1, 0.08
DAILY, TERM, MONTHLY, WRITTEN = "daily_report", "term_report", "monthly_ledger", "written_report"
OFFICE = "教导处"  # who fills a return in
REASONS = {"sick": "病假", "leave": "事假"}
CALL_MINUTES = 75  # the longest that a class took to reach a family; half an hour is allowed (R020)


@dataclass
class Absences:
    """Who was away on which day and why, by place; one state a child and day."""

    by_day: dict[date, dict[int, str]]


def draw_absences(world: World, children: Children, cases: dict[int, CaseLife]) -> Absences:
    """The days with reports: children of cases without leave, others sick or on leave."""
    rng = world.rng("absences")
    here, since = (children.standing == Standing.PUPIL) & ~children.outside, children.since()
    by_day: dict[date, dict[int, str]] = {}
    for day in world.reported_days:
        at_school = np.flatnonzero(here & (since <= day.toordinal()))
        dice = rng.random(len(at_school))
        away = dict.fromkeys(at_school[dice < SICK].tolist(), "sick")
        away |= dict.fromkeys(at_school[(dice >= SICK) & (dice < SICK + ON_LEAVE)].tolist(), "leave")
        away |= {life.child: "unknown" if life.branch else "truant" for life in cases.values() if _is_away(life, day)}
        by_day[day] = away
    return Absences(by_day)


def _is_away(life: CaseLife, day: date) -> bool:
    ends = life.first_day(CaseStatus.RETURNED) or life.closed or date.max
    return life.first_absent is not None and life.first_absent <= day < ends


def record_absences(world: World, absences: Absences) -> None:
    """Rows of absence_day; nine in ten with a verified reason, most families reached within half an hour."""
    rng = world.rng("absence rows")
    for day, away in absences.by_day.items():
        minutes = rng.integers(3, CALL_MINUTES, len(away)).tolist()
        verified = (rng.random(len(away)) < VERIFIED).tolist()
        noticed = datetime.combine(day, time(8, 10))
        for (at, state), wait, known in zip(sorted(away.items()), minutes, verified, strict=True):
            reached = state != "unknown"
            world.book.add(
                absence_day,
                child_id=at + 1,
                on_date=day,
                state=state,
                noticed_at=noticed,
                contacted_at=noticed + timedelta(minutes=wait) if reached else None,
                verified_reason=REASONS.get(state, "未请假") if known and reached else None,
                verified_on=day if known and reached else None,
                reported_by="parent" if wait % 9 == 0 else "class_teacher",
            )


class Reports:
    """The returns of the schools and towns. The first school after the special ones hands in none at all."""

    def __init__(self, world: World, children: Children, schools: list[DemoSchool], cases: dict[int, CaseLife]) -> None:
        self.world, self.children, self.schools = world, children, schools
        self.dice = Dice(world.rng("reports"))
        self.school_of = children.schools()
        self.cases = [life for life in cases.values() if life.closed is None]
        self.silent = {next(at for at, one in enumerate(schools) if one.kind == "primary")}

    def record(self, absences: Absences) -> None:
        """Daily, monthly and term reports of the schools, written reports of the towns."""
        here = (self.children.standing == Standing.PUPIL) & ~self.children.outside & (self.school_of != NONE)
        roll = Counter(self.school_of[here].tolist())
        for day, away in absences.by_day.items():
            states: defaultdict[int, Counter[str]] = defaultdict(Counter)
            for at, state in away.items():
                states[int(self.school_of[at])][state] += int(here[at])
            losses = self._losses(day)
            for school, expected in sorted(roll.items()):
                if school not in self.silent and not self.dice.chance(MISSING):
                    self._daily(school, day, expected, states[school], losses[school])
        last_month = self.world.as_of.replace(day=1) - timedelta(days=1)
        losses = self._losses(last_month)
        for school in sorted(set(roll) - self.silent):
            self._monthly(school, last_month, roll[school], losses[school])
            self._of_term(school, roll[school])
        for town in self.world.towns:
            self._written(town.code)

    def _losses(self, day: date) -> defaultdict[int, Counter[str]]:
        """Suspected and dropped out on a day, by school."""
        found: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for life in self.cases:
            known = [step.status for step in life.steps if step.on <= day]
            if known and known[-1] is CaseStatus.SUSPECTED:
                found[int(self.school_of[life.child])]["suspected"] += 1
            if known and known[-1] in (CaseStatus.DROPOUT, CaseStatus.PERSUASION):
                found[int(self.school_of[life.child])]["dropped"] += 1
        return found

    def _daily(self, school: int, day: date, expected: int, away: Counter[str], lost: Counter[str]) -> None:
        signed = datetime.combine(day, time(9, 0)) + timedelta(minutes=self.dice.between(0, 150))
        counts = {"sick": away["sick"], "on_leave": away["leave"], "truant": away["truant"] + away["unknown"]}
        moves = dict.fromkeys(("moved_in", "moved_out", "suspended", "resumed", "returned"), 0)
        self._add(
            self.schools[school].code, DAILY, (day, day), signed, expected=expected, present=expected - sum(counts.values()),
            suspected=lost["suspected"], dropped=lost["dropped"], **counts, **moves,
        )  # fmt: skip

    def _monthly(self, school: int, last: date, expected: int, lost: Counter[str]) -> None:
        """The return of last month, some of them late."""
        late = 6 if self.dice.chance(LATE_MONTHLY) else 0
        signed = datetime.combine(last.replace(day=26), time(16, 0)) + timedelta(days=late)
        away = lost["suspected"] + lost["dropped"]
        counts = {"expected": expected, "present": expected - away, "truant": away, "returned": 0}
        counts |= {"suspected": lost["suspected"], "dropped": lost["dropped"]}
        self._add(self.schools[school].code, MONTHLY, (last.replace(day=1), last), signed, **counts)

    def _of_term(self, school: int, expected: int) -> None:
        """The report of early September or March, some missing."""
        if not self.dice.chance(MISSING_TERM):
            month = 9 if self.world.as_of.month >= 9 or self.world.as_of.month < 3 else 3
            begins = date(self.world.school_year + (month == 3), month, 1)
            signed = datetime.combine(begins + timedelta(days=6), time(10, 0))
            self._add(self.schools[school].code, TERM, (begins, begins), signed, expected=expected)

    def _written(self, town: str) -> None:
        """The towns' report of October, one town short."""
        month = date(self.world.school_year, 10, 1)
        if month < self.world.as_of and town != self.world.towns[-1].code:
            end = month.replace(day=31)
            self._add(town, WRITTEN, (month, end), datetime.combine(end, time(15, 0)))

    def _add(self, unit: str, duty: str, period: tuple[date, date], signed: datetime, **counts: int) -> int:
        begins, ends = period
        return self.world.book.add(
            unit_report,
            unit_code=unit,
            duty=duty,
            period_from=begins,
            period_to=ends,
            submitted_at=signed,
            submitted_by=OFFICE,
            **counts,
        )
