"""一生一档: one child's file as of a day, its timeline drawn and listed."""

import streamlit as st

from data_access.child_file import ChildFile
from pages.shared import cached, case_forms, case_panel
from pages.shared.absence_form import show_absence
from pages.shared.agreement_form import show_agreement
from pages.shared.file_parts_panel import show_class_files, show_completeness
from pages.shared.filter_bar import show_case_filter
from pages.shared.origin_panel import show_origins
from pages.shared.panels import show_header, show_link
from pages.shared.papers import show_packet
from pages.shared.reveal_panel import show_reveal
from pages.shared.scope import require_scope
from pages.shared.view import read_view, tell

scope = require_scope("child_file")


def show_work(file: ChildFile) -> None:
    """What can be done on the case of today; or the way to open one."""
    if file.as_of != cached.moment().today:
        return
    if file.duty:
        case_forms.show_work(scope, file.duty.case_id)
    show_absence(scope, file.child_id)
    show_agreement(scope, file.child_id)
    case_forms.show_opening(scope, file.child_id, file.duty.status if file.duty else None)


def show_file(file: ChildFile) -> None:
    """Who, what is owed and the family on top, then the lanes, then every entry."""
    case_panel.show_marks(file)
    show_work(file)
    show_completeness(file.completeness)
    left, right = st.columns(2, gap="medium")
    with left:
        case_panel.show_identity(file)
        case_panel.show_family(file)
        show_reveal(scope, chosen, file.child_id)
    with right:
        case_panel.show_duty(file)
    case_panel.show_lanes(file)
    st.markdown(f"**{tell('child_file.entries', count=len(file.entries))}**")
    case_panel.show_entries("entries", file.entries)
    case_panel.show_note(file)
    show_origins(scope, file.child_id)
    show_packet(scope, file)


chosen = show_case_filter("child_file")
show_header("child_file", chosen)
case_forms.show_flash()
child_id = read_view().child
opened = case_panel.read_file(scope, chosen, child_id) if child_id else None
if child_id is None:
    st.info(tell("child_file.none_chosen"), icon=":material/folder_shared:")
elif opened is None:
    st.warning(tell("child_file.not_found"), icon=":material/search_off:")
else:
    show_file(opened)
show_link("cases", tell("child_file.to_cases"))
show_class_files(scope, chosen)
