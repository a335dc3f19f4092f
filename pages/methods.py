"""口径: every indicator with its formula, what counts, its source and settings, worked on the rows in view."""

from pages.shared import cached
from pages.shared.enrolment_panel import show_counties
from pages.shared.filter_bar import show_case_filter
from pages.shared.indicators import METHODS, Section
from pages.shared.method_panels import show_counts, show_families, show_ladder, show_method, show_settings, show_targets
from pages.shared.panels import show_header
from pages.shared.scope import require_scope
from pages.shared.view import show_choice, tell

scope = require_scope("methods")

chosen = show_case_filter("methods")
show_header("methods", chosen)
match show_choice("methods", "measure", tell("methods.section"), list(Section), lambda one: tell(f"methods.{one}")):
    case Section.RATES:
        for method in METHODS:
            show_method(method, scope, chosen)
        show_counties(scope, chosen)
        show_families(scope, chosen)
    case Section.COUNTS:
        show_counts(scope, chosen)
    case Section.LADDER:
        show_ladder(cached.read_ladder(cached.first_county(scope), chosen.as_of or cached.moment().today))
    case Section.SETTINGS:
        show_targets(scope, chosen)
        show_settings(scope, chosen)
