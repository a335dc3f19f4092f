"""Who is looking and when, across the screen: where a bureau sets it, so that a photograph of a screen says whose it was."""

import os
import re

import streamlit as st

from domain.scope import Scope
from pages.shared.clock import now_here

TIMES = 160  # so often that a large screen is full
STYLE = """<style>
.stApp::after {{ content: "{text}"; position: fixed; inset: -20%; z-index: 999990; pointer-events: none; overflow: hidden;
  font: 15px/6.5 sans-serif; word-spacing: 2em; color: #888; opacity: 0.16; transform: rotate(-18deg); }}
</style>"""


def show_watermark(scope: Scope) -> None:
    """Draw it when KONGCHUO_WATERMARK is `on`."""
    if os.environ.get("KONGCHUO_WATERMARK") == "on":
        st.html(STYLE.format(text=mark_of(scope)))


def mark_of(scope: Scope) -> str:
    """Account and minute over and over; whatever could end a text of a style sheet is left out."""
    one = re.sub(r"[^\w.@:-]", "", scope.user) + f"·{now_here():%Y-%m-%d·%H:%M}"
    return " ".join([one] * TIMES)
