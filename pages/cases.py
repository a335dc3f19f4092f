"""个案: every case with its home-visit assignment: the next step, by when, and by whom on both lines of responsibility."""

from dataclasses import replace

import streamlit as st

from data_access.case_groups import CaseGrouping
from data_access.cases import CaseOrder, CaseRow
from data_access.narrowed_tables import cases_in
from domain.case_filter import OFF_LADDER, RUNGS, CaseFilter
from domain.cases import CaseStatus
from domain.scope import Scope
from pages.shared import cached, case_forms, case_panel, case_tools
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter, show_name_search
from pages.shared.panels import show_empty, show_header
from pages.shared.papers import CASE_FORMS, show_print
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_picks, tags_of
from pages.shared.view import read_lang, read_view, show_choice, tell

scope = require_scope("cases")

FILE_WIDTH = 400  # pixels of the file beside the table
STATUS_WIDTH = 150  # pixels of the longest word in either language


def show_rungs(scope: Scope, chosen: CaseFilter) -> None:
    """How many cases stand on each rung of the ladder, and how many of them are overdue."""
    counts = cached.count_cases_by(scope, replace(chosen, rung=None), CaseGrouping.RUNG)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for rung in RUNGS:
            here = chosen.rung == rung
            words = tell("cases.rung_chip", rung=rung)
            case_tools.show_chip(f"rung.{rung}", words, counts.get(rung, (0, 0)), here, rung=None if here else rung)
        here = chosen.rung == OFF_LADDER
        words, about = tell("filter.off_ladder"), tell("cases.off_ladder.what")
        case_tools.show_chip("rung.off", words, counts.get(None, (0, 0)), here, about, rung=None if here else OFF_LADDER)


def show_statuses(scope: Scope, chosen: CaseFilter) -> None:
    """How many cases have each status; the closed ones apart, as no total holds them unless they are asked for."""
    counts = cached.count_cases_by(scope, replace(chosen, statuses=tuple(CaseStatus)), CaseGrouping.STATUS)
    with st.container(horizontal=True, gap="xsmall"):
        for status in CaseStatus:
            here = chosen.statuses == (status,)
            words = tell(f"casestatus.{status}")
            case_tools.show_chip(f"status.{status}", words, counts.get(status, (0, 0)), here, statuses=() if here else (status,))


def case_row(row: CaseRow) -> dict[str, object]:
    """One row of the table: the child, what is owed, by whom, and how it stands."""
    return {
        "child_name": row.child_name,
        "days_overdue": row.days_overdue or None,
        "due_date": row.due_on,
        "next_step": tell(f"nextstep.{row.next_step}") if row.next_step else None,
        "school_line_owner": [case_panel.say_owner(row.school)],
        "government_line_owner": [case_panel.say_owner(row.government)],
        "status": tell(f"casestatus.{row.status}"),
        "ladder_rung": row.rung,
        "village_name": row.village_name or tell("filter.unlocated"),
        "school_name": row.school_name,
        "class": case_panel.say_class(row.grade, row.class_no, read_lang()),
        "days_absent": row.days_absent,
        "visits_done": row.visits_done,
        "visits_missed": row.visits_missed or None,
        "last_visit_on": row.last_visit_on,
        "last_result": row.last_result,
        "relapse_count": row.relapse_count or None,
        "severe": case_panel.say_severe(row.severe),
    }


def show_list(scope: Scope, chosen: CaseFilter, name: str, order: CaseOrder, total: int) -> list[CaseRow]:
    """One page of the cases; those whose rows were chosen."""
    rows = cached.read_cases(scope, chosen, order=order, offset=read_view().offset, name=name)
    columns = [
        *columns_of("child_name", "days_overdue", "due_date", "next_step", pinned="child_name"),
        *(tags_of(line, *case_panel.say_red_owners()) for line in ("school_line_owner", "government_line_owner")),
        *columns_of("status", width=STATUS_WIDTH),
        tags_of("severe", *case_panel.say_severe()),
        *columns_of("ladder_rung", "days_absent", "village_name", "school_name"),
        Column("class", tell("cases.class"), help=tell("cases.class.what")),
        *columns_of("visits_done", "visits_missed", "last_visit_on", "last_result", "relapse_count"),
    ]
    return [rows[place] for place in show_picks("cases", [case_row(row) for row in rows], columns, total)]


chosen = show_case_filter("cases")
show_header("cases", chosen)
case_forms.show_flash()
show_statuses(scope, chosen)
show_rungs(scope, chosen)
with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
    order = show_choice("cases", "sort", tell("cases.sort"), list(CaseOrder), lambda one: tell(f"caseorder.{one}"))
    name = show_name_search()
    with st.container(width="content"):
        show_export("cases", cases_in(order), scope, chosen, name)
    with st.container(width="content"):
        show_print("cases", CASE_FORMS, scope, chosen, name)
    case_tools.show_groups(scope, chosen)
    case_tools.show_views(scope, "cases")
total = cached.count_cases(scope, chosen, name)
if total:
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_list(scope, chosen, name, order, total)
        case_tools.show_hand_over(scope, chosen, picked, total, name)
    if len(picked) == 1:
        with beside.container(width=FILE_WIDTH):
            case_forms.show_work_beside(scope, chosen, picked[0])
else:
    show_empty("cases", tell("cases.none_named") if name else "")
