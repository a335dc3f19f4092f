"""One school beside the table: what its rate is made of, its terms, year groups, headcounts and classes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import streamlit as st

from data_access.cohorts import YearGroup
from data_access.headcounts import HeadCount
from data_access.schools import SchoolRow
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus
from domain.grades import Stage, grade_label
from domain.rate_families import COEFFICIENTS, LossCounts
from domain.rates import Rate, rate_change, show_decimal
from domain.school_year import AUTUMN, SPRING, Period, school_year_label
from domain.scope import Scope
from domain.targets import Verdict
from pages.shared import cached
from pages.shared.panels import show_link
from pages.shared.school_classes import show_classes
from pages.shared.school_panel import say_kept, say_margin, say_verdict, school_columns
from pages.shared.survey_form import show_survey
from pages.shared.table import show_rows
from pages.shared.view import read_lang, tell

YEARS, TERMS = 3, 6
COLOURS = {Verdict.MISSED: "red", Verdict.MET: "green", Verdict.ON_COURSE: "blue", Verdict.UNSET: "grey", Verdict.NO_DATA: "grey"}
OUT = (CaseStatus.DROPOUT, CaseStatus.PERSUASION)
PARTS = ("parts", "trend", "groups", "heads", "classes")


def show_school(scope: Scope, chosen: CaseFilter, row: SchoolRow) -> None:
    """The school that was clicked, in one of its stages."""
    here = replace(chosen, school=row.school_code, stage=Stage(row.stage))
    st.text(f"{row.school_name} · {tell(f'stage.{row.stage}')}")
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(say_verdict(row), color=COLOURS[row.verdict])  # type: ignore[arg-type]
        if row.margin is not None:
            st.badge(say_margin(row.margin), color="grey")
        if kept := say_kept(row):
            st.badge(tell("schools.kept_is", kept=kept), color=COLOURS[row.kept_verdict] if row.kept_target else "grey")  # type: ignore[arg-type]
    parts, trend, groups, heads, classes = st.tabs([tell(f"schools.tab.{name}") for name in PARTS])
    with parts:
        show_rows("school.parts", list_parts(row), school_columns("part", "children", "counted"))
        show_link("cases", tell("schools.dropouts"), school=row.school_code, stage=here.stage, statuses=OUT)
        show_link("cases", tell("schools.cases"), school=row.school_code, stage=here.stage)
    with trend:
        show_rows("school.trend", list_years(scope, chosen, row), school_columns("year", "rate", "change", "outcome"))
        show_rows("school.terms", list_terms(scope, here), school_columns("term", "rate"))
        st.caption(tell("schools.term_rule"))
    with groups:
        show_groups(scope, here)
    with heads:
        show_heads(here)
    with classes:
        show_classes(scope, here)
        show_survey(scope, here)


def list_parts(row: SchoolRow) -> list[dict[str, object]]:
    """The components with at least one child, the denominator first; ticked where they count in the formula in force."""
    return [
        {
            "part": tell(f"losscounts.{name}"),
            "children": count,
            "counted": bool(COEFFICIENTS[row.family].get(name)),
        }
        for name in LossCounts._fields
        if (count := getattr(row.counts, name))
    ]


def list_years(scope: Scope, chosen: CaseFilter, row: SchoolRow) -> list[dict[str, object]]:
    """The school's rate in this school year so far and at the end of the ones before."""
    found = [read_year(scope, chosen, row, row.school_year - back) for back in range(YEARS)]
    return [
        {
            "year": school_year_label(one.school_year),
            "rate": one.rate.show_with_counts(read_lang()),
            "change": say_change(one.rate, before.rate if before else Rate(0, 0)),
            "outcome": tell(f"verdict.{one.verdict}"),
        }
        for one, before in zip(found, [*found[1:], None], strict=True)
        if one
    ]


def read_year(scope: Scope, chosen: CaseFilter, row: SchoolRow, year: int) -> SchoolRow | None:
    """The same school and stage in another school year, as of the day after it ended or the filter's day."""
    over, stage = Period(year).ends + timedelta(days=1), Stage(row.stage)
    day = min(chosen.as_of or over, over)
    then = replace(chosen, period=Period(year), round_code=None, as_of=day, school=row.school_code, stage=stage)
    return next(iter(cached.read_schools(scope, then)), None)


def say_change(now: Rate, before: Rate) -> str | None:
    """The change against the year before, in points and in per cent, both named (R016-R017); None without one."""
    change = rate_change(now, before)
    return change.show(read_lang()) if change else None


def list_terms(scope: Scope, here: CaseFilter) -> list[dict[str, object]]:
    """学期辍学率 of the last terms: each over its own start, so that they never add up to a year."""
    found = []
    for period in _terms(here):
        day = min(here.as_of or period.ends, period.ends)
        row = next(iter(cached.read_schools(scope, replace(here, period=period, round_code=None, as_of=day))), None)
        if row and row.rate.fraction is not None:
            found.append({"term": period.label(read_lang()), "rate": row.rate.show_with_counts(read_lang())})
    return found


def _terms(here: CaseFilter) -> Iterator[Period]:
    year = here.period.school_year if here.period else 0
    every = [Period(one, term) for one in range(year, year - TERMS // 2 - 1, -1) for term in (SPRING, AUTUMN)]
    return (period for period in every[: TERMS + 1] if here.as_of is None or period.starts <= here.as_of)


def show_groups(scope: Scope, here: CaseFilter) -> None:
    """Losses grade by grade along each year group that is in the school."""
    groups = cached.read_year_groups(scope, here, here.stage or Stage.PRIMARY)
    if not groups:
        st.caption(tell("schools.no_groups"))
        return
    rows = [group_row(group) for group in groups]
    show_rows("school.groups", rows, school_columns("group", "way", "adjusted", "unexplained"))
    st.caption(tell("schools.groups_rule"))


def group_row(group: YearGroup) -> dict[str, object]:
    """One year group: 七年级 243 → 八年级 240 (−3) → 238 (−2)."""
    told = [f"{grade_label(group.grades[0], read_lang())} {group.kept[0]:,}"]
    for grade, kept, loss in zip(group.grades[1:], group.kept[1:], group.losses, strict=True):
        where = (
            tell("schools.today")
            if grade == group.grades[-1] and len(told) == len(group.kept) - 1
            else grade_label(grade, read_lang())
        )
        told.append(f"{where} {kept:,}" + (f" ({show_decimal(Fraction(-loss), sign=True, places=0)})" if loss else ""))
    unexplained = group.counts.unexplained or None
    adjusted = group.counts.adjusted.show_with_counts(read_lang())
    return {
        "group": tell("schools.entered", year=group.entry_year),
        "way": " → ".join(told),
        "adjusted": adjusted,
        "unexplained": unexplained,
    }


def show_heads(here: CaseFilter) -> None:
    """Last term + in - out = now, term by term; where it does not hold the line says how many are unexplained (R170)."""
    rows = [head_row(one) for one in cached.read_headcounts(here, here.stage or Stage.PRIMARY)]
    show_rows("school.heads", rows, school_columns("term", "identity", "before", "came", "went", "expected", "now"))
    st.caption(tell("schools.heads_rule"))


def head_row(one: HeadCount) -> dict[str, object]:
    """One term; an identity that fails is marked in words."""
    gap = one.now - one.expected
    identity = (
        tell("schools.holds") if one.finding.holds else f"⚠ {tell('schools.gap', gap=show_decimal(gap, sign=True, places=0))}"
    )
    return {
        "term": Period(one.school_year, one.term).label(read_lang()),
        "identity": identity,
        "before": one.before,
        "came": one.intake + one.moved_in,
        "went": one.graduated + one.moved_out,
        "expected": one.expected,
        "now": one.now,
    }
