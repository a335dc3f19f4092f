"""The panels of the left-behind page: definitions, freshness by town, pairing load."""

import streamlit as st

from domain.case_filter import CaseFilter
from domain.left_behind import teachers_needed
from domain.scope import Scope
from pages.shared import cached
from pages.shared.care_charts import (
    Definitions,
    draw_definitions,
    draw_freshness,
    draw_loads,
    group_freshness,
    group_loads,
)
from pages.shared.charts import is_dark
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell

BUSIEST = 10


def show_definitions(found: Definitions) -> None:
    """The two definitions as bars that overlap where both hold."""
    picture = draw_definitions(found, read_lang(), is_dark())
    st.vega_lite_chart(picture, width="stretch", alt=tell("left_behind.definitions"))


def show_freshness(scope: Scope, chosen: CaseFilter) -> None:
    """How many of the records were checked within a quarter, town by town, the lowest share first."""
    st.markdown(f"**{tell('left_behind.freshness')}**", help=tell("left_behind.freshness.what"))
    places = group_freshness(cached.read_freshness(scope, chosen), cached.read_names(scope), tell("filter.unlocated"))
    picture = draw_freshness(places, read_lang(), is_dark())
    st.vega_lite_chart(picture, width="stretch", alt=tell("left_behind.freshness"))


def show_pairing(scope: Scope, chosen: CaseFilter) -> None:
    """How the children are spread over teachers and cadres, and how many of them have nobody."""
    plan = cached.read_pairing(scope, chosen)
    what = tell("left_behind.pairing.what", fewest=plan.fewest, most=plan.most)
    st.markdown(f"**{tell('left_behind.pairing')}**", help=what)
    loads = group_loads(cached.count_loads(scope, chosen), cached.read_names(scope), tell("filter.unlocated"))
    if loads:
        st.vega_lite_chart(draw_loads(loads, plan, read_lang(), is_dark()), width="stretch", alt=tell("left_behind.pairing"))
    else:
        st.caption(tell("left_behind.no_pairs"))
    unpaired = cached.count_unpaired(scope, chosen)
    if unpaired:
        st.warning(tell("left_behind.unpaired", count=f"{unpaired:,}", teachers=f"{teachers_needed(unpaired, plan):,}"))
    else:
        st.caption(tell("left_behind.all_paired"))


def show_busiest(scope: Scope, chosen: CaseFilter) -> None:
    """Who is paired with more children than planned; nothing when nobody is."""
    persons = cached.read_busiest(scope, chosen, cached.read_pairing(scope, chosen).most, BUSIEST)
    if not persons:
        return
    st.markdown(f"**{tell('left_behind.busiest')}**")
    rows = [
        {"person": one.name, "role": tell(f"dutyrole.{one.role}"), "school": one.school_name, "load": one.children}
        for one in persons
    ]
    names = ("person", "role", "school", "load")
    show_rows(
        "busiest", rows, [Column(name, tell(f"left_behind.{name}"), "number" if name == "load" else "text") for name in names]
    )
