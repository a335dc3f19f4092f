"""The regular supervision rounds: every March and September, in full (R116). A county that keeps its own has those instead."""

from calendar import monthrange
from datetime import date

from domain.calendar import AUTUMN, SPRING
from domain.case_filter import Round
from domain.school_year import Period
from domain.terms import say

SEASONS = {3: SPRING, 9: AUTUMN}
BEGUN = 4  # how many that have begun are offered, beside the one to come


def regular_round(year: int, month: int) -> Round:
    """The round of a March or September: from the first day of the month to the last, which its figures stand for."""
    term = SEASONS[month]
    starts, ends = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return Round(f"{starts:%Y-%m}", say(f"round.{month}", year=year), starts, ends, ends, Period(year - (term == SPRING), term))


def regular_rounds(today: date) -> list[Round]:
    """The next round to begin and those before it, the latest first."""
    every = [regular_round(today.year + years, month) for years in (1, 0, -1, -2) for month in sorted(SEASONS, reverse=True)]
    begun = [one for one in every if one.starts <= today]
    return [*[one for one in every if one.starts > today][-1:], *begun[:BEGUN]]
