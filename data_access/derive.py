"""Keeps the derived tables equal to a recount: called inside every transaction that changes what they stand on."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import Connection, Table, select

from data_access.bulk import update_statistics, without_indexes
from data_access.chunks import among, chunks
from data_access.derive_care import rebuild_care
from data_access.derive_cases import rebuild_cases
from data_access.derive_cohorts import rebuild_cohorts
from data_access.derive_counts import rebuild_counts
from data_access.derive_losses import rebuild_losses
from data_access.derive_places import rebuild_places
from data_access.derive_registers import rebuild_registers
from data_access.derive_school_counts import rebuild_school_counts
from data_access.derive_scopes import rebuild_scopes
from data_access.engine import business_date, read_state
from data_access.schema import (
    care_interval,
    case_file,
    case_interval,
    child,
    child_place,
    child_scope,
    cohort_count,
    enrolment_spell,
    loss_spell,
    movement_event,
    register_change,
    school_count,
    setting,
    village_count,
)
from data_access.writing import write_state

DERIVED_ON = "derived_on"  # app_state: the business date on which the derived tables were last brought up to date
OF_CHILDREN: tuple[tuple[Callable[[Connection, Collection[int] | None], object], Table], ...] = (
    (rebuild_places, child_place),
    (rebuild_scopes, child_scope),
    (rebuild_cases, case_interval),
    (rebuild_losses, loss_spell),
    (rebuild_care, care_interval),
)
OF_SCHOOLS: tuple[tuple[Callable[[Connection], object], Table], ...] = (
    (rebuild_school_counts, school_count),
    (rebuild_cohorts, cohort_count),
    (rebuild_registers, register_change),
)
DERIVED = (*(table for _, table in (*OF_CHILDREN, *OF_SCHOOLS)), village_count)
OF_SCHOOLS_FROM = 0.9  # of the whole time
Progress = Callable[[str, float], None]


class Others(Protocol):
    """Somebody who works out the tables of some children meanwhile."""

    left: Collection[int]  # the children left to whoever asks

    def bring_children(self, conn: Connection, tables: Sequence[Table]) -> bool:
        """Wait for their children's rows of these tables and write them; False when there are none."""

    def bring_schools(self, conn: Connection, table: Table) -> bool:
        """Wait for their rows of a table of schools and write them; False when there are none."""


def rebuild_all(conn: Connection, progress: Progress = lambda _step, _share: None, others: Others | None = None) -> None:
    """Every derived table anew, from the base rows of all counties; `others` have a part of it worked out elsewhere."""
    tables = [*(table for _, table in OF_CHILDREN), village_count]
    with without_indexes(conn, tables):
        rebuild_of_children(conn, others.left if others else None, progress)
        if others and not others.bring_children(conn, tables):
            rebuild_of_children(conn, None, progress)
    update_statistics(conn, tables)
    for number, (step, table) in enumerate(OF_SCHOOLS):
        progress(step.__name__, OF_SCHOOLS_FROM + (1 - OF_SCHOOLS_FROM) * number / len(OF_SCHOOLS))
        with without_indexes(conn, [table]):
            if not (others and others.bring_schools(conn, table)):
                step(conn)
        update_statistics(conn, [table])
    write_state(conn, DERIVED_ON, business_date(conn).isoformat())
    progress("done", 1.0)


def rebuild_of_children(
    conn: Connection, children: Collection[int] | None = None, progress: Progress = lambda _step, _share: None
) -> None:
    """The tables with rows of children, for all or for some, and the counts by village of all that have rows then."""
    for number, (step, table) in enumerate(OF_CHILDREN):
        progress(step.__name__, OF_SCHOOLS_FROM * number / len(OF_CHILDREN))
        step(conn, children)
        update_statistics(conn, [table])  # the next steps read it: a plan made for the few rows it held may take hours
    rebuild_counts(conn)


class Touched:
    """The children a transaction changes: note what they stood in before, write, then rebuild what they stand in now."""

    def __init__(self, conn: Connection, children: Collection[int]) -> None:
        self._conn, self._children = conn, set(children)
        self._homes: set[str | None] = set()
        self._schools: set[str] = set()
        self._note_places(self._children)
        self._note_losses(self._children)
        self._note_registers(self._children)

    def add(self, children: Collection[int]) -> None:
        """More children, new ones for example."""
        more = set(children) - self._children
        self._children |= more
        self._note_places(more)
        self._note_losses(more)
        self._note_registers(more)

    def forget(self, children: Collection[int]) -> None:
        """Children that are gone: nothing is left of them to rebuild but the counts of where they stood."""
        self._children -= set(children)

    def _note_places(self, children: Collection[int]) -> None:
        place = child_place.c
        for part in chunks(children):
            stood = select(place.home_code, place.school_code).where(among(place.child_id, part)).distinct()
            self._note((home, school_code) for home, school_code in self._conn.execute(stood))

    def _note(self, places: Iterable[tuple[str | None, str | None]]) -> None:
        for home, school_code in places:
            self._homes.add(home)
            self._schools |= {school_code} if school_code else set()

    def _note_losses(self, children: Collection[int]) -> None:
        loss = loss_spell.c
        for part in chunks(children):
            self._schools |= set(
                self._conn.execute(select(loss.school_code).where(among(loss.child_id, part)).distinct()).scalars()
            )

    def _note_registers(self, children: Collection[int]) -> None:
        """Every school on whose register they are or were, that of a second enrolment too, and those they moved between."""
        spell, move = enrolment_spell.c, movement_event.c
        for child_id, code in (
            (spell.child_id, spell.school_code),
            (move.child_id, move.from_school),
            (move.child_id, move.to_school),
        ):
            for part in chunks(children):
                named = select(code).where(among(child_id, part), code.is_not(None)).distinct()
                self._schools |= set(self._conn.execute(named).scalars())

    def _fallen_due(self) -> list[int]:
        """Whom mere time has moved since the last write: primary graduates, who are lost from now on when no junior school has
        them, and the cases of a county whose new ladder has come into force."""
        last, today = read_state(self._conn, DERIVED_ON), business_date(self._conn)
        if last is None or date.fromisoformat(last) >= today:
            return []
        write_state(self._conn, DERIVED_ON, today.isoformat())
        ended = enrolment_spell.c.graduates_on
        since = date.fromisoformat(last)
        query = select(enrolment_spell.c.child_id).where(ended > since, ended <= today)
        return [*self._conn.execute(query).scalars(), *self._under_new_rules(since, today)]

    def _under_new_rules(self, last: date, today: date) -> list[int]:
        """Those with a case in a county whose ladder changes by a date set before, and reached since the last time."""
        begun = select(setting.c.county_code).where(
            setting.c.name.startswith("ladder."), setting.c.valid_from > last, setting.c.valid_from <= today
        )
        cases = select(case_file.c.child_id).join(child, child.c.id == case_file.c.child_id)
        return list(self._conn.execute(cases.where(child.c.county_code.in_(begun))).scalars())

    def rebuild(self) -> None:
        """Bring every derived table up to date for these children, their villages and their schools, before and after."""
        self.add(self._fallen_due())
        self._note(rebuild_places(self._conn, self._children))
        rebuild_scopes(self._conn, self._children)
        rebuild_cases(self._conn, self._children)
        rebuild_losses(self._conn, self._children)
        rebuild_care(self._conn, self._children)
        self._note_losses(self._children)
        self._note_registers(self._children)
        rebuild_counts(self._conn, self._homes)
        rebuild_school_counts(self._conn, self._schools)
        rebuild_cohorts(self._conn, self._schools)
        rebuild_registers(self._conn, self._schools)
