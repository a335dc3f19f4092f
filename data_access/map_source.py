"""The numbers of a map straight from the database: what the command line draws from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data_access.areas import read_areas
from data_access.catchments import read_catchments
from data_access.children import count_changed
from data_access.map_counts import place_counts, read_area_counts
from data_access.measures import Measure
from data_access.schools import read_schools
from data_access.targets import read_targets
from domain.area_counts import AreaCounts
from domain.area_targets import dropout_target
from domain.case_filter import CaseFilter
from domain.catchments import sum_catchments
from domain.grades import Stage
from domain.map_counts import MapCount
from domain.scope import Scope
from domain.targets import Verdict

COUNTY = 6  # digits


@dataclass(frozen=True)
class StoredSource:
    """geo.drawing.Source on a connection; `find_breaks` is geo.classes.find_breaks."""

    conn: Connection
    scope: Scope
    find_breaks: Callable[..., Any]

    def count(self, chosen: CaseFilter, counted: MapCount, /) -> AreaCounts:
        """A count over villages, towns, counties and the whole."""
        return read_area_counts(self.conn, self.scope, chosen, counted)

    def changed(self, chosen: CaseFilter, counted: MapCount, without: CaseFilter, /) -> AreaCounts:
        """Who came into a count, or left it."""
        found = count_changed(self.conn, self.scope, chosen, Measure(counted.value), without)
        return place_counts(self.conn, self.scope, found)

    def breaks(
        self, chosen: CaseFilter, share: tuple[MapCount, MapCount], method: Any, codes: tuple[str, ...], stage: Stage | None, /
    ) -> Any:
        """The classes of a share."""
        counts = [self.count(chosen, which) for which in share]
        if stage:
            counts = [sum_catchments(one, self.catchments(stage)) for one in counts]
        above, below = ({code: one.totals.get(code) for code in codes} for one in counts)
        return self.find_breaks(above, below, method)

    def catchments(self, stage: Stage, /) -> Mapping[str, str]:
        """Village -> the school that serves it."""
        return read_catchments(self.conn, stage)

    def verdicts(self, chosen: CaseFilter, /) -> Sequence[tuple[str, Verdict]]:
        """School code and verdict."""
        return [(row.school_code, row.verdict) for row in read_schools(self.conn, self.scope, chosen)]

    def target(self, chosen: CaseFilter, /) -> Fraction | None:
        """The strictest dropout target that binds the area."""
        if chosen.period is None or chosen.as_of is None:
            return None
        unit = chosen.area or min(row.code for row in read_areas(self.conn, self.scope) if len(row.code) >= COUNTY)
        return dropout_target(read_targets(self.conn, chosen.period.school_year, chosen.as_of), unit, chosen)
