"""Where the children live and who looks after them: residences, carers and the parents who are away."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from data_access.bulk import Row
from data_access.demo_groups import Groups
from data_access.demo_moves import FAR_PLACES
from data_access.demo_names import GIVEN, SURNAMES, draw_given, draw_surnames
from data_access.demo_numbers import phone_number
from data_access.demo_people import NONE, Children, Ints, Standing
from data_access.demo_rows import DAYS, in_step
from data_access.demo_world import World
from data_access.schema import OPEN_END
from domain.groups import Group

ELSEWHERE_AT_HOME = 0.06  # of the children on no register: at home, so never enrolled
OTHER_VILLAGE = 0.06  # registered in another village of the county
MISSPELT = "坪湾坑源坊"
GUARDIAN = (
    "child_id", "name", "relation", "is_carer", "phone", "phone_mac", "away_place", "able", "valid_from", "valid_to",
)  # fmt: skip
RELATIONS = ("father", "mother", "grandparent", "maternal_grandparent", "relative", "other")
FATHER, MOTHER = 0, 1
CARERS_AT_HOME = (0.42, 0.5, 0.05, 0.02, 0.01, 0.0)  # of children whose parents are at home
CARERS_BOTH_AWAY = (0.0, 0.0, 0.68, 0.21, 0.09, 0.02)
FATHER_AWAY = 0.75  # of the left-behind with one parent away
GRANDPARENTS_ANYWAY = 0.4  # of these, brought up by grandparents although a parent is at home


class Homes:
    """Where each child lives and is registered, as places of villages; NONE for no known village."""

    def __init__(self, world: World, children: Children, groups: Groups, since: Ints) -> None:
        self.world, self.children, self.since = world, children, since
        rng = world.rng("homes")
        never_enrolled = rng.random(len(children)) < ELSEWHERE_AT_HOME
        children.outside |= (children.standing == Standing.ELSEWHERE) & ~never_enrolled
        self.home = np.where(children.outside, NONE, children.village)
        self.unlocated: list[int] = []
        moved = rng.random(len(children)) < OTHER_VILLAGE
        self.registered = np.where(moved & ~children.outside, self._neighbours(rng), children.village)
        self.migrants = set(groups.members[Group.MIGRANT].tolist())
        self.relocated = [at for at in groups.members[Group.RELOCATED].tolist() if not children.outside[at]]
        self.rng = rng

    def lose(self, first: list[int]) -> None:
        """Leave the plan's number of pupils without a known village, these first."""
        at_home = (self.children.standing == Standing.PUPIL) & ~self.children.outside
        self.unlocated = first + self.children.take(self.rng, at_home, self.world.plan.unlocated - len(first))
        self.home[self.unlocated] = NONE

    def _neighbours(self, rng: Generator) -> Ints:
        """For each child another village of the same county, now and then its own."""
        counties = np.array([village.code[:6] for village in self.world.villages])
        found = self.children.village.copy()
        for county in self.world.counties:
            own = np.flatnonzero(counties == county)
            here = np.flatnonzero(np.isin(self.children.village, own))
            found[here] = rng.choice(own, len(here))
        return found

    def rows(self) -> Iterator[Row]:
        """Rows of RESIDENCE: one for each child, two for the relocated."""
        villages, codes = self.world.villages, [village.code for village in self.world.villages]
        sealed = self._addresses()
        texts = self._texts()
        columns = (
            np.arange(len(self.home)),
            self.home,
            self.children.outside,
            self.registered,
            self.since,
            self.children.lives_until,
        )
        moved = self._moving_days()
        for at, home, outside, registered, since, until in in_step(*columns):
            code = None if home == NONE else codes[home]
            household = self._origin(villages[registered].code) if at in self.migrants else codes[registered]
            begins = DAYS[since]
            if at in moved:
                yield at + 1, codes[registered], None, False, household, None, begins, moved[at]
                begins = moved[at]
            yield at + 1, code, texts.get(at), outside, household, sealed.get(at), begins, DAYS[until]

    def _origin(self, village_code: str) -> str:
        """Where the household of a migrant child is registered: another county."""
        if self.world.plan.migrant_origin:
            return self.world.plan.migrant_origin
        return next(county for county in self.world.counties if county != village_code[:6])

    def _moving_days(self) -> dict[int, date]:
        """Relocated children came to their village within the three years."""
        first, last = date(self.world.years[0], 9, 15), self.world.as_of - timedelta(days=30)
        days = self.rng.integers(first.toordinal(), last.toordinal(), len(self.relocated)).tolist()
        moving = zip(self.relocated, days, strict=True)
        return {at: DAYS[day] for at, day in moving if self.since[at] < day < self.children.lives_until[at]}

    def _texts(self) -> dict[int, str]:
        """What the ledgers wrote where the village is not found, and where those outside are."""
        places = self.rng.integers(0, len(FAR_PLACES), len(self.home)).tolist()
        texts = {at: FAR_PLACES[places[at]] for at in np.flatnonzero(self.children.outside).tolist()}
        real = {village.name for village in self.world.villages}
        for number, at in enumerate(self.unlocated):
            name = self.world.villages[int(self.children.village[at])].name
            wrong = [name[0] + one + name[2:] for one in MISSPELT[number % len(MISSPELT) :] + MISSPELT]
            texts[at] = next((text for text in wrong if text not in real), wrong[0])
        return texts

    def _addresses(self) -> dict[int, bytes | None]:
        """House numbers, in the county only: a prefecture of them would say nothing more."""
        if self.world.plan.size != "county":
            return {}
        numbers = self.rng.integers(1, 260, len(self.home)).tolist()
        names = [village.name for village in self.world.villages]
        there = np.flatnonzero(self.home != NONE).tolist()
        return {at: self.world.cipher.seal(f"{names[self.home[at]]}{numbers[at]}号") for at in there}


class Guardians:
    """One carer for every child, and the parents away from the left-behind ones."""

    def __init__(self, world: World, children: Children, groups: Groups, since: Ints) -> None:
        self.world, self.children, self.groups, self.since = world, children, groups, since
        self.rng = world.rng("guardians")
        count = len(children)
        self.carer = self.rng.choice(len(RELATIONS), count, p=CARERS_AT_HOME)
        both = np.array(sorted(groups.both_away), dtype=np.int64)
        one = np.setdiff1d(groups.left_behind, both, assume_unique=True)
        self.carer[both] = self.rng.choice(len(RELATIONS), len(both), p=CARERS_BOTH_AWAY)
        self.father_away = self.rng.random(count) < FATHER_AWAY
        at_home = np.where(self.father_away, MOTHER, FATHER)
        self.carer[one] = np.where(self.rng.random(len(one)) < GRANDPARENTS_ANYWAY, 2, at_home[one])
        self.surname = np.where(self.carer % 2 == 0, children.surname, draw_surnames(self.rng, count))

    def carers(self) -> Iterator[Row]:
        """Rows of GUARDIAN: the one each child lives with, its telephone number sealed."""
        wanted = np.flatnonzero(self.children.standing != Standing.GRADUATE)
        given = draw_given(self.rng, len(wanted))
        cipher = self.world.cipher
        columns = in_step(wanted, self.surname[wanted], given, self.carer[wanted], self.since[wanted])
        for at, surname, name, relation, since in columns:
            phone = phone_number(at)
            able = at not in self.groups.unable_carer
            told = SURNAMES[surname] + GIVEN[name], RELATIONS[relation]
            yield at + 1, *told, True, cipher.seal(phone), cipher.mac(phone), None, able, DAYS[since], OPEN_END

    def away(self) -> Iterator[Row]:
        """Rows of GUARDIAN: the parents who work far away, where they are known to be."""
        left_behind = self.groups.left_behind
        given = self.rng.permuted(draw_given(self.rng, 2 * len(left_behind))).reshape(2, -1)
        mothers, places = draw_surnames(self.rng, len(left_behind)), self.rng.integers(0, len(FAR_PLACES), len(left_behind))
        columns = in_step(left_behind, self.children.surname[left_behind], mothers, *given, places, self.since[left_behind])
        for at, father, mother, his, hers, place, since in columns:
            rest = False, None, None, FAR_PLACES[place], None, DAYS[since], OPEN_END
            both = at in self.groups.both_away
            if both or self.father_away[at]:
                yield at + 1, SURNAMES[father] + GIVEN[his], RELATIONS[FATHER], *rest
            if both or not self.father_away[at]:
                yield at + 1, SURNAMES[mother] + GIVEN[hers], RELATIONS[MOTHER], *rest
