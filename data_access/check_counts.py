"""The facts about headcounts for the contradiction rules: classes, left-behind files, key units."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select

from data_access.check_look import Look
from data_access.headcount_steps import ClassKey, Steps, register_steps
from data_access.reports import months_missing, read_key_units
from data_access.schema import (
    child_place,
    class_baseline,
    document,
    enrolment_spell,
    group_spell,
    movement_event,
    paper,
    school_class,
)
from domain.check_facts import ClassFacts, SchoolFacts
from domain.groups import Group
from domain.movements import Movement, Paper

ONE_DAY = timedelta(days=1)
FILE = "left_behind_file"  # a kind of document
LEFT_BEHIND = (Group.LEFT_BEHIND_EDUCATION.value, Group.LEFT_BEHIND_CIVIL.value)
IN, OUT = (Movement.TRANSFER_IN.value,), (Movement.TRANSFER_OUT.value, Movement.DEATH.value, Movement.ABROAD.value)


def read_class_counts(look: Look) -> Iterator[ClassFacts]:
    """Every class with a baseline: the register on its day and now; the identity for the latest one of a class only."""
    register, moves = register_steps(look), _moves(look)
    latest: dict[int, date] = {}
    found = list(look.conn.execute(_baselines(look)))
    for row in found:
        latest[row.class_id] = max(row.as_of, latest.get(row.class_id, row.as_of))
    for row in found:
        key = (row.school_code, row.stage, row.entry_year, row.class_no)
        known_from = register.first_day(key)
        if known_from is None or known_from > row.as_of or row.as_of > look.day:
            continue
        is_latest = row.as_of == latest[row.class_id] and row.valid_to > look.day
        yield _class(row, key, register, moves, look.day if is_latest else row.as_of)


def _class(row: Any, key: ClassKey, register: Steps[ClassKey], moves: dict[ClassKey, list[tuple[date, int]]], until: date) -> Any:
    between = [change for day, change in moves.get(key, ()) if row.as_of < day <= until]
    name = f"{row.entry_year}-{row.class_no}"
    moved_in, moved_out = sum(change > 0 for change in between), sum(change < 0 for change in between)
    then, now = register.on(key, row.as_of), register.on(key, until)
    return ClassFacts(row.id, row.school_code, name, row.pupils, then, moved_in, moved_out, now)


def _baselines(look: Look) -> Any:
    kept, its = class_baseline.c, school_class.c
    query = select(kept.id, kept.class_id, kept.pupils, kept.as_of, its.school_code, its.stage, its.entry_year, its.class_no)
    return query.add_columns(its.valid_to).join(school_class, its.id == kept.class_id).where(look.of_units(its.school_code))


def _moves(look: Look) -> dict[ClassKey, list[tuple[date, int]]]:
    """Class -> the days on which somebody came (+1) or went (-1); an unproven transfer leaves the child on the register."""
    move, place = movement_event.c, enrolment_spell.c
    certified = exists().where(paper.c.movement_id == move.id, paper.c.kind == Paper.TRANSFER_CERTIFICATE.value)
    proven = or_(move.kind != Movement.TRANSFER_OUT.value, move.matched_on.is_not(None), certified)
    query = select(move.child_id, move.kind, move.on_date).where(move.kind.in_((*IN, *OUT)), proven)
    wanted = query.with_only_columns(move.child_id)
    spans: defaultdict[int, list[Any]] = defaultdict(list)
    places = select(place.child_id, place.school_code, place.stage, place.entry_year, place.class_no)
    places = places.add_columns(place.valid_from, place.valid_to).where(place.child_id.in_(wanted))
    for row in look.conn.execute(places):
        spans[row.child_id].append(row)
    found: defaultdict[ClassKey, list[tuple[date, int]]] = defaultdict(list)
    for child_id, kind, day in look.conn.execute(query):
        there = day if kind in IN else day - ONE_DAY
        for span in spans.get(child_id, ()):
            if span.valid_from <= there < span.valid_to:
                key = (span.school_code, span.stage, span.entry_year, span.class_no or 0)
                found[key].append((day, 1 if kind in IN else -1))
    return found


def read_school_counts(look: Look) -> Iterator[SchoolFacts]:
    """Schools with their left-behind files and children, and key units without a monthly report."""
    files, children = _files(look), _left_behind(look)
    for code in files.keys() | children.keys():
        yield SchoolFacts(code, files[code], children[code])
    for unit, since in read_key_units(look.conn, look.day).items():
        missing = months_missing(look.conn, unit, since, look.day)
        if missing and (look.units is None or unit in look.units):
            yield SchoolFacts(unit, 0, 0, since, missing[0].isoformat()[:7])


def _files(look: Look) -> Counter[str]:
    """School -> files: the papers kept as such for its pupils, or the rows of its left-behind roster, whichever are more."""
    place, group = child_place.c, group_spell.c
    papers = select(place.school_code, func.count()).join(document, document.c.child_id == place.child_id)
    papers = papers.where(document.c.kind == FILE, look.on(child_place), look.of_units(place.school_code))
    rows = select(place.school_code, group.group_name, func.count()).join(group_spell, group.child_id == place.child_id)
    rows = rows.where(group.group_name.in_(LEFT_BEHIND), look.on(group_spell), look.on(child_place))
    rows = rows.where(look.of_units(place.school_code)).group_by(place.school_code, group.group_name)
    found = Counter[str]()
    counted = [(code, count) for code, _, count in look.conn.execute(rows)]
    counted += [(code, count) for code, count in look.conn.execute(papers.group_by(place.school_code))]
    for code, count in counted:
        if code:
            found[code] = max(found[code], count)
    return found


def _left_behind(look: Look) -> Counter[str]:
    """School -> its pupils who are left behind by either definition."""
    place, group = child_place.c, group_spell.c
    query = select(place.school_code, func.count(func.distinct(place.child_id))).join(
        group_spell, group.child_id == place.child_id
    )
    query = query.where(group.group_name.in_(LEFT_BEHIND), look.on(group_spell), look.on(child_place))
    rows = look.conn.execute(query.where(look.of_units(place.school_code)).group_by(place.school_code))
    return Counter({code: count for code, count in rows if code})
