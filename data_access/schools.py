"""Schools with their dropout rate against the target that binds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, exists, func, select

from data_access.cohorts import read_last_grades
from data_access.derive_losses import lost_before
from data_access.derive_school_counts import POOR_LOST
from data_access.schema import area, child_place, enrolment_spell, group_spell, loss_spell, school, school_count, school_stage
from data_access.scoped import begins_with, day_of, in_groups, on, school_in_scope
from data_access.settings import read_families
from data_access.targets import read_targets
from domain.case_filter import CaseFilter
from domain.grades import Stage, entry_year_of, stage_of
from domain.groups import Group
from domain.rate_families import LossCounts, RateFamily, dropout_rate, gross_dropout_rate
from domain.rates import Rate
from domain.retention import CohortCounts
from domain.school_year import Period
from domain.scope import Scope
from domain.targets import Indicator, Target, Verdict, applying, judge, margin_children, one_child_points, strictest

COUNTED = LossCounts._fields
Key = tuple[str, str]  # school code, stage
JUDGED = (Indicator.DROPOUT_RATE, Indicator.THREE_YEAR_RETENTION, Indicator.RETENTION_RATE)


class SchoolRow(NamedTuple):
    """One school x stage x school year as of a day.

    `rate`: children lost and not back / pupils in school at the start of the year, by the formula family in force;
    `gross_rate` beside it. `target`: the strictest that binds it, None where none is set. `margin`: how many more children
    may be lost before it fails, negative for too many already. `poor_lost`: the lost from poor households, graduates in no
    grade 7 among them, of whom none may be (R003): one misses the target whatever the rate. `cohort`: the year
    group in its last grade, None where the stage has no such grade here or is counted live; `kept_target`: what its
    retention is held against.
    """

    school_code: str
    school_name: str
    kind: str
    stage: str
    town_code: str
    town_name: str
    school_year: int
    counts: LossCounts
    family: RateFamily
    rate: Rate
    poor_lost: int
    target: Target | None
    verdict: Verdict
    margin: int | None
    year_over: bool
    cohort: CohortCounts | None
    kept_target: Target | None

    @property
    def gross_rate(self) -> Rate:
        """The same before returns."""
        return gross_dropout_rate(self.counts, self.family)

    @property
    def kept_rate(self) -> Rate:
        """三年保存率 where a target is set for it or an exam list is there, else 巩固率, corrected for transfers (R004, R007)."""
        cohort = self.cohort or CohortCounts()
        if self.kept_target is not None and self.kept_target.indicator is Indicator.THREE_YEAR_RETENTION:
            return cohort.three_year
        return cohort.adjusted

    @property
    def kept_verdict(self) -> Verdict:
        """Retention against its target."""
        return judge(self.kept_rate, self.kept_target, self.year_over)

    @property
    def one_child(self) -> Fraction | None:
        """What one child weighs, in percentage points."""
        return one_child_points(self.counts.start_count)


def read_schools(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[SchoolRow]:
    """Every school x stage the filter chooses, by what needs doing: missed first, then the smallest margin.

    Area, school, stage, grade, groups, period and as-of apply; the parts of the filter about cases do not change a rate.
    From the summary for a whole school year without grade or groups, else counted live.
    """
    day, period = day_of(chosen), _period(chosen)
    live = bool(chosen.grade or chosen.groups or period.term)
    counted = count_losses_live(conn, chosen) if live else _from_summary(conn, chosen)
    cohorts = {} if live else read_last_grades(conn, period.school_year, day, chosen.school)
    binding = _Binding(read_targets(conn, period.school_year, day), chosen)
    families = read_families(conn, day)
    is_over = day > period.ends
    rows, nothing = [], (LossCounts(), 0)
    for unit in conn.execute(_units(scope, chosen)).all():
        code, name, kind, county, town, stage, town_name = unit
        counts, poor = counted.get((code, stage), nothing)
        target, kept_target = binding.targets(code, town, county, stage)
        family = families.get(county, RateFamily.SEED)
        rate = dropout_rate(counts, family)
        row = SchoolRow(
            *(code, name, kind, stage, town, town_name or "", period.school_year),
            *(counts, family, rate, poor, target, judge(rate, target, is_over, poor), margin_children(rate, target)),
            *(is_over, cohorts.get((code, stage)), kept_target),
        )
        rows.append(row)
    return sorted(rows, key=urgency)


def list_codes(conn: Connection, scope: Scope, chosen: CaseFilter) -> set[str]:
    """The schools that read_schools tells of."""
    return {unit.code for unit in conn.execute(_units(scope, chosen))}


@dataclass(frozen=True)
class SchoolName:
    """A school by code and name, to choose from."""

    school_code: str
    school_name: str


def list_schools(conn: Connection, scope: Scope, county: str, day: date) -> list[SchoolName]:
    """The schools of a county on a day, by name."""
    listed = select(school.c.code, school.c.name).where(school_in_scope(scope), on(school, day), school.c.county_code == county)
    return [SchoolName(row.code, row.name) for row in conn.execute(listed.order_by(school.c.name, school.c.code))]


def urgency(row: SchoolRow) -> tuple[bool, bool, int, float, str, str]:
    """The order in which schools need attention: missed targets, then small margins, then high rates."""
    rate, margin = row.rate, row.margin
    share = rate.numerator / rate.denominator if rate.denominator else 0.0  # only to sort by: verdicts compare exactly
    return row.verdict is not Verdict.MISSED, margin is None, margin or 0, -share, row.school_code, row.stage


def _period(chosen: CaseFilter) -> Period:
    if chosen.period is None:
        raise ValueError("resolve the filter before reading: it has no period")
    return chosen.period


def _units(scope: Scope, chosen: CaseFilter) -> Any:
    columns = (
        school.c.code,
        school.c.name,
        school.c.kind,
        school.c.county_code,
        school.c.town_code,
        school_stage.c.stage,
        area.c.name.label("town_name"),
    )
    query = (
        select(*columns)
        .join_from(school, school_stage, school_stage.c.school_code == school.c.code)
        .outerjoin(area, area.c.code == school.c.town_code)
        .where(school_in_scope(scope), on(school, day_of(chosen)))
    )
    if chosen.area:
        query = query.where(begins_with(school.c.village_code if len(chosen.area) > 9 else school.c.town_code, chosen.area))
    if chosen.school:
        query = query.where(school.c.code == chosen.school)
    stage = chosen.stage or (stage_of(chosen.grade) if chosen.grade else None)
    return query.where(school_stage.c.stage == stage.value) if stage else query


class _Binding:
    """Which target binds whom: asked once for all units under the same lines."""

    def __init__(self, targets: Sequence[Target], chosen: CaseFilter) -> None:
        self.by_unit: dict[str, list[Target]] = {}
        for target in targets:
            self.by_unit.setdefault(target.unit_code, []).append(target)
        self.year, self.day = _period(chosen).school_year, day_of(chosen)
        self.known: dict[tuple[str, ...], tuple[Target | None, Target | None]] = {}

    def targets(self, code: str, town: str, county: str, stage: str) -> tuple[Target | None, Target | None]:
        """The strictest line for the dropout rate, and for retention: three-year retention where one is set for it."""
        own, of_town = code if code in self.by_unit else "", town if town in self.by_unit else ""
        key = own, of_town, county, stage  # units without a line of their own share what is found
        if key not in self.known:
            chain = [code for code in (own, of_town, county, county[:4], county[:2]) if code in self.by_unit]
            losses, three_years, kept = (self._strictest(chain, stage, indicator) for indicator in JUDGED)
            self.known[key] = losses, three_years or kept
        return self.known[key]

    def _strictest(self, chain: Sequence[str], stage: str, indicator: Indicator) -> Target | None:
        lines = [target for code in chain for target in self.by_unit[code]]
        return strictest(applying(lines, chain, stage, self.year, indicator, as_of=self.day))


def _from_summary(conn: Connection, chosen: CaseFilter) -> dict[Key, tuple[LossCounts, int]]:
    columns = (
        school_count.c.school_code,
        school_count.c.stage,
        school_count.c.poor_lost,
        *(school_count.c[name] for name in COUNTED),
    )
    query = select(*columns).where(school_count.c.school_year == _period(chosen).school_year, on(school_count, day_of(chosen)))
    if chosen.school:
        query = query.where(school_count.c.school_code == chosen.school)
    return {(row[0], row[1]): (LossCounts._make(row[3:]), row[2]) for row in conn.execute(query).all()}


def count_losses_live(conn: Connection, chosen: CaseFilter) -> dict[Key, tuple[LossCounts, int]]:
    """The same counts straight from the dated rows, for any period, grade and groups: what the summary is held against."""
    period, day = _period(chosen), day_of(chosen)
    if day < period.starts:
        return {}
    found: dict[Key, dict[str, int]] = {}
    for code, stage, count in conn.execute(_start_query(chosen, period)):
        found.setdefault((code, stage), {})["start_count"] = count
    poor: dict[Key, int] = {}
    for loss in conn.execute(_loss_query(chosen, period)):
        unit = (loss.school_code, loss.stage)
        name = loss.kind if loss.valid_to > day else "returned" if loss.back_until and loss.back_until > day else None
        if name:
            part = found.setdefault(unit, {})
            part[name] = part.get(name, 0) + 1
        if loss.is_poor and loss.kind in POOR_LOST and loss.valid_to > day:
            poor[unit] = poor.get(unit, 0) + 1
    return {unit: (LossCounts(**part), poor.get(unit, 0)) for unit, part in found.items()}


def _start_query(chosen: CaseFilter, period: Period) -> Any:
    place, day = child_place.c, period.starts
    query = select(place.school_code, place.stage, func.count()).where(
        place.school_code.is_not(None), on(child_place, day), ~lost_before(place.child_id, day)
    )
    if chosen.grade:
        stage = stage_of(chosen.grade)
        query = query.where(
            place.stage == stage.value, place.entry_year == entry_year_of(chosen.grade, stage, period.school_year)
        )
    if chosen.school:
        query = query.where(place.school_code == chosen.school)
    return query.where(in_groups(chosen, place.child_id)).group_by(place.school_code, place.stage)


def _loss_query(chosen: CaseFilter, period: Period) -> Any:
    loss, day = loss_spell.c, day_of(chosen)
    poor = exists().where(
        group_spell.c.child_id == loss.child_id,
        group_spell.c.group_name == Group.POOR.value,
        group_spell.c.valid_from <= loss.valid_from,
        group_spell.c.valid_to > loss.valid_from,
    )
    query = select(loss.school_code, loss.stage, loss.kind, loss.valid_to, loss.back_until, poor.label("is_poor"))
    query = query.where(loss.school_year == period.school_year, loss.valid_from <= day)
    if chosen.school:
        query = query.where(loss.school_code == chosen.school)
    if period.term:
        query = query.where(loss.valid_from >= period.starts, loss.valid_from <= period.ends)
    if chosen.grade:
        stage = stage_of(chosen.grade)
        spell, year = enrolment_spell.c, entry_year_of(chosen.grade, stage, period.school_year)
        same = and_(spell.child_id == loss.child_id, spell.school_code == loss.school_code, spell.stage == loss.stage)
        query = query.where(loss.stage == stage.value, exists().where(same, spell.entry_year == year))
    return query.where(in_groups(chosen, loss.child_id))


def total_by_stage(rows: Sequence[SchoolRow]) -> dict[Stage, LossCounts]:
    """The counts of all the rows by stage: numerators and denominators summed, divided last."""
    return {
        stage: LossCounts.total(row.counts for row in rows if row.stage == stage.value)
        for stage in Stage
        if any(row.stage == stage.value for row in rows)
    }
