"""Enrolment of several counties at once, each worked out child by child: asked for by hand, as it takes its time."""

from dataclasses import replace

import streamlit as st

from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.rates import Rate
from domain.scope import Scope
from domain.suppress import is_small
from pages.shared import cached
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell

STAGES = (Stage.PRIMARY, Stage.JUNIOR)
NAMES = [f"{stage}_{kind}" for stage in STAGES for kind in ("net", "gross")]


def show_counties(scope: Scope, chosen: CaseFilter) -> None:
    """A button, and once pressed net and gross enrolment of every county and of all together; nothing for one county."""
    if not cached.spans_counties(scope, chosen):
        return
    st.markdown(f"**{tell('enrolment.title')}**")
    if st.button(tell("enrolment.work"), key="enrolment.work", icon=":material/calculate:"):
        _show(scope, chosen)


def _show(scope: Scope, chosen: CaseFilter) -> None:
    counties = {row.code: row.name for row in cached.read_areas(scope) if len(row.code) == 6}
    rates = {code: _rates(scope, replace(chosen, area=code)) for code in sorted(counties)}
    whole = {name: Rate.total(one[name] for one in rates.values()) for name in NAMES}
    rows = [_row(scope, counties[code], one) for code, one in rates.items()] + [_row(scope, tell("enrolment.whole"), whole)]
    labels = {"county": tell("enrolment.county"), **{name: tell(f"enrolment.{name}") for name in NAMES}}
    show_rows("enrolment", rows, [Column(name, label) for name, label in labels.items()])


def _rates(scope: Scope, county: CaseFilter) -> dict[str, Rate]:
    found = cached.read_enrolment(scope, county)
    return {f"{stage}_{kind}": getattr(found[stage], kind) for stage in STAGES for kind in ("net", "gross")}


def _row(scope: Scope, name: str, rates: dict[str, Rate]) -> dict[str, object]:
    def told(rate: Rate) -> str:
        return tell("map.hidden") if not scope.sees_children and is_small(rate) else rate.show_with_counts(read_lang())

    return {"county": name, **{key: told(rate) for key, rate in rates.items()}}
