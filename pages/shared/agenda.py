"""What the coming weeks bring: risk windows around holidays, supervision rounds, reports that fall due."""

from collections.abc import Iterator
from datetime import date, timedelta

import streamlit as st

from domain.reporting_calendar import LASTING, Reporter, dues_of
from domain.risk_windows import risk_windows
from domain.school_year import school_year_of
from domain.scope import Role, Scope
from pages.shared import cached
from pages.shared.charts import Span, draw_spans, is_dark
from pages.shared.view import read_lang, tell

SPAN = timedelta(weeks=6)
DAILY = frozenset({"roll_call", "daily_report", "registry_log_in", "weekly_report"})  # they come round all the time: no news
OWED_BY = {
    Role.SCHOOL: (Reporter.CLASS, Reporter.TEACHER, Reporter.SCHOOL),
    Role.TOWNSHIP: (Reporter.TOWNSHIP, Reporter.SCHOOL),
    Role.VILLAGE: (Reporter.TOWNSHIP,),
}
USUAL = (Reporter.BUREAU, Reporter.TOWNSHIP, Reporter.SCHOOL)


def read_agenda(scope: Scope, day: date) -> list[Span]:
    """What lies in the six weeks from `day` on, by its last day; of a report that falls due again and again, the next time."""
    until = day + SPAN
    entries = [*_windows(scope, day), *_rounds(), *_dues(scope, day)]
    return sorted(
        (one for one in entries if one.starts <= until and one.ends >= day), key=lambda one: (one.ends, one.starts, one.label)
    )


def _windows(scope: Scope, day: date) -> Iterator[Span]:
    told = cached.read_reporting(cached.first_county(scope), day)
    for window in risk_windows(
        cached.read_calendar(cached.first_county(scope)), school_year_of(day), told.risk_before_days, told.risk_after_days
    ):
        yield Span(
            tell("agenda.window", holiday=tell(f"riskholiday.{window.holiday}"), roll_call=window.roll_call),
            window.opens,
            window.closes,
            "risk",
        )


def _rounds() -> Iterator[Span]:
    return (Span(one.name, one.starts, one.ends, "round") for one in cached.read_rounds().values())


def _dues(scope: Scope, day: date) -> Iterator[Span]:
    calendar, seen = cached.read_calendar(cached.first_county(scope)), set(DAILY)
    told = cached.read_reporting(cached.first_county(scope), day)
    for reporter in OWED_BY.get(scope.role, USUAL):
        for due in dues_of(reporter, calendar, school_year_of(day), told):
            if due.due >= day and due.duty not in seen:
                seen.add(due.duty)
                starts = due.covers_from if due.duty in LASTING else due.due
                yield Span(f"{tell(f'reporter.{reporter}')} · {tell(f'duty.{due.duty}')}", starts, due.due, "due")


def show_agenda(scope: Scope, day: date) -> None:
    """The six weeks as bars and points along the days, with every date in words."""
    entries = read_agenda(scope, day)
    st.markdown(f"**{tell('agenda.title')}**")
    if not entries:
        st.caption(tell("agenda.empty"))
        return
    st.vega_lite_chart(draw_spans(entries, day, day + SPAN, read_lang(), is_dark()), width="stretch", alt=tell("agenda.title"))
