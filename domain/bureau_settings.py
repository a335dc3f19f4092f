"""What a bureau may set, beside targets and calendar: each number with its kind, its bounds, its default and its source.

The defaults are the seeds' own figures where they give one. Terms and holidays are rows of their own (`SchoolCalendar`),
and so are targets (`targets.Target`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar

from domain.class_arithmetic import CLASS_LINE, MoneySettings, PenaltySettings
from domain.errors import ProblemError
from domain.grades import Stage
from domain.groups import WarningLimits
from domain.key_units import SEED_LINES
from domain.left_behind import PairingSettings
from domain.rate_families import RateFamily
from domain.reporting_rhythms import ReportingSettings
from domain.visits import SEED_RUNGS, DutyLine, DutyRole, LadderSettings, Rung

Record = TypeVar("Record")
Value = int | bool | Fraction | str | tuple[Any, ...] | None


class SettingKind(StrEnum):
    """How a setting is written: a whole number; a whole number or nothing (not set); a share; yes or no; one of the formula
    families; month and day; the roles that must stand at a door."""

    WHOLE = "whole"
    MAYBE = "maybe"
    SHARE = "share"
    FLAG = "flag"
    FAMILY = "family"
    DAY = "day"
    ROLES = "roles"


@dataclass(frozen=True)
class SettingSpec:
    """One thing that can be set. `name` has its part of the page before the first dot; `source` the R-numbers it comes from.

    `lowest` and `highest` bound whole numbers, both included.
    """

    name: str
    kind: SettingKind
    default: Value
    source: str
    lowest: int = 0
    highest: int = 1000

    @property
    def section(self) -> str:
        """The part of the page, `ladder` of `ladder.rung1.due`."""
        return self.name.partition(".")[0]

    def check(self, value: Value) -> Value:
        """The value as it may be kept. Raises ProblemError setting.value when it is none of this kind, or out of bounds."""
        if not _fits(self, value):
            raise ProblemError("setting.value", name=ProblemError(f"setting.{self.name}"))
        return value


def _fits(spec: SettingSpec, value: Value) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    within = is_number and isinstance(value, int) and spec.lowest <= value <= spec.highest
    fits: Mapping[SettingKind, bool] = {
        SettingKind.WHOLE: within,
        SettingKind.MAYBE: value is None or within,
        SettingKind.SHARE: isinstance(value, Fraction) and 0 <= value <= 1,
        SettingKind.FLAG: isinstance(value, bool),
        SettingKind.FAMILY: value in tuple(RateFamily),
        SettingKind.DAY: _is_day(value),
        SettingKind.ROLES: isinstance(value, tuple) and bool(value) and set(value) <= set(DutyRole),
    }
    return fits[spec.kind]


def _is_day(value: Value) -> bool:
    """Month and day that every year has: 29 February is none."""
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not (isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, int) for part in value)):
        return False
    month, day = value
    return bool(1 <= month <= 12 and 1 <= day <= lengths[month - 1])


LADDER_SOURCES = {
    "relapse_starts_at_rung": "R100-R101",
    "many_times": "R044",
    "contact_minutes": "R020",
    "severe_school_days": "R121",
    "severe_from_rung": "R121",
    "severe_relapses": "R121",
    "follow_up_every_days": "R061",
    "follow_up_ends_after": "R061",
    "unreachable_report_school_days": "R038",
    "transfer_school_days": "R040",
    "papers_school_days": "R189-R192",
    "close_working_days": "R055",
    "warning_visit_school_days": "R036, R086",
}
REPORT_SOURCES = {
    "monthly_day": "R056, R112",
    "early_days": "R114",
    "check_after_days": "R117",
    "class_profile_days": "R129",
    "census_weeks": "R042",
    "key_list": "R115",
    "school_age_list": "R125",
    "screening": "R128",
    "risk_before_days": "R043",
    "risk_after_days": "R043",
    "activity_month_1": "R131",
    "activity_month_2": "R131",
    "publicity_before_days": "R132",
    "publicity_after_days": "R132",
    "dropout_form_days": "R119",
    "feedback_days": "R120",
}
MAY_BE_UNSET = frozenset({"severe_school_days", "severe_from_rung", "severe_relapses"})
LARGEST = {
    "relapse_starts_at_rung": len(SEED_RUNGS),
    "severe_from_rung": len(SEED_RUNGS),
    "monthly_day": 31,
    "early_days": 28,
    "activity_month_1": 12,
    "activity_month_2": 12,
    "publicity_before_days": 60,
    "publicity_after_days": 60,
    "census_weeks": 20,
}


def _of_fields(section: str, example: object, sources: Mapping[str, str], usual: str) -> list[SettingSpec]:
    """One specification for each field of a record of settings, its kind told by its default."""
    specs = []
    for item in fields(example):  # type: ignore[arg-type]
        default = getattr(example, item.name)
        if item.name == "rungs":
            continue
        lowest = 0 if item.name == "unreachable_report_school_days" else 1
        source, highest = sources.get(item.name, usual), LARGEST.get(item.name, 1000)
        kind = SettingKind.MAYBE if item.name in MAY_BE_UNSET else _kind_of(default)
        specs.append(SettingSpec(f"{section}.{item.name}", kind, default, source, lowest, highest))
    return specs


def _kind_of(default: object) -> SettingKind:
    kinds = {bool: SettingKind.FLAG, int: SettingKind.WHOLE, tuple: SettingKind.DAY, Fraction: SettingKind.SHARE}
    return SettingKind.MAYBE if default is None else kinds[type(default)]


def _of_rung(rung: Rung) -> list[SettingSpec]:
    name, source = f"ladder.rung{rung.number}", "R022-R025" if rung.number <= 4 else "R222, R226-R230"
    return [
        SettingSpec(f"{name}.starts", SettingKind.WHOLE, rung.starts_on_absent_day, source, 1, 200),
        SettingSpec(f"{name}.due", SettingKind.WHOLE, rung.due_school_days, source, 0, 60),
        SettingSpec(f"{name}.visitors", SettingKind.ROLES, rung.must_visit, source),
    ]


SPECS: Mapping[str, SettingSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            SettingSpec("rate.family", SettingKind.FAMILY, RateFamily.SEED, "R011-R012, R189-R192"),
            *(SettingSpec(f"listing.{stage}", SettingKind.SHARE, line, "R011") for stage, line in SEED_LINES.items()),
            *(spec for rung in SEED_RUNGS for spec in _of_rung(rung)),
            *_of_fields("ladder", LadderSettings(), LADDER_SOURCES, "R022-R025, R099"),
            *_of_fields("report", ReportingSettings(), REPORT_SOURCES, "R111-R120"),
            SettingSpec("notice.working_days", SettingKind.MAYBE, None, "R055", 1, 60),
            SettingSpec("class.line", SettingKind.SHARE, CLASS_LINE, "R005, R169"),
            *_of_fields("class", PenaltySettings(), {}, "R019, R161"),
            *_of_fields("money", MoneySettings(), {}, "R164-R165"),
            *_of_fields("pairing", PairingSettings(), {}, "R182"),
            *_of_fields("warning", WarningLimits(), {}, "R036-R037"),
        )
    }
)
Values = Mapping[str, Value]  # by name; what is not named has its default


def spec_of(name: str) -> SettingSpec:
    """The specification of a setting. Raises ProblemError setting.unknown."""
    if name not in SPECS:
        raise ProblemError("setting.unknown", name=name)
    return SPECS[name]


def to_stored(value: Value) -> Any:
    """A value as it is kept in JSON: a share as `1/125`, month and day as a list, what is not set as null."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return list(value) if isinstance(value, tuple) else value


def from_stored(name: str, stored: Any) -> Value:
    """The value behind what `to_stored` kept. Raises ProblemError when it is none."""
    spec, value = spec_of(name), tuple(stored) if isinstance(stored, list) else stored
    if spec.kind is SettingKind.SHARE and isinstance(value, str):
        value = Fraction(value)
    if spec.kind is SettingKind.FAMILY:
        value = RateFamily(str(value))
    if spec.kind is SettingKind.ROLES and isinstance(value, tuple):
        value = tuple(DutyRole(role) for role in value)
    return spec.check(value)


def value_of(values: Values, name: str) -> Any:
    """What is set, or the default where nothing is."""
    return values[name] if name in values else spec_of(name).default


def check_values(values: Values) -> None:
    """Raise ProblemError unless all the values can stand together: rungs in order, no dropout before it is suspected, the
    fewest not over the most. Asked when something is changed, not when it is read: what is in force stays readable."""
    ladder = ladder_of(values)
    if ladder.dropout_after_school_days < ladder.suspected_after_school_days:
        raise ProblemError("ladder.dropout_before_suspected")
    pairing = pairing_of(values)
    if pairing.fewest > pairing.most:
        raise ProblemError("setting.pairing_backwards")


def family_of(values: Values) -> RateFamily:
    """The formula family in force."""
    return RateFamily(value_of(values, "rate.family"))


def listing_lines_of(values: Values) -> dict[Stage, Fraction]:
    """The lines over which a unit is listed (R011)."""
    return {stage: value_of(values, f"listing.{stage}") for stage in SEED_LINES}


def ladder_of(values: Values) -> LadderSettings:
    """The ladder in force. Raises ProblemError ladder.rungs_out_of_order when a rung begins before the one under it."""
    return replace(_filled("ladder", LadderSettings(), values), rungs=tuple(_rung(rung, values) for rung in SEED_RUNGS))


def _rung(seed: Rung, values: Values) -> Rung:
    name = f"ladder.rung{seed.number}"
    visitors: tuple[DutyRole, ...] = value_of(values, f"{name}.visitors")
    return replace(
        seed,
        starts_on_absent_day=value_of(values, f"{name}.starts"),
        due_school_days=value_of(values, f"{name}.due"),
        school_line=tuple(role for role in visitors if role.line is DutyLine.SCHOOL),
        government_line=tuple(role for role in visitors if role.line is DutyLine.GOVERNMENT),
    )


def reporting_of(values: Values) -> ReportingSettings:
    """The due days of reports in force; a limit that is not set stays None."""
    return _filled("report", ReportingSettings(), values)


def penalty_of(values: Values) -> PenaltySettings:
    """The penalty for losses in force (R161)."""
    return _filled("class", PenaltySettings(), values)


def class_line_of(values: Values) -> Fraction:
    """The class rate over which its teacher may not be honoured (R005, R169)."""
    found: Fraction = value_of(values, "class.line")
    return found


def money_of(values: Values) -> MoneySettings:
    """The money items in force; off until a bureau turns them on (R164-R165)."""
    return _filled("money", MoneySettings(), values)


def pairing_of(values: Values) -> PairingSettings:
    """The planned load of a teacher in force (R182)."""
    return _filled("pairing", PairingSettings(), values)


def warning_limits_of(values: Values) -> WarningLimits:
    """The limits of the warning list in force (R036)."""
    return _filled("warning", WarningLimits(), values)


def _filled(section: str, example: Record, values: Values) -> Record:
    names = [item.name for item in fields(example) if item.name != "rungs"]  # type: ignore[arg-type]
    return replace(example, **{name: value_of(values, f"{section}.{name}") for name in names})  # type: ignore[type-var]
