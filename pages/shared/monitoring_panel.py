"""Monitoring points on the supervision page: which they are and who leads them (R232)."""

import streamlit as st

from domain.case_filter import CaseFilter
from domain.scope import Scope
from pages.shared import cached
from pages.shared.table import Column, show_rows
from pages.shared.view import tell


def show_monitoring(scope: Scope, chosen: CaseFilter) -> None:
    """A row a point; a sentence where there is none."""
    points = cached.read_monitoring(scope, chosen)
    st.markdown(f"**{tell('monitoring.title')}**")
    if not points:
        st.caption(tell("monitoring.none"))
        return
    rows = [{"point": one.unit_name, "leaders": list(one.leaders), "since": one.since} for one in points]
    columns = [Column("point", tell("monitoring.point"), pinned=True), Column("leaders", tell("monitoring.leaders"), "tags")]
    show_rows("monitoring", rows, [*columns, Column("since", tell("monitoring.since"), "date")])
