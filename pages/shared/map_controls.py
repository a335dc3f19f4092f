"""The switches above the map: layer, areas, classes, comparison. What they are set to stands in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import streamlit as st

from domain.case_filter import CaseFilter, resolve
from domain.scope import Scope
from domain.view_state import Choice, choose
from geo.classes import ClassMethod
from geo.drawing import COUNTED, SHARES, MapLayer
from geo.layers import ShapeIndex
from geo.map_values import DrawnLevel
from pages.shared import cached
from pages.shared.view import change_view, read_view, seed, tell


class Compare(StrEnum):
    """How two days are compared: two maps in the same classes, or one map of who came in and who left."""

    MAPS = "maps"
    CHANGE = "change"


@dataclass(frozen=True)
class MapChoice:
    """What the switches say. `against`: the filter of the other day, None where nothing is compared."""

    layer: MapLayer
    level: DrawnLevel
    method: ClassMethod
    against: CaseFilter | None
    compare: Compare


def show_map_controls(here: str, scope: Scope, chosen: CaseFilter, shapes: Sequence[ShapeIndex]) -> MapChoice:
    """The layer, and behind one button, so that they fit a phone, areas, classes and comparison."""
    drawn = {index.level.value for index in shapes}
    levels = [one for one in DrawnLevel if one is DrawnLevel.AUTO or one.value in drawn]
    layers = [one for one in MapLayer if scope.sees_children or one is not MapLayer.SCHOOLS]
    layer = show_menu(here, "layer", tell("map_page.layer"), layers, lambda one: tell(f"layer.{one}"), 190)
    methods = SHARES[layer].methods if layer in SHARES else (ClassMethod.QUANTILES,)
    compare = Compare.MAPS
    with st.popover(_say_set(levels), icon=":material/tune:"):
        level = show_menu(here, "level", tell("map_page.level"), levels, lambda one: tell(f"drawn.{one}"))
        if len(methods) > 1:
            show_menu(here, "classes", tell("map_page.classes"), methods, lambda one: tell(f"classes.{one}"))
        against = _show_against(here, chosen)
        if against and can_show_change(layer, scope):
            compare = show_menu(here, "compare", tell("map_page.compare"), list(Compare), lambda one: tell(f"compare.{one}"))
    return MapChoice(layer, level, _method(methods), against, compare)


def _say_set(levels: Sequence[DrawnLevel]) -> str:
    """What is set behind the button."""
    level, against = choose(read_view().level, levels[0]), read_view().against
    return f"{tell(f'drawn.{level}')} · {tell('map_page.against_is', day=against) if against else tell('map_page.against_none')}"


def _method(methods: Sequence[ClassMethod]) -> ClassMethod:
    asked = choose(read_view().classes, methods[0])
    return asked if asked in methods else methods[0]


def can_show_change(layer: MapLayer, scope: Scope) -> bool:
    """Whether rows stand behind the change of a layer: children come into a count and leave it, rates only move."""
    return scope.sees_children and (layer in COUNTED or layer is MapLayer.OVERDUE)


def show_menu(
    here: str, part: str, label: str, options: Sequence[Choice], say_option: Callable[[Choice], str], width: int | None = None
) -> Choice:
    """A short list kept in the URL as the view's `part`; the first option is the default."""
    asked = choose(getattr(read_view(), part), options[0])
    chosen = asked if asked in options else options[0]
    words = {option: say_option(option) for option in options}
    state = seed(here, part, chosen)
    st.selectbox(
        label,
        options,
        key=state,
        format_func=lambda option: words.get(option, option),
        width=width or "stretch",
        label_visibility="collapsed" if width else "visible",
        on_change=_choose,
        args=(state, part, options[0]),
    )
    return chosen


def _choose(state: str, part: str, default: object) -> None:
    picked = st.session_state[state]
    change_view(**{part: None if picked in (None, default) else str(picked), "page": None, "child": None})


def _show_against(here: str, chosen: CaseFilter) -> CaseFilter | None:
    """The other day: the rounds, the end of the last quarter, a year before, or whatever the URL says."""
    asked = read_view().against
    days = list_days(chosen)
    if asked and asked not in days:
        days[asked] = asked.isoformat()
    state = seed(here, "against", asked)
    st.selectbox(
        tell("map_page.against"),
        list(days),
        key=state,
        index=None,
        format_func=lambda day: days.get(day, str(day)),
        placeholder=tell("map_page.against_none"),
        on_change=_choose,
        args=(state, "against", None),
    )
    return other_day(chosen, asked) if asked else None


def list_days(chosen: CaseFilter) -> dict[date, str]:
    """Days worth comparing with: day -> words, the latest first."""
    today = cached.moment().today
    day = chosen.as_of or today
    quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    year_before = day.replace(year=day.year - 1, day=min(day.day, 28))
    found = {one.as_of: f"{one.name} · {one.as_of}" for one in cached.read_rounds().values() if one.as_of <= today}
    found.setdefault(quarter, tell("map_page.quarter", day=quarter))
    found.setdefault(year_before, tell("map_page.year_before", day=year_before))
    return {one: found[one] for one in sorted(found, reverse=True) if one != day}


def other_day(chosen: CaseFilter, day: date) -> CaseFilter:
    """The same filter on another day, in the period that holds it."""
    plain = replace(chosen, round_code=None, period=None, as_of=day)
    return cached.with_severe_lines(resolve(plain, cached.moment().today, cached.read_rounds()))
