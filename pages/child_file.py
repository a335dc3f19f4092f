"""一生一档: one child's file as of a day, its timeline drawn and listed."""

import streamlit as st

from data_access.child_file import ChildFile
from pages.shared import case_panel
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import show_header, show_link
from pages.shared.scope import require_scope
from pages.shared.view import read_view, tell

scope = require_scope("child_file")


def show_file(file: ChildFile) -> None:
    """Who, what is owed and the family on top, then the lanes, then every entry."""
    case_panel.show_marks(file)
    left, right = st.columns(2, gap="medium")
    with left:
        case_panel.show_identity(file)
        case_panel.show_family(file)
    with right:
        case_panel.show_duty(file)
    case_panel.show_lanes(file)
    st.markdown(f"**{tell('child_file.entries', count=len(file.entries))}**")
    case_panel.show_entries("entries", file.entries)
    case_panel.show_note(file)


chosen = show_case_filter("child_file")
show_header("child_file", chosen)
child_id = read_view().child
opened = case_panel.read_file(scope, chosen, child_id) if child_id else None
if child_id is None:
    st.info(tell("child_file.none_chosen"), icon=":material/folder_shared:")
elif opened is None:
    st.warning(tell("child_file.not_found"), icon=":material/search_off:")
else:
    show_file(opened)
show_link("cases", tell("child_file.to_cases"))
