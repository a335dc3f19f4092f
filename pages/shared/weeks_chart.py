"""How many contradictions stood open in each week: bars side by side in time, errors below, questions on top."""

from collections.abc import Sequence
from datetime import date

from domain.checks import Severity
from domain.terms import Lang, say
from pages.shared.charts import DARK, LIGHT, Spec, framed

HEIGHT = 240  # pixels with axis and legend, which the bars share
KINDS = (Severity.ERROR, Severity.WARNING)


def draw_weeks(weeks: Sequence[tuple[date, int, int]], lang: Lang, dark: bool) -> Spec:
    """(day, errors, warnings) of each week as one bar of two parts; the axis counts from zero, in whole numbers."""
    colours = DARK if dark else LIGHT
    names = [say(f"severity.{kind}", lang) for kind in KINDS]
    rows = [
        {"day": day.isoformat(), "kind": name, "count": count, "order": order}
        for day, *counts in weeks
        for order, (name, count) in enumerate(zip(names, counts, strict=True))
    ]
    days = {"field": "day", "type": "ordinal", "axis": {"title": None, "labelAngle": 0, "labelExpr": "slice(datum.value, 5)"}}
    counts = {"field": "count", "type": "quantitative", "axis": {"title": None, "tickMinStep": 1, "tickCount": 5, "format": ",d"}}
    kinds = {"domain": names, "range": [colours.blue, colours.grey]}
    bars = {
        "mark": {"type": "bar", "width": {"band": 0.6}},
        "encoding": {
            "x": days,
            "y": counts,
            "color": {"field": "kind", "type": "nominal", "scale": kinds, "legend": {"title": None, "orient": "top"}},
            "order": {"field": "order", "type": "quantitative"},
        },
    }
    inner = {"data": {"values": rows}, "encoding": {"tooltip": {"value": None}}, "layer": [bars]}
    return framed(inner, HEIGHT, colours)
