"""The form that writes down who employs a child of a case, and the referral to the labour office (R108, R157)."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from data_access.case_work import Saved
from data_access.employers import LONGEST_NAME, LONGEST_REFERENCE, Employer, read_employer, record_employer
from data_access.walls import open_scoped
from pages.shared import cached
from pages.shared.view import tell

if TYPE_CHECKING:
    from pages.shared.case_forms import Now


def draw(now: "Now") -> Callable[[str], Saved] | None:
    """The fields, filled in with what is on record; what to send once the person saves."""
    today = cached.moment().today
    with open_scoped(cached.engine(), now.scope) as conn:
        known = read_employer(conn, now.case.case_id) or Employer("")
    with st.form("work.employer.form", border=False):
        if known.name:
            st.caption(tell("work.employer_again"))
        found = st.date_input(tell("work.day"), value=today, max_value=today, format="YYYY-MM-DD")
        name = st.text_input(tell("work.employer_name"), value=known.name, max_chars=LONGEST_NAME)
        place = st.text_input(tell("work.employer_place"), value=known.place, max_chars=LONGEST_NAME)
        referred = st.checkbox(tell("work.referred"), value=known.referred_on is not None)
        on = st.date_input(tell("work.referred_on"), value=known.referred_on or today, max_value=today, format="YYYY-MM-DD")
        reference = st.text_input(tell("work.reference"), value=known.reference, max_chars=LONGEST_REFERENCE)
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return None
    day = found if isinstance(found, date) else today
    told = Employer(name, place, on if referred and isinstance(on, date) else None, reference)
    return lambda token: record_employer(cached.engine(), now.scope, now.case.case_id, day, told, token)
