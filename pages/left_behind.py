"""留守儿童: both definitions side by side, how fresh the records are, who is paired with whom, and the list."""

from collections.abc import Mapping

import streamlit as st

from data_access.children import LeftBehindRow
from data_access.left_behind_parts import LeftBehindPart
from data_access.narrowed_tables import left_behind_in
from domain.case_filter import CaseFilter
from domain.scope import Scope
from pages.shared import cached, case_panel
from pages.shared.care_charts import Definitions
from pages.shared.care_panels import show_busiest, show_definitions, show_freshness, show_pairing
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter, show_name_search
from pages.shared.panels import Tile, show_empty, show_header, show_metrics
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table, tags_of
from pages.shared.view import read_lang, read_view, show_choice, tell

scope = require_scope("left_behind")

FILE_WIDTH = 400  # pixels of the file beside the table


def left_behind_row(row: LeftBehindRow) -> dict[str, object]:
    """One child: who, by which definition, who looks after it and who helps, and when that was last checked."""
    return {
        "child_name": row.child_name,
        "education": say_definition(row.education),
        "civil": say_definition(row.civil),
        "carer_relation": tell(f"carer.{row.carer_relation}") if row.carer_relation else None,
        "helper": [row.helper or tell("left_behind.no_helper")],
        "checked_on": row.checked_on,
        "stale": row.stale,
        "village_name": row.village_name or tell("filter.unlocated"),
        "school_name": row.school_name,
        "class": case_panel.say_class(row.grade, row.class_no, read_lang()),
        "age": row.age,
        "sex": tell(f"sex.{row.sex}") if row.sex else None,
        "status": tell(f"casestatus.{row.status}") if row.status else None,
    }


def say_definition(detail: str | None) -> str | None:
    """How a definition holds; that it does where no detail is recorded; nothing where it does not hold."""
    return None if detail is None else tell(f"detail.{detail}") if detail else tell("left_behind.holds")


def show_parts(counts: Mapping[LeftBehindPart, int]) -> None:
    """How many by both definitions, by one of them only, and with a record older than a quarter; each leads to its rows."""
    show_metrics([Tile(f"left_{part}", count, "left_behind", measure=str(part)) for part, count in counts.items()])
    show_definitions(Definitions(*(counts[part] for part in list(LeftBehindPart)[1:4])))


def show_list(scope: Scope, chosen: CaseFilter) -> None:
    """The children of the part chosen, and beside them the file of the one who was clicked."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        parts = list(LeftBehindPart)
        part = show_choice("left_behind", "measure", tell("left_behind.part"), parts, lambda one: tell(f"leftbehindpart.{one}"))
        name = show_name_search()
        show_export("left_behind", left_behind_in(part), scope, chosen, name)
    total = cached.count_left_behind(scope, chosen, part=part, name=name)
    if not total:
        show_none(part, name)
        return
    rows = cached.read_left_behind(scope, chosen, part=part, offset=read_view().offset, name=name)
    columns = [
        *columns_of("child_name", "education", "civil", "carer_relation", pinned="child_name"),
        tags_of("helper", tell("left_behind.no_helper")),
        *columns_of("checked_on", "stale"),
        *columns_of("village_name", "school_name"),
        Column("class", tell("cases.class"), help=tell("cases.class.what")),
        *columns_of("age", "sex", "status"),
    ]
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_table("left_behind", [left_behind_row(row) for row in rows], columns, total, selectable=True)
    if picked is not None:
        with beside.container(width=FILE_WIDTH):
            case_panel.show_file(scope, chosen, rows[picked].child_id)


def show_none(part: LeftBehindPart, name: str) -> None:
    """Why the list is empty: nobody has that name, every file is fresh, or the filter leaves nobody."""
    if name:
        show_empty("left_behind", tell("left_behind.none_named"))
    elif part is LeftBehindPart.STALE:
        show_empty("left_behind", tell("left_behind.none_stale"), well_done=True)
    else:
        show_empty("left_behind")


chosen = show_case_filter("left_behind")
show_header("left_behind", chosen)
counts = cached.count_left_behind_parts(scope, chosen)
if counts[LeftBehindPart.ALL]:
    show_parts(counts)
    show_list(scope, chosen)
    left, right = st.columns(2, gap="medium")
    with left:
        show_freshness(scope, chosen)
        show_busiest(scope, chosen)
    with right:
        show_pairing(scope, chosen)
else:
    show_empty("left_behind")
