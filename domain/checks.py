"""Contradictions between records (数据打架): what a rule is, and the two sides that it sets against each other.

A rule is one function: it takes the facts of one record and of whatever stands against it, and the day, and answers the two
sides that disagree, or None. `rule` gives it a name (its words are `checkrule.<code>`), a weight and an owner.
Source: R183-R188 and the list of contradictions in the section on supervision.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from domain.terms import Lang, all_words, say

MASKED_DAY = "**"


class Severity(StrEnum):
    """An error cannot be true; a warning may be, and needs an explanation."""

    ERROR = "error"
    WARNING = "warning"


class Owner(StrEnum):
    """The kind of unit that mends it or explains it."""

    SCHOOL = "school"
    TOWN = "town"
    COUNTY = "county"


class Ground(StrEnum):
    """Where a contradiction was found; the lists of 四查三比对 are a ground of their own."""

    PEOPLE = "people"
    CASES = "cases"
    MOVEMENTS = "movements"
    REPORTS = "reports"
    LISTS = "lists"


class Finished(StrEnum):
    """What became of a contradiction."""

    OPEN = "open"
    EXPLAINED = "explained"
    MENDED = "mended"


class Verified(StrEnum):
    """The outcome of one child on a list of differences: where it turned out to be (R039, R185)."""

    AT_SCHOOL_HERE = "at_school_here"
    AT_SCHOOL_ELSEWHERE = "at_school_elsewhere"
    MOVED_AWAY = "moved_away"
    HOME_TEACHING = "home_teaching"
    DEFERRED_OR_SUSPENDED = "deferred_or_suspended"
    CASE_OPENED = "case_opened"
    ABROAD_OR_DIED = "abroad_or_died"
    RECORD_WRONG = "record_wrong"
    OTHER = "other"


# How the value of a side is told: the family of its words for a code, else as it is. `day`: a birth date, masked like one.
KINDS: dict[str, str] = {
    "birth": "day",
    "id_birth": "day",
    "sex": "sex",
    "id_sex": "sex",
    "case_status": "casestatus",
    "case_reason": "reason",
    "placement": "schooling",
    "absence": "absence",
    "movement": "movement",
    "paper_missing": "paper",
    "poverty_list": "poverty",
    "aid_list": "aid",
    "household_list": "poverty",
}


BY_LEDGER = "ledger:"  # explained by a ledger (its code follows), not by an account: no account's name has a colon


def say_explained_by(explained_by: str | None, lang: Lang = "zh") -> str | None:
    """The account that explained a contradiction, or the ledger that answers it."""
    if explained_by is None or not explained_by.startswith(BY_LEDGER):
        return explained_by
    return say(f"ledger.{explained_by.removeprefix(BY_LEDGER)}", lang)


class Side(NamedTuple):
    """One side: `what` is its word (`side.<what>`), `value` a code, number or ISO date, blank for nothing there."""

    what: str
    value: str = ""
    record: str = ""  # table:id

    def name(self, lang: Lang = "zh") -> str:
        """What stands on this side."""
        return say(f"side.{self.what}", lang)

    def say(self, lang: Lang = "zh", *, masked: bool = False) -> str:
        """The value in words; of a birth date only year and month for those who see no names."""
        if not self.value:
            return say("side.nothing", lang)
        kind = KINDS.get(self.what)
        if kind == "day":
            return self.value[:8] + MASKED_DAY if masked else self.value
        key = f"{kind}.{self.value}"
        return say(key, lang) if kind and key in all_words() else self.value


Sides = tuple[Side, Side]
Judge = Callable[[Any, date], Sides | None]


@dataclass(frozen=True)
class Rule:
    """A contradiction that is looked for. `facts`: the kind of record its function takes."""

    code: str
    severity: Severity
    owner: Owner
    ground: Ground
    source: str
    facts: type
    judge: Judge

    def say(self, lang: Lang = "zh") -> str:
        """Its name."""
        return say(f"checkrule.{self.code}", lang)

    def mend(self, lang: Lang = "zh") -> str:
        """What to do about it."""
        return say(f"checkrule.{self.code}.mend", lang)

    @property
    def has_outcome(self) -> bool:
        """Whether an explanation names what became of the child: the lists of 四查三比对."""
        return self.ground is Ground.LISTS


_rules: dict[str, Rule] = {}


def rule(severity: Severity, owner: Owner, ground: Ground, source: str, facts: type) -> Callable[[Judge], Judge]:
    """Make the function below a rule; its name is the rule's code. Raises ValueError for a code that is taken."""

    def register(judge: Judge) -> Judge:
        code = judge.__name__
        if code in _rules:
            raise ValueError(code)
        _rules[code] = Rule(code, severity, owner, ground, source, facts, judge)
        return judge

    return register


def registered() -> dict[str, Rule]:
    """The rules known so far; `domain.check_list` knows them all."""
    return dict(_rules)


def day_text(day: date | None) -> str:
    """A day as a side holds it."""
    return day.isoformat() if day else ""


def count_text(number: int | None) -> str:
    """A count as a side holds it; blank is not zero."""
    return "" if number is None else str(number)
