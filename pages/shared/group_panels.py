"""The panels of the groups page: a number first, then the children behind it, each a click from its file."""

from collections.abc import Sequence

import streamlit as st

from data_access.case_groups import CaseGrouping
from data_access.children import ChildRow
from domain.case_filter import CaseFilter
from domain.groups import Aid, Group, Schooling, WarningSign
from domain.reasons import DEFAULT_MEASURES, Reason
from domain.scope import Scope
from domain.view_state import choose
from pages.shared import cached
from pages.shared.case_panel import say_class
from pages.shared.panels import open_file, show_empty, show_link
from pages.shared.table import Column, columns_of, show_rows, show_table
from pages.shared.view import change_view, read_lang, read_view, tell

UNKNOWN = "unknown"
MOST_CASES = 100_000


def child_row(row: ChildRow) -> dict[str, object]:
    """A child of a list: who, where, at which school."""
    return {
        "child_name": row.child_name,
        "village_name": row.village_name or tell("filter.unlocated"),
        "school_name": row.school_name,
        "class": say_class(row.grade, row.class_no, read_lang()),
        "status": tell(f"casestatus.{row.status}") if row.status else None,
    }


def child_columns() -> list[Column]:
    """The columns of `child_row`."""
    names = columns_of("child_name", "village_name", "school_name", pinned="child_name")
    return [*names, Column("class", tell("cases.class")), *columns_of("status")]


def show_warnings(scope: Scope, chosen: CaseFilter) -> None:
    """How many pupils each sign holds for, and those of the sign chosen with all their signs: reasons, never a score."""
    st.caption(tell("group_page.warnings.what"))
    if cached.spans_counties(scope, chosen):
        st.info(tell("group_page.county_first"), icon=":material/map:")
        return
    counts = cached.count_signs(scope, chosen)
    sign = choose(read_view().layer, WarningSign.UNEXPLAINED_ABSENCE)
    with st.container(horizontal=True, gap="xsmall"):
        for one in WarningSign:
            kind = "primary" if one is sign else "secondary"
            words = f"{tell(f'warningsign.{one}')} **{counts[one]:,}**"
            changes = {"layer": one.value, "page": None}
            st.button(words, key=f"sign.{one}", type=kind, on_click=change_view, kwargs=changes)  # type: ignore[arg-type]
    if not counts[sign]:
        show_empty("groups", tell("group_page.nobody"), well_done=True)
        return
    warned = cached.read_warned(scope, chosen, sign, offset=read_view().offset)
    rows = [{**child_row(one.child), "signs": [tell(f"warningsign.{told}") for told in one.signs]} for one in warned]
    first, *others = child_columns()
    columns = [first, Column("signs", tell("group_page.signs"), "tags"), *others]
    _open(show_table("warned", rows, columns, counts[sign], selectable=True), [one.child for one in warned])


def show_matrix(scope: Scope, chosen: CaseFilter) -> None:
    """Groups by where their children learn (R085); a group and a place chosen, the children behind the cell."""
    counts = cached.count_matrix(scope, chosen)
    groups = [group for group in Group if any(one is group for one, _ in counts)]
    if not groups:
        show_empty("groups")
        return
    places = [one for one in (*Schooling, None) if any(where is one for _, where in counts)]
    rows = [
        {"group": tell(f"group.{group}"), **{_key(where): counts.get((group, where)) for where in places}} for group in groups
    ]
    columns = [Column("group", tell("group_page.group"), pinned=True)]
    columns += [Column(_key(where), _say_key(_key(where)), "number") for where in places]
    show_rows("matrix", rows, columns)
    left, right = st.columns(2, gap="small")
    with left:
        group = st.selectbox(tell("group_page.group"), groups, key="matrix.group", format_func=lambda one: tell(f"group.{one}"))
    with right:
        where = st.selectbox(tell("group_page.where"), [_key(one) for one in places], key="matrix.where", format_func=_say_key)
    schooling = None if where == UNKNOWN else Schooling(where)
    total = counts.get((group, schooling), 0)
    children = cached.read_in_cell(scope, chosen, group, schooling, offset=read_view().offset) if total else ()
    _open(show_table("cell", [child_row(one) for one in children], child_columns(), total, selectable=True), children)


def _key(where: Schooling | None) -> str:
    return UNKNOWN if where is None else where.value


def _say_key(key: str) -> str:
    return tell("group_page.unknown") if key == UNKNOWN else tell(f"schooling.{key}")


def show_repeats(scope: Scope, chosen: CaseFilter) -> None:
    """二次辍学: children whose open case follows an earlier return, with how often (R100-R101)."""
    st.caption(tell("group_page.repeats.what"))
    cases = cached.read_cases(scope, chosen, limit=MOST_CASES)
    repeats = sorted((row for row in cases if row.relapse_count), key=lambda row: -row.relapse_count)
    if not repeats:
        show_empty("groups", tell("group_page.no_repeats"), well_done=True)
        return
    rows = [
        {
            "child_name": row.child_name,
            "relapse_count": row.relapse_count,
            "reason": tell(f"reason.{row.reason}") if row.reason else None,
            "measure": say_measure(row.reason),
            "next_step": tell(f"nextstep.{row.next_step}") if row.next_step else None,
            "village_name": row.village_name or tell("filter.unlocated"),
            "school_name": row.school_name,
        }
        for row in repeats
    ]
    columns = columns_of("child_name", "relapse_count", "reason", pinned="child_name")
    columns += [Column("measure", tell("group_page.measure"), help=tell("group_page.measure.what"))]
    picked = show_rows("repeats", rows, [*columns, *columns_of("next_step", "village_name", "school_name")], selectable=True)
    if picked is not None:
        open_file(repeats[picked].child_id)


def say_measure(reason: str | None) -> str | None:
    """The measure to begin with for a reason (R096-R098)."""
    return tell(f"measure.{DEFAULT_MEASURES[Reason(reason)]}") if reason else None


def show_reasons(scope: Scope, chosen: CaseFilter) -> None:
    """Why the open cases are cases, what is done first about each reason, and the way to the cases."""
    counts = cached.count_cases_by(scope, chosen, CaseGrouping.REASON)
    if not counts:
        show_empty("groups")
        return
    rows = [
        {
            "reason": tell(f"reason.{reason}") if reason else tell("group_page.unknown"),
            "measure": say_measure(str(reason)) if reason else None,
            "cases": cases,
            "overdue": overdue or None,
        }
        for reason, (cases, overdue) in sorted(counts.items(), key=lambda item: -item[1][0])
    ]
    columns = [Column(name, tell(f"group_page.{name}")) for name in ("reason", "measure")]
    show_rows("reasons", rows, [*columns, *(Column(name, tell(f"group_page.{name}"), "number") for name in ("cases", "overdue"))])
    show_link("cases", tell("group_page.all_cases"))


def show_aids(scope: Scope, chosen: CaseFilter) -> None:
    """The four aids among the pupils of poor households: received, due, and the share (R105-R107)."""
    rates = cached.count_aids(scope, chosen)
    rows = [
        {
            "aid": tell(f"aid.{one}"),
            "received": rates[one].numerator,
            "due": rates[one].denominator,
            "missing": rates[one].denominator - rates[one].numerator or None,
            "share": rates[one].show(read_lang()),
        }
        for one in Aid
    ]
    numbers = [Column(name, tell(f"group_page.{name}"), "number") for name in ("received", "due", "missing")]
    show_rows("aids", rows, [Column("aid", tell("group_page.aid")), *numbers, Column("share", tell("group_page.share"))])
    st.caption(tell("group_page.aids.what"))


def _open(picked: int | None, children: Sequence[ChildRow]) -> None:
    if picked is not None and picked < len(children):
        open_file(children[picked].child_id)
