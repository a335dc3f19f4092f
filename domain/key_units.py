"""Key units and key towns (重点管理单位, 重点管理镇), and the marks for units that lose no child (R011-R012, R115, R139-R146)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.grades import Stage
from domain.rates import Rate
from domain.scope import Scope

TOWN_DIGITS = 9
SEED_LINES: Mapping[Stage, Fraction] = {Stage.PRIMARY: Fraction(2, 1000), Stage.JUNIOR: Fraction(8, 1000)}


def sees_whole_towns(scope: Scope, chosen: CaseFilter) -> bool:
    """Whether towns are in view with all their schools: a rate of some of them is not the town's, and marks no town."""
    narrow = chosen.school or scope.schools or len(chosen.area or "") > TOWN_DIGITS
    return not narrow and all(len(area) <= TOWN_DIGITS for area in scope.areas)


class KeyMark(StrEnum):
    """What a unit is listed as; `key_town` only for towns over the line in both stages (R140)."""

    NONE = "none"
    KEY_UNIT = "key_unit"
    KEY_TOWN = "key_town"


@dataclass(frozen=True)
class Listing:
    """The listing test of one unit: its mark, the stages over their line, and the stages without data.

    A unit with missing stages is listed for what is known, and must not be read as cleared for the rest.
    """

    mark: KeyMark
    over: tuple[Stage, ...]
    missing: tuple[Stage, ...]


def listing(rates: Mapping[Stage, Rate | None], is_town: bool, lines: Mapping[Stage, Fraction] = SEED_LINES) -> Listing:
    """Test a unit's listing rates (`rate_families.listing_rate`, primary-to-junior losses included) against the lines.

    超过 is strict: exactly 0.8 % is not over. A town over either line is a key unit, over both a key town; a school is a key
    unit. `rates` has the stages that the unit has: a stage it does not have is not missing.
    """
    missing = tuple(stage for stage, rate in rates.items() if rate is None or rate.fraction is None)
    over = tuple(stage for stage, rate in rates.items() if rate is not None and stage in lines and rate.exceeds(lines[stage]))
    if is_town and set(over) >= set(lines):
        return Listing(KeyMark.KEY_TOWN, over, missing)
    return Listing(KeyMark.KEY_UNIT if over else KeyMark.NONE, over, missing)


@dataclass(frozen=True)
class ListedUnit:
    """A line of the published key list (R115): what the unit is listed as, since when without a break, when this list was
    published, and the last day on which it may still mend the matter.

    Raises ProblemError when the deadline lies before the publication.
    """

    unit_code: str
    mark: KeyMark
    listed_since: date
    published_on: date
    rectify_by: date

    def __post_init__(self) -> None:
        if self.rectify_by < self.published_on:
            raise ProblemError("keyunit.deadline_before_publication")

    def is_overdue(self, mark_now: KeyMark, as_of: date) -> bool:
        """Whether the deadline is over and the unit is still over a line; on the deadline itself it is in time."""
        return as_of > self.rectify_by and mark_now is not KeyMark.NONE


def key_list(
    listings: Mapping[str, Listing], before: Mapping[str, date], published_on: date, rectify_by: date
) -> tuple[ListedUnit, ...]:
    """The list to publish: every unit with a mark, by code. `before`: since when the units of the last list stood on it."""
    return tuple(
        ListedUnit(code, one.mark, before.get(code, published_on), published_on, rectify_by)
        for code, one in sorted(listings.items())
        if one.mark is not KeyMark.NONE
    )


class Badge(StrEnum):
    """The mark of a class, grade, school or town that loses no child (无辍班级 ... 无流生镇)."""

    EARNED = "earned"
    SO_FAR = "so_far"
    NOT_EARNED = "not_earned"
    DATA_INCOMPLETE = "data_incomplete"


@dataclass(frozen=True)
class Completeness:
    """Whether a unit's data can carry a badge: every due report is in, every absence verified, the headcount adds up."""

    reports_due: int
    reports_submitted: int
    unverified_absences: int
    headcount_explained: bool

    @property
    def is_complete(self) -> bool:
        """All of it; a unit from which no report was due is not complete, for nothing is known."""
        return 0 < self.reports_due <= self.reports_submitted and self.unverified_absences == 0 and self.headcount_explained


def merge_completeness(parts: Iterable[Completeness]) -> Completeness:
    """A town is as complete as its schools together; one without any school is not complete."""
    every = tuple(parts)
    return Completeness(
        sum(part.reports_due for part in every),
        sum(min(part.reports_submitted, part.reports_due) for part in every),
        sum(part.unverified_absences for part in every),
        all(part.headcount_explained for part in every),
    )


def badge(lost: int | None, completeness: Completeness, year_over: bool) -> Badge:
    """The badge for a period with `lost` children lost and not back, primary-to-junior losses included (R146).

    A known loss decides even when data are incomplete; no loss counts only where they are complete.
    """
    if lost is not None and lost > 0:
        return Badge.NOT_EARNED
    if lost is None or not completeness.is_complete:
        return Badge.DATA_INCOMPLETE
    return Badge.EARNED if year_over else Badge.SO_FAR


class Recognition(StrEnum):
    """Where the recognition of a dropout-free town or school stands (R143-R144)."""

    APPLIED = "applied"
    INSPECTED = "inspected"
    PASSED = "passed"
    FAILED = "failed"


NEXT_RECOGNITION: Mapping[Recognition | None, frozenset[Recognition]] = {
    None: frozenset({Recognition.APPLIED}),
    Recognition.APPLIED: frozenset({Recognition.INSPECTED}),
    Recognition.INSPECTED: frozenset({Recognition.PASSED, Recognition.FAILED}),
    Recognition.PASSED: frozenset(),
    Recognition.FAILED: frozenset({Recognition.APPLIED}),
}


def check_recognition(before: Recognition | None, after: Recognition) -> None:
    """Raise ProblemError unless recognition may go from `before` to `after`: nobody passes without an inspection."""
    if after not in NEXT_RECOGNITION[before]:
        raise ProblemError("keyunit.recognition_out_of_order", after=ProblemError(f"recognition.{after}"))


def batch_progress(planned: Mapping[str, int], passed: Mapping[str, int]) -> Mapping[int, Rate]:
    """Units passed / units planned for each year of the batch plan (R145: all of them within three years).

    `planned`: unit -> the year it is due; `passed`: unit -> the year in which it passed, early passes counted.
    """
    years = sorted(set(planned.values()))
    due = {year: [unit for unit, target in planned.items() if target == year] for year in years}
    return {year: Rate(sum(passed.get(unit, year + 1) <= year for unit in due[year]), len(due[year])) for year in years}
