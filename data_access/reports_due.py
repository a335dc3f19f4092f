"""Who has not reported by the due date: every return that units hand in, by its rhythm (R027-R031, R111-R114)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from data_access.reports import read_key_units
from data_access.schema import area, child_place, school, unit_report
from data_access.scoped import begins_with, day_of, school_in_scope
from data_access.settings import read_calendar, read_reporting
from data_access.unit_duties import read_officers
from domain.case_filter import CaseFilter
from domain.reporting_calendar import DUTIES, Due, Reporter, dues_of
from domain.school_year import school_year_of
from domain.scope import Scope

HANDED_IN = ("daily_report", "weekly_report", "monthly_ledger", "term_report", "key_unit_report", "written_report")
SHOWN = {"daily_report": 5, "weekly_report": 2}  # of a duty the last ones due; of the others the last one
ABSENCES = ("sick", "on_leave", "truant", "suspended", "suspected", "dropped")
COUNTY, TOWN = 6, 9


@dataclass(frozen=True)
class DueState:
    """One thing owed and how it stands: units that owe it, those that handed it in, too late, as a zero report."""

    due: Due
    reporter: Reporter
    owing: int
    handed_in: int
    late: int
    zero: int
    is_collected: bool

    @property
    def missing(self) -> int | None:
        """Units that handed nothing in; None where no unit of the county ever handed this in here: nothing is known."""
        return self.owing - self.handed_in if self.is_collected else None


@dataclass(frozen=True)
class MissingReport:
    """A unit that has not handed in what was due; `officer`: who keeps its data (R219), empty where nobody is named."""

    duty: str
    unit_code: str
    unit_name: str
    town_name: str
    covers_from: date
    due: date
    days_late: int
    officer: str = ""


@dataclass(frozen=True)
class _Unit:
    code: str
    name: str
    town: str
    county: str


def read_dues(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[DueState]:
    """How each of the last dues stands on the as-of day, by duty, the latest due first. A due of today is not missing yet."""
    return [
        DueState(due, reporter, len(units), len(told), _late(told, due), sum(map(_is_zero, told)), collected)
        for due, reporter, units, told, collected in _each(conn, scope, chosen)
    ]


def read_missing(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[MissingReport]:
    """Every unit that has not handed in something that was due before the as-of day, the longest overdue first."""
    day, found = day_of(chosen), []
    officers = read_officers(conn, day)
    for due, _, units, told, collected in _each(conn, scope, chosen):
        there = {row.unit_code for row in told}
        for unit in units if collected and due.due < day else ():
            if unit.code not in there:
                late = (day - due.due).days
                told_of = (due.duty, unit.code, unit.name, unit.town, due.covers_from, due.due, late)
                found.append(MissingReport(*told_of, officers.get(unit.code, "")))
    return sorted(found, key=lambda one: (one.due, one.duty, one.unit_code))


def _each(conn: Connection, scope: Scope, chosen: CaseFilter) -> Iterator[tuple[Due, Reporter, list[_Unit], list[Any], bool]]:
    """Every last due of every duty with the units that owe it and the reports on it; of several counties each its own."""
    day = day_of(chosen)
    scope.require_children()
    units = _units(conn, scope, chosen)
    reports = _reports(conn, day)
    reporters = {duty.code: duty.reporter for duty in DUTIES}
    merged: dict[Due, tuple[list[_Unit], list[Any]]] = {}
    for county, owing in units.items():
        for due in _last_dues(conn, county, day):
            mine = owing.get(reporters[due.duty], [])
            codes = {unit.code for unit in mine}
            told = [row for row in reports[due.duty] if row.unit_code in codes and _covers(due, row)]
            kept = merged.setdefault(due, ([], []))
            kept[0].extend(mine)
            kept[1].extend(told)
    for due in sorted(merged, key=lambda one: (HANDED_IN.index(one.duty), -one.due.toordinal())):
        owing_units, told = merged[due]
        if owing_units:
            yield due, reporters[due.duty], owing_units, told, bool(reports[due.duty])


def _covers(due: Due, row: Any) -> bool:
    return bool(due.covers_from <= row.period_from <= due.covers_to and row.submitted_at is not None)


def _last_dues(conn: Connection, county: str, day: date) -> Iterator[Due]:
    calendar, settings = read_calendar(conn, county), read_reporting(conn, county, day)
    for year in (school_year_of(day), school_year_of(day) - 1):
        owed: defaultdict[str, list[Due]] = defaultdict(list)
        for reporter in (Reporter.SCHOOL, Reporter.KEY_UNIT, Reporter.TOWNSHIP):
            for due in dues_of(reporter, calendar, year, settings):
                if due.duty in HANDED_IN and due.due <= day and due.due > day - timedelta(days=366):
                    owed[due.duty].append(due)
        if owed:
            for duty, dues in owed.items():
                yield from dues[-SHOWN.get(duty, 1) :]
            return


def _units(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[str, dict[Reporter, list[_Unit]]]:
    """County -> who owes: the schools of the filter that have pupils, its towns that have such schools, its key units."""
    day = day_of(chosen)
    pupils = select(child_place.c.school_code).where(child_place.c.valid_from <= day, child_place.c.valid_to > day)
    query = select(school.c.code, school.c.name, school.c.town_code, school.c.county_code, area.c.name.label("town"))
    query = query.outerjoin(area, area.c.code == school.c.town_code).where(school_in_scope(scope), school.c.code.in_(pupils))
    if chosen.area:
        query = query.where(begins_with(school.c.town_code, chosen.area[:TOWN]))
    if chosen.school:
        query = query.where(school.c.code == chosen.school)
    key_units = read_key_units(conn, day)
    found: defaultdict[str, dict[Reporter, list[_Unit]]] = defaultdict(lambda: {reporter: [] for reporter in Reporter})
    sees_towns = bool(scope.areas) and not chosen.school
    for row in conn.execute(query.order_by(school.c.town_code, school.c.code)):
        unit, owing = _Unit(row.code, row.name, row.town or "", row.county_code), found[row.county_code]
        owing[Reporter.SCHOOL].append(unit)
        if unit.code in key_units:
            owing[Reporter.KEY_UNIT].append(unit)
        town = _Unit(row.town_code, row.town or "", row.town or "", row.county_code)
        if sees_towns and town not in owing[Reporter.TOWNSHIP]:
            owing[Reporter.TOWNSHIP].append(town)
    return found


def _reports(conn: Connection, day: date) -> Mapping[str, list[Any]]:
    report = unit_report.c
    query = select(unit_report).where(report.duty.in_(HANDED_IN), report.period_from > day - timedelta(days=400))
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in conn.execute(query.where(report.period_from <= day)):
        found[row.duty].append(row)
    return found


def _late(told: list[Any], due: Due) -> int:
    return sum(row.submitted_at.date() > due.due for row in told)


def _is_zero(row: Any) -> bool:
    """A zero report: nobody away, nobody lost, and that was said."""
    figures = [row._mapping[name] for name in ABSENCES]
    return any(number is not None for number in figures) and not any(figures)
