"""Where one stands among the areas, and the way up, down and across: breadcrumb and searchable tree, all of it by keyboard."""

from collections.abc import Sequence

import streamlit as st

from data_access.areas import AreaRow
from domain.scope import Scope
from pages.shared import cached
from pages.shared.plain import plain
from pages.shared.view import change_filter, read_asked, tell

FOUND = 30  # areas shown for a search: more would be sent with every run
STEPS = (6, 9, 12)


def show_breadcrumb(here: str, scope: Scope) -> None:
    """County > town > village as buttons, the last without one, and beside them the tree."""
    areas = {row.code: row for row in cached.read_areas(scope)}
    code = read_asked().area or ""
    path = [areas[code[:length]] for length in STEPS if len(code) >= length and code[:length] in areas]
    if path:
        _show_step(here, "", tell("map_page.whole"))
    for row in path[:-1]:
        _show_step(here, row.code, plain(row.name))
    st.markdown("**:material/chevron_right:**" if path else ":material/public:", width="content")
    st.text(path[-1].name if path else tell("map_page.whole"), width="content")
    if st.button(tell("map_page.tree"), key=f"{here}.open_tree", type="tertiary", icon=":material/account_tree:"):
        st.dialog(tell("map_page.tree"))(_show_tree)(here, scope)  # not a popover, whose content the Tab key reaches last of all


def _show_step(here: str, code: str, words: str) -> None:
    st.button(words, key=f"{here}.crumb.{code}", type="tertiary", on_click=change_filter, kwargs={"area": code or None})


def _show_tree(here: str, scope: Scope) -> None:
    """A search over all areas, and without one the parts of the area that is open."""
    st.caption(tell("map_page.tree_help"))
    typed = st.text_input(tell("map_page.tree_search"), key=f"{here}.tree", max_chars=40).strip()
    rows = find_areas(cached.read_areas(scope), typed, read_asked().area or "")
    names = cached.read_names(scope)
    for row in rows[:FOUND]:
        above = " · ".join(names[row.code[:length]] for length in STEPS if length < len(row.code) and row.code[:length] in names)
        words = plain(tell("panel.bracketed", text=row.name, more=above) if typed and above else row.name)
        if st.button(words, key=f"{here}.tree.{row.code}", type="tertiary"):
            change_filter(area=row.code)
            st.rerun()
    if len(rows) > FOUND:
        st.caption(tell("map_page.tree_more", count=f"{len(rows) - FOUND:,}"))
    if not rows:
        st.caption(tell("map_page.tree_none"))


def find_areas(areas: Sequence[AreaRow], typed: str, inside: str) -> list[AreaRow]:
    """The areas whose name or code holds what was typed, larger ones first; without anything typed the next level `inside`."""
    if typed:
        return sorted((row for row in areas if typed in row.name or row.code.startswith(typed)), key=lambda row: len(row.code))
    if len(inside) == STEPS[-1]:
        return find_areas(areas, "", inside[: STEPS[1]])
    lengths = sorted({len(row.code) for row in areas if row.code.startswith(inside) and len(row.code) > len(inside)})
    below = [row for row in areas if lengths and row.code.startswith(inside) and len(row.code) == lengths[0]]
    return below if len(below) > 1 or len(lengths) < 2 else find_areas(areas, "", below[0].code)
