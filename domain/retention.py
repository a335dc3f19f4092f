"""How many of a cohort stay: retention, enrolment, transition, return and coverage, each with its own denominator.

Retention is shown twice, side by side: uncorrected, which punishes a school for every transfer, and adjusted by the
transfers, which is published as 100 % at the most (R004, R007, R158-R160).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from domain.rates import Rate


def three_year_retention(exam_sitters: int, grade_seven_count: int) -> Rate:
    """三年保存率, the seed's: pupils who sit the exam in grade 9 / grade-7 pupils in the yearly return three years before.

    Not corrected for transfers: whoever does not sit counts as lost (R158-R159), and transfers in can lift it over 1.
    """
    return Rate(exam_sitters, grade_seven_count)


def adjusted_retention(graduates: int, entrants: int, moved_in: int, moved_out: int) -> Rate:
    """三年 (六年) 巩固率: graduates / (entrants three or six years before + moved in - moved out with proof), at most 1.

    Missing (denominator 0) when as many or more moved out as ever came.
    """
    return Rate(graduates, max(0, entrants + moved_in - moved_out)).capped()


class CohortCounts(NamedTuple):
    """One year group of a school and stage as of a day; every field counts children.

    `entrants`: on the register on 1 September of the year of entry. `moved_in`: joined later. `moved_out`: left with proof,
    or found on another register. `kept`: on the register and not lost; at graduation for good. `sitters`: who sat the exam of
    grade 9, None while there is no list.
    """

    entrants: int = 0
    kept: int = 0
    moved_in: int = 0
    moved_out: int = 0
    sitters: int | None = None

    @property
    def adjusted(self) -> Rate:
        """巩固率, corrected for transfers; before graduation it stands as of the day."""
        return adjusted_retention(self.kept, self.entrants, self.moved_in, self.moved_out)

    @property
    def three_year(self) -> Rate:
        """三年保存率, uncorrected; missing without an exam list."""
        return Rate(0, 0) if self.sitters is None else three_year_retention(self.sitters, self.entrants)

    @property
    def unexplained(self) -> int:
        """Pupils who should be there and are not: the loss of this year group."""
        return self.entrants + self.moved_in - self.moved_out - self.kept


def nine_year_retention(graduating_class: int, grade_one_count: int) -> Rate:
    """九年义务教育巩固率: pupils of the graduating junior class / pupils of that cohort when they entered grade 1.

    Migration lifts or sinks it in a county: show it with the transfers.
    """
    return Rate(graduating_class, grade_one_count)


def gross_enrolment(pupils_of_any_age: int, population_of_age: int) -> Rate:
    """毛入学率: all pupils of a level, whatever their age / population of the official age; may exceed 1."""
    return Rate(pupils_of_any_age, population_of_age)


def net_enrolment(pupils_of_age: int, population_of_age: int) -> Rate:
    """净入学率: pupils of the official age / population of that age (R001); a suspended pupil is not in school until back."""
    return Rate(pupils_of_age, population_of_age)


def disabled_enrolment(placed: int, school_age_disabled: int, deferred: int = 0) -> Rate:
    """残疾儿童入学率: placed / disabled children of school age; give `deferred` to leave out approved deferrals."""
    return Rate(placed, school_age_disabled - deferred)


@dataclass(frozen=True)
class Coverage:
    """How many of those due are done, and who is not: `missing` in order (R050, R064, R134, R136, R177, R179)."""

    rate: Rate
    missing: tuple[str, ...]


def coverage(due: Collection[str], done: Collection[str]) -> Coverage:
    """Distinct children (or units) of `due` that stand in `done`; one done twice, or done without being due, adds nothing."""
    wanted = set(due)
    missing = wanted - set(done)
    return Coverage(Rate(len(wanted) - len(missing), len(wanted)), tuple(sorted(missing)))


def transition(graduates: Collection[str], in_grade_seven: Collection[str], explained: Collection[str] = ()) -> Coverage:
    """小升初升学率 traced child by child: graduates found in a grade 7, or explained / all of grade 6 (R007, R193).

    `explained`: found elsewhere with proof, or gone for a reason that is no loss. `missing` are the losses of the
    listing test (R012).
    """
    return coverage(graduates, {*in_grade_seven, *explained})


def exam_absentees(grade_nine_register: Collection[str], registered_for_exam: Collection[str]) -> tuple[str, ...]:
    """Pupils on the grade-9 register who are not registered for the exam: each must be explained (R201)."""
    return coverage(grade_nine_register, registered_for_exam).missing


@dataclass(frozen=True)
class ReturnRates:
    """复学率 two ways (R175): `gross` counts everyone who ever came back, `net` only those in school now."""

    gross: Rate
    net: Rate


def return_rates(to_return: int | None, ever_returned: int | None, in_school_now: int | None) -> ReturnRates:
    """Both return rates over the children who were to be brought back; a second dropout widens the gap (R100).

    A count that nobody filled in (None) leaves its rate missing, never 0.
    """
    return ReturnRates(_if_known(ever_returned, to_return), _if_known(in_school_now, to_return))


def _if_known(numerator: int | None, denominator: int | None) -> Rate:
    return Rate(0, 0) if numerator is None or denominator is None else Rate(numerator, denominator)


def cohort_losses(headcounts: Sequence[int | None]) -> tuple[int | None, ...]:
    """Pupils lost from each grade to the next along one cohort; negative for a gain, None where a count is missing."""
    return tuple(None if before is None or after is None else before - after for before, after in pairwise(headcounts))
