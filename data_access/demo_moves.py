"""Movements of the three years: transfers, hosted study, suspensions, deaths and departures, each with its papers."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from data_access.demo_classes import class_then
from data_access.demo_dice import Dice
from data_access.demo_people import NONE, PRIMARY_YEARS, Children, Spell, Standing
from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import movement_event, paper
from domain.movements import PAPERS_NEEDED, Movement, Paper
from domain.school_year import school_year_of

Told = dict[str, Any]
FAR_PLACES = (
    "浙江省杭州市", "浙江省温州市", "浙江省义乌市", "广东省东莞市", "广东省深圳市", "广东省佛山市", "福建省晋江市",
    "福建省厦门市", "江苏省苏州市", "江苏省昆山市", "上海市松江区", "湖南省长沙市", "江西省南昌市", "重庆市渝北区",
)  # fmt: skip
YEAR_SHARES = (0.4, 0.36, 0.24)  # how the movements fall on the three years, the last not over
ABROAD_SHARE, DEATH_SHARE = 0.015, 0.01
DONE, WAITING = "办结", "转入校核办"
LAPSED_SUSPENSIONS = 4


class Move(NamedTuple):
    """A movement of a child (its place) that is recorded under `number`."""

    child: int
    on: date
    number: int


class Moves:
    """Records movements and what they do to the enrolments of the children."""

    def __init__(self, world: World, children: Children, schools: list[DemoSchool]) -> None:
        self.world, self.children, self.schools = world, children, schools
        self.rng: Generator = world.rng("moves")
        self.dice = Dice(world.rng("single moves"))
        self._schools: dict[tuple[str, str], list[int]] = {}
        self.since = children.since()
        self.done: defaultdict[Movement, list[Move]] = defaultdict(list)

    def record(self, at: int, kind: Movement, on: date, told: Told, papers: Iterable[Paper] | None = None) -> int:
        """One movement (`told`: its other columns) with all its papers, or only `papers`, a few days old; returns its number."""
        number = self.world.book.add(movement_event, child_id=at + 1, kind=kind.value, on_date=on, **told)
        self.done[kind].append(Move(at, on, number))
        valid_to = told.get("ends_on") if kind is Movement.HOSTED else None
        for kept in PAPERS_NEEDED.get(kind, ()) if papers is None else papers:
            dated = on - timedelta(days=self.dice.between(0, 6))
            self.world.book.add(paper, child_id=at + 1, movement_id=number, kind=kept.value, dated_on=dated, valid_to=valid_to)
        return number

    def place_then(self, at: int, on: date) -> tuple[str, str]:
        """The code of the school and the stage in which a child was on a day of the three years."""
        school, stage, *_ = class_then(self.children, at, self.world.school_year, school_year_of(on))
        return self.schools[school].code, stage

    def day_in_stage(self, at: int) -> date:
        """A school day of the three years on which the child was in its present stage, not the first of the year."""
        grade = int(self.children.grade[at])
        first = 1 if grade <= PRIMARY_YEARS else PRIMARY_YEARS + 1
        return self._day(self.world.years[-1] - min(grade - first, len(self.world.years) - 1))

    def day_at_school(self, at: int) -> date:
        """A school day of the three years on which the child, now of this grade, was at school."""
        return self._day(self.world.years[-1] - min(int(self.children.grade[at]) - 1, len(self.world.years) - 1))

    def _day(self, earliest: int) -> date:
        shares = dict(zip(self.world.years, YEAR_SHARES, strict=True))
        year = self.dice.weigh({year: share for year, share in shares.items() if year >= earliest})
        days = self.world.school_days_of(year)
        settled = bisect_right(days, date(year, 9, 10))
        return days[self.dice.between(settled, len(days))] if settled < len(days) else self.world.as_of

    def schools_of(self, county: str, stage: str) -> list[int]:
        """The ordinary schools of a county that teach a stage."""
        if (county, stage) not in self._schools:
            teaching = [at for at, one in enumerate(self.schools) if one.kind in (stage, "nine_year")]
            self._schools[county, stage] = [at for at in teaching if self.schools[at].county == county]
        return self._schools[county, stage]

    def far_place(self) -> str:
        """Where people of the county work."""
        return self.dice.pick(FAR_PLACES)


def record_moves(moves: Moves) -> None:
    """Everything that happened with its papers in order, and the few suspensions that nobody ended."""
    plan, children = moves.world.plan, moves.children
    for at in np.flatnonzero(children.standing == Standing.LEAVER).tolist():
        _leave(moves, at)
    ordinary = (children.standing == Standing.PUPIL) & (children.special.school == NONE)
    for at in children.take(moves.rng, ordinary, plan.leavers // 3):
        _change_school(moves, at)
    for at in children.take(moves.rng, ordinary & (children.grade > 1), plan.leavers * 3 // 4):
        _arrive(moves, at)
    for at in children.take(moves.rng, ordinary, plan.living_outside):
        _study_elsewhere(moves, at)
    for number, at in enumerate(children.take(moves.rng, ordinary & (children.grade > 3), plan.leavers // 6)):
        _suspend(moves, at, number)


def _leave(moves: Moves, at: int) -> None:
    """A transfer out of the county with its certificate; now and then a departure abroad or a death."""
    children, on = moves.children, moves.day_at_school(at)
    school_code, stage = moves.place_then(at, on)
    if stage == "primary":
        children.primary.ends[at], children.junior.school[at] = on.toordinal(), NONE
    else:
        children.junior.ends[at] = on.toordinal()
    throw = moves.dice.share()
    where: Told = {"from_school": school_code, "stage": stage, "progress": DONE}
    if throw < DEATH_SHARE:
        moves.record(at, Movement.DEATH, on, where)
        children.lives_until[at] = on.toordinal()
        return
    children.outside[at] = True
    if throw < DEATH_SHARE + ABROAD_SHARE:
        moves.record(at, Movement.ABROAD, on, {**where, "to_text": "境外"})
        return
    matched = on + timedelta(days=moves.dice.between(3, 25))
    told = {**where, "to_text": moves.far_place(), "matched_on": matched, "reason": "随父母务工地就读"}
    moves.record(at, Movement.TRANSFER_OUT, on, told)


def _change_school(moves: Moves, at: int) -> None:
    """A transfer between two schools of the county, matched on the same day."""
    children, on = moves.children, moves.day_in_stage(at)
    stage = children.stage_of(at)
    now_at, begins = int(children.track_of(at).school[at]), children.track_of(at).begins
    before = _another_school(moves, now_at, stage)
    if before is None:
        return
    children.point[at] = NONE
    entry = moves.world.school_year - int(children.grade[at]) + (1 if stage == "primary" else PRIMARY_YEARS + 1)
    children.more_spells.append(Spell(at, before, stage, entry, 1, int(begins[at]), on.toordinal()))
    begins[at] = on.toordinal()
    places = {"from_school": moves.schools[before].code, "to_school": moves.schools[now_at].code}
    told = {**places, "stage": stage, "matched_on": on, "progress": DONE}
    moves.record(at, Movement.TRANSFER_OUT, on, told)
    moves.record(at, Movement.TRANSFER_IN, on, told)


def _another_school(moves: Moves, now_at: int, stage: str) -> int | None:
    others = [at for at in moves.schools_of(moves.schools[now_at].county, stage) if at != now_at]
    return moves.dice.pick(others) if others else None


def _arrive(moves: Moves, at: int) -> None:
    """A transfer into the county: what went before was elsewhere."""
    children, on = moves.children, moves.day_in_stage(at)
    stage = children.stage_of(at)
    children.track_of(at).begins[at] = on.toordinal()
    if stage == "junior":
        children.primary.school[at] = NONE
    children.point[at] = NONE
    school_code = moves.schools[children.school_of(at)].code
    told = {"to_school": school_code, "stage": stage, "matched_on": on, "progress": DONE}
    moves.record(at, Movement.TRANSFER_IN, on, told)


def _study_elsewhere(moves: Moves, at: int) -> None:
    """Hosted study where the parents work, filed with its three papers, valid to the end of the school year."""
    on, children = moves.day_in_stage(at), moves.children
    ends = date(moves.world.school_year + 1, 8, 31)
    school_code = moves.schools[children.school_of(at)].code
    where = {"from_school": school_code, "to_text": moves.far_place(), "stage": children.stage_of(at)}
    moves.record(at, Movement.HOSTED, on, {**where, "ends_on": ends})
    children.outside[at] = True


def _suspend(moves: Moves, at: int, number: int) -> None:
    """An approved suspension of a year: the first few ran out unnoticed, a third are over, the others last."""
    world, children = moves.world, moves.children
    school_code, stage = moves.schools[children.school_of(at)].code, children.stage_of(at)
    lapsed, resumed = number < LAPSED_SUSPENSIONS, number % 3 == 0
    ago = moves.dice.between(375, 420) if lapsed else moves.dice.between(20, 300)
    on = max(world.as_of - timedelta(days=ago), date.fromordinal(int(moves.since[at])))
    ends = on + timedelta(days=365 if not lapsed else 340)
    number_text = f"学〔{on.year}〕{number + 1}号"
    approval = {"approved_on": on - timedelta(days=2), "approval_no": number_text, "reason": "疾病"}
    where = {"from_school": school_code, "stage": stage}
    move = moves.record(at, Movement.SUSPENSION, on, {**where, "ends_on": ends, **approval})
    if lapsed and ends < world.as_of:
        world.contradict("suspension_past_end", "movement_event", move)
    elif resumed:
        back = on + timedelta(days=max(1, (world.as_of - on).days // 2))
        moves.record(at, Movement.RESUMPTION, back, {**where, "to_school": school_code})
