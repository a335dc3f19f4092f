"""Where each child counts on each day: residence and enrolment flattened into child_place."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, case, delete, func, literal, select
from sqlalchemy.types import Date

from data_access.bulk import copy_rows, streamed
from data_access.chunks import chunks, only
from data_access.schema import OPEN_END, case_file, child, child_place, enrolment_spell, residence_spell

COLUMNS = (
    *("child_id", "valid_from", "valid_to", "county_code", "home_code", "registered_code"),
    *("school_code", "stage", "entry_year", "class_no"),
)
HOME, SCHOOL = COLUMNS.index("home_code"), COLUMNS.index("school_code")
NOWHERE = (None, None)
NO_SCHOOL = (None, None, None, None)


class Spell(NamedTuple):
    """Something true of a child on [begins, ends); of two that overlap, the one begun later counts, then the higher number."""

    begins: date
    ends: date
    number: int
    values: tuple[Any, ...]


def rebuild_places(conn: Connection, children: Collection[int] | None = None) -> set[tuple[str | None, str | None]]:
    """Write child_place anew, for all children or for some.

    A place is valid between two changes of residence, enrolment or an open case; a child with neither of the first two but
    a case still open stands nowhere, and counts as unlocated. An enrolment counts until it ends or its year group
    graduates, whichever is first. Where two overlap (the same child in two registers, a contradiction listed elsewhere)
    the later one counts, so that a child stands in one place a day.
    Answers the homes and schools that it wrote, each pair once.
    """
    written: set[tuple[str | None, str | None]] = set()
    parts: Iterable[list[int] | None] = [None] if children is None else chunks(children)
    for part in parts:
        conn.execute(only(delete(child_place), child_place.c.child_id, part))
        copy_rows(conn, child_place, COLUMNS, _noting(_places(conn, part), written))
    return written


def _noting(rows: Iterator[tuple[Any, ...]], written: set[tuple[str | None, str | None]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        written.add((row[HOME], row[SCHOOL]))
        yield row


def _places(conn: Connection, part: list[int] | None) -> Iterator[tuple[Any, ...]]:
    """The rows to write; every query is asked before the first row is taken, for a COPY leaves no room for another."""
    residences, enrolments, cases = (_Sorted(conn, query, part) for query in (_residences(), _enrolments(), _open_cases()))
    counties = select(child.c.id, child.c.county_code).order_by(child.c.id)
    children = streamed(conn.execute(only(counties, child.c.id, part)))
    return (
        (child_id, place[0], place[1], county, *place[2:])
        for child_id, county in children
        for place in flatten(residences.of(child_id), enrolments.of(child_id), cases.of(child_id))
    )


def flatten(residences: Sequence[Spell], enrolments: Sequence[Spell], cases: Sequence[Spell]) -> Iterator[tuple[Any, ...]]:
    """The places of one child in order of time: from, to, home, registered, school, stage, entry year, class."""
    days = sorted({day for spells in (residences, enrolments, cases) for spell in spells for day in (spell.begins, spell.ends)})
    for begins, ends in pairwise(days):
        home, school = _in_force(residences, begins), _in_force(enrolments, begins)
        if home or school or _in_force(cases, begins):
            yield begins, ends, *(home.values if home else NOWHERE), *(school.values if school else NO_SCHOOL)


def _in_force(spells: Sequence[Spell], day: date) -> Spell | None:
    found = None
    for spell in spells:
        if spell.begins <= day < spell.ends and (found is None or (spell.begins, spell.number) > (found.begins, found.number)):
            found = spell
    return found


class _Sorted:
    """The spells of one kind, handed out child by child in the order of their numbers, without holding all in memory."""

    def __init__(self, conn: Connection, query: Select[Any], part: list[int] | None) -> None:
        child_id = query.selected_columns.child_id
        chosen = only(query, child_id, part)
        found = conn.execute(chosen.order_by(child_id))
        self._rows = iter(streamed(found) if part is None else found.all())  # a part is small enough to be fetched at once
        self._next = next(self._rows, None)

    def of(self, child_id: int) -> list[Spell]:
        """The spells of a child; ask for children in rising order."""
        found = []
        while self._next is not None and self._next[0] <= child_id:
            row = self._next
            if row[0] == child_id and row[2] > row[1]:
                found.append(Spell(row[1], row[2], row[3], tuple(row[4:])))
            self._next = next(self._rows, None)
        return found


def _residences() -> Select[Any]:
    spell = residence_spell.c
    home = case((spell.outside, spell.registered_code), else_=spell.home_code)
    return select(spell.child_id, spell.valid_from, spell.valid_to, spell.id, home, spell.registered_code)


def _enrolments() -> Select[Any]:
    spell = enrolment_spell.c
    ends = case((spell.valid_to < spell.graduates_on, spell.valid_to), else_=spell.graduates_on)
    return select(
        spell.child_id, spell.valid_from, ends, spell.id, spell.school_code, spell.stage, spell.entry_year, spell.class_no
    )


def _open_cases() -> Select[Any]:
    file = case_file.c
    return select(file.child_id, file.opened_on, func.coalesce(file.closed_on, literal(OPEN_END, Date)), file.id)
