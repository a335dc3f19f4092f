"""The persuasion attempts of a case that stand: those that no later one corrects."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import aliased

from data_access.adult_names import AdultNames
from data_access.case_work import read_file
from data_access.schema import persuasion
from domain.scope import Scope


@dataclass(frozen=True)
class AttemptRow:
    """One attempt (L10); `people`: who made it, names that are no known adult's masked for those who may not see names."""

    attempt_id: int
    nth: int
    on: date
    kind: str | None
    people: str


def read_attempts(conn: Connection, scope: Scope, case_id: int) -> list[AttemptRow]:
    """The attempts of a case of the scope that stand, the latest first. Raises ProblemError record.no_case."""
    read_file(conn, scope, case_id)
    adults = AdultNames(conn, scope)
    rows = conn.execute(standing_attempts(case_id).order_by(persuasion.c.on_date.desc(), persuasion.c.id.desc()))
    return [AttemptRow(row.id, row.nth, row.on_date, row.kind, adults.show(row.people)) for row in rows]


def standing_attempts(case_id: int) -> Select[Any]:
    """The query of those rows."""
    later = aliased(persuasion).c
    corrected = select(later.corrects).where(later.case_id == case_id, later.corrects.is_not(None))
    return select(persuasion).where(persuasion.c.case_id == case_id, persuasion.c.id.not_in(corrected))
