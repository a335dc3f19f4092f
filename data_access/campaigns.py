"""Visit campaigns (大家访, R135): a span of days in which everybody of a group is to be visited, set by the bureau."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, or_, select

from data_access import audit
from data_access.schema import school, visit_campaign
from data_access.scoped import begins_with
from data_access.settings import read_calendar, read_reporting
from data_access.writing import insert_row, write
from domain.coverage import SpanKind, TargetGroup, VisitSpan, visit_spans
from domain.errors import ProblemError, ScopeError
from domain.plain_text import drop_invisible
from domain.scope import Role, Scope, Write

LONGEST = 62  # days: longer is no campaign but the term itself


@dataclass(frozen=True)
class Campaign:
    """One campaign; its span counts as any other."""

    campaign_id: int
    name: str
    group: TargetGroup
    span: VisitSpan


def county_of(conn: Connection, scope: Scope, area: str | None) -> str:
    """The county whose calendar and campaigns stand for what is looked at; empty when none is known."""
    if area and len(area) >= 6:
        return area[:6]
    if scope.areas and len(scope.areas[0]) >= 6:
        return scope.areas[0][:6]
    own = or_(school.c.code.in_(scope.schools), *(begins_with(school.c.county_code, one) for one in scope.areas))
    return conn.execute(select(school.c.county_code).where(own).order_by(school.c.county_code).limit(1)).scalar() or ""


def read_spans(conn: Connection, scope: Scope, area: str | None, day: date) -> dict[SpanKind, VisitSpan]:
    """The term of `day` and the holiday windows of its school year, by the county's calendar and settings."""
    county = county_of(conn, scope, area)
    limits = read_reporting(conn, county, day)
    return visit_spans(read_calendar(conn, county), day, limits.risk_before_days, limits.risk_after_days)


def read_campaigns(conn: Connection, scope: Scope, area: str | None, day: date) -> list[Campaign]:
    """The county's campaigns that had begun by `day`, the latest first."""
    own = visit_campaign.c.county_code == county_of(conn, scope, area)
    query = select(visit_campaign).where(own, visit_campaign.c.starts <= day)
    rows = conn.execute(query.order_by(visit_campaign.c.starts.desc(), visit_campaign.c.id.desc()))
    return [
        Campaign(row.id, row.name, TargetGroup(row.group_name), VisitSpan(SpanKind.CAMPAIGN, row.starts, row.ends))
        for row in rows
    ]


def open_campaign(engine: Engine, scope: Scope, county: str, name: str, starts: date, ends: date, group: TargetGroup) -> int:
    """Set a campaign and return its number. Campaigns are only added: what was counted then can be counted again.

    Raises ScopeError unless a county official sets it for the own county; ProblemError campaign.no_name, .bad_days.
    """
    scope.require(Write.SETTINGS)
    if scope.role is not Role.COUNTY or not county.startswith(scope.areas):
        raise ScopeError("scope.no_write")
    text = drop_invisible(name)
    if not text:
        raise ProblemError("campaign.no_name")
    if not 0 <= (ends - starts).days < LONGEST:
        raise ProblemError("campaign.bad_days", most=LONGEST)
    with write(engine, county) as conn:
        told = {"county_code": county, "name": text[:80], "starts": starts, "ends": ends, "group_name": group.value}
        number = insert_row(conn, visit_campaign, **told, set_by=scope.user)
        audit.record(engine, scope, "open_campaign", county=county, row_count=1, row_ids=[number])
    return number
