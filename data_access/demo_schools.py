"""Schools with invented names, placed in real towns, and who could go where."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot

import numpy as np
from numpy.typing import NDArray

from data_access.areas import AreaRow
from data_access.demo_names import draw_school_names
from data_access.demo_world import World
from data_access.schema import OPEN_END, school, school_stage
from domain.grades import Stage

CATEGORIES = {"primary": "21", "junior": "31", "nine_year": "31", "special": "51", "teaching_point": "21"}
STAGES: dict[str, tuple[tuple[Stage, int, int], ...]] = {
    "primary": ((Stage.PRIMARY, 1, 6),),
    "junior": ((Stage.JUNIOR, 7, 9),),
    "nine_year": ((Stage.PRIMARY, 1, 6), (Stage.JUNIOR, 7, 9)),
    "special": ((Stage.SPECIAL, 1, 9),),
    "teaching_point": ((Stage.PRIMARY, 1, 3),),
}
FIRST_SERIAL = 900_001  # school codes have no check digit; serials this high are given to none of these places
SEAT_BONUS, COMMUNITY_BONUS = 1.8, 2.2
WALK = 0.03  # degrees (about three kilometres) over which a school loses two thirds of its pull


@dataclass(frozen=True)
class DemoSchool:
    """One school. `pull`: how strongly it draws pupils; `parent`: the central school of a teaching point."""

    code: str
    name: str
    kind: str
    town: str
    village: AreaRow
    pull: float
    parent: "DemoSchool | None" = None

    @property
    def county(self) -> str:
        """The county's code."""
        return self.town[:6]


def village_weights(world: World) -> NDArray[np.float64]:
    """The share of the children who live in each village: more in neighbourhoods and in the county's seat."""
    seats = {min(town.code for town in world.towns if town.county_code == county) for county in world.counties}
    weights = world.rng("villages").lognormal(0.0, 0.45, len(world.villages))
    weights *= [COMMUNITY_BONUS if village.kind == "居委会" else 1.0 for village in world.villages]
    weights *= [SEAT_BONUS if village.parent_code in seats else 1.0 for village in world.villages]
    share: NDArray[np.float64] = weights / weights.sum()
    return share


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """`total` whole things shared out by weight, largest remainders first."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: exact[at] - shares[at], reverse=True)
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares


def place_schools(world: World, weights: NDArray[np.float64]) -> list[DemoSchool]:
    """The plan's schools: every town has a primary and a junior stage, the smallest in a nine-year school."""
    rng = world.rng("schools")
    kinds = _kinds_by_town(world, weights)
    places = [(town, kind) for town in world.towns for kind in kinds[town.code]]
    names = draw_school_names(rng, [kind for _, kind in places])
    villages = {town.code: _villages_of(world, town, weights) for town in world.towns}
    turns: Counter[str] = Counter()
    made: list[DemoSchool] = []
    for serial, ((town, kind), name) in enumerate(zip(places, names, strict=True), FIRST_SERIAL):
        code = f"{CATEGORIES[kind]}{town.code[:2]}{serial}"
        at = villages[town.code]
        village = at[-1 - turns[town.code + kind]] if kind == "teaching_point" else at[turns[town.code] % len(at)]
        turns.update([town.code + kind] if kind == "teaching_point" else [town.code])
        parent = next((one for one in made if one.town == town.code and one.kind in {"primary", "nine_year"}), None)
        central = parent if kind == "teaching_point" else None
        made.append(DemoSchool(code, name, kind, town.code, village, float(rng.lognormal(0, 0.35)), central))
    return made


def _villages_of(world: World, town: AreaRow, weights: NDArray[np.float64]) -> list[AreaRow]:
    """The town's villages, the largest first: schools stand there, teaching points in the smallest."""
    own = [(weight, village.code, village) for weight, village in zip(weights, world.villages, strict=True)]
    return [village for _, _, village in sorted(own, reverse=True) if village.parent_code == town.code]


def _kinds_by_town(world: World, weights: NDArray[np.float64]) -> dict[str, list[str]]:
    plan = world.plan.schools
    size: Counter[str] = Counter()
    for village, weight in zip(world.villages, weights.tolist(), strict=True):
        size[village.parent_code or ""] += weight
    by_size = sorted((town.code for town in world.towns), key=lambda code: (size[code], code))
    small, large = by_size[: plan["nine_year"]], by_size[plan["nine_year"] :]
    rest = apportion(plan["primary"] - len(large), [size[code] for code in by_size])
    more = apportion(plan["junior"] - len(large), [size[code] for code in large])
    points = apportion(plan["teaching_point"], [1 / (1 + 9 * size[code] / max(size.values())) for code in by_size])
    specials = {max((code for code in by_size if code[:6] == county), key=by_size.index) for county in world.counties}
    kinds: dict[str, list[str]] = {code: ["nine_year"] for code in small} | {code: ["primary", "junior"] for code in large}
    for code, count in zip(by_size, rest, strict=True):
        kinds[code] += ["primary"] * count
    for code, count in zip(large, more, strict=True):
        kinds[code] += ["junior"] * count
    for code, count in zip(by_size, points, strict=True):
        kinds[code] += ["special"] * (code in specials) + ["teaching_point"] * count
    return kinds


def record_schools(world: World, schools: Sequence[DemoSchool]) -> None:
    """Rows of school and school_stage."""
    opened = world.calendar.term(world.years[0] - 20, 1).starts
    for one in schools:
        world.book.add(
            school,
            code=one.code,
            name=one.name,
            category=CATEGORIES[one.kind],
            county_code=one.county,
            town_code=one.town,
            village_code=one.village.code,
            parent_code=one.parent.code if one.parent else None,
            kind=one.kind,
            lon=one.village.lon,
            lat=one.village.lat,
            boarding=one.kind in {"junior", "nine_year", "special"},
            valid_from=opened,
            valid_to=OPEN_END,
        )
        for stage, first, last in STAGES[one.kind]:
            world.book.add(school_stage, school_code=one.code, stage=stage.value, first_grade=first, last_grade=last)


@dataclass(frozen=True)
class Choice:
    """The schools that children of each village may go to: rows are villages, `best` adds up the chances of its schools."""

    schools: NDArray[np.int64]
    best: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, villages: NDArray[np.int64]) -> NDArray[np.int64]:
        """A school for each child, given the village it lives in."""
        dice = rng.random(len(villages))
        column = (dice[:, None] >= self.best[villages]).sum(axis=1)
        chosen: NDArray[np.int64] = self.schools[villages, np.minimum(column, self.schools.shape[1] - 1)]
        return chosen


def school_choice(world: World, schools: Sequence[DemoSchool], kinds: set[str]) -> Choice:
    """Where the children of each village go: the town's own schools, the nearer the likelier."""
    by_town: defaultdict[str | None, list[int]] = defaultdict(list)
    for number, one in enumerate(schools):
        by_town[one.town] += [number] if one.kind in kinds else []
    options = [
        [(number, _pull(village, schools[number])) for number in by_town[village.parent_code]] for village in world.villages
    ]
    width = max(len(found) for found in options)
    at, chance = np.zeros((len(options), width), dtype=np.int64), np.zeros((len(options), width))
    for row, found in enumerate(options):
        at[row], chance[row] = found[-1][0], 0.0
        at[row, : len(found)] = [number for number, _ in found]
        chance[row, : len(found)] = [weight for _, weight in found]
    return Choice(at, np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1))


def _pull(village: AreaRow, one: DemoSchool) -> float:
    away = hypot((one.village.lon or 0) - (village.lon or 0), (one.village.lat or 0) - (village.lat or 0))
    return one.pull * (0.15 + exp(-away / WALK))
