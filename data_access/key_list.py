"""The list of key units and key towns to publish (R011-R012, R115, R139-R140)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection

from data_access.areas import read_areas
from data_access.reports import read_list
from data_access.schools import SchoolRow, read_schools
from data_access.scoped import day_of
from data_access.settings import read_listing_lines
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.key_units import KeyMark, ListedUnit, Listing, listing, sees_whole_towns
from domain.rate_families import LossCounts, listing_rate
from domain.rates import Rate
from domain.scope import Scope


@dataclass(frozen=True)
class KeyUnit:
    """A town or school with its listing test: the rate of each stage with the losses between primary and junior school, and
    the line it is held against; a stage without pupils has no rate. `published`: its line on the list in force on the day."""

    unit_code: str
    unit_name: str
    is_town: bool
    listing: Listing
    rates: Mapping[Stage, Rate]
    lines: Mapping[Stage, Fraction]
    published: ListedUnit | None = None


def read_key_units(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[KeyUnit]:
    """Every town and school of the filter with its mark: key towns first, then key units, then the others, by code.

    A town of which only some schools are in view is left out: their losses are not the town's rate.
    """
    rows = read_schools(conn, scope, chosen)
    towns = {area.code: area.name for area in read_areas(conn, scope) if area.level == "town"}
    lines: dict[str, dict[Stage, Fraction]] = {}
    published: dict[str, ListedUnit] = {}
    for county in {row.town_code[:6] for row in rows}:
        lines[county] = read_listing_lines(conn, county, day_of(chosen))
        published |= read_list(conn, county, day_of(chosen)) or {}
    places: dict[str, list[SchoolRow]] = {}
    for row in rows:
        if sees_whole_towns(scope, chosen):
            places.setdefault(row.town_code, []).append(row)
        places.setdefault(row.school_code, []).append(row)
    units = []
    for code, parts in places.items():
        is_town = len(code) == 9
        name = towns.get(code, code) if is_town else parts[0].school_name
        units.append(replace(_unit(code, name, is_town, parts, lines[parts[0].town_code[:6]]), published=published.get(code)))
    return sorted(units, key=lambda unit: (list(KeyMark).index(unit.listing.mark) * -1, not unit.is_town, unit.unit_code))


def _unit(code: str, name: str, is_town: bool, rows: Sequence[SchoolRow], lines: Mapping[Stage, Fraction]) -> KeyUnit:
    rates = {}
    for stage in [stage for stage in lines if any(row.stage == stage for row in rows)]:
        parts = [row for row in rows if row.stage == stage]
        rates[stage] = listing_rate(LossCounts.total(row.counts for row in parts), parts[0].family)
    return KeyUnit(code, name, is_town, listing(rates, is_town, lines), rates, lines)
