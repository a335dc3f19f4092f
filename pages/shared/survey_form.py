"""The anonymous survey of a school this term: its day, or the form that records it (R241)."""

from datetime import date

import streamlit as st

from data_access.school_surveys import record_survey
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope, Write
from pages.shared import cached
from pages.shared.case_forms import leave
from pages.shared.view import tell, tell_problem


def show_survey(scope: Scope, here: CaseFilter) -> None:
    """When the survey was held; for roles that may, on the present day, a field for the day."""
    last, today = cached.read_last_survey(scope, here), cached.moment().today
    st.caption(tell("survey.held", day=last) if last else tell("survey.none"))
    if not scope.may(Write.CASE) or here.as_of != today:
        return
    with st.popover(tell("survey.record"), icon=":material/rate_review:"), st.form("survey.form", border=False):
        day = st.date_input(tell("survey.day"), value=today, max_value=today, format="YYYY-MM-DD")
        if st.form_submit_button(tell("work.save"), type="primary"):
            _send(scope, here.school or "", day if isinstance(day, date) else today)


def _send(scope: Scope, school: str, day: date) -> None:
    try:
        record_survey(cached.engine(), scope, school, day)
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        leave(tell("survey.saved"))
