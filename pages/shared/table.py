"""Tables of rows that the database has paged: 50 at a time, the total of the filter below, a click opens a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from data_access.tables import NOT_TEXT
from domain.view_state import PAGE_ROWS
from pages.shared.view import change_view, read_query, read_view, tell

Kind = Literal["text", "number", "percent", "date", "flag", "bar"]
HIGHEST_BAR = 100


@dataclass(frozen=True)
class Column:
    """One column: `name` is its key in the rows, `label` its words, `help` its definition.

    kind: text; number (right, thousands separated); percent (a float of 0.0039 shown as 0.39 %); date (ISO); flag (a
    tick); bar (0-100). `pinned` stays in view when the table is scrolled sideways.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str | None = None
    width: Literal["small", "medium", "large"] | int | None = None
    pinned: bool = False


def show_table(
    name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], total: int, *, selectable: bool = False
) -> int | None:
    """One page of rows, and under it how many the filter has in all and the way to the other pages.

    `name` tells the tables of a page apart; `rows` holds the values of `columns` by name, as text, numbers, dates; None is
    a blank. Returns the place in `rows` of the row that was clicked, None for none.
    """
    picked = _draw(name, rows, columns, selectable) if rows else None
    _show_pager(name, len(rows), total)
    return picked


def show_rows(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], *, selectable: bool = False) -> int | None:
    """A short list as it is, without pages; returns the place of the row that was clicked."""
    return _draw(name, rows, columns, selectable)


def columns_of(*names: str, pinned: str = "") -> list[Column]:
    """Columns by their identifiers in exports, with the same headers and definitions; `pinned` stays in view."""
    kinds: dict[str, Kind] = {"integer": "number", "date": "date", "fraction": "percent", "boolean": "flag"}
    return [
        Column(
            name,
            tell(f"column.{name}"),
            kinds.get(NOT_TEXT.get(name, ""), "text"),
            tell(f"column.{name}.what"),
            pinned=name == pinned,
        )
        for name in names
    ]


def _draw(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], selectable: bool) -> int | None:
    event: Any = st.dataframe(
        [{column.name: row.get(column.name) for column in columns} for row in rows],
        key=f"{name}|{_shown()}",  # another filter is another table: a selection never slips to a row it was not made on
        column_config={column.name: _config(column) for column in columns},
        hide_index=True,
        on_select="rerun" if selectable else "ignore",
        selection_mode="single-row",
        placeholder="",
    )
    picked: list[int] = event.selection.rows if selectable else []
    return picked[0] if picked and picked[0] < len(rows) else None


def _shown() -> str:
    return "&".join(f"{key}={text}" for key, text in sorted(read_query().items()) if key != "child")


def _config(column: Column) -> Any:
    told: dict[str, Any] = {"label": column.label, "help": column.help, "width": column.width, "pinned": column.pinned or None}
    match column.kind:
        case "number":
            return st.column_config.NumberColumn(**told, format="localized")
        case "percent":
            return st.column_config.NumberColumn(**told, format="percent")
        case "date":
            return st.column_config.DateColumn(**told, format="YYYY-MM-DD")
        case "flag":
            return st.column_config.CheckboxColumn(**told)
        case "bar":
            return st.column_config.ProgressColumn(**told, min_value=0, max_value=HIGHEST_BAR, format="%d")
        case _:
            return st.column_config.TextColumn(**told)


def _show_pager(name: str, shown: int, total: int) -> None:
    view = read_view()
    last = max(1, -(-total // PAGE_ROWS))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if shown or not total:
            st.caption(tell("table.total", total=f"{total:,}", page=f"{view.page:,}", last=f"{last:,}"))
        else:
            st.caption(tell("table.past_end", total=f"{total:,}", page=f"{view.page:,}", last=f"{last:,}"))
        if last > 1 or view.page > 1:
            _show_step(name, "first", 1, view.page > 1)
            _show_step(name, "previous", min(view.page - 1, last), view.page > 1)
            _show_step(name, "next", view.page + 1, view.page < last)


def _show_step(name: str, step: str, page: int, enabled: bool) -> None:
    st.button(
        tell(f"table.{step}"),
        key=f"{name}.{step}",
        type="tertiary",
        disabled=not enabled,
        on_click=change_view,
        kwargs={"page": page, "child": None},
    )
