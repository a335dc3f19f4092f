"""What a map can show: the same layers for the screen and for print, and the index of the shapes they lie on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import cached_property
from itertools import repeat
from typing import Final

from domain.area_counts import AreaCounts, Cell
from domain.suppress import SuppressRule, suppress_counts, suppress_rates
from domain.targets import Verdict
from geo.classes import NO_DATA, ClassBreaks, Ramp, classify_rates


class ShapeLevel(StrEnum):
    """The kinds of shapes a map is made of; areas from large to small, then the schools (points)."""

    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    CATCHMENT_PRIMARY = "zone_primary"  # 学区: the villages that one school serves, under the school's code
    CATCHMENT_JUNIOR = "zone_junior"
    SCHOOL = "school"


@dataclass(frozen=True)
class ShapeIndex:
    """What a page needs to know of a bundle of shapes: the order of its codes, in which the numbers travel, and its address."""

    level: ShapeLevel
    etag: str
    codes: tuple[str, ...]

    @cached_property
    def code_set(self) -> frozenset[str]:
        return frozenset(self.codes)


class NotSeen(Enum):
    """The mark of an area whose numbers the one who looks has no right to: it is not the same as no data."""

    NOT_SEEN = "not_seen"


NOT_SEEN: Final = NotSeen.NOT_SEEN


class CircleStyle(StrEnum):
    """Two circles at one place are told apart by more than their colour."""

    SOLID = "solid"
    RING = "ring"


@dataclass(frozen=True)
class Circles:
    """A count as circles whose area (not radius) grows with it.

    `whole`: what the count is a share of, told when pointed at. `beside`: other counts of children to whose scale
    the circles are drawn, so that those of two dates, or two that stand at one place, can be compared.
    """

    label: str
    counts: AreaCounts
    style: CircleStyle = CircleStyle.SOLID
    whole: AreaCounts | None = None
    beside: tuple[AreaCounts, ...] = ()

    def full_size(self, index: ShapeIndex) -> int:
        """The count drawn full size: the greatest on this level, rounded up to 1, 2 or 5 times a power of ten."""
        different = {cell for counts in (self.counts, *self.beside) for cell in set(cells_of(counts, index))}
        return round_up(max((cell for cell in different if isinstance(cell, int)), default=1))


@dataclass(frozen=True)
class Choropleth:
    """A rate as the fill of each area; `breaks` by level, as towns spread less than villages."""

    label: str
    numerators: AreaCounts
    denominators: AreaCounts
    breaks: Mapping[ShapeLevel, ClassBreaks]
    ramp: Ramp = Ramp.YLGNBU

    def marks(self, index: ShapeIndex) -> dict[str, str]:
        """The class of every area of the bundle (geo.classes); no data on a level without breaks."""
        breaks = self.breaks.get(index.level)
        if breaks is None:
            return dict.fromkeys(index.codes, NO_DATA)
        return classify_rates(index.codes, self.numerators.totals, self.denominators.totals, breaks)


@dataclass(frozen=True)
class Flags:
    """A warning mark wherever the count is not zero: overdue steps, villages not visited."""

    label: str
    counts: AreaCounts


@dataclass(frozen=True)
class SchoolMarks:
    """Schools as points, by how each stands against its target. Schools without a verdict are not drawn."""

    label: str
    verdicts: Mapping[str, Verdict]


AreaLayer = Circles | Choropleth | Flags
Layer = AreaLayer | SchoolMarks

VERDICT_SHAPES: dict[Verdict, tuple[str, str]] = {  # shape, colour: never told by the colour alone
    Verdict.MET: ("circle", "#2e7d32"),
    Verdict.ON_COURSE: ("diamond", "#1f5a94"),
    Verdict.MISSED: ("triangle", "#c4261d"),
    Verdict.UNSET: ("square", "#5f6773"),
    Verdict.NO_DATA: ("cross", "#5f6773"),
}
CIRCLE_COLOUR = "#1f5a94"
FLAG_COLOUR = "#c4261d"
ZERO_COLOUR = "#ffffff"
OUTSIDE_COLOUR = "#d9dce1"


def hide_small(layer: Layer, rule: SuppressRule) -> Layer:
    """The layer as it may leave the view of the one who sees it: small counts and rates over few children hidden."""
    match layer:
        case Choropleth():
            numerators, denominators = suppress_rates(layer.numerators, layer.denominators, rule)
            return replace(layer, numerators=numerators, denominators=denominators)
        case Circles():
            beside = tuple(suppress_counts(one, rule) for one in layer.beside)
            return replace(layer, counts=suppress_counts(layer.counts, rule), whole=None, beside=beside)
        case Flags():
            return replace(layer, counts=suppress_counts(layer.counts, rule))
        case SchoolMarks():
            return layer


def cells_of(counts: AreaCounts, index: ShapeIndex) -> list[Cell | NotSeen]:
    """The counts of the areas of a bundle, in its order; NOT_SEEN for an area that the counts do not know."""
    return list(map(counts.totals.get, index.codes, repeat(NOT_SEEN)))


def round_up(count: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... from `count` on; 1 for nothing."""
    power: int = 10 ** (len(str(max(count, 1))) - 1)
    return next(step * power for step in (1, 2, 5, 10) if step * power >= count)
