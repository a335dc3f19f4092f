"""The facts about reports for the contradiction rules: each with the report before it and the rows behind it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from data_access.check_look import Look
from data_access.headcount_steps import (
    Steps,
    away_steps,
    by_school,
    case_steps,
    read_listed,
    read_towns,
    register_steps,
)
from data_access.schema import child_place, class_baseline, group_spell, school_class, unit_report
from domain.check_facts import ReportFacts
from domain.checks_reports import DAILY, follows
from domain.groups import Group
from domain.school_year import AUTUMN, SPRING, school_year_of

FIGURES = tuple(
    column.name
    for column in unit_report.columns
    if column.name not in {"id", "batch_id"} and column.type.python_type is int  # the counts of a return
)
MONTHLY, TERM, WRITTEN = "monthly_ledger", "term_report", "written_report"
SPRING_BEGINS = 2  # month


@dataclass
class _Rows:
    """The rows behind the reports, each counted once for all of them."""

    look: Look

    @cached_property
    def register(self) -> Steps[str]:
        return by_school(register_steps(self.look))

    @cached_property
    def away(self) -> Steps[str]:
        return away_steps(self.look)

    @cached_property
    def cases(self) -> Steps[tuple[str, str]]:
        return case_steps(self.look)

    @cached_property
    def listed(self) -> dict[tuple[str, date], int]:
        return read_listed(self.look)

    @cached_property
    def towns(self) -> dict[str, str]:
        return read_towns(self.look)

    @cached_property
    def classes(self) -> dict[tuple[str, int, int], int]:
        """(school, school year, term) -> the sum of its classes."""
        kept = class_baseline.c
        query = (
            select(school_class.c.school_code, kept.school_year, kept.term, func.sum(kept.pupils))
            .join(school_class, school_class.c.id == kept.class_id)
            .group_by(school_class.c.school_code, kept.school_year, kept.term)
        )
        return {(code, year, term): total for code, year, term, total in self.look.conn.execute(query)}

    @cached_property
    def monthly(self) -> dict[tuple[str, date], list[int | None]]:
        """(town, first day of a month) -> what each of its schools reported for it."""
        told: defaultdict[tuple[str, date], list[int | None]] = defaultdict(list)
        query = select(unit_report.c.unit_code, unit_report.c.period_from, unit_report.c.expected)
        for code, month, expected in self.look.conn.execute(query.where(unit_report.c.duty == MONTHLY)):
            told[(self.towns.get(code, ""), month)].append(expected)
        return told

    def poor(self, day: date) -> dict[str, int]:
        """School -> its pupils of poor households on a day."""
        place, group = child_place.c, group_spell.c
        query = (
            select(place.school_code, func.count(func.distinct(place.child_id)))
            .join(group_spell, (group.child_id == place.child_id) & (group.group_name == Group.POOR.value))
            .where(place.valid_from <= day, place.valid_to > day, group.valid_from <= day, group.valid_to > day)
            .group_by(place.school_code)
        )
        return {code: count for code, count in self.look.conn.execute(query) if code}


def read_reports(look: Look) -> Iterator[ReportFacts]:
    """Every report handed in, by unit and duty in the order of time."""
    rows, poor = _Rows(look), dict[date, dict[str, int]]()
    report = unit_report.c
    query = select(unit_report).where(look.of_units(report.unit_code))
    query = query.order_by(report.unit_code, report.duty, report.period_from)
    for (unit, _), group in groupby(look.conn.execute(query), key=lambda row: (row.unit_code, row.duty)):
        series = list(group)
        for at, row in enumerate(series):
            before = series[at - 1] if at and follows(series[at - 1].period_to, row.period_from) else None
            behind = _behind(rows, row) if unit in rows.towns else _of_town(rows, row)
            if row.dropped_poor:
                if row.period_to not in poor:
                    poor[row.period_to] = rows.poor(row.period_to)
                behind["poor"] = poor[row.period_to].get(unit, 0)
            yield _facts(row, before, is_latest=at == len(series) - 1, **behind)


def _facts(row: Any, before: Any, *, is_latest: bool, **behind: int | None) -> ReportFacts:
    return ReportFacts(
        row.id,
        row.unit_code,
        row.duty,
        row.period_from,
        row.period_to,
        row.submitted_at.date() if row.submitted_at else None,
        row.rate_as_written,
        {name: row._mapping[name] for name in FIGURES},
        before.id if before else None,
        {name: before._mapping[name] for name in FIGURES} if before else None,
        is_latest=is_latest,
        **behind,
    )


def _behind(rows: _Rows, row: Any) -> dict[str, int | None]:
    """What the rows of a school say on the last day of a report; nothing for days before its register begins."""
    unit, day = row.unit_code, row.period_to
    known_from = rows.register.first_day(unit)
    if known_from is None or known_from > row.period_from:
        return {}
    found: dict[str, int | None] = {kind: rows.cases.on((unit, kind), day) for kind in ("dropped", "suspected")}
    if row.duty == DAILY:
        found |= {"register": rows.register.on(unit, day), "away": rows.away.on(unit, day)}
        found["listed"] = rows.listed.get((unit, day), 0)
    if row.duty == TERM:
        term = SPRING if SPRING_BEGINS <= row.period_from.month < 8 else AUTUMN
        found["parts"] = rows.classes.get((unit, school_year_of(row.period_from), term))
    return found


def _of_town(rows: _Rows, row: Any) -> dict[str, int | None]:
    """The sum of what the schools of a town reported for the month; None while one of them left it blank."""
    told = rows.monthly.get((row.unit_code, row.period_from), [])
    if row.duty != WRITTEN or not told or None in told:
        return {}
    return {"parts": sum(number for number in told if number is not None)}
