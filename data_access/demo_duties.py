"""Who answers for what: teachers, principals, village, town and county people on both lines (双线四包)."""

from collections import defaultdict
from datetime import date, timedelta

from data_access.demo_classes import ClassKey, class_span
from data_access.demo_dice import Dice
from data_access.demo_names import draw_names
from data_access.demo_numbers import phone_number
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import person, responsibility
from domain.visits import DutyRole

PHONES_FROM = 5_000_000  # telephone serials behind those of the families
UNHELD = {"class": 0.03, "village": 0.05}  # classes and villages for which nobody answers: the red list
LEFT = 0.03  # of the present class teachers: gone in the last weeks, and nobody named in their place yet
SIGNED = 0.93
AT_SCHOOL = (
    DutyRole.PRINCIPAL, DutyRole.DEPUTY_PRINCIPAL, DutyRole.TEACHING_OFFICE, DutyRole.CONTROL_GROUP_MEMBER,
    DutyRole.CONTROL_GROUP_MEMBER,
)  # fmt: skip
IN_VILLAGE = (DutyRole.VILLAGE_COMMITTEE, DutyRole.VILLAGE_LIAISON)
IN_TOWN = (DutyRole.TOWNSHIP_OFFICIAL, DutyRole.TOWNSHIP_OFFICIAL, DutyRole.JUSTICE_OFFICIAL, DutyRole.HELPER_CADRE)
IN_COUNTY = (DutyRole.BUREAU_OFFICIAL,) * 4


class Duties:
    """The people on duty, found by role and unit: a class number, a school code or an area code."""

    def __init__(self, world: World, schools: list[DemoSchool], classes: dict[ClassKey, int]) -> None:
        self.world = world
        self.dice = Dice(world.rng("duties"))
        self.names = iter(draw_names(world.rng("duty names"), _head_count(world, schools, classes)))
        self.held: defaultdict[tuple[DutyRole, int | str], list[int]] = defaultdict(list)
        self.name_of: dict[int, str] = {}
        for key, number in classes.items():
            self._hold_class(key, number, schools[key[0]])
        for one in schools:
            for role in AT_SCHOOL:
                self._answer_for(role, one.county, school_code=one.code)
        for village in world.villages:
            for role in IN_VILLAGE:
                if not self.dice.chance(UNHELD["village"]):
                    self._answer_for(role, village.code[:6], area_code=village.code)
        for town in world.towns:
            for role in IN_TOWN:
                self._answer_for(role, town.code[:6], area_code=town.code)
        for county in world.counties:
            for role in IN_COUNTY:
                self._answer_for(role, county, area_code=county)

    def _hold_class(self, key: ClassKey, number: int, school: DemoSchool) -> None:
        """The class teacher from the first to the last year; one in twelve of the present ones took over this year."""
        if self.dice.chance(UNHELD["class"]):
            return
        begins, ends = class_span(key, school)
        took_over = date(self.world.school_year, 9, 1)
        if begins < took_over < ends and self.dice.chance(1 / 12):
            self._answer_for(DutyRole.CLASS_TEACHER, school.county, begins, took_over, class_id=number, at=school.code)
            begins = took_over
        gone = self.world.as_of - timedelta(days=self.dice.between(3, 40)) if self.dice.chance(LEFT) else None
        left = gone if gone and begins < gone < ends else None
        self._answer_for(DutyRole.CLASS_TEACHER, school.county, begins, left or ends, class_id=number, at=school.code, left=left)

    def _answer_for(
        self,
        role: DutyRole,
        county: str,
        begins: date | None = None,
        ends: date | None = None,
        *,
        class_id: int | None = None,
        school_code: str | None = None,
        area_code: str | None = None,
        at: str | None = None,
        left: date | None = None,
    ) -> None:
        since = begins or date(self.world.years[0] - 1, 9, 1)
        who = self.add_person(role, county, since, school_code=at or school_code, area_code=area_code, left=left)
        signed = self.world.as_of - timedelta(days=60) if self.dice.chance(SIGNED) else None
        unit = class_id or school_code or area_code or ""
        spell = {"valid_from": since} | ({"valid_to": ends} if ends else {})
        self.world.book.add(
            responsibility,
            person_id=who,
            line=role.line.value,
            role=role.value,
            class_id=class_id,
            school_code=school_code,
            area_code=area_code,
            letter_signed_on=min(max(since, signed), ends or signed) if signed else None,
            **spell,
        )
        self.held[role, unit] = [who] if class_id else [*self.held[role, unit], who]

    def add_person(
        self,
        role: DutyRole,
        county: str,
        since: date,
        *,
        school_code: str | None = None,
        area_code: str | None = None,
        left: date | None = None,
    ) -> int:
        """One adult on duty, with a telephone number; `left`: the first day he or she is no longer there."""
        name = next(self.names)
        spell = {"valid_from": since} | ({"valid_to": left} if left else {})
        phone = self.world.cipher.seal(phone_number(PHONES_FROM + len(self.name_of)))
        unit = {"school_code": school_code, "area_code": area_code}
        who = self.world.book.add(person, county_code=county, name=name, role=role.value, phone=phone, **unit, **spell)
        self.name_of[who] = name
        return who

    def find(self, role: DutyRole, *units: int | str | None) -> int | None:
        """Who holds a role for the first of these units that has somebody; several share it in turn."""
        for unit in units:
            held = self.held.get((role, unit)) if unit is not None else None
            if held:
                return self.dice.pick(held)
        return None


def _head_count(world: World, schools: list[DemoSchool], classes: dict[ClassKey, int]) -> int:
    """More names than people are needed: pairing takes the rest."""
    units = 2 * len(classes) + len(schools) * len(AT_SCHOOL) + len(world.villages) * len(IN_VILLAGE)
    return units + len(world.towns) * len(IN_TOWN) + len(world.counties) * len(IN_COUNTY) + world.plan.left_behind
