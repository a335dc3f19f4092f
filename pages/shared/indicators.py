"""Every indicator with its formula, its source, and the same formula worked on the rows in view."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from data_access.measures import Measure
from data_access.schools import total_by_stage
from domain.area_counts import WHOLE, Cell
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.rate_families import COEFFICIENTS, LossCounts, RateFamily, dropouts
from domain.rates import Rate, show_percent
from domain.scope import Scope
from domain.suppress import is_small
from domain.targets import margin_children
from pages.shared import cached
from pages.shared.cohort_indicators import (
    work_adjusted,
    work_coefficient,
    work_disabled,
    work_enrolment,
    work_listing,
    work_loss,
    work_nine_years,
    work_returns,
    work_term,
    work_three_year,
    work_transition,
    work_visits,
)
from pages.shared.rate_bullets import read_target
from pages.shared.view import read_lang, tell


class Section(StrEnum):
    """The parts of the methods page."""

    RATES = "rates"
    COUNTS = "counts"
    LADDER = "ladder"
    SETTINGS = "settings"


Worked = Callable[[Scope, CaseFilter], Iterator[str]]


@dataclass(frozen=True)
class Method:
    """One rate: its words are `method.<name>` and `method.<name>.what`; `formula` in LaTeX, its letters told in the words.

    `worked` says it with the numbers in view.
    """

    name: str
    formula: str
    source: str
    worked: Worked


def work_net(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """The dropout rate of each stage: what counts, added up, over the pupils at the start."""
    for stage, counts in _totals(scope, chosen).items():
        family = read_family(scope, chosen)
        yield _say_rate(scope, stage, Rate(dropouts(counts, family), counts.start_count), say_sum(counts, family))


def say_sum(counts: LossCounts, family: RateFamily) -> str:
    """What a family adds and takes away, in words and numbers, what there is none of left out."""
    told = ""
    for name, times in COEFFICIENTS[family].items():
        if count := getattr(counts, name):
            sign = (" + " if told else "") if times > 0 else " − "
            told += f"{sign}{tell(f'losscounts.{name}')} {count:,}"
    return told.strip()


def work_gross(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """The same with the children who came back."""
    for stage, counts in _totals(scope, chosen).items():
        lost = dropouts(counts, read_family(scope, chosen))
        if not scope.sees_children and is_small(Rate(counts.returned, counts.start_count)):
            yield f"{tell(f'stage.{stage}')} {tell('map.hidden')}"  # beside the net rate it would tell how many returned
            continue
        told = f"{lost:,} + {tell('losscounts.returned')} {counts.returned:,}"
        yield _say_rate(scope, stage, Rate(lost + counts.returned, counts.start_count), told)


def work_margin(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """How many more children the area in view may lose."""
    code = chosen.area or min(scope.areas, default="")
    for stage, counts in _totals(scope, chosen).items():
        rate, target = Rate(dropouts(counts, read_family(scope, chosen)), counts.start_count), read_target(code, stage, chosen)
        margin = margin_children(rate, target)
        if target is None or margin is None or (is_small(rate) and not scope.sees_children):
            yield f"{tell(f'stage.{stage}')} {tell('target.unset')}"
        else:
            edge = f"⌊{show_percent(target.value)} × {rate.denominator:,}⌋ − {rate.numerator:,}"
            yield f"{tell(f'stage.{stage}')} {edge} = **{margin:,}**".replace("-", "−")


def work_share(measure: Measure) -> Worked:
    """The share of the children of school age that `measure` counts."""

    def work(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
        above, below = (read_whole(scope, chosen, which) for which in (measure, Measure.CHILDREN))
        if isinstance(above, int) and isinstance(below, int):
            yield f"{above:,} / {below:,} = **{Rate(above, below).show(read_lang())}**"

    return work


def work_fresh(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """The share of left-behind children checked within a quarter."""
    every = cached.count_left_behind(scope, chosen)
    fresh = every - cached.count_stale(scope, chosen)
    if scope.sees_children or not is_small(Rate(fresh, every)):
        yield f"{fresh:,} / {every:,} = **{Rate(fresh, every).show(read_lang())}**"


def read_whole(scope: Scope, chosen: CaseFilter, measure: Measure) -> Cell:
    """A count over everything in view, the unlocated included."""
    return cached.read_area_counts(scope, chosen, measure).totals[WHOLE]


def read_family(scope: Scope, chosen: CaseFilter) -> RateFamily:
    """The formula family of the first county in view."""
    return next((row.family for row in cached.read_schools(scope, chosen)), RateFamily.SEED)


def _totals(scope: Scope, chosen: CaseFilter) -> dict[Stage, LossCounts]:
    return total_by_stage(cached.read_schools(scope, chosen))


def _say_rate(scope: Scope, stage: Stage, rate: Rate, parts: str) -> str:
    if not scope.sees_children and is_small(rate):
        return f"{tell(f'stage.{stage}')} {tell('map.hidden')}"
    told = tell(f"stage.{stage}")
    if scope.sees_children:  # each part is a count of its own, and some are small
        told += f" ({parts or 0}) / {rate.denominator:,} ="
    return f"{told} {rate.numerator:,} / {rate.denominator:,} = **{rate.show(read_lang())}**"


METHODS = (
    Method("dropout_rate", r"r=\frac{L}{S}", "R001-R015, R189-R192", work_net),
    Method("gross_dropout_rate", r"g=\frac{L+R}{S}", "R175", work_gross),
    Method("margin", r"m=\lfloor t\cdot S\rfloor-L", "R007-R011", work_margin),
    Method("at_risk_share", r"a=\frac{A}{C}", "R055, R057", work_share(Measure.AT_RISK)),
    Method("left_behind_share", r"b=\frac{B}{C}", "R064-R068", work_share(Measure.LEFT_BEHIND)),
    Method("freshness", r"f=\frac{B-Q}{B}", "R065, R177", work_fresh),
    Method("term_dropout_rate", r"r_t=\frac{L_t}{S_t}", "R114", work_term),
    Method("listing_rate", r"q=\frac{L+T}{S}", "R011-R012, R139-R140", work_listing),
    Method("loss_rate", r"l=\frac{L}{N}", "R006, R137, R162-R163", work_loss),
    Method("coefficient", r"c=\max\left(0,1-0.02\,(L-\lfloor sN\rfloor)\right)", "R019, R161", work_coefficient),
    Method("enrolment_rate", r"e=\frac{P}{C}", "R001, R014", work_enrolment(gross=False)),
    Method("gross_enrolment", r"e'=\frac{P'}{C}", "R001", work_enrolment(gross=True)),
    Method("disabled_enrolment", r"d=\frac{P_d}{C_d-V}", "R079", work_disabled),
    Method("three_year_retention", r"k=\frac{E_9}{G_7}", "R004, R158-R160", work_three_year),
    Method("adjusted_retention", r"k'=\min\left(1,\frac{G}{H+I-O}\right)", "R004, R007", work_adjusted),
    Method("nine_year_retention", r"n=\frac{G_9}{H_1}", "R010", work_nine_years),
    Method("transition_rate", r"u=\frac{M_7+X}{G_6}", "R007, R012, R193", work_transition),
    Method("return_rate", r"w=\frac{D_{\mathrm{back}}}{D}", "R100, R175", work_returns),
    Method("visit_coverage", r"h=\frac{V}{P}", "R134, R136", work_visits),
)
