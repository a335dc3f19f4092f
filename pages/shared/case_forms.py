"""The forms of work on one case: drawn in a window over the page, sent once, answered with what changed and what is next."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe

import streamlit as st

from data_access.attempts import AttemptRow, read_attempts
from data_access.case_work import CaseState, Saved, read_case
from data_access.cases import CaseRow
from data_access.record_event import Proposal, read_open_proposal
from data_access.visits import VisitRow, read_visits
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter
from domain.case_transitions import is_second_person
from domain.cases import CaseStatus
from domain.errors import ProblemError
from domain.scope import Scope, Write
from pages.shared import cached, case_form_fields, case_panel, employer_form
from pages.shared.view import tell, tell_problem

FLASH, TOKEN, TROUBLE = "work.flash", "work.token", "work.trouble"
Send = Callable[[str], Saved]  # writes with the form's token


@dataclass(frozen=True)
class Now:
    """What a form is drawn from."""

    scope: Scope
    case: CaseState
    proposal: Proposal | None
    visits: list[VisitRow]  # those that stand, the latest first
    attempts: list[AttemptRow]  # of persuasion, likewise


@dataclass(frozen=True)
class Form:
    """One form: whether it is offered now, and its fields, which give what to send once the person saves."""

    name: str
    icon: str
    is_offered: Callable[[Now], bool]
    draw: Callable[[Now], Send | None]


def show_work(scope: Scope, case_id: int) -> None:
    """The forms that this role may use on this case now, as buttons; nothing for a role that only reads."""
    if not scope.may(Write.VISIT):
        return
    with open_scoped(cached.engine(), scope) as conn:
        proposal = read_open_proposal(conn, scope, case_id)
        visits = read_visits(conn, scope, CaseFilter(as_of=cached.moment().today), case_id=case_id)
        attempts = read_attempts(conn, scope, case_id)
    now = Now(scope, read_case(cached.engine(), scope, case_id), proposal, visits, attempts)
    offered = [form for form in FORMS if form.is_offered(now)]
    if proposal:
        case_form_fields.show_proposal(proposal)
        if _may_settle(now) and not _may_decide(now):
            st.caption(tell("case.second_person_missing"))
    with st.container(horizontal=True, gap="xsmall"):
        for form in offered:
            if st.button(tell(f"work.{form.name}"), key=f"work.open.{form.name}", icon=form.icon):
                st.session_state[TOKEN], st.session_state[TROUBLE] = token_urlsafe(24), ""
                st.dialog(tell(f"work.{form.name}"))(_show_form)(form, now)


def show_work_beside(scope: Scope, chosen: CaseFilter, row: CaseRow) -> None:
    """The file of a case that was clicked in a list, the work that can be done on it first; work is always of today."""
    if chosen.as_of == cached.moment().today:
        show_work(scope, row.case_id)
    case_panel.show_file(scope, chosen, row.child_id)


def show_opening(scope: Scope, child_id: int, status: CaseStatus | None) -> None:
    """The way to open a case for a child that has none, or whose case ended in a return."""
    if not scope.may(Write.CASE) or status not in (None, CaseStatus.RETURNED):
        return
    st.caption(tell("work.relapse_ask" if status else "work.open_ask"))
    if st.button(tell("work.open"), key="work.open.open", icon=":material/add_circle:"):
        st.session_state[TOKEN], st.session_state[TROUBLE] = token_urlsafe(24), ""
        st.dialog(tell("work.open"))(_show_opening)(scope, child_id)


def _show_opening(scope: Scope, child_id: int) -> None:
    send = case_form_fields.opening(scope, child_id)
    if send is not None:
        send_once("open", send)


def _show_form(form: Form, now: Now) -> None:
    send = form.draw(now)
    if send is not None:
        send_once(form.name, send)


def send_once(name: str, send: Send) -> None:
    """Write, and leave the window with what changed; what went wrong is said in the window, with everything still filled in."""
    try:
        saved = send(st.session_state[TOKEN])
    except ProblemError as problem:
        st.session_state[TROUBLE] = problem.key
        st.error(tell_problem(problem), icon=":material/error:")
        return
    words = tell("work.again") if saved.repeated else tell(f"work.saved.{name}")
    leave(f"{words} {say_next(saved.case)}")


def leave(words: str) -> None:
    """Close the window and say these words on the page."""
    st.session_state[FLASH] = words
    st.rerun()


def show_flash() -> None:
    """What the last form changed, once."""
    if words := st.session_state.pop(FLASH, ""):
        st.success(words, icon=":material/check_circle:")


def say_next(case: CaseState) -> str:
    """How a case stands now, in words."""
    if case.next_step is None:
        return tell("work.next_closed")
    owners = tell("child_file.joint").join(case_panel.say_owner(owner) for owner in (case.school, case.government))
    told = {"status": tell(f"casestatus.{case.status}"), "step": tell(f"nextstep.{case.next_step}"), "due": case.due_on}
    return tell("work.next", **told, owners=owners)


def had_trouble(key: str) -> bool:
    """Whether the form was just refused for this reason."""
    return bool(st.session_state.get(TROUBLE) == key)


def _is_out(now: Now) -> bool:
    return now.case.status not in (CaseStatus.RETURNED, CaseStatus.CLOSED)


def _is_back(now: Now) -> bool:
    return now.case.status is CaseStatus.RETURNED


def _may_settle(now: Now) -> bool:
    return now.scope.may(Write.CASE) and now.case.next_step is not None


def _may_propose(now: Now) -> bool:
    return _may_settle(now) and now.proposal is None


def _may_decide(now: Now) -> bool:
    mine = case_form_fields.signatory(now.scope)
    return _may_settle(now) and now.proposal is not None and is_second_person(now.proposal.proposed_by, mine)


FORMS = (
    Form("decide", ":material/verified:", _may_decide, case_form_fields.decide),
    Form("visit", ":material/home:", lambda now: now.case.next_step is not None, case_form_fields.visit),
    Form("mend", ":material/edit_note:", lambda now: bool(now.visits), case_form_fields.mend),
    Form("persuasion", ":material/forum:", _is_out, case_form_fields.persuasion),
    Form("mend_persuasion", ":material/edit_note:", lambda now: bool(now.attempts), case_form_fields.mend_persuasion),
    Form("event", ":material/campaign:", _may_settle, case_form_fields.event),
    Form("employer", ":material/work:", lambda now: _may_settle(now) and _is_out(now), employer_form.draw),
    Form("follow_up", ":material/monitor_heart:", lambda now: _may_settle(now) and _is_back(now), case_form_fields.follow_up),
    Form("helper", ":material/handshake:", lambda now: _may_settle(now) and _is_back(now), case_form_fields.helper),
    Form("return", ":material/school:", lambda now: _may_propose(now) and _is_out(now), case_form_fields.back),
    Form("closing", ":material/task_alt:", _may_propose, case_form_fields.closing),
)
