"""What every page is made of: header, tiles, links, bullet charts, empty states. Tables are in table.py, files in export.py."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from domain.case_filter import CaseFilter
from domain.scope import Role, Scope
from domain.suppress import SuppressRule
from pages.shared import cached
from pages.shared.charts import Bullet, draw_bullets, is_dark
from pages.shared.filter_bar import read_allowed, read_chosen, reset_filter, show_chosen
from pages.shared.page_list import find_page, may_open
from pages.shared.view import change_filter, read_asked, read_lang, read_view, tell

SMALL = SuppressRule()
SCHOOL_DIGITS = 10
TILES = "<style>.st-key-tiles > div { flex: 1 1 9.5rem; min-width: 0; }</style>"  # two fit beside each other on 390 pixels


def show_title(here: str) -> DeltaGenerator:
    """The name of the page, on a phone in the first line; returns the head, for what stands right below the name."""
    head = st.container(key="head", gap="xsmall")
    head.subheader(tell(f"page.{here}"), anchor=False)
    return head


def show_header(here: str, chosen: CaseFilter) -> None:
    """Title, the sentence that says what is looked at with its stamp, and the changed parts of the filter as buttons."""
    with show_title(here):
        show_chosen(here, " · ".join((describe(chosen), _freshness(chosen))))


def describe(chosen: CaseFilter) -> str:
    """The filter in words, as it stands on exports: 建宁县 · 初中 · 2026-2027学年 · 截至 2026-11-21."""
    lang, scope = read_lang(), cached.moment().scope
    names = cached.name_codes(scope, chosen)
    whole = tell("panel.comma").join(names.get(code, code) for code in (*scope.areas, *scope.schools))
    return chosen.describe(lang, names, whole)


def _freshness(chosen: CaseFilter) -> str:
    scope = cached.moment().scope
    if silent := len(cached.read_silent_schools(scope, chosen)):
        return tell("panel.silent", count=f"{silent:,}")
    return tell("panel.all_reported" if cached.has_schools(scope, chosen) else "panel.no_reports")


# --- tiles and links ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """One number and where its rows are.

    `name`: its words are `tile.<name>` and, for what it counts, `tile.<name>.what`. `value` None: not known, shown as a
    dash. `before`: the same number earlier, at a time that `since` names; a rise is red and a fall green only where
    `bad_up` says that it is bad news. `page`, `changes` and `measure`: the page, the parts of the filter and the measure
    of its view that list exactly the rows behind the number.
    """

    name: str
    value: int | None
    page: str
    changes: tuple[tuple[str, Any], ...] = ()
    measure: str = ""
    before: int | None = None
    since: str = ""
    bad_up: bool = False


def show_metrics(tiles: Sequence[Tile]) -> None:
    """Tiles side by side, each with a link to its rows where the role may list them."""
    with lay_tiles():
        for tile in tiles:
            with st.container(border=True, gap="xxsmall", height="stretch"):
                _show_tile(tile)


def lay_tiles() -> DeltaGenerator:
    """The row for a page's tiles, each a container in it: side by side on a screen, two in a row on a phone."""
    st.html(TILES)
    return st.container(key="tiles", horizontal=True, gap="small")


def _show_tile(tile: Tile) -> None:
    scope = cached.moment().scope
    delta = None if tile.value is None or tile.before is None or not scope.sees_children else tile.value - tile.before
    st.metric(
        tell(f"tile.{tile.name}"),
        _say_count(scope, tile.value),
        delta,
        help=tell(f"tile.{tile.name}.what"),
        delta_color="inverse" if tile.bad_up else "off",
        delta_description=tile.since if delta is not None else None,
    )
    show_link(tile.page, tell("panel.rows"), measure=tile.measure, **dict(tile.changes))


def _say_count(scope: Scope, value: int | None) -> str:
    """A count as this role may see it: small ones are not told to roles that may not list children."""
    if value is None:
        return "—"
    hidden = not scope.sees_children and 0 < value <= SMALL.largest_hidden
    return tell("panel.small", largest=SMALL.largest_hidden) if hidden else f"{value:,}"


def show_link(page: str, label: str, *, measure: str = "", **changes: Any) -> None:
    """A link to another page with the filter of the URL and these changes; nothing for a role without that page."""
    if not may_open(cached.moment().scope, page):
        return
    view = replace(read_view().elsewhere(), measure=measure)
    st.page_link(find_page(page).file, label=label, query_params=replace(read_asked(), **changes).to_query() | view.to_query())


def open_file(child_id: int) -> None:
    """Go to the file of a child, with the filter of the URL."""
    view = replace(read_view().elsewhere(), child=child_id)
    st.switch_page(find_page("child_file").file, query_params=read_asked().to_query() | view.to_query())


# --- bullet charts --------------------------------------------------------------------------------------------------------------


def show_bullets(title: str, bullets: Sequence[Bullet]) -> None:
    """Rates as bars in the order given, the target as a tick, the fraction and the verdict in words beside each.

    Red only where a target is missed; a rate without data has no bar and says so. Nothing for no bullets.
    """
    if bullets:
        st.markdown(f"**{title}**")
        st.vega_lite_chart(draw_bullets(bullets, read_lang(), is_dark()), width="stretch", alt=title)


# --- nothing to show ------------------------------------------------------------------------------------------------------------


def show_empty(here: str, words: str = "", well_done: bool = False) -> None:
    """Why there is nothing, and what to do: the filters to loosen as buttons, a ledger to import, or nothing: well done.

    `words` says what is missing in one sentence; without it the usual one. `well_done`: empty is good news.
    """
    asked = read_allowed(cached.moment().scope)
    (st.success if well_done else st.info)(
        words or _say_why(asked), icon=":material/check:" if well_done else ":material/search_off:"
    )
    if well_done:
        return
    if asked.changed():
        _show_loosening(here, asked)
    elif not _has_data():
        show_link("imports", tell("panel.to_imports"))


def show_no_data(here: str) -> None:
    """Where nothing has been imported yet, that this is so: numbers alone would look like good news."""
    if not read_allowed(cached.moment().scope).changed() and not _has_data():
        show_empty(here)


def _say_why(asked: CaseFilter) -> str:
    if asked.changed():
        return tell("panel.empty")
    return tell("panel.nothing" if _has_data() else "panel.no_data")


def _has_data() -> bool:
    """Whether there is a school: every county begins with the registry of one. A village sees none, and asks for any."""
    scope = cached.moment().scope
    if scope.role is Role.VILLAGE:
        return any(len(code) == SCHOOL_DIGITS for code in cached.read_unit_names())
    return cached.has_schools(scope, read_chosen(scope))


def _show_loosening(here: str, asked: CaseFilter) -> None:
    names, lang = cached.name_codes(cached.moment().scope, asked), read_lang()
    with st.container(horizontal=True, gap="small"):
        for part in asked.changed():
            label = tell("panel.without", part=asked.say_part(part, lang, names))
            st.button(label, key=f"{here}.loosen.{part}", on_click=change_filter, kwargs={part: getattr(CaseFilter(), part)})
        st.button(tell("bar.reset"), key=f"{here}.loosen", on_click=reset_filter)
