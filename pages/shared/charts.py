"""Charts as Vega-Lite specifications, written out: drawn by the browser without internet, and made in microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import streamlit as st

from domain.rates import Rate, show_percent
from domain.targets import Verdict
from domain.terms import Lang, say

BULLET_HEIGHT, SPAN_HEIGHT = 40, 36  # pixels of a row
EDGE, AXIS_AND_LEGEND = 14, 70  # pixels around the rows
WORDS_ABOVE, BAR_BELOW = 8, 9  # pixels from the middle of a row
SPAN_KINDS = ("risk", "round", "due")
SAID_ALREADY = (Verdict.NO_DATA, Verdict.UNSET)  # by the rate and by the target
PHONE = 420  # pixels: a narrower chart has smaller words, so that the reason at their end is not cut
Spec = dict[str, Any]


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, each with one meaning: red missed, blue neutral, amber soon."""

    ink: str
    blue: str
    red: str
    amber: str
    grey: str


LIGHT = Colours("#1b2733", "#4f86b8", "#b3261e", "#a15c00", "#5a6b7b")
DARK = Colours("#e6edf3", "#6aa9e0", "#f2877f", "#e6a94f", "#9fb0c0")


def is_dark() -> bool:
    """Whether the reader uses the dark theme."""
    return st.context.theme.type == "dark"


@dataclass(frozen=True)
class Bullet:
    """One bar: a rate against its target (None: not set), with the verdict on it and, where it needs one, the reason."""

    label: str
    rate: Rate
    target: Fraction | None
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Span:
    """Something in a calendar: what, from when to when (both included); `kind` is one of SPAN_KINDS."""

    label: str
    starts: date
    ends: date
    kind: str


def draw_bullets(bullets: Sequence[Bullet], lang: Lang, dark: bool) -> Spec:
    """Bars from zero in the order given, targets as ticks; above each bar place, rate, fraction, target and verdict in words."""
    colours = DARK if dark else LIGHT
    rows = [{"row": number} | _bullet_row(one, lang, colours) for number, one in enumerate(bullets)]
    top = max((row["right"] for row in rows), default=0) or 1
    bars = {
        "mark": {"type": "bar", "height": 8, "yOffset": BAR_BELOW},
        "encoding": {"x": _length("rate", top), "color": {"field": "colour", "type": "nominal", "scale": None}},
    }
    ticks = {
        "mark": {"type": "tick", "thickness": 3, "size": 16, "yOffset": BAR_BELOW, "color": colours.ink},
        "encoding": {"x": _length("target", top)},
    }
    return _framed(rows, [bars, ticks, _words_above(colours)], BULLET_HEIGHT * len(rows) + EDGE, colours)


def _bullet_row(bullet: Bullet, lang: Lang, colours: Colours) -> dict[str, Any]:
    rate = None if bullet.rate.fraction is None else float(bullet.rate.fraction * 100)
    target = None if bullet.target is None else float(bullet.target * 100)
    told = say("target.unset", lang) if bullet.target is None else show_percent(bullet.target)
    verdict = "" if bullet.verdict in SAID_ALREADY else say(f"verdict.{bullet.verdict}", lang)
    parts = (bullet.rate.show_with_counts(lang), f"{say('panel.target', lang)} {told}", verdict, bullet.note)
    colour = colours.red if bullet.verdict is Verdict.MISSED else colours.blue
    words = f"{bullet.label}  {' · '.join(filter(None, parts))}"
    return {"words": words, "rate": rate, "target": target, "right": max(rate or 0, target or 0), "colour": colour}


def draw_spans(spans: Sequence[Span], first: date, last: date, lang: Lang, dark: bool) -> Spec:
    """Spans as bars, single days as diamonds, along the days from `first` to `last`; above each its days and words."""
    colours = DARK if dark else LIGHT
    rows = [{"row": number} | _span_row(one, first, last, lang) for number, one in enumerate(spans)]
    kinds = {"domain": [say(f"agenda.{kind}", lang) for kind in SPAN_KINDS], "range": [colours.amber, colours.blue, colours.grey]}
    days = {
        "field": "starts",
        "type": "temporal",
        "scale": {"domain": [first.isoformat(), last.isoformat()]},
        "axis": {"format": "%m-%d", "title": None, "tickCount": "week", "orient": "top"},
    }
    colour = {"field": "kind", "type": "nominal", "scale": kinds, "legend": {"title": None, "orient": "bottom"}}
    bars = {
        "transform": [{"filter": "datum.starts != datum.ends"}],
        "mark": {"type": "bar", "height": 8, "yOffset": BAR_BELOW},
        "encoding": {"x": days, "x2": {"field": "ends"}, "color": colour},
    }
    points = {
        "transform": [{"filter": "datum.starts == datum.ends"}],
        "mark": {"type": "point", "filled": True, "size": 80, "shape": "diamond", "opacity": 1, "yOffset": BAR_BELOW},
        "encoding": {"x": days, "color": colour},
    }
    return _framed(rows, [bars, points, _words_above(colours)], SPAN_HEIGHT * len(rows) + AXIS_AND_LEGEND, colours)


def _span_row(span: Span, first: date, last: date, lang: Lang) -> dict[str, str]:
    days = span.ends.isoformat() if span.starts == span.ends else f"{span.starts} – {span.ends}"
    starts, ends = max(span.starts, first), min(span.ends, last)
    return {
        "words": f"{days}  {span.label}",
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "kind": say(f"agenda.{span.kind}", lang),
    }


def _words_above(colours: Colours) -> Spec:
    """The words of each row from the left edge, so that a narrow screen cuts their end and not the bars."""
    size = {"expr": f"width < {PHONE} ? 11 : 12.5"}
    mark = {"type": "text", "align": "left", "baseline": "middle", "dy": -WORDS_ABOVE, "color": colours.ink, "fontSize": size}
    kept = {"limit": {"expr": "width"}}  # words that stand out would shrink the bars, on a phone to nothing
    return {"mark": mark | kept, "encoding": {"x": {"value": 0}, "text": {"field": "words"}}}


def _framed(rows: list[dict[str, Any]], layers: list[Spec], height: int, colours: Colours) -> Spec:
    """The rows stand one level down: those at the top Streamlit turns into Arrow, at 5 ms a chart."""
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0, "paddingOuter": 0}}
    inner = {"data": {"values": rows}, "encoding": {"y": y, "tooltip": {"value": None}}, "layer": layers}
    return framed(inner, height, colours)


def framed(inner: Spec, height: int, colours: Colours) -> Spec:
    """A chart without a border, its axes and legends in a grey that can be read: Streamlit's own is too pale."""
    words = {"labelColor": colours.grey, "titleColor": colours.grey}
    return {"layer": [inner], "height": height, "config": {"view": {"stroke": None}, "axis": words, "legend": words}}


def _length(field: str, top: float) -> Spec:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, top], "nice": False}}
