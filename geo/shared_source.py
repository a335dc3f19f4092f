"""The numbers of a map that leaves the house: whatever is drawn or written from them, no small number can be found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from domain.area_counts import AreaCounts
from domain.case_filter import CaseFilter
from domain.catchments import sum_catchments
from domain.errors import ProblemError
from domain.grades import Stage
from domain.map_counts import MapCount
from domain.suppress import SuppressRule, publish
from domain.targets import Verdict
from geo.classes import ClassBreaks, ClassMethod, find_breaks
from geo.drawing import Ratio, Source

OF_ONE_STAGE = frozenset({MapCount.LOST, MapCount.STARTED})  # never told of all stages together, so no stage is a rest


@dataclass(frozen=True)
class SharedSource:
    """geo.drawing.Source over another, made safe to share.

    Small numbers are hidden over everything in view, and only then is one area cut out or villages added up to catchments:
    a sheet of one town hides what the county's sheet hides, and neither gives the other away. For the same reason there are
    no sheets of some children of a place (by grade, group, case), nor of those who came and left between two days.
    """

    exact: Source
    rule: SuppressRule

    def count(self, chosen: CaseFilter, counted: MapCount, /) -> AreaCounts:
        """A count with what is small hidden. Raises ProblemError for a filter that picks some children of a place."""
        self._refuse_parts(chosen, counted)
        everywhere = replace(chosen, area=None)
        counts = publish(lambda which: self.exact.count(everywhere, which), counted, self.rule)
        return counts.inside(chosen.area) if chosen.area else counts

    def changed(self, chosen: CaseFilter, counted: MapCount, without: CaseFilter, /) -> AreaCounts:
        """Nothing: who came or left between two days is few. Raises ProblemError."""
        raise ProblemError("map.shared.change")

    def breaks(
        self, chosen: CaseFilter, share: Ratio, method: ClassMethod, codes: tuple[str, ...], stage: Stage | None, /
    ) -> ClassBreaks:
        """The classes of a share over what is not hidden: an edge is the rate of a place."""
        counts = [self.count(chosen, which) for which in share]
        if stage:
            counts = [sum_catchments(one, self.catchments(stage)) for one in counts]
        above, below = ({code: one.totals.get(code) for code in codes} for one in counts)
        return find_breaks(above, below, method)

    def catchments(self, stage: Stage, /) -> Mapping[str, str]:
        """Village -> the school that serves it."""
        return self.exact.catchments(stage)

    def verdicts(self, chosen: CaseFilter, /) -> Sequence[tuple[str, Verdict]]:
        """School code and verdict."""
        return self.exact.verdicts(chosen)

    def target(self, chosen: CaseFilter, /) -> Fraction | None:
        """The strictest dropout target that binds the area."""
        return self.exact.target(chosen)

    def _refuse_parts(self, chosen: CaseFilter, counted: MapCount) -> None:
        asked = chosen.without("stage") if counted in OF_ONE_STAGE else chosen
        if names := asked.narrowed():
            said = reduce(_join, (ProblemError(f"filter.{name}") for name in names))
            raise ProblemError("map.shared.narrowed", parts=said)


def _join(first: ProblemError, last: ProblemError) -> ProblemError:
    return ProblemError("map.shared.and", first=first, last=last)
