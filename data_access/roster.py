"""The rosters of dropouts of this school year and the two before, held against the registry of the as-of day (R174, R188)."""

from collections import Counter
from datetime import date

from sqlalchemy import Connection, and_, exists, func, literal, not_, select

from data_access.children import ChildRow, read_children_where
from data_access.derive_losses import LOST
from data_access.schema import case_file, case_interval, child, child_place, loss_spell
from data_access.scoped import Clause, child_clause, day_of, on, open_on
from domain.case_filter import CaseFilter
from domain.cases import Outcome
from domain.roster import YEARS, Removed, Roster, Standing, removed_for
from domain.school_year import school_year_of
from domain.scope import Scope

LOSING = (*sorted(LOST), "transition_loss")
PROVEN = ("transfer_out_proven", "suspended_approved", "abroad", "death")


def read_roster(conn: Connection, scope: Scope, chosen: CaseFilter) -> Roster:
    """Both totals of the filter's children, and the reasons between them."""
    scope.require_children()
    day = day_of(chosen)
    stands = (_has(LOSING, day), child_place.c.school_code.is_not(None), _has(PROVEN, day), _of_age(day), _has_case(day))
    told = [clause.label(f"told{number}") for number, clause in enumerate(stands)]
    query = select(*told, func.count()).select_from(child_place).join(child, child.c.id == child_place.c.child_id)
    query = query.where(child_clause(scope, chosen, child_place), _on_roster(day)).group_by(*(one.element for one in told))
    removed: Counter[Removed] = Counter(dict.fromkeys(Removed, 0))
    left = without_case = 0
    for row in conn.execute(query):
        *told_of, has_case, count = row
        reason = removed_for(Standing(*map(bool, told_of)))
        if reason is not None:
            removed[reason] += count
            continue
        left += count
        without_case += 0 if has_case else count
    return Roster(left + sum(removed.values()), left, without_case, dict(removed))


def read_without_case(conn: Connection, scope: Scope, chosen: CaseFilter, *, limit: int = 50, offset: int = 0) -> list[ChildRow]:
    """One page of the children still to be brought back for whom no case is open."""
    day = day_of(chosen)
    clause = and_(_on_roster(day), _has(LOSING, day), _of_age(day), not_(_has_case(day)))
    return read_children_where(conn, scope, chosen, clause, limit=limit, offset=offset)


def _on_roster(day: date) -> Clause:
    year, loss = school_year_of(day), loss_spell.c
    mine = (loss.child_id == child_place.c.child_id, loss.kind.in_(LOSING), loss.valid_from <= day)
    return exists().where(*mine, loss.school_year.between(year - YEARS + 1, year))


def _has(kinds: tuple[str, ...], day: date) -> Clause:
    return exists().where(loss_spell.c.child_id == child_place.c.child_id, loss_spell.c.kind.in_(kinds), on(loss_spell, day))


def _of_age(day: date) -> Clause:
    """Whether school age lasts, and no case was closed because schooling had ended (at sixteen, or after grade 9)."""
    file = case_file.c
    ended = exists().where(file.child_id == child_place.c.child_id, file.outcome == Outcome.AGED_OUT.value, file.closed_on <= day)
    return and_(func.coalesce(child.c.school_age_to > day, literal(True)), not_(ended))


def _has_case(day: date) -> Clause:
    return exists().where(case_interval.c.child_id == child_place.c.child_id, open_on(day))
