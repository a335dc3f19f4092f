"""Who has not reported: every rhythm with who owes and who has handed in, then the units that have not."""

import streamlit as st

from data_access.reports_due import DueState
from domain.case_filter import CaseFilter
from domain.scope import Scope
from domain.view_state import PAGE_ROWS
from pages.shared import cached
from pages.shared.table import Column, columns_of, show_rows, show_table, tags_of
from pages.shared.view import read_lang, read_view, tell

SCHOOL = 10  # digits of a school's code: towns have no data officer


def show_reports_due(scope: Scope, chosen: CaseFilter) -> None:
    """How each of the last reports due stands, and who is missing."""
    dues = cached.read_dues(scope, chosen)
    rows = [_due_row(one) for one in dues]
    red = {f"{one.missing:,}" for one in dues if one.missing}
    columns = columns_of("report_duty", "due_date", "reports_owing", "reports_in", "reported_late", "reports_zero")
    show_rows("dues", rows, [*columns, tags_of("reports_missing", *red)])
    st.markdown(f"**{tell('checks.missing_units')}**")
    st.caption(tell("officer.share", share=cached.count_officers(scope, chosen).show_with_counts(read_lang())))
    _show_missing(scope, chosen)


def _due_row(one: DueState) -> dict[str, object]:
    known = one.is_collected
    return {
        "report_duty": tell(f"duty.{one.due.duty}"),
        "due_date": one.due.due,
        "reports_owing": one.owing,
        "reports_in": one.handed_in if known else None,
        "reported_late": one.late if known else None,
        "reports_zero": one.zero if known else None,
        "reports_missing": [tell("checks.not_collected") if one.missing is None else f"{one.missing:,}"],
    }


def _show_missing(scope: Scope, chosen: CaseFilter) -> None:
    missing = cached.read_missing_reports(scope, chosen)
    if not missing:
        st.success(tell("checks.all_in"), icon=":material/check:")
        return
    first = read_view().offset
    told = [
        {
            "report_unit": one.unit_name,
            "town_name": one.town_name,
            "report_duty": tell(f"duty.{one.duty}"),
            "due_date": one.due,
            "days_late": one.days_late,
            "officer": [one.officer or tell("officer.nobody")] if len(one.unit_code) == SCHOOL else [],
        }
        for one in missing[first : first + PAGE_ROWS]
    ]
    columns = columns_of("report_unit", "town_name", "report_duty", "due_date", "days_late")
    officer = Column("officer", tell("officer.title"), "tags", red=(tell("officer.nobody"),))
    show_table("missing", told, [*columns, officer], len(missing))
