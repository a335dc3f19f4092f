"""The card beside the map: what is known of the area or school that was clicked, and the way to the lists behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import streamlit as st

from data_access.cases import CaseRow
from domain.area_counts import HIDDEN, WHOLE, Cell
from domain.case_filter import CaseFilter
from domain.grades import grade_label
from domain.map_counts import MapCount
from domain.rates import Rate
from domain.scope import Scope
from domain.suppress import is_small
from geo.drawing import of_stage
from geo.layers import ShapeLevel
from geo.map_click import AreaClick
from pages.shared import cached
from pages.shared.map_source import say_school
from pages.shared.panels import open_file, show_link
from pages.shared.plain import plain
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import read_lang, tell

LISTED = 10
SCHOOL_DIGITS = 10
COUNTED = (MapCount.AT_RISK, MapCount.LEFT_BEHIND, MapCount.LEFT_BEHIND_CIVIL)  # told as shares of the children of school age
ALONE = (MapCount.CHILDREN, MapCount.OVERDUE, MapCount.MISSED_VISITS)
RATES = {
    "dropout": (MapCount.LOST, MapCount.STARTED),
    "coverage": (MapCount.VISITED, MapCount.CASES),
    "freshness": (MapCount.CHECKED, MapCount.LEFT_BEHIND_ALL),
}


def show_area_card(scope: Scope, chosen: CaseFilter, clicked: AreaClick | None) -> None:
    """The numbers of the area that was clicked as the map has them, who answers for it, and its first children at risk.

    Before any click, and for a click outside the scope (it comes from the browser), everything in view.
    """
    names = cached.read_names(scope)
    code = clicked.code if clicked and clicked.code in names else chosen.area or WHOLE
    if len(code) == SCHOOL_DIGITS and not scope.sees_children:
        code = chosen.area or WHOLE  # a school's numbers are small
    if clicked and clicked.code == code and len(code) == SCHOOL_DIGITS:
        _show_school(scope, chosen, code, catchment=clicked.level is not ShapeLevel.SCHOOL)
        return
    st.markdown(f"**{_say_place(code, names)}**")
    columns = [Column("what", tell("map_page.what"), width=170), Column("number", tell("map_page.number"))]
    show_rows(
        "numbers",
        list_numbers(scope, chosen, code),
        columns,
    )
    _show_responsible(scope, chosen, code)
    if code in {WHOLE, chosen.area}:
        st.caption(tell("map_page.click"))
        return
    if scope.sees_children:
        _show_cases(cached.read_cases(scope, replace(chosen, area=code), limit=LISTED))
    show_link("cases", tell("map_page.cases"), area=code)
    show_link("left_behind", tell("map_page.left_behind"), area=code)
    show_link("village_map", tell("map_page.only_here"), area=code)


def _show_school(scope: Scope, chosen: CaseFilter, code: str, catchment: bool) -> None:
    """A school (or the area it serves): its rate against its target, who answers for it, the way to its rows."""
    name = cached.read_names(scope)[code]
    st.markdown(f"**{tell('map_page.catchment_of', school=plain(name)) if catchment else plain(name)}**")
    for row in cached.read_schools(scope, chosen):
        if row.school_code == code:
            st.text(say_school(row))
    _show_responsible(scope, chosen, code)
    show_link("schools", tell("map_page.school"), school=code)
    show_link("cases", tell("map_page.cases"), school=code)


def _say_place(code: str, names: Mapping[str, str]) -> str:
    if code == WHOLE:
        return tell("map_page.whole")
    town = names.get(code[:9], "") if len(code) == 12 else ""
    return plain(f"{town} {names.get(code, code)}".strip())


def list_numbers(scope: Scope, chosen: CaseFilter, code: str) -> list[dict[str, str]]:
    """Every count of the area, and once it was clicked its rates; shares with their fractions."""

    def cell(counted: MapCount) -> Cell:
        return cached.read_area_counts(scope, chosen, counted).totals.get(code)

    children = cell(MapCount.CHILDREN)
    rows = [(f"measure.{one}", _say_count(cell(one))) for one in ALONE]
    rows[1:1] = [(f"measure.{one}", _say_share(scope, cell(one), children)) for one in COUNTED]
    if code not in {WHOLE, chosen.area}:  # of everything in view they stand on the overview, and are dear on a prefecture
        rows += list(_list_rates(scope, chosen, code))
    return [{"what": tell(what), "number": number} for what, number in rows]


def _list_rates(scope: Scope, chosen: CaseFilter, code: str) -> Iterator[tuple[str, str]]:
    """The shares of an area; counted there alone where nothing is suppressed, which would look beyond it."""
    here = replace(chosen, area=code) if scope.sees_children else chosen
    for name, parts in RATES.items():
        where = of_stage(here) if name == "dropout" else here
        above, below = (cached.read_area_counts(scope, where, one).totals.get(code) for one in parts)
        yield f"layer.{name}", _say_rate(scope, above, below)


def _say_count(cell: Cell) -> str:
    if cell is HIDDEN:
        return tell("map.hidden")
    return f"{cell:,}" if isinstance(cell, int) else tell("rate.no_data")


def _say_share(scope: Scope, cell: Cell, children: Cell) -> str:
    if not isinstance(cell, int) or not isinstance(children, int) or cell > children:
        return tell("map.hidden") if HIDDEN in (cell, children) else _say_count(cell)
    if not scope.sees_children and is_small(Rate(cell, children)):
        return _say_count(cell)
    return f"{cell:,} · {Rate(cell, children).show(read_lang())}"


def _say_rate(scope: Scope, above: Cell, below: Cell) -> str:
    if not isinstance(above, int) or not isinstance(below, int):
        return tell("map.hidden") if HIDDEN in (above, below) else tell("rate.no_data")
    rate = Rate(above, below)
    return tell("map.hidden") if not scope.sees_children and is_small(rate) else rate.show_with_counts(read_lang())


def _show_responsible(scope: Scope, chosen: CaseFilter, code: str) -> None:
    """包保责任人 of the area itself; adults on duty are named here, never on the map."""
    day = chosen.as_of or cached.moment().today
    found = cached.read_responsible(scope, code, day) if code else ()
    if found:
        names = tell("panel.comma").join(tell("cases.owner", name=one.name, role=tell(f"dutyrole.{one.role}")) for one in found)
        st.text(tell("map_page.responsible", names=names))
    elif code and code not in scope.areas:
        st.caption(tell("map_page.nobody_responsible"))


def _show_cases(rows: tuple[CaseRow, ...]) -> None:
    if not rows:
        st.caption(tell("map_page.no_cases"))
        return
    owners = sorted({row.government.name or tell("overview.nobody") for row in rows})
    st.text(tell("map_page.owners", names=tell("panel.comma").join(owners)))
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
