"""The print button: forms for what is on screen, as PDF or DOCX, through the app's own download route."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

import streamlit as st

from data_access.child_file import ChildFile
from data_access.documents_out import MEDIA_TYPES, Order, PaperFile, issue, set_form
from data_access.exports import spool
from data_access.keys import cipher_of
from data_access.packet import packet_values
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.forms import FormKind, form
from domain.scope import Scope, Write
from pages.shared import cached
from pages.shared.clock import now_here
from pages.shared.export import DOWNLOAD, NEED_REASON, ask_reason
from pages.shared.failures import say_what_failed
from pages.shared.panels import describe
from pages.shared.plain import plain
from pages.shared.scope import session_id
from pages.shared.view import tell, tell_problem

CASE_FORMS = tuple(kind for kind in FormKind if kind not in (FormKind.CHILD_PACKET, FormKind.SUPERVISION_NOTICE))


def open_ring() -> Cipher | None:
    """The keys that belong to the database; None where they are not on this machine: addresses are then left blank."""
    try:
        return cipher_of(cached.engine())
    except ProblemError:
        return None


@st.fragment
@say_what_failed()
def show_print(here: str, kinds: Sequence[FormKind], scope: Scope, chosen: CaseFilter, name: str = "") -> None:
    """A button that prints one of `kinds` for every case on screen; numbered ones only for those who may issue them."""
    offered = [kind for kind in kinds if scope.may(Write.CASE) or not form(kind).is_numbered]
    if not scope.sees_children or not offered:
        return
    key = f"{here}.print"
    words = {kind: tell(f"form.{kind}") for kind in offered}
    with st.popover(tell("papers.button"), icon=":material/print:"):
        kind = st.selectbox(tell("papers.form"), offered, key=f"{key}.kind", format_func=lambda one: words.get(one, one))
        file = st.segmented_control(
            tell("export.kind"),
            list(PaperFile),
            default=PaperFile.PDF,
            required=True,
            format_func=lambda one: str(one).upper(),
            key=f"{key}.file",
        )
        is_numbered = form(FormKind(kind)).is_numbered
        anew = is_numbered and st.checkbox(tell("papers.anew"), key=f"{key}.anew", help=tell("papers.anew_help"))
        reason = ask_reason(key) if scope.role in NEED_REASON else ""
        if st.button(tell("papers.make"), key=f"{key}.build", type="primary", disabled=reason is None):
            order = Order(FormKind(kind), chosen, PaperFile(file or PaperFile.PDF), name, anew, open_ring())
            _make(scope, order, reason)


def _make(scope: Scope, order: Order, reason: str | None) -> None:
    def write(out: BinaryIO) -> int:
        papers = issue(cached.engine(), scope, order, reason=reason or None)
        out.write(papers.content)
        return len(papers.case_ids)

    offer(scope, order.kind, order.file, write, describe(order.chosen), reason)


def offer(
    scope: Scope,
    kind: FormKind,
    file: PaperFile,
    write: Callable[[BinaryIO], int],
    filter_text: str,
    reason: str | None,
    row_ids: Sequence[int] = (),
) -> None:
    """Spool what `write` writes and show its link, or say what is wrong."""
    file_name = f"{form(kind).title}_{now_here():%Y%m%d_%H%M%S}.{file}"
    try:
        token = spool(
            cached.engine(),
            scope,
            session_id(),
            file_name,
            MEDIA_TYPES[file],
            write,
            county="".join(scope.areas[:1])[:6] or None,
            filter_text=f"{kind}: {filter_text}",
            row_ids=row_ids,
            reason=reason or None,
        )
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        st.link_button(plain(file_name), f"{DOWNLOAD}{token}", icon=":material/download:", help=tell("export.once"))


@st.fragment
@say_what_failed()
def show_packet(scope: Scope, file: ChildFile) -> None:
    """The button that prints a child's file (一生一案) as it is shown, masked as it is shown."""
    with st.popover(tell("papers.packet"), icon=":material/print:"):
        reason = ask_reason("packet") if scope.role in NEED_REASON else ""
        if st.button(tell("papers.make"), key="packet.build", type="primary", disabled=reason is None):
            mark = tell("form.demo") if cached.moment().demo else ""

            def write(out: BinaryIO) -> int:
                out.write(set_form(FormKind.CHILD_PACKET, [packet_values(file)], PaperFile.PDF, mark))
                return 1

            offer(scope, FormKind.CHILD_PACKET, PaperFile.PDF, write, file.as_of.isoformat(), reason, [file.child_id])
