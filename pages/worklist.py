"""本周任务: what is on one person this week, the most overdue first, to open, to take along as a file or on paper."""

from collections.abc import Mapping

import streamlit as st

from data_access.worklist import Task, end_of_week
from domain.case_filter import CaseFilter
from domain.scope import Scope
from domain.view_state import PAGE_ROWS
from pages.shared import cached, case_forms
from pages.shared.export import show_export, show_worklist_print
from pages.shared.fields import show_pick
from pages.shared.filter_bar import show_case_filter
from pages.shared.panels import show_empty, show_header
from pages.shared.scope import require_scope
from pages.shared.table import Column, columns_of, show_rows, show_table
from pages.shared.view import change_filter, read_view, tell

scope = require_scope("worklist")

FILE_WIDTH = 400  # pixels of the file beside the list


def show_people(scope: Scope, chosen: CaseFilter) -> tuple[cached.OwnerLoad, ...]:
    """The choice among all who answer for a case of the filter; returns them, those with the most overdue first."""
    loads = cached.read_owners(scope, chosen.without("owner"))
    show_pick("worklist", "owner", tell("worklist.person"), {str(load.person.person_id): say_person(load) for load in loads})
    return loads


def say_person(load: cached.OwnerLoad) -> str:
    """The name with the duty."""
    return tell("cases.owner", name=load.person.name, role=tell(f"dutyrole.{load.person.role}"))


def show_loads(scope: Scope, loads: tuple[cached.OwnerLoad, ...]) -> None:
    """Who has how much: a click opens the list of that person."""
    if not loads:
        show_empty("worklist", tell("worklist.nobody"), well_done=True)
        return
    st.caption(tell("worklist.choose"))
    view, names = read_view(), cached.read_unit_names()
    page = loads[view.offset : view.offset + PAGE_ROWS]
    picked = show_table("loads", [load_row(load, names) for load in page], load_columns(), len(loads), selectable=True)
    if picked is not None:
        change_filter(owner=page[picked].person.person_id)
        st.rerun()


def load_row(load: cached.OwnerLoad, names: Mapping[str, str]) -> dict[str, object]:
    """One person of the list; nought is left blank."""
    unit = names.get(load.person.unit, load.person.unit)
    lines = {"school": load.school or None, "government": load.government or None}
    return {"person": say_person(load), "unit": unit, **lines, "late": load.overdue or None}


def load_columns() -> list[Column]:
    """The columns of the list of people."""
    numbers = {"school": "dutyline.school", "government": "dutyline.government", "late": "groups.late"}
    words = [Column("person", tell("worklist.person")), Column("unit", tell("worklist.unit"))]
    return words + [Column(name, tell(key), "number") for name, key in numbers.items()]


def task_row(task: Task) -> dict[str, object]:
    """One row of the list."""
    row = task.case
    return {
        "days_overdue": row.days_overdue or None,
        "due_date": row.due_on,
        "next_step": tell(f"nextstep.{row.next_step}"),
        "child_name": row.child_name,
        "duty_part": tell(f"worklist.part.{task.part}"),
        "village_name": row.village_name or tell("filter.unlocated"),
        "school_name": row.school_name,
        "status": tell(f"casestatus.{row.status}"),
        "visits_done": row.visits_done,
        "last_visit_on": row.last_visit_on,
        "last_result": row.last_result,
    }


def show_tasks(scope: Scope, chosen: CaseFilter) -> None:
    """The list, and beside it the file of the case that was clicked."""
    tasks = cached.read_worklist(scope, chosen)
    name = cached.name_codes(scope, chosen)
    day = chosen.as_of or cached.moment().today
    st.text(tell("worklist.until", name=chosen.say_part("owner", "zh", name), until=end_of_week(day), count=len(tasks)))
    if not tasks:
        show_empty("worklist", tell("worklist.nothing"), well_done=True)
        return
    with st.container(horizontal=True, gap="small"):
        with st.container(width="content"):
            show_export("worklist", "worklist", scope, chosen)
        with st.container(width="content"):
            show_worklist_print(scope, chosen)
    names = list(task_row(tasks[0]))
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_rows("worklist", [task_row(task) for task in tasks], columns_of(*names), selectable=True)
    if picked is not None:
        with beside.container(width=FILE_WIDTH):
            case_forms.show_work_beside(scope, chosen, tasks[picked].case)


chosen = show_case_filter("worklist")
show_header("worklist", chosen)
case_forms.show_flash()
loads = show_people(scope, chosen)
if chosen.owner is None:
    show_loads(scope, loads)
else:
    show_tasks(scope, chosen)
