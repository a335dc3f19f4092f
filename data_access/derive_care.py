"""care_interval: when a child is left behind, by which definition, how fresh its record is, and whether it is paired."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, select

from data_access.bulk import copy_rows
from data_access.chunks import chunks, only
from data_access.pairings import AFTER_RETURN
from data_access.schema import CARE, OPEN_END, care_interval, child, child_place, group_spell, pairing
from domain.groups import Group
from domain.left_behind import MONTHS_FRESH, add_months

PLACE = ("county_code", "home_code", "registered_code", "school_code", "stage", "entry_year", "class_no")
DEFINITIONS = (Group.LEFT_BEHIND_EDUCATION.value, Group.LEFT_BEHIND_CIVIL.value)
State = tuple[bool, bool, bool, bool, bool]  # in the order of CARE


class Told(NamedTuple):
    """What is recorded of one child: its spells in the two groups, when the definitions end by age, who is paired with it."""

    spells: Sequence[tuple[Any, ...]]
    of_age: tuple[date, date]
    pairs: Sequence[tuple[Any, ...]]


def rebuild_care(conn: Connection, children: Collection[int] | None = None) -> None:
    """Write care_interval anew, for all children or for some; child_place must be current.

    `education`: in the group by that definition and of school age; `civil`: by the other, under 16; a day on which neither holds
    has no row. `fresh`: a spell of either group was checked within a quarter (R065), `checked`: ever. `paired`: somebody is at
    its side, other than after a return (R182).
    """
    if children is None:
        conn.execute(delete(care_interval))
        children = conn.execute(select(group_spell.c.child_id).where(group_spell.c.group_name.in_(DEFINITIONS))).scalars().all()
    else:
        for part in chunks(children):
            conn.execute(only(delete(care_interval), care_interval.c.child_id, part))
    for part in chunks(children):
        rows = list(_rows(conn, part))  # all read before the first is written: a COPY keeps the connection to itself
        copy_rows(conn, care_interval, ("child_id", "valid_from", "valid_to", *PLACE, *CARE), rows)


def _rows(conn: Connection, part: list[int]) -> Iterator[tuple[Any, ...]]:
    steps, place = {key: care_steps(told) for key, told in _read_told(conn, part).items()}, child_place.c
    query = select(place.child_id, place.valid_from, place.valid_to, *(place[name] for name in PLACE))
    for child_id, begins, ends, *where in conn.execute(only(query, place.child_id, list(steps))):
        for first, last, state in steps[child_id]:
            if first < ends and last > begins:
                yield child_id, max(first, begins), min(last, ends), *where, *state


def _read_told(conn: Connection, part: list[int]) -> dict[int, Told]:
    """What is recorded of those in one of the groups."""
    spell, pair = group_spell.c, pairing.c
    spells, pairs = (defaultdict[int, list[Row[Any]]](list) for _ in range(2))
    columns = (spell.child_id, spell.group_name, spell.valid_from, spell.valid_to, spell.checked_on)
    for row in conn.execute(only(select(*columns), spell.child_id, part).where(spell.group_name.in_(DEFINITIONS))):
        spells[row.child_id].append(row)
    paired = select(pair.child_id, pair.valid_from, pair.valid_to).where(pair.kind != AFTER_RETURN)
    for row in conn.execute(only(paired, pair.child_id, list(spells))):
        pairs[row.child_id].append(row)
    ages = only(select(child.c.id, child.c.school_age_to, child.c.sixteen_on), child.c.id, list(spells))
    return {
        key: Told(spells[key], (school_age_to or OPEN_END, sixteen_on or OPEN_END), pairs[key])
        for key, school_age_to, sixteen_on in conn.execute(ages)
    }


def care_steps(told: Told) -> list[tuple[date, date, State]]:
    """[from, to) with what holds then; stretches in which no definition holds are left out."""
    held = groupby(sorted(set(_turns(told))), lambda day: _state(told, day))
    stretches = [(next(days), state) for state, days in held]  # nothing holds before the first turn, nor from the last one on
    return [(day, until, state) for (day, state), (until, _) in pairwise(stretches) if any(state[:2])]


def _turns(told: Told) -> Iterator[date]:
    yield from told.of_age
    for _, _, begins, ends, checked_on in told.spells:
        yield from (begins, ends)
        if checked_on:
            yield stale_from(checked_on)
    for _, begins, ends in told.pairs:
        yield from (begins, ends)


@lru_cache(4_000)  # most records of a quarter were checked on the same days
def stale_from(checked_on: date) -> date:
    """The first day on which a check is older than a quarter (R065)."""
    return add_months(checked_on, MONTHS_FRESH) + timedelta(days=1)


def _state(told: Told, day: date) -> State:
    named, fresh, checked = set[str](), False, False
    for _, group, begins, ends, checked_on in told.spells:
        if begins <= day < ends:
            named.add(group)
            checked = checked or checked_on is not None
            fresh = fresh or (checked_on is not None and day < stale_from(checked_on))
    education, civil = (group in named and day < until for group, until in zip(DEFINITIONS, told.of_age, strict=True))
    return education, civil, fresh, checked, any(begins <= day < ends for _, begins, ends in told.pairs)
