"""The button that shows one child's identifiers: for a reason, on record, for five minutes."""

import streamlit as st

from data_access.keys import cipher_of
from data_access.reveals import Revealed, reveal
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import MAY_REVEAL, Scope
from domain.terms import say
from pages.shared import cached
from pages.shared.clock import local_time
from pages.shared.failures import say_what_failed
from pages.shared.table import Column, show_rows
from pages.shared.view import tell, tell_problem

HELD = "revealed"
REASONS = ("visit", "match", "transfer", "aid")
LOOK_AGAIN = 15  # seconds until the page looks whether the time is up


def show_reveal(scope: Scope, chosen: CaseFilter, child_id: int) -> None:
    """The button, and what it showed while its time lasts; nothing for roles that may not."""
    if scope.role not in MAY_REVEAL:
        return
    held: tuple[Scope, Revealed] | None = st.session_state.get(HELD)
    if held and held[0] == scope and held[1].child_id == child_id and not held[1].is_over:
        _show_open()
        return
    st.session_state.pop(HELD, None)
    _show_button(scope, chosen, child_id)


@st.fragment
@say_what_failed()
def _show_button(scope: Scope, chosen: CaseFilter, child_id: int) -> None:
    words = {one: tell(f"reveal.reason.{one}") for one in REASONS}
    with st.popover(tell("reveal.button"), icon=":material/visibility:", help=tell("reveal.help")):
        reason = st.selectbox(
            tell("reveal.reason"),
            REASONS,
            index=None,
            key="reveal.reason",
            format_func=lambda one: words.get(one, one),
            placeholder="",
        )
        if st.button(tell("reveal.show"), key="reveal.show", type="primary", disabled=reason not in REASONS):
            _reveal(scope, chosen, child_id, str(reason))


def _reveal(scope: Scope, chosen: CaseFilter, child_id: int, reason: str) -> None:
    day = chosen.as_of or cached.moment().today
    try:
        engine = cached.engine()
        found = reveal(engine, cipher_of(engine), scope, child_id, day, say(f"reveal.reason.{reason}", "zh"))
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/lock:")
        return
    st.session_state[HELD] = (scope, found)
    st.rerun()


@st.fragment(run_every=LOOK_AGAIN)
def _show_open() -> None:
    held = st.session_state.get(HELD)
    if held is None or held[1].is_over:
        st.session_state.pop(HELD, None)
        st.rerun()
    found: Revealed = held[1]
    columns = [Column("item", tell("reveal.item")), Column("value", tell("reveal.value"), width="large")]
    show_rows("revealed", list_values(found), columns)
    ends = f"{local_time(found.ends_at):%H:%M}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tell("reveal.until", time=ends))
        if st.button(tell("reveal.hide"), key="reveal.hide", icon=":material/visibility_off:"):
            st.session_state.pop(HELD, None)
            st.rerun()


def list_values(found: Revealed) -> list[dict[str, str]]:
    """The values as rows: what is not recorded says so."""
    told = [(one, getattr(found, one)) for one in ("name", "birth_date", "id_no", "registry_no", "address")]
    rows = [(tell(f"reveal.{name}"), str(value) if value else tell("reveal.none")) for name, value in told]
    for contact in found.contacts:
        relation = tell(f"carer.{contact.relation}") if contact.relation else tell("reveal.phone")
        rows.append((f"{relation} · {tell('reveal.phone')}", f"{contact.name} {contact.phone or tell('reveal.none')}"))
    return [{"item": item, "value": value} for item, value in rows]
