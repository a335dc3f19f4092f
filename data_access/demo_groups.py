"""Who belongs to which group, on which days: left-behind by both definitions, and the other flags."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from data_access.demo_dice import Dice
from data_access.demo_people import NONE, OPEN, Children, Ints, Standing
from data_access.demo_world import World
from data_access.schema import OPEN_END
from domain.groups import Group

BOTH_AWAY_SHARE = 0.55
CIVIL_OF_BOTH, CIVIL_OF_ONE, CIVIL_ALONE = 0.88, 0.14, 0.08  # the two definitions overlap and differ
ENDED_SHARE = 0.12  # of the present number: children whose parents have come back since
UNCHECKED, STALE = 0.04, 0.14
CAUSES = {"务工外出": 0.9, "离异外出": 0.07, "其他": 0.03}
DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
LEVELS = ("一级", "二级", "三级", "四级")
SHARES: dict[Group, float] = {
    Group.POOR: 0.07,
    Group.DISABLED: 0.010,
    Group.MIGRANT: 0.04,
    Group.RELOCATED: 0.02,
    Group.ORPHAN: 0.0015,
    Group.UNATTENDED: 0.003,
    Group.HARDSHIP: 0.010,
    Group.SINGLE_PARENT: 0.04,
    Group.SEASONAL_MIGRATION: 0.015,
    Group.AWAITING_PROGRESS: 0.004,
    Group.LEARNING_DIFFICULTY: 0.03,
    Group.TIRED_OF_SCHOOL: 0.008,
    Group.PARENT_IN_CUSTODY: 0.002,
    Group.GUIDANCE: 0.001,
}


class GroupSpell(NamedTuple):
    """A flag of a child (its place) on [begins, ends)."""

    child: int
    group: Group
    detail: str | None
    cause: str | None
    checked_on: date | None
    begins: date
    ends: date = OPEN_END


@dataclass
class Groups:
    """Who stands in which group on the demo date, by place; `both_away` and `unable_carer` among the left-behind.

    `disability`: kind and level as the card says them.
    """

    left_behind: Ints
    both_away: set[int]
    unable_carer: set[int]
    members: dict[Group, Ints]
    disability: dict[int, str] = field(default_factory=dict)


def draw_groups(world: World, children: Children) -> Groups:
    """Exactly the plan's number of left-behind pupils, living at home in the county, and the shares of the other groups."""
    rng = world.rng("groups")
    at_home = (children.standing == Standing.PUPIL) & ~children.outside & (children.special.school == NONE)
    at_home &= children.birth >= date(world.school_year - 16, 9, 1).toordinal()  # some of the ninth grade are too old
    left_behind = np.sort(rng.choice(np.flatnonzero(at_home), world.plan.left_behind, replace=False))
    both = set(left_behind[rng.random(len(left_behind)) < BOTH_AWAY_SHARE].tolist())
    alone = set(left_behind[rng.random(len(left_behind)) < CIVIL_OF_ONE].tolist()) - both
    members = {group: _some(rng, children.pupils, share) for group, share in SHARES.items()}
    special = np.flatnonzero(children.special.school != NONE)
    for group in (Group.MIGRANT, Group.RELOCATED):
        members[group] = np.setdiff1d(members[group][at_home[members[group]]], left_behind, assume_unique=True)
    members[Group.DISABLED] = np.union1d(members[Group.DISABLED], special)
    return Groups(left_behind, both, alone, members)


def _some(rng: Generator, among: Ints, share: float) -> Ints:
    chosen: Ints = among[rng.random(len(among)) < share]
    return chosen


def group_spells(world: World, children: Children, groups: Groups) -> Iterator[GroupSpell]:
    """The rows of group_spell in order."""
    rng = world.rng("spells")
    dates = _Dates(world, rng)
    yield from _education(children, groups, dates)
    yield from _civil(world, children, groups, dates)
    for group, members in groups.members.items():
        for at in members.tolist():
            detail = groups.disability.get(at) if group is Group.DISABLED else None
            yield GroupSpell(at, group, detail, None, None, dates.since(children, at))


def _education(children: Children, groups: Groups, dates: "_Dates") -> Iterator[GroupSpell]:
    """The spells that hold, and others that ended when a parent came back."""
    for at in groups.left_behind.tolist():
        detail = "two_parents" if at in groups.both_away else "one_parent"
        begins = dates.since(children, at)
        yield GroupSpell(at, Group.LEFT_BEHIND_EDUCATION, detail, dates.cause(), dates.checked(begins), begins)
    former = np.setdiff1d(children.pupils, groups.left_behind, assume_unique=True)
    for at in dates.rng.choice(former, int(len(groups.left_behind) * ENDED_SHARE), replace=False).tolist():
        begins, ends = dates.former(children, at)
        if begins < ends:
            yield GroupSpell(at, Group.LEFT_BEHIND_EDUCATION, "one_parent", dates.cause(), begins, begins, ends)


def _civil(world: World, children: Children, groups: Groups, dates: "_Dates") -> Iterator[GroupSpell]:
    """Most of those with both parents away, those whose parent at home cannot look after them, and some the schools lack."""
    both = np.array(sorted(groups.both_away), dtype=np.int64)
    known = _some(dates.rng, both, CIVIL_OF_BOTH)
    unable = np.array(sorted(groups.unable_carer), dtype=np.int64)
    others = np.flatnonzero(~children.outside & (children.special.school == NONE) & (children.lives_until == OPEN))
    others = np.setdiff1d(others, groups.left_behind, assume_unique=True)
    alone = dates.rng.choice(others, int(world.plan.left_behind * CIVIL_ALONE), replace=False)
    for members, detail in ((known, "two_parents"), (unable, "one_parent_unable"), (alone, "two_parents")):
        for at in members.tolist():
            begins = dates.since(children, at)
            yield GroupSpell(at, Group.LEFT_BEHIND_CIVIL, detail, None, dates.checked(begins), begins)


class _Dates:
    """Beginnings, ends and checks of spells, spread over the three years; drawn in bulk, dealt out one by one."""

    def __init__(self, world: World, rng: Generator) -> None:
        self.world, self.rng, self.dice = world, rng, Dice(rng)
        self.first = date(world.years[0] - 1, 9, 1)
        self.span = (world.as_of - self.first).days

    def since(self, children: Children, at: int) -> date:
        """The start of a spell that still holds: half of them longer than all history."""
        throw = self.dice.share()
        begins = self.first if throw < 0.5 else self.first + timedelta(days=int((throw - 0.5) * 2 * (self.span - 1)))
        return max(begins, date.fromordinal(int(children.birth[at])))

    def former(self, children: Children, at: int) -> tuple[date, date]:
        """A spell that is over."""
        begins = self.since(children, at)
        return begins, begins + timedelta(days=self.dice.between(90, 700) % max(1, (self.world.as_of - begins).days))

    def checked(self, begins: date) -> date | None:
        """The last quarterly check: most of this quarter, some older than a quarter, a few never."""
        throw = self.dice.share()
        if throw < UNCHECKED:
            return None
        days = self.dice.between(100, 330) if throw < UNCHECKED + STALE else self.dice.between(1, 80)
        return max(begins, self.world.as_of - timedelta(days=days))

    def cause(self) -> str:
        """Why the parents are away."""
        return self.dice.weigh(CAUSES)
