"""The form that writes down a school day that a child missed: drawn in a window, fit for a phone, sent once."""

from datetime import date
from secrets import token_urlsafe

import streamlit as st

from data_access.record_absence import AbsenceDay, read_absence, record_absence
from domain.absences import Absence, AbsenceEntry, Reporter
from domain.errors import ProblemError
from domain.scope import Scope, Write
from pages.shared import cached
from pages.shared.case_forms import TOKEN, leave
from pages.shared.clock import now_here
from pages.shared.view import tell, tell_problem


def show_absence(scope: Scope, child_id: int, on: date | None = None) -> None:
    """A button to the form, for roles that may; it opens on the day `on`, else on today."""
    if not scope.may(Write.CASE):
        return
    if st.button(tell("absence.open"), key="absence.open", icon=":material/event_busy:"):
        st.session_state[TOKEN] = token_urlsafe(24)
        st.dialog(tell("absence.open"))(_show_form)(scope, child_id, on or cached.moment().today)


def _show_form(scope: Scope, child_id: int, on: date) -> None:
    today = cached.moment().today
    picked = st.date_input(tell("absence.day"), value=on, max_value=today, format="YYYY-MM-DD")
    day = picked if isinstance(picked, date) else on
    try:
        stands = read_absence(cached.engine(), scope, child_id, day)
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
        return
    if stands.mark:
        st.caption(tell("absence.stands"))
    ladder = cached.read_ladder(cached.first_county(scope), today)
    entry = _entry(day, stands, ladder.contact_minutes)
    if entry is not None:
        _send(scope, child_id, entry, stands.mark)


def _entry(day: date, stands: AbsenceDay, minutes: int) -> AbsenceEntry | None:
    """The fields, filled with what stands about the day."""
    before, key = stands.entry, f"{day}|{stands.mark}"
    kinds = {one: tell(f"absence.{one}") for one in Absence}
    tellers = {one: tell(f"reporter.{one}") for one in Reporter}
    with st.form("absence.form", border=False):
        state = st.radio(
            tell("absence.state"),
            list(Absence),
            index=list(Absence).index(before.state),
            format_func=lambda one: kinds.get(one, one),
            horizontal=True,
            key=f"absence.state|{key}",
        )
        st.caption(tell("absence.contact_help", minutes=minutes))
        hours = {
            name: st.text_input(tell(f"absence.{word}"), getattr(before, name), max_chars=5, key=f"absence.{name}|{key}")
            for name, word in (("noticed_at", "noticed"), ("contacted_at", "contacted"), ("called_at", "called"))
        }
        reason = st.text_input(tell("absence.reason"), before.reason, max_chars=60, key=f"absence.reason|{key}")
        teller = st.selectbox(
            tell("absence.reporter"),
            list(Reporter),
            index=list(Reporter).index(before.reported_by) if before.reported_by else None,
            format_func=lambda one: tellers.get(one, one),
            placeholder="",
            key=f"absence.reporter|{key}",
        )
        why = st.text_input(tell("absence.why"), max_chars=200, key=f"absence.why|{key}") if stands.mark else ""
        if not st.form_submit_button(tell("work.save"), type="primary", width="stretch"):
            return None
    told = {name: hour.strip() for name, hour in hours.items()}
    return AbsenceEntry(day, Absence(state), **told, reason=reason, reported_by=Reporter(teller) if teller else None, why=why)


def _send(scope: Scope, child_id: int, entry: AbsenceEntry, mark: str) -> None:
    try:
        kept = record_absence(cached.engine(), scope, child_id, entry, mark, now_here(), st.session_state[TOKEN])
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        leave(tell("work.again" if kept.repeated else "absence.saved"))
