"""What a map can show, as layers: counts as circles, rates as fills, schools and warnings as marks; for screen and print.

The numbers come from a Source: on the page the remembered reads, on the command line the database itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from domain.area_counts import AreaCounts
from domain.case_filter import CaseFilter
from domain.catchments import sum_catchments
from domain.grades import Stage
from domain.map_counts import MapCount
from domain.school_year import Period, school_year_of
from domain.targets import Verdict
from domain.terms import Lang, say
from geo.classes import FIFTHS, ClassBreaks, ClassMethod, Ramp, target_breaks
from geo.layers import Choropleth, Circles, CircleStyle, Flags, Layer, SchoolMarks, ShapeIndex, ShapeLevel
from geo.map_values import DrawnLevel

CENSUS = (10, 1)  # month and day whose shares make the classes of a school year: all its maps are painted alike
YEAR_END = (8, 31)  # of dropout, which grows over the year: the last day of the year before


class MapLayer(StrEnum):
    """The switch above the map."""

    BOTH = "both"
    SIDE_BY_SIDE = "side_by_side"
    AT_RISK = "at_risk"
    LEFT_BEHIND = "left_behind"
    LEFT_BEHIND_CIVIL = "left_behind_civil"
    OVERDUE = "overdue"
    MISSED_VISITS = "missed_visits"
    AT_RISK_SHARE = "at_risk_share"
    LEFT_BEHIND_SHARE = "left_behind_share"
    DROPOUT = "dropout"
    COVERAGE = "coverage"
    FRESHNESS = "freshness"
    SCHOOLS = "schools"


@dataclass(frozen=True)
class Share:
    """A rate as numerator over denominator, its colours, and how its classes may be found (the first is the default)."""

    above: MapCount
    below: MapCount
    ramp: Ramp
    methods: tuple[ClassMethod, ...] = (ClassMethod.QUANTILES, ClassMethod.NATURAL, ClassMethod.EQUAL)


SHARES = {
    MapLayer.AT_RISK_SHARE: Share(MapCount.AT_RISK, MapCount.CHILDREN, Ramp.YLORBR),
    MapLayer.LEFT_BEHIND_SHARE: Share(MapCount.LEFT_BEHIND, MapCount.CHILDREN, Ramp.YLGNBU),
    MapLayer.DROPOUT: Share(
        MapCount.LOST,
        MapCount.STARTED,
        Ramp.YLORBR,
        (ClassMethod.TARGET, ClassMethod.QUANTILES, ClassMethod.NATURAL, ClassMethod.EQUAL),
    ),
    MapLayer.COVERAGE: Share(MapCount.VISITED, MapCount.CASES, Ramp.YLGNBU, (ClassMethod.FIFTHS,)),
    MapLayer.FRESHNESS: Share(MapCount.CHECKED, MapCount.LEFT_BEHIND_ALL, Ramp.YLGNBU, (ClassMethod.FIFTHS,)),
}
FLAGGED = {MapLayer.OVERDUE: MapCount.OVERDUE, MapLayer.MISSED_VISITS: MapCount.MISSED_VISITS}
COUNTED = (MapLayer.AT_RISK, MapLayer.LEFT_BEHIND, MapLayer.LEFT_BEHIND_CIVIL)
STAGES = {DrawnLevel.CATCHMENT_PRIMARY: Stage.PRIMARY, DrawnLevel.CATCHMENT_JUNIOR: Stage.JUNIOR}
WORST = (Verdict.MISSED, Verdict.ON_COURSE, Verdict.MET, Verdict.NO_DATA, Verdict.UNSET)


Ratio = tuple[MapCount, MapCount]  # numerator, denominator


class Source(Protocol):
    """Where the numbers of a map come from, always for one who looks."""

    def count(self, chosen: CaseFilter, counted: MapCount, /) -> AreaCounts:
        """A count over villages, towns, counties and the whole."""

    def changed(self, chosen: CaseFilter, counted: MapCount, without: CaseFilter, /) -> AreaCounts:
        """The children behind a count by `chosen` who are not behind it by `without`."""

    def breaks(
        self,
        chosen: CaseFilter,
        share: Ratio,
        method: ClassMethod,
        codes: tuple[str, ...],
        stage: Stage | None,
        /,
    ) -> ClassBreaks:
        """The classes of a share over areas, or over the catchments of a stage."""

    def catchments(self, stage: Stage, /) -> Mapping[str, str]:
        """Village -> the school that serves it."""

    def verdicts(self, chosen: CaseFilter, /) -> Sequence[tuple[str, Verdict]]:
        """School code and verdict, for every stage of every school."""

    def target(self, chosen: CaseFilter, /) -> Fraction | None:
        """The strictest dropout target that binds the area in the filter's stage and year."""


@dataclass(frozen=True)
class Drawing:
    """What a map is asked to show: numbers of which filter, by which areas, in which classes.

    `census`: the filter whose school year gives the classes, the same for two maps that are compared. `beside`: the other
    day, to whose counts circles are drawn to scale. `suffix`: said after each label, to tell two days apart.
    """

    source: Source
    chosen: CaseFilter
    census: CaseFilter
    method: ClassMethod
    level: DrawnLevel
    shapes: tuple[ShapeIndex, ...]
    lang: Lang = "zh"
    beside: CaseFilter | None = None
    suffix: str = ""

    def count(self, counted: MapCount, chosen: CaseFilter | None = None) -> AreaCounts:
        """A count over the areas that are drawn."""
        return self.joined(self.source.count(chosen or self.chosen, counted))

    def joined(self, counts: AreaCounts) -> AreaCounts:
        """Counts by village as counts by catchment, where catchments are drawn."""
        stage = STAGES.get(self.level)
        return sum_catchments(counts, self.source.catchments(stage)) if stage else counts

    def say(self, key: str, **params: object) -> str:
        """Words in the language of the map."""
        return say(key, self.lang, **params)

    def label(self, words: str) -> str:
        """The words with what tells this map from the one beside it."""
        return f"{words} · {self.suffix}" if self.suffix else words


def list_layers(layer: MapLayer, drawing: Drawing) -> tuple[tuple[Layer, ...], ...]:
    """The layers of each map to draw: one map, or two."""
    if layer in SHARES:
        return ((draw_share(layer, drawing),),)
    if layer in FLAGGED:
        return ((Flags(drawing.label(drawing.say(f"layer.{layer}")), drawing.count(FLAGGED[layer])),),)
    if layer is MapLayer.SCHOOLS:
        return ((draw_schools(drawing),),)
    if layer is MapLayer.SIDE_BY_SIDE:
        return tuple((one,) for one in _draw_pair(drawing))
    if layer is MapLayer.BOTH:
        return (_draw_pair(drawing),)
    return ((draw_circles(MapCount(layer.value), drawing),),)


def draw_circles(counted: MapCount, drawing: Drawing, style: CircleStyle = CircleStyle.SOLID) -> Circles:
    """A count as circles, told as a share of the children of school age."""
    beside = (drawing.count(counted, drawing.beside),) if drawing.beside else ()
    label = drawing.label(drawing.say(f"measure.{counted}"))
    return Circles(label, drawing.count(counted), style, drawing.count(MapCount.CHILDREN), beside)


def _draw_pair(drawing: Drawing) -> tuple[Circles, Circles]:
    """Left behind as rings, at risk as full circles above them; each with a scale of its own, as their numbers lie far apart."""
    rings = draw_circles(MapCount.LEFT_BEHIND, drawing, CircleStyle.RING)
    return rings, draw_circles(MapCount.AT_RISK, drawing)


def _to_one_scale(*layers: Circles) -> tuple[Circles, ...]:
    """What left and what came of one count: the larger circle is more children."""
    together = tuple(counts for one in layers for counts in (one.counts, *one.beside))
    return tuple(replace(one, beside=together) for one in layers)


def draw_share(layer: MapLayer, drawing: Drawing) -> Choropleth:
    """A rate as fills."""
    share = SHARES[layer]
    if layer is MapLayer.DROPOUT:
        drawing = replace(drawing, chosen=of_stage(drawing.chosen), census=of_stage(drawing.census))
    above, below = drawing.count(share.above), drawing.count(share.below)
    return Choropleth(drawing.label(_say_share(layer, drawing)), above, below, read_breaks(layer, drawing), share.ramp)


def of_stage(chosen: CaseFilter) -> CaseFilter:
    """The filter with a stage: dropout is judged stage by stage, junior school where none is chosen."""
    return replace(chosen, stage=chosen.stage or Stage.JUNIOR)


def _say_share(layer: MapLayer, drawing: Drawing) -> str:
    if layer is not MapLayer.DROPOUT:
        return drawing.say(f"layer.{layer}")
    target = drawing.source.target(drawing.chosen)
    words = drawing.say("map_page.no_target")
    if target is not None:
        words = drawing.say("map_page.target", target=f"{float(target * 100):.2f}")
    return drawing.say("map_page.dropout", stage=drawing.say(f"stage.{drawing.chosen.stage}"), target=words)


def read_breaks(layer: MapLayer, drawing: Drawing) -> Mapping[ShapeLevel, ClassBreaks]:
    """The classes of a share by level: fixed ones, those of the target, or found over all areas of the scope on one day.

    The day is 1 October of the school year, whatever the filter (for dropout the end of the year before): maps of March and
    September, of one town and of all, are painted by the same classes.
    """
    levels = {index.level: index for index in drawing.shapes if index.level is not ShapeLevel.SCHOOL}
    if drawing.method is ClassMethod.FIFTHS:
        return dict.fromkeys(levels, FIFTHS)
    target = drawing.source.target(drawing.census) if drawing.method is ClassMethod.TARGET else None
    if target:
        return dict.fromkeys(levels, target_breaks(target))
    method = ClassMethod.QUANTILES if drawing.method is ClassMethod.TARGET else drawing.method
    return {level: _find_breaks(layer, drawing, method, index) for level, index in levels.items() if _is_drawn(level, drawing)}


def _is_drawn(level: ShapeLevel, drawing: Drawing) -> bool:
    auto = drawing.level is DrawnLevel.AUTO
    return level in (ShapeLevel.TOWN, ShapeLevel.VILLAGE) if auto else level == drawing.level.value


def _find_breaks(layer: MapLayer, drawing: Drawing, method: ClassMethod, index: ShapeIndex) -> ClassBreaks:
    share, stage = SHARES[layer], STAGES.get(drawing.level)
    ratio = (share.above, share.below)
    found = drawing.source.breaks(_census(layer, drawing.census), ratio, method, index.codes, stage)
    return found if found.edges else drawing.source.breaks(drawing.census, ratio, method, index.codes, stage)


def _census(layer: MapLayer, chosen: CaseFilter) -> CaseFilter:
    if chosen.as_of is None:
        raise ValueError("resolve the filter before drawing: it has no as-of date")
    year = school_year_of(chosen.as_of)
    if layer is MapLayer.DROPOUT:
        return CaseFilter(as_of=date(year, *YEAR_END), period=Period(year - 1), stage=chosen.stage, basis=chosen.basis)
    return CaseFilter(as_of=date(year, *CENSUS), basis=chosen.basis)


def draw_schools(drawing: Drawing) -> SchoolMarks:
    """The schools by their verdict; of a nine-year school the worse of its two."""
    found: dict[str, Verdict] = {}
    for code, verdict in drawing.source.verdicts(drawing.chosen):
        found[code] = min(found.get(code, verdict), verdict, key=WORST.index)
    return SchoolMarks(drawing.label(drawing.say("layer.schools")), found)


def draw_change(drawing: Drawing, against: CaseFilter, counted: MapCount) -> tuple[Circles, ...]:
    """Who left a count since the other day, as rings, and who came into it, as full circles, to one scale."""
    left = drawing.joined(drawing.source.changed(against, counted, drawing.chosen))
    came = drawing.joined(drawing.source.changed(drawing.chosen, counted, against))
    said = {"measure": drawing.say(f"measure.{counted}"), "since": against.as_of}
    return _to_one_scale(
        Circles(drawing.say("map_page.left", **said), left, CircleStyle.RING),
        Circles(drawing.say("map_page.came", **said), came),
    )
