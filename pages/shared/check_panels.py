"""The panels of the page of data checks: rules with their counts, the trend, and the list with both sides of each."""

from dataclasses import replace
from enum import StrEnum

import streamlit as st

from data_access.contradiction_table import contradictions_in
from data_access.contradictions import ContradictionRow, RuleCount, Which
from domain.case_filter import CaseFilter
from domain.check_list import RULES
from domain.checks import Finished, say_explained_by
from domain.scope import Scope
from pages.shared import cached
from pages.shared.charts import is_dark
from pages.shared.explain_panel import show_contradiction
from pages.shared.export import show_export
from pages.shared.panels import show_empty
from pages.shared.table import columns_of, show_rows, show_table, tags_of
from pages.shared.view import change_view, read_lang, read_view, seed, show_choice, tell
from pages.shared.weeks_chart import draw_weeks

OUTCOME = ("verified", "explained_by")  # what became of the child, and who says so
PANEL_WIDTH = 380  # pixels of the contradiction beside the list
ALL_RULES = "all"


class Standing(StrEnum):
    """Which contradictions are listed; the first is the default."""

    OPEN = Finished.OPEN.value
    EXPLAINED = Finished.EXPLAINED.value
    MENDED = Finished.MENDED.value


def show_rules(counts: tuple[RuleCount, ...], lists: bool) -> None:
    """Every rule that is broken with how often, in how many units and since when; clicking one narrows the list to it."""
    broken = [one for one in counts if lists or one.open or one.explained]
    rows = [
        {
            "severity": [tell(f"severity.{one.rule.severity}")],
            "check_rule": one.rule.say(read_lang()),
            "reports_open": one.open,
            "explained_count": one.explained,
            "mended_count": one.mended,
            "check_units": one.units,
            "check_age": one.oldest if one.open else None,
            "check_owner": tell(f"checkowner.{one.rule.owner}"),
        }
        for one in broken
    ]
    columns = [
        tags_of("severity", tell("severity.error")),
        *columns_of("check_rule", "reports_open", "check_units", "check_age", "explained_count", "mended_count", "check_owner"),
    ]
    picked = show_rows(f"rules.{lists}", rows, columns, selectable=True) if rows else None
    if picked is not None:
        one = broken[picked].rule
        st.caption(f"{one.say(read_lang())} — {one.mend(read_lang())}")
        st.button(tell("checks.only"), key="rules.only", on_click=change_view, kwargs={"layer": one.code, "page": None})
    quiet = len(counts) - len(broken)
    if quiet:
        st.caption(tell("checks.quiet", count=quiet))


def show_trend(scope: Scope, chosen: CaseFilter) -> None:
    """How many stood open at the end of each of the last twelve weeks."""
    weeks = cached.read_contradiction_trend(scope, chosen)
    if any(errors or warnings for _, errors, warnings in weeks):
        st.markdown(f"**{tell('checks.trend')}**")
        st.vega_lite_chart(draw_weeks(weeks, read_lang(), is_dark()), width="stretch", alt=tell("checks.trend"))


def _pick_rule(lists: bool) -> str | None:
    """The rule of the address, where it belongs to this part."""
    asked = read_view().layer
    options = [ALL_RULES, *(rule.code for rule in RULES.values() if rule.has_outcome is lists)]
    state = seed("checks", f"rule.{lists}", asked if asked in options else ALL_RULES)
    words = {code: RULES[code].say(read_lang()) for code in options[1:]} | {ALL_RULES: tell("checks.all_rules")}
    st.selectbox(
        tell("column.check_rule"),
        options,
        key=state,
        format_func=lambda code: words.get(code, code),
        label_visibility="collapsed",
        on_change=_choose_rule,
        args=(state,),
    )
    return asked if asked in options and asked != ALL_RULES else None


def _by_school(lists: bool) -> bool:
    """Whether the file is to be in the order of schools, to print for each."""
    return st.toggle(tell("checks.by_school"), key=f"checks.by_school.{lists}", help=tell("checks.by_school_help"))


def _choose_rule(state: str) -> None:
    picked = str(st.session_state[state])
    change_view(layer=None if picked == ALL_RULES else picked, page=None)


def show_list(scope: Scope, chosen: CaseFilter, lists: bool) -> None:
    """The contradictions of the filter, and beside them the one that was clicked with what can be done about it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        rule = _pick_rule(lists)
        status = show_choice("checks", "sort", tell("column.check_status"), list(Standing), lambda one: tell(f"finished.{one}"))
        which = Which(rules=(rule,) if rule else (), status=Finished(status), lists=lists)
        show_export("data_checks", contradictions_in(replace(which, by_school=_by_school(lists))), scope, chosen)
    total = cached.count_contradictions(scope, chosen, which)
    if not total:
        show_empty("data_checks", tell(f"checks.none_{status}"), well_done=status is Standing.OPEN)
        return
    rows = cached.read_contradictions(scope, chosen, which, offset=read_view().offset)
    columns = [
        tags_of("severity", tell("severity.error")),
        *columns_of("check_rule", "child_name", *(OUTCOME if lists and status is Standing.EXPLAINED else ())),
        *columns_of("school_name", "left_value", "right_value", "check_age", "town_name"),
    ]
    beside = st.container(horizontal=True, gap="medium")
    with beside.container():
        picked = show_table(f"checks.{lists}", [_list_row(row, scope) for row in rows], columns, total, selectable=True)
    if picked is not None:
        with beside.container(width=PANEL_WIDTH, border=True):
            show_contradiction(scope, rows[picked])


def _list_row(row: ContradictionRow, scope: Scope) -> dict[str, object]:
    lang, masked = read_lang(), not scope.sees_names
    return {
        "severity": [tell(f"severity.{row.rule.severity}")],
        "check_rule": row.rule.say(lang),
        "child_name": row.child_name,
        "school_name": row.school_name,
        "town_name": row.town_name,
        "left_value": tell("child_file.fact", name=row.left.name(lang), value=row.left.say(lang, masked=masked)),
        "right_value": tell("child_file.fact", name=row.right.name(lang), value=row.right.say(lang, masked=masked)),
        "check_age": row.age,
        "verified": tell(f"verified.{row.outcome}") if row.outcome else None,
        "explained_by": say_explained_by(row.explained_by, lang),
    }
