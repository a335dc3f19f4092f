"""What the notices page shows beside its table: the monthly run, one notice with its steps, and the way to the next step."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from data_access.notice_run import run_month
from data_access.notice_steps import record_step
from data_access.notices import NoticeRow
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.notices import NoticeFacts, NoticeState, NoticeStep, next_steps
from domain.scope import Role, Scope, Write
from pages.shared import cached
from pages.shared.charts import is_dark
from pages.shared.stacks import Stack, draw_stacks
from pages.shared.table import Column, show_rows
from pages.shared.view import tell, tell_problem

COLOURS = {NoticeState.OVERDUE: "red", NoticeState.DUE: "amber", NoticeState.OPEN: "blue", NoticeState.CLOSED: "grey"}
SAID = "notices.said"  # what the last run said, kept over the rerun that shows its rows


def show_run(scope: Scope) -> None:
    """The button of the monthly run, for the county's officials; what it did is said after it."""
    if scope.role is not Role.COUNTY:
        return
    if st.button(tell("notices.run"), icon=":material/event_repeat:", help=tell("notices.run_help"), key="notices.run"):
        try:
            run = run_month(cached.engine(), scope, cached.first_county(scope))
        except ProblemError as problem:
            st.error(tell_problem(problem))
            return
        st.session_state[SAID] = (run.month, run.issued, run.kept, run.due_on)
        st.rerun()


def show_said() -> None:
    """What the last run did, once; and that the limit is not set, where it is not."""
    said = st.session_state.pop(SAID, None)
    if said is None:
        return
    month, issued, kept, due = said
    st.success(tell("notices.ran", month=month, issued=issued, kept=kept), icon=":material/check:")
    if due is None:
        st.warning(tell("notices.unset"), icon=":material/settings:")


def show_towns(counts: Mapping[tuple[str, NoticeState], int], names: Mapping[str, str]) -> None:
    """A bar for each town: overdue, due, open, closed, the most overdue first."""
    towns = {town for town, _ in counts}
    if not towns:
        return
    st.markdown(f"**{tell('notices.chart')}**")
    stacks = []
    for town in sorted(towns, key=lambda one: (-counts.get((one, NoticeState.OVERDUE), 0), one)):
        parts = {state: counts.get((town, state), 0) for state in COLOURS}
        said = " · ".join(f"{tell(f'noticestate.{state}')} {count}" for state, count in parts.items() if count)
        place = names.get(town) or tell("filter.unlocated")
        stacks.append(Stack(f"{place}  {said}", tuple((COLOURS[state], count) for state, count in parts.items())))
    st.vega_lite_chart(draw_stacks(stacks, is_dark()), width="stretch", alt=tell("notices.chart"))


def show_notice(scope: Scope, chosen: CaseFilter, row: NoticeRow) -> None:
    """One notice: what it asks, what was done, and the form for what comes next."""
    st.text(row.number)
    pairs = [("matter", row.matter), ("requirement", row.requirement)]
    show_rows(
        "notice.about",
        [{"item": tell(f"fact.{name}"), "value": value} for name, value in pairs if value],
        [Column("item", tell("child_file.item"), width=90), Column("value", tell("child_file.value"))],
    )
    _show_steps(scope, chosen, row)
    facts = NoticeFacts(row.issued_on, row.replied_on, row.checked, row.closed_on)
    allowed = [step for step in next_steps(facts) if _may(scope, step)]
    if allowed and chosen.as_of == cached.moment().today:
        _show_form(scope, row, allowed)


def _may(scope: Scope, step: NoticeStep) -> bool:
    return scope.may(Write.CASE) and (step is NoticeStep.REPLIED or scope.role is Role.COUNTY)


def _show_steps(scope: Scope, chosen: CaseFilter, row: NoticeRow) -> None:
    st.markdown(f"**{tell('notices.steps')}**")
    steps = cached.read_notice_steps(scope, chosen, row.notice_id)
    if not steps:
        st.caption(tell("notices.no_steps"))
        return
    rows = [{"when": one.on, "what": tell(f"noticestep.{one.kind}"), "who": one.actor, "note": one.note} for one in steps]
    names = {"when": "child_file.when", "what": "child_file.what", "who": "notices.who", "note": "notices.note"}
    show_rows(
        "notice.steps", rows, [Column(name, tell(key), "date" if name == "when" else "text") for name, key in names.items()]
    )


def _show_form(scope: Scope, row: NoticeRow, allowed: list[NoticeStep]) -> None:
    is_reply = allowed == [NoticeStep.REPLIED]
    words = {step: tell(f"noticestep.{step}") for step in allowed}
    with st.form(f"notice.{row.notice_id}", clear_on_submit=False, border=True):
        step = st.radio(tell("notices.steps"), allowed, format_func=lambda one: words.get(one, one), horizontal=True)
        note = st.text_area(tell("notices.reply" if is_reply else "notices.note"), max_chars=1000)
        today = cached.moment().today
        on_date: date = st.date_input(tell("child_file.when"), today, max_value=today, format="YYYY-MM-DD")
        if st.form_submit_button(tell("notices.save"), type="primary"):
            _save(scope, row.notice_id, NoticeStep(step), note, on_date)


def _save(scope: Scope, notice_id: int, step: NoticeStep, note: str, on_date: date) -> None:
    try:
        record_step(cached.engine(), scope, notice_id, step, note, on_date)
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        st.toast(tell("notices.saved"), icon=":material/check:")
        st.rerun()
