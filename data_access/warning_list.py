"""The warning list: for each sign the children it holds for, and for each child every reason, spelled out (R036-R037, R101)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from data_access.children import ChildRow, count_children_where, read_children_where
from data_access.returns import term_start
from data_access.schema import absence_day, aid, case_file, child_place, group_spell, guardian, home_visit, school
from data_access.scoped import Clause, day_of, of_groups, on
from data_access.settings import read_calendar, read_values
from domain.bureau_settings import warning_limits_of
from domain.case_filter import CaseFilter
from domain.groups import Group, WarningFacts, WarningLimits, WarningSign, warnings
from domain.risk_windows import risk_windows
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.visits import VisitMode

UNEXPLAINED, LEAVE = ("truant", "unknown"), ("sick", "leave")
RECENT_DAYS = 14  # an absence on the roll call after a holiday warns for two weeks


@dataclass(frozen=True)
class WarnedChild:
    """A pupil on the list with every sign that holds, in a fixed order: reasons to look, never a score."""

    child: ChildRow
    signs: tuple[WarningSign, ...]


@dataclass(frozen=True)
class _Rules:
    """What the signs of one county and day stand on."""

    day: date
    term: date
    roll_call: date | None
    limits: WarningLimits


def count_signs(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[WarningSign, int]:
    """How many pupils each sign holds for; a child with two signs counts in both."""
    rules = _rules(conn, scope, chosen)
    return {sign: count_children_where(conn, scope, chosen, _holds(sign, rules)) for sign in WarningSign}


def read_warned(
    conn: Connection, scope: Scope, chosen: CaseFilter, sign: WarningSign, *, limit: int = 50, offset: int = 0
) -> list[WarnedChild]:
    """One page of the pupils for whom a sign holds, each with all of its signs."""
    rules = _rules(conn, scope, chosen)
    rows = read_children_where(conn, scope, chosen, _holds(sign, rules), limit=limit, offset=offset)
    facts = read_facts(conn, [row.child_id for row in rows], rules)
    return [WarnedChild(row, warnings(facts[row.child_id], rules.limits)) for row in rows]


def _rules(conn: Connection, scope: Scope, chosen: CaseFilter) -> _Rules:
    """Limits and calendar are those of the first county in view."""
    scope.require_children()
    day = day_of(chosen)
    county = (chosen.area or min(scope.areas, default=""))[:6]
    if len(county) < 6:
        county = conn.execute(select(func.min(school.c.county_code))).scalar() or ""
    calendar = read_calendar(conn, county)
    windows = [*risk_windows(calendar, school_year_of(day) - 1, 0, 0), *risk_windows(calendar, school_year_of(day), 0, 0)]
    calls = [one.roll_call for one in windows if one.roll_call <= day and (day - one.roll_call).days <= RECENT_DAYS]
    limits = warning_limits_of(read_values(conn, county, day))
    return _Rules(day, term_start(day), max(calls, default=None), limits)


def _pupil() -> Clause:
    return child_place.c.school_code.is_not(None)


def _holds(sign: WarningSign, rules: _Rules) -> Clause:
    """Whether a sign holds for the pupil of a child_place row."""
    me, day = child_place.c.child_id, rules.day

    def absent(states: Collection[str], at_least: int) -> Clause:
        days = select(func.count()).where(
            absence_day.c.child_id == me, absence_day.c.state.in_(states), absence_day.c.on_date.between(rules.term, day)
        )
        return days.scalar_subquery() >= at_least

    def member(group: Group) -> Clause:
        return of_groups(me, [group], day)

    carers = (guardian.c.child_id == me, guardian.c.is_carer, on(guardian, day))
    clauses: dict[WarningSign, Clause] = {
        WarningSign.DROPPED_OUT_BEFORE: exists().where(
            case_file.c.child_id == me, case_file.c.relapse_count > 0, case_file.c.opened_on <= day
        ),
        WarningSign.UNEXPLAINED_ABSENCE: absent(UNEXPLAINED, rules.limits.unexplained_days),
        WarningSign.ABSENT_AFTER_HOLIDAY: exists().where(
            absence_day.c.child_id == me, absence_day.c.on_date == (rules.roll_call or date.max)
        ),
        WarningSign.MANY_LEAVES: absent(LEAVE, rules.limits.leave_days),
        WarningSign.LEARNING_DIFFICULTY: member(Group.LEARNING_DIFFICULTY),
        WarningSign.TIRED_OF_SCHOOL: member(Group.TIRED_OF_SCHOOL),
        WarningSign.NO_ABLE_CARER: and_(
            exists().where(*carers, guardian.c.able.is_(False)),
            ~exists().where(*carers, or_(guardian.c.able, guardian.c.able.is_(None))),
        ),
        WarningSign.FAMILY_LEAVES_SEASONALLY: member(Group.SEASONAL_MIGRATION),
        WarningSign.POOR_WITHOUT_AID: and_(member(Group.POOR), ~exists().where(aid.c.child_id == me, on(aid, day))),
        WarningSign.NOT_VISITED: ~exists().where(
            home_visit.c.child_id == me,
            home_visit.c.mode == VisitMode.DOORSTEP.value,
            home_visit.c.visited_on.between(rules.term, day),
        ),
    }
    return and_(_pupil(), clauses[sign])


def read_facts(conn: Connection, children: Sequence[int], rules: _Rules) -> dict[int, WarningFacts]:
    """What the list looks at for some children."""
    day, wanted = rules.day, list(children)
    groups: defaultdict[int, set[Group]] = defaultdict(set)
    spells = select(group_spell.c.child_id, group_spell.c.group_name).where(
        group_spell.c.child_id.in_(wanted), on(group_spell, day)
    )
    for child_id, name in conn.execute(spells):
        groups[child_id].add(Group(name))
    away = absence_day.c
    of_state = [func.count(case((away.state.in_(states), 1))) for states in (UNEXPLAINED, LEAVE)]
    called = func.count(case((away.on_date == (rules.roll_call or date.max), 1)))
    query = select(away.child_id, *of_state, called).where(away.child_id.in_(wanted), away.on_date.between(rules.term, day))
    absences = {row[0]: row[1:] for row in conn.execute(query.group_by(away.child_id))}
    relapses = _per_child(conn, case_file.c.child_id, func.max(case_file.c.relapse_count), wanted, case_file.c.opened_on <= day)
    aided = _per_child(conn, aid.c.child_id, func.count(), wanted, on(aid, day))
    doorstep = (home_visit.c.mode == VisitMode.DOORSTEP.value, home_visit.c.visited_on.between(rules.term, day))
    visited = _per_child(conn, home_visit.c.child_id, func.count(), wanted, *doorstep)
    able = _able_carers(conn, wanted, day)
    found = {}
    for child_id in wanted:
        unexplained, leave, after_holiday = absences.get(child_id, (0, 0, 0))
        found[child_id] = WarningFacts(
            frozenset(groups[child_id]),
            relapses.get(child_id) or 0,
            unexplained,
            leave,
            bool(after_holiday) if rules.roll_call else None,
            able.get(child_id),
            bool(aided.get(child_id)),
            bool(visited.get(child_id)),
        )
    return found


def _per_child(
    conn: Connection, child_id: ColumnElement[int], what: ColumnElement[int], wanted: Sequence[int], *which: Clause
) -> dict[int, int]:
    return {row[0]: row[1] for row in conn.execute(select(child_id, what).where(child_id.in_(wanted), *which).group_by(child_id))}


def _able_carers(conn: Connection, wanted: Sequence[int], day: date) -> dict[int, bool | None]:
    """Child -> whether a carer is able; None where it is not known of anybody, and no entry without a carer."""
    found: dict[int, list[bool | None]] = {}
    query = select(guardian.c.child_id, guardian.c.able).where(
        guardian.c.child_id.in_(wanted), guardian.c.is_carer, on(guardian, day)
    )
    for child_id, able in conn.execute(query):
        found.setdefault(child_id, []).append(able)
    return {child_id: True if True in told else None if None in told else False for child_id, told in found.items()}
