"""学籍异动核查: children whose movement or placement is not settled, queue by queue, each with its age and what was found."""

import streamlit as st

from data_access.narrowed_tables import queue_in
from data_access.queues import QueueRow
from domain.case_filter import CaseFilter
from domain.queues import Queue
from domain.scope import Scope
from domain.view_state import choose
from pages.shared import cached, case_forms, case_panel, queue_form
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import open_file, show_empty, show_header
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table
from pages.shared.view import change_view, read_lang, read_view, tell

scope = require_scope("queues")

FINDING_WIDTH = 190  # pixels of the longest word in either language


def show_queues(scope: Scope, chosen: CaseFilter, here: Queue) -> dict[Queue, tuple[int, int]]:
    """The queues as buttons, each with what is open in it and all that stands in it."""
    counts = cached.count_queues(scope, chosen)
    with st.container(horizontal=True, gap="xsmall"):
        for queue in Queue:
            entries, unsettled = counts[queue]
            words = tell("queues.count", name=tell(f"queue.{queue}"), open=f"{unsettled:,}", all=f"{entries:,}")
            kind = "primary" if queue is here else "secondary"
            told = {"layer": queue.value, "page": None}
            st.button(words, key=f"queue.{queue}", type=kind, on_click=change_view, kwargs=told)
    return dict(counts)


def queue_row(row: QueueRow) -> dict[str, object]:
    """One row of the table."""
    return {
        "child_name": row.child_name,
        "age_days": row.age_days,
        "since": row.since,
        "missing_papers": tell("panel.comma").join(tell(f"paper.{paper}") for paper in row.missing) or None,
        "finding": tell(f"finding.{row.finding}") if row.finding else None,
        "found_on": row.found_on,
        "village_name": row.village_name or tell("filter.unlocated"),
        "school_name": row.school_name,
        "class": case_panel.say_class(row.grade, row.class_no, read_lang()),
    }


def show_list(scope: Scope, chosen: CaseFilter, queue: Queue, total: int) -> None:
    """One page of the queue, and what can be done with the row that was clicked."""
    rows = cached.read_queue(scope, chosen, queue, offset=read_view().offset)
    columns = [
        *columns_of("child_name", "age_days", "since", "missing_papers", pinned="child_name"),
        *columns_of("finding", width=FINDING_WIDTH),
        *columns_of("found_on"),
        *columns_of("village_name", "school_name"),
        Column("class", tell("cases.class"), help=tell("cases.class.what")),
    ]
    picked = show_table("queues", [queue_row(row) for row in rows], columns, total, selectable=True)
    if picked is None:
        return
    with st.container(horizontal=True, gap="small"):
        queue_form.show_verify(scope, chosen, queue, rows[picked])
        if st.button(tell("child_file.open"), key="queue.file", icon=":material/folder_open:"):
            open_file(rows[picked].child_id)


chosen = show_case_filter("queues")
show_header("queues", chosen)
case_forms.show_flash()
queue = choose(read_view().layer, Queue.ENROLLED_NOT_ATTENDING)
total = show_queues(scope, chosen, queue)[queue][0]
st.caption(tell(f"queue.{queue}.what"))
show_export("queues", queue_in(queue), scope, chosen)
if total:
    show_list(scope, chosen, queue, total)
else:
    show_empty("queues", tell("queues.nothing"), well_done=True)
