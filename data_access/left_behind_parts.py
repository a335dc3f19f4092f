"""The left-behind children in parts: by which definition they are so, and how old the last check of their record is."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Select, and_, case, func, not_, or_, select, true

from data_access.measures import Measure, recounts_in, young_enough
from data_access.schema import care_interval, child, child_place, group_spell
from data_access.scoped import Clause, child_clause, counted_at, day_of, on
from data_access.village_counts import read_summary
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
    education, civil = recounts_in(Measure.LEFT_BEHIND, day), recounts_in(Measure.LEFT_BEHIND_CIVIL, day)
    own = child_place.c.child_id
    stale = own.not_in(_fresh(day))
    return and_(own.in_(_named(day)), _parts(education, civil, stale)[part])  # the first half finds them by one index


def _parts(education: Clause, civil: Clause, stale: Clause) -> dict[LeftBehindPart, Clause]:
    """What each part is, from how a child is left behind and whether its check is old."""
    return {
        LeftBehindPart.ALL: or_(education, civil),
        LeftBehindPart.BOTH: and_(education, civil),
        LeftBehindPart.EDUCATION_ONLY: and_(education, not_(civil)),
        LeftBehindPart.CIVIL_ONLY: and_(civil, not_(education)),
        LeftBehindPart.STALE: and_(or_(education, civil), stale),
    }


def care_clause(part: LeftBehindPart) -> Clause:
    """The same of a row of care_interval."""
    spans = care_interval.c
    return _parts(spans.education, spans.civil, not_(spans.fresh))[part]


def _named(day: date) -> Select[tuple[int]]:
    """The children in one of the two groups on a day, whatever their age."""
    names = [group.value for group in LEFT_BEHIND]
    return select(group_spell.c.child_id).where(group_spell.c.group_name.in_(names), on(group_spell, day))


def _fresh(day: date) -> Select[tuple[int]]:
    """The children with a check, under either definition, that is not older than a quarter."""
    return _named(day).where(group_spell.c.checked_on >= first_fresh_day(day))


def left_behind_by_either(counts: Mapping[str, int]) -> int:
    """Of the counts of the summary: the children left behind by one definition or the other."""
    return counts["left_behind"] + counts["left_behind_civil"] - counts["left_behind_both"]


def count_left_behind_parts(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[LeftBehindPart, int]:
    """How many children belong to each part: from the summary where it knows, else in one pass over their spells."""
    if chosen.from_summary:
        return sum_parts(read_summary(conn, scope, chosen))
    return count_parts_live(conn, scope, chosen)


def sum_parts(summary: Mapping[str | None, Mapping[str, int]]) -> dict[LeftBehindPart, int]:
    """The parts over all villages of a summary."""
    total: Counter[str] = Counter()
    for counts in summary.values():
        total.update(counts)
    whole, both = left_behind_by_either(total), total["left_behind_both"]
    return {
        LeftBehindPart.ALL: whole,
        LeftBehindPart.BOTH: both,
        LeftBehindPart.EDUCATION_ONLY: total["left_behind"] - both,
        LeftBehindPart.CIVIL_ONLY: total["left_behind_civil"] - both,
        LeftBehindPart.STALE: whole - total["checked_fresh"],
    }


def count_parts_live(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[LeftBehindPart, int]:
    """The same straight from the dated rows, whatever the filter: what the summary is held against."""
    day, spell = day_of(chosen), group_spell.c
    named = [func.max(case((spell.group_name == group.value, 1), else_=0)).label(group.value) for group in LEFT_BEHIND]
    held = select(spell.child_id, *named, func.max(spell.checked_on).label("checked")).where(
        spell.group_name.in_([group.value for group in LEFT_BEHIND]), on(group_spell, day)
    )
    spells = held.group_by(spell.child_id).subquery("spells")
    education, civil = (and_(spells.c[group.value] == 1, young_enough(group, day)) for group in LEFT_BEHIND)
    parts = _parts(education, civil, func.coalesce(spells.c.checked < first_fresh_day(day), true()))
    query = (
        select(*(func.count(case((clause, 1))) for clause in parts.values()))
        .join_from(spells, child_place, child_place.c.child_id == spells.c.child_id)
        .join(child, child.c.id == spells.c.child_id)
        .where(child_clause(scope, chosen, child_place))
    )
    return dict(zip(parts, conn.execute(query).one(), strict=True))


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
    return sum_freshness(read_summary(conn, scope, chosen)) if chosen.from_summary else freshness_live(conn, scope, chosen)


def sum_freshness(summary: Mapping[str | None, Mapping[str, int]]) -> dict[str, Freshness]:
    """The same of a summary."""
    towns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for code, counts in summary.items():
        towns[(code or "")[:TOWN]].update(counts)
    found = {}
    for town, counts in towns.items():
        if whole := left_behind_by_either(counts):
            fresh, ever = counts["checked_fresh"], counts["checked_ever"]
            found[town] = Freshness(fresh, ever - fresh, whole - ever)
    return found


def freshness_live(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[str, Freshness]:
    """The same straight from the dated rows."""
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
