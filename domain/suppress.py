"""Small numbers in public and shared tables: hidden, together with what would give them away."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from domain.area_counts import HIDDEN, AreaCounts, Cell, parts_of
from domain.errors import ProblemError
from domain.map_counts import RESTS, MapCount
from domain.rates import Rate

_Key = tuple[Literal["total", "unplaced"], str]


@dataclass(frozen=True)
class SuppressRule:
    """What must not be shown: counts of 1 to `largest_hidden`, and rates over fewer than `smallest_denominator` children.

    Zero is always shown; a limit of 1 would hide nothing, as a hidden count could only be 1. Raises ProblemError when
    `largest_hidden` is not 2 to 9 or `smallest_denominator` is below 1.
    """

    largest_hidden: int = 4
    smallest_denominator: int = 20

    def __post_init__(self) -> None:
        if not 2 <= self.largest_hidden <= 9:
            raise ProblemError("map.suppress.largest", value=self.largest_hidden)
        if self.smallest_denominator < 1:
            raise ProblemError("map.suppress.denominator", value=self.smallest_denominator)


def suppress_counts(counts: AreaCounts, rule: SuppressRule) -> AreaCounts:
    """The same table with small counts HIDDEN, and as many others as it takes that no sum gives a hidden one away.

    Hidden are the counts of 1 to `largest_hidden` (primary); then, for every total that stays, further parts, the
    smallest first (secondary), until the hidden parts have more than one solution, even for a reader who knows that
    each of them is at least 1 and what the limit is. Where a total has no part left to hide, the total itself goes.

    The guarantee holds for one table. A table that stands beside the whole it is part of goes through suppress_part; tables
    of filters that differ by a few children must not be published side by side (domain.case_filter.CaseFilter.narrowed).
    """
    table = _Table(counts, rule.largest_hidden)
    while sum(table.protect(code) for code in table.parts):
        pass
    return AreaCounts(
        {code: table.shown(("total", code)) for code in counts.totals},
        {code: table.shown(("unplaced", code)) for code in counts.unplaced},
    )


def suppress_part(part: AreaCounts, whole: AreaCounts, rule: SuppressRule) -> AreaCounts:
    """`part` as it may stand beside the `whole` it is taken from: small counts HIDDEN, and those whose rest is small.

    95 visited of 97 say that 2 were not. What part and rest hide together is safe for both, as hiding more never narrows down.
    """
    return _hide_where(suppress_counts(part, rule), suppress_counts(_subtract(whole, part), rule))


def publish(count: Callable[[MapCount], AreaCounts], counted: MapCount, rule: SuppressRule) -> AreaCounts:
    """The count `counted` as it may be shared, beside any other count of the map (domain.map_counts.RESTS)."""
    shown = suppress_counts(count(counted), rule)
    for whole, *parts in RESTS.get(counted, ()):
        rest = reduce(_subtract, (count(part) for part in parts), count(whole))
        shown = _hide_where(shown, suppress_counts(rest, rule))
    return shown


def is_small(rate: Rate, rule: SuppressRule = SuppressRule()) -> bool:
    """Whether a rate must not be shared: few children in it, few outside it, or few to take it of."""
    few = range(1, rule.largest_hidden + 1)
    rest = rate.denominator - rate.numerator
    return rate.numerator in few or rest in few or 0 < rate.denominator < rule.smallest_denominator


def _subtract(whole: AreaCounts, part: AreaCounts) -> AreaCounts:
    return AreaCounts(
        *({code: _difference(cell, less.get(code)) for code, cell in more.items()} for more, less in _pairs(whole, part))
    )


def _hide_where(counts: AreaCounts, others: AreaCounts) -> AreaCounts:
    return AreaCounts(
        *(
            {code: HIDDEN if beside[code] is HIDDEN else cell for code, cell in own.items()}
            for own, beside in _pairs(counts, others)
        )
    )


def _pairs(one: AreaCounts, other: AreaCounts) -> tuple[tuple[Mapping[str, Cell], Mapping[str, Cell]], ...]:
    return (one.totals, other.totals), (one.unplaced, other.unplaced)


def _difference(whole: Cell, part: Cell) -> Cell:
    if isinstance(whole, int) and isinstance(part, int):
        return whole - part
    return HIDDEN if HIDDEN in (whole, part) else None


def suppress_rates(numerators: AreaCounts, denominators: AreaCounts, rule: SuppressRule) -> tuple[AreaCounts, AreaCounts]:
    """Numerators and denominators with both HIDDEN wherever the rate must not be shown.

    A rate goes when its own numerator or denominator goes (suppress_part, suppress_counts), or when the denominator is below
    `smallest_denominator`, where one child moves the rate by several points.
    """
    above, below = suppress_part(numerators, denominators, rule), suppress_counts(denominators, rule)
    gone = {code for code, cell in above.totals.items() if _hides_rate(cell, below.totals.get(code), rule)}
    return _without(above, gone), _without(below, gone)


def _hides_rate(numerator: Cell, denominator: Cell, rule: SuppressRule) -> bool:
    if numerator is HIDDEN or denominator is HIDDEN:
        return True
    return denominator is not None and 0 < denominator < rule.smallest_denominator


def _without(counts: AreaCounts, gone: set[str]) -> AreaCounts:
    return AreaCounts({code: HIDDEN if code in gone else cell for code, cell in counts.totals.items()}, counts.unplaced)


class _Table:
    """The cells of one table while it is being made safe: what each holds, and which are hidden by now."""

    def __init__(self, counts: AreaCounts, limit: int) -> None:
        self.limit = limit
        self.cells: dict[_Key, Cell] = {("total", code): cell for code, cell in counts.totals.items()}
        self.cells |= {("unplaced", code): cell for code, cell in counts.unplaced.items()}
        self.parts: Mapping[str, list[_Key]] = {
            code: [("unplaced", code), *(("total", part) for part in parts)] for code, parts in parts_of(counts.totals).items()
        }
        self.small = {key for key in self.cells if 0 < self.number(key) <= limit}
        self.hidden = {*self.small, *(key for key, cell in self.cells.items() if cell is HIDDEN)}

    def number(self, key: _Key) -> int:
        """What the cell holds; 0 for one that is not reported or was hidden before, as neither can be added up."""
        cell = self.cells.get(key)
        return cell if isinstance(cell, int) else 0

    def shown(self, key: _Key) -> Cell:
        return HIDDEN if key in self.hidden else self.cells[key]

    def protect(self, code: str) -> bool:
        """Hide one more cell if the parts of `code` need it; False when they are safe."""
        total: _Key = ("total", code)
        gone = [key for key in self._region(code) if key in self.hidden and not self._opens(key)]
        if self._is_safe(gone) if total not in self.hidden else gone or not self.number(total):
            return False
        shown = [key for key in self._region(code) if key not in self.hidden and self.number(key) > 0]
        self.hidden.add(min(shown, key=lambda key: (self.number(key), key), default=total))
        return True

    def _region(self, code: str) -> Iterator[_Key]:
        """The parts of `code`, and the parts of those parts whose own total is hidden and so binds nothing."""
        for key in self.parts[code]:
            yield key
            if key in self.hidden and self._opens(key):
                yield from self._region(key[1])

    def _opens(self, key: _Key) -> bool:
        return key[0] == "total" and key[1] in self.parts

    def _is_safe(self, gone: list[_Key]) -> bool:
        """Whether hidden cells of a known sum can each hold more than one value.

        Not so for a single cell, for cells that must all be 1, or where all could only stand at the limit.
        """
        known_sum = sum(self.number(key) for key in gone)
        return not gone or (len(gone) > 1 and known_sum not in (len(gone), len(gone) * self.limit))
