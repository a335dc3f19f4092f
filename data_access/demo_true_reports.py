"""The figures of the demo's reports, counted from its rows: every school reports what is so (`demo_bad_reports` spoils a few)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update

from data_access.bulk import copy_rows
from data_access.check_look import Look
from data_access.demo_reports import DAILY, MONTHLY, TERM, WRITTEN
from data_access.demo_world import World
from data_access.headcount_steps import away_steps, by_school, case_steps, read_towns, register_steps
from data_access.schema import (
    absence_day,
    child,
    child_place,
    class_baseline,
    enrolment_spell,
    exam_entry,
    school_class,
    unit_report,
)
from domain.grades import Stage

STATES = {"sick": "sick", "leave": "on_leave", "truant": "truant", "unknown": "truant"}
EXAM_LIST = (4, 10)  # month and day on which the exam list of last school year was closed
EXAM_GRADE_AFTER = 2


def straighten_reports(conn: Connection, world: World) -> None:
    """Set the classes' baselines and every figure of the reports to what the register, absences and cases say."""
    look = Look(conn, world.cipher, world.as_of)
    _straighten_classes(look)
    told = list(_figures(look))
    for duty in (DAILY, MONTHLY, TERM, WRITTEN):
        rows = [values for kind, values in told if kind == duty]
        if rows:
            names: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "number"}
            conn.execute(update(unit_report).where(unit_report.c.id == bindparam("number")).values(names), rows)


def _straighten_classes(look: Look) -> None:
    register, its, kept = register_steps(look), school_class.c, class_baseline.c
    query = select(kept.id, kept.as_of, its.school_code, its.stage, its.entry_year, its.class_no)
    rows = look.conn.execute(query.join(school_class, its.id == kept.class_id)).all()
    counts = [{"number": row.id, "count": register.on(tuple(row[2:]), row.as_of)} for row in rows]
    change = update(class_baseline).where(kept.id == bindparam("number")).values(pupils=bindparam("count"))
    look.conn.execute(change, counts)


def _figures(look: Look) -> Iterator[tuple[str, dict[str, Any]]]:
    """The duty and the figures of each report, by unit and time: a day's arrivals are what it has more than the day before."""
    register, away, cases, listed = by_school(register_steps(look)), away_steps(look), case_steps(look), _listed(look)
    classes, towns = _class_sums(look), read_towns(look)
    before, monthly = dict[str, int](), defaultdict[tuple[str, date], int](int)
    report = unit_report.c
    order = case((report.duty == WRITTEN, 1), else_=0)
    query = select(report.id, report.unit_code, report.duty, report.period_from, report.period_to)
    for number, unit, duty, begins, day in look.conn.execute(
        query.order_by(order, report.unit_code, report.duty, report.period_from)
    ).all():
        values: dict[str, Any] = {"number": number, "expected": register.on(unit, day) - away.on(unit, day)}
        lost = {kind: cases.on((unit, kind), day) for kind in ("suspected", "dropped")}
        if duty == DAILY:
            absent = dict.fromkeys(("sick", "on_leave", "truant"), 0) | listed.get((unit, day), {})
            change = values["expected"] - before.get(unit, values["expected"])
            before[unit] = values["expected"]
            moved = {"moved_in": max(0, change), "moved_out": max(0, -change)}
            values |= {**lost, **absent, **moved, "present": values["expected"] - sum(absent.values())}
        elif duty == MONTHLY:
            gone = lost["suspected"] + lost["dropped"]
            values |= {**lost, "truant": gone, "present": values["expected"] - gone}
            monthly[(towns[unit], begins)] += values["expected"]
        else:
            values["expected"] = classes.get(unit) if duty == TERM else monthly.get((unit, begins))
        yield duty, values


def _listed(look: Look) -> dict[tuple[str, date], dict[str, int]]:
    absent, place = absence_day.c, child_place.c
    query = select(place.school_code, absent.on_date, absent.state, func.count())
    query = query.join(child_place, (place.child_id == absent.child_id) & (place.valid_from <= absent.on_date))
    query = query.where(place.valid_to > absent.on_date, place.school_code.is_not(None))
    found: defaultdict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    for code, day, state, count in look.conn.execute(query.group_by(place.school_code, absent.on_date, absent.state)):
        of_day = found[(code, day)]
        of_day[STATES[state]] = of_day.get(STATES[state], 0) + count
    return found


def _class_sums(look: Look) -> dict[str, int]:
    query = select(school_class.c.school_code, func.sum(class_baseline.c.pupils)).join(
        class_baseline, class_baseline.c.class_id == school_class.c.id
    )
    return {row[0]: row[1] for row in look.conn.execute(query.group_by(school_class.c.school_code))}


def write_exam_list(conn: Connection, world: World) -> None:
    """Last school year's exam list: every pupil of grade 9 on its day."""
    year = world.school_year - 1
    day = date(year + 1, *EXAM_LIST)
    spell = enrolment_spell.c
    query = select(spell.child_id, child.c.county_code, spell.school_code, child.c.name, child.c.id_mac).join(
        child, child.c.id == spell.child_id
    )
    query = query.where(spell.stage == Stage.JUNIOR.value, spell.entry_year == year - EXAM_GRADE_AFTER)
    query = query.where(spell.valid_from <= day, spell.valid_to > day).order_by(spell.child_id)
    rows = [(*row, year, day) for row in conn.execute(query).all()]
    copy_rows(conn, exam_entry, ("child_id", "county_code", "school_code", "name", "id_mac", "school_year", "listed_on"), rows)
