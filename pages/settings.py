"""设置: the bureau's own rules: formula, targets, ladder, calendar, limits; each change dated, with its paper, and kept."""

from enum import StrEnum

import streamlit as st

from pages.shared import cached
from pages.shared.calendar_forms import show_calendar
from pages.shared.key_list_form import show_key_list_form
from pages.shared.panels import show_title
from pages.shared.plain import plain
from pages.shared.scope import require_scope
from pages.shared.settings_forms import pick_county, show_history, show_said, show_section
from pages.shared.target_forms import show_targets
from pages.shared.view import show_choice, tell

scope = require_scope("settings")


class Part(StrEnum):
    """The parts of the page."""

    FORMULA = "formula"
    TARGETS = "targets"
    LADDER = "ladder"
    CALENDAR = "calendar"
    REPORTS = "reports"
    CLASSES = "classes"
    KEY_LIST = "key_list"
    HISTORY = "history"


SECTIONS = {
    Part.FORMULA: ("rate", "listing"),
    Part.LADDER: ("ladder",),
    Part.REPORTS: ("report", "notice"),
    Part.CLASSES: ("class", "money", "pairing", "warning"),
}

show_title("settings")
show_said()
county = pick_county(scope)
if not county:
    st.info(tell("settings.no_county"), icon=":material/search_off:")
else:
    st.caption(tell("settings.what", county=plain(cached.read_names(scope).get(county, county))))
    part = show_choice("settings", "measure", tell("settings.part"), list(Part), lambda one: tell(f"settings.{one}"))
    match part:
        case Part.TARGETS:
            show_targets(scope, county)
        case Part.CALENDAR:
            show_calendar(scope, county)
        case Part.KEY_LIST:
            show_key_list_form(scope, county)
        case Part.HISTORY:
            show_history(county)
        case _:
            show_section(scope, county, SECTIONS[part])
