"""Counts of children by area: villages, towns, counties and the whole always add up, the unlocated included."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, reduce
from types import MappingProxyType
from typing import Final, cast

from domain.areas import LENGTHS

WHOLE = ""  # the code of everything together, above the areas
_FINER_FIRST = sorted(LENGTHS.values(), reverse=True)
_NO_SUCCESSORS: Mapping[str, str] = MappingProxyType({})


class Hidden(Enum):
    """The mark of a number that is known but withheld, because it is small or would give a small one away."""

    HIDDEN = "hidden"


HIDDEN: Final = Hidden.HIDDEN
Cell = int | None | Hidden  # a count; None: nobody reported it, which is not 0


@dataclass(frozen=True)
class AreaCounts:
    """One count (say, children at risk) over a list of areas.

    `totals`: area code (6, 9 or 12 digits; "" for the whole) -> children in the area and in all its parts.
    `unplaced`: the code of every area that may have parts -> those of its children whose part is not known; at "" those
    whose county is not known either. In an exact table total = totals of the parts + unplaced, everywhere. A part that
    nobody reported (None) adds nothing; a total is None when none of its parts is reported.
    """

    totals: Mapping[str, Cell]
    unplaced: Mapping[str, Cell]

    def inside(self, area: str) -> "AreaCounts":
        """The same counts of one area alone: what it lies in holds no others, what lies beside it is not seen.

        An area that is not counted by itself (a prefecture) is everything.
        """
        if area not in self.totals:
            return self
        above = [code for code in self.totals if code != area and area.startswith(code)]
        totals = {code: cell for code, cell in self.totals.items() if code.startswith(area)}
        unplaced = {code: cell for code, cell in self.unplaced.items() if code.startswith(area)}
        return AreaCounts(dict.fromkeys(above, totals[area]) | totals, dict.fromkeys(above, 0) | unplaced)

    def unlocated(self, drawn: Set[str]) -> Cell:
        """Children in none of the `drawn` areas (codes of one level): not matched to an area of it, or to one without a shape.

        Together with the totals of the drawn areas they make the total of the whole.
        """
        digits = len(next(iter(drawn))) if drawn else max(map(len, self.totals))
        loose = [cell for code, cell in self.unplaced.items() if len(code) < digits]
        missing = [self.totals[code] for code in self.totals.keys() - drawn if len(code) == digits]
        return reduce(add_cells, loose + missing, None)


def attach_counts(
    counts: Mapping[str, int | None], areas: Iterable[str], successors: Mapping[str, str] = _NO_SUCCESSORS
) -> AreaCounts:
    """Join `counts` (the code known of some children -> how many) to the `areas` that exist.

    An area that nobody counted in has 0. A code that is not among the areas counts at its successor after a merger
    (`successors`: old code -> new), else at the nearest area above that is known, where it is unplaced; nothing is dropped.
    A count of None marks an area that has not reported.
    """
    known = frozenset({WHOLE, *areas})
    own: defaultdict[str, Cell] = defaultdict(lambda: None)
    for code, count in counts.items():
        home = code if code in known and code not in successors else nearest(follow(code, successors), known)
        own[home] = add_cells(own[home], count)
    silent = {code for code, count in counts.items() if count is None}
    here = {code: own[code] if code in own and (own[code] is not None or code in silent) else 0 for code in known}
    totals = _sum_up(known, here) if silent else _sum_numbers(known, cast(dict[str, int], here))
    finest = max(map(len, known))
    return AreaCounts(totals, {code: cell for code, cell in here.items() if len(code) < finest})


def parts_of(codes: Iterable[str]) -> dict[str, list[str]]:
    """The areas directly below each area that has any, within `codes`; codes in order."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for code, above in sorted(_climb(frozenset({WHOLE, *codes}))):
        if code != WHOLE:
            parts[above].append(code)
    return dict(parts)


def nearest(code: str, known: Collection[str]) -> str:
    """`code` itself when it is known, else the closest known area above it; at worst the whole."""
    return code if code in known else _above(code, known)


def _above(code: str, known: Collection[str]) -> str:
    for length in _FINER_FIRST:
        if length < len(code) and code[:length] in known:
            return code[:length]
    return WHOLE


@lru_cache(maxsize=32)
def _climb(known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Every area with the one above it, parts before wholes. Kept, as the same list of areas is counted over and over."""
    return tuple((code, _above(code, known)) for code in sorted(known, key=len, reverse=True))


def follow(code: str, successors: Mapping[str, str]) -> str:
    """The code that took the place of `code`; a ring of successors (a clerk's error) ends where it began."""
    seen: set[str] = set()
    while code in successors and code not in seen:
        seen.add(code)
        code = successors[code]
    return code


def _sum_numbers(known: frozenset[str], here: Mapping[str, int]) -> dict[str, int]:
    """What _sum_up gives where everybody has reported."""
    totals = dict(here)
    for code, above in _climb(known):
        if code != WHOLE:
            totals[above] += totals[code]
    return totals


def _sum_up(known: frozenset[str], here: Mapping[str, Cell]) -> dict[str, Cell]:
    totals: dict[str, Cell] = {}
    below: dict[str, Cell] = {}
    for code, above in _climb(known):
        silent = code in below and below[code] is None and not here[code]
        totals[code] = None if silent else add_cells(below.get(code), here[code])
        below[above] = add_cells(below.get(above), totals[code])
    return totals


def add_cells(first: Cell, second: Cell) -> Cell:
    """The sum; what nobody reported adds nothing, what is hidden hides the sum."""
    if first is HIDDEN or second is HIDDEN:
        return HIDDEN
    if first is None or second is None:
        return second if first is None else first
    return first + second


def neediest_first(code: str, at_risk: Cell, overdue: Cell, left_behind: Cell) -> tuple[int, int, int, str]:
    """The order of villages on screen and in files: children at risk, then overdue, then left behind, most first; else by code.

    What is withheld or not known counts as none.
    """
    ranks = [-cell if isinstance(cell, int) else 0 for cell in (at_risk, overdue, left_behind)]
    return ranks[0], ranks[1], ranks[2], code
