"""学校: dropout rates of schools, towns and stages against the targets that bind them, what needs doing first."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import streamlit as st

from data_access.narrowed_tables import schools_judged
from data_access.schools import SchoolRow
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.key_units import sees_whole_towns
from domain.scope import Role, Scope
from domain.targets import Verdict
from domain.view_state import PAGE_ROWS
from pages.shared import cached, case_forms
from pages.shared.export import show_export
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import show_bullets, show_empty, show_header
from pages.shared.rate_bullets import rates_by_place, school_bullet
from pages.shared.school_file import show_school
from pages.shared.school_panel import list_schools
from pages.shared.school_totals import list_places, read_badges, read_marks, show_key_list, show_stage_rates
from pages.shared.scope import require_scope
from pages.shared.table import show_rows, show_table
from pages.shared.view import read_view, show_choice, tell

scope = require_scope("schools")

WORST = 20
PANEL_WIDTH = 400  # pixels of the school beside the table


class Shown(StrEnum):
    """Which rows of the table are shown; the values are those of Verdict."""

    ALL = "all"
    MISSED = "missed"
    ON_COURSE = "on_course"
    MET = "met"
    UNSET = "unset"
    NO_DATA = "no_data"


def choose_verdict(rows: Sequence[SchoolRow]) -> Verdict | None:
    """The switch of verdicts, each with its number of rows; None for all."""
    counts = {one: sum(one in (Shown.ALL, row.verdict) for row in rows) for one in Shown}
    options = [one for one in Shown if counts[one] or one in (Shown.ALL, read_view().measure)]

    def say(one: Shown) -> str:
        return f"{tell('bar.all') if one is Shown.ALL else tell(f'verdict.{one}')} {counts[one]:,}"

    shown = show_choice("schools", "measure", tell("schools.verdict"), options, say)
    return None if shown is Shown.ALL else Verdict(shown)


def show_list(scope: Scope, chosen: CaseFilter, every: Sequence[SchoolRow]) -> None:
    """The rows of the verdict chosen, and beside them the school that was clicked."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        verdict = choose_verdict(every)
        show_export("schools", schools_judged(verdict), scope, chosen)
    rows = [row for row in every if verdict in (None, row.verdict)]
    first = read_view().offset
    page = rows[first : first + PAGE_ROWS]
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_table(
            "schools",
            *list_schools(page, read_marks(scope, chosen), read_badges(scope, chosen, every)),
            len(rows),
            selectable=True,
        )
    if picked is not None:
        with beside.container(width=PANEL_WIDTH):
            show_school(scope, replace(chosen, area=None), page[picked])


def show_figures(scope: Scope, chosen: CaseFilter) -> None:
    """Totals by stage, the schools, the towns, and the worst schools as a picture."""
    rows = cached.read_schools(scope, chosen)
    if not rows:
        show_empty("schools", tell("schools.of_village") if scope.role is Role.VILLAGE else "")
        return
    show_stage_rates(scope, chosen)
    show_list(scope, chosen, rows)
    if sees_whole_towns(scope, chosen):
        st.markdown(f"**{tell('schools.towns')}**", help=tell("schools.mark.what"))
        show_rows("towns", *list_places(scope, chosen))
    show_key_list(scope, chosen)
    worst = [school_bullet(row) for row in rows if row.rate.numerator > 0][:WORST]
    show_bullets(tell("schools.worst", count=len(worst)), worst)


chosen = show_case_filter("schools")
show_header("schools", chosen)
case_forms.show_flash()
if scope.sees_children:
    show_figures(scope, chosen)
else:
    st.info(tell("schools.towns_only"), icon=":material/visibility_off:")
    for stage in (Stage.JUNIOR, Stage.PRIMARY):
        show_bullets(tell("overview.rates", stage=tell(f"stage.{stage}")), rates_by_place(scope, chosen, stage))
