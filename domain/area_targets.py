"""The dropout target that binds a whole area, for maps that paint rates against it."""

from collections.abc import Iterable
from fractions import Fraction

from domain.areas import LENGTHS
from domain.case_filter import CaseFilter
from domain.targets import Indicator, Target, applying, strictest


def dropout_target(targets: Iterable[Target], unit: str, chosen: CaseFilter) -> Fraction | None:
    """The strictest of those set for the area `unit` or above it (R013), in the stage, year and on the day of the filter.

    None where none is set, and for a filter without a stage: the two stages have targets of their own.
    """
    if chosen.stage is None or chosen.period is None or chosen.as_of is None:
        return None
    chain = {unit[:length] for length in LENGTHS.values() if length <= len(unit)}
    year = chosen.period.school_year
    found = strictest(applying(targets, chain, chosen.stage, year, Indicator.DROPOUT_RATE, as_of=chosen.as_of))
    return found.value if found else None
