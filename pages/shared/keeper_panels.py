"""What administrators see: the audit with its filter and pack, the accounts."""

from datetime import timedelta
from typing import Any

import streamlit as st

from data_access.account_desk import AccountRow, end_all_sessions, list_accounts, open_account, renew_password, shut_out
from data_access.audit import verify_chain
from data_access.audit_log import PACK_TYPE, AuditFilter, count_events, read_acts, read_events, write_pack
from data_access.exports import spool
from domain.errors import ProblemError
from domain.scope import Role, Scope
from domain.view_state import PAGE_ROWS
from pages.shared import cached
from pages.shared.clock import local_time, now_here
from pages.shared.export import DOWNLOAD
from pages.shared.failures import say_what_failed
from pages.shared.plain import plain
from pages.shared.scope import session_id
from pages.shared.table import Column, show_rows, show_table
from pages.shared.view import read_view, tell, tell_problem

DAYS_BACK = 30
AUDIT_COLUMNS = ("at", "user", "role", "act", "row_count", "reason", "filter", "row_ids")
ACCOUNT_COLUMNS = ("name", "shown_name", "role", "areas", "schools", "until", "state", "sessions", "seen_at")


def ask_audit_filter(scope: Scope) -> AuditFilter:
    """Days, user and act."""
    today = now_here().date()
    days, user, act = st.columns(3, vertical_alignment="bottom")
    picked: Any = days.date_input(
        tell("audit.days"), (today - timedelta(days=DAYS_BACK), today), max_value=today, key="audit.days", format="YYYY-MM-DD"
    )
    first, last = picked if isinstance(picked, tuple) and len(picked) == 2 else (today - timedelta(days=DAYS_BACK), today)
    name = user.text_input(tell("audit.user"), key="audit.user", max_chars=60).strip()
    acts = read_acts(cached.engine(), scope)
    chosen = act.selectbox(tell("audit.act"), acts, index=None, key="audit.act", placeholder=tell("bar.all"), format_func=say_act)
    return AuditFilter(first, last, name, chosen if chosen in acts else "")


def say_act(act: str) -> str:
    """An act in words; one without words shows itself."""
    key = f"act.{act}"
    told = tell(key)
    return act if told == key else told


def show_events(scope: Scope, asked: AuditFilter) -> None:
    """One page of the acts, the latest first."""
    total = count_events(cached.engine(), scope, asked)
    if not total:
        st.info(tell("audit.none"), icon=":material/search_off:")
        return
    found = read_events(cached.engine(), scope, asked, limit=PAGE_ROWS, offset=read_view().offset)
    rows = [
        {
            **{name: getattr(one, name) for name in AUDIT_COLUMNS},
            "at": f"{local_time(one.at):%Y-%m-%d %H:%M:%S}",
            "role": tell(f"role.{one.role}") if one.role else "",
            "act": say_act(one.act),
        }
        for one in found
    ]
    columns = [Column(name, tell(f"audit.{name}"), "number" if name == "row_count" else "text") for name in AUDIT_COLUMNS]
    show_table("audit", rows, columns, total)


@st.fragment
@say_what_failed()
def show_chain() -> None:
    """A button that holds every seal against the one before it."""
    if st.button(tell("audit.verify"), key="audit.verify", icon=":material/verified_user:"):
        try:
            st.success(tell("audit.whole", count=f"{verify_chain(cached.engine()):,}"), icon=":material/check:")
        except ProblemError as problem:
            st.error(tell_problem(problem), icon=":material/gpp_bad:")


@st.fragment
@say_what_failed()
def show_pack(scope: Scope) -> None:
    """The compliance pack of a year."""
    with st.popover(tell("audit.pack"), icon=":material/inventory_2:", help=tell("audit.pack.what")):
        this_year = now_here().year
        year = st.selectbox(tell("audit.year"), [this_year - back for back in range(5)], key="audit.year")
        if st.button(tell("export.build"), key="audit.build", type="primary"):
            name = f"{tell('audit.pack')}_{year}.zip"
            engine, wanted = cached.engine(), int(year or this_year)
            token = spool(
                engine,
                scope,
                session_id(),
                name,
                PACK_TYPE,
                lambda out: write_pack(engine, scope, wanted, out),
                act="audit.pack",
                filter_text=str(wanted),
            )
            st.link_button(plain(name), f"{DOWNLOAD}{token}", icon=":material/download:", help=tell("export.once"))


# --- accounts ---


def show_accounts(scope: Scope) -> AccountRow | None:
    """The accounts of the administrator's area; returns the one that was clicked."""
    found = list_accounts(cached.engine(), scope)
    rows = [
        {
            "name": one.name,
            "shown_name": one.shown_name,
            "role": tell(f"role.{one.role}"),
            "areas": " ".join(one.areas),
            "schools": " ".join(one.schools),
            "until": one.until,
            "state": tell("account.disabled" if one.disabled else "account.open"),
            "sessions": one.sessions,
            "seen_at": f"{local_time(one.seen_at):%Y-%m-%d %H:%M}" if one.seen_at else "",
        }
        for one in found
    ]
    if not rows:
        st.info(tell("account.none"), icon=":material/group_off:")
        return None
    kinds: dict[str, Any] = {"until": "date", "sessions": "number"}
    columns = [Column(name, tell(f"account.{name}"), kinds.get(name, "text")) for name in ACCOUNT_COLUMNS]
    picked = show_rows("accounts", rows, columns, selectable=True)
    return None if picked is None else found[picked]


@st.fragment
@say_what_failed()
def show_desk(scope: Scope, account: AccountRow) -> None:
    """What can be done to the account that was clicked."""
    engine = cached.engine()
    st.markdown(f"**{tell('account.chosen')}**")
    st.text(account.name)
    with st.container(horizontal=True):
        if st.button(tell("account.renew"), key="account.renew", icon=":material/key:"):
            _show_password(renew_password(engine, scope, account.name))
        label = "account.enable" if account.disabled else "account.disable"
        if st.button(tell(label), key="account.toggle", icon=":material/block:"):
            shut_out(engine, scope, account.name, disabled=not account.disabled)
            st.rerun()
        if st.button(tell("account.end_sessions"), key="account.end", icon=":material/logout:", disabled=not account.sessions):
            end_all_sessions(engine, scope, account.name)
            st.rerun()


@st.fragment
@say_what_failed()
def show_new_account(scope: Scope) -> None:
    """The form for a new account."""
    words = {one: tell(f"role.{one}") for one in Role}
    with st.expander(tell("account.new"), icon=":material/person_add:"), st.form("account.form", border=False):
        left, right = st.columns(2)
        name = left.text_input(tell("account.name"), key="account.new.name", max_chars=60)
        shown = right.text_input(tell("account.shown_name"), key="account.new.shown", max_chars=60)
        role = left.selectbox(
            tell("account.role"), list(Role), key="account.new.role", format_func=lambda one: words.get(one, one)
        )
        until = right.date_input(tell("account.until"), None, key="account.new.until", format="YYYY-MM-DD")
        areas = left.text_input(tell("account.areas"), key="account.new.areas", help=tell("account.areas.what"))
        schools = right.text_input(tell("account.schools"), key="account.new.schools", help=tell("account.schools.what"))
        if st.form_submit_button(tell("account.create"), type="primary"):
            place = (areas.replace(",", " ").split(), schools.replace(",", " ").split())
            last: Any = until
            _show_password(open_account(cached.engine(), scope, name, Role(role or ""), *place, shown_name=shown, until=last))


def _show_password(password: str) -> None:
    st.success(tell("account.password"), icon=":material/key:")
    st.code(password, language=None)
