"""What a bureau may set: every value keeps its bounds, survives storing and typing, and builds the records the rules take."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bureau_settings import (
    SPECS,
    SettingKind,
    SettingSpec,
    Value,
    check_values,
    family_of,
    from_stored,
    ladder_of,
    listing_lines_of,
    money_of,
    pairing_of,
    penalty_of,
    reporting_of,
    spec_of,
    to_stored,
    value_of,
    warning_limits_of,
)
from domain.class_arithmetic import MoneySettings, PenaltySettings
from domain.errors import ProblemError
from domain.groups import WarningLimits
from domain.key_units import SEED_LINES
from domain.left_behind import PairingSettings
from domain.rate_families import RateFamily
from domain.reporting_rhythms import ReportingSettings
from domain.setting_text import parse_setting, show_setting, write_setting
from domain.terms import LANGS, all_words
from domain.visits import DutyRole, LadderSettings

BY_KIND: dict[SettingKind, st.SearchStrategy[Value]] = {
    SettingKind.SHARE: st.fractions(0, 1, max_denominator=1000),
    SettingKind.FLAG: st.booleans(),
    SettingKind.FAMILY: st.sampled_from(RateFamily),
    SettingKind.DAY: st.tuples(st.integers(1, 12), st.integers(1, 28)),
    SettingKind.ROLES: st.lists(st.sampled_from(DutyRole), min_size=1, unique=True).map(tuple),
}


@st.composite
def settings(draw: st.DrawFn) -> tuple[SettingSpec, Value]:
    """A setting and a value that it may have."""
    spec = draw(st.sampled_from(list(SPECS.values())))
    whole = st.integers(spec.lowest, spec.highest)
    kinds = {**BY_KIND, SettingKind.WHOLE: whole, SettingKind.MAYBE: st.none() | whole}
    return spec, draw(kinds[spec.kind])


@given(settings())
def test_a_value_survives_storing_and_typing(told: tuple[SettingSpec, Value]) -> None:
    spec, value = told
    assert from_stored(spec.name, json.loads(json.dumps(to_stored(value)))) == value
    assert parse_setting(spec, write_setting(value)) == value
    assert all(show_setting(spec, value, lang) for lang in LANGS)


def test_nothing_set_is_the_seeds_own() -> None:
    assert ladder_of({}) == LadderSettings()
    assert reporting_of({}) == ReportingSettings()
    assert (penalty_of({}), money_of({}), pairing_of({})) == (PenaltySettings(), MoneySettings(), PairingSettings())
    assert warning_limits_of({}) == WarningLimits()
    assert listing_lines_of({}) == SEED_LINES
    assert family_of({}) is RateFamily.SEED
    assert value_of({}, "report.dropout_form_days") is None
    check_values({})


def test_every_setting_has_a_name_in_words_a_source_and_a_default_of_its_kind() -> None:
    for spec in SPECS.values():
        assert f"setting.{spec.name}" in all_words(), spec.name
        assert spec.source.startswith("R")
        assert spec.check(spec.default) == spec.default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate.family", "own"),
        ("ladder.rung1.starts", 0),
        ("ladder.rung1.starts", 201),
        ("ladder.rung1.starts", True),
        ("ladder.rung1.visitors", ()),
        ("ladder.rung1.visitors", ("caretaker",)),
        ("ladder.auto_dropout", 1),
        ("ladder.repeat_every_school_days", None),
        ("ladder.repeat_every_school_days", 0),
        ("listing.junior", Fraction(101, 100)),
        ("listing.junior", Fraction(-1, 100)),
        ("listing.junior", 0.008),
        ("report.screening", (2, 29)),
        ("report.screening", (13, 1)),
        ("report.screening", (11,)),
        ("report.monthly_day", 32),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: Value) -> None:
    with pytest.raises(ProblemError) as refused:
        spec_of(name).check(value)
    assert refused.value.key == "setting.value"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("listing.junior", "O.8%", Fraction(1, 125)),
        ("listing.junior", "0.008", Fraction(1, 125)),
        ("ladder.many_times", "", None),
        ("ladder.many_times", "三次", 3),
        ("report.dropout_form_days", " 5 ", 5),
        ("report.screening", "11-30", (11, 30)),
    ],
)
def test_settings_as_people_type_them(name: str, text: str, value: Value) -> None:
    assert parse_setting(spec_of(name), text) == value


@pytest.mark.parametrize(("name", "text"), [("listing.junior", "8"), ("ladder.many_times", "often"), ("report.monthly_day", "")])
def test_what_cannot_be_read_is_refused(name: str, text: str) -> None:
    with pytest.raises(ProblemError):
        parse_setting(spec_of(name), text)


def test_rungs_stay_in_order_and_their_visitors_stand_on_their_lines() -> None:
    with pytest.raises(ProblemError, match="later"):
        check_values({"ladder.rung4.starts": 6})
    moved = ladder_of({"ladder.rung4.starts": 5, "ladder.rung2.visitors": (DutyRole.CLASS_TEACHER, DutyRole.VILLAGE_LIAISON)})
    assert moved.rungs[3].starts_on_absent_day == 5
    assert moved.rungs[1].must_visit == (DutyRole.CLASS_TEACHER, DutyRole.VILLAGE_LIAISON)
    assert moved.rungs[1].government_line == (DutyRole.VILLAGE_LIAISON,)
    assert replace(moved, rungs=LadderSettings().rungs) == LadderSettings()


def test_the_fewest_pairs_are_not_more_than_the_most() -> None:
    with pytest.raises(ProblemError) as refused:
        check_values({"pairing.fewest": 4})
    assert refused.value.key == "setting.pairing_backwards"


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ProblemError) as refused:
        spec_of("ladder.rung8.starts")
    assert refused.value.key == "setting.unknown"


@pytest.mark.parametrize("suspected", [19, 20])
def test_a_dropout_may_be_one_on_the_day_it_is_suspected(suspected: int) -> None:
    check_values({"ladder.suspected_after_school_days": suspected, "ladder.dropout_after_school_days": 20})


def test_a_dropout_is_never_one_before_it_is_suspected_but_what_is_in_force_stays_readable() -> None:
    values = {"ladder.suspected_after_school_days": 21, "ladder.dropout_after_school_days": 20}
    with pytest.raises(ProblemError) as problem:
        check_values(values)
    assert problem.value.key == "ladder.dropout_before_suspected"
    assert ladder_of(values).suspected_after_school_days == 21
