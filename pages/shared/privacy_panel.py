"""What people are told about their data: purpose of each field, who sees it, and where one is signed in."""

import streamlit as st

from data_access.account_desk import end_own_session, list_own_sessions
from domain.scope import Scope
from pages.shared import cached
from pages.shared.clock import local_time
from pages.shared.failures import say_what_failed
from pages.shared.scope import session_id
from pages.shared.view import tell

FIELDS = ("name", "identity", "birth", "home", "guardian", "school", "groups", "absence", "visits", "officials", "account")
NOTES = ("basis", "who", "masking", "kept", "rights")


def show_notice() -> None:
    """The notice in short paragraphs."""
    for note in NOTES:
        st.markdown(f"**{tell(f'privacy.{note}')}**")
        st.markdown(tell(f"privacy.{note}.text"))


def show_fields() -> None:
    """Each kind of data with its purpose, who sees it in clear and how it is kept."""
    names = ("purpose", "seen", "kept")
    told = {tell("privacy.column.field"): [tell(f"privacy.field.{one}") for one in FIELDS]}
    told |= {tell(f"privacy.column.{name}"): [tell(f"privacy.field.{one}.{name}") for one in FIELDS] for name in names}
    st.table(told, border="horizontal", hide_index=True)  # sentences: here they are wrapped, in a grid they would be cut


@st.fragment
@say_what_failed()
def show_sessions(scope: Scope) -> None:
    """Where the one who looks is signed in, each with a button that ends it."""
    engine, mine = cached.engine(), session_id()
    for number, row in enumerate(list_own_sessions(engine, scope)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"session.{number}"):
            seen = f"{local_time(row.seen_at):%Y-%m-%d %H:%M}"
            st.text(tell("privacy.session", client=row.client or "-", seen=seen))
            if row.session_id == mine:
                st.badge(tell("privacy.this_one"), color="grey")
            elif st.button(tell("privacy.end"), key=f"session.end.{row.session_id[:12]}", icon=":material/logout:"):
                end_own_session(engine, scope, row.session_id)
                st.rerun(scope="fragment")
