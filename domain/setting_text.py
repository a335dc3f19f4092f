"""Settings as people write and read them."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from domain.bureau_settings import SettingKind, SettingSpec, Value
from domain.rate_families import RateFamily
from domain.rates import parse_fraction, show_percent
from domain.terms import Lang, say
from domain.visits import DutyRole
from domain.written_numbers import WrittenNumber, is_blank, parse_number

ROLES = {role.value: role for role in DutyRole}


def parse_setting(spec: SettingSpec, text: str) -> Value:
    """The value that a person typed: `0.8 %`, `30`, `11-30`, `yes`; blank is "not set", where that may be.

    Raises ProblemError when it is none of the setting's kind.
    """
    read: Mapping[SettingKind, Callable[[str], Any]] = {
        SettingKind.SHARE: parse_fraction,
        SettingKind.DAY: lambda typed: tuple(int(part) if part.isdecimal() else 0 for part in typed.split("-")),
        SettingKind.WHOLE: _whole,
        SettingKind.MAYBE: _whole,
        SettingKind.ROLES: lambda typed: tuple(ROLES.get(part.strip(), part) for part in typed.split(",")),
        SettingKind.FLAG: lambda typed: {"yes": True, "no": False}.get(typed, typed),
        SettingKind.FAMILY: lambda typed: RateFamily(typed) if typed in tuple(RateFamily) else typed,
    }
    return spec.check(None if is_blank(text) else read[spec.kind](text))


def _whole(text: str) -> int | str | None:
    number = parse_number(text)
    return number.whole if isinstance(number, WrittenNumber) else text


def write_setting(value: Value) -> str:
    """The same value as `parse_setting` reads it back; "" for what is not set."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return ("," if value and isinstance(value[0], str) else "-").join(map(str, value))
    return "" if value is None else str(value)


def show_setting(spec: SettingSpec, value: Value, lang: Lang = "zh") -> str:
    """The value in words; what is not set says so."""
    if value is None:
        return say("duty.unset", lang)
    if isinstance(value, bool):
        return say("setting.yes" if value else "setting.no", lang)
    if isinstance(value, Fraction):
        return show_percent(value)
    if isinstance(value, tuple):
        return _show_parts(spec, value, lang)
    return say(f"ratefamily.{value}", lang) if spec.kind is SettingKind.FAMILY else str(value)


def _show_parts(spec: SettingSpec, value: tuple[Any, ...], lang: Lang) -> str:
    if spec.kind is SettingKind.ROLES:
        return ("、" if lang == "zh" else ", ").join(say(f"dutyrole.{role}", lang) for role in value)
    return say("setting.month_day", lang, month=value[0], day=value[1])
