"""Villages without a position and children without a village, each with the way to mend it."""

from collections.abc import Callable

import streamlit as st

from data_access.geography import Unplaced, add_alias, assign_village
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.scope import Scope, Write
from pages.shared import cached
from pages.shared.map_lists import child_row
from pages.shared.panels import show_empty
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import tell, tell_problem

DONE = "geography.done"
LISTED = 200  # children shown at once; the total stands above


def show_without_position(scope: Scope) -> None:
    """The villages that no map can show. The mend: a table with their coordinates, loaded under the upload."""
    rows = cached.read_without_position(scope)
    if not rows:
        show_empty("no_position", tell("geography.all_placed"), well_done=True)
        return
    st.caption(tell("geography.no_position_help", count=f"{len(rows):,}"))
    names = cached.read_names(scope)
    told = [{"village_code": row.code, "village_name": row.name, "town_name": names.get(row.code[:9])} for row in rows]
    show_rows("no_position", told, columns_of("village_code", "village_name", "town_name"))


def show_unplaced(scope: Scope, county: str) -> None:
    """The children without a village: by what the ledgers wrote (an alias places them all), or one by one."""
    if done := st.session_state.pop(DONE, None):
        st.success(done, icon=":material/check:")
    chosen = resolve(CaseFilter(area=county if county in scope.areas else None, unlocated=True), cached.moment().today, {})
    rows, texts = cached.read_unplaced(scope, chosen)
    if not rows:
        show_empty("unplaced", tell("map_page.none_unlocated"), well_done=True)
        return
    st.caption(tell("geography.unplaced_help", count=f"{len(rows):,}"))
    left, right = st.columns([1, 2], gap="medium")
    with left:
        picked_text = _show_texts(texts)
    with right:
        columns = columns_of("child_name", "place_text", "school_name", "grade", "class_no")
        picked = show_rows("unplaced", [child_row(row) for row in rows[:LISTED]], columns, selectable=True)
    if not scope.may(Write.IMPORT):
        return
    if picked is not None:
        _show_assign(scope, county, rows[picked].child_id)
    elif picked_text is not None:
        _show_alias(scope, county, texts[picked_text].text)


def _show_texts(texts: tuple[Unplaced, ...]) -> int | None:
    columns = [Column("text", tell("geography.text")), Column("children", tell("geography.children"), "number")]
    told = [{"text": one.text or tell("geography.nothing_written"), "children": one.children} for one in texts]
    return show_rows("texts", told, columns, selectable=True)


def _show_assign(scope: Scope, county: str, child_id: int) -> None:
    """The village of one child."""
    with st.form("geography.assign"):
        village = _ask_village(scope, county)
        if st.form_submit_button(tell("geography.assign"), type="primary") and village:
            _mend(lambda: assign_village(cached.engine(), scope, child_id, village), tell("geography.assigned"))


def _show_alias(scope: Scope, county: str, text: str) -> None:
    """Another name of a village: all who are written so are placed there. Masked text has to be typed."""
    with st.form("geography.alias"):
        alias = st.text_input(tell("geography.alias"), "" if "*" in text or not scope.sees_names else text, max_chars=80)
        village = _ask_village(scope, county)
        if st.form_submit_button(tell("geography.add_alias"), type="primary") and village:

            def add() -> None:
                placed = add_alias(cached.engine(), scope, village, alias)
                st.session_state[DONE] = tell("geography.placed", count=f"{placed:,}")

            _mend(add)


def _ask_village(scope: Scope, county: str) -> str | None:
    names = cached.read_names(scope)
    inside = scope.areas if all(len(code) > len(county) for code in scope.areas) else (county,)
    villages = [row.code for row in cached.read_areas(scope) if row.level == "village" and row.code.startswith(inside)]
    words = {code: f"{names.get(code[:9], '')} {names[code]}" for code in villages}
    return st.selectbox(
        tell("geography.village"),
        villages,
        index=None,
        format_func=lambda code: words.get(code, code),
        placeholder=tell("bar.all"),
    )


def _mend(act: Callable[[], None], done: str = "") -> None:
    try:
        act()
    except (ProblemError, ScopeError) as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        if done:
            st.session_state[DONE] = done
        st.rerun()
