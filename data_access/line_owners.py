"""The owners of a case by name, as case_interval has them: joined to a query, read from its rows."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from data_access.schema import person
from domain.assignment import OwnerState, chain_from, rung_of_step
from domain.visits import DutyLine, DutyRole, LadderSettings, NextStep

PEOPLE = ("school_owner", "school_gone", "government_owner", "government_gone")


@dataclass(frozen=True)
class LineOwner:
    """Who answers for a line of a case, as what, and how that came about; `asked`: the role that the step asks for.

    `name` None: nobody (the red list), `state` says why. `gone`: who was responsible and has left. A closed case has none.
    """

    person_id: int | None
    name: str | None
    role: DutyRole | None
    state: OwnerState | None
    asked: DutyRole | None
    gone: str | None


def with_owner_names(query: Select[Any], table: Any) -> Select[Any]:
    """The query with the names of the owners and of those gone, beside `table`: case_interval or a page of it.

    Looked up, not joined: with four joins more PostgreSQL no longer tries every order and reads all cases for a page of fifty.
    """
    for name in PEOPLE:
        one = aliased(person, name=name)
        query = query.add_columns(select(one.c.name).where(one.c.id == table.c[f"{name}_id"]).scalar_subquery().label(name))
    return query


def owner_of(row: Row[Any], line: DutyLine, ladder: LadderSettings) -> LineOwner:
    """The owner of a line from a row of case_interval with the names of the people joined to it."""
    role, state, name, gone, person_id = PARTS[line](row)
    if state is None:
        return LineOwner(None, None, None, None, None, None)
    rung = rung_of_step(NextStep(row.next_step), row.rung, ladder)
    asked = chain_from(line, rung)[0]
    return LineOwner(person_id, name, DutyRole(role) if role else None, OwnerState(state), asked, gone)


PARTS = {
    line: attrgetter(*(f"{line.value}_{part}" for part in ("owner_role", "owner_state", "owner", "gone", "owner_id")))
    for line in DutyLine
}
