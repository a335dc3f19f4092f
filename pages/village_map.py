"""村级地图: at-risk and left-behind children by village; a click on a village opens the list behind its numbers."""

from dataclasses import replace
from functools import partial

import streamlit as st

from data_access.children import ChildRow
from data_access.measures import Measure
from domain.area_counts import HIDDEN
from domain.case_filter import CaseFilter
from domain.grades import grade_label
from domain.scope import Scope
from domain.view_state import PAGE_ROWS
from geo.classes import ClassMethod
from geo.map_values import MapValues
from pages.shared import cached
from pages.shared.area_card import show_area_card
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.map_layers import SHARES, Below, MapLayer, list_layers
from pages.shared.map_panel import read_map_view, show_map, show_no_map
from pages.shared.panels import open_file, show_empty, show_header
from pages.shared.scope import require_scope
from pages.shared.table import columns_of, show_table
from pages.shared.view import read_lang, read_view, show_choice, tell

scope = require_scope("village_map")

MEASURES = tuple(measure.value for measure in Measure)


def show_layers(scope: Scope, chosen: CaseFilter) -> None:
    """The switch of layers, and the map with the card of the village that was clicked."""
    with st.container(horizontal=True, gap="small"):
        layer = show_choice("village_map", "layer", tell("map_page.layer"), list(MapLayer), lambda one: tell(f"layer.{one}"))
        method = ClassMethod.QUANTILES
        if layer in SHARES:
            method = show_choice(
                "village_map", "classes", tell("map_page.classes"), list(ClassMethod), lambda one: tell(f"classes.{one}")
            )
    view = read_map_view(scope)
    if view is None:
        show_no_map()
        return
    maps = list_layers(layer, scope, chosen, method, view.shapes)
    values = [MapValues(view.shapes, layers, read_lang(), focus=chosen.area) for layers in maps]
    show_map("village_map", view, values, partial(show_area_card, scope, chosen))


def list_villages(scope: Scope, chosen: CaseFilter) -> list[dict[str, object]]:
    """Every village of the filter's area with its counts, the most children at risk first."""
    names = cached.read_names(scope)
    counts = {name: cached.read_area_counts(scope, chosen, Measure(name)).totals for name in MEASURES}
    inside = [row for row in cached.read_areas(scope) if row.level == "village" and row.code.startswith(chosen.area or "")]
    rows: list[dict[str, object]] = [
        {
            "village_name": row.name,
            "town_name": names.get(row.code[:9]),
            **{name: counts[name].get(row.code) for name in MEASURES},
        }
        for row in inside
    ]
    return sorted(
        rows,
        key=lambda row: [-cell if isinstance(cell := row[name], int) else 0 for name in ("at_risk", "overdue", "left_behind")],
    )


def show_villages(scope: Scope, chosen: CaseFilter) -> None:
    """The villages as a table; a number that is withheld stays blank."""
    rows, first = list_villages(scope, chosen), read_view().offset
    shown = [{name: None if value is HIDDEN else value for name, value in row.items()} for row in rows[first : first + PAGE_ROWS]]
    columns = columns_of(
        "village_name", "town_name", "at_risk", "overdue", "left_behind", "left_behind_civil", "children", pinned="village_name"
    )
    show_table("villages", shown, columns, len(rows))
    show_export("village_map", "villages", scope, chosen)


def show_unlocated(scope: Scope, chosen: CaseFilter) -> None:
    """The children whose village is not known: work to do, as no map can show them."""
    whole = chosen.area if len(chosen.area or "") <= 6 else None
    lost = replace(chosen, unlocated=True, area=whole)
    total = cached.count_children(scope, lost, Measure.CHILDREN)
    if not total:
        show_empty("unlocated", tell("map_page.none_unlocated"), well_done=True)
        return
    rows = cached.read_children(scope, lost, Measure.CHILDREN, offset=read_view().offset)
    columns = columns_of("child_name", "place_text", "school_name", "grade", "class_no", "status")
    picked = show_table("unlocated", [child_row(row) for row in rows], columns, total, selectable=True)
    show_export("village_map", "children", scope, lost)
    if picked is not None:
        open_file(rows[picked].child_id)


def child_row(row: ChildRow) -> dict[str, object]:
    """A child without a village: what the ledger wrote instead."""
    return {
        "child_name": row.child_name,
        "place_text": row.place_text,
        "school_name": row.school_name,
        "grade": grade_label(row.grade, read_lang()) if row.grade else None,
        "class_no": row.class_no,
        "status": tell(f"casestatus.{row.status}") if row.status else None,
    }


chosen = show_case_filter("village_map")
show_header("village_map", chosen)
show_layers(scope, chosen)
lists = list(Below) if scope.sees_children else [Below.VILLAGES]
below = show_choice("village_map", "measure", tell("map_page.lists"), lists, lambda one: tell(f"map_page.{one}"))
if below is Below.VILLAGES:
    show_villages(scope, chosen)
else:
    show_unlocated(scope, chosen)
