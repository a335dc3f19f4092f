"""数据核查: contradictions between records by rule, unit and age, the six lists of 四查三比对, and who has not reported."""

from enum import StrEnum

import streamlit as st

from domain.checks import Severity
from pages.shared import cached
from pages.shared.check_panels import show_list, show_rules, show_trend
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import Tile, show_empty, show_header, show_metrics
from pages.shared.reports_due_panel import show_reports_due
from pages.shared.roster_panel import show_roster
from pages.shared.scope import require_scope
from pages.shared.view import show_choice, tell

scope = require_scope("data_checks")


class Part(StrEnum):
    """The parts of the page; the first is the default."""

    CONTRADICTIONS = "contradictions"
    LISTS = "lists"
    REPORTS = "reports"


def show_tiles() -> None:
    """Open errors, open questions, children on a list of differences, reports that are missing."""
    numbers = {
        "check_errors": sum(one.open for one in records if one.rule.severity is Severity.ERROR),
        "check_warnings": sum(one.open for one in records if one.rule.severity is Severity.WARNING),
        "check_lists": sum(one.open for one in lists),
        "check_missing": len(cached.read_missing_reports(scope, chosen)),
    }
    parts = (Part.CONTRADICTIONS, Part.CONTRADICTIONS, Part.LISTS, Part.REPORTS)
    tiles = [
        Tile(name, count, "data_checks", measure=str(part)) for (name, count), part in zip(numbers.items(), parts, strict=True)
    ]
    show_metrics(tiles)


chosen = show_case_filter("data_checks")
show_header("data_checks", chosen)
checked_on = cached.read_checked_on()
if checked_on is None:
    show_empty("data_checks", tell("checks.never"))
else:
    records = cached.count_contradictions_by_rule(scope, chosen, lists=False)
    lists = cached.count_contradictions_by_rule(scope, chosen, lists=True)
    show_tiles()
    part = show_choice("data_checks", "measure", tell("checks.part"), list(Part), lambda one: tell(f"checks.{one}"))
    if part is Part.REPORTS:
        show_reports_due(scope, chosen)
    else:
        compared = part is Part.LISTS
        st.caption(tell("checks.lists_what" if compared else "checks.what", day=checked_on))
        show_rules(lists if compared else records, compared)
        show_list(scope, chosen, compared)
        (show_roster if compared else show_trend)(scope, chosen)
