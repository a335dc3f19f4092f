"""Home visits: who stood at which door, and the telephone calls that are no visits."""

from collections.abc import Sequence
from datetime import date

from data_access.demo_classes import ClassKey, class_then
from data_access.demo_dice import Dice
from data_access.demo_duties import Duties
from data_access.demo_people import Children
from data_access.demo_schools import DemoSchool
from data_access.demo_texts import CONTENT, MET, NEXT_STEP, PURPOSE, RESULTS
from data_access.demo_world import World
from data_access.schema import home_visit, visit_person
from domain.school_year import school_year_of
from domain.visits import DutyLine, DutyRole, Rung, VisitMode

WARNING_ROLES = (DutyRole.CLASS_TEACHER,)
TERM_MODES = ((VisitMode.DOORSTEP, 0.72), (VisitMode.PHONE, 0.2), (VisitMode.ONLINE, 0.05), (VisitMode.AT_SCHOOL, 0.03))


class Visits:
    """Writes visits with the people who made them."""

    def __init__(
        self, world: World, children: Children, schools: list[DemoSchool], classes: dict[ClassKey, int], duties: Duties
    ) -> None:
        self.world, self.children, self.schools, self.classes, self.duties = world, children, schools, classes, duties
        self.dice = Dice(world.rng("visits"))
        self.count = 0

    def person_for(self, role: DutyRole, at: int, on: date) -> int | None:
        """Who holds a role for a child: in its class or school of that day, or for its village, town or county."""
        if role.line is DutyLine.GOVERNMENT:
            village = self.world.villages[int(self.children.village[at])]
            return self.duties.find(role, village.code, village.parent_code, village.code[:6])
        key = class_then(self.children, at, self.world.school_year, school_year_of(on))
        if role is DutyRole.CLASS_TEACHER:
            return self.duties.find(role, self.classes.get(key))
        role = DutyRole.CONTROL_GROUP_MEMBER if role is DutyRole.COMPANION else role
        return self.duties.find(role, self.schools[key[0]].code)

    def at_the_door(self, at: int, case_id: int, on: date, rung: Rung | None) -> int:
        """A visit that answers a rung of a case; everyone who must come is there, as far as the duty has a holder."""
        roles = rung.must_visit if rung else WARNING_ROLES
        told = {
            "rung": rung.number if rung else None,
            "purpose": self.dice.pick(PURPOSE[:3]),
            "content": CONTENT["ladder" if rung else "warning"],
            "result": self.dice.pick(RESULTS),
            "next_step": self.dice.pick(NEXT_STEP),
            "signed": self.dice.chance(0.75),
        }
        return self._record(at, on, VisitMode.DOORSTEP, roles, {**told, "case_id": case_id})

    def by_phone(self, at: int, case_id: int, on: date) -> int:
        """A call on the day the absence was noticed: a contact, not a visit."""
        told = {"case_id": case_id, "content": CONTENT["phone"], "result": RESULTS[0], "purpose": PURPOSE[0]}
        return self._record(at, on, VisitMode.PHONE, WARNING_ROLES, told)

    def of_term(self, at: int, on: date, mode: VisitMode) -> int:
        """The visit every pupil should have once a term (R134)."""
        told = {"content": CONTENT["term"], "purpose": PURPOSE[3], "signed": mode is VisitMode.DOORSTEP}
        return self._record(at, on, mode, WARNING_ROLES, told)

    def _record(self, at: int, on: date, mode: VisitMode, roles: Sequence[DutyRole], told: dict[str, object]) -> int:
        people = {role: self.person_for(role, at, on) for role in roles}
        there = {who: role for role, who in people.items() if who is not None}
        names = "、".join(self.duties.name_of[who] for who in there) or "学校教师"
        time, met = f"{self.dice.between(17, 21)}:{self.dice.between(0, 6)}0", self.dice.pick(MET)
        number = self.world.book.add(
            home_visit, child_id=at + 1, visited_on=on, visited_at=time, mode=mode.value, visitors=names, met=met, **told
        )
        for who, role in there.items():
            self.world.book.add(visit_person, visit_id=number, person_id=who, role=role.value)
        self.count += 1
        return number


def record_term_visits(visits: Visits) -> None:
    """Visits to pupils without a case, this term and the one before, up to the plan's number in all."""
    world, plan = visits.world, visits.world.plan
    rng = world.rng("term visits")
    pupils = rng.permutation(visits.children.pupils).tolist()
    this, before = _term_days(world)
    wanted = [(at, this) for at in pupils[: int(len(pupils) * plan.visited[0])]]
    wanted += [(at, before) for at in pupils[: int(len(pupils) * plan.visited[1])] if visits.children.grade[at] > 1]
    modes = rng.choice(len(TERM_MODES), len(wanted), p=[share for _, share in TERM_MODES])
    for (at, days), mode in zip(wanted[: max(0, plan.visits - visits.count)], modes.tolist(), strict=False):
        visits.of_term(at, visits.dice.pick(days), TERM_MODES[mode][0])


def _term_days(world: World) -> tuple[list[date], list[date]]:
    """The school days of the present term so far, and of the one before."""
    terms = {world.calendar.term_of(day): day for day in world.school_days}
    last_two = list(terms)[-2:]
    found = [[day for day in world.school_days if term is not None and term.contains(day)] for term in reversed(last_two)]
    return found[0], found[-1]
