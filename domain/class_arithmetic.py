"""The arithmetic of class assessment: baselines, the coefficient for losses, who may be honoured, and the three pass rates.

It applies to teachers' assessment only (R137, R161-R169, R081); a child's enrolment and the dropout rate never change by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

from domain.rates import Rate
from domain.school_year import school_year_of

CLASS_LINE = Fraction(2, 100)


class BaselineKind(StrEnum):
    """Which headcount a class is measured against."""

    TERM_START = "term_start"
    MID_TERM_TAKEOVER = "mid_term_takeover"
    GRADE_ONE_INTAKE = "grade_one_intake"


def baseline_kind(grade: int, taken_over: bool, first_term: bool) -> BaselineKind:
    """A class taken over on the way: the end of last term (R162); a new grade 1: its intake (R163); else the term's start."""
    if taken_over:
        return BaselineKind.MID_TERM_TAKEOVER
    return BaselineKind.GRADE_ONE_INTAKE if grade == 1 and first_term else BaselineKind.TERM_START


@dataclass(frozen=True)
class Headcounts:
    """The counts a baseline can be taken from; None where nobody recorded one."""

    term_start: int | None = None
    last_term_end: int | None = None
    intake: int | None = None


def baseline(kind: BaselineKind, counts: Headcounts) -> int | None:
    """The class's baseline in pupils; None when the count it needs is missing: no other count takes its place."""
    return {
        BaselineKind.TERM_START: counts.term_start,
        BaselineKind.MID_TERM_TAKEOVER: counts.last_term_end,
        BaselineKind.GRADE_ONE_INTAKE: counts.intake,
    }[kind]


def assessed_headcount(enrolled: int, special_difficulty: int, agreed: int) -> int:
    """Pupils in the assessment: enrolled less those of special difficulty whose guardian agreed (R081-R082).

    Without a recorded agreement a pupil stays in; all of them stay in enrolment and in the dropout rate's denominator.
    """
    return enrolled - min(agreed, special_difficulty)


@dataclass(frozen=True)
class PenaltySettings:
    """The seed's penalty: `step` off the coefficient for each loss beyond the `standard` share of the baseline, not under
    `lowest`. Linear, not compounded (R161, R019)."""

    standard: Fraction = CLASS_LINE
    step: Fraction = Fraction(2, 100)
    lowest: Fraction = Fraction(0)


SEED_PENALTY = PenaltySettings()


def excess_losses(losses: int, baseline: int, settings: PenaltySettings = SEED_PENALTY) -> int:
    """Losses beyond the standard allowance: the whole children in standard x baseline. Proven transfers are no losses."""
    return max(0, losses - floor(settings.standard * baseline))


def coefficient(excess: int, settings: PenaltySettings = SEED_PENALTY) -> Fraction:
    """The assessment coefficient: 1 - step x excess losses, never under `lowest`."""
    return max(settings.lowest, 1 - settings.step * excess)


def teacher_is_eligible(rate: Rate, line: Fraction = CLASS_LINE) -> bool | None:
    """Whether the class teacher may be honoured this year: not when the class's dropout rate is over the line (R005, R169).

    A junior class's annual rate; exactly 2 % is not over. None for a missing rate.
    """
    return None if rate.fraction is None else not rate.exceeds(line)


FIRST_WEEK_COUNTED = 2


def scores_zero(week_lost: int) -> bool:
    """Whether a pupil lost in this teaching week scores 0 in both exams of the term: from week 2 on (R167)."""
    return week_lost >= FIRST_WEEK_COUNTED


@dataclass(frozen=True)
class PassRates:
    """合格率, 优秀率 and 差控率 with lost pupils counted as zero scores (R168)."""

    passed: Rate
    excellent: Rate
    low: Rate


def pass_rates(sat: int, passed: int, excellent: int, low: int, lost: int) -> PassRates:
    """The three rates over pupils who sat + pupils who score zero (`scores_zero`); the lost are low scores, never passes."""
    counted = sat + lost
    return PassRates(Rate(passed, counted), Rate(excellent, counted), Rate(low + lost, counted))


def credits_new_teacher(lost_on: date, returned_on: date) -> bool:
    """Whether a return is credited to the new teacher: it happened in a later school year than the loss (R166)."""
    return school_year_of(returned_on) > school_year_of(lost_on)


@dataclass(frozen=True)
class MoneySettings:
    """Deductions and rewards in yuan (R164-R165); off until a bureau turns them on."""

    enabled: bool = False
    deduction_per_loss: int = 50
    reward_per_return: int = 50


@dataclass(frozen=True)
class Money:
    """What one member of the control group loses, and one who brought children back gains, in yuan."""

    deduction: int
    reward: int


def money(lost: int, brought_back: int, settings: MoneySettings | None = None) -> Money | None:
    """The money items of one person; None while they are off."""
    rules = settings or MoneySettings()
    return Money(lost * rules.deduction_per_loss, brought_back * rules.reward_per_return) if rules.enabled else None


def grade_rate(classes: Iterable[tuple[int, int | None]]) -> Rate:
    """The rate of a grade, assessed together with its classes (R214): their (losses, baselines) added up.

    Missing where the baseline of one of its classes is.
    """
    told = list(classes)
    whole = all(baseline is not None for _, baseline in told)
    return Rate(sum(lost for lost, _ in told), sum(baseline or 0 for _, baseline in told) if whole else 0)
