"""The address of the page: the one place where filter and view are kept, so that reload, Back and a shared link agree."""

from dataclasses import replace
from typing import Any

import streamlit as st

from domain.case_filter import CaseFilter
from domain.terms import say
from domain.view_state import ViewState


def read_query() -> dict[str, str]:
    """The query of this run's URL; of a key given twice the last counts."""
    return st.query_params.to_dict()


def read_view() -> ViewState:
    """How the URL wants the page shown."""
    return ViewState.from_query(read_query())


def read_asked() -> CaseFilter:
    """The filter as the URL has it, dates not settled: what links to other pages carry on."""
    return CaseFilter.from_query(read_query())


def tell(key: str, **params: object) -> str:
    """The words of `key` in the language of the page."""
    return say(key, read_view().lang, **params)


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
