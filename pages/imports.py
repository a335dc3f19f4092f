"""导入: choose a workbook, mend what is asked and what is wrong, confirm; blank workbooks, and the history with its way back."""

import streamlit as st

from pages.shared.filter_bar import show_case_filter
from pages.shared.import_history import show_history, show_templates
from pages.shared.import_steps import (
    ask_ledger,
    choose_upload,
    show_confirm,
    show_difference,
    show_mapping,
    show_problems,
    try_upload,
)
from pages.shared.panels import show_header
from pages.shared.scope import require_scope
from pages.shared.view import tell

scope = require_scope("imports")

chosen = show_case_filter("imports")
show_header("imports", chosen)
bring, blank, history = st.tabs([tell(f"imports.{part}") for part in ("bring", "blank", "history")])
with bring:
    upload = choose_upload(scope, chosen)
    tried = try_upload(scope, upload) if upload else None
    if tried and tried.alike:
        ask_ledger(tried)
    elif upload and tried:
        show_difference(tried)
        show_mapping(upload, tried)
        show_problems(scope, upload, tried)
        show_confirm(scope, upload, tried)
with blank:
    show_templates(scope)
with history:
    show_history(scope)
