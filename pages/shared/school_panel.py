"""The list of schools, and one school beside it: what its rate is made of, the years before, its classes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import timedelta

import streamlit as st

from data_access.schools import SchoolRow
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus
from domain.grades import Stage
from domain.rate_families import COEFFICIENTS, LossCounts
from domain.rates import show_decimal, show_percent
from domain.school_year import Period, school_year_label
from domain.scope import Scope
from domain.targets import Verdict, judge
from pages.shared import cached
from pages.shared.case_panel import say_class
from pages.shared.panels import show_link
from pages.shared.table import Column, columns_of, show_rows
from pages.shared.view import read_lang, tell

YEARS = 3
COLOURS = {Verdict.MISSED: "red", Verdict.MET: "green", Verdict.ON_COURSE: "blue", Verdict.UNSET: "grey", Verdict.NO_DATA: "grey"}
OUT = (CaseStatus.DROPOUT, CaseStatus.PERSUASION)


def list_schools(rows: Sequence[SchoolRow], marks: Mapping[str, str]) -> tuple[list[dict[str, object]], list[Column]]:
    """The rows of the table and its columns: the rate with its fraction, the target with its level, what is left of it."""
    fraction, *own = _columns("fraction", "margin", "one_child", "mark")
    target = Column("target", tell("column.target"), help=tell("column.target.what"))
    first = columns_of("school_name", "stage", "verdict", "dropout_rate", pinned="school_name")
    columns = [*first, fraction, target, *own, *columns_of("poor_lost", "town_name")]
    return [{**_rate_values(row), "mark": marks[row.school_code]} for row in rows], columns


def _rate_values(row: SchoolRow) -> dict[str, object]:
    rate, target = row.rate, row.target
    return {
        "school_name": row.school_name,
        "stage": tell(f"stage.{row.stage}"),
        "verdict": say_verdict(row),
        "dropout_rate": None if rate.fraction is None else float(rate.fraction),
        "fraction": tell("rate.no_data") if rate.fraction is None else f"{rate.numerator:,}/{rate.denominator:,}",
        "target": f"{show_percent(target.value)} · {tell(f'level.{target.level}')}" if target else tell("target.unset"),
        "margin": None if row.margin is None else say_margin(row.margin),
        "one_child": None if row.one_child is None else tell("schools.points", points=show_decimal(row.one_child)),
        "poor_lost": row.poor_lost or None,
        "town_name": row.town_name,
    }


def is_missed_by_poor(row: SchoolRow) -> bool:
    """Whether it is not the rate that misses the target but a lost child from a poor household (R003)."""
    return row.verdict is Verdict.MISSED and judge(row.rate, row.target, row.year_over) is not Verdict.MISSED


def say_verdict(row: SchoolRow) -> str:
    """The verdict in words, with the reason where the rate alone does not show it."""
    words = tell(f"verdict.{row.verdict}")
    return f"{words} · {tell('schools.missed_poor')}" if is_missed_by_poor(row) else words


def show_school(scope: Scope, chosen: CaseFilter, row: SchoolRow) -> None:
    """The school that was clicked, in one of its stages."""
    st.text(f"{row.school_name} · {tell(f'stage.{row.stage}')}")
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(say_verdict(row), color=COLOURS[row.verdict])  # type: ignore[arg-type]
        if row.margin is not None:
            st.badge(say_margin(row.margin), color="grey")
    st.markdown(f"**{tell('schools.parts')}**")
    show_rows("school.parts", list_parts(row), _columns("part", "children", "counted"))
    stage = Stage(row.stage)
    show_link("cases", tell("schools.dropouts"), school=row.school_code, stage=stage, statuses=OUT)
    show_link("cases", tell("schools.cases"), school=row.school_code, stage=stage)
    st.markdown(f"**{tell('schools.trend', count=YEARS)}**")
    show_rows("school.trend", list_years(scope, chosen, row), _columns("year", "rate", "outcome"))
    st.markdown(f"**{tell('schools.classes')}**")
    show_rows("school.classes", list_classes(scope, chosen, row), _columns("class", "pupils", "baseline", "open_cases"))


def _columns(*names: str) -> list[Column]:
    kinds = {"children": "number", "counted": "flag", "pupils": "number", "baseline": "number", "open_cases": "number"}
    return [
        Column(name, tell(f"schools.{name}"), kinds.get(name, "text"), tell(f"schools.{name}.what"))  # type: ignore[arg-type]
        for name in names
    ]


def say_margin(margin: int) -> str:
    """How many more children may be lost, in words: 0 means that the next one misses the target."""
    if margin < 0:
        return tell("schools.over", count=-margin)
    return tell("schools.left", count=margin) if margin else tell("schools.edge")


def list_parts(row: SchoolRow) -> list[dict[str, object]]:
    """The components with at least one child, the denominator first; ticked where they count in the formula in force."""
    return [
        {
            "part": tell(f"losscounts.{item.name}"),
            "children": count,
            "counted": bool(COEFFICIENTS[row.family].get(item.name)),
        }
        for item in fields(LossCounts)
        if (count := getattr(row.counts, item.name))
    ]


def list_years(scope: Scope, chosen: CaseFilter, row: SchoolRow) -> list[dict[str, object]]:
    """The school's rate in this school year so far and at the end of the ones before."""
    found = (read_year(scope, chosen, row, row.school_year - back) for back in range(YEARS))
    return [
        {
            "year": school_year_label(one.school_year),
            "rate": one.rate.show_with_counts(read_lang()),
            "outcome": tell(f"verdict.{one.verdict}"),
        }
        for one in found
        if one
    ]


def read_year(scope: Scope, chosen: CaseFilter, row: SchoolRow, year: int) -> SchoolRow | None:
    """The same school and stage in another school year, as of the day after it ended or the filter's day."""
    over, stage = Period(year).ends + timedelta(days=1), Stage(row.stage)
    day = min(chosen.as_of or over, over)
    then = replace(chosen, period=Period(year), round_code=None, as_of=day, school=row.school_code, stage=stage)
    return next(iter(cached.read_schools(scope, then)), None)


def list_classes(scope: Scope, chosen: CaseFilter, row: SchoolRow) -> list[dict[str, object]]:
    """The classes of this stage with their baseline and open cases."""
    here = replace(chosen, school=row.school_code, stage=Stage(row.stage))
    return [
        {
            "class": say_class(one.grade, one.class_no, read_lang()),
            "pupils": one.pupils,
            "baseline": one.baseline,
            "open_cases": one.open_cases or None,
        }
        for one in cached.read_classes(scope, here)
    ]
