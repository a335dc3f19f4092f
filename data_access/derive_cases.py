"""case_interval: what every case is on each day, in the past and to come, with its owners on both lines."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, delete, insert, select

from data_access.chunks import chunks
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
    responsibility,
    school_class,
    visit_person,
)
from data_access.settings import read_calendar, read_ladder
from domain.assignment import CHAINS, Holder, find_owner
from domain.calendar import SchoolCalendar
from domain.cases import Branch, CaseHistory, CaseStatus, CaseStep, case_intervals
from domain.visits import DutyLine, DutyRole, LadderSettings, VisitMode, ladder_dates, rung_in_force

AHEAD = timedelta(days=400)  # changes by mere time are foreseen this far; every import and the nightly job move it on
STATUSES = {status.value for status in CaseStatus}
CHAIN_ROLES = tuple(role for chain in CHAINS.values() for role in chain)
_Held = dict[DutyRole, list[Holder]]


def rebuild_cases(conn: Connection, children: Collection[int] | None = None) -> None:
    """Write case_interval anew, for the cases of all children or of some; child_place must be current."""
    parts: Iterable[list[int] | None] = [None] if children is None else chunks(children)
    duties = _Duties(conn)
    rules: dict[str, tuple[SchoolCalendar, LadderSettings]] = {}
    today = business_date(conn)
    for part in parts:
        conn.execute(delete(case_interval) if part is None else delete(case_interval).where(case_interval.c.child_id.in_(part)))
        facts = _Facts(conn, part)
        rows: list[dict[str, Any]] = []
        for file in conn.execute(_only(_files(), case_file.c.child_id, part)):
            county = file.county_code
            if county not in rules:
                rules[county] = read_calendar(conn, county), read_ladder(conn, county, today)
            rows += _rows(file, facts, duties, *rules[county], today + AHEAD)
        if rows:
            conn.execute(insert(case_interval), rows)


def _files() -> Select[Any]:
    return select(case_file, child.c.county_code).join(child, child.c.id == case_file.c.child_id)


def _only(chosen: Select[Any], column: Any, part: list[int] | None) -> Select[Any]:
    return chosen if part is None else chosen.where(column.in_(part))


def _grouped(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
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
                chosen = chosen.where(column.in_(select(case_file.c.id).where(case_file.c.child_id.in_(part))))
            return _grouped(conn.execute(chosen))

        event, visit, owner, after, place = case_event.c, home_visit.c, assignment.c, follow_up.c, child_place.c
        corrected = select(visit.corrects).where(visit.corrects.is_not(None))
        self.events = of_cases(select(event.case_id, event.on_date, event.kind).order_by(event.on_date, event.id), event.case_id)
        doors = select(visit.case_id, visit.visited_on, visit.id).where(
            visit.case_id.is_not(None), visit.mode == VisitMode.DOORSTEP.value, visit.id.not_in(corrected)
        )
        self.visits = of_cases(doors, visit.case_id)
        roles = select(visit_person.c.visit_id, visit_person.c.role).join(home_visit, visit.id == visit_person.c.visit_id)
        self.roles = of_cases(
            roles.where(visit.mode == VisitMode.DOORSTEP.value, visit_person.c.role.is_not(None)), visit.case_id
        )
        self.follow_ups = of_cases(select(after.case_id, after.on_date), after.case_id)
        assigned = select(owner.case_id, owner.line, owner.person_id, owner.role, owner.valid_from, owner.valid_to)
        self.assigned = of_cases(assigned.order_by(owner.valid_from.desc(), owner.id.desc()), owner.case_id)
        columns = (place.child_id, place.valid_from, place.valid_to, place.home_code, place.registered_code, place.school_code,
                   place.stage, place.entry_year, place.class_no)  # fmt: skip
        chosen = select(*columns).where(place.child_id.in_(select(case_file.c.child_id) if part is None else part))
        self.places = _grouped(conn.execute(chosen.order_by(place.valid_from)))


class _Duties:
    """Who answers for which class, school, village and town."""

    def __init__(self, conn: Connection) -> None:
        classes: dict[int, tuple[str, str, int, int]] = {
            row.id: (row.school_code, row.stage, row.entry_year, row.class_no) for row in conn.execute(select(school_class))
        }
        self._held: defaultdict[tuple[object, DutyRole], list[Holder]] = defaultdict(list)
        for row in conn.execute(select(responsibility).order_by(responsibility.c.valid_from.desc(), responsibility.c.id)):
            unit = classes.get(row.class_id) if row.class_id else row.school_code or row.area_code
            self._held[unit, DutyRole(row.role)].append(Holder(row.person_id, DutyRole(row.role), row.valid_from, row.valid_to))

    def at(self, place: "Place") -> "_Held":
        """The holders for this place by role, the nearest unit first: class, school, village, town, county."""
        class_key = (place.school_code, place.stage, place.entry_year, place.class_no)
        home = place.home_code or place.registered_code or ""
        units = (class_key, place.school_code, home, home[:9], home[:6])
        return {role: [holder for unit in units for holder in self._held.get((unit, role), ())] for role in CHAIN_ROLES}


@dataclass(frozen=True)
class Place:
    """Where the child of a case counts on [valid_from, valid_to)."""

    valid_from: date
    valid_to: date
    home_code: str | None = None
    registered_code: str | None = None
    school_code: str | None = None
    stage: str | None = None
    entry_year: int | None = None
    class_no: int | None = None


def satisfying_visits(file: Any, facts: _Facts, calendar: SchoolCalendar, ladder: LadderSettings) -> tuple[date, ...]:
    """The visits at the door that fulfil the rung of their day; one whose visitors' roles are not recorded is believed."""
    if file.first_absent_on is None:
        return tuple(row.visited_on for row in facts.visits.get(file.id, ()))
    rungs = ladder_dates(file.first_absent_on, (), calendar, ladder, file.relapse_count > 0)
    found = []
    for row in facts.visits.get(file.id, ()):
        roles = [DutyRole(one.role) for one in facts.roles.get(row.id, ())]
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
        missing_paper=file.missing_paper,
    )


def _rows(
    file: Any, facts: _Facts, duties: _Duties, calendar: SchoolCalendar, ladder: LadderSettings, until: date
) -> Iterator[dict[str, Any]]:
    visits = sorted(row.visited_on for row in facts.visits.get(file.id, ()))
    assigned = _assigned(facts.assigned.get(file.id, ()))
    stands = _stands(file, facts, duties)
    cuts = set(visits) | _edges(holder for named in assigned.values() for holder in named)
    for stand in stands:
        cuts |= {stand.place.valid_from, stand.place.valid_to} | _edges(holder for held in stand.held.values() for holder in held)
    for interval in case_intervals(history_of(file, facts, calendar, ladder), calendar, ladder, until):
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
                "school_owner_id": _owner(DutyLine.SCHOOL, interval.rung, begins, stand, assigned),
                "government_owner_id": _owner(DutyLine.GOVERNMENT, interval.rung, begins, stand, assigned),
                "visits_done": sum(day <= begins for day in visits),
            }
    if file.closed_on:
        yield {
            **_place_values(file, _stand_on(file.closed_on, stands)),
            **dict.fromkeys(("rung", "next_step", "due_on", "overdue_from", "school_owner_id", "government_owner_id")),
            "valid_from": file.closed_on,
            "valid_to": OPEN_END,
            "status": CaseStatus.CLOSED.value,
            "visits_done": len(visits),
        }


def _stand_on(day: date, stands: Iterable["_Stand"]) -> "_Stand":
    return next((one for one in stands if one.place.valid_from <= day < one.place.valid_to), NOWHERE)


def _place_values(file: Any, stand: "_Stand") -> dict[str, Any]:
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


class _Stand(NamedTuple):
    """A place of the child, and who answers for it."""

    place: "Place"
    held: _Held


def _stands(file: Any, facts: _Facts, duties: _Duties) -> list[_Stand]:
    places = [Place(*tuple(row)[1:]) for row in facts.places.get(file.child_id, ())]
    return [_Stand(place, duties.at(place)) for place in places]


def _edges(holders: Iterable[Holder]) -> set[date]:
    return {day for holder in holders for day in (holder.valid_from, holder.valid_to)}


def _assigned(rows: Iterable[Any]) -> dict[DutyLine, list[Holder]]:
    found: dict[DutyLine, list[Holder]] = {line: [] for line in DutyLine}
    for row in rows:
        found[DutyLine(row.line)].append(Holder(row.person_id, DutyRole(row.role), row.valid_from, row.valid_to))
    return found


def _owner(line: DutyLine, rung: int | None, on: date, stand: _Stand, assigned: dict[DutyLine, list[Holder]]) -> int | None:
    owner = find_owner(line, rung, on, assigned[line], lambda role: stand.held[role])
    return owner.person_id if owner else None


NOWHERE = _Stand(Place(date.min, OPEN_END), {role: [] for role in CHAIN_ROLES})
