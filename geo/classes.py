"""Classes of a choropleth: where they begin, which area is in which, and in what colours.

Breaks are found once and kept (frozen), so that March and September are painted by the same classes. Edges are whole
ten-thousandths (1 = 0.01 %), the step in which rates are shown: what the legend says is exactly how areas are painted.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np
from numpy.typing import NDArray

from domain.area_counts import HIDDEN, Cell

CLASSES = 5
SCALE = 10_000  # an edge of 80 is a rate of 0.0080
_SAMPLE = 400  # natural breaks look at this many values, evenly spread over the sorted ones

ZERO, NO_DATA, SUPPRESSED, OUTSIDE = "z", "-", "x", "w"  # the marks of areas outside the classes; those inside are "0" to "4"


class ClassMethod(StrEnum):
    """How the breaks are found."""

    QUANTILES = "quantiles"  # as many areas in each class
    NATURAL = "natural"  # least spread within the classes (Jenks)
    EQUAL = "equal"  # classes of equal width
    TARGET = "target"  # half, once, twice and four times the target in force
    FIFTHS = "fifths"  # 20, 40, 60, 80 %: for shares that may be anything up to the whole


class Ramp(StrEnum):
    """A row of colours whose order survives colour blindness and greyscale: ColorBrewer, without the palest step."""

    YLGNBU = "YlGnBu"
    YLORBR = "YlOrBr"


COLOURS: dict[Ramp, tuple[str, ...]] = {
    Ramp.YLGNBU: ("#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"),
    Ramp.YLORBR: ("#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"),
}


@dataclass(frozen=True)
class ClassBreaks:
    """The upper edges of the classes in ten-thousandths, ascending; each class includes its upper edge, the last is open."""

    method: ClassMethod
    edges: tuple[int, ...]

    def __post_init__(self) -> None:
        if any(low >= high for low, high in pairwise((0, *self.edges))) or len(self.edges) > CLASSES:
            raise ValueError(f"edges of classes must rise from above 0, at most {CLASSES}: {self.edges}")

    def colours(self, ramp: Ramp) -> tuple[str, ...]:
        """A colour for each class, the whole ramp stretched over however many there are."""
        steps = np.linspace(0, CLASSES - 1, len(self.edges)) if len(self.edges) > 1 else np.array([CLASSES // 2])
        return tuple(COLOURS[ramp][round(float(step))] for step in steps[: len(self.edges)])


FIFTHS = ClassBreaks(ClassMethod.FIFTHS, tuple(SCALE * step // CLASSES for step in range(1, CLASSES + 1)))


def target_breaks(target: Fraction) -> ClassBreaks:
    """Classes around a target: up to half of it, up to it, up to twice, four times, and beyond. Raises ValueError for zero."""
    if target <= 0:
        raise ValueError("a target of zero has no classes: whatever is above it misses it")
    edge = target * SCALE
    return ClassBreaks(ClassMethod.TARGET, tuple(sorted({max(1, floor(edge * step)) for step in TARGET_STEPS})))


TARGET_STEPS = (Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4), Fraction(1_000_000))


def find_breaks(numerators: Mapping[str, Cell], denominators: Mapping[str, Cell], method: ClassMethod) -> ClassBreaks:
    """Up to five classes over the rates above zero; fewer where there are fewer different rates, none where there are none.

    Rates that are zero, missing or hidden are shown apart and have no part in it.
    """
    above, below = (np.array(side, np.int64) for side in _known_rates(numerators, denominators))
    rates = np.unique(-(-above * SCALE // below)) if len(above) else above  # rounded up, so that the edge includes its rate
    if len(rates) <= CLASSES:
        return ClassBreaks(method, tuple(int(rate) for rate in rates))
    found = _FINDERS[method](np.sort(above * SCALE / below))
    return ClassBreaks(method, tuple(sorted({int(edge) for edge in np.ceil(found.round(6))})))


def classify_rates(
    codes: Collection[str], numerators: Mapping[str, Cell], denominators: Mapping[str, Cell], breaks: ClassBreaks
) -> dict[str, str]:
    """The mark of each area of `codes`: the number of its class, or ZERO, NO_DATA, SUPPRESSED, OUTSIDE.

    Outside: not among the areas of the one who looks, all of which the numbers know. No data: numerator or denominator not
    reported, or nobody to take a share of. Compared exactly (numerator x 10,000 against edge x denominator), an edge belonging
    to the class below it; a rate above the last edge is in the last class.
    """
    inner_edges = breaks.edges[:-1]
    return {
        code: _mark(numerators[code], denominators.get(code), inner_edges) if code in numerators else OUTSIDE for code in codes
    }


def _mark(numerator: Cell, denominator: Cell, inner_edges: tuple[int, ...]) -> str:
    if numerator is HIDDEN or denominator is HIDDEN:
        return SUPPRESSED
    if numerator is None or not denominator:
        return NO_DATA
    if numerator <= 0:
        return ZERO
    return str(bisect_left(inner_edges, -(-numerator * SCALE // denominator)))  # rounded up: an edge takes what equals it


def _known_rates(numerators: Mapping[str, Cell], denominators: Mapping[str, Cell]) -> tuple[list[int], list[int]]:
    pairs = ((above, denominators.get(code)) for code, above in numerators.items())
    known = [(above, below) for above, below in pairs if isinstance(above, int) and isinstance(below, int) and above > 0 < below]
    return [above for above, _ in known], [below for _, below in known]


_Floats = NDArray[np.float64]


def _quantiles(rates: _Floats) -> _Floats:
    return np.quantile(rates, np.linspace(0, 1, CLASSES + 1)[1:])


def _equal_steps(rates: _Floats) -> _Floats:
    return np.linspace(rates[0], rates[-1], CLASSES + 1)[1:]


def _natural(rates: _Floats) -> _Floats:
    """Jenks: of all ways to cut the sorted rates into classes, the one with the least sum of squared distances from class means.

    `best[j]` is the least cost of the rates before the j-th in the classes so far; `start[c][j]` where the last of them starts.
    """
    rates = rates[np.linspace(0, len(rates) - 1, min(len(rates), _SAMPLE)).round().astype(int)]
    count = len(rates)
    cost = _costs(rates)
    best, starts = cost[0], []
    for _ in range(CLASSES - 1):
        with_last = best[:, None] + cost
        starts.append(with_last.argmin(axis=0))
        best = with_last.min(axis=0)
    ends = [count]
    for start in reversed(starts):
        ends.append(int(start[ends[-1]]))
    return np.array([rates[end - 1] for end in reversed(ends)])


def _costs(rates: _Floats) -> _Floats:
    """`[i, j]`: the squared distances from the mean of the sorted rates i to j-1, summed; infinite where there are none."""
    sums, squares = (np.concatenate([[0.0], np.cumsum(values)]) for values in (rates, rates**2))
    sizes = np.arange(len(sums))[None, :] - np.arange(len(sums))[:, None]
    spread = squares[None, :] - squares[:, None] - (sums[None, :] - sums[:, None]) ** 2 / np.maximum(sizes, 1)
    return np.where(sizes > 0, spread, np.inf)


_FINDERS: dict[ClassMethod, Callable[[_Floats], _Floats]] = {
    ClassMethod.QUANTILES: _quantiles,
    ClassMethod.NATURAL: _natural,
    ClassMethod.EQUAL: _equal_steps,
}
