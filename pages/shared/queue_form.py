"""The form that says what was found out about an entry of a work queue."""

from datetime import date
from secrets import token_urlsafe

import streamlit as st

from data_access.queues import QueueRow
from data_access.record_finding import Entry, record_finding
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.queues import Finding, Queue
from domain.scope import Scope, Write
from pages.shared import cached
from pages.shared.case_forms import TOKEN, leave
from pages.shared.view import tell, tell_problem


def show_verify(scope: Scope, chosen: CaseFilter, queue: Queue, row: QueueRow) -> None:
    """A button to the form, for roles that may, on the present day."""
    if not scope.may(Write.CASE) or chosen.as_of != cached.moment().today:
        return
    if st.button(tell("queues.verify"), key="queue.verify", icon=":material/fact_check:", type="primary"):
        st.session_state[TOKEN] = token_urlsafe(24)
        st.dialog(tell("queues.verify"))(_show_form)(scope, queue, row)


def _show_form(scope: Scope, queue: Queue, row: QueueRow) -> None:
    today = cached.moment().today
    words = {one: tell(f"finding.{one}") for one in Finding}
    with st.form("queue.form", border=False):
        label, options = tell("queues.finding"), list(Finding)
        picked = st.selectbox(label, options, index=None, format_func=lambda one: words.get(one, one), placeholder="")
        day = st.date_input(tell("work.day"), value=today, max_value=today, format="YYYY-MM-DD")
        note = st.text_area(tell("work.note"), max_chars=500)
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return
        if not picked:
            st.error(tell("record.text_missing", field=label), icon=":material/error:")
            return
    entry = Entry(row.child_id, queue, row.since, row.found_on)
    found_on = day if isinstance(day, date) else today
    try:
        repeated = record_finding(cached.engine(), scope, entry, found_on, Finding(picked), note, st.session_state[TOKEN])
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        leave(tell("work.again" if repeated else "queues.saved"))
