"""What the map page can show, and how its classes are found."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from data_access.measures import Measure
from domain.area_counts import AreaCounts
from domain.case_filter import CaseFilter
from domain.school_year import school_year_of
from domain.scope import Scope
from geo.classes import ClassBreaks, ClassMethod, Ramp
from geo.layers import AreaLayer, Choropleth, Circles, CircleStyle, Flags, ShapeIndex, ShapeLevel
from pages.shared import cached
from pages.shared.view import tell

CENSUS = (10, 1)  # month and day whose rates make the classes of a school year: all its maps are painted alike


class MapLayer(StrEnum):
    """The switch above the map."""

    BOTH = "both"
    SIDE_BY_SIDE = "side_by_side"
    AT_RISK = "at_risk"
    LEFT_BEHIND = "left_behind"
    LEFT_BEHIND_CIVIL = "left_behind_civil"
    OVERDUE = "overdue"
    AT_RISK_SHARE = "at_risk_share"
    LEFT_BEHIND_SHARE = "left_behind_share"


class Below(StrEnum):
    """The lists under the map."""

    VILLAGES = "villages"
    UNLOCATED = "unlocated"


SHARES = {MapLayer.AT_RISK_SHARE: (Measure.AT_RISK, Ramp.YLORBR), MapLayer.LEFT_BEHIND_SHARE: (Measure.LEFT_BEHIND, Ramp.YLGNBU)}


def list_layers(
    layer: MapLayer, scope: Scope, chosen: CaseFilter, method: ClassMethod, shapes: tuple[ShapeIndex, ...]
) -> tuple[tuple[AreaLayer, ...], ...]:
    """The layers of each map to draw: one map, or two."""
    if layer in SHARES:
        measure, ramp = SHARES[layer]
        return ((_draw_share(scope, chosen, measure, ramp, method, shapes),),)
    if layer is MapLayer.OVERDUE:
        return ((Flags(tell("measure.overdue"), _counts(scope, chosen, Measure.OVERDUE)),),)
    if layer in (MapLayer.BOTH, MapLayer.SIDE_BY_SIDE):
        pair = _draw_pair(scope, chosen)
        return (pair,) if layer is MapLayer.BOTH else tuple((one,) for one in pair)
    measure = Measure(layer.value)
    return ((Circles(tell(f"measure.{measure}"), _counts(scope, chosen, measure)),),)


def _counts(scope: Scope, chosen: CaseFilter, measure: Measure) -> AreaCounts:
    return cached.read_area_counts(scope, chosen, measure)


def _draw_pair(scope: Scope, chosen: CaseFilter) -> tuple[Circles, Circles]:
    """Left behind as rings, at risk as full circles above them; each with a scale of its own, as their numbers lie far apart."""
    return (
        Circles(tell("measure.left_behind"), _counts(scope, chosen, Measure.LEFT_BEHIND), CircleStyle.RING),
        Circles(tell("measure.at_risk"), _counts(scope, chosen, Measure.AT_RISK)),
    )


def _draw_share(
    scope: Scope, chosen: CaseFilter, measure: Measure, ramp: Ramp, method: ClassMethod, shapes: tuple[ShapeIndex, ...]
) -> Choropleth:
    above, below = _counts(scope, chosen, measure), _counts(scope, chosen, Measure.CHILDREN)
    return Choropleth(tell(f"layer.{measure}_share"), above, below, read_breaks(scope, chosen, measure, method, shapes), ramp)


def read_breaks(
    scope: Scope, chosen: CaseFilter, measure: Measure, method: ClassMethod, shapes: tuple[ShapeIndex, ...]
) -> Mapping[ShapeLevel, ClassBreaks]:
    """The classes of a share: over all areas of the scope on 1 October of the school year, whatever the filter.

    So maps of March and September, of one town and of all, are painted by the same classes.
    """
    day = chosen.as_of or cached.moment().today
    census = CaseFilter(as_of=date(school_year_of(day), *CENSUS), basis=chosen.basis)
    levels = {index.level: index.codes for index in shapes if index.level in (ShapeLevel.TOWN, ShapeLevel.VILLAGE)}
    return {level: cached.read_breaks(scope, census, measure, method, codes) for level, codes in levels.items()}
