"""Doubtful matches: what a row says beside the children it may be, the two answers, and the way back from an answer."""

from collections.abc import Callable
from datetime import UTC
from functools import partial

import streamlit as st

from data_access.keys import cipher_of
from data_access.match_reviews import KnownAs, Review, decide, read_decisions, read_reviews, take_decision_back
from data_access.workbook_columns import china_time
from domain.errors import ProblemError
from domain.grades import class_label, grade_label
from domain.scope import Scope
from pages.shared import cached
from pages.shared.panels import open_file
from pages.shared.plain import plain
from pages.shared.view import read_lang, tell, tell_problem

MOST_REVIEWS = 20


def show_matches(scope: Scope) -> None:
    """The rows that may be a known child, and what was decided lately; nothing where nothing is doubtful."""
    engine, day = cached.engine(), cached.moment().today
    reviews = read_reviews(engine, cipher_of(engine), scope, day)
    if reviews:
        st.markdown(f"**{tell('imports.reviews', count=len(reviews))}**", help=tell("imports.reviews_what"))
    for one in reviews[:MOST_REVIEWS]:
        _show_review(scope, one)
    decisions = read_decisions(engine, cipher_of(engine), scope, day)
    if decisions:
        with st.expander(tell("imports.decisions")):
            for one in decisions:
                _show_decision(scope, one)


def _show_review(scope: Scope, one: Review) -> None:
    with st.container(border=True, gap="small"):
        _show_sides(one)
        with st.container(horizontal=True, gap="small"):
            for same in (True, False):
                if st.button(tell("imports.same" if same else "imports.other"), key=f"bring.match.{one.id}.{same}"):
                    _act("match.decided", one, partial(_decide, scope, one, same))
            for known in one.known:
                words = tell("imports.open_child") + (f" {known.name}" if len(one.known) > 1 else "")
                if st.button(
                    words, key=f"bring.child.{one.id}.{known.child_id}", type="tertiary", icon=":material/folder_shared:"
                ):
                    open_file(known.child_id)


def _decide(scope: Scope, one: Review, same: bool) -> None:
    decide(cached.engine(), cipher_of(cached.engine()), scope, one.id, same=same)


def _show_decision(scope: Scope, one: Review) -> None:
    _show_sides(one)
    when = f"{china_time(one.decided_at.replace(tzinfo=UTC)):%Y-%m-%d %H:%M}" if one.decided_at else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(tell("imports.decided_by", answer=tell(f"imports.{one.decided}"), who=plain(one.decided_by or ""), when=when))
        if st.button(tell("imports.take_back"), key=f"bring.reopen.{one.id}"):
            _act("match.reopened", one, lambda: take_decision_back(cached.engine(), scope, one.id))


def _show_sides(one: Review) -> None:
    """Why the row is doubtful, what it says, and each child that it may be."""
    st.markdown(f"**{tell(f'match.{one.kind}')}**")
    st.text(tell("child_file.fact", name=tell("imports.row_says"), value=f"{one.said} · {one.file_name} {one.row_no or ''}"))
    if one.elsewhere:
        st.text(tell("imports.elsewhere", school=one.elsewhere))
    for known in one.known:
        st.text(tell("child_file.fact", name=tell("imports.known_as"), value=_say_known(known)))


def _say_known(known: KnownAs) -> str:
    lang = read_lang()
    grade = known.grade and (class_label(known.grade, known.class_no, lang) if known.class_no else grade_label(known.grade, lang))
    sex, born = known.sex and tell(f"sex.{known.sex}"), known.born and tell("imports.born", year=known.born)
    return " · ".join(str(part) for part in (known.name, sex, born, known.school, grade) if part)


def _act(said: str, one: Review, write: Callable[[], None]) -> None:
    try:
        write()
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        st.toast(tell(said, number=one.id), icon=":material/check:")
        st.rerun()
