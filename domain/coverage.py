"""Coverage of home visits: who should be visited in a span of days, who was, who was not (应访尽访).

Sources: R134 every pupil once a term, R086 target groups, R135-R136 campaigns, R043 holiday risk windows.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import AUTUMN, SPRING, SchoolCalendar, TermNumber
from domain.rates import Rate
from domain.risk_windows import RiskHoliday, risk_windows
from domain.school_year import school_year_of
from domain.visits import VisitMode

VISITS = frozenset({VisitMode.DOORSTEP})  # a call, a chat or a talk at school is a contact, not a home visit


class TargetGroup(StrEnum):
    """Whom a visit is owed to: every pupil (R134), or one of the groups that teachers visit first (R086)."""

    ALL = "all"
    POOR = "poor"
    LEARNING_DIFFICULTY = "learning_difficulty"
    SUSPECTED = "suspected"
    LEFT_BEHIND = "left_behind"


class SpanKind(StrEnum):
    """The spans in which visits are counted: the term, the windows around the four holidays, a campaign."""

    TERM = "term"
    NATIONAL_DAY = RiskHoliday.NATIONAL_DAY.value
    WINTER = RiskHoliday.WINTER.value
    LABOUR_DAY = RiskHoliday.LABOUR_DAY.value
    SUMMER = RiskHoliday.SUMMER.value
    CAMPAIGN = "campaign"


class CoveragePart(StrEnum):
    """The lists behind the numbers of coverage: who was not visited, who was, and both together."""

    UNVISITED = "unvisited"
    VISITED = "visited"
    OWED = "owed"


@dataclass(frozen=True)
class VisitSpan:
    """The days [starts, ends] in which visits count; up to the as-of day when that lies inside."""

    kind: SpanKind
    starts: date
    ends: date

    def until(self, day: date) -> date:
        """The last day that counts as of `day`."""
        return min(self.ends, day)

    def has_begun(self, day: date) -> bool:
        """Whether anything could have been visited yet: before, coverage is not 0 but not known."""
        return self.starts <= day


def term_span(calendar: SchoolCalendar, day: date) -> tuple[date, date]:
    """First and last day of the term that contains `day`, in holidays of the one before."""
    year = school_year_of(day)
    numbers: tuple[tuple[int, TermNumber], ...] = ((year - 1, SPRING), (year, AUTUMN), (year, SPRING))
    terms = [calendar.term(*one) for one in numbers]
    begun = [term for term in terms if term.starts <= day]
    last = max(begun or terms[:1], key=lambda term: term.starts)
    return last.starts, last.ends


def visit_spans(calendar: SchoolCalendar, day: date, before_days: int, after_days: int) -> dict[SpanKind, VisitSpan]:
    """The term of `day` and the holiday windows of its school year, by kind."""
    spans = {SpanKind.TERM: VisitSpan(SpanKind.TERM, *term_span(calendar, day))}
    for window in risk_windows(calendar, school_year_of(day), before_days, after_days):
        kind = SpanKind(window.holiday.value)
        spans[kind] = VisitSpan(kind, window.opens, window.closes)
    return spans


@dataclass(frozen=True)
class Coverage:
    """How many of those who should be visited were: each child counts once, however often it was visited."""

    owed: int
    visited: int

    @property
    def rate(self) -> Rate:
        """Visited over owed; missing, not 0, where nobody is owed a visit."""
        return Rate(self.visited, self.owed)

    @property
    def uncovered(self) -> int:
        """How many were not visited."""
        return self.owed - self.visited

    def count(self, part: CoveragePart) -> int:
        """How many stand in one of the lists."""
        return {CoveragePart.UNVISITED: self.uncovered, CoveragePart.VISITED: self.visited, CoveragePart.OWED: self.owed}[part]
