"""Tables of rows that the database has paged: 50 at a time, the total of the filter below, a click opens a row."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from typing import Any, Literal

import streamlit as st

from data_access.tables import NOT_TEXT
from domain.rates import half_up
from domain.view_state import PAGE_ROWS
from pages.shared.view import change_view, read_view, tell

Mode = Literal["single-row", "multi-row"]
Kind = Literal["text", "number", "percent", "date", "flag", "bar", "tags"]
HIGHEST_BAR = 100
LARGEST_SCHOOL = 10**7  # children: a float names the share of so many exactly
KINDS: dict[Kind, tuple[Callable[..., Any], dict[str, Any]]] = {
    "text": (st.column_config.TextColumn, {}),
    "number": (st.column_config.NumberColumn, {"format": "localized"}),
    "percent": (st.column_config.NumberColumn, {"format": "%.2f %%"}),  # 0.80 %, as everywhere: "percent" drops the nought
    "date": (st.column_config.DateColumn, {"format": "YYYY-MM-DD"}),
    "flag": (st.column_config.CheckboxColumn, {}),
    "bar": (st.column_config.ProgressColumn, {"min_value": 0, "max_value": HIGHEST_BAR, "format": "%d"}),
    "tags": (st.column_config.MultiselectColumn, {}),
}
SAID = frozenset({"grade"})  # numbers in a file, words on screen


@dataclass(frozen=True)
class Column:
    """One column: `name` is its key in the rows, `label` its words, `help` its definition.

    kind: text; number (right, thousands separated); percent (a share of 0.0039 shown as 0.39 %); date (ISO); flag (a
    tick); bar (0-100); tags (a list of words, each in a frame, those of `red` in red). `pinned` stays in view when the
    table is scrolled sideways.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str | None = None
    width: Literal["small", "medium", "large"] | int | None = None
    pinned: bool = False
    red: Collection[str] = ()


def show_table(
    name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], total: int, *, selectable: bool = False
) -> int | None:
    """One page of rows, and under it how many the filter has in all and the way to the other pages.

    `name` tells the tables of a page apart; `rows` holds the values of `columns` by name, as text, numbers, dates; None is
    a blank. Returns the place in `rows` of the row that was clicked, None for none.
    """
    picked = _draw(name, rows, columns, "single-row" if selectable else None) if rows else []
    _show_pager(name, len(rows), total)
    return picked[0] if picked else None


def show_picks(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], total: int) -> list[int]:
    """The same where several rows can be chosen: their places in `rows`."""
    picked = _draw(name, rows, columns, "multi-row") if rows else []
    _show_pager(name, len(rows), total)
    return picked


def show_rows(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], *, selectable: bool = False) -> int | None:
    """A short list as it is, without pages; returns the place of the row that was clicked."""
    picked = _draw(name, rows, columns, "single-row" if selectable else None)
    return picked[0] if picked else None


def columns_of(*names: str, pinned: str = "", width: int | None = None) -> list[Column]:
    """Columns by their identifiers in exports, with the same headers and definitions; `pinned` stays in view.

    `width` is in pixels, for words of which the longest must not be cut; without it the browser measures the first rows.
    """
    kinds: dict[str, Kind] = {"integer": "number", "date": "date", "fraction": "percent", "boolean": "flag"}
    return [
        Column(
            name,
            tell(f"column.{name}"),
            "text" if name in SAID else kinds.get(NOT_TEXT.get(name, ""), "text"),
            tell(f"column.{name}.what"),
            width,
            pinned=name == pinned,
        )
        for name in names
    ]


def tags_of(name: str, *red: str) -> Column:
    """A column of an export whose words stand in frames, those of `red` in red."""
    return replace(columns_of(name)[0], kind="tags", red=red)


def _draw(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], mode: Mode | None) -> list[int]:
    shown = [{column.name: _value(column, row.get(column.name)) for column in columns} for row in rows]
    event: Any = st.dataframe(
        shown,
        key=f"{name}|{_digest(shown)}",  # other rows are another table: a selection never slips to a row it was not made on
        column_config={column.name: _config(column, shown) for column in columns},
        hide_index=True,
        on_select="rerun" if mode else "ignore",
        selection_mode=mode or "single-row",
        placeholder="",
    )
    picked: list[int] = event.selection.rows if mode else []
    return [place for place in picked if place < len(rows)]


def _value(column: Column, value: Any) -> Any:
    """As the table takes it: a share in hundredths of a per cent, rounded as the words beside the table round it."""
    if column.kind != "percent" or value is None:
        return value
    return half_up(Fraction(value).limit_denominator(LARGEST_SCHOOL) * 100) / 100


def _digest(rows: Sequence[Mapping[str, Any]]) -> str:
    return sha256(repr(rows).encode()).hexdigest()[:16]


def _config(column: Column, rows: Sequence[Mapping[str, Any]]) -> Any:
    told: dict[str, Any] = {"label": column.label, "help": column.help, "width": column.width, "pinned": column.pinned or None}
    kind, more = KINDS[column.kind]
    if column.kind == "tags":
        tags = sorted({tag for row in rows for tag in row[column.name] or ()})
        more = {"options": tags, "color": ["red" if tag in column.red else "gray" for tag in tags]}
    return kind(**told, **more)


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
