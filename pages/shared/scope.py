"""Who is looking. Every page asks first, and without an answer nothing is read and nothing is shown."""

from typing import NoReturn

import streamlit as st

from data_access.accounts import read_scope
from domain.errors import ProblemError
from domain.scope import Scope
from pages.shared import cached
from pages.shared.page_list import may_open
from pages.shared.view import tell, tell_problem


def require_scope(here: str) -> Scope:
    """What the one who is looking may see on the page `here`, asked anew at every run.

    Nobody signed in, a session that is over, a role without this page or a database that does not fit: says so in
    words and ends the run. Settles data version and day for all reads of the run.
    """
    try:
        scope = read_scope(cached.engine(), session_id())
    except ProblemError as problem:
        _refuse(tell_problem(problem))
    if scope is None:
        _refuse(tell("frame.nobody"))
    if not may_open(scope, here):
        _refuse(tell("frame.not_for_role", role=tell(f"role.{scope.role}")))
    cached.begin_moment(scope)
    return scope


def session_id() -> str:
    """The session as the door named it in this connection (server.trustedUserHeaders); empty: it named none."""
    named = st.user.get("session")
    return named if isinstance(named, str) else ""


def _refuse(words: str) -> NoReturn:
    st.error(words, icon=":material/lock:")
    st.stop()
