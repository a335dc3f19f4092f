"""The school calendar on the settings page: the terms of a year, and the days off and made up for."""

from datetime import date

import streamlit as st

from data_access.settings_write import change_day, change_term
from domain.calendar import DayKind, SchoolCalendar, Term
from domain.school_year import AUTUMN, SPRING, Period, TermNumber, school_year_label, school_year_of
from domain.scope import Scope
from pages.shared import cached
from pages.shared.settings_forms import save
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell

ORDINARY = "ordinary"
YEARS_BACK, YEARS_AHEAD = 1, 2


def show_calendar(scope: Scope, county: str) -> None:
    """Terms and days of one school year, each with a form."""
    now = school_year_of(cached.moment().today)
    years = list(range(now - YEARS_BACK, now + YEARS_AHEAD + 1))
    year = st.selectbox(tell("settings.target.year"), years, index=YEARS_BACK, format_func=school_year_label, key="calendar.year")
    calendar = cached.read_calendar(county)
    st.caption(tell("settings.calendar_rule"))
    left, right = st.columns(2, gap="medium")
    with left:
        for number in (AUTUMN, SPRING):
            _show_term(scope, county, calendar, year, number)
    with right:
        _show_day(scope, county)
        _list_days(calendar, year)


def _show_term(scope: Scope, county: str, calendar: SchoolCalendar, year: int, number: TermNumber) -> None:
    term, key = calendar.term(year, number), f"term.{county}.{year}.{number}"
    with st.form(key):
        own = any((one.school_year, one.term) == (year, number) for one in calendar.terms)
        weeks = calendar.week_of(term.ends) or 0
        days = calendar.absence_days(term.starts, term.ends)
        st.markdown(f"**{Period(year, number).label(read_lang())}**")
        st.caption(tell("settings.term_days" if own else "settings.term_usual", weeks=weeks, days=days))
        first, last = st.columns(2, gap="small")
        with first:
            starts = st.date_input(tell("settings.starts"), value=term.starts, key=f"{key}.starts", format="YYYY-MM-DD")
        with last:
            ends = st.date_input(tell("settings.ends"), value=term.ends, key=f"{key}.ends", format="YYYY-MM-DD")
        paper = st.text_input(tell("settings.paper"), key=f"{key}.paper", placeholder=tell("settings.paper_example"))
        sent = st.form_submit_button(tell("settings.save"), icon=":material/save:")
    if sent and isinstance(starts, date) and isinstance(ends, date):
        save(lambda: _set_term(scope, county, year, number, starts, ends, paper))


def _set_term(scope: Scope, county: str, year: int, number: TermNumber, starts: date, ends: date, paper: str) -> str:
    change_term(cached.engine(), scope, county, Term(year, number, starts, ends), document=paper)
    return tell("settings.term_set")


def _show_day(scope: Scope, county: str) -> None:
    kinds = [*DayKind, ORDINARY]
    with st.form(f"day.{county}"):
        st.markdown(f"**{tell('settings.day')}**")
        left, right = st.columns(2, gap="small")
        with left:
            day = st.date_input(tell("settings.on"), value=cached.moment().today, key="day.on", format="YYYY-MM-DD")
        with right:
            kind = st.selectbox(tell("settings.kind"), kinds, key="day.kind", format_func=lambda one: tell(f"daykind.{one}"))
        paper = st.text_input(tell("settings.paper"), key="day.paper", placeholder=tell("settings.paper_example"))
        sent = st.form_submit_button(tell("settings.save"), icon=":material/save:")
    if sent and isinstance(day, date):
        save(lambda: _set_day(scope, county, day, kind, paper))


def _set_day(scope: Scope, county: str, day: date, kind: str, paper: str) -> str:
    change_day(cached.engine(), scope, county, day, None if kind == ORDINARY else DayKind(kind), document=paper)
    return tell("settings.day_set")


def _list_days(calendar: SchoolCalendar, year: int) -> None:
    period = Period(year)
    rows = [
        {"day": day, "kind": tell(f"daykind.{kind}"), "weekday": tell(f"weekday.{day.weekday()}")}
        for day, kind in sorted(calendar.days.items())
        if period.contains(day)
    ]
    if not rows:
        st.info(tell("settings.no_days"), icon=":material/event:")
        return
    columns = [
        Column("day", tell("settings.on"), "date"),
        Column("weekday", tell("settings.weekday")),
        Column("kind", tell("settings.kind")),
    ]
    show_rows("settings.days", rows, columns)
