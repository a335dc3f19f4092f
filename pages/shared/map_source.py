"""The numbers of the map from the remembered reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from data_access.measures import Measure
from data_access.schools import SchoolRow
from domain.area_counts import AreaCounts
from domain.area_targets import dropout_target
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.map_counts import MapCount
from domain.scope import Scope
from domain.targets import Verdict
from geo.classes import ClassBreaks, ClassMethod
from pages.shared import cached
from pages.shared.view import read_lang, tell


@dataclass(frozen=True)
class CachedSource:
    """geo.drawing.Source for one who looks."""

    scope: Scope

    def count(self, chosen: CaseFilter, counted: MapCount, /) -> AreaCounts:
        """A count over villages, towns, counties and the whole."""
        return cached.read_area_counts(self.scope, chosen, counted)

    def changed(self, chosen: CaseFilter, counted: MapCount, without: CaseFilter, /) -> AreaCounts:
        """Who came into a count, or left it."""
        return cached.read_changed_counts(self.scope, chosen, Measure(counted.value), without)

    def breaks(
        self, chosen: CaseFilter, share: cached.Share, method: ClassMethod, codes: tuple[str, ...], stage: Stage | None, /
    ) -> ClassBreaks:
        """The classes of a share."""
        return cached.read_breaks(self.scope, chosen, share, method, codes, stage)

    def catchments(self, stage: Stage, /) -> Mapping[str, str]:
        """Village -> the school that serves it."""
        return cached.read_catchments(stage)

    def verdicts(self, chosen: CaseFilter, /) -> Sequence[tuple[str, Verdict]]:
        """School code and verdict."""
        return [(row.school_code, row.verdict) for row in cached.read_schools(self.scope, chosen)]

    def target(self, chosen: CaseFilter, /) -> Fraction | None:
        """The strictest dropout target that binds the area."""
        if chosen.period is None or chosen.as_of is None:
            return None
        unit = chosen.area or next(iter(self.scope.areas), "") or cached.first_county(self.scope)
        targets = cached.read_targets(chosen.period.school_year, chosen.as_of)
        return dropout_target(targets, unit, chosen)


def say_school(row: SchoolRow) -> str:
    """Stage, rate with its fraction, verdict and target of a school, in one line."""
    target = tell("map_page.no_target")
    if row.target is not None:
        target = tell("map_page.target", target=f"{float(row.target.value * 100):.2f}")
    stage, verdict = tell(f"stage.{row.stage}"), tell(f"map.verdict.{row.verdict}")
    return f"{stage} · {row.rate.show_with_counts(read_lang())} · {tell('panel.bracketed', text=verdict, more=target)}"
