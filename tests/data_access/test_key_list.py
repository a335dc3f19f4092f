"""The list to publish: over the line in force, strictly, primary-to-junior losses counted; and what carries a mark."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from sqlalchemy import Engine, delete, select, update

from data_access.completeness import DAYS, read_completeness
from data_access.key_list import KeyUnit, read_key_units
from data_access.schema import absence_day, unit_report
from data_access.schools import read_schools
from data_access.settings_write import change_settings
from data_access.tables import TABLES
from domain.case_filter import CaseFilter, resolve
from domain.grades import Stage
from domain.key_units import KeyMark
from domain.rate_families import LossCounts, listing_rate
from domain.scope import Role, Scope

COUNTY, TODAY = "350430", date(2026, 11, 20)
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
NOW = resolve(CaseFilter(), TODAY, {})


def listed(engine: Engine) -> dict[str, KeyUnit]:
    with engine.connect() as conn:
        return {unit.unit_code: unit for unit in read_key_units(conn, OFFICIAL, NOW)}


def test_a_unit_is_listed_when_its_rate_is_over_the_line(demo_engine: Engine) -> None:
    units = listed(demo_engine)
    with demo_engine.connect() as conn:
        rows = read_schools(conn, OFFICIAL, NOW)
        exported = {row[0] for row in TABLES["key-units"].rows(conn, OFFICIAL, NOW, "")}
    assert exported == {code for code, unit in units.items() if unit.listing.mark is not KeyMark.NONE}
    assert exported
    for code, unit in units.items():
        for stage, rate in unit.rates.items():
            parts = [row for row in rows if row.stage == stage and code in (row.school_code, row.town_code)]
            assert rate == listing_rate(LossCounts.total(row.counts for row in parts))
            assert (stage in unit.listing.over) == rate.exceeds(unit.lines[stage])
        both = set(unit.listing.over) >= {Stage.PRIMARY, Stage.JUNIOR}
        assert (unit.listing.mark is KeyMark.KEY_TOWN) == (unit.is_town and both)


def test_the_lines_are_those_of_the_day(demo_copy: Engine) -> None:
    lines = {"listing.junior": Fraction(1), "listing.primary": Fraction(1)}
    change_settings(demo_copy, OFFICIAL, COUNTY, lines, valid_from=TODAY, document="x")
    assert all(unit.listing.mark is KeyMark.NONE for unit in listed(demo_copy).values())
    with demo_copy.connect() as conn:
        eve = read_key_units(conn, OFFICIAL, replace(NOW, as_of=date(2026, 11, 19)))
    assert any(unit.listing.mark is not KeyMark.NONE for unit in eve)


def test_one_missing_report_or_unverified_absence_makes_data_incomplete(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        found = read_completeness(conn, OFFICIAL, NOW)
    school = next(code for code, one in found.items() if one.reports_submitted == DAYS and one.headcount_explained)
    with demo_copy.begin() as conn:
        conn.execute(update(absence_day).values(verified_on=TODAY))
        assert read_completeness(conn, OFFICIAL, NOW)[school].is_complete
        last = select(unit_report.c.id).where(unit_report.c.unit_code == school, unit_report.c.duty == "daily_report").limit(1)
        conn.execute(delete(unit_report).where(unit_report.c.id == last.scalar_subquery()))
        assert not read_completeness(conn, OFFICIAL, NOW)[school].is_complete
