"""The headcount identity: last term's pupils, who came and who left by the movements, who is on the register now (R170)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, null, or_, select

from data_access.schema import enrolment_spell, movement_event, school
from data_access.scoped import day_of, on, school_in_scope
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.movements import Movement
from domain.published_figures import Finding, check_headcount
from domain.school_year import AUTUMN, SPRING, TermNumber, school_year_of
from domain.scope import Scope

ARRIVES, LEAVES = (Movement.TRANSFER_IN,), (Movement.TRANSFER_OUT, Movement.DEATH, Movement.ABROAD)
Key = tuple[str, str]  # school code, stage
Counts = dict[Key, int]


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
    key = chosen.school, stage.value
    if conn.execute(select(school.c.code).where(school.c.code == chosen.school, school_in_scope(scope))).first() is None:
        return []
    counted = (count_term(conn, *which, day_of(chosen), chosen.school) for which in _terms_until(day_of(chosen), terms))
    return [found[key] for found in counted if key in found]


def count_term(
    conn: Connection, school_year: int, term: TermNumber, day: date, of_school: str | None = None
) -> dict[Key, HeadCount]:
    """Every school and stage in a term, as of a day in it or its last; or of one school."""
    starts, ends = _edges(school_year, term)
    until, eve = min(day, ends), starts - timedelta(days=1)
    spell = enrolment_spell.c
    before, now, graduated, new = _on_register(
        conn,
        of_school,
        (on(enrolment_spell, eve), spell.graduates_on > eve),
        (on(enrolment_spell, until), spell.graduates_on > until),
        (on(enrolment_spell, eve), spell.graduates_on == starts),
        (spell.entry_year == school_year, spell.valid_from == starts),
    )
    intake = new if term == AUTUMN else {}
    moved_in = _moves(conn, movement_event.c.to_school, ARRIVES, (starts, until), of_school)
    moved_out = _moves(conn, movement_event.c.from_school, LEAVES, (starts, until), of_school)
    parts = (before, intake, graduated, moved_in, moved_out, now)
    return {key: HeadCount(school_year, term, *(part.get(key, 0) for part in parts)) for key in {*before, *now, *intake}}


def _terms_until(day: date, terms: int) -> Sequence[tuple[int, TermNumber]]:
    year = school_year_of(day)
    every: list[tuple[int, TermNumber]] = [(one, term) for one in range(year, year - terms, -1) for term in (SPRING, AUTUMN)]
    return [one for one in every if _edges(*one)[0] <= day][:terms]


def term_of(day: date) -> tuple[int, TermNumber]:
    """The term in which a day counts."""
    return _terms_until(day, 1)[0]


def _edges(school_year: int, term: TermNumber) -> tuple[date, date]:
    """The days on which the term counts: a graduating class leaves, and the new one comes, on 1 September."""
    if term == AUTUMN:
        return date(school_year, 9, 1), date(school_year + 1, 1, 31)
    return date(school_year + 1, 2, 1), date(school_year + 1, 8, 31)


def _on_register(conn: Connection, of_school: str | None, *groups: tuple[ColumnElement[bool], ...]) -> list[Counts]:
    """How many spells of each group there are by school and stage, all groups counted in one pass."""
    spell = enrolment_spell.c
    code = func.coalesce(spell.school_code, null())  # not the bare column, or SQLite walks its index and fetches every row singly
    counts = (func.count(case((and_(*group), 1))) for group in groups)
    query = select(code, spell.stage, *counts).group_by(code, spell.stage)
    if of_school:
        query = query.where(spell.school_code == of_school)
    rows = conn.execute(query).all()
    return [{(row[0], row[1]): row[at] for row in rows if row[at]} for at in range(2, 2 + len(groups))]


def _moves(conn: Connection, place: Any, kinds: Sequence[Movement], span: tuple[date, date], of_school: str | None) -> Counts:
    """Movements by school and stage; one that names no stage counts where the child is or was enrolled."""
    move, spell = movement_event.c, enrolment_spell.c
    placed = select(func.max(spell.stage)).where(
        spell.child_id == move.child_id,
        spell.school_code == place,
        or_(spell.valid_from == move.on_date, spell.valid_to == move.on_date),
    )
    stage = func.coalesce(move.stage, placed.scalar_subquery())
    query = select(place, stage, func.count()).where(place.is_not(None), move.on_date.between(*span))
    query = query.where(move.kind.in_([kind.value for kind in kinds])).group_by(place, stage)
    if of_school:
        query = query.where(place == of_school)
    return {(code, name): count for code, name, count in conn.execute(query) if name}
