"""Children at work on the groups page: who employs them, and whether the labour office was told (R108, R157)."""

import streamlit as st

from data_access.employers import WorkingChild
from domain.case_filter import CaseFilter
from domain.scope import Scope
from pages.shared import cached
from pages.shared.panels import open_file, show_empty
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import tell


def show_at_work(scope: Scope, chosen: CaseFilter) -> None:
    """A row a child, the way to its file a click; red where the employer is not known or not referred."""
    st.caption(tell("group_page.at_work.what"))
    found = cached.read_at_work(scope, chosen)
    if not found:
        show_empty("groups", tell("group_page.nobody_at_work"), well_done=True)
        return
    red = (tell("group_page.employer_unknown"), tell("group_page.not_referred"))
    columns = [
        *columns_of("child_name", pinned="child_name"),
        Column("age", tell("group_page.age"), "number", width=70),
        Column("employer", tell("group_page.employer"), "tags", red=red),
        Column("work_place", tell("group_page.work_place")),
        Column("referral", tell("group_page.referral"), "tags", red=red),
        *columns_of("status", "village_name", "school_name"),
    ]
    picked = show_rows("at_work", [_row(one) for one in found], columns, selectable=True)
    if picked is not None:
        open_file(found[picked].case.child_id)


def _row(one: WorkingChild) -> dict[str, object]:
    employer, case = one.employer, one.case
    return {
        "child_name": case.child_name,
        "age": one.age,
        "employer": [employer.name if employer else tell("group_page.employer_unknown")],
        "work_place": employer.place if employer else None,
        "referral": [_referral(one)],
        "status": tell(f"casestatus.{case.status}"),
        "village_name": case.village_name or tell("filter.unlocated"),
        "school_name": case.school_name,
    }


def _referral(one: WorkingChild) -> str:
    if one.employer and one.employer.referred_on:
        told = {"day": one.employer.referred_on, "reference": one.employer.reference}
        return tell("group_page.referred", **told)
    return tell("group_page.over_sixteen" if one.is_labour is False else "group_page.not_referred")
