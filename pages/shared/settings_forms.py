"""The forms of the settings page: what is in force, what shall be from a day on, and on what paper."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

import streamlit as st

from data_access.reports import KEY_UNITS
from data_access.settings import SettingLine
from data_access.settings_write import change_settings
from domain.bureau_settings import SPECS, SettingKind, SettingSpec, Value, value_of
from domain.errors import ProblemError
from domain.rate_families import RateFamily
from domain.rates import show_percent
from domain.school_year import school_year_label
from domain.scope import Scope
from domain.setting_text import parse_setting, show_setting, write_setting
from domain.visits import DutyRole
from pages.shared import cached
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell, tell_problem

PER_ROW = 3
SAID = "settings.said"
MOVES_CASES = frozenset({"ladder"})


def pick_county(scope: Scope) -> str:
    """The county whose rules are shown: the only one, or the one chosen; empty when no area is loaded."""
    counties = [row for row in cached.read_areas(scope) if len(row.code) == 6]
    if len(counties) < 2:
        return cached.first_county(scope)
    names = {row.code: row.name for row in counties}
    return st.selectbox(tell("bar.area6"), list(names), format_func=lambda code: names.get(code, code), key="settings.county")


def show_section(scope: Scope, county: str, sections: Sequence[str]) -> None:
    """The settings of a part of the page in one form; only what differs from what is in force is written."""
    today = cached.moment().today
    values = cached.read_settings(county, today)
    specs = [spec for spec in SPECS.values() if spec.section in sections]
    with st.form(f"settings.{county}.{sections[0]}"):
        asked: dict[str, str] = {}
        for start in range(0, len(specs), PER_ROW):
            row = specs[start : start + PER_ROW]
            for column, spec in zip(st.columns(PER_ROW, gap="small"), row, strict=False):
                with column:
                    asked[spec.name] = ask_value(f"{county}.{spec.name}", spec, value_of(values, spec.name))
        if MOVES_CASES & set(sections):
            st.caption(tell("settings.rederives"))
        day, paper = ask_paper(f"{county}.{sections[0]}", today)
        sent = st.form_submit_button(tell("settings.save"), type="primary", icon=":material/save:")
    if sent:
        save(lambda: _change(scope, county, asked, day, paper))


def _change(scope: Scope, county: str, asked: dict[str, str], day: date, paper: str) -> str:
    told = {name: parse_setting(SPECS[name], text) for name, text in asked.items()}
    count = change_settings(cached.engine(), scope, county, told, valid_from=day, document=paper)
    return tell("settings.saved", count=count, day=day) if count else tell("settings.nothing_changed")


def ask_value(key: str, spec: SettingSpec, value: Value) -> str:
    """One setting as a widget of its kind; answers the text that `parse_setting` reads."""
    label = tell(f"setting.{spec.name}")
    about = tell("settings.about", source=spec.source, default=show_setting(spec, spec.default, read_lang()))
    if spec.kind is SettingKind.FAMILY:
        words = {family.value: tell(f"ratefamily.{family}") for family in RateFamily}
        options, at = list(words), list(words).index(str(value))
        return str(st.selectbox(label, options, index=at, key=key, help=about, format_func=lambda one: words.get(one, one)))
    if spec.kind is SettingKind.FLAG:
        return "yes" if st.toggle(label, value=bool(value), key=key, help=about) else "no"
    if spec.kind is SettingKind.ROLES and isinstance(value, tuple):
        roles = {role.value: tell(f"dutyrole.{role}") for role in DutyRole}
        picked = st.multiselect(
            label,
            list(roles),
            default=list(map(str, value)),
            key=key,
            help=about,
            format_func=lambda one: roles.get(one, one),
            placeholder="",
        )
        return ",".join(picked)
    blank = tell("duty.unset") if spec.kind is SettingKind.MAYBE else ""
    return st.text_input(label, value=as_typed(value), key=key, help=about, placeholder=blank)


def as_typed(value: Value) -> str:
    """A value as a person would type it: a share that has two decimals of a per cent is one."""
    if isinstance(value, Fraction) and (value * 10_000).denominator == 1:
        return show_percent(value)
    return write_setting(value)


def ask_paper(key: str, today: date) -> tuple[date, str]:
    """From which day on, and on what paper or for what reason."""
    left, right = st.columns((1, 2), gap="small")
    with left:
        day = st.date_input(tell("settings.from"), value=today, key=f"{key}.from", format="YYYY-MM-DD")
    with right:
        paper = st.text_input(tell("settings.paper"), key=f"{key}.paper", placeholder=tell("settings.paper_example"))
    return (day if isinstance(day, date) else today), paper


def save(write: Callable[[], str]) -> None:
    """Run a change and draw the page anew, so that what stands above the form is what holds now; what went wrong is said here."""
    try:
        st.session_state[SAID] = write()
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        st.rerun()


def show_said() -> None:
    """What the last change did, once, in a corner that is in sight wherever the form stands."""
    if told := st.session_state.pop(SAID, ""):
        st.toast(told, icon=":material/check:", duration="long")


def show_history(county: str) -> None:
    """Every change of settings, terms, days off and targets, the latest first."""
    changes = [history_row(line) for line in cached.read_setting_history(county)]
    names, today = cached.read_names(cached.moment().scope), cached.moment().today
    for line in cached.read_target_lines(county):
        one = line.target
        unit, stage = names.get(one.unit_code, one.unit_code), tell(f"stage.{one.stage}") if one.stage else ""
        parts = (unit, stage, school_year_label(one.school_year))
        value = f"{tell(f'comparison.{one.comparison}')} {show_percent(one.value)}"
        what = f"{tell(f'indicator.{one.indicator}')} · {' · '.join(filter(None, parts))}"
        told = {"what": what, "value": value, "from": one.valid_from, "to": one.valid_to, "paper": one.document}
        changes.append({**told, "by": line.set_by, "recorded": line.recorded_at.isoformat(sep=" ", timespec="minutes")})
    if not changes:
        st.info(tell("settings.no_history", day=today), icon=":material/history:")
        return
    kinds = {"from": "date", "to": "date"}
    columns = [
        Column(name, tell(f"settings.history.{name}"), kinds.get(name, "text"))  # type: ignore[arg-type]
        for name in ("what", "value", "from", "to", "paper", "by", "recorded")
    ]
    show_rows("settings.history", sorted(changes, key=lambda row: str(row["recorded"]), reverse=True), columns)


def history_row(line: SettingLine) -> dict[str, object]:
    """A change in words; terms and days off have their days in their names."""
    if line.name in SPECS:
        what, value = tell(f"setting.{line.name}"), show_setting(SPECS[line.name], line.value, read_lang())
    elif line.name == KEY_UNITS:
        what, value = tell("settings.history.key_units"), say_key_list(line)
    else:
        what, value = say_calendar(line)
    told = {"what": what, "value": value, "from": line.valid_from, "to": line.valid_to, "paper": line.document, "by": line.set_by}
    return {**told, "recorded": line.recorded_at.isoformat(sep=" ", timespec="minutes")}


def say_key_list(line: SettingLine) -> str:
    """How many units a published key list names, and by when they must have mended it."""
    listed = line.value if isinstance(line.value, dict) else {}
    if not listed:
        return tell("settings.history.no_key_units")
    deadline = max(one["rectify_by"] for one in listed.values())
    return tell("settings.history.key_list", count=len(listed), deadline=deadline)


def say_calendar(line: SettingLine) -> tuple[str, str]:
    """calendar.term.2026.1 or calendar.day.2026-10-01 in words, with what was set."""
    _, kind, *rest = line.name.split(".")
    if kind == "day":
        return tell("settings.day_of", day=rest[0]), tell(f"daykind.{line.value or 'ordinary'}")
    days = line.value if isinstance(line.value, tuple | list) else ()
    return tell("settings.term_of", period="-".join((rest[0], str(int(rest[0]) + 1), rest[1]))), " – ".join(map(str, days))
