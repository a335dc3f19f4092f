"""The contradictions that were found: lists, counts by rule, and how many were open on past days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from data_access.schema import area, child, contradiction, school
from data_access.scoped import day_of, in_scope, place_filter
from domain.case_filter import CaseFilter
from domain.check_list import RULES
from domain.checks import Finished, Ground, Rule, Severity, Side
from domain.masking import PiiKind, mask
from domain.scope import Scope

TREND_WEEKS = 12
AT_SCHOOL = "registered_at"  # a side whose value is a school
RANK = {code: number for number, code in enumerate(RULES)}
RANKED = sorted(RULES.values(), key=lambda rule: (rule.severity is not Severity.ERROR, rule.ground, RANK[rule.code]))


@dataclass(frozen=True)
class Which:
    """Which contradictions a list holds beyond the filter: of some rules or a ground, of a status."""

    rules: tuple[str, ...] = ()
    ground: Ground | None = None
    status: Finished | None = Finished.OPEN
    lists: bool | None = None  # only 四查三比对, or all but them
    by_school: bool = False  # in the order of towns and schools, to print for each


OPEN = Which()


@dataclass(frozen=True)
class ContradictionRow:
    """Two records that disagree, both sides ready to be said; the child's name masked for those who may not see it."""

    number: int
    rule: Rule
    left: Side
    right: Side
    child_id: int | None
    child_name: str | None
    other_child_id: int | None
    school_code: str | None
    school_name: str | None
    town_name: str | None
    first_seen: date
    last_seen: date
    mended_on: date | None
    status: Finished
    age: int
    outcome: str | None
    reason: str | None
    explained_by: str | None
    explained_on: date | None


@dataclass(frozen=True)
class RuleCount:
    """One rule: how many are open, explained and mended, in how many units, and the age in days of the oldest open one."""

    rule: Rule
    open: int
    explained: int
    mended: int
    units: int
    oldest: int


def read_contradictions(
    conn: Connection, scope: Scope, chosen: CaseFilter, which: Which = OPEN, *, limit: int | None = 50, offset: int = 0
) -> list[ContradictionRow]:
    """One page of the contradictions, errors first, then the oldest. Raises ScopeError where no child may be listed."""
    return list(iterate_contradictions(conn, scope, chosen, which, limit=limit, offset=offset))


def count_contradictions(conn: Connection, scope: Scope, chosen: CaseFilter, which: Which = OPEN) -> int:
    """How many there are in all."""
    scope.require_children()
    return conn.execute(select(func.count()).select_from(contradiction).where(_clause(scope, chosen, which))).scalar_one()


def iterate_contradictions(
    conn: Connection, scope: Scope, chosen: CaseFilter, which: Which = OPEN, *, limit: int | None, offset: int
) -> Iterator[ContradictionRow]:
    """The same rows one by one, for files of any length."""
    scope.require_children()
    query = _described().where(_clause(scope, chosen, which)).order_by(*_order(which)).limit(limit).offset(offset)
    schools = {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}
    for row in conn.execute(query):
        yield _row(row, scope, day_of(chosen), schools)


def _side(what: str, value: str, key: str, schools: Mapping[str, str]) -> Side:
    return Side(what, schools.get(value, value) if what == AT_SCHOOL else value, key)


def _described() -> Select[Any]:
    kept = contradiction.c
    town = func.coalesce(school.c.town_code, kept.home_code)
    return (
        select(contradiction, child.c.name, school.c.name.label("school_name"), area.c.name.label("town_name"))
        .outerjoin(child, child.c.id == kept.child_id)
        .outerjoin(school, school.c.code == kept.school_code)
        .outerjoin(area, area.c.code == func.substr(town, 1, 9))
    )


def _order(which: Which) -> tuple[ColumnElement[Any], ...]:
    kept = contradiction.c
    place = (func.coalesce(school.c.town_code, kept.home_code), kept.school_code) if which.by_school else ()
    rank = case({rule.code: number for number, rule in enumerate(RANKED)}, value=kept.rule, else_=len(RANKED))
    return *place, rank, kept.first_seen, kept.school_code, kept.id


def _clause(scope: Scope, chosen: CaseFilter, which: Which) -> ColumnElement[bool]:
    kept, day = contradiction.c, day_of(chosen)
    parts = [in_scope(scope, contradiction), place_filter(chosen, contradiction), kept.first_seen <= day]
    if which.rules:
        parts.append(kept.rule.in_(which.rules))
    if which.status:
        parts.append(kept.status == which.status.value)
    wanted = [rule.code for rule in RULES.values() if which.ground in (None, rule.ground)]
    if which.lists is not None:
        wanted = [code for code in wanted if RULES[code].has_outcome is which.lists]
    return and_(*parts, kept.rule.in_(wanted))


def _row(row: Any, scope: Scope, day: date, schools: Mapping[str, str]) -> ContradictionRow:
    return ContradictionRow(
        row.id,
        RULES[row.rule],
        _side(row.left_what, row.left_value, row.left_key, schools),
        _side(row.right_what, row.right_value, row.right_key, schools),
        row.child_id,
        row.name if scope.sees_names else mask(row.name, PiiKind.NAME),
        row.other_child_id,
        row.school_code,
        row.school_name,
        row.town_name,
        row.first_seen,
        row.last_seen,
        row.mended_on,
        Finished(row.status),
        ((row.mended_on or day) - row.first_seen).days,
        row.outcome,
        row.reason if scope.sees_names else mask(row.reason, PiiKind.FREE_TEXT),
        row.explained_by,
        row.explained_on,
    )


def count_by_rule(conn: Connection, scope: Scope, chosen: CaseFilter, *, lists: bool | None = None) -> list[RuleCount]:
    """Every rule with how often it is broken, errors first; those that nothing breaks too, for silence is an answer."""
    scope.require_children()
    kept, day = contradiction.c, day_of(chosen)

    def of(status: Finished) -> ColumnElement[int]:
        return func.count().filter(kept.status == status.value)

    units = func.count(func.distinct(func.coalesce(kept.school_code, kept.home_code))).filter(kept.status == Finished.OPEN.value)
    oldest = func.min(kept.first_seen).filter(kept.status == Finished.OPEN.value)
    query = select(kept.rule, *(of(status) for status in Finished), units, oldest).group_by(kept.rule)
    rows = conn.execute(query.where(_clause(scope, chosen, Which(status=None, lists=lists))))
    found = {code: (*counts, (day - first).days if first else 0) for code, *counts, first in rows}
    wanted = [rule for rule in RANKED if lists is None or rule.has_outcome is lists]
    return [RuleCount(rule, *found.get(rule.code, (0, 0, 0, 0, 0))) for rule in wanted]


def count_open_by_school(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[str, tuple[int, int]]:
    """School -> (open errors, open in all)."""
    scope.require_children()
    kept = contradiction.c
    errors = [rule.code for rule in RULES.values() if rule.severity is Severity.ERROR]
    query = select(kept.school_code, func.count().filter(kept.rule.in_(errors)), func.count())
    query = query.where(_clause(scope, chosen, Which()), kept.school_code.is_not(None)).group_by(kept.school_code)
    return {code: (wrong, every) for code, wrong, every in conn.execute(query)}


def read_trend(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[tuple[date, int, int]]:
    """(day, errors, warnings) that were open at the end of each of the last twelve weeks, the last one being the as-of day.

    Found and mended days tell it: nothing is counted in advance. Explained ones count as open until their explanation.
    The six lists of 四查三比对 have a table of their own and are left out, so that the last week is what the page counts.
    """
    scope.require_children()
    kept, day = contradiction.c, day_of(chosen)
    ended = func.coalesce(kept.mended_on, kept.explained_on)
    query = select(kept.rule, kept.first_seen, ended).where(_clause(scope, chosen, Which(status=None, lists=False)))
    query = query.where(or_(ended.is_(None), ended > day - timedelta(weeks=TREND_WEEKS)))
    spans = [(RULES[code].severity is Severity.ERROR, first, last or date.max) for code, first, last in conn.execute(query)]
    days = [day - timedelta(weeks=number) for number in range(TREND_WEEKS - 1, -1, -1)]
    return [(at, sum(wrong and first <= at < last for wrong, first, last in spans), _warnings(spans, at)) for at in days]


def _warnings(spans: list[tuple[bool, date, date]], day: date) -> int:
    return sum(not wrong and first <= day < last for wrong, first, last in spans)
