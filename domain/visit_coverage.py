"""Which villages were visited and which should have been: coverage of the children at risk, and 应访未访 (R134, R136)."""

from dataclasses import dataclass

from domain.rates import Rate
from domain.visits import NextStep

VISIT_STEPS = frozenset(
    {
        NextStep.WARNING_VISIT,
        NextStep.FIRST_VISIT,
        NextStep.JOINT_VISIT,
        NextStep.PRINCIPAL_VISIT,
        NextStep.VILLAGE_VISIT,
        NextStep.TOWNSHIP_VISIT,
        NextStep.JOINT_PERSUASION,
    }
)


@dataclass(frozen=True)
class VillageVisits:
    """The children at risk of one village on a day; every field counts children with an open case.

    `visited`: at least one visit at their door since the case was opened. `owed`: the next step is such a visit and its last
    day has passed.
    """

    at_risk: int = 0
    visited: int = 0
    owed: int = 0

    @property
    def coverage(self) -> Rate:
        """家访覆盖率: visited / at risk; missing, not 0, where nobody is at risk."""
        return Rate(self.visited, self.at_risk)

    @property
    def missed(self) -> int:
        """应访未访: the children owed a visit in a village where nobody at risk has been visited at all; else 0.

        A village is to be visited from the day the first visit there is overdue, and counts as visited from the first
        visit at the door of any of its children at risk: what is overdue after that is the overdue layer's business.
        """
        return 0 if self.visited else self.owed
