"""From where on a case is severe on a day, county by county, as conditions that a filter can be read with (R121)."""

from datetime import date

from sqlalchemy import Connection, func, select

from data_access.schema import area
from data_access.scoped import COUNTY
from data_access.settings import read_case_rules
from domain.case_filter import CaseFilter
from domain.severity import SevereLines, severe_lines


def read_severe_lines(conn: Connection, as_of: date) -> tuple[SevereLines, ...]:
    """The lines in force on a day in every county, those of neighbours who have the same put together."""
    counties = conn.execute(select(area.c.code).where(func.length(area.c.code) == COUNTY).order_by(area.c.code)).scalars().all()
    alike: dict[SevereLines, list[str]] = {}
    for county, (calendar, ladder) in read_case_rules(conn, counties, as_of).items():
        alike.setdefault(severe_lines(ladder, calendar, as_of), []).append(county)
    return tuple(lines._replace(counties=tuple(whose)) for lines, whose in alike.items())


def with_severe_lines(conn: Connection, chosen: CaseFilter) -> CaseFilter:
    """A resolved filter with what `severe` means on its day; as it is where it does not ask for severe cases."""
    return chosen.with_lines(read_severe_lines(conn, chosen.as_of)) if chosen.severe and chosen.as_of else chosen
