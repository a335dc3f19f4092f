"""The maps of a page as asked for: one, two side by side, two of two days, or one of what changed between them."""

from dataclasses import replace

from domain.case_filter import CaseFilter
from domain.map_counts import MapCount
from domain.scope import Scope
from geo.drawing import Drawing, MapLayer, Source, draw_change, list_layers
from geo.layers import Layer, ShapeIndex, hide_small
from geo.map_sheet import SMALL
from geo.map_values import MapValues
from pages.shared.map_controls import Compare, MapChoice
from pages.shared.map_source import CachedSource
from pages.shared.view import read_asked, read_lang


def list_maps(scope: Scope, chosen: CaseFilter, asked: MapChoice, shapes: tuple[ShapeIndex, ...]) -> list[MapValues]:
    """The numbers of every map to draw."""
    drawn = list_drawn(CachedSource(scope), chosen, asked, shapes)
    if not scope.sees_children:
        drawn = [tuple(hide_small(layer, SMALL) for layer in layers) for layers in drawn]
    days = [str(one.as_of) for one in (asked.against, chosen) if one] if asked.against and len(drawn) == 2 else [""] * len(drawn)
    return [
        MapValues(
            shapes, layers, read_lang(), asked.level, focus=read_asked().area, title=day
        )  # who sees totals looks closer at the same numbers
        for layers, day in zip(drawn, days, strict=True)
    ]


def list_drawn(source: Source, chosen: CaseFilter, asked: MapChoice, shapes: tuple[ShapeIndex, ...]) -> list[tuple[Layer, ...]]:
    """The layers of every map to draw."""
    drawing = Drawing(source, chosen, chosen, asked.method, asked.level, shapes, read_lang())
    if asked.against is None:
        return list(list_layers(asked.layer, drawing))
    if asked.compare is Compare.CHANGE:
        return [draw_change(drawing, asked.against, MapCount(asked.layer.value))]
    layer = MapLayer.BOTH if asked.layer is MapLayer.SIDE_BY_SIDE else asked.layer
    other = replace(drawing, chosen=asked.against, beside=chosen, suffix=str(asked.against.as_of))
    this = replace(drawing, beside=asked.against, suffix=str(chosen.as_of))
    return [layers for one in (other, this) for layers in list_layers(layer, one)]
