"""The four aids of compulsory education: who is due which, and who does not receive it (R105-R107)."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, exists, select

from data_access.schema import aid, child_place, enrolment_spell
from data_access.scoped import child_clause, day_of, of_groups, on
from domain.case_filter import CaseFilter
from domain.groups import Aid, Group, aids_due
from domain.rates import Rate
from domain.scope import Scope


def count_aids(conn: Connection, scope: Scope, chosen: CaseFilter) -> dict[Aid, Rate]:
    """Aid -> pupils of poor households who receive it / those who are due it, as of the day.

    Fees and books are free for everyone; the ledgers list aid for poor households, and only they are counted.
    """
    due: Counter[Aid] = Counter()
    received: Counter[Aid] = Counter()
    for boards, ticked in _ticks(conn, scope, chosen):
        for one in aids_due([Group.POOR], boards):
            due[one] += 1
            received[one] += one in ticked
    return {one: Rate(received[one], due[one]) for one in Aid}


def _ticks(conn: Connection, scope: Scope, chosen: CaseFilter) -> Iterator[tuple[bool, frozenset[str]]]:
    """Every pupil of a poor household: whether it boards, and what it receives."""
    day, me = day_of(chosen), child_place.c.child_id
    poor = of_groups(me, [Group.POOR], day)
    boards = exists().where(enrolment_spell.c.child_id == me, enrolment_spell.c.boarding, on(enrolment_spell, day))
    query = select(me, boards).where(child_clause(scope, chosen, child_place), child_place.c.school_code.is_not(None), poor)
    pupils = {row[0]: row[1] for row in conn.execute(query)}
    ticks: dict[int, set[str]] = {}
    granted = select(aid.c.child_id, aid.c.kind).where(aid.c.child_id.in_(query.with_only_columns(me)), on(aid, day))
    for child_id, kind in conn.execute(granted):
        ticks.setdefault(child_id, set()).add(kind)
    return ((bool(told), frozenset(ticks.get(child_id, ()))) for child_id, told in pupils.items())
