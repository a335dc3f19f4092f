"""School catchments: which school serves a village, and counts by catchment (学区).

A bureau draws catchments every year and may declare them; where it has not, the school that most of a village's pupils of
the stage attend serves it.
"""

from collections import defaultdict
from collections.abc import Mapping

from domain.area_counts import WHOLE, AreaCounts, Cell, add_cells

VILLAGE = 12  # digits of a village's code


def serving_schools(pupils: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Village -> the school that serves it, from (village, school) -> pupils; of equals the lower code."""
    best: dict[str, tuple[int, str]] = {}
    for (village, school), count in sorted(pupils.items()):
        if count > 0 and (village not in best or count > best[village][0]):
            best[village] = (count, school)
    return {village: school for village, (_, school) in best.items()}


def sum_catchments(counts: AreaCounts, served: Mapping[str, str]) -> AreaCounts:
    """Counts by village as counts by catchment (the school's code); what no school serves is unplaced, nothing is dropped.

    A hidden village hides its catchment. The whole keeps its total.
    """
    totals: defaultdict[str, Cell] = defaultdict(lambda: None)
    loose: Cell = None
    for code, cell in counts.totals.items():
        if len(code) == VILLAGE and (school := served.get(code)):
            totals[school] = add_cells(totals[school], cell)
        elif len(code) == VILLAGE:
            loose = add_cells(loose, cell)
    for code, cell in counts.unplaced.items():
        if len(code) < VILLAGE:
            loose = add_cells(loose, cell)
    return AreaCounts({**totals, WHOLE: counts.totals[WHOLE]}, {WHOLE: loose})
