"""The address of the page: the one place where filter and view are kept, so that reload, Back and a shared link agree."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import streamlit as st

from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.terms import Lang, parse_lang, say
from domain.view_state import Choice, ViewState, choose
from pages.shared.plain import plain


def read_query() -> dict[str, str]:
    """The query of this run's URL; of a key given twice the last counts."""
    return st.query_params.to_dict()


def read_view() -> ViewState:
    """How the URL wants the page shown."""
    return ViewState.from_query(read_query())


def read_asked() -> CaseFilter:
    """The filter as the URL has it, dates not settled: what links to other pages carry on."""
    return CaseFilter.from_query(read_query())


def read_lang() -> Lang:
    """The language of the page."""
    return parse_lang(st.query_params.get("lang"))


def tell(key: str, **params: object) -> str:
    """The words of `key` in the language of the page."""
    return say(key, read_lang(), **params)


def tell_problem(problem: ProblemError) -> str:
    """What a problem says, for places that read Markdown: what somebody typed, or a file held, stands in it as it is written."""
    return plain(problem.say(read_lang()))


def write_address(chosen: CaseFilter, view: ViewState) -> None:
    """Put filter and view into the URL (one entry of the browser's history) unless it says the same already."""
    wanted = chosen.to_query() | view.to_query()
    if wanted != read_asked().to_query() | read_view().to_query():
        st.query_params.from_dict(wanted)


def change_view(**changes: Any) -> None:
    """Change parts of the view; for callbacks of widgets. A bad value (widgets can be forged) counts as not given."""
    query = read_view().to_query() | {name: str(value) for name, value in changes.items() if value is not None}
    dropped = {name for name, value in changes.items() if value is None}
    write_address(read_asked(), ViewState.from_query({name: text for name, text in query.items() if name not in dropped}))


def change_filter(**changes: Any) -> None:
    """Change parts of the filter and go back to the first page of rows; for callbacks."""
    write_address(replace(read_asked(), **changes), replace(read_view(), page=1, child=None))


def seed(here: str, part: str, value: Any) -> str:
    """Make the widget of `part` show what the URL says; returns its key, another one in English.

    A browser keeps the words of what is chosen in a list until it is another list.
    """
    state = f"{here}.{part}" if read_lang() == "zh" else f"{here}.{part}.{read_lang()}"
    if st.session_state.get(state) != value:
        st.session_state[state] = value
    return state


def show_choice(here: str, part: str, label: str, options: Sequence[Choice], say_option: Callable[[Choice], str]) -> Choice:
    """A row of options kept in the URL as the view's `part` (sort, layer, measure, classes); the first is the default."""
    chosen = choose(getattr(read_view(), part), options[0])
    words = {option: say_option(option) for option in options}
    state = seed(here, part, chosen if chosen in options else options[0])
    st.segmented_control(
        label,
        options,
        key=state,
        required=True,
        format_func=lambda option: words.get(option, option),
        label_visibility="collapsed",
        on_change=_choose,
        args=(state, part, options[0]),
    )
    return chosen if chosen in options else options[0]


def _choose(state: str, part: str, default: StrEnum) -> None:
    picked = st.session_state[state]
    change_view(**{part: None if picked in (None, default) else str(picked), "page": None, "child": None})
