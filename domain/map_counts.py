"""What the map can count by village: one list for layers, cards, tables and files."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class MapCount(StrEnum):
    """What can be counted by village. The first five are those of the summary (Measure).

    cases: children with an open case that the filter chooses. visited: those of them visited at the door since it was
    opened. missed_visits: 应访未访 (domain.visit_coverage). started: pupils in school at the start of the period. lost: those
    lost since and not back, by the formula family in force. left_behind_all: by either definition. checked: those of them
    checked within a quarter (R065).
    """

    CHILDREN = "children"
    AT_RISK = "at_risk"
    LEFT_BEHIND = "left_behind"
    LEFT_BEHIND_CIVIL = "left_behind_civil"
    OVERDUE = "overdue"
    CASES = "cases"
    VISITED = "visited"
    MISSED_VISITS = "missed_visits"
    STARTED = "started"
    LOST = "lost"
    LEFT_BEHIND_ALL = "left_behind_all"
    CHECKED = "checked"


# What each count is taken from: where both are shown, small rests are withheld too (domain.suppress.publish).
PART_OF: Mapping[MapCount, MapCount] = MappingProxyType(
    {
        MapCount.AT_RISK: MapCount.CHILDREN,
        MapCount.LEFT_BEHIND: MapCount.CHILDREN,
        MapCount.LEFT_BEHIND_CIVIL: MapCount.CHILDREN,
        MapCount.OVERDUE: MapCount.AT_RISK,
        MapCount.VISITED: MapCount.CASES,
        MapCount.MISSED_VISITS: MapCount.CASES,
        MapCount.LOST: MapCount.STARTED,
        MapCount.CHECKED: MapCount.LEFT_BEHIND_ALL,
    }
)
