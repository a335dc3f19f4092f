"""case_interval: what every case is on each day, in the past and to come, with its owners on both lines."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select

from data_access.bulk import copy_rows
from data_access.case_owners import CHAIN_ROLES, NOWHERE, Duties, Place, Stand, find_owner_at, holder_of, owner_values, units_of
from data_access.chunks import among, chunks, only
from data_access.engine import business_date
from data_access.schema import (
    OPEN_END,
    assignment,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    follow_up,
    home_visit,
    person,
    visit_person,
)
from data_access.settings import CaseRules, read_case_rules
from domain.assignment import Holder, rung_of_step
from domain.calendar import SchoolCalendar
from domain.case_events import settles
from domain.cases import Branch, CaseHistory, CaseStatus, CaseStep, case_intervals, days_of_misses
from domain.visits import DutyLine, DutyRole, LadderSettings, VisitMode, ladder_dates, rung_in_force

AHEAD = timedelta(days=400)  # changes by mere time are foreseen this far; every import and the nightly job move it on
STATUSES = {status.value for status in CaseStatus}
COLUMNS = tuple(column.name for column in case_interval.columns)


def rebuild_cases(conn: Connection, children: Collection[int] | None = None) -> None:
    """Write case_interval anew, for the cases of all children or of some; child_place must be current."""
    parts: list[list[int] | None] = [None] if children is None else [*chunks(children)]
    for part in parts:
        conn.execute(only(delete(case_interval), case_interval.c.child_id, part))
    rules: dict[str, CaseRules] = {}
    today = business_date(conn)
    for cased in parts if children is None else chunks(_with_cases(conn, parts)):
        facts = _Facts(conn, cased)
        files = conn.execute(only(_files(), case_file.c.child_id, cased)).all()
        duties = Duties(conn, None if cased is None else facts.units() | {file.county_code for file in files})
        for county in {file.county_code for file in files} - rules.keys():
            rules |= read_case_rules(conn, [county], today)
        rows = (row for file in files for row in _rows(file, facts, duties, *rules[file.county_code], today + AHEAD))
        copy_rows(conn, case_interval, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def _files() -> Select[Any]:
    return select(case_file, child.c.county_code).join(child, child.c.id == case_file.c.child_id)


def _with_cases(conn: Connection, parts: Iterable[list[int] | None]) -> list[int]:
    """Those of the children about whom there is a case: few of a registry's."""
    found = (conn.execute(only(select(case_file.c.child_id), case_file.c.child_id, part).distinct()) for part in parts)
    return [child_id for result in found for child_id in result.scalars()]


def _grouped(rows: Iterable[Any]) -> dict[int, list[Row[Any]]]:
    """Rows by their first column."""
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


class _Facts:
    """What is recorded about the cases of some children (or all), by case or child."""

    def __init__(self, conn: Connection, part: list[int] | None) -> None:
        def of_cases(chosen: Select[Any], column: Any) -> dict[int, list[Row[Any]]]:
            if part is not None:
                chosen = chosen.where(column.in_(select(case_file.c.id).where(among(case_file.c.child_id, part))))
            return _grouped(conn.execute(chosen).all())

        event, visit, owner, after, place = case_event.c, home_visit.c, assignment.c, follow_up.c, child_place.c
        corrected = select(visit.corrects).where(visit.corrects.is_not(None))
        undone = select(event.corrects).where(event.corrects.is_not(None))
        events = select(event.case_id, event.on_date, event.kind).where(event.id.not_in(undone))
        self.events = of_cases(events.order_by(event.on_date, event.id), event.case_id)
        doors = select(visit.case_id, visit.visited_on, visit.id, visit.roles).where(
            visit.case_id.is_not(None), visit.mode == VisitMode.DOORSTEP.value, visit.id.not_in(corrected)
        )
        self.visits = of_cases(doors, visit.case_id)
        roles = select(visit_person.c.visit_id, visit_person.c.role).join(home_visit, visit.id == visit_person.c.visit_id)
        self.roles = of_cases(
            roles.where(visit.mode == VisitMode.DOORSTEP.value, visit_person.c.role.is_not(None)), visit.case_id
        )
        mended = select(after.corrects).where(after.corrects.is_not(None))
        self.follow_ups = of_cases(select(after.case_id, after.on_date).where(after.id.not_in(mended)), after.case_id)
        assigned = select(
            owner.case_id,
            owner.line,
            owner.person_id,
            owner.role,
            owner.valid_from,
            owner.valid_to,
            person.c.valid_to.label("until"),
        ).join(person, person.c.id == owner.person_id)
        self.assigned = of_cases(assigned.order_by(owner.valid_from.desc(), owner.id.desc()), owner.case_id)
        columns = (place.child_id, place.valid_from, place.valid_to, place.home_code, place.registered_code, place.school_code,
                   place.stage, place.entry_year, place.class_no)  # fmt: skip
        of_children = place.child_id.in_(select(case_file.c.child_id)) if part is None else among(place.child_id, part)
        chosen = select(*columns).where(of_children)
        self.places = {
            child_id: [Place(*tuple(row)[1:]) for row in rows]
            for child_id, rows in _grouped(conn.execute(chosen.order_by(place.valid_from)).all()).items()
        }

    def units(self) -> set[str]:
        """The areas and schools in which somebody may answer for these children."""
        return {unit for places in self.places.values() for place in places for unit in units_of(place, "") if unit}


def satisfying_visits(file: Any, facts: _Facts, calendar: SchoolCalendar, ladder: LadderSettings) -> tuple[date, ...]:
    """The visits at the door that fulfil the rung of their day; one whose visitors' roles are not recorded is believed."""
    if file.first_absent_on is None:
        return tuple(row.visited_on for row in facts.visits.get(file.id, ()))
    rungs = ladder_dates(file.first_absent_on, (), calendar, ladder, file.relapse_count > 0)
    found = []
    for row in facts.visits.get(file.id, ()):
        roles = [DutyRole(one.role) for one in facts.roles.get(row.id, ())]
        roles += [DutyRole(role) for role in (row.roles or "").split(",") if role]
        reached = rung_in_force(rungs, row.visited_on)
        if not roles or reached is None or reached[1].satisfied_by(VisitMode.DOORSTEP, roles):
            found.append(row.visited_on)
    return tuple(found)


def history_of(file: Any, facts: _Facts, calendar: SchoolCalendar, ladder: LadderSettings) -> CaseHistory:
    """The case as the rules see it."""
    steps = tuple(CaseStep(row.on_date, CaseStatus(row.kind)) for row in facts.events.get(file.id, ()) if row.kind in STATUSES)
    if file.closed_on:
        steps = (*(step for step in steps if step.status is not CaseStatus.CLOSED), CaseStep(file.closed_on, CaseStatus.CLOSED))
    return CaseHistory(
        opened_on=file.opened_on,
        first_absent_on=file.first_absent_on,
        events=steps,
        doorstep_visits=satisfying_visits(file, facts, calendar, ladder),
        follow_ups=tuple(row.on_date for row in facts.follow_ups.get(file.id, ())),
        relapse_count=file.relapse_count,
        branch=Branch(file.branch) if file.branch else None,
        branch_from=_first_day(facts, file, file.branch) if file.branch else None,
        branch_done_on=_done_on(facts, file),
        missing_paper=file.missing_paper,
    )


def _first_day(facts: _Facts, file: Any, kind: str) -> date | None:
    return min((row.on_date for row in facts.events.get(file.id, ()) if row.kind == kind), default=None)


def _done_on(facts: _Facts, file: Any) -> date | None:
    """The day on which everything that the branch, or the missing paper, asks for had been recorded; None: not yet."""
    days = [_first_day(facts, file, event) for event in settles(Branch(file.branch) if file.branch else None)]
    return None if None in days else max(day for day in days if day)


def _rows(
    file: Any, facts: _Facts, duties: Duties, calendar: SchoolCalendar, ladder: LadderSettings, until: date
) -> Iterator[dict[str, Any]]:
    visits = sorted(row.visited_on for row in facts.visits.get(file.id, ()))
    assigned = _assigned(facts.assigned.get(file.id, ()))
    stands = _stands(file, facts, duties)
    history = history_of(file, facts, calendar, ladder)
    misses = days_of_misses(history, calendar, ladder, until)
    cuts = {*visits, *misses} | _edges(holder for named in assigned.values() for holder in named)
    for stand in stands:
        in_chain = (holder for role in CHAIN_ROLES for holder in stand.held[role])
        cuts |= {stand.place.valid_from, stand.place.valid_to} | _edges(in_chain)
    for interval in case_intervals(history, calendar, ladder, until):
        asked = rung_of_step(interval.next_step, interval.rung, ladder)
        inside = sorted({interval.valid_from, *(day for day in cuts if interval.valid_from < day < interval.valid_to)})
        for begins, ends in zip(inside, [*inside[1:], interval.valid_to], strict=True):
            stand = _stand_on(begins, stands)
            yield {
                **_place_values(file, stand),
                "valid_from": begins,
                "valid_to": ends,
                "status": interval.status.value,
                "rung": interval.rung,
                "next_step": interval.next_step.value,
                "due_on": interval.due_on,
                "overdue_from": interval.due_on + timedelta(days=1),
                **owner_values(DutyLine.SCHOOL, find_owner_at(DutyLine.SCHOOL, asked, begins, stand, assigned)),
                **owner_values(DutyLine.GOVERNMENT, find_owner_at(DutyLine.GOVERNMENT, asked, begins, stand, assigned)),
                "visits_done": bisect_right(visits, begins),
                "visits_missed": bisect_right(misses, begins),
            }
    if file.closed_on:
        yield {
            **_place_values(file, _stand_on(file.closed_on, stands)),
            **dict.fromkeys(("rung", "next_step", "due_on", "overdue_from")),
            **owner_values(DutyLine.SCHOOL, None),
            **owner_values(DutyLine.GOVERNMENT, None),
            "valid_from": file.closed_on,
            "valid_to": OPEN_END,
            "status": CaseStatus.CLOSED.value,
            "visits_done": len(visits),
            "visits_missed": len(misses),
        }


def _stand_on(day: date, stands: Iterable[Stand]) -> Stand:
    return next((one for one in stands if one.place.valid_from <= day < one.place.valid_to), NOWHERE)


def _place_values(file: Any, stand: Stand) -> dict[str, Any]:
    place = stand.place
    return {
        "case_id": file.id,
        "child_id": file.child_id,
        "county_code": file.county_code,
        "reason": file.reason,
        "home_code": place.home_code,
        "registered_code": place.registered_code,
        "school_code": place.school_code,
        "stage": place.stage,
        "entry_year": place.entry_year,
    }


def _stands(file: Any, facts: _Facts, duties: Duties) -> list[Stand]:
    return [Stand(place, duties.at(place, file.county_code)) for place in facts.places.get(file.child_id, ())]


def _edges(holders: Iterable[Holder]) -> set[date]:
    return {day for holder in holders for day in (holder.valid_from, holder.valid_to)}


def _assigned(rows: Iterable[Any]) -> dict[DutyLine, list[Holder]]:
    found: dict[DutyLine, list[Holder]] = {line: [] for line in DutyLine}
    for row in rows:
        found[DutyLine(row.line)].append(holder_of(row))
    return found
