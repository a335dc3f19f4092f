"""register_change: by how much a school's register changes on a day, and why: what headcounts are added up from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, or_, select

from data_access.bulk import by_scan, copy_rows
from data_access.derive_cohorts import batched
from data_access.schema import OPEN_END, REGISTER, enrolment_spell, movement_event, register_change
from domain.movements import Movement

ARRIVES, LEAVES = (Movement.TRANSFER_IN,), (Movement.TRANSFER_OUT, Movement.DEATH, Movement.ABROAD)
Key = tuple[str, str, date]  # school code, stage, day


def rebuild_registers(conn: Connection, schools: Collection[str] | None = None) -> None:
    """Write register_change anew, for all schools or for some.

    `change`: pupils who come onto the register less those who leave it or graduate; a pupil on two registers counts on both.
    `intake`: new in the first grade of a year group on its 1 September. `graduated`: on the register the day before and leaving
    with the year. `moved_in`, `moved_out`: by the movements; one that names no stage counts where the pupil is or was enrolled.
    """
    parts: Iterable[list[str] | None] = [None] if schools is None else batched(sorted(schools))
    for part in parts:
        chosen = delete(register_change)
        conn.execute(chosen if part is None else chosen.where(register_change.c.school_code.in_(part)))
        found: defaultdict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(REGISTER, 0))
        for key, name, count in (*_spells(conn, part), *_moves(conn, part)):
            found[key][name] += count
        rows = ((*key, *told.values()) for key, told in sorted(found.items()) if any(told.values()) and key[2] < OPEN_END)
        copy_rows(conn, register_change, ("school_code", "stage", "on_date", *REGISTER), rows)


def _spells(conn: Connection, part: Sequence[str] | None) -> Iterator[tuple[Key, str, int]]:
    """What the spells that begin, end and graduate on the same days change together: most of a class is one of them."""
    spell = enrolment_spell.c
    code = by_scan(spell.school_code) if part is None else spell.school_code
    alike = (code, spell.stage, spell.entry_year, spell.valid_from, spell.valid_to, spell.graduates_on)
    query = select(*alike, func.count()).group_by(*alike)
    chosen = query if part is None else query.where(spell.school_code.in_(part))
    for school_code, stage, year, begins, until, graduates_on, pupils in conn.execute(chosen).all():
        ends = min(until, graduates_on)
        if begins < ends:
            yield (school_code, stage, begins), "change", pupils
            yield (school_code, stage, ends), "change", -pupils
        if begins == date(year, 9, 1):
            yield (school_code, stage, begins), "intake", pupils
        if begins < graduates_on <= until:
            yield (school_code, stage, graduates_on), "graduated", pupils


def _moves(conn: Connection, part: Sequence[str] | None) -> Iterator[tuple[Key, str, int]]:
    move = movement_event.c
    for name, place, kinds in (("moved_in", move.to_school, ARRIVES), ("moved_out", move.from_school, LEAVES)):
        for code, stage, day, count in conn.execute(_moved(place, kinds, part)):
            if stage:
                yield (code, stage, day), name, count


def _moved(place: ColumnElement[Any], kinds: Sequence[Movement], part: Sequence[str] | None) -> Select[Any]:
    move, spell = movement_event.c, enrolment_spell.c
    placed = select(func.max(spell.stage)).where(
        spell.child_id == move.child_id,
        spell.school_code == place,
        or_(spell.valid_from == move.on_date, spell.valid_to == move.on_date),
    )
    stage = func.coalesce(move.stage, placed.scalar_subquery())
    query = select(place, stage, move.on_date, func.count()).where(
        place.is_not(None), move.kind.in_([one.value for one in kinds])
    )
    return (query if part is None else query.where(place.in_(part))).group_by(place, stage, move.on_date)
