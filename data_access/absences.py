"""Absences by child over the last school days: whose family is not reached, whose reason nobody verified, who is owed a call.

Rows are those of L20 and of the form on the child's file. The children are those of the filter on the as-of day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, extract, func, or_, select

from data_access.campaigns import county_of
from data_access.engine import SHANGHAI, business_date
from data_access.reports import recent_school_days
from data_access.schema import absence_day, case_interval, child, child_place, school
from data_access.scoped import child_clause, day_of
from data_access.settings import read_calendar, read_ladder
from domain.absences import UNEXCUSED, Absence, Call, Contact, call_of, contact_of
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus
from domain.grades import Stage, grade_of
from domain.masking import PiiKind, mask
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.visits import LadderSettings

DAYS = 20  # school days looked back over, as for the marks for losing no child
WITHOUT_LEAVE = sorted(state.value for state in UNEXCUSED)


class AbsencePart(StrEnum):
    """The parts of the list: the last school day, and what is owed of the last 20 (R020, R028, R033)."""

    DAY = "day"
    CONTACT = "contact"
    UNVERIFIED = "unverified"
    CALL = "call"


@dataclass(frozen=True)
class AbsenceRow:
    """One child and school day missed. `contact`, `call`: how they stand; None: none is owed."""

    child_id: int
    child_name: str
    school_code: str | None
    school_name: str | None
    grade: int | None
    class_no: int | None
    on: date
    state: Absence
    noticed_at: datetime | None
    contacted_at: datetime | None
    contact: Contact | None
    reason: str | None
    verified_on: date | None
    called_at: datetime | None
    call: Call | None


def read_absences(
    conn: Connection, scope: Scope, chosen: CaseFilter, part: AbsencePart, *, limit: int | None = 50, offset: int = 0
) -> list[AbsenceRow]:
    """One page of a part, the latest day first, within a day those without leave."""
    scope.require_children()
    here = _Looked(conn, scope, chosen)
    names = (child.c.name, school.c.name.label("school_name"), child_place.c.school_code, child_place.c.stage)
    query = select(absence_day, *names, child_place.c.entry_year, child_place.c.class_no, _at_risk().label("at_risk"))
    query = _joined(query).outerjoin(school, school.c.code == child_place.c.school_code).where(here.clause(part))
    with_leave = absence_day.c.state.not_in(WITHOUT_LEAVE)
    order = (absence_day.c.on_date.desc(), with_leave, child_place.c.school_code, absence_day.c.child_id)
    return [here.row(row) for row in conn.execute(query.order_by(*order).limit(limit).offset(offset)).all()]


def count_absences(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[AbsencePart, int]:
    """Part -> how many stand in it."""
    scope.require_children()
    here = _Looked(conn, scope, chosen)
    counts = {part: _joined(select(func.count())).where(here.clause(part)) for part in AbsencePart}
    return {part: conn.execute(query).scalar_one() for part, query in counts.items()}


def last_school_day(conn: Connection, scope: Scope, chosen: CaseFilter) -> date | None:
    """The day that the first part is about; None in a break of three months."""
    return _Looked(conn, scope, chosen).last


class _Looked:
    """The days, the rules and the hour against which absences are told."""

    def __init__(self, conn: Connection, scope: Scope, chosen: CaseFilter) -> None:
        self.scope, self.chosen, self.day = scope, chosen, day_of(chosen)
        county = county_of(conn, scope, chosen.area)
        self.days = recent_school_days(read_calendar(conn, county), self.day, DAYS)
        self.ladder: LadderSettings = read_ladder(conn, county, self.day)
        is_today = self.day == business_date(conn)
        self.now = datetime.combine(self.day, datetime.now(SHANGHAI).time() if is_today else time.max)

    @property
    def last(self) -> date | None:
        return self.days[0] if self.days else None

    def clause(self, part: AbsencePart) -> ColumnElement[bool]:
        away = absence_day.c
        days = [self.last] if part is AbsencePart.DAY else self.days
        owed = {
            AbsencePart.DAY: (),
            AbsencePart.CONTACT: (away.state.in_(WITHOUT_LEAVE), or_(away.contacted_at.is_(None), self._late())),
            AbsencePart.UNVERIFIED: (away.state.in_(WITHOUT_LEAVE), away.verified_on.is_(None)),
            AbsencePart.CALL: (away.state.not_in(WITHOUT_LEAVE), away.called_at.is_(None), _at_risk()),
        }
        return and_(child_clause(self.scope, self.chosen, child_place), away.on_date.in_(days), *owed[part])

    def _late(self) -> ColumnElement[bool]:
        away = absence_day.c
        minutes = [extract("hour", hour) * 60 + extract("minute", hour) for hour in (away.noticed_at, away.contacted_at)]
        another_day = extract("day", away.contacted_at) != extract("day", away.noticed_at)
        return or_(another_day, minutes[1] - minutes[0] > self.ladder.contact_minutes)

    def row(self, row: Row[Any]) -> AbsenceRow:
        state, sees = Absence(row.state), self.scope.sees_names
        known = row.stage and row.entry_year
        return AbsenceRow(
            child_id=row.child_id,
            child_name=row.name if sees else mask(row.name, PiiKind.NAME) or "",
            school_code=row.school_code,
            school_name=row.school_name,
            grade=grade_of(row.entry_year, Stage(row.stage), school_year_of(self.day)) if known else None,
            class_no=row.class_no,
            on=row.on_date,
            state=state,
            noticed_at=row.noticed_at,
            contacted_at=row.contacted_at,
            contact=contact_of(state, row.noticed_at, row.contacted_at, self.now, self.ladder),
            reason=row.verified_reason if sees else mask(row.verified_reason, PiiKind.FREE_TEXT),
            verified_on=row.verified_on,
            called_at=row.called_at,
            call=call_of(state, bool(row.at_risk), row.called_at, row.on_date, self.day),
        )


def iterate_absences(conn: Connection, scope: Scope, chosen: CaseFilter, part: AbsencePart) -> Iterator[AbsenceRow]:
    """All rows of a part, for exports."""
    yield from read_absences(conn, scope, chosen, part, limit=None)


def _joined(query: Select[Any]) -> Select[Any]:
    joined = query.select_from(absence_day).join(child_place, child_place.c.child_id == absence_day.c.child_id)
    return joined.join(child, child.c.id == child_place.c.child_id)


def _at_risk() -> ColumnElement[bool]:
    """Whether the child had an open case on the day that it missed."""
    spans, away = case_interval.c, absence_day.c
    then = and_(spans.valid_from <= away.on_date, spans.valid_to > away.on_date, spans.status != CaseStatus.CLOSED.value)
    return exists().where(spans.child_id == away.child_id, then)
