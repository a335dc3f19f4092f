"""审计: who did what to whose data, searched, verified and packed for the yearly review."""

import streamlit as st

from pages.shared.keeper_panels import ask_audit_filter, show_chain, show_events, show_pack
from pages.shared.panels import show_title
from pages.shared.scope import require_scope
from pages.shared.view import tell

scope = require_scope("audit")

show_title("audit")
st.caption(tell("audit.what"))
with st.container(horizontal=True):
    with st.container(width="content"):
        show_chain()
    with st.container(width="content"):
        show_pack(scope)
show_events(scope, ask_audit_filter(scope))
