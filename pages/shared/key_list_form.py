"""The key list on the settings page: what would be published today, what is in force, and the form that publishes it (R115)."""

from datetime import date

import streamlit as st

from data_access.key_publication import publish_key_list
from domain.case_filter import CaseFilter
from domain.reporting_calendar import Reporter, dues_of
from domain.school_year import Period, school_year_of
from domain.scope import Scope
from pages.shared import cached
from pages.shared.school_totals import show_key_list
from pages.shared.settings_forms import save
from pages.shared.view import tell

DUTY = "key_list"


def show_key_list_form(scope: Scope, county: str) -> None:
    """The list as of today, and the form that publishes it with its deadline and paper."""
    today = cached.moment().today
    chosen = CaseFilter(area=county, as_of=today, period=Period(school_year_of(today)))
    st.caption(tell("settings.key_list.what"))
    st.caption(f"{_say_due(county, today)} {_say_last(scope, chosen)}")
    show_key_list(scope, chosen)
    key = f"{county}.keylist"
    with st.form(key):
        left, middle, right = st.columns((1, 1, 2), gap="small")
        with left:
            published = st.date_input(tell("settings.key_list.published_on"), value=today, key=f"{key}.on", format="YYYY-MM-DD")
        with middle:
            deadline = st.date_input(tell("settings.key_list.rectify_by"), value=None, key=f"{key}.by", format="YYYY-MM-DD")
        with right:
            paper = st.text_input(tell("settings.paper"), key=f"{key}.paper", placeholder=tell("settings.paper_example"))
        sent = st.form_submit_button(tell("settings.key_list.publish"), type="primary", icon=":material/campaign:")
    if sent and isinstance(published, date) and isinstance(deadline, date):
        save(lambda: _publish(scope, county, chosen, published, deadline, paper))
    elif sent:
        st.error(tell("settings.key_list.no_deadline"), icon=":material/error:")


def _publish(scope: Scope, county: str, chosen: CaseFilter, published: date, deadline: date, paper: str) -> str:
    count = publish_key_list(cached.engine(), scope, county, chosen, published_on=published, rectify_by=deadline, document=paper)
    return tell("settings.key_list.done", count=count)


def _say_due(county: str, today: date) -> str:
    """The next day by which a list is to be out."""
    calendar, rules = cached.read_calendar(county), cached.read_reporting(county, today)
    coming = (due for year in (today.year - 1, today.year) for due in dues_of(Reporter.BUREAU, calendar, year, rules))
    day = next((due.due for due in coming if due.duty == DUTY and due.due >= today), None)
    return tell("settings.key_list.due", day=day) if day else ""


def _say_last(scope: Scope, chosen: CaseFilter) -> str:
    listed = [unit.published for unit in cached.read_key_units(scope, chosen) if unit.published]
    if not listed:
        return tell("settings.key_list.none")
    one = listed[0]
    return tell("settings.key_list.last", day=one.published_on, count=len(listed), deadline=one.rectify_by)
