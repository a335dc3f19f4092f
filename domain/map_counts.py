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


_ALL, _CASES = MapCount.LEFT_BEHIND_ALL, MapCount.CASES
# What is left of a whole when parts are taken from it: where the rest is small the count is withheld too, as whoever sees them
# all can subtract (domain.suppress.publish). A count -> a whole and its parts, the count itself among them.
RESTS: Mapping[MapCount, tuple[tuple[MapCount, ...], ...]] = MappingProxyType(
    {
        MapCount.AT_RISK: ((MapCount.CHILDREN, MapCount.AT_RISK),),
        MapCount.LEFT_BEHIND: ((MapCount.CHILDREN, MapCount.LEFT_BEHIND),),
        MapCount.LEFT_BEHIND_CIVIL: ((MapCount.CHILDREN, MapCount.LEFT_BEHIND_CIVIL),),
        MapCount.OVERDUE: ((MapCount.AT_RISK, MapCount.OVERDUE),),
        MapCount.VISITED: ((_CASES, MapCount.VISITED),),
        MapCount.MISSED_VISITS: (
            *((_CASES, MapCount.MISSED_VISITS), (MapCount.OVERDUE, MapCount.MISSED_VISITS)),
            (_CASES, MapCount.VISITED, MapCount.MISSED_VISITS),
        ),
        MapCount.LOST: ((MapCount.STARTED, MapCount.LOST),),
        MapCount.LEFT_BEHIND_ALL: ((_ALL, MapCount.LEFT_BEHIND), (_ALL, MapCount.LEFT_BEHIND_CIVIL)),
        MapCount.CHECKED: ((_ALL, MapCount.CHECKED),),
    }
)
