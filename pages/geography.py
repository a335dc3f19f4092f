"""区划与位置: the bureau's own villages and shapes, what is missing in them, and the way to mend each gap."""

from enum import StrEnum

import streamlit as st

from domain.scope import Write
from pages.shared.geography_gaps import show_unplaced, show_without_position
from pages.shared.geography_upload import show_merge, show_upload
from pages.shared.panels import show_title
from pages.shared.scope import require_scope
from pages.shared.settings_forms import pick_county
from pages.shared.view import show_choice, tell

scope = require_scope("geography")


class Part(StrEnum):
    """The parts of the page."""

    UNPLACED = "unplaced"
    NO_POSITION = "no_position"
    UPLOAD = "upload"
    MERGE = "merge"


show_title("geography")
county = pick_county(scope)
parts = [Part.UNPLACED] if scope.sees_children else []
parts += [Part.NO_POSITION]
parts += [Part.UPLOAD, Part.MERGE] if scope.may(Write.SETTINGS) else []
part = show_choice("geography", "layer", tell("geography.parts"), parts, lambda one: tell(f"geography.{one}"))
if not county:
    st.info(tell("settings.no_county"), icon=":material/search_off:")
elif part is Part.UNPLACED:
    show_unplaced(scope, county)
elif part is Part.NO_POSITION:
    show_without_position(scope)
elif part is Part.UPLOAD:
    show_upload(scope, county)
else:
    show_merge(scope, county)
