"""Bars made of parts, a row each: how many of a whole stand in each state, with the numbers in words above."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.shared.charts import DARK, LIGHT, Colours, Spec, framed

ROW_HEIGHT, PADDING = 36, 24  # pixels


@dataclass(frozen=True)
class Stack:
    """One bar: its words, and its parts from left to right as (colour of pages.shared.charts.Colours or `pale`, count)."""

    words: str
    parts: tuple[tuple[str, int], ...]


def draw_stacks(stacks: Sequence[Stack], dark: bool, *, share: bool = False) -> Spec:
    """The bars in the order given, on one scale; `share`: each as long as the other, its parts as shares of its own whole."""
    colours = DARK if dark else LIGHT
    rows = [row for number, one in enumerate(stacks) for row in _rows(number, one, colours, share)]
    longest = 1 if share else max((sum(count for _, count in one.parts) for one in stacks), default=0) or 1
    length = {"field": "starts", "type": "quantitative", "axis": None, "scale": {"domain": [0, longest], "nice": False}}
    bars = {
        "mark": {"type": "bar", "height": 9, "yOffset": 9},
        "encoding": {"x": length, "x2": {"field": "ends"}, "color": {"field": "colour", "type": "nominal", "scale": None}},
    }
    words = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dy": -8, "color": colours.ink, "fontSize": 12.5},
        "encoding": {"x": {"value": 0}, "text": {"field": "words"}},
    }
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0, "paddingOuter": 0}}
    inner = {"data": {"values": rows}, "encoding": {"y": y, "tooltip": {"value": None}}, "layer": [bars, words]}
    return framed(inner, ROW_HEIGHT * len(stacks) + PADDING, colours)


def _rows(number: int, one: Stack, colours: Colours, share: bool) -> list[dict[str, object]]:
    whole = sum(count for _, count in one.parts) if share else 1
    at, rows = 0.0, []
    for place, (colour, count) in enumerate(one.parts):
        ends = at + (count / whole if whole else 0)
        words = one.words if place == 0 else ""
        rows.append({"row": number, "starts": at, "ends": ends, "colour": colour_of(colour, colours), "words": words})
        at = ends
    return rows


def colour_of(name: str, colours: Colours) -> str:
    """The colour of a part; `pale` is the ground on which the others stand."""
    return f"{colours.grey}55" if name == "pale" else str(getattr(colours, name))
