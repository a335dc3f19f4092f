"""The rows of a case: the file, what was recorded day by day, visits, persuasion, notices, follow-up, owners, evidence."""

from collections.abc import Sequence
from datetime import date, timedelta

from data_access.demo_case_life import CaseLife
from data_access.demo_dice import Dice
from data_access.demo_moves import Moves
from data_access.demo_texts import (
    ASSESSMENTS,
    CATCH_UP,
    EVENT_NOTES,
    FAMILY,
    HELP,
    NOTICE_MATTER,
    NOTICE_PASSED,
    NOTICE_REPLY,
    NOTICE_REQUIREMENT,
    PERSUADERS,
    PERSUASION_KINDS,
    PLANS,
    REPORT_NOTE,
    REPORTS,
    RESULTS,
    RETURNED,
    WHEREABOUTS,
)
from data_access.demo_visits import Visits
from data_access.demo_world import World
from data_access.schema import assignment, case_event, case_file, document, follow_up, notice, pairing, paper, persuasion
from domain.case_transitions import EVIDENCE
from domain.cases import Branch, CaseStatus, Outcome
from domain.reasons import DEFAULT_MEASURES
from domain.visits import DutyLine, DutyRole

ASSIGNED = {DutyLine.SCHOOL: 0.8, DutyLine.GOVERNMENT: 0.65}  # the others are found by the chain of duties
REPORTED = 0.5  # of the unreachable: both reports made
HELPED = 0.85
DIMENSIONS = ("study", "life", "mind")
NOTICE_DAYS = 10


class CaseWriter:
    """Turns case lives into rows."""

    def __init__(self, world: World, moves: Moves, visits: Visits) -> None:
        self.world, self.moves, self.visits = world, moves, visits
        self.duties, self.book = visits.duties, world.book
        self.dice = Dice(world.rng("case rows"))
        self.cases: dict[int, CaseLife] = {}

    def record(self, lives: Sequence[CaseLife]) -> None:
        """The cases of one child, oldest first, each linked to the one before."""
        before: int | None = None
        for life in lives:
            life.relapse_of = before
            before = self._record(life)

    def _record(self, life: CaseLife) -> int:
        number = self._file(life)
        self.cases[number] = life
        self._events(number, life)
        for on, rung in life.visits[-self.world.plan.visits_per_case :]:
            self.visits.at_the_door(life.child, number, on, rung)
        if life.first_absent and self.dice.chance(self.world.plan.called):
            self.visits.by_phone(life.child, number, life.opened)
        self._persuasions(number, life)
        self._notices(number, life)
        self._follow_ups(number, life)
        self._owners(number, life)
        self._evidence(number, life)
        return number

    def _file(self, life: CaseLife) -> int:
        school_code, stage = self.moves.place_then(life.child, life.opened)
        lasting = life.first_day(CaseStatus.DROPOUT) is not None
        number = len(self.cases) + 1
        return self.book.add(
            case_file,
            child_id=life.child + 1,
            case_no=f"KC{life.opened:%Y%m}-{number:05d}",
            opened_on=life.opened,
            first_absent_on=life.first_absent,
            school_code=school_code,
            stage=stage,
            reason=life.reason.value if life.reason else None,
            whereabouts=self.dice.pick(WHEREABOUTS) if lasting else None,
            family=self.dice.pick(FAMILY),
            measures=PLANS[DEFAULT_MEASURES[life.reason]] if life.reason else None,
            branch=life.branch.value if life.branch else None,
            missing_paper=life.missing_paper.value if life.missing_paper else None,
            movement_id=life.movement,
            relapse_of=life.relapse_of,
            relapse_count=life.relapse_count,
            closed_on=life.closed,
            outcome=life.outcome.value if life.outcome else None,
        )

    def _events(self, number: int, life: CaseLife) -> None:
        teacher = self._name(DutyRole.CLASS_TEACHER, life) or self._name(DutyRole.TEACHING_OFFICE, life)
        for step in life.steps:
            note = EVENT_NOTES[step.status]
            self.book.add(case_event, case_id=number, on_date=step.on, kind=step.status.value, actor=teacher, note=note)
        if life.branch is Branch.UNREACHABLE and self.dice.chance(REPORTED):
            for kind in REPORTS:
                self.book.add(case_event, case_id=number, on_date=life.opened, kind=kind, actor=teacher, note=REPORT_NOTE)
        if life.closed:
            self._close(number, life, teacher)

    def _close(self, number: int, life: CaseLife, teacher: str | None) -> None:
        """The closing, proposed by the school and confirmed by the bureau; a relapse needs neither."""
        relapsed = life.outcome is Outcome.RELAPSED
        second = None if relapsed else self._name(DutyRole.BUREAU_OFFICIAL, life)
        papers = "、".join(sorted(EVIDENCE[life.outcome])) if life.outcome in EVIDENCE else None
        told = {"kind": CaseStatus.CLOSED.value, "actor": teacher, "confirmed_by": second, "evidence": papers}
        self.book.add(case_event, case_id=number, on_date=life.closed, note=EVENT_NOTES[CaseStatus.CLOSED], **told)

    def _name(self, role: DutyRole, life: CaseLife) -> str | None:
        who = self.visits.person_for(role, life.child, life.opened)
        return self.duties.name_of[who] if who else None

    def _persuasions(self, number: int, life: CaseLife) -> None:
        """From the dropout on: at least two, the next always by more people; the last before a return succeeds."""
        begins = life.first_day(CaseStatus.DROPOUT)
        returned = life.first_day(CaseStatus.RETURNED)
        days = [on for on, _ in life.visits if begins and on >= begins][:4]
        for nth, on in enumerate(days, 1):
            level = list(PERSUADERS)[min(nth - 1, len(PERSUADERS) - 1)]
            came = returned is not None and nth == len(days)
            told = {"kind": PERSUASION_KINDS[min(nth - 1, 3)], "people_role": PERSUADERS[level], "people": PERSUADERS[level]}
            result = RETURNED if came else self.dice.pick(RESULTS)
            content = EVENT_NOTES[CaseStatus.PERSUASION]
            self.book.add(persuasion, case_id=number, nth=nth, on_date=on, content=content, result=result, **told)
        if days:
            self._documents(number, life, days[0])

    def _documents(self, number: int, life: CaseLife, on: date) -> None:
        unit = self.moves.place_then(life.child, life.opened)[0]
        for kind in ("return_notice", "responsibility_letter"):
            told = {"kind": kind, "number": f"{kind[:2].upper()}{on:%Y}-{number:05d}", "unit_code": unit}
            signed = on + timedelta(days=2) if kind == "responsibility_letter" and self.dice.chance(0.7) else None
            self.book.add(
                document, child_id=life.child + 1, case_id=number, issued_on=on, delivered_on=on, signed_on=signed, **told
            )

    def _notices(self, number: int, life: CaseLife) -> None:
        """One supervision notice a month while a child is suspected or a dropout, three at most (一账一单)."""
        begins = life.first_day(CaseStatus.SUSPECTED)
        ends = life.first_day(CaseStatus.RETURNED) or life.closed or self.world.as_of
        if begins is None:
            return
        unit = self.moves.place_then(life.child, life.opened)[0]
        for nth in range(3):
            issued = begins + timedelta(days=1 + 31 * nth)
            if issued < ends:
                self._notice(number, life, unit, issued, is_last=issued + timedelta(days=31) >= ends)

    def _notice(self, number: int, life: CaseLife, unit: str, issued: date, *, is_last: bool) -> None:
        due = issued + timedelta(days=NOTICE_DAYS)
        answered = due - timedelta(days=2) if self.dice.chance(0.8) and due <= self.world.as_of else None
        closed = life.closed if answered and is_last else None
        self.book.add(
            notice,
            case_id=number,
            kind="supervision",
            number=f"督〔{issued.year}〕{number}-{issued.month}号",
            month=f"{issued:%Y-%m}",
            issued_on=issued,
            delivered_on=issued,
            issuer=self._name(DutyRole.BUREAU_OFFICIAL, life),
            unit_code=unit,
            owner=self._name(DutyRole.PRINCIPAL, life),
            matter=NOTICE_MATTER,
            requirement=NOTICE_REQUIREMENT,
            due_on=due,
            reply=NOTICE_REPLY if answered else None,
            replied_on=answered,
            checked=NOTICE_PASSED if closed else None,
            closed_on=closed,
        )

    def _follow_ups(self, number: int, life: CaseLife) -> None:
        """Three dimensions each time, and a teacher at the child's side; some returned children have none."""
        returned = life.first_day(CaseStatus.RETURNED)
        if returned is None:
            return
        helper = self.visits.person_for(DutyRole.CLASS_TEACHER, life.child, returned)
        if helper and self.dice.chance(HELPED):
            told = {"person_id": helper, "kind": "helper_after_return", "content": HELP[number % len(HELP)]}
            ends = {"valid_to": life.closed} if life.closed else {}
            self.book.add(pairing, child_id=life.child + 1, valid_from=returned, **told, **ends)
        name = self.duties.name_of[helper] if helper else None
        for on in life.follow_ups:
            for dimension in DIMENSIONS:
                grade = self.dice.weigh(ASSESSMENTS)
                told = {"dimension": dimension, "helper": name, "assessment": grade, "next_due_on": on + timedelta(days=30)}
                plan = CATCH_UP[number % len(CATCH_UP)] if dimension == "study" and on == life.follow_ups[0] else None
                self.book.add(follow_up, case_id=number, on_date=on, plan=plan, **told)

    def _owners(self, number: int, life: CaseLife) -> None:
        """Owners by name on both lines for most cases; the chain of duties names the others."""
        rung = max((rung.number for _, rung in life.visits if rung), default=1)
        roles = {
            DutyLine.SCHOOL: DutyRole.PRINCIPAL if rung >= 3 else DutyRole.CLASS_TEACHER,
            DutyLine.GOVERNMENT: DutyRole.TOWNSHIP_OFFICIAL if rung >= 5 else DutyRole.VILLAGE_COMMITTEE,
        }
        for line, role in roles.items():
            who = self.visits.person_for(role, life.child, life.opened) if self.dice.chance(ASSIGNED[line]) else None
            if who:
                ends = {"valid_to": max(life.closed, life.opened + timedelta(days=1))} if life.closed else {}
                told = {"line": line.value, "person_id": who, "role": role.value, "assigned_by": "bureau"}
                self.book.add(assignment, case_id=number, valid_from=life.opened, **told, **ends)

    def _evidence(self, number: int, life: CaseLife) -> None:
        for kind in sorted(EVIDENCE.get(life.outcome, ())) if life.outcome else ():
            dated = {"dated_on": life.closed, "holder": "学校教导处"}
            self.book.add(paper, child_id=life.child + 1, case_id=number, kind=kind.value, **dated)
