"""家访覆盖: who was visited at the door this term, around a holiday or in a campaign, and who was not, by place and by name."""

import streamlit as st

from data_access.coverage import CoverageBy, CoverageRow
from data_access.narrowed_tables import coverage_in
from domain.case_filter import CaseFilter
from domain.coverage import Coverage, CoveragePart, SpanKind, TargetGroup, VisitSpan
from domain.scope import Scope
from pages.shared import cached, coverage_panel
from pages.shared.case_panel import say_class
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import open_file, show_empty, show_header
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_table, tags_of
from pages.shared.view import read_lang, read_view, show_choice, tell

scope = require_scope("coverage")


def pupil_row(row: CoverageRow) -> dict[str, object]:
    """One pupil: who, in which class, whose pupil, and when visited last."""
    return {
        "child_name": row.child_name,
        "school_name": row.school_name,
        "class": say_class(row.grade, row.class_no, read_lang()),
        "class_teacher": [row.class_teacher or tell("coverage.no_teacher")],
        "village_name": row.village_name or tell("filter.unlocated"),
        "last_visit_on": row.last_visit_on,
    }


def show_list(scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup, found: Coverage) -> None:
    """The list behind one of the numbers; a click opens the child's file."""
    words = {one: f"{tell(f'table.{one}')} {found.count(one):,}" for one in CoveragePart}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        part = show_choice("coverage", "level", tell("coverage.list"), list(CoveragePart), lambda one: words[one])
        with st.container(width="content"):
            show_export("coverage", coverage_in(span, group, part), scope, chosen)
    total = found.count(part)
    if not total:
        all_visited = part is CoveragePart.UNVISITED
        show_empty("coverage", tell("coverage.all_visited" if all_visited else "coverage.none_visited"), well_done=all_visited)
        return
    rows = cached.read_coverage(scope, chosen, span, group, part, offset=read_view().offset)
    columns = [
        *columns_of("child_name", "school_name", pinned="child_name"),
        Column("class", tell("cases.class"), help=tell("cases.class.what")),
        tags_of("class_teacher", tell("coverage.no_teacher")),
        *columns_of("village_name", "last_visit_on"),
    ]
    picked = show_table("unvisited", [pupil_row(row) for row in rows], columns, total, selectable=True)
    if picked is not None:
        open_file(rows[picked].child_id)


def show_coverage(scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup) -> None:
    """The numbers, the places and the list."""
    day = chosen.as_of or cached.moment().today
    if not span.has_begun(day):
        st.info(tell("coverage.not_begun", starts=span.starts), icon=":material/schedule:")
        return
    words = "coverage.span_to_date" if span.ends > day else "coverage.span"
    st.caption(tell(words, starts=span.starts, ends=span.ends, day=day))
    found = cached.count_coverage(scope, chosen, span, group)
    coverage_panel.show_tiles(found)
    if not found.owed:
        show_empty("coverage", tell("coverage.nobody"))
        return
    by = show_choice("coverage", "sort", tell("coverage.by"), list(CoverageBy), lambda one: tell(f"coverageby.{one}"))
    coverage_panel.show_places(cached.count_coverage_by(scope, chosen, span, group, by), by, day)
    show_list(scope, chosen, span, group, found)


chosen = show_case_filter("coverage")
show_header("coverage", chosen)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    kind = show_choice("coverage", "measure", tell("coverage.kind"), list(SpanKind), lambda one: tell(f"spankind.{one}"))
    coverage_panel.show_new_campaign(scope)
group = show_choice("coverage", "layer", tell("coverage.group"), list(TargetGroup), lambda one: tell(f"targetgroup.{one}"))
picked = coverage_panel.choose_span(scope, chosen, kind)
if picked:
    span, campaign = picked
    show_coverage(scope, chosen, span, campaign.group if campaign else group)
