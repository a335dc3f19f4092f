"""Checks of figures that somebody wrote into a report: sums, parts, rates and changes, recomputed (R170-R181, R197)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.rates import Rate, half_up, show_percent
from domain.terms import Lang, say


class Figure(StrEnum):
    """What was checked."""

    HEADCOUNT = "headcount"
    MOVES = "moves"
    PARTITION = "partition"
    REMOVED = "removed"
    RATE = "rate"
    CHANGE = "change"
    NO_COUNTS = "no_counts"
    VISITS_PER_PAIR = "visits_per_pair"
    PART_OVER_WHOLE = "part_over_whole"
    SAME_AS_BEFORE = "same_as_before"
    SIGNED_TOO_EARLY = "signed_too_early"


@dataclass(frozen=True)
class Finding:
    """One check: `holds` None when a figure is blank, for a blank is never 0. Both values as text, ready to show."""

    figure: Figure
    holds: bool | None
    stated: str
    recomputed: str

    def say(self, lang: Lang) -> str:
        """The finding in words: what was written, and what comes out."""
        outcome = {True: "holds", False: "differs", None: "blank"}[self.holds]
        name = say(f"figure.{self.figure}", lang)
        return say(f"figure.{outcome}", lang, name=name, stated=self.stated, recomputed=self.recomputed)


def _compare(figure: Figure, stated: int | None, parts: Sequence[int | None]) -> Finding:
    known = [part for part in parts if part is not None]
    if stated is None or len(known) < len(parts):
        return Finding(figure, None, _shown(stated), "")
    return Finding(figure, stated == sum(known), _shown(stated), _shown(sum(known)))


def _shown(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def check_headcount(before: int | None, moved_in: int | None, moved_out: int | None, now: int | None) -> Finding:
    """Last term + in - out = now (R170: 466 + 6 - 2 = 470)."""
    return _compare(Figure.HEADCOUNT, now, (before, moved_in, None if moved_out is None else -moved_out))


def check_moves(moves: int | None, moved_in: int | None, moved_out: int | None) -> Finding:
    """All moves = in + out (R170: 6 + 2 = 8)."""
    return _compare(Figure.MOVES, moves, (moved_in, moved_out))


def check_partition(whole: int | None, parts: Sequence[int | None]) -> Finding:
    """The parts of a whole add up to it (R173: 14 + 3 + 6 = 23; R176: 13 + 192 = 205)."""
    return _compare(Figure.PARTITION, whole, parts)


def check_removed(before: int | None, after: int | None, removed: Mapping[str, int]) -> Finding:
    """What a matching took away is given reason by reason (R174: 23 -> 19 needs four, each with a reason)."""
    gone = None if before is None or after is None else before - after
    return _compare(Figure.REMOVED, gone, tuple(removed.values()))


def check_rate(stated: Fraction | None, rate: Rate, places: int = 2) -> Finding:
    """A published per cent equals its two counts, rounded half up to the `places` decimals it was written with.

    R171: 5 of 1,293 is 0.39 %; R177: 134,630 of 135,308 is 99.50 %.
    """
    return _compare_shares(Figure.RATE, stated, rate.fraction, places)


def check_change(stated: Fraction | None, before: int | None, after: int | None, places: int = 2) -> Finding:
    """A published relative change equals (after - before) / before.

    R180: 2,200 -> 2,640 is +20 %; R181: 400 -> 495 is +23.75 %.
    """
    exact = Fraction(after - before, before) if before and after is not None else None
    return _compare_shares(Figure.CHANGE, stated, exact, places)


def _compare_shares(figure: Figure, stated: Fraction | None, exact: Fraction | None, places: int) -> Finding:
    shown = _percent(stated, places), _percent(exact, places)
    if stated is None or exact is None:
        return Finding(figure, None, *shown)
    return Finding(figure, half_up(stated * 100, places) == half_up(exact * 100, places), *shown)


def _percent(share: Fraction | None, places: int) -> str:
    return "" if share is None else show_percent(share, places=places)


def check_has_counts(stated: Fraction, numerator: int | None, denominator: int | None) -> Finding:
    """A per cent without both its counts cannot be checked, and says so (R179: 覆盖率达72%)."""
    has_both = numerator is not None and denominator is not None
    return Finding(Figure.NO_COUNTS, has_both, _percent(stated, 2), f"{_shown(numerator)}/{_shown(denominator)}")


def check_visits_per_pair(visits: int | None, pairs: int | None) -> Finding:
    """Each pair was visited at least once on average (R178: 38,431 visits for 91,581 pairs is a warning)."""
    holds = None if visits is None or pairs is None else visits >= pairs
    return Finding(Figure.VISITS_PER_PAIR, holds, _shown(visits), _shown(pairs))


def check_part_of_whole(part: int | None, whole: int | None) -> Finding:
    """A part is not larger than its whole: files and children, poor dropouts and poor pupils."""
    holds = None if part is None or whole is None else part <= whole
    return Finding(Figure.PART_OVER_WHOLE, holds, _shown(part), _shown(whole))


def check_not_copied(figures: Sequence[int | None], figures_before: Sequence[int | None]) -> Finding:
    """Two periods do not carry the same figures throughout (R197: a stale copy); None for fewer than three figures."""
    told = [number for number in figures if number is not None]
    holds = None if len(told) < 3 else list(figures) != list(figures_before)
    return Finding(Figure.SAME_AS_BEFORE, holds, " ".join(map(_shown, figures)), " ".join(map(_shown, figures_before)))


def check_signed(signed_on: date | None, period_starts: date) -> Finding:
    """A report is not signed before its period begins (R197)."""
    holds = None if signed_on is None else signed_on >= period_starts
    return Finding(Figure.SIGNED_TOO_EARLY, holds, signed_on.isoformat() if signed_on else "", period_starts.isoformat())
