"""The frame around every page: who is looking, menu, the page itself, and one place for whatever goes wrong.

This is Streamlit's main script, started by app.py. It lies inside `pages/` so that Streamlit finds no folder of pages
beside it that it would run on their own.
"""

import streamlit as st

from pages.shared.failures import say_what_failed
from pages.shared.frame import show_account, show_menu, show_top
from pages.shared.page_list import FRAME, PAGES
from pages.shared.scope import require_scope
from pages.shared.view import tell
from pages.shared.watermark import show_watermark

st.set_page_config(page_title=tell("frame.app"), layout="wide", initial_sidebar_state="auto")
with say_what_failed():
    scope = require_scope(FRAME)
    screens = [
        st.Page(page.file, title=tell(f"page.{page.name}"), default=page is PAGES[0]) for page in PAGES
    ]  # each asks itself
    current = st.navigation(screens, position="hidden")
    show_top(scope)
    show_menu(scope, current.url_path)
    current.run()
    show_account(scope)
    show_watermark(scope)
