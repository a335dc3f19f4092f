"""The legend as data: the page and the print draw the same rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.area_counts import HIDDEN, AreaCounts
from domain.targets import Verdict
from domain.terms import Lang, say, say_count
from geo.classes import NO_DATA, OUTSIDE, SCALE, SUPPRESSED, ZERO
from geo.layers import (
    CIRCLE_COLOUR,
    FLAG_COLOUR,
    NOT_SEEN,
    OUTSIDE_COLOUR,
    VERDICT_SHAPES,
    ZERO_COLOUR,
    Choropleth,
    Circles,
    Flags,
    Layer,
    SchoolMarks,
    ShapeIndex,
    cells_of,
)


class Swatch(StrEnum):
    """What stands before the words of a row."""

    FILL = "fill"
    HATCH = "hatch"  # suppressed
    DOTS = "dots"  # no data
    SOLID = "solid"  # a full circle, of the size of `count`
    RING = "ring"
    SHAPE = "shape"  # a mark: `detail` is its shape
    NONE = "none"  # unlocated: it is nowhere on the map


@dataclass(frozen=True)
class LegendRow:
    """One row: a sample, the words, and how many areas (or children, for the unlocated) it stands for."""

    swatch: Swatch
    label: str
    number: str = ""
    colour: str = ""
    detail: str = ""
    count: int = 0


@dataclass(frozen=True)
class LegendBlock:
    """The rows of one layer under its name."""

    title: str
    rows: tuple[LegendRow, ...]


def list_legend(layers: tuple[Layer, ...], index: ShapeIndex, lang: Lang) -> tuple[LegendBlock, ...]:
    """The legend of `layers` as drawn on the shapes of `index`, a block a layer."""
    return tuple(LegendBlock(layer.label, tuple(_rows(layer, index, lang))) for layer in layers)


def _rows(layer: Layer, index: ShapeIndex, lang: Lang) -> Iterator[LegendRow]:
    match layer:
        case Choropleth():
            yield from _class_rows(layer, index, lang)
        case Circles():
            yield from _circle_rows(layer, index, lang)
        case Flags():
            cells = cells_of(layer.counts, index)
            flagged = sum(isinstance(cell, int) and cell != 0 for cell in cells)
            yield LegendRow(Swatch.SHAPE, say("map.flagged", lang), _areas(flagged, index, lang), FLAG_COLOUR, "flag")
            yield from _not_seen(cells.count(NOT_SEEN), index, lang)
            yield from _unlocated(layer.counts, index, lang)
        case SchoolMarks():
            yield from _verdict_rows(layer, lang)


def _class_rows(layer: Choropleth, index: ShapeIndex, lang: Lang) -> Iterator[LegendRow]:
    found = Counter(layer.marks(index).values())
    if breaks := layer.breaks.get(index.level):
        for number, colour in enumerate(breaks.colours(layer.ramp)):
            yield LegendRow(Swatch.FILL, _class_label(breaks.edges, number), _areas(found[str(number)], index, lang), colour)
    yield LegendRow(Swatch.FILL, say("map.zero", lang), _areas(found[ZERO], index, lang), ZERO_COLOUR)
    yield from _gaps(found[NO_DATA], found[SUPPRESSED], index, lang)
    yield from _not_seen(found[OUTSIDE], index, lang)
    yield from _unlocated(layer.numerators, index, lang)


def _class_label(edges: tuple[int, ...], number: int) -> str:
    """`≤ 0.40 %`, `0.40–0.80 %`, `> 1.20 %`: an edge belongs to the class below it, the last class is open."""
    if number == 0:
        return f"≤ {_percent(edges[0])} %"
    if number == len(edges) - 1:
        return f"> {_percent(edges[number - 1])} %"
    return f"{_percent(edges[number - 1])}–{_percent(edges[number])} %"


def _percent(edge: int) -> str:
    return f"{edge * 100 // SCALE}.{edge * 100 % SCALE // 100:02d}"


def _circle_rows(layer: Circles, index: ShapeIndex, lang: Lang) -> Iterator[LegendRow]:
    largest = layer.full_size(index)
    for size in sorted({largest, -(-largest // 4), 1}, reverse=True):
        yield LegendRow(Swatch(layer.style), f"{size:,}", colour=CIRCLE_COLOUR, count=size, detail=str(largest))
    cells = cells_of(layer.counts, index)
    yield LegendRow(Swatch.FILL, say("map.zero", lang), _areas(cells.count(0), index, lang), ZERO_COLOUR)
    yield from _gaps(cells.count(None), cells.count(HIDDEN), index, lang)
    yield from _not_seen(cells.count(NOT_SEEN), index, lang)
    yield from _unlocated(layer.counts, index, lang)


def _verdict_rows(layer: SchoolMarks, lang: Lang) -> Iterator[LegendRow]:
    found = Counter(layer.verdicts.values())
    for verdict, (shape, colour) in VERDICT_SHAPES.items():
        if found[verdict]:
            number = say_count("map.schools", found[verdict], lang)
            yield LegendRow(Swatch.SHAPE, say(f"map.verdict.{Verdict(verdict)}", lang), number, colour, shape)


def _gaps(no_data: int, hidden: int, index: ShapeIndex, lang: Lang) -> Iterator[LegendRow]:
    if no_data:
        yield LegendRow(Swatch.DOTS, say("map.no_data", lang), _areas(no_data, index, lang))
    if hidden:
        yield LegendRow(Swatch.HATCH, say("map.hidden", lang), _areas(hidden, index, lang))


def _not_seen(count: int, index: ShapeIndex, lang: Lang) -> Iterator[LegendRow]:
    if count:
        yield LegendRow(Swatch.FILL, say("map.outside", lang), _areas(count, index, lang), OUTSIDE_COLOUR)


def _unlocated(counts: AreaCounts, index: ShapeIndex, lang: Lang) -> Iterator[LegendRow]:
    loose = counts.unlocated(index.code_set)
    number = say("map.hidden", lang) if loose is HIDDEN else say_count("map.children", loose or 0, lang)
    yield LegendRow(Swatch.NONE, say("map.unlocated", lang), number)


def _areas(count: int, index: ShapeIndex, lang: Lang) -> str:
    return say_count(f"map.areas.{index.level}", count, lang)
