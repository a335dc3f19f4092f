"""The left-behind children in parts: by which definition they are so, and how old the last check of their record is."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, and_, case, func, not_, or_, select

from data_access.measures import Measure, counts_in
from data_access.schema import child, child_place, group_spell
from data_access.scoped import Clause, child_clause, counted_at, day_of, on
from domain.case_filter import CaseFilter
from domain.groups import Group
from domain.left_behind import is_stale
from domain.rates import Rate
from domain.scope import Scope

LEFT_BEHIND = (Group.LEFT_BEHIND_EDUCATION, Group.LEFT_BEHIND_CIVIL)
TOWN = 9  # digits of a town's code


class LeftBehindPart(StrEnum):
    """Which of the children left behind by either definition; `stale`: no check within the last quarter (R065)."""

    ALL = "all"
    BOTH = "both"
    EDUCATION_ONLY = "education_only"
    CIVIL_ONLY = "civil_only"
    STALE = "stale"


def part_clause(part: LeftBehindPart, day: date) -> Clause:
    """Whether a child (child_place joined with child) belongs to a part on a day."""
    education, civil = counts_in(Measure.LEFT_BEHIND, day), counts_in(Measure.LEFT_BEHIND_CIVIL, day)
    clauses: dict[LeftBehindPart, Clause] = {
        LeftBehindPart.ALL: or_(education, civil),
        LeftBehindPart.BOTH: and_(education, civil),
        LeftBehindPart.EDUCATION_ONLY: and_(education, not_(civil)),
        LeftBehindPart.CIVIL_ONLY: and_(civil, not_(education)),
        LeftBehindPart.STALE: and_(or_(education, civil), child_place.c.child_id.not_in(_fresh(day))),
    }
    return clauses[part]


def _fresh(day: date):  # type: ignore[no-untyped-def]  # a select of one column has no name of its own
    """The children with a check, under either definition, that is not older than a quarter."""
    names = [group.value for group in LEFT_BEHIND]
    spells = select(group_spell.c.child_id).where(group_spell.c.group_name.in_(names), on(group_spell, day))
    return spells.where(group_spell.c.checked_on >= first_fresh_day(day))


def first_fresh_day(day: date) -> date:
    """The earliest check that is not stale on `day`."""
    return next(one for one in (day - timedelta(days=n) for n in range(100, 0, -1)) if not is_stale(one, day))


@dataclass(frozen=True)
class Freshness:
    """The left-behind children of a town by the latest check of their record: within a quarter, older, or never (R065)."""

    fresh: int
    older: int
    never: int

    @property
    def rate(self) -> Rate:
        """Checked within a quarter / all of them."""
        return Rate(self.fresh, self.fresh + self.older + self.never)


def read_freshness(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[str, Freshness]:
    """Town code ("" for the unlocated) -> how fresh the records of its left-behind children are, by either definition."""
    day = day_of(chosen)
    checked = (
        select(group_spell.c.child_id, func.max(group_spell.c.checked_on).label("on_date"))
        .where(group_spell.c.group_name.in_([group.value for group in LEFT_BEHIND]), on(group_spell, day))
        .group_by(group_spell.c.child_id)
        .subquery("checked")
    )
    town = func.coalesce(func.substr(counted_at(child_place, chosen.basis), 1, TOWN), "").label("town")
    fresh = func.count(case((checked.c.on_date >= first_fresh_day(day), 1)))
    query = (
        select(town, func.count(), func.count(checked.c.on_date), fresh)
        .join_from(child_place, child, child.c.id == child_place.c.child_id)
        .join(checked, checked.c.child_id == child_place.c.child_id)
        .where(child_clause(scope, chosen, child_place), part_clause(LeftBehindPart.ALL, day))
        .group_by(town)
    )
    rows = conn.execute(query)
    return {code: Freshness(recent, known - recent, children - known) for code, children, known, recent in rows}
