"""What is done for children in need: placements of the disabled, aid for the poor, a teacher for the left-behind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from data_access.bulk import Row
from data_access.demo_case_life import CaseLife
from data_access.demo_dice import Dice
from data_access.demo_duties import Duties
from data_access.demo_groups import DISABILITIES, LEVELS, Groups, GroupSpell
from data_access.demo_moves import Moves
from data_access.demo_numbers import Numbers, number_of
from data_access.demo_people import NONE, Children
from data_access.demo_schools import DemoSchool
from data_access.demo_texts import HELP
from data_access.demo_world import World
from data_access.schema import OPEN_END, aid, placement
from domain.groups import Aid, Group, Schooling
from domain.movements import Movement
from domain.reasons import Reason
from domain.visits import DutyRole

UNPLACED = 3  # disabled children for whom nobody has found a place
HOME_TAUGHT = 0.14  # of the disabled outside special schools: the heaviest
UNASSESSED = 0.3  # of the disabled in ordinary classes: left out of assessment, with the guardian's agreement
AIDED = 0.93
CENTS = {Aid.GRANT: 62_500, Aid.BOARDING_AID: 75_000, Aid.TUITION_WAIVER: None, Aid.BOOK_WAIVER: None}
LOADS = {1: 0.08, 2: 0.44, 3: 0.38, 4: 0.07, 5: 0.03}  # children per teacher, planned 2-3 (R182)
PAIRED = 0.97
ILL = "有慢性病"
POOR_HEALTH = ((ILL, 0.008), ("一般或较弱", 0.015))
PAIRING = ("child_id", "person_id", "kind", "content", "valid_from", "valid_to")


@dataclass
class Care:
    """What the large tables need to know: health where it is not good, how the disabled are taught, who is not assessed."""

    health: dict[int, str] = field(default_factory=dict)
    modes: dict[int, str] = field(default_factory=dict)
    unassessed: set[int] = field(default_factory=set)

    def believe(self, cases: Iterable[CaseLife]) -> None:
        """A child whose open case says that it is ill, is recorded as ill."""
        for life in cases:
            if life.closed is None and life.reason is Reason.ILLNESS:
                self.health.setdefault(life.child, ILL)


def record_care(
    world: World, children: Children, schools: list[DemoSchool], groups: Groups, numbers: Numbers, moves: Moves
) -> Care:
    """Placements and home teaching of the disabled, aid of the poor."""
    care = Care()
    rng = world.rng("health")
    for words, share in POOR_HEALTH:
        care.health |= dict.fromkeys(children.pupils[rng.random(len(children.pupils)) < share].tolist(), words)
    _place_disabled(world, children, schools, groups, numbers, moves, care)
    at_home = [at for at, mode in care.modes.items() if mode == Schooling.HOME_TEACHING]
    groups.members[Group.HOME_TEACHING] = np.array(at_home, dtype=np.int64)
    _aid_poor(world, children, groups)
    return care


def _place_disabled(
    world: World, children: Children, schools: list[DemoSchool], groups: Groups, numbers: Numbers, moves: Moves, care: Care
) -> None:
    dice = Dice(world.rng("placements"))
    for order, at in enumerate(groups.members[Group.DISABLED].tolist()):
        kind, level = dice.between(0, len(DISABILITIES)), dice.between(1, len(LEVELS) + 1)
        care.health[at] = "残疾"
        groups.disability[at] = f"{DISABILITIES[kind]} {LEVELS[level - 1]}"
        if order < UNPLACED and children.special.school[at] == NONE:
            continue
        learns = Schooling.SPECIAL_SCHOOL if children.special.school[at] != NONE else Schooling.INCLUSIVE
        if learns is Schooling.INCLUSIVE and not children.taken[at] and dice.chance(HOME_TAUGHT):
            learns, level = Schooling.HOME_TEACHING, 1 + level % 2
            groups.disability[at] = f"{DISABILITIES[kind]} {LEVELS[level - 1]}"
            _teach_at_home(world, children, schools, moves, at)
        if learns is not Schooling.SPECIAL_SCHOOL:
            care.modes[at] = learns.value
        if learns is Schooling.INCLUSIVE and dice.chance(UNASSESSED):
            care.unassessed.add(at)
        _place(world, children, schools, at, learns, (kind, level), number_of(numbers, at)[0])


def _teach_at_home(world: World, children: Children, schools: list[DemoSchool], moves: Moves, at: int) -> None:
    on = moves.day_in_stage(at)
    told = {"from_school": schools[children.school_of(at)].code, "stage": children.stage_of(at)}
    approval = {"approved_on": on, "approval_no": f"送教〔{on.year}〕{at % 97 + 1}号", "reason": "残疾"}
    moves.record(at, Movement.HOME_TEACHING, on, {**told, **approval})
    children.taken[at] = True


def _place(
    world: World,
    children: Children,
    schools: list[DemoSchool],
    at: int,
    learns: Schooling,
    disability: tuple[int, int],
    id_no: str | None,
) -> None:
    kind, level = disability
    card = world.cipher.seal(f"{id_no}{kind + 1}{level}") if id_no else None
    at_home = learns is Schooling.HOME_TEACHING
    world.book.add(
        placement,
        child_id=at + 1,
        kind=learns.value,
        school_code=schools[children.school_of(at)].code,
        plan=at % 11 != 0,
        disability=DISABILITIES[kind],
        disability_level=level,
        card=card,
        per_month=4 if at_home else None,
        approval_no=f"评〔{world.school_year}〕{at % 89 + 1}号" if at_home else None,
        valid_from=date(world.school_year, 9, 1),
    )


def _aid_poor(world: World, children: Children, groups: Groups) -> None:
    """Waivers for everyone poor in the county, the grant or the living aid this term for nearly all."""
    dice = Dice(world.rng("aid"))
    term = date(world.school_year, 9, 1)
    waivers = (Aid.TUITION_WAIVER, Aid.BOOK_WAIVER) if world.plan.size == "county" else ()
    for at in groups.members[Group.POOR].tolist():
        if dice.chance(AIDED):
            living = Aid.BOARDING_AID if children.grade[at] > 6 else Aid.GRANT
            for kind in (*waivers, living):
                told = {"kind": kind.value, "granted_on": world.as_of.replace(day=1), "amount_cents": CENTS[kind]}
                world.book.add(aid, child_id=at + 1, valid_from=term, **told)


@dataclass(frozen=True)
class Pair:
    """A left-behind child (its place) and the adult at its side."""

    child: int
    person: int
    alone: bool


def draw_pairs(world: World, children: Children, schools: list[DemoSchool], groups: Groups, duties: Duties) -> list[Pair]:
    """Teachers of the child's own school, most with two or three children, some with one, some with too many."""
    rng, dice = world.rng("pairs"), Dice(world.rng("loads"))
    school_of = children.schools()[groups.left_behind]
    order = np.argsort(school_of, kind="stable")
    pairs: list[Pair] = []
    since = date(world.years[0], 9, 1)
    for school in np.unique(school_of).tolist():
        own = groups.left_behind[order[np.searchsorted(school_of[order], school) : np.searchsorted(school_of[order], school + 1)]]
        waiting = own[rng.random(len(own)) < PAIRED].tolist()
        one = schools[school]
        while waiting:
            load = dice.weigh(LOADS)
            taken, waiting = waiting[:load], waiting[load:]
            teacher = duties.add_person(DutyRole.SUBJECT_TEACHER, one.county, since, school_code=one.code)
            pairs += [Pair(at, teacher, len(taken) == 1) for at in taken]
    return pairs


def pair_rows(world: World, pairs: list[Pair], spells: list[GroupSpell]) -> Iterator[Row]:
    """Rows of PAIRING, from the day the child was left behind or the term that followed."""
    begins = {spell.child: spell.begins for spell in spells if spell.group is Group.LEFT_BEHIND_EDUCATION}
    for number, pair in enumerate(pairs):
        kind = "one_to_one" if pair.alone else "one_to_many"
        since = max(begins[pair.child], date(world.years[0], 9, 10))
        yield pair.child + 1, pair.person, kind, HELP[number % len(HELP)], since, OPEN_END
