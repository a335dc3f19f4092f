"""The card beside the map: what is known of the area that was clicked, and the way to the lists behind it."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from data_access.cases import CaseRow
from data_access.measures import Measure
from domain.area_counts import HIDDEN, WHOLE, Cell
from domain.case_filter import CaseFilter
from domain.grades import grade_label
from domain.rates import Rate
from domain.scope import Scope
from geo.map_click import AreaClick
from pages.shared import cached
from pages.shared.panels import open_file, show_link
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import read_lang, tell

LISTED = 10


def show_area_card(scope: Scope, chosen: CaseFilter, clicked: AreaClick | None) -> None:
    """The numbers of the area that was clicked as the map has them, who answers for it, and its first children at risk.

    Before any click, and for a click outside the scope (it comes from the browser), everything in view.
    """
    names = cached.read_names(scope)
    code = clicked.code if clicked and clicked.code in names else chosen.area or WHOLE
    st.markdown(f"**{_say_place(code, names)}**")
    labels = {"what": tell("map_page.what"), "number": tell("map_page.number")}
    show_rows("numbers", list_numbers(scope, chosen, code), [Column(name, label) for name, label in labels.items()])
    if code in {WHOLE, chosen.area}:
        st.caption(tell("map_page.click"))
        return
    if scope.sees_children:
        _show_cases(cached.read_cases(scope, replace(chosen, area=code), limit=LISTED))
    show_link("cases", tell("map_page.cases"), area=code)
    show_link("left_behind", tell("map_page.left_behind"), area=code)
    show_link("village_map", tell("map_page.only_here"), area=code)


def _say_place(code: str, names: Mapping[str, str]) -> str:
    if code == WHOLE:
        return tell("map_page.whole")
    town = names.get(code[:9], "") if len(code) == 12 else ""
    return f"{town} {names.get(code, code)}".strip()


def list_numbers(scope: Scope, chosen: CaseFilter, code: str) -> list[dict[str, str]]:
    """Every count of the area; shares of its children of school age with their fractions."""
    cells = {measure: cached.read_area_counts(scope, chosen, measure).totals.get(code) for measure in Measure}
    return [
        {"what": tell(f"measure.{measure}"), "number": _say_share(cell, cells[Measure.CHILDREN], measure)}
        for measure, cell in cells.items()
    ]


def _say_share(cell: Cell, children: Cell, measure: Measure) -> str:
    if cell is HIDDEN or children is HIDDEN:
        return tell("map.hidden")
    if not isinstance(cell, int):
        return tell("rate.no_data")
    if measure in (Measure.CHILDREN, Measure.OVERDUE) or not isinstance(children, int) or cell > children:
        return f"{cell:,}"
    return f"{cell:,} · {Rate(cell, children).show(read_lang())}"


def _show_cases(rows: tuple[CaseRow, ...]) -> None:
    if not rows:
        st.caption(tell("map_page.no_cases"))
        return
    owners = sorted({row.government.name or tell("overview.nobody") for row in rows})
    st.caption(tell("map_page.owners", names="、".join(owners)))
    picked = show_rows(
        "card", [_case_row(row) for row in rows], columns_of("child_name", "grade", "status", "days_overdue"), selectable=True
    )
    if picked is not None:
        open_file(rows[picked].child_id)


def _case_row(row: CaseRow) -> dict[str, object]:
    return {
        "child_name": row.child_name,
        "grade": grade_label(row.grade, read_lang()) if row.grade else None,
        "status": tell(f"casestatus.{row.status}"),
        "days_overdue": row.days_overdue or None,
    }
