"""How large the demo is: the county of the daily work, and the prefecture that shows it holds up at scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DEMO_DATE = date(2026, 11, 20)
GRADES = 9
YEARS_OF_HISTORY = 3  # this school year and the two before


class DemoSize(StrEnum):
    """The two demos."""

    COUNTY = "county"
    PREFECTURE = "prefecture"


@dataclass(frozen=True)
class DemoPlan:
    """What is made. All numbers count rows, unless they are shares.

    `pupils`: on a register on the demo date. `left_behind`: of these, by the education definition. `graduates`: left the
    ninth grade in each of the two summers before. `elsewhere`: children of the county who never were on its registers.
    `leavers`: left with papers in the three years. `lost_in_transition`: graduates of grade 6 in no grade 7, per summer.
    `migrant_origin`: where households from outside are registered; None: in another county of the demo. `visits`: all of
    them; at most `visits_per_case` for one case, the latest. `called`: share of the cases that began with a telephone call.
    `visited`: share of the pupils visited at home this term, and the term before. `report_days`: school days with daily
    reports and the absences behind them; those before the close of the last `reported_rounds` inspections come on top.
    """

    size: DemoSize
    areas: str
    root: str
    migrant_origin: str | None
    schools: Mapping[str, int]
    pupils: int
    left_behind: int
    graduates: int
    elsewhere: int
    leavers: int
    lost_in_transition: tuple[int, int]
    special_pupils: int
    unlocated: int
    living_outside: int
    open_cases: int
    closed_cases: int
    visits: int
    visits_per_case: int
    called: float
    visited: tuple[float, float]
    report_days: int
    reported_rounds: int
    ethnic_groups: Mapping[str, float]


COUNTY = DemoPlan(
    size=DemoSize.COUNTY,
    areas="areas_350430.geojson.gz",
    root="350430",
    migrant_origin="350429",
    schools={"special": 1, "nine_year": 4, "junior": 7, "teaching_point": 4, "primary": 24},
    pupils=15_000,
    left_behind=2_412,
    graduates=1_580,
    elsewhere=130,
    leavers=340,
    lost_in_transition=(8, 5),
    special_pupils=64,
    unlocated=60,
    living_outside=140,
    open_cases=120,
    closed_cases=400,
    visits=16_000,
    visits_per_case=8,
    called=0.6,
    visited=(0.45, 0.6),
    report_days=20,
    reported_rounds=2,
    ethnic_groups={"汉族": 0.962, "畲族": 0.022, "回族": 0.006, "土家族": 0.005, "苗族": 0.005},
)
PREFECTURE = DemoPlan(
    size=DemoSize.PREFECTURE,
    areas="areas_5206.geojson.gz",
    root="5206",
    migrant_origin=None,
    schools={"special": 10, "nine_year": 80, "junior": 200, "teaching_point": 110, "primary": 500},
    pupils=700_000,
    left_behind=135_308,  # the figure of R177
    graduates=74_000,
    elsewhere=4_000,
    leavers=9_000,
    lost_in_transition=(170, 110),
    special_pupils=1_300,
    unlocated=1_400,
    living_outside=5_000,
    open_cases=20_000,
    closed_cases=10_000,
    visits=60_000,
    visits_per_case=2,
    called=0.15,
    visited=(0.04, 0.0),
    report_days=5,
    reported_rounds=1,
    ethnic_groups={"汉族": 0.30, "土家族": 0.35, "苗族": 0.15, "侗族": 0.14, "仡佬族": 0.06},
)
PLANS: Mapping[DemoSize, DemoPlan] = {plan.size: plan for plan in (COUNTY, PREFECTURE)}
