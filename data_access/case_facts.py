"""What a row of the case list says of the visits and events of its case: read for many cases at once, reduced here.

In the statement of the rows it took six looks into the two tables, for each of which PostgreSQL planned its wall anew: longer
than it read fifty rows.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Text, bindparam, literal_column, or_, select, union_all

from data_access.chunks import among, listed
from data_access.schema import case_event, home_visit
from domain.cases import CaseStatus
from domain.visits import VisitMode


class CaseFacts(NamedTuple):
    """Up to a day, of what no later entry corrects: the first return, the last visit at the door, the last result of a visit."""

    returned_on: date | None = None
    last_visit_on: date | None = None
    last_result: str | None = None


CASES = bindparam("cases", type_=Text())
visit, event = home_visit.c, case_event.c


def _steps() -> Any:
    """The visits and returns of the cases, and what undoes them; in the order of their days, then of their numbers."""
    visits: Select[Any] = select(
        literal_column("1").label("is_visit"),
        *(visit.case_id, visit.id, visit.visited_on.label("on_date"), visit.corrects, visit.mode.label("what"), visit.result),
    ).where(among(visit.case_id, CASES))
    events: Select[Any] = select(
        *(literal_column("0"), event.case_id, event.id, event.on_date, event.corrects, event.kind, literal_column("NULL"))
    ).where(among(event.case_id, CASES), or_(event.kind == CaseStatus.RETURNED.value, event.corrects.is_not(None)))
    return union_all(visits, events).order_by("on_date", "id")


STEPS = _steps()


def read_case_facts(conn: Connection, cases: Collection[int], day: date) -> dict[int, CaseFacts]:
    """Case -> its facts on a day, for those of which anything stands. A correction undoes on whatever day it was made."""
    rows = conn.execute(STEPS, {CASES.key: listed(cases)}).all()
    undone = {(row.is_visit, row.corrects) for row in rows}
    found: dict[int, CaseFacts] = {}
    for is_visit, case_id, number, on_date, _, what, result in rows:
        if on_date <= day and (is_visit, number) not in undone:
            found[case_id] = _with(found.get(case_id, CaseFacts()), on_date, what, result)
    return found


def _with(told: CaseFacts, on_date: date, what: str, result: str | None) -> CaseFacts:
    """The facts with what a later entry adds to them."""
    return CaseFacts(
        told.returned_on or (on_date if what == CaseStatus.RETURNED.value else None),
        on_date if what == VisitMode.DOORSTEP.value else told.last_visit_on,
        told.last_result if result is None else result,
    )
