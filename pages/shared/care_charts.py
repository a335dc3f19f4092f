"""Pictures of the left-behind children: the two definitions, how fresh the records are by town, how pairing is spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_access.left_behind_parts import Freshness
from domain.left_behind import PairingLoad, PairingSettings, pairing_load
from domain.terms import Lang, say
from pages.shared.charts import DARK, LIGHT, Colours, Spec, framed

ROW_HEIGHT, DEFINITION_HEIGHT = 30, 38  # pixels a row
PADDING, LEGEND_HEIGHT = 24, 40  # pixels that the theme takes, and a legend of three lines
PALE = {False: "#a8c8e4", True: "#3f7fb8"}  # the second blue, for each theme
LEGEND: Spec = {"title": None, "orient": "top", "columns": {"expr": "width < 260 ? 1 : 3"}}  # beside long names on a phone
LONGEST_LOAD = 6  # this and more stand together


@dataclass(frozen=True)
class Definitions:
    """Children left behind by both definitions, by the education one only, by the civil one only."""

    both: int
    education_only: int
    civil_only: int


def draw_definitions(found: Definitions, lang: Lang, dark: bool) -> Spec:
    """Two bars that overlap where both definitions hold: education from the left, civil to the right; sums in words above."""
    colours, edge = DARK if dark else LIGHT, found.education_only + found.both
    whole = edge + found.civil_only
    rows = [
        _part(0, "one", 0, found.education_only, _sum_in_words(found, "education", lang)),
        _part(0, "both", found.education_only, edge, ""),
        _part(1, "both", found.education_only, edge, _sum_in_words(found, "civil", lang)),
        _part(1, "one", edge, whole, ""),
    ]
    length = {"field": "starts", "type": "quantitative", "axis": None, "scale": {"domain": [0, whole or 1], "nice": False}}
    scale = {"domain": ["both", "one"], "range": [colours.blue, PALE[dark]]}
    bars = {
        "mark": {"type": "bar", "height": 12, "yOffset": 9},
        "encoding": {
            "x": length,
            "x2": {"field": "ends"},
            "color": {"field": "kind", "type": "nominal", "scale": scale, "legend": None},
        },
    }
    words = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dy": -9, "color": colours.ink, "fontSize": 12.5},
        "encoding": {"x": {"value": 0}, "text": {"field": "words"}},
    }
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0, "paddingOuter": 0}}
    inner = {"data": {"values": rows}, "encoding": {"y": y, "tooltip": {"value": None}}, "layer": [bars, words]}
    return framed(inner, DEFINITION_HEIGHT * 2 + PADDING, colours)


def _part(row: int, kind: str, starts: int, ends: int, words: str) -> dict[str, object]:
    return {"row": row, "kind": kind, "starts": starts, "ends": ends, "words": words}


def _sum_in_words(found: Definitions, definition: str, lang: Lang) -> str:
    alone = getattr(found, f"{definition}_only")
    return say(
        "left_behind.sum",
        lang,
        definition=say(f"left_behind.{definition}", lang),
        total=f"{alone + found.both:,}",
        first=say(f"leftbehindpart.{definition}_only", lang),
        one=f"{alone:,}",
        second=say("leftbehindpart.both", lang),
        other=f"{found.both:,}",
    )


def draw_freshness(places: Mapping[str, Freshness], lang: Lang, dark: bool) -> Spec:
    """Bars to 100 % in the order given: checked within a quarter, older, never; the share that is fresh in words."""
    colours = DARK if dark else LIGHT
    rows = [row for name, found in places.items() for row in _fresh_rows(name, found, lang)]
    names = [say(f"left_behind.{kind}", lang) for kind in ("fresh", "older", "never")]
    inner = {
        "data": {"values": rows},
        "encoding": {"y": _rows_of("place", colours, 260), "tooltip": {"value": None}},
        "layer": [
            {
                "mark": {"type": "bar", "height": 14},
                "encoding": {
                    "x": {"field": "children", "type": "quantitative", "stack": "normalize", "axis": None},
                    "color": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {"domain": names, "range": [colours.blue, colours.amber, colours.grey]},
                        "legend": LEGEND,
                    },
                    "order": {"field": "order", "type": "quantitative"},
                },
            }
        ],
    }
    return framed(inner, ROW_HEIGHT * len(places) + LEGEND_HEIGHT, colours)


def _fresh_rows(name: str, found: Freshness, lang: Lang) -> list[dict[str, object]]:
    place = f"{name}  {found.rate.show_with_counts(lang)}"
    counts = (("fresh", found.fresh), ("older", found.older), ("never", found.never))
    return [
        {"place": place, "kind": say(f"left_behind.{kind}", lang), "children": count, "order": order}
        for order, (kind, count) in enumerate(counts)
    ]


def draw_loads(loads: Mapping[tuple[str, int], int], plan: PairingSettings, lang: Lang, dark: bool) -> Spec:
    """A strip for each place: how many persons have one child, two, three ...; the planned load is the band behind."""
    colours = DARK if dark else LIGHT
    rows = _load_rows(loads, plan, lang)
    places = list(dict.fromkeys(place for place, _ in loads))
    most = str(LONGEST_LOAD)
    axis = {
        "title": say("left_behind.children_each", lang),
        "values": list(range(1, LONGEST_LOAD + 1)),
        "labelExpr": f"datum.value == {most} ? '{most}+' : datum.label",
        "format": "d",
        "grid": False,
    }
    x = {"field": "load", "type": "quantitative", "scale": {"domain": [0.5, LONGEST_LOAD + 0.5]}, "axis": axis}
    kinds = [say(f"pairingload.{load}", lang) for load in PairingLoad]
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": kinds, "range": [colours.grey, colours.blue, colours.amber]},
        "legend": LEGEND,
    }
    inner = {
        "data": {"values": rows},
        "encoding": {"x": x, "y": _rows_of("place", colours, 150), "tooltip": {"value": None}},
        "layer": [
            {
                "mark": {"type": "circle", "opacity": 0.85},
                "encoding": {
                    "size": {"field": "persons", "type": "quantitative", "scale": {"range": [20, 500]}, "legend": None},
                    "color": colour,
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 16, "color": colours.ink},
                "encoding": {"text": {"field": "persons"}},
            },
        ],
    }
    return framed(inner, ROW_HEIGHT * len(places) + 20, colours)


def _load_rows(loads: Mapping[tuple[str, int], int], plan: PairingSettings, lang: Lang) -> list[dict[str, object]]:
    counted: dict[tuple[str, int], int] = {}
    for (place, load), persons in loads.items():
        key = place, min(load, LONGEST_LOAD)
        counted[key] = counted.get(key, 0) + persons
    return [
        {"place": place, "load": load, "persons": persons, "kind": say(f"pairingload.{pairing_load(load, plan)}", lang)}
        for (place, load), persons in counted.items()
    ]


def group_loads(loads: Mapping[tuple[str, int], int], names: Mapping[str, str], unknown: str) -> dict[tuple[str, int], int]:
    """The loads by name of place: towns, or counties where several are in view; those of no known place last."""
    digits = _digits([code for code, _ in loads])
    found: dict[tuple[str, int], int] = {}
    for (code, load), persons in sorted(loads.items(), key=lambda one: (not one[0][0], one[0])):
        key = names.get(code[:digits], unknown) if code else unknown, load
        found[key] = found.get(key, 0) + persons
    return found


def group_freshness(found: Mapping[str, Freshness], names: Mapping[str, str], unknown: str) -> dict[str, Freshness]:
    """The same by name of place, the places with the smallest share of fresh records first."""
    digits = _digits(list(found))
    places: dict[str, Freshness] = {}
    for code, one in found.items():
        name = names.get(code[:digits], unknown) if code else unknown
        before = places.get(name, Freshness(0, 0, 0))
        places[name] = Freshness(before.fresh + one.fresh, before.older + one.older, before.never + one.never)
    return dict(sorted(places.items(), key=lambda item: (item[1].rate.fraction or 0, item[0])))


def _digits(codes: Sequence[str]) -> int:
    return 6 if len({code[:6] for code in codes if code}) > 1 else 9


def _rows_of(field: str, colours: Colours, room: int) -> Spec:
    axis = {"labelLimit": room, "labelOverlap": False, "ticks": False, "domain": False, "labelColor": colours.ink}
    return {"field": field, "type": "nominal", "sort": None, "title": None, "axis": axis}
