"""The map on a page: the only call of st_folium. A click, a zoom or a filter never sends the shapes again."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import streamlit as st
from streamlit_folium import st_folium

from domain.scope import Scope
from geo.basemaps import read_basemap
from geo.layers import ShapeIndex, ShapeLevel
from geo.map_click import AreaClick, parse_click
from geo.map_values import MapValues
from geo.village_map import MapView, draw_map, draw_values
from pages.shared import cached
from pages.shared.charts import is_dark
from pages.shared.failures import say_what_failed
from pages.shared.view import tell

HEIGHT = 560  # until the map that is the page has seen how much of the screen is free
SHARE = 1.9  # of the width that the maps take beside a card of 1
MARGIN = 0.02  # degrees around the outermost villages
Card = Callable[[AreaClick | None], None]


@st.fragment
@say_what_failed()
def show_map(
    here: str, view: MapView, values: Sequence[MapValues], show_card: Card | None = None, height: int | None = None
) -> None:
    """The map, or two side by side, and at the right what `show_card` draws for the area clicked last (None: none yet).

    Without a `height` the map is the page and takes what is free of the screen.
    A click runs this fragment again and nothing else of the page. `show_card` has to read within the scope: the click
    comes from the browser and may name any area.
    """
    keys = [f"{here}.map{number}" for number in range(len(values))]
    clicked = last_click(keys)
    columns = st.columns([SHARE / len(values)] * len(values) + ([1] if show_card else []), gap="small")
    for key, one, column in zip(keys, values, columns, strict=False):
        with column:
            if one.title:
                st.caption(one.title)
            _draw(key, view, replace(one, selected=clicked.code if clicked else None, dark=is_dark()), height)
    if show_card:
        with columns[-1]:
            show_card(clicked)


def last_click(keys: Iterable[str]) -> AreaClick | None:
    """The latest click on any of the maps that keep it under these keys."""
    clicks = [click for key in keys if (click := parse_click(st.session_state.get(key)))]
    return max(clicks, key=lambda click: click.clicked_at, default=None)


def _draw(key: str, view: MapView, values: MapValues, height: int | None) -> None:
    drawn, numbers = draw_map(replace(view, fills=height is None)), draw_values(values)
    st_folium(
        drawn, key=key, returned_objects=[], feature_group_to_add=numbers, height=height or HEIGHT, use_container_width=True
    )


def read_map_view(scope: Scope) -> MapView | None:
    """The map under everything the scope sees: its prefecture or county; None when no outlines are loaded there."""
    areas = cached.read_areas(scope)
    root = root_of([row.code for row in areas if not scope.areas or row.code.startswith(scope.areas)])
    bundles = (cached.read_bundles(root) or cached.read_bundles(root[:4])) if root else {}
    points = [(row.lon, row.lat) for row in areas if row.lon is not None and row.lat is not None and row.code.startswith(root)]
    if ShapeLevel.VILLAGE not in bundles or not points:
        return None
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    bounds = (min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN)
    shapes = tuple(ShapeIndex(ShapeLevel(level), one.etag, one.codes) for level, one in bundles.items() if one.codes)
    return MapView(shapes, bounds, any(one.synthetic for one in bundles.values()), read_basemap(os.environ))


def root_of(codes: list[str]) -> str:
    """The county that holds all these areas, or the prefecture of several counties; empty for none."""
    counties = {code[:6] for code in codes if len(code) >= 6}
    return min(counties) if len(counties) == 1 else min((code[:4] for code in counties), default="")


def show_no_map() -> None:
    """What stands where a map would be when no outlines are loaded."""
    st.info(tell("map_panel.no_shapes"), icon=":material/map:")
