"""Terms, holidays, targets and supervision rounds of the demo."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from data_access.demo_schools import DemoSchool
from data_access.demo_world import World
from data_access.schema import calendar_day, supervision_round, target, term
from domain.calendar import AUTUMN, SPRING, read_statutory_days
from domain.grades import Stage
from domain.rounds import regular_round
from domain.targets import Comparison, Indicator, Level, Profile, Target, seed_targets

PREFECTURE_CEILING = Fraction(1, 100)
COUNTY_BEFORE = Fraction(8, 1000)  # the junior ceiling of the years before the three-year plan begins
DOCUMENT = "演示文件〔{year}〕{issuer}控保指标"
ISSUERS = {Level.PREFECTURE: "市教育局", Level.COUNTY: "县教育局", Level.SCHOOL: "学校"}
STRICT_SCHOOLS = 2  # schools that have taken over the 3 % and 92 % of their own plan


def record_rules(world: World, schools: list[DemoSchool]) -> None:
    """The calendar, the targets and the rounds."""
    for county in world.counties:
        _record_calendar(world, county)
        _record_rounds(world, county)
    for line in _targets(world, schools):
        _record_target(world, line)


def _record_calendar(world: World, county: str) -> None:
    for year in range(world.years[0], world.school_year + 2):
        for number in (AUTUMN, SPRING):
            told = world.calendar.term(year, number)
            world.book.add(term, county_code=county, school_year=year, term=number, starts=told.starts, ends=told.ends)
    for day, kind in sorted(read_statutory_days().items()):
        world.book.add(calendar_day, county_code=county, on_date=day, kind=kind.value)


def _record_rounds(world: World, county: str) -> None:
    for starts, _ in world.rounds:
        one = regular_round(starts.year, starts.month)
        world.book.add(
            supervision_round,
            code=one.code,
            county_code=county,
            name=one.name,
            starts=one.starts,
            ends=one.ends,
            as_of=one.as_of,
            school_year=one.period.school_year,
            term=one.period.term,
        )


def _targets(world: World, schools: list[DemoSchool]) -> Iterator[Target]:
    """County: the three-year plan from this year on, 0.8 % before. Prefecture: 1 %. Some schools: their own 3 % and 92 %.

    The special schools have none: their stage is set no target.
    """
    known = date(world.years[0], 8, 20)
    for county in world.counties:
        yield from seed_targets(Profile.COUNTY_THREE_YEARS, county, world.school_year, known)
        for year in world.years[:-1]:
            yield _ceiling(Level.COUNTY, county, Stage.JUNIOR, year, COUNTY_BEFORE, known)
            yield _ceiling(Level.COUNTY, county, Stage.PRIMARY, year, Fraction(0), known)
    for year in world.years:
        yield _ceiling(Level.PREFECTURE, world.counties[0][:4], Stage.JUNIOR, year, PREFECTURE_CEILING, known)
    for one in [one for one in schools if one.kind == "junior"][:STRICT_SCHOOLS]:
        yield from seed_targets(Profile.SCHOOL_THREE_PERCENT, one.code, world.years[0], known)


def _ceiling(level: Level, unit: str, stage: Stage, year: int, value: Fraction, known: date) -> Target:
    return Target(level, unit, stage, year, Indicator.DROPOUT_RATE, Comparison.AT_MOST, value, "", known)


def _record_target(world: World, line: Target) -> None:
    world.book.add(
        target,
        level=line.level.value,
        unit_code=line.unit_code,
        stage=line.stage,
        school_year=line.school_year,
        indicator=line.indicator.value,
        comparison=line.comparison.value,
        value_num=line.value.numerator,
        value_den=line.value.denominator,
        document=DOCUMENT.format(year=line.school_year, issuer=ISSUERS[line.level]),
        set_by="bureau",
        valid_from=line.valid_from,
    )
