"""The nightly check: are the summaries equal to a recount, is the audit whole, does every open case have its owners?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, Engine, func, select

from data_access import audit
from data_access.engine import business_date
from data_access.schema import area, case_interval
from data_access.schools import count_losses_live, read_schools
from data_access.scoped import open_on, orphaned, without_owner
from data_access.village_counts import count_children_live, read_village_counts
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError
from domain.rate_families import LossCounts
from domain.scope import Scope
from domain.terms import Lang, say


class Severity(StrEnum):
    """An error must be mended by the administrator; a warning is work for the bureau."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing the check found: `check.<code>` names its words, `count` how often, `place` the county it is about."""

    severity: Severity
    code: str
    count: int
    place: str = ""

    def say(self, lang: Lang) -> str:
        """The finding in one line."""
        return f"{self.severity.value}: {say(f'check.{self.code}', lang, count=self.count, place=self.place)}"


def check_database(engine: Engine, scope: Scope) -> list[Finding]:
    """Every finding on today's data, the errors first; an empty list: all is well."""
    with open_scoped(engine, scope) as conn:
        counties = conn.execute(select(area.c.code).where(area.c.level == "county").order_by(area.c.code)).scalars()
        found = [finding for county in list(counties) for finding in _check_county(conn, scope, county)]
    found += _check_audit(engine)
    return sorted(found, key=lambda finding: (finding.severity, finding.code, finding.place))


def _check_county(conn: Connection, scope: Scope, county: str) -> Iterator[Finding]:
    chosen = resolve(CaseFilter(area=county), business_date(conn), {})
    summary, recount = (dict.fromkeys(read(conn, scope, chosen)) for read in (read_village_counts, count_children_live))
    if wrong := summary.keys() ^ recount.keys():
        yield Finding(Severity.ERROR, "village_counts", len({row.village_code for row in wrong}), county)
    live = count_losses_live(conn, replace(chosen, area=None))
    rows = read_schools(conn, scope, chosen)
    if lost := sum((row.counts, row.poor_lost) != live.get((row.school_code, row.stage), (LossCounts(), 0)) for row in rows):
        yield Finding(Severity.ERROR, "school_counts", lost, county)
    open_now = open_on(business_date(conn)) & (case_interval.c.county_code == county)
    for code, clause in (("no_owner", without_owner()), ("orphaned", orphaned())):
        if cases := conn.execute(select(func.count()).select_from(case_interval).where(open_now, clause)).scalar_one():
            yield Finding(Severity.WARNING, code, cases, county)


def _check_audit(engine: Engine) -> list[Finding]:
    try:
        audit.verify_chain(engine)
    except ProblemError:
        return [Finding(Severity.ERROR, "audit_broken", 1)]
    return []
