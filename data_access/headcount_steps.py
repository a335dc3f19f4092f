"""Headcounts on any day, from the days on which they change: one grouped read instead of a count for every report."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy import case, func, select

from data_access.bulk import by_scan
from data_access.check_look import Look
from data_access.schema import absence_day, case_interval, child_place, enrolment_spell, movement_event, school
from domain.cases import COUNTED_AS_DROPOUT, CaseStatus
from domain.movements import Movement

Key = TypeVar("Key", bound=Hashable)
ClassKey = tuple[str, str, int, int]  # school, stage, entry year, class
REGISTER = "register"
AWAY = (Movement.HOSTED.value, Movement.SUSPENSION.value)
ENDS_AWAY = (Movement.RESUMPTION.value, Movement.TRANSFER_OUT.value, Movement.TRANSFER_IN.value)


class Steps(Generic[Key]):
    """For each key a count that changes on known days: add +1 where somebody comes and -1 where somebody goes, then ask."""

    def __init__(self, changes: Iterable[tuple[Key, date, int]]) -> None:
        by_key: defaultdict[Key, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
        for key, day, change in changes:
            by_key[key][day] += change
        self._days = {key: sorted(days) for key, days in by_key.items()}
        self._sums = {key: list(_running(days, self._days[key])) for key, days in by_key.items()}

    def on(self, key: Key, day: date) -> int:
        """The count at the end of a day; 0 for a key that never came."""
        at = bisect_right(self._days.get(key, []), day)
        return self._sums[key][at - 1] if at else 0

    def first_day(self, key: Key) -> date | None:
        """The first day on which anything is known of a key."""
        return self._days[key][0] if key in self._days else None

    def changes(self) -> Iterator[tuple[Key, date, int]]:
        """Every change again, one a key and day."""
        for key, days in self._days.items():
            before = 0
            for day, total in zip(days, self._sums[key], strict=True):
                yield key, day, total - before
                before = total


def _running(changes: dict[date, int], days: list[date]) -> Iterator[int]:
    total = 0
    for day in days:
        total += changes[day]
        yield total


def register_steps(look: Look) -> Steps[ClassKey]:
    """Pupils on the register by class; counted once a look."""
    if REGISTER not in look.memo:
        look.memo[REGISTER] = Steps(_register_changes(look))
    found: Steps[ClassKey] = look.memo[REGISTER]
    return found


def _register_changes(look: Look) -> Iterator[tuple[ClassKey, date, int]]:
    """A child on two registers counts on both: each school answers for its own."""
    spell = enrolment_spell.c
    school_code = by_scan(spell.school_code) if look.units is None else spell.school_code
    key = (school_code, spell.stage, spell.entry_year, func.coalesce(spell.class_no, 0))
    ends = case((spell.valid_to < spell.graduates_on, spell.valid_to), else_=spell.graduates_on)
    span = (*key, spell.valid_from, ends)
    query = select(*span, func.count()).where(spell.valid_from < ends, look.of_units(spell.school_code)).group_by(*span)
    for code, stage, entry_year, class_no, begun, ended, count in look.conn.execute(query):
        yield (code, stage, entry_year, class_no), begun, count
        yield (code, stage, entry_year, class_no), ended, -count


def by_school(classes: Steps[ClassKey]) -> Steps[str]:
    """The same by school."""
    return Steps((key[0], day, change) for key, day, change in classes.changes())


def away_steps(look: Look) -> Steps[str]:
    """Pupils on a school's register who study elsewhere or are suspended, from the movement until the child moves again."""
    return Steps(_away_changes(look))


def _away_changes(look: Look) -> Iterator[tuple[str, date, int]]:
    move, place = movement_event.c, child_place.c
    moves: defaultdict[int, list[tuple[date, str]]] = defaultdict(list)
    every = select(move.child_id, move.on_date, move.kind).where(move.kind.in_((*AWAY, *ENDS_AWAY)))
    for child_id, on, kind in look.conn.execute(every):
        moves[child_id].append((on, kind))
    away = select(move.child_id).where(move.kind.in_(AWAY))
    query = select(place.child_id, place.school_code, place.valid_from, place.valid_to)
    query = query.where(place.child_id.in_(away), place.school_code.is_not(None), look.of_units(place.school_code))
    for row in look.conn.execute(query):
        for begins, ends in _away_spans(sorted(moves[row.child_id])):
            first, last = max(begins, row.valid_from), min(ends, row.valid_to)
            if first < last:
                yield row.school_code, first, 1
                yield row.school_code, last, -1


def _away_spans(moves: list[tuple[date, str]]) -> Iterator[tuple[date, date]]:
    for at, (begins, kind) in enumerate(moves):
        if kind in AWAY:
            yield begins, next((day for day, _ in moves[at + 1 :]), date.max)


def case_steps(look: Look) -> Steps[tuple[str, str]]:
    """Suspected and dropped out by the cases: (school, "suspected" or "dropped")."""
    return Steps(_case_changes(look))


def _case_changes(look: Look) -> Iterator[tuple[tuple[str, str], date, int]]:
    span = case_interval.c
    named = {CaseStatus.SUSPECTED.value: "suspected"} | {status.value: "dropped" for status in COUNTED_AS_DROPOUT}
    query = select(span.school_code, span.status, span.valid_from, span.valid_to)
    query = query.where(span.status.in_(list(named)), span.school_code.is_not(None), look.of_units(span.school_code))
    for row in look.conn.execute(query):
        yield (row.school_code, named[row.status]), row.valid_from, 1
        yield (row.school_code, named[row.status]), row.valid_to, -1


def read_listed(look: Look) -> dict[tuple[str, date], int]:
    """(school, day) -> pupils listed absent by name."""
    absent, place = absence_day.c, child_place.c
    query = (
        select(place.school_code, absent.on_date, func.count())
        .join(child_place, (place.child_id == absent.child_id) & (place.valid_from <= absent.on_date))
        .where(place.valid_to > absent.on_date, place.school_code.is_not(None), look.of_units(place.school_code))
        .group_by(place.school_code, absent.on_date)
    )
    return {(code, day): count for code, day, count in look.conn.execute(query)}


def read_towns(look: Look) -> dict[str, str]:
    """School -> its town."""
    return {row.code: row.town_code for row in look.conn.execute(select(school.c.code, school.c.town_code))}
