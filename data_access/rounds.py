"""Supervision rounds: the March and September inspections, and the schools by need (R116)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, select

from data_access.case_groups import CaseGrouping, count_cases_by
from data_access.engine import business_date
from data_access.reports import read_silent_schools
from data_access.schema import supervision_round
from data_access.schools import SchoolRow, read_schools
from data_access.scoped import day_of
from domain.case_filter import CaseFilter, Round
from domain.rounds import regular_rounds
from domain.school_year import Period
from domain.scope import Scope
from domain.targets import Verdict


class Need(StrEnum):
    """Why a school is on the inspector's list, the gravest first."""

    TARGET_MISSED = "target_missed"
    POOR_LOST = "poor_lost"
    OVERDUE_STEPS = "overdue_steps"
    NO_REPORT = "no_report"
    PAPERS_MISSING = "papers_missing"
    ONE_CHILD_LEFT = "one_child_left"
    TARGET_UNSET = "target_unset"
    OPEN_CASES = "open_cases"


@dataclass(frozen=True)
class SchoolNeed:
    """One school with the reasons to visit it: need -> how many (cases, children, school days), all of them spelled out."""

    school_code: str
    school_name: str
    town_name: str
    needs: tuple[tuple[Need, int], ...]
    rows: tuple[SchoolRow, ...]


def read_rounds(conn: Connection, today: date | None = None) -> dict[str, Round]:
    """The rounds by code, the latest first; where several counties keep the same code their days agree.

    Where none is kept they are the regular ones around `today` (None: of this database).
    """
    rows = conn.execute(select(supervision_round).order_by(supervision_round.c.starts.desc(), supervision_round.c.county_code))
    found: dict[str, Round] = {}
    for row in rows:
        found.setdefault(row.code, Round(row.code, row.name, row.starts, row.ends, row.as_of, Period(row.school_year, row.term)))
    return found or {one.code: one for one in regular_rounds(today or business_date(conn))}


def read_needs(conn: Connection, scope: Scope, chosen: CaseFilter) -> list[SchoolNeed]:
    """The schools of the filter by need: most and gravest reasons first. Schools without any reason come last."""
    schools = read_schools(conn, scope, chosen)
    cases = count_cases_by(conn, scope, chosen, CaseGrouping.SCHOOL) if scope.sees_children else {}
    silent = read_silent_schools(conn, [row.school_code for row in schools], day_of(chosen))
    by_school: dict[str, list[SchoolRow]] = {}
    for row in schools:
        by_school.setdefault(row.school_code, []).append(row)
    found = [_need(rows, cases.get(code, (0, 0)), silent.get(code, 0)) for code, rows in by_school.items()]
    return sorted(found, key=lambda need: ([-_weight(need, kind) for kind in Need], need.school_code))


def _weight(need: SchoolNeed, kind: Need) -> int:
    return dict(need.needs).get(kind, 0)


def _need(rows: Sequence[SchoolRow], cases: tuple[int, int], silent_days: int) -> SchoolNeed:
    papers = sum(
        row.counts.unproven_transfer + row.counts.hosted_missing_papers + row.counts.suspended_unapproved for row in rows
    )
    numbers = {
        Need.TARGET_MISSED: sum(row.verdict is Verdict.MISSED for row in rows),
        Need.POOR_LOST: sum(row.poor_lost for row in rows),
        Need.OVERDUE_STEPS: cases[1],
        Need.NO_REPORT: silent_days,
        Need.PAPERS_MISSING: papers,
        Need.ONE_CHILD_LEFT: sum(row.margin == 0 and row.verdict is not Verdict.MISSED for row in rows),
        Need.TARGET_UNSET: sum(row.verdict is Verdict.UNSET for row in rows),
        Need.OPEN_CASES: cases[0],
    }
    first = rows[0]
    return SchoolNeed(
        first.school_code, first.school_name, first.town_name, tuple((kind, n) for kind, n in numbers.items() if n), tuple(rows)
    )
