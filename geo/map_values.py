"""The numbers of one filter as they travel to the browser: a letter or two an area, in the order of the shapes.

A cell is `-` when not reported, `x` when hidden, `w` when not for the one who looks, else its number to the base of 32, without
anything between the cells: the last digit is one of 0-9a-v, those before it (from 32 on) are of a second set; `~` stands before
a negative number. `^` and a number after a cell: it stands that many times more. A row of cells travels once, whatever layers
draw it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from enum import StrEnum
from itertools import repeat
from typing import Any

from domain.area_counts import HIDDEN, Cell
from domain.terms import Lang, say
from geo.classes import OUTSIDE
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
    NotSeen,
    SchoolMarks,
    ShapeIndex,
    ShapeLevel,
)
from geo.legend import list_legend

_LAST_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_LEADING_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!()*+:"
_MINUS = "~"  # a net count of losses can be below zero (two_basics)
_BEFORE_LAST = re.escape(_LEADING_DIGITS + _MINUS)
_RUN = re.compile(f"(?<![{_BEFORE_LAST}])([{_BEFORE_LAST}]*[^{_BEFORE_LAST}])\\1{{3,}}")  # a whole cell, and the same again
_WORDS = ("legend", "whole", "zoom_in", "zoom_out", "name", "synthetic", "loading", "failed", "no_data", "hidden", "outside")


class DrawnLevel(StrEnum):
    """Which areas carry the numbers. AUTO: villages, but towns until one has zoomed in so far that villages can be told apart."""

    AUTO = "auto"
    TOWN = "town"
    VILLAGE = "village"
    CATCHMENT_PRIMARY = "zone_primary"
    CATCHMENT_JUNIOR = "zone_junior"


@dataclass(frozen=True)
class MapValues:
    """What a filter changes: the numbers, the words, and which area is meant.

    `selected` is outlined; the map moves to `focus` when that becomes another area, and otherwise never by itself.
    """

    shapes: tuple[ShapeIndex, ...]
    layers: tuple[Layer, ...]
    lang: Lang = "zh"
    level: DrawnLevel = DrawnLevel.AUTO
    selected: str | None = None
    focus: str | None = None
    dark: bool = False
    title: str = ""  # said above the map, where there are two


def write_values(values: MapValues) -> str:
    """The payload for VillageMap.show, as JSON that is safe inside a script."""
    sent = _sent_levels(values)
    schools = next((index for index in values.shapes if index.level is ShapeLevel.SCHOOL), None)
    rows = _Rows(sent)
    return write_json(
        {
            "levels": [index.level for index in sent],
            "layers": [_write_layer(layer, rows, schools, values.lang) for layer in values.layers],
            "rows": rows.written,
            "legend": {index.level: _write_legend(values, index) for index in sent},
            "words": {word: say(f"map.{word}", values.lang) for word in _WORDS},
            "zero": ZERO_COLOUR,
            "outside": OUTSIDE_COLOUR,
            "selected": values.selected,
            "focus": values.focus,
            "dark": values.dark,
        }
    )


def write_json(value: object) -> str:
    """Compact ASCII JSON in which no `<` can end a script."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _sent_levels(values: MapValues) -> list[ShapeIndex]:
    """The levels whose numbers are sent, coarser first."""
    by_level = {index.level: index for index in values.shapes}
    auto = values.level is DrawnLevel.AUTO
    wanted = (ShapeLevel.TOWN, ShapeLevel.VILLAGE) if auto else (ShapeLevel(values.level.value),)
    return [by_level[level] for level in wanted if level in by_level]


class _Rows:
    """The rows of cells by level, each once; a layer names its own by their numbers."""

    def __init__(self, sent: list[ShapeIndex]) -> None:
        self.sent = sent
        self.written: dict[str, list[str]] = {index.level: [] for index in sent}

    def numbers(self, *tables: Mapping[str, Cell]) -> dict[str, list[int]]:
        """The numbers of the rows of these tables, by level."""
        return {index.level: [self._number(index, table) for table in tables] for index in self.sent}

    def _number(self, index: ShapeIndex, table: Mapping[str, Cell]) -> int:
        row, written = write_row(map(table.get, index.codes, repeat(NOT_SEEN))), self.written[index.level]
        if row not in written:
            written.append(row)
        return written.index(row)


def _write_layer(layer: Layer, rows: _Rows, schools: ShapeIndex | None, lang: Lang) -> dict[str, Any]:
    match layer:
        case Circles():
            largest = {index.level: layer.full_size(index) for index in rows.sent}
            look = {"kind": "circles", "style": layer.style, "colour": CIRCLE_COLOUR, "largest": largest}
            return look | {"label": layer.label, "data": rows.numbers(*_tables(layer))}
        case Choropleth():
            marks = {index.level: "".join(layer.marks(index).values()) for index in rows.sent}
            colours = {level: breaks.colours(layer.ramp) for level, breaks in layer.breaks.items()}
            rates = rows.numbers(layer.numerators.totals, layer.denominators.totals)
            return {"kind": "fill", "label": layer.label, "marks": marks, "colours": colours, "data": rates}
        case Flags():
            return {"kind": "flags", "label": layer.label, "colour": FLAG_COLOUR, "data": rows.numbers(layer.counts.totals)}
        case SchoolMarks():
            return {"kind": "schools", "label": layer.label} | _write_schools(layer, schools, lang)


def _tables(layer: Circles) -> list[Mapping[str, Cell]]:
    return [counts.totals for counts in (layer.counts, layer.whole) if counts]


def _write_schools(layer: SchoolMarks, schools: ShapeIndex | None, lang: Lang) -> dict[str, Any]:
    """A sign a school, in the order of the shapes, and what each sign looks like and means."""
    signs = {verdict: str(number) for number, verdict in enumerate(VERDICT_SHAPES)}
    styles = {signs[verdict]: (*look, say(f"map.verdict.{verdict}", lang)) for verdict, look in VERDICT_SHAPES.items()}
    verdicts = [layer.verdicts.get(code) for code in (schools.codes if schools else ())]
    return {"styles": styles, "marks": "".join("-" if verdict is None else signs[verdict] for verdict in verdicts)}


def write_row(cells: Iterable[Cell | NotSeen]) -> str:
    """The cells one after the other, four and more of the same shortened."""
    return _RUN.sub(_shorten, "".join(map(_WRITTEN.__getitem__, cells)))


def _shorten(run: re.Match[str]) -> str:
    return f"{run[1]}^{_WRITTEN[len(run[0]) // len(run[1]) - 1]}"


class _Written(dict[Cell | NotSeen, str]):
    """Each cell as it is written, worked out once."""

    def __missing__(self, cell: Cell | NotSeen) -> str:
        told = self[cell] = _write_cell(cell)
        return told


def _write_cell(cell: Cell | NotSeen) -> str:
    if cell is NOT_SEEN:
        return OUTSIDE
    if cell is HIDDEN:
        return "x"
    if cell is None:
        return "-"
    leading, last = divmod(abs(cell), len(_LAST_DIGITS))
    text = _LAST_DIGITS[last]
    while leading:
        leading, digit = divmod(leading, len(_LEADING_DIGITS))
        text = _LEADING_DIGITS[digit] + text
    return text if cell >= 0 else _MINUS + text


_WRITTEN = _Written()


def _write_legend(values: MapValues, index: ShapeIndex) -> list[tuple[str, list[tuple[Any, ...]]]]:
    blocks = list_legend(values.layers, index, values.lang)
    return [(block.title, [astuple(row) for row in block.rows]) for block in blocks]
