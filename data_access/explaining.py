"""Explaining a contradiction: a write with a reason, by the unit that owns it."""

from typing import Any

from sqlalchemy import Connection, Engine, select, update

from data_access import audit
from data_access.engine import business_date
from data_access.schema import contradiction
from data_access.scoped import in_scope
from data_access.walls import open_scoped
from data_access.writing import write
from domain.check_list import RULES
from domain.checks import Finished, Owner, Rule, Verified
from domain.errors import ProblemError
from domain.scope import Role, Scope, Write

LONGEST = 300  # characters of a reason
OWNS: dict[Role, frozenset[Owner]] = {
    Role.SCHOOL: frozenset({Owner.SCHOOL}),
    Role.TOWNSHIP: frozenset({Owner.SCHOOL, Owner.TOWN}),
    Role.COUNTY: frozenset(Owner),
}


def may_explain(scope: Scope, rule: Rule) -> bool:
    """Whether this role answers for that rule."""
    return scope.may(Write.CASE) and rule.owner in OWNS.get(scope.role, frozenset())


def explain(engine: Engine, scope: Scope, number: int, reason: str, outcome: Verified | None = None) -> None:
    """Say why two records disagree and need no mending; a list of 四查三比对 also asks what became of the child.

    Raises ScopeError where the role may not, ProblemError check.not_yours outside its area or for a rule it does not own,
    check.no_reason, check.no_outcome, check.mended_already. Audited; other figures found later open it again.
    """
    scope.require(Write.CASE)
    said = reason.strip()
    if not said:
        raise ProblemError("check.no_reason")
    with write(engine, _county(engine, scope, number)) as conn:
        row = _own(conn, scope, number)
        if RULES[row.rule].has_outcome and outcome is None:
            raise ProblemError("check.no_outcome")
        told: dict[str, Any] = {
            "status": Finished.EXPLAINED.value,
            "reason": said[:LONGEST],
            "outcome": outcome.value if outcome else None,
        }
        told |= {"explained_by": scope.user, "explained_on": business_date(conn)}
        conn.execute(update(contradiction).where(contradiction.c.id == number).values(told))
        _record(engine, scope, "explain", row, said)


def take_back(engine: Engine, scope: Scope, number: int) -> None:
    """Open an explained contradiction again. Raises what `explain` raises."""
    scope.require(Write.CASE)
    with write(engine, _county(engine, scope, number)) as conn:
        row = _own(conn, scope, number)
        told = dict.fromkeys(("reason", "outcome", "explained_by", "explained_on"))
        change = update(contradiction).where(contradiction.c.id == number)
        conn.execute(change.values({"status": Finished.OPEN.value, **told}))
        _record(engine, scope, "explain_back", row, None)


def _county(engine: Engine, scope: Scope, number: int) -> str:
    with open_scoped(engine, scope) as conn:
        return str(_own(conn, scope, number).county_code)


def _own(conn: Connection, scope: Scope, number: int) -> Any:
    row = conn.execute(select(contradiction).where(in_scope(scope, contradiction), contradiction.c.id == number)).first()
    if row is None or not may_explain(scope, RULES[row.rule]):
        raise ProblemError("check.not_yours")
    if row.status == Finished.MENDED.value:
        raise ProblemError("check.mended_already")
    return row


def _record(engine: Engine, scope: Scope, act: str, row: Any, reason: str | None) -> None:
    audit.record(engine, scope, act, county=row.county_code, filter_text=row.rule, row_ids=[row.id], row_count=1, reason=reason)
