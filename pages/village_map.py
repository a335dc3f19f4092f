"""村级地图: children by village as circles, rates as fills, schools and warnings as marks; a click opens what is behind."""

from functools import partial

import streamlit as st

from domain.case_filter import CaseFilter
from domain.scope import Scope
from pages.shared.area_card import show_area_card
from pages.shared.area_tree import show_breadcrumb
from pages.shared.filter_bar import show_case_filter
from pages.shared.map_controls import MapChoice, show_map_controls
from pages.shared.map_files import show_map_files
from pages.shared.map_lists import show_map_lists
from pages.shared.map_maps import list_maps
from pages.shared.map_panel import read_map_view, show_map, show_no_map
from pages.shared.panels import show_header
from pages.shared.scope import require_scope

scope = require_scope("village_map")


def show_maps(scope: Scope, chosen: CaseFilter) -> MapChoice | None:
    """The switches, the maps they ask for, the card of the area that was clicked; None where there are no outlines."""
    view = read_map_view(scope)
    if view is None:
        show_no_map()
        return None
    with st.container(key="switches", horizontal=True, gap="small", vertical_alignment="center"):
        show_breadcrumb("village_map", scope)
        asked = show_map_controls("village_map", scope, chosen, view.shapes)
    show_map("village_map", view, list_maps(scope, chosen, asked, view.shapes), partial(show_area_card, scope, chosen))
    show_map_files(scope, chosen, asked, view)
    return asked


chosen = show_case_filter("village_map")
show_header("village_map", chosen)
asked = show_maps(scope, chosen)
show_map_lists(scope, chosen, asked)
