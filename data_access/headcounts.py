"""The headcount identity: last term's pupils, who came and who left by the movements, who is on the register now (R170)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select

from data_access.schema import register_change, school
from data_access.scoped import day_of, school_in_scope
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.published_figures import Finding, check_headcount
from domain.school_year import AUTUMN, SPRING, TermNumber, school_year_of
from domain.scope import Scope

Key = tuple[str, str]  # school code, stage


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
    until, on_date = min(day, ends), register_change.c.on_date
    counts = (
        _sum("change", on_date < starts),
        _sum("intake", on_date == starts),
        _sum("graduated", on_date == starts),
        _sum("moved_in", on_date.between(starts, until)),
        _sum("moved_out", on_date.between(starts, until)),
        _sum("change", on_date <= until),
    )
    unit = (register_change.c.school_code, register_change.c.stage)
    query = select(*unit, *counts).where(on_date <= until).group_by(*unit)
    if of_school:
        query = query.where(register_change.c.school_code == of_school)
    found = {(code, stage): HeadCount(school_year, term, *numbers) for code, stage, *numbers in conn.execute(query)}
    return {key: one for key, one in found.items() if one.before or one.now or one.intake}


def _sum(name: str, when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((when, register_change.c[name]))), 0)


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
