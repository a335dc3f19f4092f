"""The rosters of dropouts of three years against the registry: both totals, the reasons between them, who has no case."""

import streamlit as st

from domain.case_filter import CaseFilter
from domain.roster import YEARS, Removed
from domain.scope import Scope
from pages.shared import cached
from pages.shared.panels import open_file
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import read_lang, tell

LONGEST_LIST = 200  # children shown; more are found by a narrower filter
STEP_WIDTH = 240  # pixels: the numbers stay in view on a phone


def show_roster(scope: Scope, chosen: CaseFilter) -> None:
    """From everybody lost in three years to those still to be brought back; and the children of these without a case."""
    found = cached.read_roster(scope, chosen)
    st.markdown(f"**{tell('roster.title')}**")
    st.caption(tell("roster.what", years=YEARS))
    steps = [("before", found.before), *((f"removed.{reason}", -found.removed[reason]) for reason in Removed)]
    rows = [{"step": tell(f"roster.{name}"), "children": count} for name, count in steps if count]
    rows.append({"step": tell("roster.left"), "children": found.left})
    columns = [Column("step", tell("roster.step"), width=STEP_WIDTH), Column("children", tell("roster.children"), "number")]
    show_rows("roster", rows, columns)
    st.caption(found.finding.say(read_lang()))
    if not found.without_case:
        return
    st.caption(tell("roster.without_case", count=found.without_case))
    children = cached.read_roster_without_case(scope, chosen, limit=LONGEST_LIST)
    names = ("child_name", "age", "village_name", "school_name")
    listed = [{name: getattr(row, name) for name in names} for row in children]
    picked = show_rows("roster.list", listed, columns_of(*names), selectable=True)
    if picked is not None and st.button(tell("child_file.open"), key="roster.file", icon=":material/folder_open:"):
        open_file(children[picked].child_id)
