"""The lists below the map: villages, children without a village, and who came into or left a count between two days."""

from dataclasses import replace
from enum import StrEnum

from data_access.children import ChildRow
from data_access.measures import Measure
from domain.area_counts import HIDDEN, neediest_first
from domain.case_filter import CaseFilter
from domain.grades import grade_label
from domain.map_counts import MapCount
from domain.scope import Scope
from domain.view_state import PAGE_ROWS
from pages.shared import cached
from pages.shared.export import show_export
from pages.shared.map_controls import Compare, MapChoice
from pages.shared.panels import open_file, show_empty
from pages.shared.table import columns_of, show_table
from pages.shared.view import read_lang, read_view, show_choice, tell

LISTED = (
    *(MapCount.AT_RISK, MapCount.VISITED, MapCount.MISSED_VISITS, MapCount.OVERDUE),
    *(MapCount.LEFT_BEHIND, MapCount.LEFT_BEHIND_CIVIL, MapCount.CHECKED, MapCount.CHILDREN),
)


class Below(StrEnum):
    """The lists there are."""

    VILLAGES = "villages"
    UNLOCATED = "unlocated"
    CAME = "came_list"
    LEFT = "left_list"


def show_map_lists(scope: Scope, chosen: CaseFilter, asked: MapChoice | None) -> None:
    """The switch and the list it names."""
    lists = [Below.VILLAGES, Below.UNLOCATED] if scope.sees_children else [Below.VILLAGES]
    changed = asked and asked.against and asked.compare is Compare.CHANGE
    if changed:
        lists = [Below.CAME, Below.LEFT, *lists]
    below = show_choice("village_map", "measure", tell("map_page.lists"), lists, lambda one: tell(f"map_page.{one}"))
    if below is Below.VILLAGES:
        show_villages(scope, chosen)
    elif below is Below.UNLOCATED:
        show_unlocated(scope, chosen)
    elif asked and asked.against:
        show_changed(scope, chosen, asked.against, Measure(asked.layer.value), came=below is Below.CAME)


def show_villages(scope: Scope, chosen: CaseFilter) -> None:
    """The villages of the filter's area, the neediest first; a number that is withheld stays blank."""
    counts = {one.value: cached.read_area_counts(scope, chosen, one).totals for one in LISTED}
    inside = [row for row in cached.read_areas(scope) if row.level == "village" and row.code.startswith(chosen.area or "")]
    ranks = [counts[name] for name in ("at_risk", "overdue", "left_behind")]
    inside.sort(key=lambda row: neediest_first(row.code, *(rank.get(row.code) for rank in ranks)))
    names, first = cached.read_names(scope), read_view().offset
    shown = [
        {"village_name": row.name, "town_name": names.get(row.code[:9])}
        | {name: None if (cell := totals.get(row.code)) is HIDDEN else cell for name, totals in counts.items()}
        for row in inside[first : first + PAGE_ROWS]
    ]
    columns = columns_of("village_name", "town_name", *LISTED, pinned="village_name")
    show_table("villages", shown, columns, len(inside))
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


def show_changed(scope: Scope, chosen: CaseFilter, against: CaseFilter, measure: Measure, came: bool) -> None:
    """The children who came into the count since the other day, or who left it."""
    inside, without = (chosen, against) if came else (against, chosen)
    total = cached.count_children(scope, inside, measure, without=without)
    rows = cached.read_children(scope, inside, measure, offset=read_view().offset, without=without)
    if not total:
        show_empty("changed", tell("map_page.none_changed"), well_done=True)
        return
    columns = columns_of("child_name", "village_name", "school_name", "grade", "class_no", "status")
    picked = show_table("changed", [child_row(row) for row in rows], columns, total, selectable=True)
    if picked is not None:
        open_file(rows[picked].child_id)


def child_row(row: ChildRow) -> dict[str, object]:
    """A child in a list: without a village, what the ledger wrote instead."""
    return {
        "child_name": row.child_name,
        "village_name": row.village_name or tell("filter.unlocated"),
        "place_text": row.place_text,
        "school_name": row.school_name,
        "grade": grade_label(row.grade, read_lang()) if row.grade else None,
        "class_no": row.class_no,
        "status": tell(f"casestatus.{row.status}") if row.status else None,
    }
