"""The monthly or term report to take along, with the roster of movements as its annex (R074)."""

import streamlit as st

from data_access.report_packet import report_table
from domain.case_filter import CaseFilter
from domain.scope import Scope
from pages.shared.export import show_export
from pages.shared.papers import open_ring
from pages.shared.view import tell


def show_report(scope: Scope, chosen: CaseFilter) -> None:
    """The button; a sentence where the key that opens the roster's numbers is not on this machine."""
    st.markdown(f"**{tell('supervision.report')}**", help=tell("supervision.report.what"))
    ring = open_ring()
    if ring is None:
        st.caption(tell("supervision.no_key"))
    else:
        show_export("supervision", report_table(ring), scope, chosen)
