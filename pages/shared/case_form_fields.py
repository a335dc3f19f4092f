"""The fields of each form of work on a case. Each draws and, once the person saves, gives what to send."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from data_access.case_visitors import Caller, read_callers
from data_access.case_work import Saved, signatory_of
from data_access.open_case import first_absence, open_case
from data_access.record_after import name_helper, record_follow_up
from data_access.record_event import Proposal, decide_proposal, propose_closing, propose_return, record_event
from data_access.record_persuasion import correct_persuasion, record_persuasion
from data_access.record_visit import correct_visit, record_visit
from data_access.walls import open_scoped
from domain.case_entries import (
    MOST_PEERS,
    Assessment,
    Dimension,
    FollowUpEntry,
    PersuasionEntry,
    PersuasionKind,
    VisitEntry,
    Visitor,
    VisitResult,
)
from domain.case_events import LAW, ONLY_BUREAU, CaseEvent
from domain.case_transitions import EVIDENCE, ONLY_AFTER_RETURN, ONLY_BEFORE_DROPOUT, Signatory
from domain.cases import CaseStatus, Outcome
from domain.movements import Paper
from domain.reasons import Reason
from domain.scope import Role, Scope
from domain.terms import say
from domain.visits import DutyLine, DutyRole, VisitMode
from pages.shared import cached
from pages.shared.view import tell

if TYPE_CHECKING:
    from pages.shared.case_forms import Now

Send = Callable[[str], Saved]
Pick = TypeVar("Pick", bound=StrEnum)
LONG, SHORT = 2000, 80


def visit(now: "Now") -> Send | None:
    """A home visit or contact (L9)."""
    with st.form("work.visit.form", border=False):
        entry = _visit_entry(now)
        another = st.checkbox(tell("work.another"))
        if not _saved():
            return None
    return lambda token: record_visit(cached.engine(), now.scope, now.case.case_id, entry, token, another=another)


def mend(now: "Now") -> Send | None:
    """A visit that was written down wrongly, written anew; the first one stays."""
    with st.form("work.mend.form", border=False):
        words = {one.visit_id: f"{one.visited_on} · {tell(f'visitmode.{one.kind}')} · {one.visitors}" for one in now.visits}
        wrong, reason = _choose_wrong("work.mend_which", words)
        entry = _visit_entry(now)
        if not _saved():
            return None
    return lambda token: correct_visit(cached.engine(), now.scope, now.case.case_id, wrong, entry, reason, token)


def _choose_wrong(label: str, words: Mapping[int, str]) -> tuple[int, str]:
    """Which of the records is wrong, and why."""
    wrong = st.selectbox(tell(label), list(words), format_func=lambda one: words.get(one, ""))
    reason = st.text_input(tell("work.mend_why"), max_chars=200)
    st.caption(tell("work.mend_help"))
    return wrong, reason


def _visit_entry(now: "Now") -> VisitEntry:
    """The fields of a visit."""
    callers = _callers(now)
    day, mode = _day(), _choose("work.mode", VisitMode)
    required = tell("panel.comma").join(_say_caller(one) for one in callers if one.required)
    known = {_say_caller(one): one for one in callers if one.person_id}
    came = st.multiselect(tell("work.who_came"), list(known), help=tell("work.who_came_help", roles=required), placeholder="")
    st.caption(tell("work.who_came_help", roles=required or "—"))
    name = st.text_input(tell("work.other_name"), max_chars=40)
    role = _choose("work.other_role", DutyRole, maybe=True)
    peers = _peers()
    place = st.text_input(tell("work.place"), max_chars=SHORT)
    met = st.text_input(tell("work.met"), max_chars=SHORT)
    content = st.text_area(tell("work.content"), max_chars=LONG)
    parent_view = st.text_area(tell("work.parent_view"), max_chars=LONG, height="content")
    result = _choose("work.result", VisitResult, maybe=True)
    next_step = st.text_input(tell("work.next_step"), max_chars=SHORT)
    clock = st.text_input(tell("work.clock"), max_chars=5)
    signed = st.checkbox(tell("work.signed"))
    visitors = [Visitor(one.role, one.name or "", one.person_id) for one in (known[word] for word in came)]
    visitors += [Visitor(role or DutyRole.COMPANION, name.strip())] if name.strip() else []
    return VisitEntry(
        day,
        mode or VisitMode.DOORSTEP,
        tuple(visitors),
        content,
        _kept("visitresult", result),
        visited_at=clock.strip(),
        met=met,
        place=place,
        parent_view=parent_view,
        next_step=next_step,
        signed=signed,
        peers=peers,
    )


def persuasion(now: "Now") -> Send | None:
    """A persuasion attempt (L10)."""
    with st.form("work.persuasion.form", border=False):
        entry = _persuasion_entry()
        if not _saved():
            return None
    return lambda token: record_persuasion(cached.engine(), now.scope, now.case.case_id, entry, token)


def mend_persuasion(now: "Now") -> Send | None:
    """An attempt that was written down wrongly, written anew; the first one stays."""
    with st.form("work.mend_persuasion.form", border=False):
        words = {one.attempt_id: f"{one.nth} · {one.on} · {one.people}" for one in now.attempts}
        wrong, reason = _choose_wrong("work.mend_attempt", words)
        entry = _persuasion_entry()
        if not _saved():
            return None
    return lambda token: correct_persuasion(cached.engine(), now.scope, now.case.case_id, wrong, entry, reason, token)


def _persuasion_entry() -> PersuasionEntry:
    """The fields of an attempt."""
    day, kind = _day(), _choose("work.kind", PersuasionKind)
    people = st.text_input(tell("work.people"), max_chars=200)
    role = st.text_input(tell("work.people_role"), max_chars=60)
    peers = _peers()
    place = st.text_input(tell("work.place"), max_chars=SHORT)
    content = st.text_area(tell("work.content"), max_chars=LONG)
    result = _choose("work.result", VisitResult, maybe=True)
    next_step = st.text_input(tell("work.next_step"), max_chars=SHORT)
    signed_by = st.text_input(tell("work.signed_by"), max_chars=60)
    return PersuasionEntry(
        day,
        kind or PersuasionKind.HOME,
        people,
        role,
        content,
        _kept("visitresult", result),
        place=place,
        next_step=next_step,
        signed_by=signed_by,
        peers=peers,
    )


NOTED = (
    CaseEvent.NOTIFIED_VILLAGE, CaseEvent.REPORTED_TOWNSHIP, CaseEvent.REPORTED_BUREAU, CaseEvent.REPORTED_PREFECTURE,
    CaseEvent.FILED_TEACHING_OFFICE,
    CaseEvent.UNREACHABLE, CaseEvent.STUDYING_ELSEWHERE, CaseEvent.TRANSFER_APPLIED, CaseEvent.PAPER_RECEIVED,
    *LAW,
)  # fmt: skip


def event(now: "Now") -> Send | None:
    """A notification, a finding or a paper, with its day."""
    with st.form("work.event.form", border=False):
        bureau = now.scope.role is Role.COUNTY
        what, day = _choose("work.what", CaseEvent, [one for one in NOTED if bureau or one not in ONLY_BUREAU]), _day()
        note = st.text_area(tell("work.event_note" if bureau else "work.note"), max_chars=LONG)
        if not _saved():
            return None
    kind = what or CaseEvent.NOTIFIED_VILLAGE
    return lambda token: record_event(cached.engine(), now.scope, now.case.case_id, kind, day, note, token)


def back(now: "Now") -> Send | None:
    """That the child is back, on evidence."""
    with st.form("work.return.form", border=False):
        day, evidence = _day(), st.text_area(tell("work.evidence"), max_chars=LONG)
        if not _saved():
            return None
    case = now.case
    return lambda token: propose_return(cached.engine(), now.scope, case.case_id, day, evidence, case.mark, token)


def closing(now: "Now") -> Send | None:
    """A closing with its outcome and papers."""
    outcome = _choose("work.outcome", Outcome, _outcomes(now.case.status)) or Outcome.TRANSFERRED
    st.caption(tell("work.needs", papers=tell("panel.comma").join(tell(f"paper.{one}") for one in sorted(EVIDENCE[outcome]))))
    with st.form("work.closing.form", border=False):
        day = _day()
        words = {one: tell(f"paper.{one}") for one in Paper}
        papers = st.multiselect(tell("work.papers"), list(Paper), format_func=lambda one: words.get(one, one), placeholder="")
        note = st.text_area(tell("work.note"), max_chars=LONG)
        if not _saved():
            return None
    case, held = now.case, [Paper(one) for one in papers]
    return lambda token: propose_closing(cached.engine(), now.scope, case.case_id, day, outcome, held, note, case.mark, token)


def decide(now: "Now") -> Send | None:
    """The second person's word on a proposal."""
    if now.proposal is None:
        return None
    show_proposal(now.proposal)
    with st.form("work.decide.form", border=False):
        note = st.text_area(tell("work.why_back"), max_chars=LONG)
        agreed = st.form_submit_button(tell("work.agree"), type="primary", width="stretch")
        refused = st.form_submit_button(tell("work.send_back"), width="stretch")
    if not (agreed or refused):
        return None
    case = now.case
    return lambda token: decide_proposal(cached.engine(), now.scope, case.case_id, agreed, note, case.mark, token)


def follow_up(now: "Now") -> Send | None:
    """How a returned child is found in study, life and mind."""
    found: dict[Dimension, tuple[Assessment, str]] = {}
    with st.form("work.follow_up.form", border=False):
        day, who = _day(), st.text_input(tell("work.helper_name"), max_chars=SHORT)
        for dimension in Dimension:
            words = {one: tell(f"assessment.{one}") for one in Assessment}
            label = tell(f"dimension.{dimension}")
            grade = st.radio(
                label, list(Assessment), index=None, horizontal=True, format_func=lambda one, words=words: words.get(one, one)
            )
            note = st.text_input(f"{label} · {tell('work.note')}", max_chars=200)
            if grade:
                found[dimension] = (Assessment(grade), note)
        plan = st.text_area(tell("work.plan"), max_chars=LONG, help=tell("work.plan_help"))
        if not _saved():
            return None
    entry = FollowUpEntry(day, who, found, plan)
    return lambda token: record_follow_up(cached.engine(), now.scope, now.case.case_id, entry, token)


def helper(now: "Now") -> Send | None:
    """Who stands at the side of a returned child."""
    known = {_say_caller(one): one.person_id for one in _callers(now) if one.person_id and one.role.line is DutyLine.SCHOOL}
    with st.form("work.helper.form", border=False):
        who = st.selectbox(tell("work.helper_name"), list(known), index=None, placeholder="")
        content = st.text_input(tell("work.content_help"), max_chars=200)
        if not _saved():
            return None
    person_id = known.get(who or "") or 0
    return lambda token: name_helper(cached.engine(), now.scope, now.case.case_id, person_id, content, token)


def opening(scope: Scope, child_id: int) -> Send | None:
    """A case for an absent child, since the day that the daily reports name."""
    today = cached.moment().today
    with open_scoped(cached.engine(), scope) as conn:
        since = first_absence(conn, scope, child_id, today) or today
    with st.form("work.open.form", border=False):
        day = st.date_input(tell("work.first_absent"), value=since, max_value=today, format="YYYY-MM-DD")
        reason = _choose("work.dropout_reason", Reason, maybe=True)
        note = st.text_area(tell("work.note"), max_chars=LONG)
        if not _saved():
            return None
    first = day if isinstance(day, date) else today
    return lambda token: open_case(cached.engine(), scope, child_id, first, reason, note, token)


# --- what several forms use -----------------------------------------------------------------------------------------------------


def show_proposal(proposal: Proposal) -> None:
    """What waits for a second person; what people wrote stands in a table cell, never in Markdown."""
    what = tell(f"caseevent.{proposal.kind}") + (f" · {tell(f'outcome.{proposal.outcome}')}" if proposal.outcome else "")
    words = tell("child_file.fact", name=tell("work.waiting"), value=f"{what} · {proposal.on}")
    st.info(words, icon=":material/hourglass_top:")
    st.text(f"{proposal.proposed_by.user} · {proposal.evidence}")


def signatory(scope: Scope) -> Signatory:
    """The one who looks, as a proposal names people."""
    return signatory_of(scope)


def _callers(now: "Now") -> list[Caller]:
    with open_scoped(cached.engine(), now.scope) as conn:
        return read_callers(conn, now.scope, now.case, cached.moment().today)


def _say_caller(one: Caller) -> str:
    role = tell(f"dutyrole.{one.role}")
    if one.held in (None, one.role):
        return tell("work.caller", role=role, name=one.name or tell("work.nobody"))
    return tell("work.caller_for", name=one.name, held=tell(f"dutyrole.{one.held}"), role=role)


def _day() -> date:
    today = cached.moment().today
    picked = st.date_input(tell("work.day"), value=today, max_value=today, format="YYYY-MM-DD")
    return picked if isinstance(picked, date) else today


def _peers() -> int | None:
    """How many pupils and friends helped: a number, for minors are not named."""
    count = st.number_input(
        tell("work.peers"), value=None, min_value=0, max_value=MOST_PEERS, step=1, help=tell("work.peers_help")
    )
    return None if count is None else int(count)


def _choose(label: str, kind: type[Pick], options: Iterable[Pick] | None = None, *, maybe: bool = False) -> Pick | None:
    """One of an enum; with `maybe` nothing is chosen before the person does."""
    words = {one: tell(f"{kind.__name__.lower()}.{one}") for one in kind}
    picked = st.selectbox(
        tell(label),
        list(kind if options is None else options),
        index=None if maybe else 0,
        format_func=lambda one: words.get(one, one),
        placeholder="",
    )
    return kind(picked) if picked else None


def _kept(prefix: str, value: StrEnum | None) -> str:
    """A chosen word as ledgers keep it."""
    return say(f"{prefix}.{value}", "zh") if value else ""


def _saved() -> bool:
    return st.form_submit_button(tell("work.save"), type="primary", width="stretch")


def _outcomes(status: CaseStatus) -> list[Outcome]:
    early = status in (CaseStatus.AT_RISK, CaseStatus.SUSPECTED)
    return [
        one
        for one in Outcome
        if one is not Outcome.RELAPSED
        and (one not in ONLY_AFTER_RETURN or status is CaseStatus.RETURNED)
        and (one not in ONLY_BEFORE_DROPOUT or early)
    ]
