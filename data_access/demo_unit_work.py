"""What the demo's bureau and townships did about units, who keeps schools' data, heads grades, leads monitoring points, and
who employs the children gone to work."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from data_access.demo_case_life import CaseLife
from data_access.demo_dice import Dice
from data_access.demo_names import draw_names
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import employment, person, responsibility, unit_record
from domain.grades import Stage, entry_year_of
from domain.reasons import Reason
from domain.unit_records import UnitRecordKind
from domain.visits import DutyRole

NAMED = 0.9  # of the schools: somebody keeps its data
HEADED = 0.8  # of the grades of junior schools
POINTS = 3  # monitoring points a county
FOUND, REFERRED = 0.6, 0.5  # of the children at work: the employer known; of these referred
EMPLOYERS = ("某某制衣厂", "某某餐饮店", "某某电子加工厂")
ACTS: tuple[tuple[UnitRecordKind, int, str, str], ...] = (  # kind, days before the as-of day, result, note
    (UnitRecordKind.MEETING, 62, "", "重点管理镇、校督办会"),
    (UnitRecordKind.REPORT, 50, "", "秋季专项督查情况报告"),
    (UnitRecordKind.CIRCULAR, 48, "", "专项督查情况通报"),
)
OF_SCHOOLS: tuple[tuple[UnitRecordKind, int, str], ...] = (
    (UnitRecordKind.TALK, 40, "两周内完成整改"),
    (UnitRecordKind.ACCEPTANCE, 30, "通过"),
    (UnitRecordKind.CRITICISM, 20, "限期整改"),
)
JUNIOR_GRADES = (7, 8, 9)


class UnitWork:
    """Adds the rows behind everybody else's, so that nobody's number moves."""

    def __init__(self, world: World, schools: Sequence[DemoSchool]) -> None:
        self.world, self.book = world, world.book
        self.dice = Dice(world.rng("unit work"))
        self.names = iter(draw_names(world.rng("unit work names"), len(schools) * (1 + len(JUNIOR_GRADES)) + 100 * POINTS))
        self.since = date(world.school_year, 9, 1)

    def record(self, schools: Sequence[DemoSchool], cases: Mapping[int, CaseLife]) -> None:
        """Everything, school by school, county by county, case by case."""
        for one in schools:
            if self.dice.chance(NAMED):
                self._answer(DutyRole.DATA_OFFICER, one.county, school_code=one.code)
            if "junior" in one.kind or one.kind == "nine_year":
                self._head_grades(one)
        for county in self.world.counties:
            mine = [one for one in schools if one.county == county]
            for village in [one for one in self.world.villages if one.code.startswith(county)][:POINTS]:
                self._answer(DutyRole.MONITORING_LEADER, county, area_code=village.code)
            self._acts(county, mine)
        self._employers(cases.items())

    def _head_grades(self, school: DemoSchool) -> None:
        for grade in JUNIOR_GRADES:
            if self.dice.chance(HEADED):
                entered = entry_year_of(grade, Stage.JUNIOR, self.world.school_year)
                told = {"stage": Stage.JUNIOR.value, "entry_year": entered}
                self._answer(DutyRole.GRADE_HEAD, school.county, school_code=school.code, **told)

    def _answer(self, role: DutyRole, county: str, **unit: object) -> None:
        at = {name: unit[name] for name in ("school_code", "area_code") if name in unit}
        told = {"role": role.value, "valid_from": self.since}
        who = self.book.add(person, county_code=county, name=next(self.names), **at, **told)
        signed = self.since + timedelta(days=self.dice.between(1, 30))
        self.book.add(responsibility, person_id=who, line=role.line.value, letter_signed_on=signed, **unit, **told)

    def _acts(self, county: str, schools: Sequence[DemoSchool]) -> None:
        number = 0
        for kind, ago, result, note in ACTS:
            number += 1
            self._act(county, county, kind, ago, f"教督〔{self.world.as_of.year}〕{number}号", result, note)
        for kind, ago, result in OF_SCHOOLS:
            number += 1
            told = f"教督〔{self.world.as_of.year}〕{number}号"
            self._act(county, self.dice.pick(schools).code, kind, ago, told, result, "")

    def _act(self, county: str, unit: str, kind: UnitRecordKind, ago: int, number: str, result: str, note: str) -> None:
        told: dict[str, object] = {"kind": kind.value, "on_date": self.world.as_of - timedelta(days=ago), "number": number}
        told |= {"result": result or None, "note": note or None, "recorded_by": "demo:county"}
        self.book.add(unit_record, county_code=county, unit_code=unit, **told)

    def _employers(self, cases: Iterable[tuple[int, CaseLife]]) -> None:
        for number, life in cases:
            at_work = life.reason is Reason.GONE_TO_WORK and life.closed is None
            opened = life.steps[0].on if life.steps else None
            if not at_work or opened is None or not self.dice.chance(FOUND):
                continue
            found = min(opened + timedelta(days=3), self.world.as_of)
            told = {"found_on": found, "name": self.dice.pick(EMPLOYERS), "place": "外县", "recorded_by": "demo:county"}
            if self.dice.chance(REFERRED):
                told |= {"referred_on": found, "reference": f"教函〔{found.year}〕{number}号"}
            self.book.add(employment, case_id=number, **told)
