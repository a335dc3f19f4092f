"""What is known of children whom no register has: the latest household survey, else the placement of a disabled child."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, false, func, null, or_, select

from data_access.chunks import among, chunks
from data_access.schema import placement, survey_entry
from data_access.scoped import on
from domain.check_facts import Answer
from domain.checks import Verified
from domain.ledger_words import SurveyState
from domain.survey import ANSWERS, HOLDS, PLACED


def learns_elsewhere(child_id: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    """Whether the latest survey has a child learning outside the county, or abroad."""
    alive = survey_entry.c.schooling != SurveyState.DIED.value
    says = _latest(day).with_only_columns(_outcome().is_not(None) & alive)
    found = says.where(survey_entry.c.child_id == child_id).limit(1).scalar_subquery()
    return func.coalesce(found, false())


def read_answers(conn: Connection, children: list[int], day: date) -> dict[int, Answer]:
    """Child -> what is known of it; children of whom nothing is known are left out."""
    found = dict(_placed(conn, children, day))
    found |= dict(_surveyed(conn, children, day))
    return found


def _latest(day: date) -> Any:
    asked = survey_entry.c
    still = or_(asked.surveyed_on > day - HOLDS, asked.schooling == SurveyState.DIED.value)
    return select(survey_entry).where(asked.surveyed_on <= day, still).order_by(asked.surveyed_on.desc(), asked.id.desc())


def _outcome() -> ColumnElement[str | None]:
    asked = survey_entry.c
    known = (
        ((asked.schooling == state.value) & (asked.place.is_(None) if place is None else asked.place == place), answer.value)
        for (state, place), answer in ANSWERS.items()
    )
    return case(*known, else_=null())


def _surveyed(conn: Connection, children: list[int], day: date) -> Iterator[tuple[int, Answer]]:
    asked, seen = survey_entry.c, set()
    for part in chunks(children):
        latest = _latest(day).with_only_columns(asked.child_id, asked.surveyed_on, _outcome().label("outcome"))
        for row in conn.execute(latest.where(among(asked.child_id, part))):
            if row.child_id not in seen and row.outcome:
                yield row.child_id, Answer(Verified(row.outcome), "L17", row.surveyed_on)
            seen.add(row.child_id)


def _placed(conn: Connection, children: list[int], day: date) -> Iterator[tuple[int, Answer]]:
    kept = placement.c
    for part in chunks(children):
        query = select(kept.child_id, kept.kind, kept.valid_from).where(among(kept.child_id, part), on(placement, day))
        for row in conn.execute(query.where(kept.kind.in_(PLACED)).order_by(kept.valid_from, kept.id)):
            yield row.child_id, Answer(PLACED[row.kind], "L5", row.valid_from)
