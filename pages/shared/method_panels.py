"""The panels of the methods page: rates with their formulas, counts, the ladder, targets and the other settings in force."""

from dataclasses import fields

import streamlit as st

from data_access.measures import Measure
from domain.area_counts import HIDDEN
from domain.bureau_settings import SPECS, value_of
from domain.case_filter import CaseFilter
from domain.rate_families import COEFFICIENTS, LossCounts, RateFamily
from domain.rates import show_percent
from domain.scope import Scope
from domain.setting_text import show_setting
from domain.visits import LadderSettings, Rung
from pages.shared import cached
from pages.shared.indicators import Method, read_family, read_whole
from pages.shared.plain import plain
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell


def show_method(method: Method, scope: Scope, chosen: CaseFilter) -> None:
    """One rate: symbols, words, source, and the live numbers."""
    with st.container(border=True, gap="xsmall"):
        left, right = st.columns((1, 2), gap="medium", vertical_alignment="center")
        with left:
            st.markdown(f"**{tell(f'method.{method.name}')}**")
            st.latex(method.formula)
        with right:
            st.markdown(tell(f"method.{method.name}.what"))
            st.caption(tell("methods.source", source=method.source))
            lines = [*method.worked(scope, chosen)]
            st.markdown("\n".join("- " + plain(line).replace("\\*", "*") for line in lines or [tell("rate.no_data")]))


def show_families(scope: Scope, chosen: CaseFilter) -> None:
    """Which loss counts in which formula family; the one in force is marked."""
    st.markdown(f"**{tell('methods.families')}**")
    names = [name for name in LossCounts._fields if name != "start_count"]
    rows = [
        {"what": tell(f"losscounts.{name}"), **{family.value: say_times(family, name) for family in RateFamily}} for name in names
    ]
    force = read_family(scope, chosen)
    labels = {
        family: tell(f"ratefamily.{family}") + (tell("methods.in_force") if family is force else "") for family in RateFamily
    }
    show_rows(
        "families",
        rows,
        [Column("what", tell("methods.component")), *(Column(family.value, labels[family]) for family in RateFamily)],
    )


def say_times(family: RateFamily, component: str) -> str:
    """+1, −1 or a dot: how often a child of this kind stands in the numerator."""
    return {1: "+1", -1: "−1"}.get(COEFFICIENTS[family].get(component, 0), "·")


def show_counts(scope: Scope, chosen: CaseFilter) -> None:
    """What each count of map and tables counts, and how many that are now."""
    rows = []
    for measure in Measure:
        cell = read_whole(scope, chosen, measure)
        number = tell("map.hidden") if cell is HIDDEN else f"{cell or 0:,}"
        rows.append({"what": tell(f"measure.{measure}"), "number": number, "definition": tell(f"column.{measure}.what")})
    labels = {"what": tell("map_page.what"), "number": tell("methods.now"), "definition": tell("methods.definition")}
    show_rows("counts", rows, [Column(name, label) for name, label in labels.items()])
    st.markdown(tell("methods.where"))


def show_ladder(settings: LadderSettings) -> None:
    """The rungs in force, and the other numbers of a case's life."""
    columns = ("rung", "starts", "due", "step", "school", "government")
    show_rows(
        "rungs", [rung_row(rung) for rung in settings.rungs], [Column(name, tell(f"methods.rung.{name}")) for name in columns]
    )
    numbers = [field.name for field in fields(LadderSettings) if field.name != "rungs"]
    rows = [{"what": tell(f"setting.ladder.{name}"), "value": say_value(getattr(settings, name))} for name in numbers]
    show_rows("ladder", rows, [Column("what", tell("methods.setting")), Column("value", tell("methods.value"))])
    st.caption(tell("methods.source", source="R020, R022-R025, R038-R044, R061, R222, R226-R230"))


def rung_row(rung: Rung) -> dict[str, str]:
    """One rung in words."""
    people = {
        line: tell("panel.comma").join(tell(f"dutyrole.{role}") for role in roles)
        for line, roles in (("school", rung.school_line), ("government", rung.government_line))
    }
    starts, due = (
        tell("methods.rung.starts_is", day=rung.starts_on_absent_day),
        tell("methods.rung.due_is", days=rung.due_school_days),
    )
    return {"rung": str(rung.number), "starts": starts, "due": due, "step": tell(f"nextstep.{rung.step}"), **people}


def say_value(value: object) -> str:
    """A setting in words; what is not set says so."""
    if isinstance(value, bool):
        return tell("setting.yes" if value else "setting.no")
    return tell("target.unset") if value is None else str(value)


def show_settings(scope: Scope, chosen: CaseFilter) -> None:
    """Every setting in force on the day, with its default, its source, since when and on what paper."""
    county, day = cached.first_county(scope), chosen.as_of or cached.moment().today
    values = cached.read_settings(county, day)
    lines = {line.name: line for line in reversed(cached.read_setting_history(county)) if line.valid_from <= day}
    rows = [
        {
            "what": tell(f"setting.{spec.name}"),
            "value": show_setting(spec, value_of(values, spec.name), read_lang()),
            "default": show_setting(spec, spec.default, read_lang()),
            "source": spec.source,
            "since": lines[spec.name].valid_from.isoformat() if spec.name in values else tell("methods.by_default"),
            "document": lines[spec.name].document if spec.name in values else None,
        }
        for spec in SPECS.values()
    ]
    st.markdown(f"**{tell('methods.all_settings')}**")
    show_rows("settings", rows, [Column(name, tell(f"methods.setting.{name}")) for name in rows[0]])


def show_targets(scope: Scope, chosen: CaseFilter) -> None:
    """The targets set for the school year, with who set them and where."""
    if chosen.period is None or chosen.as_of is None:
        return
    names = cached.read_names(scope)
    rows = [
        {
            "unit": names.get(target.unit_code, target.unit_code),
            "stage": tell(f"stage.{target.stage}") if target.stage else tell("bar.all"),
            "indicator": tell(f"indicator.{target.indicator}"),
            "value": f"{tell(f'comparison.{target.comparison}')} {show_percent(target.value)}",
            "level": tell(f"level.{target.level}"),
            "document": target.document,
        }
        for target in cached.read_targets(chosen.period.school_year, chosen.as_of)
    ]
    show_rows(
        "targets",
        rows,
        [Column(name, tell(f"methods.target.{name}")) for name in ("unit", "stage", "indicator", "value", "level", "document")],
    )
    st.markdown(tell("methods.rules"))
