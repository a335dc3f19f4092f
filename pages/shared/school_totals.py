"""Rates of many schools together: by stage, by town or county, with the marks of key units (R011, R139-R140)."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.key_list import KeyUnit
from data_access.schools import SchoolRow
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.key_units import Badge, KeyMark, badge, merge_completeness
from domain.rates import Rate, rate_change, show_decimal, show_percent
from domain.school_year import Period
from domain.scope import Scope
from domain.targets import Verdict
from pages.shared import cached
from pages.shared.charts import Bullet
from pages.shared.export import show_export
from pages.shared.rate_bullets import place_bullet
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell

Rows = Sequence[SchoolRow]


def show_stage_rates(scope: Scope, chosen: CaseFilter) -> None:
    """The rate of every stage in view against its target, with the change against the same day a year before."""
    rows, before = cached.read_schools(scope, chosen), cached.read_schools(scope, a_year_before(chosen))
    stages = [stage for stage in Stage if any(row.stage == stage for row in rows)]
    for column, stage in zip(st.columns(max(3, len(stages)), gap="small"), stages, strict=False):
        with column, st.container(border=True, gap="xxsmall", height="stretch"):
            now, then = (of_stage(scope, chosen, part, stage) for part in (rows, before))
            points = say_points(now.rate, then.rate)
            st.metric(
                tell("schools.stage_rate", stage=tell(f"stage.{stage}")),
                now.rate.show(read_lang()),
                points,
                delta_color="inverse",
                delta_description=tell("schools.year_before") if points else None,
                help=tell("column.dropout_rate.what"),
            )
            target = tell("target.unset") if now.target is None else show_percent(now.target)
            counts = f"{now.rate.numerator:,}/{now.rate.denominator:,}"
            verdict = "" if now.target is None else tell(f"verdict.{now.verdict}")
            st.caption(" · ".join(filter(None, (counts, f"{tell('panel.target')} {target}", verdict, now.note))))


def say_points(now: Rate, before: Rate) -> str | None:
    """By how many points a rate moved, with the plain minus sign that st.metric knows; None for not at all or not known."""
    change = rate_change(now, before)
    if change is None or not change.points:
        return None
    return tell("schools.points", points=show_decimal(change.points, sign=True).replace("−", "-"))


def a_year_before(chosen: CaseFilter) -> CaseFilter:
    """The same filter a school year earlier, as of the same day of that year."""
    if chosen.as_of is None or chosen.period is None:
        return chosen
    day = chosen.as_of.replace(year=chosen.as_of.year - 1, day=min(chosen.as_of.day, 28))
    return replace(chosen, round_code=None, as_of=day, period=Period(chosen.period.school_year - 1, chosen.period.term))


def of_stage(scope: Scope, chosen: CaseFilter, rows: Rows, stage: Stage) -> Bullet:
    """The rate of the stage's rows together, against the target of the area in view, or of the school when it is one."""
    parts = [row for row in rows if row.stage == stage]
    if len(parts) == 1:
        one = parts[0]
        return Bullet("", one.rate, one.target.value if one.target else None, one.verdict)
    return place_bullet("", chosen.area or min(scope.areas, default=""), parts, stage, chosen)


def read_marks(scope: Scope, chosen: CaseFilter) -> dict[str, KeyMark]:
    """Town or school -> its mark by the lines in force; losses between primary and junior school counted (R012)."""
    return {unit.unit_code: unit.listing.mark for unit in cached.read_key_units(scope, chosen)}


def say_mark(mark: KeyMark | None) -> str:
    """The mark in words, empty for none."""
    return "" if mark in (None, KeyMark.NONE) else tell(f"keymark.{mark}")


def read_badges(scope: Scope, chosen: CaseFilter, rows: Rows) -> dict[str, Badge]:
    """School or town -> the mark of one that loses no child, only where the data are complete (R143-R146)."""
    complete, found = cached.read_completeness(scope, chosen), {}
    for code in {row.school_code for row in rows} | {row.town_code for row in rows}:
        parts = [row for row in rows if code in (row.school_code, row.town_code)]
        lost = sum(row.rate.numerator + (row.counts.transition_loss if len(code) == 9 else 0) for row in parts)
        whole = merge_completeness(complete[row.school_code] for row in parts if row.school_code in complete)
        found[code] = badge(lost, whole, all(row.year_over for row in parts))
    return found


def show_key_list(scope: Scope, chosen: CaseFilter) -> None:
    """The list to publish: every marked town and school with its rates and the line of each stage (R115)."""
    listed = [unit for unit in cached.read_key_units(scope, chosen) if unit.listing.mark is not KeyMark.NONE or unit.published]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{tell('schools.key_list', count=len(listed))}**", help=tell("schools.mark.what"))
        show_export("schools.keys", "key-units", scope, chosen)
    if not listed:
        st.caption(tell("schools.no_key_units"))
        return
    stages = (Stage.JUNIOR, Stage.PRIMARY)
    rows = [
        {
            "unit": unit.unit_name,
            "mark": say_mark(unit.listing.mark),
            **{stage: _against_line(unit, stage) for stage in stages},
            **_as_published(unit, chosen),
        }
        for unit in listed
    ]
    columns = [Column("unit", tell("schools.unit"), pinned=True), Column("mark", tell("schools.mark"))]
    columns += [Column(stage, tell("schools.listing_rate", stage=tell(f"stage.{stage}"))) for stage in stages]
    columns += [Column(name, tell(f"schools.{name}")) for name in ("listed_since", "rectify_by")]
    show_rows("keys", rows, columns)


def _as_published(unit: KeyUnit, chosen: CaseFilter) -> dict[str, object]:
    """What the list in force says of the unit, and whether its deadline went by in vain."""
    one = unit.published
    if one is None:
        return {}
    is_over = chosen.as_of is not None and one.is_overdue(unit.listing.mark, chosen.as_of)
    until = tell("schools.rectify_over", day=one.rectify_by) if is_over else one.rectify_by.isoformat()
    return {"listed_since": one.listed_since.isoformat(), "rectify_by": until}


def _against_line(unit: KeyUnit, stage: Stage) -> str | None:
    if stage not in unit.rates:
        return None
    sign = ">" if stage in unit.listing.over else "≤"
    return f"{unit.rates[stage].show_with_counts(read_lang())} {sign} {show_percent(unit.lines[stage])}"


def list_places(scope: Scope, chosen: CaseFilter) -> tuple[list[dict[str, object]], list[Column]]:
    """The towns in view (counties, when there are several) with the rate of each stage and their mark, marked ones first."""
    rows, names = cached.read_schools(scope, chosen), cached.read_names(scope)
    digits = 6 if len({row.town_code[:6] for row in rows}) > 1 else 9
    places: dict[str, list[SchoolRow]] = {}
    for row in rows:
        places.setdefault(row.town_code[:digits], []).append(row)
    stages = [stage for stage in (Stage.JUNIOR, Stage.PRIMARY) if any(row.stage == stage for row in rows)]
    marks = read_marks(scope, chosen) if digits == 9 else {}
    badges = read_badges(scope, chosen, rows) if digits == 9 else {}
    found = [
        _place_row(names.get(code, code), code, parts, stages, chosen)
        | {"mark": say_mark(marks.get(code)), "badge": tell(f"badge.{badges[code]}") if code in badges else None}
        for code, parts in places.items()
    ]
    columns = [Column("place", tell(f"bar.area{digits}"), pinned=True)]
    columns += [Column(stage, tell("schools.stage_rate", stage=tell(f"stage.{stage}"))) for stage in stages]
    columns += [Column("missed", tell("column.schools_missed"), "number"), Column("mark", tell("schools.mark"))]
    columns += [Column("badge", tell("schools.badge"), help=tell("schools.badge.what"))]
    return sorted(found, key=lambda row: (not row["mark"], -int(str(row["missed"] or 0)))), columns


def _place_row(name: str, code: str, rows: Rows, stages: Sequence[Stage], chosen: CaseFilter) -> dict[str, object]:
    told: dict[str, object] = {"place": name}
    for stage in stages:
        parts = [row for row in rows if row.stage == stage]
        told[stage] = place_bullet("", code, parts, stage, chosen).rate.show_with_counts(read_lang()) if parts else None
    missed = sum(row.verdict is Verdict.MISSED for row in rows)
    return {**told, "missed": missed or None}
