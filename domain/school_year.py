"""School years and terms: what a figure covers, and how people write it.

Source: a school year runs from 1 September to 31 August and has two terms, autumn (first) and spring (second); in the field
每期 is a term, 年初 the start of the calendar year, and 年辍学率 a rate over a school year.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.errors import ProblemError
from domain.terms import Lang, say

TermNumber = Literal[1, 2]
AUTUMN: TermNumber = 1
SPRING: TermNumber = 2
FIRST_YEAR, LAST_YEAR = 2000, 2099  # start years that are read and counted; others are typing errors


def school_year_of(day: date) -> int:
    """The start year of the school year (1 September to 31 August) that contains `day`."""
    return day.year if day.month >= 9 else day.year - 1


def school_year_label(school_year: int) -> str:
    """`2026` -> `2026-2027`."""
    return f"{school_year}-{school_year + 1}"


@dataclass(frozen=True, order=True)
class Term:
    """One term as taught: its first and last day, both included. `school_year` is the start year; 1 autumn, 2 spring.

    Raises ProblemError when it ends before it starts. Some places open in late August, so the edges may lie outside the
    school year's own.
    """

    school_year: int
    term: TermNumber
    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ProblemError("calendar.term_backwards", period=Period(self.school_year, self.term).code)

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the term, weekends and holidays included."""
        return self.starts <= day <= self.ends


def usual_term(school_year: int, term: TermNumber) -> Term:
    """The term assumed where a bureau has set none: 1 September - 20 January, and 20 February - 10 July."""
    if term == AUTUMN:
        return Term(school_year, AUTUMN, date(school_year, 9, 1), date(school_year + 1, 1, 20))
    return Term(school_year, SPRING, date(school_year + 1, 2, 20), date(school_year + 1, 7, 10))


@dataclass(frozen=True, order=True)
class Period:
    """What a figure covers: a school year, or one of its two terms; `starts` and `ends` are included.

    The two terms of a year share all its days, holidays too: the autumn term counts to 31 January, the spring term from
    1 February. Taught days are `Term`'s matter.
    """

    school_year: int
    term: TermNumber | None = None

    @property
    def starts(self) -> date:
        """First day counted."""
        return date(self.school_year + 1, 2, 1) if self.term == SPRING else date(self.school_year, 9, 1)

    @property
    def ends(self) -> date:
        """Last day counted."""
        return date(self.school_year + 1, 1, 31) if self.term == AUTUMN else date(self.school_year + 1, 8, 31)

    @property
    def code(self) -> str:
        """`2026-2027` for a year, `2026-2027-1` for a term; `parse_period` reads it back."""
        label = school_year_label(self.school_year)
        return label if self.term is None else f"{label}-{self.term}"

    def label(self, lang: Lang = "zh") -> str:
        """The period in words."""
        return say(f"calendar.period_{self.term or 'year'}", lang, year=school_year_label(self.school_year))

    def contains(self, day: date) -> bool:
        """Whether `day` is counted in the period."""
        return self.starts <= day <= self.ends


YEARS = r"(\d{4})[-–—－~至/](\d{4})(?:学年度?)?"
TERM = r"[-–—－]?(1|2|第一学期|第二学期|上学期|下学期|秋季?(?:学期)?|春季?(?:学期)?)"
PERIOD = re.compile(f"{YEARS}(?:{TERM})?")
SEASON = re.compile(r"(\d{4})年?(秋|春)季?(?:学期)?")


def parse_period(text: str) -> Period | None:
    """A period from `2026-2027`, `2026-2027-1`, `2026-2027学年第一学期` or `2027年春季学期`; None when it is none."""
    squeezed = re.sub(r"\s+", "", text)
    if found := PERIOD.fullmatch(squeezed):
        year, after = int(found[1]), int(found[2])
        return Period(year, _term_number(found[3])) if after == year + 1 and FIRST_YEAR <= year <= LAST_YEAR else None
    if found := SEASON.fullmatch(squeezed):
        term = _term_number(found[2])
        year = int(found[1]) - (term == SPRING)
        return Period(year, term) if FIRST_YEAR <= year <= LAST_YEAR else None
    return None


def _term_number(words: str | None) -> TermNumber | None:
    if not words:
        return None
    return AUTUMN if words[0] in "1秋上" or words.startswith("第一") else SPRING
