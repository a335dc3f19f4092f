"""The target table on the settings page: what is in force, one line more, a whole profile, one line less."""

from datetime import date

import streamlit as st

from data_access.targets import TargetLine, end_target, set_targets
from domain.grades import Stage
from domain.rates import show_percent
from domain.school_year import school_year_label, school_year_of
from domain.scope import Scope
from domain.targets import UNIT_LENGTHS, Comparison, Indicator, Level, Profile, Target, parse_target, seed_targets
from pages.shared import cached
from pages.shared.settings_forms import ask_paper, save
from pages.shared.table import Column, show_rows
from pages.shared.view import tell

BOTH = "both"
YEARS_BACK, YEARS_AHEAD = 2, 3
CEILINGS = frozenset({Indicator.DROPOUT_RATE, Indicator.POOR_DROPOUT_RATE, Indicator.CLASS_DROPOUT_RATE, Indicator.LOSS_RATE})


def show_targets(scope: Scope, county: str) -> None:
    """The lines in force, and the forms that change them."""
    today = cached.moment().today
    lines = [line for line in cached.read_target_lines(county) if line.target.in_force(today)]
    lines.sort(key=lambda line: _place(line.target, school_year_of(today)))
    st.caption(tell("settings.targets_rule"))
    picked = show_rows("settings.targets", [target_row(line) for line in lines], target_columns(), selectable=True)
    if picked is not None and picked < len(lines):
        _show_end(scope, county, lines[picked])
    left, right = st.columns((2, 1), gap="medium")
    with left:
        _show_new(scope, county)
    with right:
        _show_profile(scope, county)


def _place(line: Target, now: int) -> tuple[bool, int, int, str, str]:
    """This school year first, then the others from the last; higher levels before lower ones."""
    return line.school_year != now, -line.school_year, len(line.unit_code), line.indicator, line.stage or ""


def target_row(line: TargetLine) -> dict[str, object]:
    """A line of the table in words."""
    one, names = line.target, cached.read_names(cached.moment().scope)
    return {
        "year": school_year_label(one.school_year),
        "unit": names.get(one.unit_code, one.unit_code),
        "level": tell(f"level.{one.level}"),
        "stage": tell(f"stage.{one.stage}") if one.stage else tell("bar.all"),
        "indicator": tell(f"indicator.{one.indicator}"),
        "value": f"{tell(f'comparison.{one.comparison}')} {show_percent(one.value)}",
        "from": one.valid_from,
        "document": one.document,
    }


def target_columns() -> list[Column]:
    """The columns of `target_row`."""
    names = ("year", "indicator", "value", "stage", "unit", "level", "from", "document")
    return [Column(name, tell(f"settings.target.{name}"), "date" if name == "from" else "text") for name in names]


def _show_new(scope: Scope, county: str) -> None:
    st.markdown(f"**{tell('settings.new_target')}**")
    today = cached.moment().today
    level, unit = _pick_unit(scope, county, "new")
    with st.form(f"target.{county}.{level}"):
        first, second, third = st.columns(3, gap="small")
        with first:
            year = _pick_year("new", today)
            stage = _pick(
                "stage", "settings.target.stage", [BOTH, *Stage], lambda one: tell("bar.all" if one == BOTH else f"stage.{one}")
            )
        with second:
            indicator = Indicator(
                _pick("indicator", "settings.target.indicator", list(Indicator), lambda one: tell(f"indicator.{one}"))
            )
            comparison = _pick(
                "comparison", "settings.target.comparison", list(Comparison), lambda one: tell(f"comparison.{one}")
            )
        with third:
            text = st.text_input(tell("settings.target.value"), key="target.value", placeholder="0.8 %")
        day, paper = ask_paper(f"target.{county}", today)
        sent = st.form_submit_button(tell("settings.set_target"), type="primary", icon=":material/flag:")
    if sent:
        save(lambda: _set(scope, county, level, unit, stage, year, indicator, Comparison(comparison), text, day, paper))


def _set(
    scope: Scope, county: str, level: Level, unit: str, stage: str, year: int, indicator: Indicator, comparison: Comparison,
    text: str, day: date, paper: str,
) -> str:  # fmt: skip
    value = parse_target(text)
    line = Target(level, unit, None if stage == BOTH else stage, year, indicator, comparison, value, paper, day)
    set_targets(cached.engine(), scope, county, [line])
    return tell("settings.target_set", day=day)


def _show_profile(scope: Scope, county: str) -> None:
    st.markdown(f"**{tell('settings.profile')}**", help=tell("settings.profile.what"))
    today = cached.moment().today
    with st.form(f"profile.{county}"):
        profile = Profile(_pick("profile", "settings.profile", list(Profile), lambda one: tell(f"profile.{one}")))
        schools = {row.school_code: row.school_name for row in cached.list_schools(scope, county)}
        unit = _pick(
            "profile.unit", "settings.target.unit", [county, *schools], lambda one: schools.get(one, tell("level.county"))
        )
        year = _pick_year("profile", today)
        day, paper = ask_paper(f"profile.{county}", today)
        sent = st.form_submit_button(tell("settings.take_over"), icon=":material/library_add:")
    if sent:
        save(lambda: _take_over(scope, county, profile, unit, year, day, paper))


def _take_over(scope: Scope, county: str, profile: Profile, unit: str, year: int, day: date, paper: str) -> str:
    level = Level.COUNTY if unit == county else Level.SCHOOL
    lines = [_from_profile(line, level, paper) for line in seed_targets(profile, unit, year, day)]
    set_targets(cached.engine(), scope, county, lines)
    return tell("settings.profile_set", count=len(lines))


def _from_profile(line: Target, level: Level, paper: str) -> Target:
    told = (line.stage, line.school_year, line.indicator, line.comparison, line.value)
    return Target(level, line.unit_code, *told, paper, line.valid_from)


def _show_end(scope: Scope, county: str, line: TargetLine) -> None:
    with st.form(f"target.end.{line.target_id}"):
        st.markdown(f"**{tell('settings.end_target')}**")
        day, paper = ask_paper(f"end.{line.target_id}", cached.moment().today)
        sent = st.form_submit_button(tell("settings.end"), icon=":material/event_busy:")
    if sent:
        save(lambda: _end(scope, county, line, day, paper))


def _end(scope: Scope, county: str, line: TargetLine, day: date, paper: str) -> str:
    end_target(cached.engine(), scope, county, line.target_id, ends=day, document=paper)
    return tell("settings.target_ended", day=day)


def _pick_unit(scope: Scope, county: str, key: str) -> tuple[Level, str]:
    """Level and unit; outside the form, because the units depend on the level."""
    left, right = st.columns(2, gap="small")
    with left:
        level = Level(
            _pick(f"{key}.level", "settings.target.level", list(UNIT_LENGTHS), lambda one: tell(f"level.{one}"), index=2)
        )
    if level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY):
        return level, county[: UNIT_LENGTHS[level]]
    if level is Level.TOWN:
        units = {row.code: row.name for row in cached.read_areas(scope) if len(row.code) == 9 and row.code.startswith(county)}
    else:
        units = {row.school_code: row.school_name for row in cached.list_schools(scope, county)}
    with right:
        return level, _pick(f"{key}.unit.{level}", "settings.target.unit", list(units), lambda one: units.get(one, one))


def _pick_year(key: str, today: date) -> int:
    now = school_year_of(today)
    years = list(range(now - YEARS_BACK, now + YEARS_AHEAD + 1))
    return int(_pick(f"{key}.year", "settings.target.year", years, lambda one: school_year_label(int(one)), index=YEARS_BACK))


def _pick(key, label, options, say, index=0):  # type: ignore[no-untyped-def]
    return st.selectbox(tell(label), options, key=f"settings.{key}", format_func=say, index=index if options else None)
