"""Whether the data of a school can carry the mark of one that loses no child (R146)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, and_, func, select

from data_access.headcounts import count_term, term_of
from data_access.reports import DAILY, group_calendars
from data_access.schema import absence_day, child_place, school, unit_report
from data_access.scoped import day_of, on, school_in_scope
from domain.case_filter import CaseFilter
from domain.key_units import Completeness
from domain.scope import Scope

DAYS = 20  # school days whose reports must be in: four weeks
UNVERIFIED = ("truant", "unknown")


def read_completeness(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[str, Completeness]:
    """School -> how complete its data are: the daily reports of the last 20 school days, the absences without leave in them
    that nobody has verified, and whether the headcount of this term adds up."""
    day = day_of(chosen)
    schools = conn.execute(select(school.c.code, school.c.county_code).where(school_in_scope(scope), on(school, day))).all()
    heads: dict[str, bool] = {}
    for (code, _), head in count_term(conn, *term_of(day), day, chosen.school).items():
        heads[code] = heads.get(code, True) and bool(head.finding.holds)
    found: dict[str, Completeness] = {}
    for days, counties in group_calendars(conn, (row.county_code for row in schools), day, DAYS).items():
        reported, unverified = _reported(conn, days), _unverified(conn, days, day)
        for code in (row.code for row in schools if row.county_code in counties):
            found[code] = Completeness(len(days), reported.get(code, 0), unverified.get(code, 0), heads.get(code, True))
    return found


def _reported(conn: Connection, days: Iterable[date]) -> dict[str, int]:
    report = unit_report.c
    query = select(report.unit_code, func.count(func.distinct(report.period_from))).where(
        report.duty == DAILY, report.period_from.in_(list(days)), report.submitted_at.is_not(None)
    )
    return {row[0]: row[1] for row in conn.execute(query.group_by(report.unit_code))}


def _unverified(conn: Connection, days: Iterable[date], day: date) -> dict[str, int]:
    away = absence_day.c
    query = (
        select(child_place.c.school_code, func.count())
        .join_from(absence_day, child_place, and_(child_place.c.child_id == away.child_id, on(child_place, day)))
        .where(away.on_date.in_(list(days)), away.state.in_(UNVERIFIED), away.verified_on.is_(None))
        .group_by(child_place.c.school_code)
    )
    return {code: count for code, count in conn.execute(query) if code}
