"""隐私: what is kept about whom and why, and where one is signed in."""

import streamlit as st

from pages.shared.panels import show_title
from pages.shared.privacy_panel import show_fields, show_notice, show_sessions
from pages.shared.scope import require_scope
from pages.shared.view import tell

scope = require_scope("privacy")

show_title("privacy")
show_notice()
st.markdown(f"**{tell('privacy.fields')}**")
show_fields()
st.markdown(f"**{tell('privacy.sessions')}**")
st.caption(tell("privacy.sessions.what"))
show_sessions(scope)
