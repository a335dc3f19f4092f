"""The one filter: what is being looked at, in the URL, above every table and on every export."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from domain.cases import CaseStatus
from domain.grades import Stage
from domain.groups import Group
from domain.reasons import Reason
from domain.school_year import FIRST_YEAR, LAST_YEAR, Period, parse_period, school_year_of
from domain.scope import AREA_LENGTHS, COUNTY_DIGITS
from domain.severity import SevereLines
from domain.terms import Lang, say
from domain.visits import DutyLine

GRADES = range(1, 10)
RUNGS = range(1, 8)
OFF_LADDER = 0  # as a rung: on none of them
LARGEST_ID = 2**53 - 1


class Basis(StrEnum):
    """Where a child counts: at its residence (registered area when living outside), or always at its registered area."""

    RESIDENCE = "residence"
    REGISTERED = "registered"


@dataclass(frozen=True)
class Round:
    """A supervision round: its code is the month it begins (2026-09); it sets period and as-of on every page (R116)."""

    code: str
    name: str
    starts: date
    ends: date
    as_of: date
    period: Period


@dataclass(frozen=True)
class CaseFilter:
    """Which children and cases are looked at: codes, enums and dates only, never a name, so that a link is safe to share.

    A child matches when every part that is set holds: it counts in `area` (code prefix; `unlocated`: in no known village),
    attends `school`, stands in `stage` and `grade`, is in one of `groups`, and, where `statuses`, `reasons`, `rung`, `owner`
    or a flag is set, has an open case that is so: past its due date (`overdue`), without an owner on a line (`nobody`, the
    red list), with an owner who has left (`orphaned`), at a line from which it is `severe` (R121). `rung` OFF_LADDER asks for
    cases on no rung. `owner` is the number of the person who answers on either line. `nobody_line` and `owner_line` ask about
    one line alone; they mean nothing without what they narrow, and are dropped then. `period` is a school year or a term;
    `as_of` the day all this is true. `round_code`
    stands for the period and as-of of a supervision round. `severe_lines` is no part of what is asked: it says what severe
    means on the day. Raises ValueError on values of the wrong form.
    """

    area: str | None = None
    school: str | None = None
    stage: Stage | None = None
    grade: int | None = None
    groups: tuple[Group, ...] = ()
    statuses: tuple[CaseStatus, ...] = ()
    reasons: tuple[Reason, ...] = ()
    rung: int | None = None
    overdue: bool = False
    nobody: bool = False
    nobody_line: DutyLine | None = None
    orphaned: bool = False
    severe: bool = False
    owner: int | None = None
    owner_line: DutyLine | None = None
    unlocated: bool = False
    period: Period | None = None
    round_code: str | None = None
    as_of: date | None = None
    basis: Basis = Basis.RESIDENCE
    severe_lines: tuple[SevereLines, ...] | None = None

    def __post_init__(self) -> None:
        _check_code(self.area, AREA_LENGTHS)
        _check_code(self.school, {10})
        if self.grade is not None and self.grade not in GRADES:
            raise ValueError("grade")
        if self.rung is not None and self.rung not in (OFF_LADDER, *RUNGS):
            raise ValueError("rung")
        if self.owner is not None and not 1 <= self.owner <= LARGEST_ID:
            raise ValueError("owner")
        if self.round_code is not None:
            _check_month(self.round_code)
        if self.as_of is not None and not FIRST_YEAR <= school_year_of(self.as_of) <= LAST_YEAR:
            raise ValueError("as_of")
        for line, narrows in (("nobody_line", self.nobody), ("owner_line", self.owner)):
            if not narrows:
                object.__setattr__(self, line, None)
        for name in ("groups", "statuses", "reasons"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "CaseFilter":
        """The filter a URL says: total, unknown keys and bad values are dropped, nothing raises."""
        chosen = cls()
        for key, (name, parse, _) in _QUERY.items():
            text = query.get(key)
            if not text:
                continue
            try:
                chosen = replace(chosen, **{name: parse(text)})
            except (ValueError, KeyError, TypeError):
                continue
        return chosen

    def to_query(self) -> dict[str, str]:
        """The URL's keys and values, defaults left out; from_query gives the same filter back."""
        plain = CaseFilter()
        return {
            key: show(getattr(self, name))
            for key, (name, _, show) in _QUERY.items()
            if getattr(self, name) != getattr(plain, name)
        }

    @property
    def needs_case(self) -> bool:
        """Whether only children with an open case can match."""
        flags = self.overdue or self.nobody or self.orphaned or self.severe
        return bool(self.statuses or self.reasons or self.rung is not None or self.owner or flags)

    @property
    def from_summary(self) -> bool:
        """Whether counts by village can come from the summary, which knows area, school and stage only."""
        return not (self.needs_case or self.groups or self.grade)

    def narrowed(self) -> tuple[str, ...]:
        """The parts that pick some children of a place: two tables that differ in one of them tell of the few between them."""
        return tuple(name for name in self.changed() if name not in OF_A_PLACE)

    def for_totals(self) -> "CaseFilter":
        """The filter of one who sees totals only: a county, and when; single children cannot be picked out by comparing."""
        kept = {name: getattr(self, name) for name in OF_A_PLACE}
        if len(self.area or "") > COUNTY_DIGITS:
            kept["area"] = None
        return CaseFilter(**kept)

    def changed(self) -> tuple[str, ...]:
        """The names of the parts that differ from the default, in the order of the filter bar."""
        plain = CaseFilter()
        return tuple(name for name in PARTS if getattr(self, name) != getattr(plain, name))

    def with_lines(self, lines: tuple[SevereLines, ...]) -> "CaseFilter":
        """The same filter, with what `severe` means on its day."""
        return replace(self, severe_lines=lines)

    def without(self, name: str) -> "CaseFilter":
        """The same filter with one part back at its default."""
        return replace(self, **{name: getattr(CaseFilter(), name)})

    def say_part(self, name: str, lang: Lang, names: Mapping[str, str]) -> str:
        """One part in words; `names` gives names for area, school and round codes."""
        value = getattr(self, name)
        if name in {"area", "school", "round_code"}:
            return names.get(value, value)
        if name == "owner":
            return names.get(owner_key(value)) or _say_value(value, lang, name)
        if isinstance(value, tuple):
            return (
                "、".join(_say_value(item, lang) for item in value)
                if lang == "zh"
                else ", ".join(_say_value(item, lang) for item in value)
            )
        if isinstance(value, bool):
            return say(f"filter.{name}", lang)
        return _say_value(value, lang, name)

    def describe(self, lang: Lang, names: Mapping[str, str], whole: str) -> str:
        """The sentence above the table and on the export's cover: 建宁县 · 初中 · 2026-2027 学年 · 截至 2026-11-20.

        `whole` names the area when none is chosen. Call it on a resolved filter, so that the dates are said.
        """
        order = [name for name in self.changed() if name not in {"area", "as_of", "period"}]
        parts = [names.get(self.area, self.area) if self.area else whole]
        parts += [self.say_part(name, lang, names) for name in order]
        if self.period:
            parts.append(_say_value(self.period, lang, "period"))
        if self.as_of:
            parts.append(_say_value(self.as_of, lang))
        return " · ".join(parts)


OF_A_PLACE = ("area", "period", "round_code", "as_of", "basis")  # whole places on a day: the same children in every table
PARTS = tuple(item.name for item in fields(CaseFilter) if item.name != "severe_lines")


def owner_key(owner: int) -> str:
    """Under which a name for an owner stands among the names of codes."""
    return f"person {owner}"


def resolve(chosen: CaseFilter, today: date, rounds: Mapping[str, Round]) -> CaseFilter:
    """The filter with its dates settled: a known round sets both (until its day, as-of is today); else as-of is today and the
    period the year that holds it.

    Done once per run before anything is read or cached, so that a day's turn or a link opened later is never ambiguous.
    An unknown round is dropped.
    """
    found = rounds.get(chosen.round_code) if chosen.round_code else None
    if found:
        return replace(chosen, as_of=min(found.as_of, today), period=found.period)
    day = chosen.as_of or (min(today, chosen.period.ends) if chosen.period else today)
    return replace(chosen, round_code=None, as_of=day, period=chosen.period or Period(school_year_of(day)))


def _check_code(code: str | None, lengths: frozenset[int] | set[int]) -> None:
    if code is not None and not (len(code) in lengths and code.isascii() and code.isdigit()):
        raise ValueError("code")


def _check_month(text: str) -> None:
    if len(text) != 7 or not text.isascii():
        raise ValueError("round")
    date.fromisoformat(text + "-01")


def _say_value(value: object, lang: Lang, name: str = "") -> str:
    if isinstance(value, Period):
        return value.label(lang)
    if isinstance(value, StrEnum):
        return say(f"{type(value).__name__.lower()}.{value.value}", lang)
    if isinstance(value, date):
        return say("filter.as_of_is", lang, day=value.isoformat())
    if name == "rung" and value == OFF_LADDER:
        return say("filter.off_ladder", lang)
    return say(f"filter.{name}_is", lang, value=value)


def _several(kind: type[StrEnum]) -> Callable[[str], tuple[StrEnum, ...]]:
    known = {item.value for item in kind}
    return lambda text: tuple(kind(part) for part in text.split(",") if part in known)


def _read_period(text: str) -> Period:
    found = parse_period(text)
    if found is None:
        raise ValueError("period")
    return found


def _read_flag(text: str) -> bool:
    if text != "1":
        raise ValueError("flag")
    return True


def _read_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise ValueError("owner")
    return int(text)


def _read_area(text: str) -> str:
    """A code as the register writes it for a town or county, padded with noughts to 12 digits, means that town or county."""
    if len(text) != FULL_CODE:
        return text
    for digits, padding in ((9, "000"), (6, "000"), (4, "00")):
        text = text[:digits] if len(text) > digits and text[digits:] == padding else text
    return text


def _joined(values: tuple[StrEnum, ...]) -> str:
    return ",".join(item.value for item in values)


def _flag(_value: bool) -> str:
    return "1"


FULL_CODE = 12  # digits
Reader = Callable[[str], Any]
Writer = Callable[[Any], str]
_QUERY: dict[str, tuple[str, Reader, Writer]] = {
    "area": ("area", _read_area, str),
    "school": ("school", str, str),
    "stage": ("stage", Stage, str),
    "grade": ("grade", int, str),
    "group": ("groups", _several(Group), _joined),
    "status": ("statuses", _several(CaseStatus), _joined),
    "reason": ("reasons", _several(Reason), _joined),
    "rung": ("rung", int, str),
    "overdue": ("overdue", _read_flag, _flag),
    "nobody": ("nobody", _read_flag, _flag),
    "nobody_line": ("nobody_line", DutyLine, str),
    "orphaned": ("orphaned", _read_flag, _flag),
    "severe": ("severe", _read_flag, _flag),
    "owner": ("owner", _read_id, str),
    "owner_line": ("owner_line", DutyLine, str),
    "unlocated": ("unlocated", _read_flag, _flag),
    "period": ("period", _read_period, lambda period: period.code),
    "round": ("round_code", str, str),
    "asof": ("as_of", date.fromisoformat, date.isoformat),
    "basis": ("basis", Basis, str),
}
