"""重点群体: who needs a second look and why: warning signs, groups by where they learn, repeat dropouts, reasons, aid."""

from enum import StrEnum

from pages.shared.at_work_panel import show_at_work
from pages.shared.filter_bar import show_case_filter
from pages.shared.group_panels import show_aids, show_matrix, show_reasons, show_repeats, show_warnings
from pages.shared.panels import show_header
from pages.shared.scope import require_scope
from pages.shared.view import show_choice, tell

scope = require_scope("groups")


class Part(StrEnum):
    """The parts of the page."""

    WARNINGS = "warnings"
    MATRIX = "matrix"
    REPEATS = "repeats"
    REASONS = "reasons"
    AIDS = "aids"
    AT_WORK = "at_work"


chosen = show_case_filter("groups")
show_header("groups", chosen)
match show_choice("groups", "measure", tell("group_page.part"), list(Part), lambda one: tell(f"group_page.{one}")):
    case Part.WARNINGS:
        show_warnings(scope, chosen)
    case Part.MATRIX:
        show_matrix(scope, chosen)
    case Part.REPEATS:
        show_repeats(scope, chosen)
    case Part.REASONS:
        show_reasons(scope, chosen)
    case Part.AIDS:
        show_aids(scope, chosen)
    case Part.AT_WORK:
        show_at_work(scope, chosen)
