"""Widgets that show a part of the filter as the URL has it, and write the URL when they are changed.

They work on the texts of the URL; what they send is read by CaseFilter.from_query like any other URL, so that forged
values are dropped.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from domain.case_filter import CaseFilter
from pages.shared.view import read_asked, read_view, seed, tell, write_address


def show_pick(here: str, part: str, label: str, options: Mapping[str, str], nothing: str = "") -> None:
    """One of several: `options` gives text of the URL -> words.

    What the URL names beyond the options is offered too, by its code, so that it can be seen and cleared.
    """
    asked = read_asked().to_query().get(part)
    shown = dict(options) if asked is None or asked in options else {**options, asked: asked}
    state = seed(here, part, asked)
    st.selectbox(
        label,
        list(shown),
        key=state,
        index=None,
        format_func=lambda value: shown.get(value, value),
        placeholder=nothing or tell("bar.all"),
        on_change=write_part,
        args=(state, part),
    )


def show_area(here: str, digits: int, options: Mapping[str, str], above: str) -> None:
    """One level of the area tree; cleared, the area `above` is meant."""
    area = (read_asked().area or "")[:digits]
    state = seed(here, f"area{digits}", area if area in options else None)
    st.selectbox(
        tell(f"bar.area{digits}"),
        list(options),
        key=state,
        index=None,
        format_func=lambda code: options.get(code, code),
        placeholder=tell("bar.all"),
        on_change=write_part,
        args=(state, "area", above),
    )


def show_several(here: str, part: str, label: str, options: Mapping[str, str]) -> None:
    """Any of several."""
    asked = read_asked().to_query().get(part, "").split(",")
    state = seed(here, part, [text for text in asked if text in options])
    st.multiselect(
        label,
        list(options),
        key=state,
        format_func=lambda value: options.get(value, value),
        placeholder=tell("bar.all"),
        on_change=write_part,
        args=(state, part),
    )


def show_switch(here: str, part: str, label: str) -> None:
    """Yes or everything."""
    state = seed(here, part, part in read_asked().to_query())
    st.toggle(label, key=state, on_change=write_part, args=(state, part))


def show_day(here: str, part: str, label: str, about: str) -> None:
    """A day, or none."""
    state = seed(here, part, read_asked().as_of)
    st.date_input(label, key=state, value=None, format="YYYY-MM-DD", on_change=write_part, args=(state, part), help=about)


def write_part(state: str, part: str, otherwise: str = "") -> None:
    """Write what a widget was set to into the URL; `otherwise` when it was cleared. The rows begin at their first page."""
    text = _as_text(st.session_state[state]) or otherwise
    query = {key: old for key, old in read_asked().to_query().items() if key != part} | ({part: text} if text else {})
    write_address(CaseFilter.from_query(query), replace(read_view(), page=1, child=None))


def _as_text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return ("1" if value else "") if isinstance(value, bool) else str(value or "")
