"""The form on a child's file that leaves a disabled pupil out of the class's assessment, or takes it in again."""

from collections.abc import Callable
from datetime import date
from secrets import token_urlsafe

import streamlit as st

from data_access.record_agreement import end_agreement, read_agreement, record_agreement
from domain.errors import ProblemError
from domain.scope import Scope, Write
from pages.shared import cached
from pages.shared.case_forms import TOKEN, leave
from pages.shared.view import tell, tell_problem

GUARDIANS = ("father", "mother", "grandparent", "maternal_grandparent", "relative", "other")


def show_agreement(scope: Scope, child_id: int) -> None:
    """A button to the form, for roles that may and pupils whom it is for; since when the agreement holds."""
    if not scope.may(Write.CASE):
        return
    offered, since = read_agreement(cached.engine(), scope, child_id)
    if since:
        st.caption(tell("agreement.holds", since=since))
    if not (offered or since):
        return
    name = "agreement.end" if since else "agreement.record"
    if st.button(tell(name), key="agreement.open", icon=":material/handshake:"):
        st.session_state[TOKEN] = token_urlsafe(24)
        st.dialog(tell(name))(_show_end if since else _show_record)(scope, child_id)


def _show_record(scope: Scope, child_id: int) -> None:
    today = cached.moment().today
    st.caption(tell("agreement.what"))
    words = {one: tell(f"carer.{one}") for one in GUARDIANS}
    with st.form("agreement.form", border=False):
        day = st.date_input(tell("agreement.day"), value=today, max_value=today, format="YYYY-MM-DD")
        whom = st.selectbox(tell("agreement.whom"), GUARDIANS, format_func=lambda one: words.get(one, one))
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return
    agreed_on = day if isinstance(day, date) else today
    _send(lambda token: record_agreement(cached.engine(), scope, child_id, agreed_on, words[whom], token), "agreement.saved")


def _show_end(scope: Scope, child_id: int) -> None:
    with st.form("agreement.form", border=False):
        reason = st.text_input(tell("work.reason"), max_chars=200)
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return
    _send(lambda token: end_agreement(cached.engine(), scope, child_id, reason, token), "agreement.ended")


def _send(write: Callable[[str], bool], words: str) -> None:
    try:
        repeated = write(st.session_state[TOKEN])
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        leave(tell("work.again" if repeated else words))
