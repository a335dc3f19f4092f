"""The export button: the rows on screen as a file, built on click, audited, fetched once through the app's own route."""

import streamlit as st

from data_access.export_files import MEDIA_TYPES, FileKind, stream_table
from data_access.exports import spool
from data_access.tables import TABLES, ExportTable
from data_access.worklist_print import stream_worklist
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Role, Scope
from domain.terms import say
from pages.shared import cached
from pages.shared.clock import now_here
from pages.shared.failures import say_what_failed
from pages.shared.panels import describe
from pages.shared.plain import plain
from pages.shared.scope import session_id
from pages.shared.view import read_lang, tell, tell_problem

DOWNLOAD = "download/"  # relative to the page's address, so that a base path does not matter
NEED_REASON = frozenset({Role.COUNTY, Role.INSPECTOR})
REASONS = ("meeting", "supervision", "visits", "reporting", "checking")


@st.fragment
@say_what_failed()
def show_export(here: str, table: str | ExportTable, scope: Scope, chosen: CaseFilter, name: str = "") -> None:
    """A button that offers these rows, as a workbook or CSV: a table of data_access.tables by its name, or one narrowed.

    `name`: the name searched for on this page, which narrows the file as it narrows the table. County officials and
    inspectors choose a reason, which the audit keeps. Nothing for a role that may not list the rows.
    """
    made = TABLES[table] if isinstance(table, str) else table
    if not scope.sees_children:
        return
    key = f"{here}.{made.name}"
    kinds = {one: tell(f"export.{one}") for one in FileKind}
    with st.popover(tell("export.button"), icon=":material/download:"):
        kind = st.segmented_control(
            tell("export.kind"),
            list(FileKind),
            default=FileKind.XLSX,
            required=True,
            format_func=lambda one: kinds.get(one, one),
            key=f"{key}.kind",
        )
        reason = ask_reason(key) if scope.role in NEED_REASON else ""
        if st.button(tell("export.build"), key=f"{key}.build", type="primary", disabled=reason is None):
            _build(made, FileKind(kind or FileKind.XLSX), scope, chosen, name, reason)


@st.fragment
@say_what_failed()
def show_worklist_print(scope: Scope, chosen: CaseFilter) -> None:
    """A button that makes a person's list of the week as PDF, audited, fetched once."""
    if not st.button(tell("worklist.print"), key="worklist.print", icon=":material/print:"):
        return
    lang = read_lang()
    file_name = name_file("table.worklist", chosen, "pdf")
    writer = stream_worklist(cached.engine(), scope, chosen, lang)
    token = spool(
        cached.engine(),
        scope,
        session_id(),
        file_name,
        "application/pdf",
        writer,
        act="print",
        county=(chosen.area or "".join(scope.areas[:1]))[:6] or None,
        filter_text=describe(chosen),
    )
    st.link_button(plain(file_name), f"{DOWNLOAD}{token}", icon=":material/download:", help=tell("export.once"))


def name_file(words: str, chosen: CaseFilter, ending: str) -> str:
    """What a file is called: of what, as of which day, made when; the demo's data say so here too, as a CSV cannot inside."""
    demo = f"{tell('export.demo')}_" if cached.moment().demo else ""
    return f"{demo}{tell(words)}_{chosen.as_of}_{now_here():%H%M%S}.{ending}"


def ask_reason(key: str) -> str | None:
    """Why a file is taken away, in the words that the audit keeps; None until one is chosen."""
    words = {one: tell(f"export.reason.{one}") for one in REASONS}
    picked = st.selectbox(
        tell("export.reason"),
        REASONS,
        index=None,
        key=f"{key}.reason",
        format_func=lambda one: words.get(one, one),
        placeholder=tell("export.reason_help"),
    )
    return None if picked is None else say(f"export.reason.{picked}", "zh")


def _build(table: ExportTable, kind: FileKind, scope: Scope, chosen: CaseFilter, name: str, reason: str | None) -> None:
    lang = read_lang()
    writer = stream_table(cached.engine(), scope, chosen, table, kind, lang, name)
    file_name = name_file(f"table.{table.name}", chosen, kind)
    try:
        token = spool(
            cached.engine(),
            scope,
            session_id(),
            file_name,
            MEDIA_TYPES[kind],
            writer,
            county=(chosen.area or "".join(scope.areas[:1]))[:6] or None,
            filter_text=_say_what(table, chosen, name),
            reason=reason or None,
        )
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        st.link_button(plain(file_name), f"{DOWNLOAD}{token}", icon=":material/download:", help=tell("export.once"))


def _say_what(table: ExportTable, chosen: CaseFilter, name: str) -> str:
    """What the audit keeps of a file: which table, of whom and when, and that a name narrowed it, never which."""
    return f"{table.name}: {describe(chosen)}" + (f" · {tell('export.name_search')}" if name else "")
