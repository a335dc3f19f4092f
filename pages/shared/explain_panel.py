"""One contradiction: both sides beside each other, what to do, the way to its rows, and the explanation."""

from collections.abc import Callable

import streamlit as st

from data_access.contradictions import ContradictionRow
from data_access.explaining import explain, may_explain, take_back
from domain.checks import BY_LEDGER, Finished, Verified, say_explained_by
from domain.errors import ProblemError
from domain.scope import Scope
from pages.shared import cached
from pages.shared.panels import open_file, show_link
from pages.shared.view import read_lang, tell, tell_problem


def show_contradiction(scope: Scope, row: ContradictionRow) -> None:
    """Both sides beside each other, what to do, the way to the rows, and the explanation."""
    lang, masked = read_lang(), not scope.sees_names
    st.markdown(f"**{row.rule.say(lang)}**")
    for column, side in zip(st.columns(2, gap="small"), (row.left, row.right), strict=True):
        with column:
            st.caption(side.name(lang))
            st.text(side.say(lang, masked=masked))
    st.caption(row.rule.mend(lang))
    st.caption(tell("checks.since", first=row.first_seen, age=row.age, owner=tell(f"checkowner.{row.rule.owner}")))
    with st.container(horizontal=True, gap="small"):
        child_id = row.child_id
        if child_id is not None and st.button(
            tell("checks.file"), key=f"check.file.{row.number}", icon=":material/folder_shared:"
        ):
            open_file(child_id)
        if row.school_code:
            show_link("schools", tell("checks.school"), school=row.school_code)
    _show_explanation(scope, row)


def _show_explanation(scope: Scope, row: ContradictionRow) -> None:
    if row.status is Finished.EXPLAINED:
        st.text(row.reason or "")
        outcome = tell(f"verified.{row.outcome}") + " · " if row.outcome else ""
        st.caption(f"{outcome}{say_explained_by(row.explained_by, read_lang())} · {row.explained_on}")
        if (row.explained_by or "").startswith(BY_LEDGER):
            st.caption(tell("checks.by_ledger"))
        elif may_explain(scope, row.rule) and st.button(tell("checks.take_back"), key=f"check.back.{row.number}"):
            _act(lambda: take_back(cached.engine(), scope, row.number))
        return
    if row.status is Finished.MENDED:
        st.caption(tell("checks.mended", day=row.mended_on))
        return
    if not may_explain(scope, row.rule):
        st.caption(tell("checks.not_owner", owner=tell(f"checkowner.{row.rule.owner}")))
        return
    _show_form(scope, row)


def _show_form(scope: Scope, row: ContradictionRow) -> None:
    with st.form(f"explain.{row.number}", border=False):
        outcome = None
        if row.rule.has_outcome:
            words = {one: tell(f"verified.{one}") for one in Verified}
            outcome = st.selectbox(
                tell("column.verified"),
                list(Verified),
                index=None,
                key=f"explain.outcome.{row.number}",
                format_func=lambda one: words.get(one, one),
                placeholder=tell("checks.choose"),
            )
        reason = st.text_area(tell("column.explanation"), key=f"explain.reason.{row.number}", max_chars=300, height=80)
        sent = st.form_submit_button(tell("checks.explain"), type="primary", icon=":material/edit_note:")
    if sent:
        _act(lambda: explain(cached.engine(), scope, row.number, reason, Verified(outcome) if outcome else None))


def _act(write: Callable[[], None]) -> None:
    try:
        write()
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        st.rerun()
