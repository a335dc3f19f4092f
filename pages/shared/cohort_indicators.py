"""The rates over year groups, areas and terms, worked on what is in view."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from domain.bureau_settings import penalty_of
from domain.case_filter import CaseFilter
from domain.class_arithmetic import coefficient, excess_losses
from domain.grades import Stage
from domain.groups import Group, Schooling
from domain.rates import Rate, show_decimal, show_percent
from domain.retention import CohortCounts
from domain.school_year import AUTUMN, SPRING, Period
from domain.scope import Scope
from domain.suppress import is_small
from pages.shared import cached
from pages.shared.view import read_lang, tell

PLACED = (Schooling.IN_SCHOOL, Schooling.INCLUSIVE, Schooling.SPECIAL_SCHOOL, Schooling.HOME_TEACHING, Schooling.ELSEWHERE)


def say_line(scope: Scope, name: str, rate: Rate, parts: str = "") -> str:
    """One worked line: what is added up, the two numbers, the rate; small numbers only for roles that see children."""
    if rate.fraction is None:
        return f"{name} {tell('rate.no_data')}"
    if not scope.sees_children and is_small(rate):
        return f"{name} {tell('map.hidden')}"
    told = f"{parts} = " if parts and scope.sees_children else ""
    return f"{name} {told}{rate.numerator:,} / {rate.denominator:,} = **{rate.show(read_lang())}**"


def work_term(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """学期辍学率 of the term of the day, by stage."""
    day = chosen.as_of or cached.moment().today
    year = chosen.period.school_year if chosen.period else 0
    period = next((one for one in (Period(year, AUTUMN), Period(year, SPRING)) if one.contains(day)), Period(year, SPRING))
    rows = cached.read_schools(scope, chosen if chosen.period == period else _in_period(chosen, period))
    for stage in dict.fromkeys(row.stage for row in rows):
        rate = Rate.total(row.rate for row in rows if row.stage == stage)
        yield say_line(scope, f"{period.label(read_lang())} · {tell(f'stage.{stage}')}", rate)


def _in_period(chosen: CaseFilter, period: Period) -> CaseFilter:
    return replace(chosen, period=period, round_code=None)


def work_loss(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """流失率 of the classes of one school: the one chosen, else the first of the list; and the coefficient of its worst class."""
    school = chosen.school or next((row.school_code for row in cached.read_schools(scope, chosen)), None)
    if school is None or not scope.sees_children:
        return
    classes = [one for one in cached.read_classes(scope, _at(chosen, school)) if one.baseline]
    name = cached.read_names(scope).get(school, school)
    yield say_line(scope, name, Rate.total(one.rate for one in classes))


def work_coefficient(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """1 - step x excess losses, for the class of that school that lost most."""
    school = chosen.school or next((row.school_code for row in cached.read_schools(scope, chosen)), None)
    if school is None or not scope.sees_children:
        return
    penalty = penalty_of(cached.read_settings(cached.first_county(scope), chosen.as_of or cached.moment().today))
    classes = [one for one in cached.read_classes(scope, _at(chosen, school)) if one.baseline]
    for one in sorted(classes, key=lambda row: -row.lost)[:1]:
        excess = excess_losses(one.lost, one.baseline or 0, penalty)
        allowed = f"⌊{show_percent(penalty.standard)} × {one.baseline}⌋"
        share = show_decimal(coefficient(excess, penalty))
        yield f"{one.lost} − {allowed} → {excess}; 1 − {show_decimal(penalty.step)} × {excess} = **{share}**"


def _at(chosen: CaseFilter, school: str) -> CaseFilter:
    return replace(chosen, area=None, school=school, stage=None, grade=None, groups=())


def work_enrolment(gross: bool) -> Callable[[Scope, CaseFilter], Iterator[str]]:
    """净入学率 or 毛入学率 by stage."""

    def work(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
        if cached.spans_counties(scope, chosen):
            yield tell("method.county_first")
            return
        for stage, counts in cached.read_enrolment(scope, chosen).items():
            yield say_line(scope, tell(f"stage.{stage}"), counts.gross if gross else counts.net)

    return work


def _cohorts(scope: Scope, chosen: CaseFilter) -> Iterator[tuple[Stage, list[CohortCounts]]]:
    rows = cached.read_schools(scope, chosen)
    for stage in (Stage.PRIMARY, Stage.JUNIOR):
        found = [row.cohort for row in rows if row.stage == stage and row.cohort]
        if found:
            yield stage, found


def work_three_year(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """三年保存率 of the schools in view together; only those with an exam list."""
    for stage, cohorts in _cohorts(scope, chosen):
        if stage is Stage.JUNIOR:
            yield say_line(scope, tell("method.sitters"), Rate.total(one.three_year for one in cohorts))


def work_adjusted(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """巩固率 of the last grades in view together: sums first, then the cap at 100 %."""
    for stage, cohorts in _cohorts(scope, chosen):
        names = ("kept", "entrants", "moved_in", "moved_out")
        kept, entrants, came, went = (sum(getattr(one, name) for one in cohorts) for name in names)
        whole = CohortCounts(entrants, kept, came, went)
        yield say_line(scope, tell(f"stage.{stage}"), whole.adjusted, f"{kept:,} / ({entrants:,} + {came:,} − {went:,})")


def work_nine_years(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """九年义务教育巩固率, with the transfers beside it."""
    rate, moves = cached.read_nine_years(scope, chosen)
    yield say_line(scope, tell("method.grade_nine"), rate)
    if rate.fraction is not None and scope.sees_children:
        yield tell("method.moves", came=f"{moves.moved_in:,}", went=f"{moves.moved_out:,}")


def work_transition(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """小升初升学率 of the summer in which the school year began."""
    yield say_line(scope, tell("method.found"), cached.read_transition(scope, chosen))


def work_returns(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """复学率 gross and net."""
    rates = cached.read_returns(scope, chosen).rates
    yield say_line(scope, tell("method.gross"), rates.gross)
    relapsed = Rate(rates.gross.numerator - rates.net.numerator, rates.gross.denominator)
    if not scope.sees_children and is_small(relapsed):
        return
    yield say_line(scope, tell("method.net"), rates.net)


def work_visits(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """家访覆盖率 of the term."""
    yield say_line(scope, tell("method.visited"), cached.read_visit_coverage(scope, chosen))


def work_disabled(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """残疾儿童入学率, approved deferrals left out."""
    if not scope.sees_children:
        return
    cells = {where: count for (group, where), count in cached.count_matrix(scope, chosen).items() if group is Group.DISABLED}
    due = sum(cells.values()) - cells.get(Schooling.DEFERRED, 0)
    yield say_line(scope, tell("group.disabled"), Rate(sum(cells.get(where, 0) for where in PLACED), due))


def work_listing(scope: Scope, chosen: CaseFilter) -> Iterator[str]:
    """The listing rate of the first unit of the key list against its line."""
    if not scope.sees_children:
        return
    for unit in cached.read_key_units(scope, chosen)[:1]:
        for stage, rate in unit.rates.items():
            sign = ">" if stage in unit.listing.over else "≤"
            name = f"{unit.unit_name} · {tell(f'stage.{stage}')}"
            yield f"{say_line(scope, name, rate)} {sign} {show_percent(unit.lines[stage])}"
