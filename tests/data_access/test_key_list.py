"""The list to publish: over the line in force, strictly, primary-to-junior losses counted; and what carries a mark."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, delete, select, update

from data_access.audit import open_audit
from data_access.completeness import DAYS, read_completeness
from data_access.key_list import KeyUnit, read_key_units
from data_access.key_publication import publish_key_list
from data_access.reports import read_key_units as read_since
from data_access.schema import absence_day, audit_event, setting, unit_report
from data_access.schools import read_schools
from data_access.settings_write import change_settings
from data_access.tables import TABLES
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
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
    assert exported == {code for code, unit in units.items() if unit.listing.mark is not KeyMark.NONE or unit.published}
    assert any(unit.listing.mark is not KeyMark.NONE for unit in units.values())
    for code, unit in units.items():
        for stage, rate in unit.rates.items():
            parts = [row for row in rows if row.stage == stage and code in (row.school_code, row.town_code)]
            assert rate == listing_rate(LossCounts.total(row.counts for row in parts))
            assert (stage in unit.listing.over) == rate.exceeds(unit.lines[stage])
        both = set(unit.listing.over) >= {Stage.PRIMARY, Stage.JUNIOR}
        assert (unit.listing.mark is KeyMark.KEY_TOWN) == (unit.is_town and both)


def test_a_town_seen_in_part_is_not_judged_by_that_part(demo_engine: Engine) -> None:
    """A school over the line would make a key unit of a town whose other schools lost nobody."""
    code = next(unit.unit_code for unit in listed(demo_engine).values() if not unit.is_town and unit.listing.over)
    school, township = Scope("one", Role.SCHOOL, (), (code,)), Scope("town", Role.TOWNSHIP, ("350430100",))
    with demo_engine.connect() as conn:
        for scope, chosen in ((school, NOW), (OFFICIAL, replace(NOW, school=code))):
            [unit] = read_key_units(conn, scope, chosen)
            assert (unit.unit_code, unit.is_town, unit.listing.mark) == (code, False, KeyMark.KEY_UNIT)
        assert any(unit.is_town for unit in read_key_units(conn, township, NOW))


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
        daily = select(unit_report.c.id).where(unit_report.c.unit_code == school, unit_report.c.duty == "daily_report")
        last = daily.order_by(unit_report.c.period_from.desc()).limit(1)  # the demo reported before the days that count, too
        conn.execute(delete(unit_report).where(unit_report.c.id == last.scalar_subquery()))
        assert not read_completeness(conn, OFFICIAL, NOW)[school].is_complete


def publish(
    engine: Engine, scope: Scope = OFFICIAL, on: date = TODAY, by: date = date(2027, 3, 31), paper: str = "建教〔2027〕1号"
) -> int:
    return publish_key_list(engine, scope, COUNTY, NOW, published_on=on, rectify_by=by, document=paper)


def test_a_published_list_stands_with_its_day_and_deadline_until_the_next(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        earlier = read_since(conn, date(2026, 11, 19))
    marked = {code for code, unit in listed(demo_copy).items() if unit.listing.mark is not KeyMark.NONE}
    assert publish(demo_copy) == len(marked)
    units = listed(demo_copy)
    assert {code for code, unit in units.items() if unit.published} == marked
    for code in marked:
        found = units[code].published
        assert found is not None
        assert (found.mark, found.published_on, found.rectify_by) == (units[code].listing.mark, TODAY, date(2027, 3, 31))
        assert found.listed_since == earlier.get(code, TODAY)
    again = TODAY + timedelta(days=30)
    publish(demo_copy, on=again, by=date(2027, 6, 30))
    with demo_copy.connect() as conn:
        assert read_since(conn, again) == {code: earlier.get(code, TODAY) for code in marked}  # listed without a break
        assert read_since(conn, date(2026, 11, 19)) == earlier  # the past keeps its list
    with open_audit(demo_copy).connect() as conn:
        deeds = conn.execute(select(audit_event).where(audit_event.c.act == "key_list.publish")).all()
    assert [(one.user, one.reason) for one in deeds] == [("official", "建教〔2027〕1号")] * 2


def test_what_cannot_be_published_is_refused_and_writes_nothing(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before = conn.execute(select(setting)).all()
    for told, key in (
        ({"by": date(2026, 11, 19)}, "keyunit.deadline_before_publication"),
        ({"on": date(2026, 11, 19)}, "keyunit.published_before_day"),
        ({"paper": " "}, "setting.no_document"),
    ):
        with pytest.raises(ProblemError) as problem:
            publish(demo_copy, **told)  # type: ignore[arg-type]
        assert problem.value.key == key
    for scope in (Scope("t", Role.TOWNSHIP, (COUNTY + "100",)), Scope("o", Role.COUNTY, ("350402",))):
        with pytest.raises(ScopeError):
            publish(demo_copy, scope)
    with demo_copy.connect() as conn:
        assert conn.execute(select(setting)).all() == before
