"""The headcount identity of a school: last term's pupils, who came and who left by the movements, who is there now (R170)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from data_access.schema import enrolment_spell, movement_event, school
from data_access.scoped import day_of, on, school_in_scope
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.movements import Movement
from domain.published_figures import Finding, check_headcount
from domain.school_year import AUTUMN, SPRING, TermNumber, school_year_of
from domain.scope import Scope

ARRIVES, LEAVES = (Movement.TRANSFER_IN,), (Movement.TRANSFER_OUT, Movement.DEATH, Movement.ABROAD)


@dataclass(frozen=True)
class HeadCount:
    """One term of one stage of a school; every field counts pupils on the register.

    `before`: on the last day before the term. `intake`: new year groups in their first grade. `graduated`: year groups that
    left with the year. `moved_in`, `moved_out`: by the movements of the term. `now`: on the day, or the last day of the term.
    """

    school_year: int
    term: TermNumber
    before: int
    intake: int
    graduated: int
    moved_in: int
    moved_out: int
    now: int

    @property
    def expected(self) -> int:
        """Whom the register should hold."""
        return self.before + self.intake - self.graduated + self.moved_in - self.moved_out

    @property
    def finding(self) -> Finding:
        """Whether last term + in - out = now."""
        return check_headcount(self.before + self.intake - self.graduated, self.moved_in, self.moved_out, self.now)


def read_headcounts(conn: Connection, scope: Scope, chosen: CaseFilter, stage: Stage, terms: int = 4) -> list[HeadCount]:
    """The filter's school in its last terms, the latest first. Raises ValueError for a filter without a school."""
    if chosen.school is None:
        raise ValueError("headcounts are read of one school")
    day, school_code = day_of(chosen), chosen.school
    if conn.execute(select(school.c.code).where(school.c.code == school_code, school_in_scope(scope))).first() is None:
        return []
    found = []
    for school_year, term in _terms_before(day, terms):
        starts, ends = _edges(school_year, term)
        if starts <= day:
            found.append(_count(conn, school_code, stage.value, (school_year, term), starts, min(day, ends)))
    return found


def _terms_before(day: date, terms: int) -> Iterable[tuple[int, TermNumber]]:
    year = school_year_of(day)
    every: list[tuple[int, TermNumber]] = [(one, term) for one in range(year, year - terms, -1) for term in (SPRING, AUTUMN)]
    return [one for one in every if _edges(*one)[0] <= day][:terms]


def _edges(school_year: int, term: TermNumber) -> tuple[date, date]:
    """The days on which the term counts: a graduating class leaves, and the new one comes, on 1 September."""
    if term == AUTUMN:
        return date(school_year, 9, 1), date(school_year + 1, 1, 31)
    return date(school_year + 1, 2, 1), date(school_year + 1, 8, 31)


def _count(conn: Connection, school_code: str, stage: str, which: tuple[int, TermNumber], starts: date, day: date) -> HeadCount:
    spell, eve = enrolment_spell.c, starts - timedelta(days=1)
    here = (spell.school_code == school_code, spell.stage == stage)
    on_register = select(func.count()).where(*here, spell.graduates_on > day)
    new = (spell.entry_year == starts.year, spell.valid_from == starts) if which[1] == AUTUMN else (spell.id.is_(None),)
    graduates = select(func.count()).where(*here, spell.graduates_on == starts, spell.valid_from <= eve, spell.valid_to > eve)
    return HeadCount(
        *which,
        before=conn.execute(select(func.count()).where(*here, spell.graduates_on > eve, on(enrolment_spell, eve))).scalar_one(),
        intake=conn.execute(select(func.count()).where(*here, *new)).scalar_one(),
        graduated=conn.execute(graduates).scalar_one(),
        moved_in=_moves(conn, school_code, stage, ARRIVES, starts, day),
        moved_out=_moves(conn, school_code, stage, LEAVES, starts, day),
        now=conn.execute(on_register.where(on(enrolment_spell, day))).scalar_one(),
    )


def _moves(conn: Connection, school_code: str, stage: str, kinds: Iterable[Movement], first: date, last: date) -> int:
    move: Any = movement_event.c
    place = move.to_school if tuple(kinds) == ARRIVES else move.from_school
    of_stage = or_(move.stage == stage, move.stage.is_(None))
    query = select(func.count()).where(
        and_(place == school_code, of_stage),
        move.kind.in_([kind.value for kind in kinds]),
        move.on_date >= first,
        move.on_date <= last,
    )
    return conn.execute(query).scalar_one()
